#include "geo/record/kind.h"

static const struct zm_field address_fields[ZM_N_ADDRESS_FIELDS] = {
    [ZM_AF_SRC_KEY] = {"src_key", ZM_TYPE_TEXT, 0, NULL,
                       "id|编号|序号|主键|唯一标识|标识码|fid|objectid|guid|uid|来源编号"},
    [ZM_AF_TEXT] =
        {"text", ZM_TYPE_TEXT, 0, NULL,
         "address|地址|标准地址|详细地址|地址全称|全地址|门牌地址|房屋坐落|坐落|地址名称|住址|dz|addr"},
    [ZM_AF_COUNTY6] = {"county6", ZM_TYPE_CODE, 6, NULL,
                       "区县代码|县区代码|行政区划代码|区划代码|县级代码|adcode|county_code"},
    [ZM_AF_COUNTY] = {"county", ZM_TYPE_TEXT, 0, NULL,
                      "区县|县区|县(市、区)|县市区|行政区|所属区县|区县名称"},
    [ZM_AF_TOWN9] = {"town9", ZM_TYPE_CODE, 9, NULL,
                     "街道代码|乡镇代码|镇街代码|乡级代码|乡镇街道代码|town_code"},
    [ZM_AF_TOWN] = {"town", ZM_TYPE_TEXT, 0, NULL,
                    "街道|乡镇|镇街|乡镇街道|街道乡镇|所属街道|街道名称|乡镇名称"},
    [ZM_AF_COMM12] = {"comm12", ZM_TYPE_CODE, 12, NULL,
                      "社区代码|村社代码|村居代码|居村委代码|村级代码|统计用区划代码"},
    [ZM_AF_COMMITTEE] = {"committee", ZM_TYPE_TEXT, 0, NULL,
                         "社区|村社|村居|居村委|村(社区)|社区名称|村名|行政村"},
    [ZM_AF_LON] = {"lon", ZM_TYPE_NUMBER, 0, NULL,
                   "经度|longitude|lng|jd|lon_gcj02|lng_gcj02|lon_wgs84|东经"},
    [ZM_AF_LAT] = {"lat", ZM_TYPE_NUMBER, 0, NULL, "纬度|latitude|wd|lat_gcj02|lat_wgs84|北纬"},
    [ZM_AF_EAST] = {"east", ZM_TYPE_NUMBER, 0, NULL, "横坐标|东坐标|easting|hzb|y坐标|Y坐标"},
    [ZM_AF_NORTH] = {"north", ZM_TYPE_NUMBER, 0, NULL, "纵坐标|北坐标|northing|zzb|x坐标|X坐标"},
    [ZM_AF_HEIGHT] = {"height", ZM_TYPE_NUMBER, 0, NULL, "高程|海拔|elevation"},
    [ZM_AF_HEIGHT_DATUM] = {"height_datum", ZM_TYPE_ENUM, 0, "1985|1956", "高程基准"},
    [ZM_AF_STATUS] = {"status", ZM_TYPE_ENUM, 0, "active|planned|retired", "状态|使用状态|地址状态"},
    [ZM_AF_VALID_FROM] = {"valid_from", ZM_TYPE_DATE, 0, NULL, "启用日期|生效日期|设立日期|编制日期"},
    [ZM_AF_VALID_TO] = {"valid_to", ZM_TYPE_DATE, 0, NULL, "注销日期|失效日期|停用日期|废止日期"},
    [ZM_AF_UPD_DATE] = {"upd_date", ZM_TYPE_DATE, 0, NULL, "更新日期|更新时间|采集日期|登记日期|update_time"},
    [ZM_AF_LEVEL] = {"level", ZM_TYPE_ENUM, 0, "0|1|2|3|4|5", "地址级别|地址层级"},
    [ZM_AF_ADDR_CODE] = {"addr_code", ZM_TYPE_TEXT, 0, NULL, "地址编码|标准地址编码|地址代码"},
    [ZM_AF_POSTCODE] = {"postcode", ZM_TYPE_CODE, 6, NULL, "邮编|邮政编码|postalcode"},
    [ZM_AF_CLASS3] = {"class3", ZM_TYPE_CODE, 3, NULL, "城乡分类|城乡分类代码"},
    [ZM_AF_POS_SRC] = {"pos_src", ZM_TYPE_ENUM, 0, "surveyed|graphic|picked|imported|converted",
                       "坐标来源|采集方式"},
    [ZM_AF_ACC_M] = {"acc_m", ZM_TYPE_NUMBER, 0, NULL, "精度|定位精度|点位精度"},
    [ZM_AF_BUILDING_ID] = {"building_id", ZM_TYPE_TEXT, 0, NULL, "建筑物编号|楼栋编号|房屋编号|建筑编码"},
    [ZM_AF_FLOORS] = {"floors", ZM_TYPE_NUMBER, 0, NULL, "楼层数|总层数|层数"},
    [ZM_AF_NOTE] = {"note", ZM_TYPE_TEXT, 0, NULL, "备注|说明|remark"},
};

