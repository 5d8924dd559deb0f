/* `zhengming map`: a [source] section that a person then corrects. It states what can be seen and asks for
 * the rest. */
#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/tables/text.h"
#include "import/head.h"
#include "import/header.h"
#include "import/import.h"
#include "import/plan.h"

#include <math.h>
#include <stdio.h>

enum { LINE_MAX_BYTES = 190, NAME_BYTES_MAX = 40, N_SAMPLES = 3, ARENA_BYTES = 16 << 20 };

struct draft {
    const char *path;
    enum zm_kind kind;
    struct zm_arena arena;
    struct zm_head head;
    struct zm_source source;
    struct zm_row_reader reader; /* the columns of the head, for the plan */
    struct zm_plan plan;
    struct zm_buf *out;
};

/* What a draft must not hold: line breaks would begin lines of their own. */
static int put_plain(struct draft *d, struct zm_str s, size_t max, struct zm_err *err)
{
    s = zm_utf8_cut(s, max);
    for (size_t i = 0; i < s.len; i++)
        ZM_TRY(zm_buf_putc(d->out, (unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7F ? ' ' : s.ptr[i], err));
    return 0;
}

/* "# " and a text of text.tsv with its places filled, as one line. */
static int put_remark(struct draft *d, const char *key, const char *args, struct zm_err *err)
{
    struct zm_buf line;
    zm_buf_init(&line, 64 << 10);
    int rc = zm_text_fill(&line, zm_text(key), zm_str(args), err);
    if (rc == 0)
        rc = zm_buf_put(d->out, ZM_STR("# "), err);
    if (rc == 0)
        rc = put_plain(d, zm_buf_str(&line), LINE_MAX_BYTES, err);
    if (rc == 0)
        rc = zm_buf_putc(d->out, '\n', err);
    zm_buf_release(&line);
    return rc;
}

/* The name of the section from the file's: [a-z0-9_-] only. */
static int put_section(struct draft *d, struct zm_err *err)
{
    char name[NAME_BYTES_MAX + 1];
    size_t n = 0;
    const char *slash = strrchr(d->path, '/');
    for (const char *p = slash ? slash + 1 : d->path; *p && *p != '.' && n < NAME_BYTES_MAX; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + ('a' - 'A')) : *p;
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (fits)
            name[n++] = c;
    }
    name[n] = '\0';
    return zm_buf_printf(d->out, err, "[source.%s]\nkind = %s\n", n ? name : "delivery",
                         zm_kind_name(d->kind));
}

static int put_file(struct draft *d, struct zm_err *err)
{
    char args[256];
    snprintf(args, sizeof args, "%.*s%c%.*s%c%u", ZM_FMT(d->head.format), ZM_ARG_SEP,
             ZM_FMT(d->head.encoding), ZM_ARG_SEP, d->head.n_columns);
    ZM_TRY(put_remark(d, "draft.title", "", err));
    ZM_TRY(put_remark(d, d->head.encoding.len ? "draft.file_encoded" : "draft.file", args, err));
    ZM_TRY(put_section(d, err));
    if (strlen(d->path) > LINE_MAX_BYTES - 8)
        ZM_TRY(put_remark(d, "draft.long_path", "", err));
    ZM_TRY(zm_buf_put(d->out, ZM_STR("path = "), err));
    ZM_TRY(put_plain(d, zm_str(d->path), LINE_MAX_BYTES - 8, err));
    ZM_TRY(zm_buf_putc(d->out, '\n', err));
    return d->head.encoding.len ? zm_buf_printf(d->out, err, "encoding = %.*s\n", ZM_FMT(d->head.encoding))
                                : 0;
}

/* Least and greatest of the numbers of one origin in the first rows; false if there are none. */
static bool range_of(const struct draft *d, const char *field, unsigned point, double *least, double *most)
{
    unsigned f;
    if (!zm_field_find(d->kind, zm_str(field), &f))
        return false;
    const struct zm_target *t = &d->plan.targets[f];
    *least = INFINITY;
    *most = -INFINITY;
    for (unsigned r = 0; r < d->head.n_rows; r++) {
        double value;
        struct zm_str s = {"", 0};
        if (t->from == ZM_FROM_COLUMN)
            s = d->head.cells[(size_t)r * d->head.n_columns + (unsigned)t->column];
        else if (t->from == ZM_FROM_X || t->from == ZM_FROM_Y)
            s = d->head.points[(size_t)r * 2 + point];
        if (!zm_str_to_double(s, &value) || value == 0)
            continue;
        *least = value < *least ? value : *least;
        *most = value > *most ? value : *most;
    }
    return *least <= *most;
}

