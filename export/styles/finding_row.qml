<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Fields">
  <aliases>
    <alias field="finding" index="1" name="问题序号"/>
    <alias field="src" index="2" name="来源"/>
    <alias field="src_row" index="3" name="来源行号"/>
  </aliases>
</qgis>
