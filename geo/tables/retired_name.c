#include "geo/base/date.h"
#include "geo/base/mem.h"
#include "geo/tables/division.h"

static const struct level_name {
    const char *name;
    enum zm_division_level level;
} level_names[] = {{"county", ZM_COUNTY}, {"town", ZM_TOWN}, {"committee", ZM_COMMITTEE}};

static bool parse_level(struct zm_str cell, enum zm_division_level *out)
{
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++) {
        if (zm_str_eq(cell, zm_str(level_names[i].name))) {
            *out = level_names[i].level;
            return true;
        }
    }
    return false;
}

/* All codes must be codes; only a single one is the successor. */
static bool parse_successors(struct zm_str cell, uint64_t *out)
{
    unsigned n = 0;
    uint64_t code = 0;
    for (struct zm_str rest = cell; cell.len && rest.ptr; n++)
        if (!zm_str_to_u64(zm_str_cut(&rest, ' '), &code) || zm_division_level_of(code) == 0)
            return false;
    *out = n == 1 ? code : 0;
    return true;
}

static int parse_row(struct zm_retired_name *r, const struct zm_tsv *t, uint32_t row, struct zm_err *err)
{
    const struct zm_str *c = t->cells + (size_t)row * t->n_cols;
    uint64_t county = 0;
    r->valid_to = 0;
    bool ok = zm_str_to_u64(c[0], &county) && (county == 0 || zm_division_level_of(county) == ZM_COUNTY) &&
              c[1].len != 0 && parse_level(c[2], &r->level) &&
              (c[3].len == 0 || zm_date_parse(c[3], &r->valid_to)) && parse_successors(c[4], &r->successor);
    if (!ok)
        return zm_fail(err, ZM_E_USAGE, "%s: row %u (%.*s) is no retired name", t->name, row + 1,
                       ZM_FMT(c[1]));
    r->county = (uint32_t)county;
    r->name = c[1];
    r->successors = c[4];
    r->note = c[5];
    return 0;
}

static int parse_rows(struct zm_retired_names *r, struct zm_err *err)
{
    if (r->tsv.n_cols != 6)
        return zm_fail(err, ZM_E_USAGE, "%s: %u columns instead of 6", r->tsv.name, r->tsv.n_cols);
    for (uint32_t i = 0; i < r->tsv.n_rows; i++)
        ZM_TRY(parse_row(&r->rows[i], &r->tsv, i, err));
    r->n = r->tsv.n_rows;
    return 0;
}

int zm_retired_names_init(struct zm_retired_names *r, struct zm_err *err)
{
    struct zm_retired_names made = {0};
    ZM_TRY(zm_tsv_init(&made.tsv, "retired_names.tsv", zm_tables_embedded("retired_names.tsv"), err));
    made.rows = zm_calloc(made.tsv.n_rows, sizeof *made.rows);
    int rc = made.rows ? parse_rows(&made, err) : zm_fail_memory(err, made.tsv.n_rows * sizeof *made.rows);
    if (rc != 0)
        zm_retired_names_release(&made);
    else
        *r = made;
    return rc;
}

void zm_retired_names_release(struct zm_retired_names *r)
{
    zm_free(r->rows);
    zm_tsv_release(&r->tsv);
    *r = (struct zm_retired_names){0};
}
