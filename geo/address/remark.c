#include "geo/address/scan.h"
#include "geo/base/buf.h"
#include "geo/base/utf8.h"
#include "geo/tables/text.h"

#include <stdio.h>

void zm_scan_remark(struct zm_scan *s, enum zm_rule_id rule, uint32_t begin, uint32_t end,
                    const struct zm_str *args, unsigned n_args, struct zm_str cause)
{
    struct zm_parsed *out = s->out;
    size_t len = 0;
    if (out->n_remarks == ZM_REMARKS_MAX)
        return;
    for (unsigned i = 0; i < n_args; i++)
        len += args[i].len + 1;
    char *p = zm_arena_alloc(s->arena, len + 1);
    if (!p) {
        s->no_memory = true;
        return;
    }
    len = 0;
    for (unsigned i = 0; i < n_args; i++) {
        if (i)
            p[len++] = ZM_ARG_SEP;
        if (args[i].len)
            memcpy(p + len, args[i].ptr, args[i].len);
        len += args[i].len;
    }
    out->remarks[out->n_remarks++] = (struct zm_remark){
        .rule = rule,
        .begin = s->f.at[begin],
        .end = end > begin ? s->f.at[end - 1] + s->f.len[end - 1] : s->f.at[begin],
        .args = {p, len},
        .cause = cause,
    };
}

void zm_scan_remark2(struct zm_scan *s, enum zm_rule_id rule, uint32_t begin, uint32_t end,
                     struct zm_str before, struct zm_str after)
{
    const struct zm_str args[] = {before, after};
    zm_scan_remark(s, rule, begin, end, args, 2, (struct zm_str){"", 0});
}

static bool span_of(const struct zm_scan *s, unsigned mark, struct zm_span *out)
{
    struct zm_span span = {0, 0};
    for (uint32_t i = 0; i < s->f.n; i++) {
        if (!(s->f.mark[i] & mark))
            continue;
        if (!span.end)
            span.begin = i;
        span.end = i + 1;
    }
    *out = span;
    return span.end != 0;
}

enum { SHOWN_CHARS_MAX = 60 };

/* ADR-013: full-width forms, blanks, controls. The remark shows one stretch of text before and after. */
static void width_remark(struct zm_scan *s)
{
    struct zm_span span;
    if (!span_of(s, ZM_MARK_WIDE | ZM_MARK_GAP, &span)) {
        if (s->f.mark[s->f.n] & ZM_MARK_GAP && s->f.n)
            span = (struct zm_span){s->f.n - 1, s->f.n};
        else if (!(s->f.seen & ZM_MARK_GAP))
            return;
    }
    if (span.end > span.begin + SHOWN_CHARS_MAX)
        span.end = span.begin + SHOWN_CHARS_MAX;
    if (span.begin > 0 && s->f.mark[span.begin] & ZM_MARK_GAP)
        span.begin--; /* the character before a blank, so that the blank is seen */
    uint32_t from = span.begin == 0 ? 0 : s->f.at[span.begin];
    uint32_t to = span.end >= s->f.n ? (uint32_t)s->text.len : s->f.at[span.end];
    struct zm_str after = zm_scan_text(s, span.begin, span.end);
    zm_scan_remark2(s, ZM_ADR_013, span.begin, span.end, zm_str_sub(s->text, from, to), after);
}

/* ADR-015: another dash between alphanumerics, shown with the number it stands in. */
static void dash_remark(struct zm_scan *s)
{
    struct zm_span span;
    if (!span_of(s, ZM_MARK_DASH, &span))
        return;
    span.end = span.begin + 1;
    while (span.begin > 0 && (zm_kind_at(s, span.begin - 1) & ZM_CH_ALNUM))
        span.begin--;
    while (zm_kind_at(s, span.end) & ZM_CH_ALNUM || zm_cp(s, span.end) == '-')
        span.end++;
    zm_scan_remark2(s, ZM_ADR_015, span.begin, span.end, zm_scan_raw(s, span.begin, span.end),
                    zm_scan_text(s, span.begin, span.end));
}

