<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Fields">
  <aliases>
    <alias field="src" index="1" name="来源"/>
    <alias field="src_row" index="2" name="来源行号"/>
    <alias field="line" index="3" name="文件行号"/>
    <alias field="field" index="4" name="字段"/>
    <alias field="reason" index="5" name="原因"/>
  </aliases>
</qgis>
