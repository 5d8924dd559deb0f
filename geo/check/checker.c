#include "geo/check/checker.h"

#include "geo/base/mem.h"
#include "geo/check/judge.h"

/* Memory of one row: a text of 64 KiB, its parts and folded copy, and the arguments of its findings. */
enum { ROW_BYTES_MAX = 32 << 20, KEEP_BYTES_MAX = 1 << 20 };

/* A repeated header holds the titles our mapping was made from. A template is compared without its braces. */
static int read_titles(struct zm_check_worker *w, struct zm_err *err)
{
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(ZM_KIND_ADDRESS, &n);
    if (!w->source->n_maps) {
        for (unsigned f = 0; f < n; f++)
            w->titles[f] = zm_str(fields[f].synonyms);
        return 0;
    }
    for (unsigned i = 0; i < w->source->n_maps; i++) {
        const struct zm_map *map = &w->source->maps[i];
        if (!map->column.ptr || map->field >= n)
            continue;
        char *title = zm_arena_alloc(&w->keep, map->column.len + 1);
        if (!title)
            return zm_fail_memory(err, map->column.len);
        size_t len = 0;
        for (size_t k = 0; k < map->column.len; k++)
            if (map->column.ptr[k] != '{' && map->column.ptr[k] != '}')
                title[len++] = map->column.ptr[k];
        w->titles[map->field] = zm_str_n(title, len);
    }
    return 0;
}

/* Which counties of the city the cover knows: without all of them it cannot say what lies outside the city.
 */
static void read_city(struct zm_check_worker *w)
{
    const struct zm_checker *c = w->checker;
    bool all = c->counties && !zm_cover_empty(c->counties);
    for (uint32_t i = 0; i < c->divisions->n; i++) {
        const struct zm_division *d = &c->divisions->rows[i];
        if (d->level != ZM_COUNTY || zm_division_parent(d->code) != c->city ||
            !zm_division_valid(d, c->as_of))
            continue;
        if (!c->counties || !zm_cover_has(c->counties, d->code) || w->n_city_counties == ZM_CITY_COUNTIES_MAX)
            all = false;
        else
            w->city_counties[w->n_city_counties++] = (uint32_t)d->code;
    }
    w->city_covered = all && w->n_city_counties > 0;
}

/* Positions of GeoJSON come from its geometry unless a column is mapped to them. */
static bool takes_axis_of_geometry(const struct zm_source *s)
{
    bool geojson = zm_str_ends(s->path, ZM_STR(".geojson")) || zm_str_ends(s->path, ZM_STR(".geojsonl")) ||
                   zm_str_ends(s->path, ZM_STR(".json"));
    for (unsigned i = 0; i < s->n_maps; i++)
        if (s->maps[i].field == ZM_AF_LON || s->maps[i].field == ZM_AF_LAT)
            return false;
    return geojson;
}

/* What a worker needs beyond the shared checker: its own CRS, as PROJ objects belong to one thread. */
static int prepare(struct zm_check_worker *w, struct zm_err *err)
{
    const struct zm_checker *c = w->checker;
    ZM_TRY(read_titles(w, err));
    read_city(w);
    w->axis_of_geometry = takes_axis_of_geometry(w->source);
    w->grid = zm_grid_of(w->source->datum);
    if (w->source->datum.len)
        ZM_TRY(zm_crs_open(&w->crs, w->source->datum, c->gcj_approved, err));
    ZM_TRY(zm_offset_new(&w->offset, err));
    if (!c->public_profile)
        return 0;
    return zm_tsv_init(&w->sensitive, "sensitive.tsv", zm_tables_embedded("sensitive.tsv"), err);
}

int zm_check_worker_new(struct zm_check_worker **out, const struct zm_checker *checker,
                        const struct zm_source *source, struct zm_err *err)
{
    if (source->kind != ZM_KIND_ADDRESS)
        return zm_fail(err, ZM_E_INTERNAL, "the checker judges addresses, not records of kind %s",
                       zm_kind_name(source->kind));
    struct zm_check_worker *w = zm_calloc(1, sizeof *w);
    if (!w)
        return zm_fail_memory(err, sizeof *w);
    w->checker = checker;
    w->source = source;
    zm_arena_init(&w->keep, KEEP_BYTES_MAX);
    zm_arena_init(&w->row, ROW_BYTES_MAX);
    int rc = prepare(w, err);
    if (rc) {
        zm_check_worker_free(w);
        return rc;
    }
    *out = w;
    return 0;
}

