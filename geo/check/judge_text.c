/* The text: read by the parser, whose remarks become verdicts. */
#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/check/judge.h"
#include "geo/tables/text.h"

enum {
    RESIDUE_CHARS = 8,   /* ADR-019: a longer unread rest is an error */
    RESIDUE_PERCENT = 30 /* or a larger share of the text */
};

/* Argument i of joined args; empty if there are not so many. */
static struct zm_str arg_at(struct zm_str args, unsigned i)
{
    struct zm_str part = {"", 0};
    for (unsigned k = 0; k <= i; k++) {
        if (!args.ptr)
            return (struct zm_str){"", 0};
        part = zm_str_cut(&args, ZM_ARG_SEP);
    }
    return part;
}

/* ADR-012: a rare Han character is a warning, anything that is no Han character at all (private use, symbols)
 * an error. */
static enum zm_severity worst_character(struct zm_str characters)
{
    const char *at = characters.ptr, *end = at + characters.len;
    while (at < end) {
        unsigned len;
        uint32_t code = zm_utf8_next(at, end, &len);
        if (!zm_is_han(code))
            return ZM_ERROR;
        at += len;
    }
    return ZM_WARNING;
}

static enum zm_severity worst_residue(const struct zm_judge *j, struct zm_str args)
{
    uint64_t chars;
    if (!zm_str_to_u64(arg_at(args, 1), &chars))
        chars = zm_utf8_count(arg_at(args, 0));
    size_t all = zm_utf8_count(j->a.text);
    double many = zm_judge_threshold(j, ZM_ADR_019, RESIDUE_CHARS);
    return (double)chars > many || chars * 100 > all * RESIDUE_PERCENT ? ZM_ERROR : ZM_WARNING;
}

/* Was our reading corrected, or is there work left? */
static bool is_fixed(const struct zm_remark *r)
{
    switch (r->rule) {
    case ZM_ADR_004: /* only where the successor is the only one */
        return arg_at(r->args, 2).len > 0;
    case ZM_ADR_018:
        return zm_str_eq(arg_at(r->args, 1), ZM_STR("order.repeated"));
    default:
        return zm_rules()[r->rule].fixes;
    }
}

/* In the columns of county, town and committee only names and characters can be wrong. */
static bool speaks_of_names(enum zm_rule_id rule)
{
    return rule == ZM_ADR_002 || rule == ZM_ADR_004 || rule == ZM_ADR_008 || rule == ZM_ADR_012 ||
           rule == ZM_ADR_013 || rule == ZM_ADR_039;
}

int zm_judge_remark(struct zm_judge *j, const struct zm_remark *remark, unsigned field, struct zm_err *err)
{
    struct zm_verdict v = {.rule = remark->rule, .field = field, .worst = ZM_ERROR, .cause = remark->cause};
    if (field != ZM_AF_TEXT && !speaks_of_names(remark->rule))
        return 0;
    v.fixed = is_fixed(remark);
    if (remark->rule == ZM_ADR_012)
        v.worst = worst_character(arg_at(remark->args, 0));
    else if (remark->rule == ZM_ADR_019)
        v.worst = worst_residue(j, remark->args);
    return zm_judge_say(j, v, 1, &remark->args, err);
}

/* Levels the text leaves out are those of the columns. True if the tuple became richer. */
static bool complete_tuple(struct zm_judge *j, const struct zm_context *c)
{
    struct zm_tuple *t = &j->a.tuple;
    const struct zm_parsed *p = &j->w->parsed;
    struct zm_tuple before = *t;
    if (!t->county && !p->county_text.len)
        t->county = c->county;
    if (!t->county && t->town)
        t->county = (uint32_t)zm_division_parent(t->town);
    if (!t->town && !p->town_text.len && c->town && zm_division_parent(c->town) == t->county)
        t->town = c->town;
    if (!t->committee && !p->committee_text.len && c->committee &&
        (t->town ? zm_division_parent(c->committee) == t->town : c->committee / 1000000 == t->county))
        t->committee = c->committee;
    if (!t->town && t->committee)
        t->town = (uint32_t)zm_division_parent(t->committee);
    if (t->county == ZM_NO_TOWN_COUNTY)
        t->town = 0;
    return before.county != t->county || before.town != t->town || before.committee != t->committee;
}

int zm_judge_parse(struct zm_judge *j, struct zm_err *err)
{
    struct zm_check_worker *w = j->w;
    struct zm_parsed *p = &w->parsed;
    struct zm_context context = zm_judge_context(j);
    ZM_TRY(zm_parse(p, w->checker->gazetteer, j->a.text, &context, &w->row, err));
    j->a.tuple = p->tuple;
    j->a.standard = p->standard;
    j->a.poi = p->poi;
    j->a.score = p->score;
    if (!j->a.note.len)
        j->a.note = p->note;
    ZM_TRY(zm_judge_names_again(j, err));
    context = zm_judge_context(j);
    if (complete_tuple(j, &context))
        ZM_TRY(zm_tuple_standard(&j->a.standard, &j->a.tuple, w->checker->gazetteer, &w->row, err));
    for (unsigned i = 0; i < p->n_remarks; i++)
        ZM_TRY(zm_judge_remark(j, &p->remarks[i], ZM_AF_TEXT, err));
    return 0;
}

