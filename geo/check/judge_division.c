/* ADR-002 to ADR-007: codes against the table, against each other, and against the names beside them. */
#include "geo/base/date.h"
#include "geo/base/mem.h"
#include "geo/check/judge.h"

static uint64_t tuple_code(const struct zm_tuple *t, unsigned level)
{
    return level == ZM_STATED_COUNTY ? t->county : level == ZM_STATED_TOWN ? t->town : t->committee;
}

static struct zm_str text_name(const struct zm_parsed *p, unsigned level)
{
    return level == ZM_STATED_COUNTY ? p->county_text
           : level == ZM_STATED_TOWN ? p->town_text
                                     : p->committee_text;
}

static struct zm_str code_text(struct zm_judge *j, uint64_t code)
{
    return code ? zm_judge_text_of(&j->w->row, "%llu", (unsigned long long)code) : (struct zm_str){"", 0};
}

/* ADR-002 of a code that is in no table. What the rest of the row says of that level is the suggestion. */
static int say_unknown(struct zm_judge *j, unsigned level, struct zm_err *err)
{
    uint64_t guess = tuple_code(&j->a.tuple, level);
    struct zm_str cell = j->stated[level].cell, name = zm_judge_name(j, guess), code = code_text(j, guess);
    struct zm_verdict v = {
        .rule = ZM_ADR_002, .field = zm_code_fields[level], .worst = ZM_ERROR, .cause = cell};
    return zm_judge_say(j, v, 3, (struct zm_str[]){cell, name, code}, err);
}

static int say_retired(struct zm_judge *j, unsigned level, struct zm_err *err)
{
    const struct zm_stated *s = &j->stated[level];
    char day[11];
    zm_date_format(s->division->valid_to, day);
    struct zm_str date = zm_arena_copy(&j->w->row, zm_str(day));
    struct zm_str args[4] = {s->cell, zm_judge_name(j, s->effective), code_text(j, s->effective), date};
    struct zm_verdict v = {
        .rule = ZM_ADR_004, .field = zm_code_fields[level], .worst = ZM_ERROR, .cause = s->cell};
    v.fixed = s->effective != 0;
    return zm_judge_say(j, v, 4, args, err);
}

/* ADR-005: the code of a level does not begin with the code of the level above it. A successor's code may
 * differ from the one it took over, so both are tried. */
static int judge_prefix(struct zm_judge *j, unsigned level, struct zm_err *err)
{
    const struct zm_stated *child = &j->stated[level];
    const struct zm_stated *parent = &j->stated[level - 1];
    if (level == ZM_STATED_COMMITTEE && parent->state == ZM_STATED_ABSENT) {
        parent = &j->stated[ZM_STATED_COUNTY];
        if (!child->code || !parent->code || child->code / 1000000 == parent->code)
            return 0;
    } else if (!child->code || !parent->code || zm_division_parent(child->code) == parent->code) {
        return 0;
    }
    if (child->effective && parent->effective && child->effective != child->code &&
        zm_division_parent(child->effective) == parent->effective)
        return 0;
    struct zm_verdict v = {.rule = ZM_ADR_005, .field = zm_code_fields[level], .worst = ZM_ERROR};
    return zm_judge_say(j, v, 2, (struct zm_str[]){code_text(j, child->code), code_text(j, parent->code)},
                        err);
}

/* The name without its generic: 五马街道 -> 五马, 鼓楼社区居委会 -> 鼓楼. */
static struct zm_str stem(struct zm_str name)
{
    static const struct zm_str generics[] = {ZM_LIT("社区居民委员会"),
                                             ZM_LIT("村民委员会"),
                                             ZM_LIT("居民委员会"),
                                             ZM_LIT("社区居委会"),
                                             ZM_LIT("村委会"),
                                             ZM_LIT("居委会"),
                                             ZM_LIT("股份经济合作社"),
                                             ZM_LIT("经济合作社"),
                                             ZM_LIT("街道办事处"),
                                             ZM_LIT("街道"),
                                             ZM_LIT("社区"),
                                             ZM_LIT("镇"),
                                             ZM_LIT("乡"),
                                             ZM_LIT("村"),
                                             ZM_LIT("区"),
                                             ZM_LIT("县"),
                                             ZM_LIT("市")};
    for (size_t i = 0; i < sizeof generics / sizeof *generics; i++) {
        struct zm_str g = generics[i];
        if (name.len > g.len && zm_str_ends(name, g))
            return zm_str_sub(name, 0, name.len - g.len);
    }
    return name;
}

/* Is it a way to write that name: in full, with the names above it before it, or without its generic? */
static bool means(struct zm_str stated, struct zm_str name)
{
    struct zm_str s = stem(stated), n = stem(name);
    if (zm_str_ends(stated, name) || zm_str_eq(stated, n))
        return true;
    bool committee = !zm_str_ends(stated, ZM_STR("镇")) && !zm_str_ends(stated, ZM_STR("乡")) &&
                     !zm_str_ends(stated, ZM_STR("街道"));
    return committee && zm_str_eq(s, n);
}

/* Rows with the same name beside the same code have one cause, usually a wrong line in a lookup table. */
static int say_mismatch(struct zm_judge *j, unsigned field, struct zm_str name, uint64_t code,
                        struct zm_err *err)
{
    struct zm_verdict v = {.rule = ZM_ADR_003, .field = field, .worst = ZM_ERROR};
    v.cause = zm_judge_text_of(&j->w->row, "%.*s/%llu", ZM_FMT(name), (unsigned long long)code);
    if (!v.cause.ptr)
        return zm_fail_memory(err, 0);
    return zm_judge_say(j, v, 3, (struct zm_str[]){name, code_text(j, code), zm_judge_name(j, code)}, err);
}

