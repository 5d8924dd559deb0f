/* What the code and name columns of a row say about its divisions, before the text is read. */
#include "geo/base/hash.h"
#include "geo/base/mem.h"
#include "geo/check/judge.h"

enum { COUNTY_DIGITS = 6, TOWN_DIGITS = 9, COMMITTEE_DIGITS = 12, SEGMENT_DIGITS = 3, SUCCESSION_MAX = 8 };

static uint64_t power10(unsigned n)
{
    uint64_t p = 1;
    while (n--)
        p *= 10;
    return p;
}

/* The day at which the record claims to be true: a retired one is judged by its own time. */
static uint32_t record_date(const struct zm_judge *j)
{
    uint32_t as_of = j->w->checker->as_of;
    bool past = j->a.status == ZM_STATUS_RETIRED && j->a.valid_to && j->a.valid_to < as_of;
    return past && j->a.valid_from ? j->a.valid_from : as_of;
}

/* Follows single successors to a division valid today; 0 if the trail ends or forks. */
static uint64_t current_of(const struct zm_divisions *all, const struct zm_division *d, uint32_t date)
{
    for (int i = 0; d && i < SUCCESSION_MAX; i++) {
        if (zm_division_valid(d, date))
            return d->code;
        d = d->successor ? zm_division_at(all, d->successor, 0) : NULL;
    }
    return 0;
}

/* "6" or "006" under a known county or town: the last segments alone. *padded: zeros had been lost. */
static uint64_t relative_code(const struct zm_judge *j, unsigned level, uint64_t value, size_t len,
                              bool *padded)
{
    const struct zm_divisions *all = j->w->checker->divisions;
    unsigned digits = level == ZM_STATED_TOWN ? TOWN_DIGITS : COMMITTEE_DIGITS;
    for (unsigned above = level; above-- > 0;) {
        uint64_t parent = j->stated[above].effective;
        unsigned width = digits - (above == ZM_STATED_TOWN ? TOWN_DIGITS : COUNTY_DIGITS);
        if (!parent || len > width || !value)
            continue;
        uint64_t code = parent * power10(width) + value;
        if (!zm_division_at(all, code, 0))
            continue;
        *padded = len < width;
        return code;
    }
    return 0;
}

/* A code in full from a cell that may be padded with zeros, shortened to its last segment, or have lost
 * zeros. */
static int complete(struct zm_judge *j, unsigned level, uint64_t value, uint64_t *code, struct zm_err *err)
{
    static const unsigned all_digits[ZM_N_STATED] = {COUNTY_DIGITS, TOWN_DIGITS, COMMITTEE_DIGITS};
    struct zm_str cell = j->stated[level].cell;
    unsigned digits = all_digits[level];
    *code = value;
    if (cell.len == digits)
        return 0;
    if (cell.len > digits) { /* 330302000000 in a column of counties */
        uint64_t tail = power10((unsigned)cell.len - digits);
        if (value % tail == 0)
            *code = value / tail;
        return 0;
    }
    bool padded = false;
    uint64_t found = level == ZM_STATED_COUNTY ? 0 : relative_code(j, level, value, cell.len, &padded);
    if (!found)
        return 0;
    *code = found;
    if (!padded || !zm_judge_on(j, ZM_IMP_003))
        return 0;
    struct zm_str full = zm_judge_text_of(&j->w->row, "%llu", (unsigned long long)found);
    struct zm_verdict v = {
        .rule = ZM_IMP_003, .field = zm_code_fields[level], .worst = ZM_ERROR, .fixed = true};
    return zm_judge_say(j, v, 2, (struct zm_str[]){cell, full}, err);
}

/* The row of a code on a day. Neighbouring rows share their codes, so the last answer of each level is kept.
 */
static const struct zm_division *look_up(const struct zm_judge *j, unsigned level, uint64_t code,
                                         uint32_t date)
{
    struct zm_recent_code *recent = &j->w->recent[level];
    if (recent->code != code || recent->date != date || !code)
        *recent = (struct zm_recent_code){code, date, zm_division_at(j->w->checker->divisions, code, date)};
    return recent->division;
}