/* One finding names all that is missing: the clerk fills the row in once. */
static int say_missing(struct zm_judge *j, const bool missing[3], struct zm_err *err)
{
    static const char *const keys[3] = {"county", "town", "number"};
    struct zm_str list = {"", 0};
    for (int i = 0; i < 3; i++) {
        if (!missing[i])
            continue;
        list = list.len ? zm_judge_text_of(&j->w->row, "%.*s,%s", ZM_FMT(list), keys[i]) : zm_str(keys[i]);
        if (!list.ptr)
            return zm_fail_memory(err, 0);
    }
    struct zm_verdict v = {.rule = ZM_ADR_001, .field = ZM_AF_TEXT, .worst = ZM_ERROR};
    return list.len ? zm_judge_say(j, v, 1, &list, err) : 0;
}

/* ADR-032: more storeys up than the sender says the building has. */
static int judge_floors(struct zm_judge *j, struct zm_err *err)
{
    double floors, floor;
    const struct zm_tuple *t = &j->a.tuple;
    if (!t->floor.len || !zm_str_to_double(j->cells[ZM_AF_FLOORS], &floors) || floors < 1 ||
        !zm_str_to_double(t->floor, &floor) || floor <= floors)
        return 0;
    struct zm_verdict v = {.rule = ZM_ADR_032, .field = ZM_AF_FLOORS, .worst = ZM_ERROR};
    return zm_judge_say(j, v, 2, (struct zm_str[]){t->floor, t->room}, err);
}

/* 河田大厦 is both the estate and its only building. */
static bool is_building(struct zm_str estate)
{
    return zm_str_ends(estate, ZM_STR("大厦")) || zm_str_ends(estate, ZM_STR("大楼"));
}

/* ADR-001. A complete address has a county, a town (but for 龙港市), and
 * a door that is numbered along a road, in a village, or by its building in an estate. */
int zm_judge_levels(struct zm_judge *j, struct zm_err *err)
{
    const struct zm_tuple *t = &j->a.tuple;
    const struct zm_parsed *p = &j->w->parsed;
    /* A town that is stated but unknown, or a development zone in its place, is another rule's case. */
    bool town_stated = t->town || p->town_text.len || j->cells[ZM_AF_TOWN].len || j->cells[ZM_AF_TOWN9].len ||
                       zm_judge_said(j, ZM_ADR_039);
    bool committee_stated = t->committee || p->committee_text.len;
    bool place = t->road.len || t->village.len || t->estate.len || committee_stated;
    bool missing[3] = {
        t->county == 0,
        t->county != ZM_NO_TOWN_COUNTY && !town_stated && !t->committee,
        !(t->number.len && place) && !(t->estate.len && t->building.len) && !is_building(t->estate),
    };
    ZM_TRY(say_missing(j, missing, err));
    return judge_floors(j, err);
}

/* Where a room or a sensitive word may stand: not in the names of roads and divisions. */
static bool is_free_text(enum zm_label label)
{
    return label == ZM_LABEL_POI || label == ZM_LABEL_SUBPOI || label == ZM_LABEL_OTHERINFO ||
           label == ZM_LABEL_REDUNDANT || label == ZM_LABEL_ASSIST;
}

static bool find_sensitive(const struct zm_tsv *words, struct zm_str s, struct zm_str *word)
{
    for (uint32_t i = 0; i < words->n_rows; i++) {
        *word = zm_tsv_cell(words, i, 0);
        if (zm_str_has(s, *word))
            return true;
    }
    return false;
}

/* Rooms are told by cause, as they are usually every second row of a delivery. */
int zm_judge_public(struct zm_judge *j, struct zm_err *err)
{
    if (!j->w->checker->public_profile)
        return 0;
    struct zm_verdict v = {.rule = ZM_CRD_013, .field = ZM_AF_TEXT, .worst = ZM_ERROR};
    const struct zm_parsed *p = &j->w->parsed;
    struct zm_str word;
    bool hit = find_sensitive(&j->w->sensitive, j->cells[ZM_AF_NOTE], &word);
    for (unsigned i = 0; i < p->n_parts && !hit; i++)
        hit = is_free_text(p->parts[i].label) &&
              find_sensitive(&j->w->sensitive, zm_str_sub(j->a.text, p->parts[i].begin, p->parts[i].end),
                             &word);
    if (hit) {
        v.cause = word;
        ZM_TRY(zm_judge_say(j, v, 1, &word, err));
    }
    if (j->a.level < 5)
        return 0;
    v.cause = ZM_STR("room");
    return zm_judge_say(j, v, 1, &j->a.tuple.room, err);
}