static bool title_says(const struct draft *d, struct zm_str word)
{
    for (unsigned i = 0; i < d->head.n_columns; i++) {
        char lower[64];
        struct zm_str s = zm_str_sub(d->head.columns[i], 0, sizeof lower);
        for (size_t k = 0; k < s.len; k++)
            lower[k] = s.ptr[k] >= 'A' && s.ptr[k] <= 'Z' ? (char)(s.ptr[k] + ('a' - 'A')) : s.ptr[k];
        if (zm_str_has((struct zm_str){lower, s.len}, word))
            return true;
    }
    return false;
}

/* Which datums the values allow. CGCS2000 zones over Zhejiang: 3 degrees about 120 E without zone number
 * (EPSG:4549) and with it (EPSG:4528). Degrees alone never tell EPSG:4490 from GCJ-02 or BD-09: the
 * difference is a few hundred metres. */
static const char *datum_remark(const struct draft *d, char args[128])
{
    double x0, x1, y0, y1;
    bool lonlat = range_of(d, "lon", 0, &x0, &x1) && range_of(d, "lat", 1, &y0, &y1);
    if (!lonlat && !(range_of(d, "east", 0, &x0, &x1) && range_of(d, "north", 1, &y0, &y1)))
        return NULL;
    snprintf(args, 128, "%.10g%c%.10g%c%.10g%c%.10g", x0, ZM_ARG_SEP, x1, ZM_ARG_SEP, y0, ZM_ARG_SEP, y1);
    if (fabs(x1) <= 180 && fabs(y1) <= 90)
        return "draft.datum_degrees";
    if (fabs(x1) <= 90 && fabs(y1) <= 180)
        return "draft.datum_swapped";
    if (x0 >= 4e7 && x1 < 4.1e7)
        return "draft.datum_zone_40";
    if (x0 >= 2e5 && x1 < 8e5 && y0 > 1e6)
        return "draft.datum_east";
    if (y0 >= 2e5 && y1 < 8e5 && x0 > 1e6)
        return "draft.datum_north_first";
    return "draft.datum_unknown";
}

static int put_datum(struct draft *d, struct zm_err *err)
{
    static const struct {
        struct zm_str word;
        const char *key;
    } hints[] = {
        {ZM_STR("gcj"), "draft.title_gcj"},
        {ZM_STR("bd09"), "draft.title_bd"},
        {ZM_STR("wgs"), "draft.title_wgs"},
        {ZM_STR("2000"), "draft.title_2000"},
    };
    char args[128];
    const char *key = datum_remark(d, args);
    if (!key && !d->head.has_geometry)
        return zm_buf_put(d->out, ZM_STR("datum = none\n"), err);
    if (key)
        ZM_TRY(put_remark(d, key, args, err));
    if (d->head.crs.len) {
        snprintf(args, sizeof args, "%.*s", ZM_FMT(d->head.crs));
        ZM_TRY(put_remark(d, "draft.crs", args, err));
    }
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (title_says(d, hints[i].word))
            ZM_TRY(put_remark(d, hints[i].key, "", err));
    ZM_TRY(put_remark(d, "draft.datum", "", err));
    return zm_buf_put(d->out, ZM_STR("datum =\n"), err);
}

/* Up to three different values of a column, as a remark. Columns that look personal were emptied in the
 * child. */
static int put_samples(struct draft *d, unsigned column, struct zm_err *err)
{
    struct zm_str seen[N_SAMPLES];
    unsigned n = 0;
    for (unsigned r = 0; r < d->head.n_rows && n < N_SAMPLES; r++) {
        struct zm_str s = zm_str_trim(d->head.cells[(size_t)r * d->head.n_columns + column]);
        bool known = s.len == 0;
        for (unsigned i = 0; i < n; i++)
            known = known || zm_str_eq(seen[i], s);
        if (!known)
            seen[n++] = s;
    }
    for (unsigned i = 0; i < n; i++) {
        ZM_TRY(zm_buf_put(d->out, i ? ZM_STR(" | ") : ZM_STR("#   "), err));
        ZM_TRY(put_plain(d, seen[i], (LINE_MAX_BYTES - 16) / N_SAMPLES, err));
    }
    return n ? zm_buf_putc(d->out, '\n', err) : 0;
}

