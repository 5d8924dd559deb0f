#include "geo/address/parser.h"

#include "geo/address/scan.h"

/* One part after the other. Every step takes at least one character, and none looks back further than its
 * name. */
static void scan_all(struct zm_scan *s)
{
    while (s->at < s->f.n && !s->no_memory) {
        bool at_head = s->last <= ZM_LAST_VILLAGE;
        if (zm_take_tail(s))
            continue;
        if ((at_head || s->last <= ZM_LAST_NAME) && zm_take_division(s))
            continue;
        if (zm_take_region(s))
            continue;
        if (zm_take_number(s))
            continue;
        zm_take_name(s);
    }
}

/* A development zone is no division, but a door that names nothing else is found by it. */
static void devzone_fill(struct zm_scan *s)
{
    struct zm_tuple *t = &s->out->tuple;
    if (s->devzone && !t->road.len && !t->village.len && !t->estate.len)
        t->village = zm_scan_text(s, s->devzone_span.begin, s->devzone_span.end);
}

/* The codes of other columns say what the text left out, as far as they lie in what the text said. */
static void context_fill(struct zm_scan *s)
{
    const struct zm_context *c = s->context;
    if (!c || s->foreign)
        return;
    if (!s->county && !s->county_said)
        s->county = c->county;
    bool towns = s->county != ZM_COUNTY_WITHOUT_TOWNS;
    if (towns && !s->town && !s->town_said && zm_division_parent(c->town) == s->county)
        s->town = c->town;
    bool inside = towns ? zm_division_parent(c->committee) == s->town
                        : zm_division_parent(zm_division_parent(c->committee)) == s->county;
    if (c->committee && !s->committee && !s->committee_span.end && inside)
        s->committee = c->committee;
}

static void codes_put(struct zm_scan *s)
{
    struct zm_tuple *t = &s->out->tuple;
    t->county = (uint32_t)s->county;
    t->town = (uint32_t)s->town;
    t->committee = s->committee;
}

/* How sure the reading is: what no rule of the grammar asked for costs. */
static float score_of(const struct zm_scan *s)
{
    const struct zm_tuple *t = &s->out->tuple;
    float score = 1.0F;
    if (!s->f.n)
        return 0;
    if (!t->county)
        score -= 0.3F;
    if (!t->town && t->county != ZM_COUNTY_WITHOUT_TOWNS)
        score -= 0.1F;
    if (!t->number.len && !t->building.len)
        score -= 0.2F;
    if (!t->road.len && !t->village.len && !t->estate.len)
        score -= 0.1F;
    if (s->wrong_order.end || s->placed)
        score -= 0.1F;
    if (s->residue_chars)
        score -= 0.2F;
    return score < 0 ? 0 : score;
}

int zm_parse(struct zm_parsed *out, const struct zm_gazetteer *g, struct zm_str text,
             const struct zm_context *context, struct zm_arena *arena, struct zm_err *err)
{
    struct zm_scan s = {.g = g, .context = context, .text = text, .arena = arena, .out = out};
    out->n_parts = out->n_remarks = 0;
    out->tuple = (struct zm_tuple){0};
    ZM_TRY(zm_fold(&s.f, g->fold, text, arena, err));
    scan_all(&s);
    zm_scan_finish_parts(&s);
    context_fill(&s);
    codes_put(&s);
    devzone_fill(&s);
    if (s.f.seen)
        zm_scan_fold_remarks(&s);
    zm_scan_final_remarks(&s);
    out->county_text = zm_scan_raw(&s, s.county_span.begin, s.county_span.end);
    out->town_text = zm_scan_raw(&s, s.town_span.begin, s.town_span.end);
    out->committee_text = zm_scan_raw(&s, s.committee_span.begin, s.committee_span.end);
    out->poi = zm_scan_raw(&s, s.poi.begin, s.poi.end);
    out->note = zm_scan_raw(&s, s.note.begin, s.note.end);
    out->score = score_of(&s);
    if (s.no_memory)
        return zm_fail(err, ZM_E_MEMORY, "no room in the arena to parse a text of %zu bytes", text.len);
    return zm_tuple_standard(&out->standard, &out->tuple, g, arena, err);
}
