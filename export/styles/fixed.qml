<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Fields">
  <aliases>
    <alias field="rule" index="1" name="规则"/>
    <alias field="title" index="2" name="问题"/>
    <alias field="src" index="3" name="来源"/>
    <alias field="src_row" index="4" name="来源行号"/>
    <alias field="field" index="5" name="字段"/>
    <alias field="before" index="6" name="改正前"/>
    <alias field="after" index="7" name="改正后"/>
  </aliases>
</qgis>