/* Was the name found to be unknown or retired? Then that is the finding, not its code. */
static bool remarked_on(const struct zm_judge *j, unsigned field)
{
    for (unsigned i = 0; i < j->n_verdicts; i++)
        if (j->verdicts[i].field == field &&
            (j->verdicts[i].rule == ZM_ADR_002 || j->verdicts[i].rule == ZM_ADR_004))
            return true;
    return false;
}

/* Does a column's name speak of another division than its code? */
static bool column_differs(const struct zm_judge *j, unsigned level, struct zm_str cell)
{
    uint64_t code = j->stated[level].effective, named = j->named.code[level];
    struct zm_str name = zm_judge_name(j, code);
    if (named == code || zm_str_ends(cell, name))
        return false;
    /* A name that was understood is compared by its code: 上陡门村 and 上陡门社区 may be two committees of a
     * town. */
    return named || (!means(cell, name) && !remarked_on(j, zm_name_fields[level]));
}

/* ADR-003: code column against name column, and both against the text. The text of a retired division may
 * mean another one than it names (苍南县龙港镇 is 龙港市), so its words are compared as well. */
static int judge_names(struct zm_judge *j, unsigned level, struct zm_err *err)
{
    uint64_t code = j->stated[level].effective, read = tuple_code(&j->w->parsed.tuple, level);
    uint64_t column = code ? code : j->named.code[level];
    struct zm_str cell = j->cells[zm_name_fields[level]], text = text_name(&j->w->parsed, level);
    if (code && cell.len && column_differs(j, level, cell))
        ZM_TRY(say_mismatch(j, zm_name_fields[level], cell, code, err));
    if (column && text.len && read && read != column && !zm_str_ends(text, zm_judge_name(j, column)))
        ZM_TRY(say_mismatch(j, ZM_AF_TEXT, text, column, err));
    return 0;
}

/* What the segment of a code says its division is called (GB/T 10114): 001-099 街道, 100-199 镇, 200-399 乡.
 */
static bool town_segment_fits(unsigned segment, struct zm_str name)
{
    if (segment < 1 || segment > 399)
        return true;
    struct zm_str generic = segment < 100 ? ZM_STR("街道") : segment < 200 ? ZM_STR("镇") : ZM_STR("乡");
    return zm_str_ends(name, generic) ||
           !(zm_str_ends(name, ZM_STR("街道")) || zm_str_ends(name, ZM_STR("镇")) ||
             zm_str_ends(name, ZM_STR("乡")));
}

/* 001-199 are communities, 200-399 villages (the statistical division code of 2009). */
static bool committee_segment_fits(unsigned segment, struct zm_str name)
{
    if (segment >= 1 && segment <= 199)
        return !zm_str_ends(name, ZM_STR("村")) && !zm_str_ends(name, ZM_STR("村委会")) &&
               !zm_str_ends(name, ZM_STR("村民委员会"));
    if (segment >= 200 && segment <= 399)
        return !zm_str_ends(name, ZM_STR("社区")) && !zm_str_ends(name, ZM_STR("居委会")) &&
               !zm_str_ends(name, ZM_STR("居民委员会"));
    return true;
}

/* ADR-006, ADR-007: needs a code and a name beside it. Where the official table itself calls the code so, the
 * committee was converted and kept its code: only information. */
static int judge_segment(struct zm_judge *j, unsigned level, struct zm_err *err)
{
    const struct zm_stated *s = &j->stated[level];
    struct zm_str cell = j->cells[zm_name_fields[level]];
    struct zm_str name = cell.len ? cell : text_name(&j->w->parsed, level);
    /* 墨池村 for 墨池社区 is no committee the parser knows; it is read as a natural village. */
    struct zm_str village = j->a.tuple.village;
    if (level == ZM_STATED_COMMITTEE && !cell.len && !j->w->parsed.tuple.committee && s->division &&
        village.len && zm_str_eq(stem(village), stem(s->division->name)))
        name = village;
    unsigned segment = (unsigned)(s->code % 1000);
    bool fits =
        level == ZM_STATED_TOWN ? town_segment_fits(segment, name) : committee_segment_fits(segment, name);
    if (!s->code || !name.len || fits)
        return 0;
    struct zm_verdict v = {.rule = level == ZM_STATED_TOWN ? ZM_ADR_006 : ZM_ADR_007, .worst = ZM_ERROR};
    v.field = zm_code_fields[level];
    if (s->division && zm_str_ends(name, s->division->name))
        v.worst = ZM_INFO;
    v.cause = zm_judge_text_of(&j->w->row, "%.*s/%llu", ZM_FMT(name), (unsigned long long)s->code);
    if (!v.cause.ptr)
        return zm_fail_memory(err, 0);
    return zm_judge_say(j, v, 2, (struct zm_str[]){name, code_text(j, s->code)}, err);
}

int zm_judge_divisions(struct zm_judge *j, struct zm_err *err)
{
    for (unsigned level = 0; level < ZM_N_STATED; level++) {
        if (j->stated[level].state == ZM_STATED_UNKNOWN)
            ZM_TRY(say_unknown(j, level, err));
        else if (j->stated[level].state == ZM_STATED_RETIRED)
            ZM_TRY(say_retired(j, level, err));
    }
    for (unsigned level = 0; level < ZM_N_STATED; level++) {
        /* Whoever mixes up the county mixes up all below it: said once. */
        if (!zm_judge_said(j, ZM_ADR_003))
            ZM_TRY(judge_names(j, level, err));
        if (level == ZM_STATED_COUNTY)
            continue;
        ZM_TRY(judge_prefix(j, level, err));
        ZM_TRY(judge_segment(j, level, err));
    }
    return 0;
}
