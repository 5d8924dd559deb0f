#include "geo/tables/division.h"

#include "geo/base/date.h"
#include "geo/base/mem.h"

enum zm_division_level zm_division_level_of(uint64_t code)
{
    if (code >= 100000000000u && code <= 999999999999u)
        return ZM_COMMITTEE;
    if (code >= 100000000u && code <= 999999999u)
        return ZM_TOWN;
    if (code >= 100000u && code <= 999999u)
        return ZM_COUNTY;
    if (code >= 1000u && code <= 9999u)
        return ZM_CITY;
    return code >= 10u && code <= 99u ? ZM_PROVINCE : (enum zm_division_level)0;
}

uint64_t zm_division_parent(uint64_t code)
{
    switch (zm_division_level_of(code)) {
    case ZM_COMMITTEE:
    case ZM_TOWN:
        return code / 1000u;
    case ZM_COUNTY:
    case ZM_CITY:
        return code / 100u;
    default:
        return 0;
    }
}

static bool parse_code(struct zm_str cell, bool may_be_empty, uint64_t *out)
{
    *out = 0;
    if (cell.len == 0)
        return may_be_empty;
    return zm_str_to_u64(cell, out) && zm_division_level_of(*out) != 0;
}

static bool parse_date(struct zm_str cell, uint32_t *out)
{
    *out = 0;
    return cell.len == 0 || zm_date_parse(cell, out);
}

static int parse_row(struct zm_division *d, const struct zm_tsv *t, uint32_t row, struct zm_err *err)
{
    const struct zm_str *c = t->cells + (size_t)row * t->n_cols;
    bool ok = parse_code(c[0], false, &d->code) && c[1].len != 0 && parse_date(c[2], &d->valid_from) &&
              parse_date(c[3], &d->valid_to) && parse_code(c[4], true, &d->successor);
    if (!ok)
        return zm_fail(err, ZM_E_USAGE, "%s: row %u (%.*s) is no division", t->name, row + 1, ZM_FMT(c[0]));
    d->level = zm_division_level_of(d->code);
    d->name = c[1];
    d->note = c[5];
    return 0;
}

/* Sorted input is part of the table's contract: the rows of a code lie together, the latest last. */
static bool in_order(const struct zm_division *a, const struct zm_division *b)
{
    return a->code < b->code || (a->code == b->code && a->valid_from < b->valid_from);
}

static int parse_rows(struct zm_divisions *d, struct zm_err *err)
{
    for (uint32_t i = 0; i < d->tsv.n_rows; i++) {
        ZM_TRY(parse_row(&d->rows[i], &d->tsv, i, err));
        if (i > 0 && !in_order(&d->rows[i - 1], &d->rows[i]))
            return zm_fail(err, ZM_E_USAGE, "%s: row %u is not behind the row before it (code, valid_from)",
                           d->tsv.name, i + 1);
    }
    d->n = d->tsv.n_rows;
    return 0;
}

static uint64_t hash_of(uint64_t code)
{
    return zm_hash_mix(0, code);
}

/* Every row of a delivery asks for its divisions by code, some of them more than once. */
static int index_rows(struct zm_divisions *d, struct zm_err *err)
{
    for (uint32_t i = 0; i < d->n; i++)
        if (i + 1 == d->n || d->rows[i + 1].code != d->rows[i].code)
            ZM_TRY(zm_table_add(&d->latest, hash_of(d->rows[i].code), i, err));
    return 0;
}

int zm_divisions_init(struct zm_divisions *d, struct zm_err *err)
{
    struct zm_divisions made = {0};
    zm_table_init(&made.latest);
    ZM_TRY(zm_tsv_init(&made.tsv, "divisions.tsv", zm_tables_embedded("divisions.tsv"), err));
    int rc = 0;
    if (made.tsv.n_cols != 6) {
        rc = zm_fail(err, ZM_E_USAGE, "divisions.tsv: %u columns instead of 6", made.tsv.n_cols);
        goto out;
    }
    made.rows = zm_calloc(made.tsv.n_rows, sizeof *made.rows);
    rc = made.rows ? parse_rows(&made, err) : zm_fail_memory(err, made.tsv.n_rows * sizeof *made.rows);
    if (rc == 0)
        rc = index_rows(&made, err);
out:
    if (rc != 0)
        zm_divisions_release(&made);
    else
        *d = made;
    return rc;
}

void zm_divisions_release(struct zm_divisions *d)
{
    zm_free(d->rows);
    zm_table_release(&d->latest);
    zm_tsv_release(&d->tsv);
    *d = (struct zm_divisions){0};
}

const struct zm_division *zm_division_at(const struct zm_divisions *d, uint64_t code, uint32_t date)
{
    uint32_t at = 0, i;
    while (zm_table_next(&d->latest, hash_of(code), &at, &i)) {
        if (d->rows[i].code != code)
            continue;
        for (i++; i > 0 && d->rows[i - 1].code == code; i--)
            if (date == 0 || zm_division_valid(&d->rows[i - 1], date))
                return &d->rows[i - 1];
        return NULL;
    }
    return NULL;
}