void zm_check_worker_free(struct zm_check_worker *w)
{
    if (!w)
        return;
    zm_crs_close(w->crs);
    for (unsigned z = 0; z < ZM_ZONES; z++)
        zm_crs_close(w->zone_crs[z]);
    zm_offset_free(w->offset);
    zm_tsv_release(&w->sensitive);
    zm_arena_release(&w->keep);
    zm_arena_release(&w->row);
    zm_free(w);
}

/* Everything merged is a sum, a maximum or a lowest row: the order of merging cannot show. */
int zm_check_worker_merge(struct zm_check_worker *into, const struct zm_check_worker *from,
                          struct zm_err *err)
{
    ZM_TRY(zm_offset_merge(into->offset, from->offset, err));
    struct zm_tally *t = &into->tally;
    t->n_rows += from->tally.n_rows;
    t->n_points += from->tally.n_points;
    for (unsigned f = 0; f < ZM_N_ADDRESS_FIELDS; f++) {
        t->empty[f] += from->tally.empty[f];
        t->delivered[f] = t->delivered[f] || from->tally.delivered[f];
    }
    for (int i = 0; i < 2; i++)
        zm_angle_tally_merge(&t->angle[i], &from->tally.angle[i]);
    zm_swap_tally_merge(&t->swap, &from->tally.swap);
    return 0;
}

/* Words databases and clerks write where there is nothing. */
static bool is_nothing(struct zm_str s)
{
    static const struct zm_str words[] = {ZM_LIT("无"),     ZM_LIT("-"),    ZM_LIT("--"),   ZM_LIT("/"),
                                          ZM_LIT("null"),   ZM_LIT("NULL"), ZM_LIT("Null"), ZM_LIT("(null)"),
                                          ZM_LIT("<NULL>"), ZM_LIT("None"), ZM_LIT("\\N"),  ZM_LIT("N/A"),
                                          ZM_LIT("#N/A"),   ZM_LIT("NaN"),  ZM_LIT("nan")};
    if (s.len > 6)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (zm_str_eq(s, words[i]))
            return true;
    return false;
}

/* Only the fields the delivery has are touched; the others stay empty from begin_row. */
static void read_cells(struct zm_judge *j, const struct zm_batch *batch, uint32_t i)
{
    for (unsigned k = 0; k < batch->head->n_fields; k++) {
        unsigned field = batch->head->fields[k];
        struct zm_str cell = zm_str_trim(zm_batch_get(batch, i, field));
        bool nothing = !cell.len || is_nothing(cell);
        if (field < ZM_N_ADDRESS_FIELDS && !nothing)
            j->cells[field] = cell;
    }
    /* Blanks around the text are the parser's business (ADR-013). */
    j->a.text = j->cells[ZM_AF_TEXT].len ? zm_batch_get(batch, i, ZM_AF_TEXT) : (struct zm_str){"", 0};
}

/* Totals stand in the first text column a clerk sees, whichever field that became. */
static bool is_no_record(struct zm_judge *j, unsigned *field)
{
    static const uint8_t texts[] = {ZM_AF_TEXT, ZM_AF_SRC_KEY,   ZM_AF_COUNTY,
                                    ZM_AF_TOWN, ZM_AF_COMMITTEE, ZM_AF_NOTE};
    for (size_t i = 0; i < sizeof texts; i++) {
        *field = texts[i];
        if (j->cells[texts[i]].len && zm_is_totals(j->cells[texts[i]]))
            return true;
    }
    return zm_is_header(j->w, j->cells, field);
}

/* IMP-005. With the rule off the line is still no record, it is only not spoken of. */
static int reject_totals(struct zm_judge *j, unsigned field, struct zm_str cell, struct zm_account *account,
                         struct zm_err *err)
{
    bool quarantine;
    struct zm_verdict v = {.rule = ZM_IMP_005, .field = field, .worst = ZM_ERROR};
    account->rejected[ZM_REASON_TOTALS]++;
    ZM_TRY(zm_judge_say(j, v, 1, &cell, err));
    return zm_judge_close(j, &quarantine, err);
}

