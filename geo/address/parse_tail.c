/* What stands between and behind the parts: separators, notes in brackets, locators, fillers. */
#include "geo/address/scan.h"

/* Does a locator at all move the place? 门口 and 楼下 are at the door; 对面 and 旁 are another place. */
static bool moves_place(const struct zm_scan *s, uint32_t begin, uint32_t end)
{
    uint32_t last = zm_cp(s, end - 1);
    return last != 0x53E3 /* 口 */ && !(zm_cp(s, begin) == 0x95E8 && last == 0x524D) /* 门前 */ &&
           zm_cp(s, begin) != 0x697C /* 楼 */;
}

static void take_assist(struct zm_scan *s, uint32_t end)
{
    uint32_t begin = s->at;
    if (s->last == ZM_LAST_NAME && s->name_open && moves_place(s, begin, end))
        zm_open_name_becomes(s, ZM_SLOT_BUILDING); /* 工商银行旁 is a place, the bank is not */
    if (moves_place(s, begin, end) && s->last >= ZM_LAST_ROAD) {
        s->placed = true;
        s->out->tuple.estate = zm_scan_join(s, s->out->tuple.estate, zm_scan_text(s, begin, end));
    }
    s->vague = (struct zm_span){begin, end};
    zm_scan_part(s, ZM_LABEL_ASSIST, begin, end);
}

static void residue_add(struct zm_scan *s, uint32_t begin, uint32_t end)
{
    if (!s->residue_chars)
        s->residue = (struct zm_span){begin, end};
    s->residue.end = end;
    s->residue_chars += end - begin;
}

/* (A幢), (二楼), (东区) say where the door is: they are read on, lest doors that differ only there become
 * one. */
static bool names_a_place(const struct zm_scan *s, uint32_t begin, uint32_t end)
{
    struct zm_number n;
    uint32_t last = zm_cp(s, end - 1);
    if (begin == end)
        return false;
    if (zm_scan_number(s, begin, &n) && n.end <= end && n.slot != ZM_SLOT_DISTANCE && end - begin <= 16)
        return n.slot != ZM_SLOT_NONE || (n.end == end && n.atoms[0].end - n.atoms[0].begin < 6);
    return end - begin <= 8 &&
           (last == 0x697C /* 楼 */ || last == 0x533A /* 区 */ || last == 0x5EA7 /* 座 */);
}

/* A note: from the bracket to the one that closes it. Without one only the bracket is skipped. */
static void take_note(struct zm_scan *s)
{
    uint32_t begin = s->at, end = begin + 1;
    enum { NOTE_CHARS_MAX = 200 };
    while (end < s->f.n && end - begin < NOTE_CHARS_MAX && !(zm_kind_at(s, end) & ZM_CH_CLOSE))
        end++;
    if (end >= s->f.n || end - begin >= NOTE_CHARS_MAX || names_a_place(s, begin + 1, end)) {
        zm_scan_part(s, ZM_LABEL_REDUNDANT, begin, begin + 1);
        return;
    }
    if (!s->note.end)
        s->note = (struct zm_span){begin + 1, end};
    zm_scan_part(s, end > begin + 1 ? ZM_LABEL_OTHERINFO : ZM_LABEL_REDUNDANT, begin, end + 1);
}

static bool ends_word(const struct zm_scan *s, uint32_t i)
{
    return !(zm_kind_at(s, i) & (ZM_CH_HAN | ZM_CH_ALNUM));
}

static bool take_word(struct zm_scan *s)
{
    uint32_t len, end;
    enum zm_word word = zm_word_at(s, s->at, &len);
    end = s->at + len;
    switch (word) {
    case ZM_WORD_ASSIST:
        if (s->last <= ZM_LAST_DIVISION || (len == 2 && zm_road_follows(s, end)))
            return false;
        take_assist(s, end);
        return true;
    case ZM_WORD_CROSSING:
        if (len == 1 ? s->last != ZM_LAST_ROAD && s->last != ZM_LAST_VILLAGE : s->last <= ZM_LAST_DIVISION)
            return false;
        take_assist(s, end);
        return true;
    case ZM_WORD_LEVEL:
        if (s->last < ZM_LAST_NUMBER || (zm_kind_at(s, end) & ZM_CH_HAN))
            return false;
        zm_member_put(s, &s->out->tuple.floor, zm_scan_text(s, s->at, end));
        zm_scan_part(s, ZM_LABEL_FLOORNO, s->at, end);
        s->last = ZM_LAST_FLOOR;
        return true;
    case ZM_WORD_FILLER:
        if (len == 1 && !(ends_word(s, end) && (s->at == 0 || ends_word(s, s->at - 1))))
            return false;
        residue_add(s, s->at, end);
        zm_scan_part(s, ZM_LABEL_REDUNDANT, s->at, end);
        return true;
    default:
        return false;
    }
}

/* 与 和 及 between two roads. */
static bool take_and(struct zm_scan *s)
{
    uint32_t cp = zm_cp(s, s->at);
    bool is_and = cp == 0x4E0E || cp == 0x548C || cp == 0x53CA;
    if (!is_and || s->last != ZM_LAST_ROAD)
        return false;
    zm_scan_part(s, ZM_LABEL_ASSIST, s->at, s->at + 1);
    s->vague = (struct zm_span){s->at - 1, s->at};
    return true;
}

bool zm_take_tail(struct zm_scan *s)
{
    unsigned kind = zm_kind_at(s, s->at);
    if (kind & ZM_CH_OPEN) {
        take_note(s);
        return true;
    }
    if (kind & (ZM_CH_PUNCT | ZM_CH_CLOSE)) {
        struct zm_number n;
        uint32_t end = s->at;
        if (zm_cp(s, end) == '-' && zm_scan_number(s, end, &n) && n.slot == ZM_SLOT_FLOOR)
            return false; /* -1层 */
        bool dash = zm_cp(s, end) == '-';
        while (zm_kind_at(s, end) & (ZM_CH_PUNCT | ZM_CH_CLOSE) && !(zm_kind_at(s, end) & ZM_CH_OPEN))
            end++;
        dash = dash && end == s->at + 1;
        zm_scan_part(s, ZM_LABEL_REDUNDANT, s->at, end);
        s->dash = dash;
        return true;
    }
    return take_and(s) || (kind & ZM_CH_WORD && take_word(s));
}
