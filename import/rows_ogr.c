#include "geo/base/arena.h"
#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "import/dataset_ogr.h"
#include "import/dbf_text.h"
#include "import/geometry_ogr.h"
#include "import/header.h"
#include "import/ogr.h"

#include <ogr_srs_api.h>
#include <stdio.h>

enum {
    ARENA_MAX = 16 << 20,
    ROW_TEXT_MAX = 64 << 20, /* 256 cells of OGR's own, before the long ones are refused */
    COORDINATE_TEXT = 32,
    NUMBER_DIGITS = 15 /* what a double keeps of a decimal number, and what Excel shows */
};

struct ogr {
    struct zm_ogr_options options;
    struct zm_ogr_failures failures;
    GDALDatasetH dataset;
    OGRLayerH layer;
    struct zm_arena arena;
    struct zm_str *columns, *cells;
    size_t *ends;
    unsigned n_columns, n_fields; /* a column more than fields: the layer's fid */
    struct zm_buf text;
    struct zm_decoder decoder;
    bool decode, has_geometry;
    enum zm_want want;
    uint64_t row;
    char x[COORDINATE_TEXT], y[COORDINATE_TEXT];
};

static void close_ogr(void *self)
{
    struct ogr *o = self;
    if (o->dataset)
        GDALClose(o->dataset);
    zm_ogr_unlisten();
    if (o->decode)
        zm_decoder_close(&o->decoder);
    zm_buf_release(&o->text);
    zm_arena_release(&o->arena);
    zm_free(o);
}

/* Excel stores 120.65 as 120.65000000000001; what it shows, and what was typed, has 15 digits. */
static struct zm_str shown_number(struct zm_str text, char out[COORDINATE_TEXT])
{
    double value;
    if (text.len <= NUMBER_DIGITS || text.len > 24 || !memchr(text.ptr, '.', text.len) ||
        !zm_str_to_double(text, &value))
        return text;
    int n = snprintf(out, COORDINATE_TEXT, "%.*g", NUMBER_DIGITS, value);
    return zm_str_n(out, (size_t)n);
}

/* Appends one cell's text as UTF-8. *clean = false if its bytes are of no known encoding. */
static int put_cell(struct ogr *o, OGRFeatureH feature, unsigned field, bool *clean, struct zm_err *err)
{
    char number[COORDINATE_TEXT];
    struct zm_str text = {"", 0};
    if (field == o->n_fields)
        text = zm_str_n(number,
                        (size_t)snprintf(number, sizeof number, "%lld", (long long)OGR_F_GetFID(feature)));
    else if (OGR_F_IsFieldSetAndNotNull(feature, (int)field))
        text = zm_str(OGR_F_GetFieldAsString(feature, (int)field));
    if (o->decode)
        return zm_decode_cell(&o->decoder, text, &o->text, clean, err);
    if (o->options.format == ZM_FORMAT_XLSX)
        text = shown_number(text, number);
    *clean = zm_utf8_check(text) == SIZE_MAX;
    return zm_buf_put(&o->text, text, err);
}

/* Fills o->cells. *reason says why the row is refused, ZM_N_REASONS if it is not. */
static int read_cells(struct ogr *o, OGRFeatureH feature, enum zm_reason *reason, struct zm_err *err)
{
    *reason = ZM_N_REASONS;
    for (unsigned i = 0; i < o->n_columns; i++) {
        bool clean = true;
        size_t begin = o->text.len;
        ZM_TRY(put_cell(o, feature, i, &clean, err));
        if (!clean)
            *reason = ZM_REASON_BAD_ENCODING;
        if (o->text.len - begin > ZM_CELL_BYTES_MAX)
            *reason = ZM_REASON_LONG_FIELD;
        o->ends[i] = o->text.len;
    }
    return 0;
}

/* After the last append: the buffer moves while it grows. */
static void place_cells(struct ogr *o, struct zm_raw_row *row)
{
    size_t begin = 0;
    for (unsigned i = 0; i < o->n_columns; i++) {
        o->cells[i] = zm_str_sub(zm_buf_str(&o->text), begin, o->ends[i]);
        begin = o->ends[i];
    }
    row->cells = o->cells;
    row->geom_wkb = zm_str_sub(zm_buf_str(&o->text), begin, o->text.len);
}

static int read_geometry(struct ogr *o, OGRFeatureH feature, struct zm_raw_row *row, enum zm_reason *reason,
                         struct zm_err *err)
{
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    double x, y;
    if (zm_ogr_point(geometry, &x, &y)) {
        row->x = zm_str_n(o->x, (size_t)snprintf(o->x, sizeof o->x, "%.*g", NUMBER_DIGITS, x));
        row->y = zm_str_n(o->y, (size_t)snprintf(o->y, sizeof o->y, "%.*g", NUMBER_DIGITS, y));
    }
    bool sound = true;
    if (o->want != ZM_WANT_POINT && o->has_geometry)
        ZM_TRY(zm_ogr_wkb(geometry, o->want, &o->text, &sound, err));
    /* A road or division is its shape; an address without a point is still an address. */
    if (!sound && (o->want == ZM_WANT_LINE || o->want == ZM_WANT_AREA))
        *reason = ZM_REASON_BAD_GEOMETRY;
    return 0;
}