/* One code column: what it states, whether the table knows it, and what it means today. */
static int read_code(struct zm_judge *j, unsigned level, struct zm_err *err)
{
    static const enum zm_division_level levels[ZM_N_STATED] = {ZM_COUNTY, ZM_TOWN, ZM_COMMITTEE};
    struct zm_stated *s = &j->stated[level];
    uint64_t value;
    s->cell = j->cells[zm_code_fields[level]];
    if (!s->cell.len || zm_digits_lost(s->cell))
        return 0;
    s->state = ZM_STATED_UNKNOWN;
    /* Programs that take codes for numbers write 330302.0; nothing is lost by that. */
    if (zm_str_ends(s->cell, ZM_STR(".0")))
        s->cell = zm_str_sub(s->cell, 0, s->cell.len - 2);
    if (!zm_str_to_u64(s->cell, &value))
        return 0;
    ZM_TRY(complete(j, level, value, &s->code, err));
    /* 330302006000 in a column of committees names no committee. */
    if (level != ZM_STATED_COUNTY && s->code % power10(SEGMENT_DIGITS) == 0) {
        *s = (struct zm_stated){.cell = s->cell};
        return 0;
    }
    if (zm_division_level_of(s->code) != levels[level])
        return 0;
    s->division = look_up(j, level, s->code, record_date(j));
    if (s->division) {
        s->state = ZM_STATED_VALID;
        s->effective = s->code;
        return 0;
    }
    s->division = zm_division_at(j->w->checker->divisions, s->code, 0);
    if (!s->division)
        return 0;
    s->state = ZM_STATED_RETIRED;
    s->effective = current_of(j->w->checker->divisions, s->division, record_date(j));
    return 0;
}

/* The most exact code speaks for the levels above it where these are silent. */
static void fill_upwards(uint64_t code[ZM_N_STATED])
{
    if (code[ZM_STATED_COMMITTEE] && !code[ZM_STATED_TOWN])
        code[ZM_STATED_TOWN] = zm_division_parent(code[ZM_STATED_COMMITTEE]);
    if (code[ZM_STATED_TOWN] && !code[ZM_STATED_COUNTY])
        code[ZM_STATED_COUNTY] = zm_division_parent(code[ZM_STATED_TOWN]);
}

/* Codes first, then names where they fit below these codes: a name that contradicts a code is ADR-003's
 * business and must not move the row. */
struct zm_context zm_judge_context(const struct zm_judge *j)
{
    uint64_t code[ZM_N_STATED] = {0};
    for (unsigned i = 0; i < ZM_N_STATED; i++) {
        uint64_t effective = j->stated[i].effective;
        unsigned level = zm_division_level_of(effective);
        if (effective && level >= ZM_COUNTY) /* a town may have become a county: 龙港 */
            code[level - ZM_COUNTY] = effective;
    }
    fill_upwards(code);
    for (unsigned i = 0; i < ZM_N_STATED; i++) {
        bool fits = i == ZM_STATED_COUNTY || !code[i - 1] ||
                    zm_division_parent(j->named.code[i]) == code[i - 1] || i == ZM_STATED_COMMITTEE;
        if (!code[i] && fits)
            code[i] = j->named.code[i];
    }
    if (code[ZM_STATED_COUNTY] == ZM_NO_TOWN_COUNTY)
        code[ZM_STATED_TOWN] = 0;
    return (struct zm_context){
        .county = (uint32_t)code[ZM_STATED_COUNTY],
        .town = (uint32_t)code[ZM_STATED_TOWN],
        .committee = code[ZM_STATED_COMMITTEE],
        .city = j->w->checker->city,
    };
}

/* The same cells may mean another place in another context, so both are in the key. */
static uint64_t memo_key(const struct zm_judge *j, const struct zm_context *c)
{
    uint64_t key = zm_hash_mix(zm_hash_mix(c->county, c->town), c->committee);
    for (unsigned i = 0; i < ZM_N_STATED; i++)
        key = zm_hash_mix(key, zm_hash(j->cells[zm_name_fields[i]]));
    return key | 1;
}