/* ADR-012: the characters and their code points, each once, at most eight. */
static void illegal_remark(struct zm_scan *s, unsigned mark)
{
    enum { SHOWN = 8 };
    char chars[SHOWN * 4] = {0}, codes[SHOWN * 10 + 1];
    uint32_t seen[SHOWN];
    unsigned n = 0;
    size_t n_chars = 0, n_codes = 0;
    struct zm_span span;
    if (!span_of(s, mark, &span))
        return;
    for (uint32_t i = span.begin; i < span.end && n < SHOWN; i++) {
        unsigned len, k = 0;
        const char *raw = s->text.ptr + s->f.at[i];
        uint32_t cp = zm_utf8_next(raw, s->text.ptr + s->text.len, &len);
        while (k < n && seen[k] != cp)
            k++;
        if (!(s->f.mark[i] & mark) || k < n)
            continue;
        seen[n++] = cp;
        n_chars += zm_utf8_put(cp, chars + n_chars);
        n_codes +=
            (size_t)snprintf(codes + n_codes, sizeof codes - n_codes, n > 1 ? " U+%04X" : "U+%04X", cp);
    }
    zm_scan_remark2(s, ZM_ADR_012, span.begin, span.end, (struct zm_str){chars, n_chars},
                    (struct zm_str){codes, n_codes});
}

void zm_scan_fold_remarks(struct zm_scan *s)
{
    if (s->f.seen & ZM_MARK_BAD)
        illegal_remark(s, ZM_MARK_BAD);
    if (s->f.seen & ZM_MARK_RARE)
        illegal_remark(s, ZM_MARK_RARE);
    if (s->f.seen & (ZM_MARK_WIDE | ZM_MARK_GAP))
        width_remark(s);
    if (s->f.seen & ZM_MARK_DASH)
        dash_remark(s);
}

/* ADR-032: a room of three or four digits says its floor: 302 is on the third. */
static void floor_remark(struct zm_scan *s)
{
    const struct zm_tuple *t = &s->out->tuple;
    uint64_t floor, room;
    bool numbers = zm_str_to_u64(t->floor, &floor) && zm_str_to_u64(t->room, &room);
    bool odd = numbers && t->room.len >= 3 && t->room.len <= 4 && room / 100 != floor;
    bool range = zm_str_to_u64(t->floor, &floor) && (floor == 0 || floor > 120);
    if (odd || range)
        zm_scan_remark2(s, ZM_ADR_032, 0, s->f.n, t->floor, t->room);
}

void zm_scan_final_remarks(struct zm_scan *s)
{
    const struct zm_tuple *t = &s->out->tuple;
    const struct zm_str none = {"", 0};
    if (t->floor.len)
        floor_remark(s);
    if (s->wrong_order.end) {
        uint32_t begin = s->wrong_order.begin, end = s->wrong_order.end;
        zm_scan_remark2(s, ZM_ADR_018, begin, end, zm_scan_raw(s, begin, end), ZM_STR("order.wrong"));
    }
    if (s->vague.end) {
        struct zm_str words = zm_scan_raw(s, s->vague.begin, s->vague.end);
        zm_scan_remark(s, ZM_ADR_020, s->vague.begin, s->vague.end, &words, 1, none);
    }
    if (s->residue_chars) {
        char count[24];
        zm_format_u64(count, s->residue_chars);
        zm_scan_remark2(s, ZM_ADR_019, s->residue.begin, s->residue.end,
                        zm_scan_raw(s, s->residue.begin, s->residue.end), zm_str(count));
    }
    bool slot_empty = (!s->county_said && !s->town_said) ||
                      (!s->town_said && !s->town && s->county != ZM_COUNTY_WITHOUT_TOWNS);
    if (s->devzone && slot_empty) {
        struct zm_str name = zm_scan_raw(s, s->devzone_span.begin, s->devzone_span.end);
        zm_scan_remark(s, ZM_ADR_039, s->devzone_span.begin, s->devzone_span.end, &name, 1, name);
    }
}
