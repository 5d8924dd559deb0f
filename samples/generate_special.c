/* Small deliveries that are wrong as a whole: no row of them is, so only a rule about the source can speak.
 */
#include "geo/space/webdatum.h"
#include "samples/generate.h"

enum { ROWS = 400, ROWS_CUT = 65536 }; /* 65,536: where old spreadsheets stop */

struct special {
    const char *name, *rule;
    unsigned rows;
};
static const struct special specials[ZM_GEN_N_SPECIALS] = {
    [ZM_GEN_WRONG_CRS] = {"wrong_crs", "CRD-001", ROWS},
    [ZM_GEN_HIDDEN_GCJ] = {"hidden_gcj", "CRD-005", ROWS},
    [ZM_GEN_HIDDEN_BD] = {"hidden_bd", "CRD-006", ROWS},
    [ZM_GEN_OLD_DATUM] = {"old_datum", "CRD-007", ROWS},
    [ZM_GEN_DMS] = {"dms", "CRD-009", ROWS},
    [ZM_GEN_LATLON] = {"latlon", "CRD-011", ROWS},
    [ZM_GEN_CUT] = {"cut", "IMP-004", ROWS_CUT},
};

const char *zm_gen_special_name(enum zm_gen_special_id special)
{
    return specials[special].name;
}

const char *zm_gen_special_rule(enum zm_gen_special_id special)
{
    return specials[special].rule;
}

/* 120.6543 degrees as 120.391548: degrees, minutes and seconds run together behind the point. */
static double packed_dms(double degrees)
{
    double whole = (double)(unsigned)degrees, minutes = (degrees - whole) * 60, m = (double)(unsigned)minutes;
    return whole + m / 100 + (minutes - m) * 60 / 10000;
}

static int put_point(struct zm_gen_projection *p, enum zm_gen_special_id special,
                     const struct zm_gen_row *row, char out[96])
{
    double x = row->lon, y = row->lat;
    unsigned decimals = 7;
    if (special == ZM_GEN_HIDDEN_GCJ) {
        zm_gcj_from_wgs(row->lon, row->lat, &x, &y);
    } else if (special == ZM_GEN_HIDDEN_BD) {
        zm_bd_from_wgs(row->lon, row->lat, &x, &y);
    } else if (special == ZM_GEN_OLD_DATUM) {
        zm_gen_project(p, row->lon, row->lat, &x, &y);
        decimals = 3;
    } else if (special == ZM_GEN_DMS) {
        x = packed_dms(row->lon);
        y = packed_dms(row->lat);
        decimals = 6;
    }
    size_t n = zm_gen_fixed(special == ZM_GEN_LATLON ? y : x, decimals, out);
    out[n++] = ',';
    n += zm_gen_fixed(special == ZM_GEN_LATLON ? x : y, decimals, out + n);
    out[n] = '\0';
    return 0;
}

static int put_rows(const struct zm_gen_world *w, enum zm_gen_special_id special, struct zm_gen_file *f,
                    struct zm_gen_projection *p, struct zm_err *err)
{
    bool json = special == ZM_GEN_LATLON;
    ZM_TRY(
        zm_gen_printf(f, err, json ? "{\"type\":\"FeatureCollection\",\"features\":[" : "编号,地址,x,y\n"));
    for (unsigned i = 0; i < specials[special].rows; i++) {
        struct zm_gen_door door;
        struct zm_gen_row row;
        char text[ZM_GEN_TEXT], point[96];
        zm_gen_door_at(w, (uint64_t)i * 8 % w->n_doors, &door);
        zm_gen_row_fill(&row, &door, i + 1);
        zm_gen_row_text(&row, text);
        put_point(p, special, &row, point);
        if (json)
            ZM_TRY(zm_gen_printf(f, err,
                                 "%s\n{\"type\":\"Feature\",\"properties\":{\"编号\":\"%s\",\"地址\":\"%s\"},"
                                 "\"geometry\":{\"type\":\"Point\",\"coordinates\":[%s]}}",
                                 i ? "," : "", row.key, text, point));
        else
            ZM_TRY(zm_gen_printf(f, err, "%s,%s,%s\n", row.key, text, point));
    }
    return json ? zm_gen_printf(f, err, "\n]}\n") : 0;
}

/* A layer in EPSG:4549 that job.ini declares to be in EPSG:4528. */
static int write_wrong_crs(const struct zm_gen_world *w, const char *path, struct zm_err *err)
{
    struct zm_gen_writer writer;
    ZM_TRY(zm_gen_gpkg_open(&writer, path, err));
    int rc = 0;
    for (unsigned i = 0; i < ROWS && rc == 0; i++) {
        struct zm_gen_door door;
        struct zm_gen_row row;
        zm_gen_door_at(w, (uint64_t)i * 8 % w->n_doors, &door);
        zm_gen_row_fill(&row, &door, i + 1);
        rc = writer.row(writer.self, &row, err);
    }
    if (rc == 0)
        return writer.close(writer.self, err);
    writer.abandon(writer.self);
    return rc;
}

int zm_gen_write_special(const struct zm_gen_world *w, enum zm_gen_special_id special, const char *folder,
                         struct zm_err *err)
{
    char path[1024];
    const char *end = special == ZM_GEN_WRONG_CRS ? "gpkg" : special == ZM_GEN_LATLON ? "geojson" : "csv";
    snprintf(path, sizeof path, "%s/%s.%s", folder, specials[special].name, end);
    if (special == ZM_GEN_WRONG_CRS)
        return write_wrong_crs(w, path, err);
    struct zm_gen_projection *projection = NULL;
    if (special == ZM_GEN_OLD_DATUM)
        ZM_TRY(zm_gen_projection_open(&projection, err));
    struct zm_gen_file f;
    int rc = zm_gen_file_open(&f, path, "UTF-8", false, err);
    if (rc == 0)
        rc = put_rows(w, special, &f, projection, err);
    int closed = zm_gen_file_close(&f, rc == 0 ? err : NULL);
    zm_gen_projection_close(projection);
    return rc ? rc : closed;
}