static const struct zm_field road_fields[ZM_N_ROAD_FIELDS] = {
    [ZM_RF_SRC_KEY] = {"src_key", ZM_TYPE_TEXT, 0, NULL, "id|编号|道路编号|道路代码|fid|objectid"},
    [ZM_RF_NAME] = {"name", ZM_TYPE_TEXT, 0, NULL, "道路名称|路名|名称|标准名称|road_name"},
    [ZM_RF_COUNTY6] = {"county6", ZM_TYPE_CODE, 6, NULL, "county|区县代码|行政区划代码|区划代码|adcode"},
    [ZM_RF_GEOM] = {"geom", ZM_TYPE_GEOM, 0, NULL, ""},
    [ZM_RF_CLASS] = {"class", ZM_TYPE_TEXT, 0, NULL, "道路等级|等级|类别"},
    [ZM_RF_WIDTH_M] = {"width_m", ZM_TYPE_NUMBER, 0, NULL, "宽度|路宽|红线宽度"},
};

static const struct zm_field division_fields[ZM_N_DIVISION_FIELDS] = {
    [ZM_DF_CODE] = {"code", ZM_TYPE_CODE, 0, NULL, "代码|区划代码|行政区划代码|adcode"},
    [ZM_DF_NAME] = {"name", ZM_TYPE_TEXT, 0, NULL, "名称|区划名称|行政区名称"},
    [ZM_DF_VALID_FROM] = {"valid_from", ZM_TYPE_DATE, 0, NULL, "设立日期|启用日期|设立年份"},
    [ZM_DF_VALID_TO] = {"valid_to", ZM_TYPE_DATE, 0, NULL, "撤销日期|废止日期|废止年份"},
    [ZM_DF_SUCCESSOR] = {"successor", ZM_TYPE_CODE, 0, NULL, "继承代码|新代码"},
    [ZM_DF_GEOM] = {"geom", ZM_TYPE_GEOM, 0, NULL, ""},
};

static const char *const kind_names[ZM_N_KINDS] = {
    "address", "road",  "division",   "plate",     "place", "building", "builtup",
    "line",    "stake", "inspection", "agreement", "unit",  "plan",     "sign",
};

const struct zm_field *zm_kind_fields(enum zm_kind kind, unsigned *n)
{
    switch (kind) {
    case ZM_KIND_ADDRESS:
        *n = ZM_N_ADDRESS_FIELDS;
        return address_fields;
    case ZM_KIND_ROAD:
        *n = ZM_N_ROAD_FIELDS;
        return road_fields;
    case ZM_KIND_DIVISION:
        *n = ZM_N_DIVISION_FIELDS;
        return division_fields;
    default:
        *n = 0;
        return NULL;
    }
}

const char *zm_kind_name(enum zm_kind kind)
{
    return (unsigned)kind < ZM_N_KINDS ? kind_names[kind] : "";
}

bool zm_kind_parse(struct zm_str name, enum zm_kind *out)
{
    for (unsigned k = 0; k < ZM_N_KINDS; k++) {
        if (zm_str_eq(name, zm_str(kind_names[k]))) {
            *out = (enum zm_kind)k;
            return true;
        }
    }
    return false;
}

bool zm_field_find(enum zm_kind kind, struct zm_str name, unsigned *out)
{
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(kind, &n);
    for (unsigned f = 0; f < n; f++) {
        if (zm_str_eq(name, zm_str(fields[f].name))) {
            *out = f;
            return true;
        }
    }
    return false;
}

int zm_enum_index(const char *values, struct zm_str value)
{
    struct zm_str rest = zm_str(values);
    for (int i = 0; rest.ptr; i++)
        if (zm_str_eq(zm_str_cut(&rest, '|'), value))
            return i;
    return -1;
}