/* Sheets end in rows that are formatted and empty: no records. */
static bool is_blank(const struct ogr *o)
{
    return o->options.format == ZM_FORMAT_XLSX && zm_str_trim(zm_buf_str(&o->text)).len == 0;
}

static int fail_ogr(const struct ogr *o, struct zm_err *err)
{
    return zm_fail(err, ZM_E_INPUT, "%s is damaged: after row %llu %s reports: %s", o->options.file->given,
                   (unsigned long long)o->row, zm_format_name(o->options.format), o->failures.first);
}

static int read_feature(struct ogr *o, OGRFeatureH feature, struct zm_raw_row *row, enum zm_row_state *state,
                        struct zm_reject *reject, struct zm_err *err)
{
    enum zm_reason reason;
    zm_buf_reset(&o->text);
    ZM_TRY(read_cells(o, feature, &reason, err));
    if (is_blank(o)) {
        *state = ZM_ROW_END; /* of this feature, not of the file: the caller goes on */
        return 0;
    }
    *row = (struct zm_raw_row){.row = ++o->row};
    if (o->options.format == ZM_FORMAT_XLSX)
        row->line = (uint64_t)OGR_F_GetFID(feature);
    ZM_TRY(read_geometry(o, feature, row, &reason, err));
    if (reason == ZM_N_REASONS) {
        place_cells(o, row);
        *state = ZM_ROW_READ;
        return 0;
    }
    *reject = (struct zm_reject){row->row, row->line, reason, ZM_FIELD_NONE};
    *state = ZM_ROW_REFUSED;
    return 0;
}

static int next_ogr(void *self, struct zm_raw_row *row, enum zm_row_state *state, struct zm_reject *reject,
                    struct zm_err *err)
{
    struct ogr *o = self;
    struct zm_raw_row raw = {0};
    struct zm_reject refused = {0};
    enum zm_row_state found = ZM_ROW_END;
    while (found == ZM_ROW_END) {
        OGRFeatureH feature = OGR_L_GetNextFeature(o->layer);
        if (o->failures.n) {
            OGR_F_Destroy(feature);
            return fail_ogr(o, err);
        }
        if (!feature)
            break;
        int rc = read_feature(o, feature, &raw, &found, &refused, err);
        OGR_F_Destroy(feature);
        if (rc != 0)
            return rc;
    }
    *row = raw;
    *reject = refused;
    *state = found;
    return 0;
}

/* The titles as the layer's schema has them. */
static int name_columns(struct ogr *o, struct zm_err *err)
{
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(o->layer);
    for (unsigned i = 0; i < o->n_columns; i++) {
        struct zm_str name = i < o->n_fields ? zm_str(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, (int)i)))
                                             : zm_str(OGR_L_GetFIDColumn(o->layer));
        bool clean = true;
        zm_buf_reset(&o->text);
        if (o->decode)
            ZM_TRY(zm_decode_cell(&o->decoder, name, &o->text, &clean, err));
        else
            ZM_TRY(zm_buf_put(&o->text, name, err));
        o->cells[i] = zm_arena_copy(&o->arena, zm_buf_str(&o->text));
        if (!o->cells[i].ptr)
            return zm_fail_memory(err, name.len);
    }
    return zm_header_fold(&o->arena, o->cells, o->n_columns, o->columns, err);
}

/* The titles in the first rows of a sheet. */
static int read_titles(struct ogr *o, struct zm_err *err)
{
    unsigned n_rows = o->options.source->header_rows, n = o->n_columns;
    if (n_rows < 1 || n_rows > ZM_HEADER_ROWS_MAX)
        return zm_fail(err, ZM_E_USAGE, "header_rows is %u; 1 to %d are read", n_rows, ZM_HEADER_ROWS_MAX);
    struct zm_str *titles = zm_arena_alloc(&o->arena, sizeof *titles * n_rows * n);
    if (!titles)
        return zm_fail_memory(err, sizeof *titles * n_rows * n);
    for (unsigned k = 0; k < n_rows; k++) {
        OGRFeatureH feature = OGR_L_GetNextFeature(o->layer);
        if (!feature)
            return zm_fail(err, ZM_E_INPUT, "%s ends within its header", o->options.file->given);
        for (unsigned i = 0; i < n; i++)
            titles[k * n + i] = zm_arena_copy(&o->arena, zm_str(OGR_F_GetFieldAsString(feature, (int)i)));
        OGR_F_Destroy(feature);
    }
    for (unsigned i = 0; i < n_rows * n; i++)
        if (!titles[i].ptr)
            return zm_fail_memory(err, 0);
    return zm_header_join(&o->arena, titles, n_rows, n, o->columns, err);
}