/* Clears what the last row left; the verdicts need no clearing, their number says how many there are. */
static void begin_row(struct zm_check_worker *w, const struct zm_check_sink *sink, uint64_t row)
{
    struct zm_judge *j = &w->judge;
    zm_arena_reset(&w->row);
    memset(j->cells, 0, sizeof j->cells);
    memset(j->stated, 0, sizeof j->stated);
    j->w = w;
    j->sink = sink;
    j->named = (struct zm_named){{0}};
    j->a = (struct zm_address){.row = row, .source = w->source->index};
    j->n_verdicts = 0;
}

/* All judges over one row, in the order in which they need each other. */
static int judge_row(struct zm_judge *j, struct zm_err *err)
{
    ZM_TRY(zm_judge_values(j, err));
    ZM_TRY(zm_judge_codes(j, err));
    ZM_TRY(zm_judge_parse(j, err));
    j->a.key = zm_tuple_key(&j->a.tuple);
    j->a.level = (uint8_t)zm_tuple_level(&j->a.tuple);
    ZM_TRY(zm_judge_divisions(j, err));
    ZM_TRY(zm_judge_levels(j, err));
    ZM_TRY(zm_judge_number(j, err));
    ZM_TRY(zm_judge_point(j, err));
    return zm_judge_public(j, err);
}

/* The account is kept here and nowhere else: every row ends in exactly one of its columns. */
static int check_row(struct zm_check_worker *w, const struct zm_batch *batch, uint32_t i,
                     const struct zm_check_sink *sink, struct zm_account *account, struct zm_err *err)
{
    struct zm_judge *j = &w->judge;
    unsigned field;
    bool quarantine = false;
    begin_row(w, sink, batch->rows[i]);
    read_cells(j, batch, i);
    if (is_no_record(j, &field))
        return reject_totals(j, field, j->cells[field], account, err);
    w->tally.n_rows++;
    for (unsigned k = 0; k < batch->head->n_fields; k++)
        if (batch->head->fields[k] < ZM_N_ADDRESS_FIELDS)
            w->tally.empty[batch->head->fields[k]] += !j->cells[batch->head->fields[k]].len;
    ZM_TRY(judge_row(j, err));
    ZM_TRY(zm_judge_close(j, &quarantine, err));
    if (quarantine)
        account->quarantined[ZM_REASON_ERROR_RULE]++;
    else
        account->accepted++;
    return sink->address(sink->self, &j->a, quarantine, err);
}

/* A row the reader refused: counted, and if it was a totals line also spoken of. */
static int check_reject(struct zm_check_worker *w, const struct zm_reject *r,
                        const struct zm_check_sink *sink, struct zm_account *account, struct zm_err *err)
{
    if (r->reason >= ZM_N_REASONS)
        return zm_fail(err, ZM_E_INTERNAL, "row %llu was rejected for an unknown reason",
                       (unsigned long long)r->row);
    if (r->reason == ZM_REASON_TOTALS) {
        begin_row(w, sink, r->row);
        return reject_totals(&w->judge, r->field, ZM_STR("cell.totals"), account, err);
    }
    account->rejected[r->reason]++;
    return 0;
}

/* Rejects and rows are merged by row number, so that the sink sees one ascending order. */
int zm_check_batch(struct zm_check_worker *w, const struct zm_batch *batch, const struct zm_check_sink *sink,
                   struct zm_account *account, struct zm_err *err)
{
    const struct zm_batch_head *head = batch->head;
    uint32_t rejects = 0;
    if (head->kind != ZM_KIND_ADDRESS)
        return zm_fail(err, ZM_E_INTERNAL, "a batch of kind %u came to the judge of addresses", head->kind);
    for (unsigned k = 0; k < head->n_fields; k++)
        if (head->fields[k] < ZM_N_ADDRESS_FIELDS)
            w->tally.delivered[head->fields[k]] = true;
    for (uint32_t i = 0; i < head->n_rows; i++) {
        for (; rejects < head->n_rejects && batch->rejects[rejects].row < batch->rows[i]; rejects++)
            ZM_TRY(check_reject(w, &batch->rejects[rejects], sink, account, err));
        ZM_TRY(check_row(w, batch, i, sink, account, err));
    }
    for (; rejects < head->n_rejects; rejects++)
        ZM_TRY(check_reject(w, &batch->rejects[rejects], sink, account, err));
    account->rows_in += (uint64_t)head->n_rows + head->n_rejects;
    return 0;
}