/* The column a byte of the joined names came from. */
static unsigned field_at(const struct zm_judge *j, size_t at)
{
    for (unsigned i = 0; i < ZM_N_STATED; i++) {
        size_t len = j->cells[zm_name_fields[i]].len;
        if (at < len)
            return zm_name_fields[i];
        at -= len;
    }
    return ZM_AF_TOWN;
}

/* Names in columns are read by the parser as well, so that old, short and mistyped names mean the same
 * everywhere. */
static int read_names(struct zm_judge *j, struct zm_context context, struct zm_err *err)
{
    struct zm_check_worker *w = j->w;
    size_t len = 0;
    for (unsigned i = 0; i < ZM_N_STATED; i++)
        len += j->cells[zm_name_fields[i]].len;
    if (!len)
        return 0;
    uint64_t key = memo_key(j, &context);
    struct zm_name_memo *memo = &w->memo[key >> 8 & (ZM_NAME_MEMO - 1)];
    if (memo->key == key) {
        j->named = memo->named;
        return 0;
    }
    char *joined = zm_arena_alloc(&w->row, len);
    if (!joined)
        return zm_fail_memory(err, len);
    size_t at = 0;
    for (unsigned i = 0; i < ZM_N_STATED; i++) {
        struct zm_str cell = j->cells[zm_name_fields[i]];
        if (cell.len)
            memcpy(joined + at, cell.ptr, cell.len);
        at += cell.len;
    }
    struct zm_parsed *p = &w->names;
    ZM_TRY(zm_parse(p, w->checker->gazetteer, zm_str_n(joined, len), &context, &w->row, err));
    j->named.code[ZM_STATED_COUNTY] = j->cells[ZM_AF_COUNTY].len && p->county_text.len ? p->tuple.county : 0;
    j->named.code[ZM_STATED_TOWN] = j->cells[ZM_AF_TOWN].len && p->town_text.len ? p->tuple.town : 0;
    j->named.code[ZM_STATED_COMMITTEE] =
        j->cells[ZM_AF_COMMITTEE].len && p->committee_text.len ? p->tuple.committee : 0;
    unsigned before = j->n_verdicts;
    for (unsigned i = 0; i < p->n_remarks; i++)
        ZM_TRY(zm_judge_remark(j, &p->remarks[i], field_at(j, p->remarks[i].begin), err));
    if (j->n_verdicts == before) /* a reading with remarks must be remarked on for every row */
        *memo = (struct zm_name_memo){.key = key, .named = j->named};
    return 0;
}

int zm_judge_codes(struct zm_judge *j, struct zm_err *err)
{
    for (unsigned level = 0; level < ZM_N_STATED; level++)
        ZM_TRY(read_code(j, level, err));
    return read_names(j, zm_judge_context(j), err);
}

/* Forgets what was said of the name columns, before they are read anew. */
static void take_back(struct zm_judge *j)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < j->n_verdicts; i++) {
        unsigned f = j->verdicts[i].field;
        if (f != ZM_AF_COUNTY && f != ZM_AF_TOWN && f != ZM_AF_COMMITTEE)
            j->verdicts[kept++] = j->verdicts[i];
    }
    j->n_verdicts = kept;
}

int zm_judge_names_again(struct zm_judge *j, struct zm_err *err)
{
    const struct zm_tuple *t = &j->a.tuple;
    struct zm_context context = zm_judge_context(j);
    bool open = false;
    for (unsigned i = 0; i < ZM_N_STATED; i++)
        open = open || (j->cells[zm_name_fields[i]].len && !j->named.code[i]);
    if (!open || !t->county || (context.county == t->county && context.town == t->town))
        return 0;
    take_back(j);
    context = (struct zm_context){.county = t->county, .town = t->town, .city = context.city};
    return read_names(j, context, err);
}