/* inih ends a value at " ;", and job.ini has no way around it; nor may a line be longer than it allows. */
static bool writable(struct zm_str column)
{
    return column.len <= 150 && !zm_str_has(column, ZM_STR(" ;")) && !zm_str_starts(column, ZM_STR(";"));
}

static int put_map(struct draft *d, const char *field, struct zm_str column, bool known, struct zm_err *err)
{
    bool as_remark = !known || !writable(column);
    ZM_TRY(zm_buf_printf(d->out, err, "%smap.%s = ", as_remark ? "# " : "", field));
    ZM_TRY(put_plain(d, column, 150, err));
    return zm_buf_putc(d->out, '\n', err);
}

static int put_maps(struct draft *d, struct zm_err *err)
{
    for (unsigned f = 0; f < d->plan.n_kind_fields; f++) {
        const struct zm_target *t = &d->plan.targets[f];
        if (t->from != ZM_FROM_COLUMN)
            continue;
        ZM_TRY(put_map(d, d->plan.kind_fields[f].name, d->head.columns[t->column], true, err));
        ZM_TRY(put_samples(d, (unsigned)t->column, err));
    }
    bool any = false;
    for (unsigned i = 0; i < d->head.n_columns; i++) {
        if (d->plan.used[i] || d->plan.personal[i] || d->head.columns[i].len == 0)
            continue;
        if (!any)
            ZM_TRY(put_remark(d, "draft.unknown", "", err));
        any = true;
        ZM_TRY(put_map(d, "?", d->head.columns[i], false, err));
        ZM_TRY(put_samples(d, i, err));
    }
    return 0;
}

static int put_personal(struct draft *d, struct zm_err *err)
{
    bool any = false;
    for (unsigned i = 0; i < d->head.n_columns; i++) {
        if (!d->plan.personal[i])
            continue;
        if (!any)
            ZM_TRY(put_remark(d, "draft.personal", "", err));
        any = true;
        ZM_TRY(zm_buf_put(d->out, ZM_STR("#   "), err));
        ZM_TRY(put_plain(d, d->head.columns[i], 150, err));
        ZM_TRY(zm_buf_putc(d->out, '\n', err));
    }
    return 0;
}

static int write_draft(struct draft *d, struct zm_str bytes, struct zm_err *err)
{
    struct zm_err guess = {0};
    ZM_TRY(zm_head_decode(&d->head, bytes, &d->arena, err));
    d->source.kind = d->kind;
    d->reader = (struct zm_row_reader){.columns = d->head.columns,
                                       .n_columns = d->head.n_columns,
                                       .point_as = d->head.point_as,
                                       .has_geometry = d->head.has_geometry};
    d->plan =
        (struct zm_plan){.source = &d->source, .reader = &d->reader, .path = d->path, .arena = &d->arena};
    /* A file whose titles say nothing is still drafted: the section then holds only remarks. */
    int rc = zm_plan_make(&d->plan, &guess);
    if (rc != 0 && d->plan.n_kind_fields == 0)
        return zm_fail(err, guess.code, "%s", guess.text);
    ZM_TRY(put_file(d, err));
    ZM_TRY(put_datum(d, err));
    ZM_TRY(put_maps(d, err));
    ZM_TRY(put_personal(d, err));
    return put_remark(d, "draft.next", "", err);
}

int zm_import_draft(const char *path, enum zm_kind kind, const char *program, struct zm_buf *out,
                    struct zm_err *err)
{
    struct zm_buf bytes;
    struct draft *d = zm_calloc(1, sizeof *d);
    if (!d)
        return zm_fail_memory(err, sizeof *d);
    size_t before = out->len;
    zm_buf_init(&bytes, ZM_HEAD_BYTES_MAX);
    zm_arena_init(&d->arena, ARENA_BYTES);
    d->path = path;
    d->kind = kind;
    d->out = out;
    int rc = zm_import_head(path, program, &bytes, err);
    if (rc == 0)
        rc = write_draft(d, zm_buf_str(&bytes), err);
    if (rc != 0)
        out->len = before;
    zm_arena_release(&d->arena);
    zm_buf_release(&bytes);
    zm_free(d);
    return rc;
}
