/* The three text deliveries, each with the habits of its sender. */
#include "geo/base/mem.h"
#include "geo/space/webdatum.h"
#include "samples/generate.h"

enum { LINE_MAX_BYTES = 2048 };

struct csv {
    struct zm_gen_file file;
    struct zm_gen_projection *projection;
    const struct habits *habits;
};

static const struct habits {
    const char *encoding, *header, *end;
    bool bom, projected;
    char separator;
    char *(*cells)(struct csv *c, const struct zm_gen_row *row, char *at);
} habits[ZM_GEN_N_SOURCES];

static char *cell(const struct csv *c, char *at, const char *text)
{
    size_t n = strlen(text);
    memcpy(at, text, n);
    at[n] = c->habits->separator;
    return at + n + 1;
}

/* The two coordinates, the last columns: swapped, empty or with few decimals where a defect says so. */
static char *put_point(const struct csv *c, char *at, const struct zm_gen_row *row, double x, double y,
                       unsigned decimals)
{
    char first[40], second[40];
    if (row->no_point) {
        *at++ = c->habits->separator;
        return at;
    }
    first[zm_gen_fixed(row->swapped ? y : x, decimals, first)] = '\0';
    second[zm_gen_fixed(row->swapped ? x : y, decimals, second)] = '\0';
    at = cell(c, at, row->lon_text[0] ? row->lon_text : first);
    at = cell(c, at, row->lat_text[0] ? row->lat_text : second);
    return at - 1;
}

static char *police_cells(struct csv *c, const struct zm_gen_row *row, char *at)
{
    char text[ZM_GEN_TEXT];
    zm_gen_row_text(row, text);
    const char *const cells[] = {row->key,       text,        row->county6,    row->town9,    row->comm12,
                                 row->addr_code, row->status, row->valid_from, row->valid_to, row->upd_date};
    for (unsigned i = 0; i < sizeof cells / sizeof *cells; i++)
        at = cell(c, at, cells[i]);
    return put_point(c, at, row, row->lon, row->lat, row->decimals);
}

static char *housing_cells(struct csv *c, const struct zm_gen_row *row, char *at)
{
    double east, north;
    const char *const cells[] = {row->key,    row->county,  row->town,     row->committee, row->road,
                                 row->number, row->estate,  row->building, row->unit,      row->floor,
                                 row->room,   row->county6, row->town3,    row->upd_date};
    for (unsigned i = 0; i < sizeof cells / sizeof *cells; i++)
        at = cell(c, at, cells[i]);
    zm_gen_project(c->projection, row->lon, row->lat, &east, &north);
    size_t prefix = strlen(row->east_prefix);
    memcpy(at, row->east_prefix, prefix);
    return put_point(c, at + prefix, row, east, north, 3);
}

static char *partner_cells(struct csv *c, const struct zm_gen_row *row, char *at)
{
    char text[ZM_GEN_TEXT];
    double lon, lat;
    zm_gen_row_text(row, text);
    const char *const cells[] = {row->key, text, row->upd_date};
    for (unsigned i = 0; i < sizeof cells / sizeof *cells; i++)
        at = cell(c, at, cells[i]);
    zm_gcj_from_wgs(row->lon, row->lat, &lon, &lat);
    return put_point(c, at, row, lon, lat, 6);
}

static const struct habits habits[ZM_GEN_N_SOURCES] = {
    [ZM_GEN_POLICE] = {"UTF-8",
                       "地址编号,标准地址,区县代码,乡镇代码,村社代码,标准地址编码,状态,启用日期,注销日期,"
                       "更新日期,经度,纬度",
                       "\n", true, false, ',', police_cells},
    [ZM_GEN_HOUSING] =
        {"GB18030",
         "房屋编号,县区,街道,社区,路名,门牌号,小区,幢,单元,层,室,县区代码,街道代码,登记日期,横坐标,纵坐标",
         "\r\n", false, true, ',', housing_cells},
    [ZM_GEN_PARTNER] = {"UTF-16LE", "id\taddress\tupdate_time\tlng_gcj02\tlat_gcj02", "\r\n", true, false,
                        '\t', partner_cells},
};

/* 合计 where the key stands, a count in the second column, the rest empty. */
static char *totals_cells(const struct csv *c, char *at)
{
    at = cell(c, at, "合计");
    at = cell(c, at, "1000");
    for (const char *h = strchr(c->habits->header, c->habits->separator) + 1; *h; h++) {
        if (*h == c->habits->separator)
            *at++ = c->habits->separator;
    }
    return at - 1;
}

static int csv_row(void *self, const struct zm_gen_row *row, struct zm_err *err)
{
    struct csv *c = self;
    char line[LINE_MAX_BYTES];
    char *at = row->totals ? totals_cells(c, line) : c->habits->cells(c, row, line);
    size_t end = strlen(c->habits->end);
    memcpy(at, c->habits->end, end);
    return zm_gen_put(&c->file, line, (size_t)(at - line) + end, err);
}

static int csv_close(void *self, struct zm_err *err)
{
    struct csv *c = self;
    int rc = zm_gen_file_close(&c->file, err);
    zm_gen_projection_close(c->projection);
    zm_free(c);
    return rc;
}

static void csv_abandon(void *self)
{
    csv_close(self, NULL);
}

int zm_gen_csv_open(struct zm_gen_writer *out, enum zm_gen_source_id source, const char *path,
                    struct zm_err *err)
{
    struct csv *c = zm_calloc(1, sizeof *c);
    if (!c)
        return zm_fail_memory(err, sizeof *c);
    c->habits = &habits[source];
    int rc = zm_gen_file_open(&c->file, path, c->habits->encoding, c->habits->bom, err);
    if (rc == 0 && c->habits->projected)
        rc = zm_gen_projection_open(&c->projection, err);
    if (rc == 0)
        rc = zm_gen_printf(&c->file, err, "%s%s", c->habits->header, c->habits->end);
    if (rc != 0) {
        csv_abandon(c);
        return rc;
    }
    *out = (struct zm_gen_writer){csv_row, csv_close, csv_abandon, c};
    return 0;
}
