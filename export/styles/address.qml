<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields|Forms|MapTips" labelsEnabled="1" hasScaleBasedVisibilityFlag="0">
  <renderer-v2 type="categorizedSymbol" attr="severity" enableorderby="0" forceraster="0" symbollevels="1">
    <categories>
      <category value="none" symbol="0" label="无问题" render="true"/>
      <category value="info" symbol="1" label="提示" render="true"/>
      <category value="warning" symbol="2" label="警告" render="true"/>
      <category value="error" symbol="3" label="错误" render="true"/>
    </categories>
    <symbols>
      <symbol name="0" type="marker" alpha="1" force_rhr="0" clip_to_extent="1">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="color" value="46,125,50,255" type="QString"/>
            <Option name="name" value="circle" type="QString"/>
            <Option name="outline_color" value="255,255,255,255" type="QString"/>
            <Option name="outline_style" value="solid" type="QString"/>
            <Option name="outline_width" value="0.2" type="QString"/>
            <Option name="outline_width_unit" value="MM" type="QString"/>
            <Option name="size" value="1.6" type="QString"/>
            <Option name="size_unit" value="MM" type="QString"/>
          </Option>
          <prop k="color" v="46,125,50,255"/>
          <prop k="name" v="circle"/>
          <prop k="outline_color" v="255,255,255,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.2"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="size" v="1.6"/>
          <prop k="size_unit" v="MM"/>
        </layer>
      </symbol>
      <symbol name="1" type="marker" alpha="1" force_rhr="0" clip_to_extent="1">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="1">
          <Option type="Map">
            <Option name="color" value="25,118,210,255" type="QString"/>
            <Option name="name" value="circle" type="QString"/>
            <Option name="outline_color" value="255,255,255,255" type="QString"/>
            <Option name="outline_style" value="solid" type="QString"/>
            <Option name="outline_width" value="0.2" type="QString"/>
            <Option name="outline_width_unit" value="MM" type="QString"/>
            <Option name="size" value="2" type="QString"/>
            <Option name="size_unit" value="MM" type="QString"/>
          </Option>
          <prop k="color" v="25,118,210,255"/>
          <prop k="name" v="circle"/>
          <prop k="outline_color" v="255,255,255,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.2"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="size" v="2"/>
          <prop k="size_unit" v="MM"/>
        </layer>
      </symbol>
      <symbol name="2" type="marker" alpha="1" force_rhr="0" clip_to_extent="1">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="2">
          <Option type="Map">
            <Option name="color" value="245,158,11,255" type="QString"/>
            <Option name="name" value="circle" type="QString"/>
            <Option name="outline_color" value="255,255,255,255" type="QString"/>
            <Option name="outline_style" value="solid" type="QString"/>
            <Option name="outline_width" value="0.2" type="QString"/>
            <Option name="outline_width_unit" value="MM" type="QString"/>
            <Option name="size" value="2.4" type="QString"/>
            <Option name="size_unit" value="MM" type="QString"/>
          </Option>
          <prop k="color" v="245,158,11,255"/>
          <prop k="name" v="circle"/>
          <prop k="outline_color" v="255,255,255,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.2"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="size" v="2.4"/>
          <prop k="size_unit" v="MM"/>
        </layer>
      </symbol>
      <symbol name="3" type="marker" alpha="1" force_rhr="0" clip_to_extent="1">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="3">
          <Option type="Map">
            <Option name="color" value="198,40,40,255" type="QString"/>
            <Option name="name" value="circle" type="QString"/>
            <Option name="outline_color" value="255,255,255,255" type="QString"/>
            <Option name="outline_style" value="solid" type="QString"/>
            <Option name="outline_width" value="0.2" type="QString"/>
            <Option name="outline_width_unit" value="MM" type="QString"/>
            <Option name="size" value="2.8" type="QString"/>
            <Option name="size_unit" value="MM" type="QString"/>
          </Option>
          <prop k="color" v="198,40,40,255"/>
          <prop k="name" v="circle"/>
          <prop k="outline_color" v="255,255,255,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.2"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="size" v="2.8"/>
          <prop k="size_unit" v="MM"/>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="coalesce(&quot;number&quot;, &quot;estate&quot;, &quot;building&quot;)" isExpression="1" fontSize="8" fontSizeUnit="Point" textColor="40,40,40,255" textOpacity="1">
        <text-buffer bufferDraw="1" bufferSize="0.7" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="1"/>
      </text-style>
      <placement placement="6" dist="1" distUnits="MM" priority="5"/>
      <rendering scaleVisibility="1" scaleMin="0" scaleMax="2000" obstacle="0" drawLabels="1"/>
    </settings>
  </labeling>
  <aliases>
    <alias field="src" index="1" name="来源"/>
    <alias field="src_row" index="2" name="来源行号"/>
    <alias field="src_key" index="3" name="来源编号"/>
    <alias field="standard" index="4" name="标准地址"/>
    <alias field="text" index="5" name="原地址"/>
    <alias field="county" index="6" name="县（市、区）"/>
    <alias field="town" index="7" name="乡镇（街道）"/>
    <alias field="committee" index="8" name="村（社区）"/>
    <alias field="road" index="9" name="道路"/>
    <alias field="village" index="10" name="自然村（组）"/>
    <alias field="lane" index="11" name="弄（巷）"/>
    <alias field="number" index="12" name="门牌号"/>
    <alias field="sub" index="13" name="附号"/>
    <alias field="estate" index="14" name="小区（院落）"/>
    <alias field="building" index="15" name="幢"/>
    <alias field="unit" index="16" name="单元"/>
    <alias field="floor" index="17" name="层"/>
    <alias field="room" index="18" name="室"/>
    <alias field="poi" index="19" name="单位（店铺）名称"/>
    <alias field="level" index="20" name="地址级别"/>
    <alias field="status" index="21" name="状态"/>
    <alias field="pos_src" index="22" name="坐标来源"/>
    <alias field="acc_m" index="23" name="点位精度（米）"/>
    <alias field="score" index="24" name="可信度"/>
    <alias field="point_county" index="25" name="落位县（市、区）"/>
    <alias field="point_town" index="26" name="落位乡镇（街道）"/>
    <alias field="valid_from" index="27" name="启用日期"/>
    <alias field="valid_to" index="28" name="注销日期"/>
    <alias field="upd_date" index="29" name="更新日期"/>
    <alias field="addr_code" index="30" name="地址编码"/>
    <alias field="postcode" index="31" name="邮政编码"/>
    <alias field="class3" index="32" name="城乡分类"/>
    <alias field="building_id" index="33" name="建筑物编号"/>
    <alias field="note" index="34" name="备注"/>
    <alias field="findings" index="35" name="问题规则"/>
    <alias field="severity" index="36" name="最重问题"/>
    <alias field="key" index="37" name="地址键"/>
  </aliases>
  <previewExpression>"standard"</previewExpression>
  <mapTip>&lt;b>[% "standard" %]&lt;/b>&lt;br>[% coalesce("findings", '') %]</mapTip>
</qgis>