/* The fid is a number that OGR gives; it is a column only for who asks for it by name. */
static bool wants_fid(const struct zm_source *source, struct zm_str fid)
{
    for (unsigned i = 0; fid.len && i < source->n_maps; i++)
        if (zm_str_has(source->maps[i].column, fid))
            return true;
    return false;
}

static int open_columns(struct ogr *o, struct zm_err *err)
{
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(o->layer);
    o->n_fields = (unsigned)OGR_FD_GetFieldCount(defn);
    o->n_columns = o->n_fields + wants_fid(o->options.source, zm_str(OGR_L_GetFIDColumn(o->layer)));
    if (o->n_columns > ZM_COLUMNS_MAX)
        return zm_fail(err, ZM_E_INPUT, "%s has %u columns, more than %d", o->options.file->given,
                       o->n_columns, ZM_COLUMNS_MAX);
    o->columns = zm_arena_alloc(&o->arena, sizeof *o->columns * o->n_columns);
    o->cells = zm_arena_alloc(&o->arena, sizeof *o->cells * o->n_columns);
    o->ends = zm_arena_alloc(&o->arena, sizeof *o->ends * o->n_columns);
    if (!o->columns || !o->cells || !o->ends)
        return zm_fail_memory(err, sizeof *o->cells * o->n_columns);
    OGR_L_ResetReading(o->layer);
    return o->options.format == ZM_FORMAT_XLSX ? read_titles(o, err) : name_columns(o, err);
}

static int open_decoder(struct ogr *o, struct zm_row_reader *out, struct zm_err *err)
{
    if (o->options.format != ZM_FORMAT_SHP)
        return 0;
    const char *dbf = zm_delivery_part(o->options.file, ".dbf");
    enum zm_encoding encoding;
    ZM_TRY(zm_dbf_encoding(dbf, o->options.source->encoding, &encoding, err));
    ZM_TRY(zm_decoder_open(&o->decoder, encoding, err));
    o->decode = true;
    snprintf(out->encoding, sizeof out->encoding, "%s", zm_encoding_name(encoding));
    return 0;
}

/* Points of a kind that has a place, not a shape. A layer of unknown type is taken for points where points
 * are wanted; what is none then leaves its row without a place. */
static bool has_points(const struct ogr *o)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_L_GetGeomType(o->layer));
    if (type == wkbPoint || type == wkbMultiPoint)
        return o->want == ZM_WANT_POINT || o->want == ZM_WANT_ANY;
    return type == wkbUnknown && o->want == ZM_WANT_POINT;
}

static int open_ogr(struct ogr *o, struct zm_row_reader *out, struct zm_err *err)
{
    ZM_TRY(zm_ogr_dataset(&o->dataset, &o->options, &o->failures, err));
    ZM_TRY(zm_ogr_layer(&o->layer, o->dataset, &o->options, err));
    ZM_TRY(open_decoder(o, out, err));
    ZM_TRY(open_columns(o, err));
    if (o->failures.n)
        return fail_ogr(o, err);
    o->has_geometry = OGR_L_GetGeomType(o->layer) != wkbNone;
    enum zm_point_as point_as;
    zm_ogr_crs(o->layer, &o->options, out->crs, &point_as);
    out->has_geometry = o->has_geometry;
    out->point_as = has_points(o) ? point_as : ZM_POINT_NONE;
    out->columns = o->columns;
    out->n_columns = o->n_columns;
    return 0;
}

static void add_notes(const struct ogr *o, struct zm_row_reader *out)
{
    const char *given = o->options.file->given;
    OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(o->layer);
    if (o->failures.warning[0])
        snprintf(out->notes, sizeof out->notes, "%.200s: %s", given, o->failures.warning);
    else if (srs && !out->crs[0] && o->options.format != ZM_FORMAT_GEOJSON)
        snprintf(out->notes, sizeof out->notes,
                 "%.200s: its coordinate system %.200s has no known EPSG number", given, OSRGetName(srs));
}

int zm_ogr_open(struct zm_row_reader *out, const struct zm_ogr_options *options, struct zm_err *err)
{
    struct ogr *o = zm_calloc(1, sizeof *o);
    if (!o)
        return zm_fail_memory(err, sizeof *o);
    o->options = *options;
    o->want = options->head ? ZM_WANT_ANY : zm_ogr_wanted(options->source->kind);
    zm_arena_init(&o->arena, ARENA_MAX);
    zm_buf_init(&o->text, ROW_TEXT_MAX);
    zm_ogr_listen(&o->failures);
    struct zm_row_reader reader = {.next = next_ogr, .close = close_ogr, .self = o};
    int rc = open_ogr(o, &reader, err);
    if (rc != 0) {
        close_ogr(o);
        return rc;
    }
    add_notes(o, &reader);
    *out = reader;
    return 0;
}
