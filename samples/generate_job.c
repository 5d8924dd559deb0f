/* job.ini for what was generated: one section a delivery, every column mapped by hand as an operator would.
 */
#include "samples/generate.h"

static const char *const names[ZM_GEN_N_SOURCES] = {"police", "housing", "planning", "township", "partner"};

static const char *const sections[ZM_GEN_N_SOURCES] = {
    [ZM_GEN_POLICE] = "[source.police]\n"
                      "kind = address\n"
                      "path = inbox/police.csv\n"
                      "datum = EPSG:4490\n"
                      "rank = 1\n"
                      "date = 2025-06-30\n"
                      "map.src_key = 地址编号\n"
                      "map.text = 标准地址\n"
                      "map.county6 = 区县代码\n"
                      "map.town9 = 乡镇代码\n"
                      "map.comm12 = 村社代码\n"
                      "map.addr_code = 标准地址编码\n"
                      "map.status = 状态\n"
                      "map.valid_from = 启用日期\n"
                      "map.valid_to = 注销日期\n"
                      "map.upd_date = 更新日期\n"
                      "map.lon = 经度\n"
                      "map.lat = 纬度\n"
                      "values.status.在用 = active\n"
                      "values.status.注销 = retired\n",
    [ZM_GEN_HOUSING] = "[source.housing]\n"
                       "kind = address\n"
                       "path = inbox/housing.csv\n"
                       "encoding = GB18030\n"
                       "datum = EPSG:4549\n"
                       "rank = 2\n"
                       "date = 2025-06-15\n"
                       "map.src_key = 房屋编号\n"
                       "map.text = 浙江省温州市{县区}{街道}{社区}{路名}{门牌号}{小区}{幢}{单元}{层}{室}\n"
                       "map.county6 = 县区代码\n"
                       "map.town9 = 街道代码\n"
                       "map.upd_date = 登记日期\n"
                       "map.east = 横坐标\n"
                       "map.north = 纵坐标\n",
    [ZM_GEN_PLANNING] = "[source.planning]\n"
                        "kind = address\n"
                        "path = inbox/planning.gpkg\n"
                        "layer = address\n"
                        "datum = EPSG:4549\n"
                        "rank = 3\n"
                        "date = 2025-05-31\n"
                        "map.src_key = 编号\n"
                        "map.text = 地址全称\n"
                        "map.county6 = 县区代码\n"
                        "map.town9 = 镇街代码\n"
                        "map.upd_date = 采集日期\n",
    [ZM_GEN_TOWNSHIP] =
        "[source.township]\n"
        "kind = address\n"
        "path = inbox/township.xlsx\n"
        "sheet = 门牌清单\n"
        "header_rows = 2\n"
        "datum = EPSG:4490\n"
        "rank = 4\n"
        "date = 2025-06-20\n"
        "map.src_key = 序号\n"
        "map.text = 浙江省温州市{县区}{乡镇街道}{村社}{道路}{门牌号}{小区}{幢}{单元}{层}{室}\n"
        "map.county = 县区\n"
        "map.town = 乡镇街道\n"
        "map.lon = 经度\n"
        "map.lat = 纬度\n",
    [ZM_GEN_PARTNER] = "[source.partner]\n"
                       "kind = address\n"
                       "path = inbox/partner.csv\n"
                       "datum = GCJ-02\n"
                       "rank = 9\n"
                       "date = 2025-06-10\n"
                       "map.src_key = id\n"
                       "map.text = address\n"
                       "map.upd_date = update_time\n"
                       "map.lon = lng_gcj02\n"
                       "map.lat = lat_gcj02\n",
};

static const char *const layers = "[source.divisions]\n"
                                  "kind = division\n"
                                  "path = inbox/divisions.geojson\n"
                                  "datum = EPSG:4490\n"
                                  "date = 2025-01-01\n"
                                  "map.code = code\n"
                                  "map.name = name\n";
static const char *const roads = "[source.roads]\n"
                                 "kind = road\n"
                                 "path = inbox/roads.geojson\n"
                                 "datum = EPSG:4490\n"
                                 "date = 2025-01-01\n"
                                 "map.src_key = id\n"
                                 "map.name = name\n"
                                 "map.county6 = county\n";

const char *zm_gen_source_name(enum zm_gen_source_id source)
{
    return names[source];
}

static int put_special(struct zm_gen_file *f, enum zm_gen_special_id special, struct zm_err *err)
{
    const char *name = zm_gen_special_name(special);
    const char *end = special == ZM_GEN_WRONG_CRS ? "gpkg" : special == ZM_GEN_LATLON ? "geojson" : "csv";
    const char *datum = special == ZM_GEN_OLD_DATUM   ? "EPSG:2385"
                        : special == ZM_GEN_WRONG_CRS ? "EPSG:4528"
                                                      : "EPSG:4490";
    ZM_TRY(zm_gen_printf(
        f, err, "\n[source.%s]\nkind = address\npath = inbox/%s.%s\ndatum = %s\nmap.src_key = 编号\n", name,
        name, end, datum));
    ZM_TRY(zm_gen_printf(f, err, "map.text = %s\n", special == ZM_GEN_WRONG_CRS ? "地址全称" : "地址"));
    if (special == ZM_GEN_WRONG_CRS || special == ZM_GEN_LATLON)
        return 0; /* the geometry is the place */
    bool metres = special == ZM_GEN_OLD_DATUM;
    return zm_gen_printf(f, err, "map.%s = x\nmap.%s = y\n", metres ? "east" : "lon",
                         metres ? "north" : "lat");
}

static int put_job(const struct zm_gen_options *o, struct zm_gen_file *f, struct zm_err *err)
{
    ZM_TRY(zm_gen_printf(
        f, err, "; Made by samples/generate --city %u00 --rows %llu --seed %llu\n[job]\ncity = %u00\n",
        o->city, (unsigned long long)o->rows, (unsigned long long)o->seed, o->city));
    ZM_TRY(zm_gen_printf(f, err, "output = out\n"));
    if (o->sources >> ZM_GEN_PARTNER & 1)
        ZM_TRY(zm_gen_printf(f, err, "gcj_inverse_approval = generated sample, no real place\n"));
    if (o->divisions)
        ZM_TRY(zm_gen_printf(f, err, "\n%s", layers));
    if (o->roads)
        ZM_TRY(zm_gen_printf(f, err, "\n%s", roads));
    for (unsigned i = 0; i < ZM_GEN_N_SOURCES; i++) {
        if (o->sources >> i & 1)
            ZM_TRY(zm_gen_printf(f, err, "\n%s", sections[i]));
    }
    for (unsigned i = 0; i < ZM_GEN_N_SPECIALS; i++) {
        if (o->special[i])
            ZM_TRY(put_special(f, (enum zm_gen_special_id)i, err));
    }
    return 0;
}

int zm_gen_write_job(const struct zm_gen_options *o, const char *path, struct zm_err *err)
{
    struct zm_gen_file f;
    int rc = zm_gen_file_open(&f, path, "UTF-8", false, err);
    if (rc == 0)
        rc = put_job(o, &f, err);
    int closed = zm_gen_file_close(&f, rc == 0 ? err : NULL);
    return rc ? rc : closed;
}
