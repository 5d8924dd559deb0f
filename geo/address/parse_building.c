/* Numbers inside: building, unit, floor, room, and bare numbers, whose meaning the place before them decides.
 */
#include "geo/address/scan.h"

/* ADR-016: 3栋, 3号楼, 3# are written 3幢; A座 is a name of its own. */
static void word_remark(struct zm_scan *s, const struct zm_number *n, struct zm_str text)
{
    bool letters = text.len && text.len <= 2 && text.ptr[0] > '9' && text.ptr[text.len - 1] > '9';
    if (n->word == 0x5E62 /* 幢 */ || (letters && n->word == 0x5EA7 /* 座 */))
        return;
    zm_scan_remark2(s, ZM_ADR_016, n->begin, n->end, zm_scan_raw(s, n->begin, n->end),
                    zm_scan_join(s, text, letters ? ZM_STR("座") : ZM_STR("幢")));
}

/* A room is [A-Z]?digits{1,5}(-digits)*室, a unit letters and digits (ADR-017). */
static bool room_is_standard(const struct zm_scan *s, const struct zm_number *n)
{
    if (n->word != 0x5BA4 /* 室 */)
        return false;
    for (unsigned a = 0; a < n->n_atoms; a++) {
        uint32_t i = n->atoms[a].begin, end = n->atoms[a].end;
        if (a == 0 && (zm_kind_at(s, i) & ZM_CH_ALPHA))
            i++;
        if (i == end || end - i > 5 || (a > 0 && n->atoms[a].joiner != '-'))
            return false;
        for (; i < end; i++)
            if (!(zm_kind_at(s, i) & ZM_CH_DIGIT))
                return false;
    }
    return true;
}

static void format_remark(struct zm_scan *s, const struct zm_number *n)
{
    struct zm_str raw = zm_scan_raw(s, n->begin, n->end);
    zm_scan_remark(s, ZM_ADR_017, n->begin, n->end, &raw, 1, (struct zm_str){"", 0});
}

void zm_take_inside(struct zm_scan *s, const struct zm_number *n)
{
    struct zm_tuple *t = &s->out->tuple;
    struct zm_str text = zm_number_text(s, n, 0, n->n_atoms);
    if (s->last == ZM_LAST_NAME && s->name_open)
        zm_open_name_becomes(s, n->slot);
    switch (n->slot) {
    case ZM_SLOT_BUILDING:
        zm_member_put(s, &t->building, text);
        zm_scan_part(s, ZM_LABEL_HOUSENO, n->begin, n->end);
        s->last = ZM_LAST_BUILDING;
        word_remark(s, n, text);
        break;
    case ZM_SLOT_UNIT:
        zm_member_put(s, &t->unit, text);
        zm_scan_part(s, ZM_LABEL_CELLNO, n->begin, n->end);
        s->last = ZM_LAST_UNIT;
        if (n->n_atoms > 1 || n->stem)
            format_remark(s, n);
        break;
    case ZM_SLOT_FLOOR:
        zm_member_put(s, &t->floor, text);
        zm_scan_part(s, ZM_LABEL_FLOORNO, n->begin, n->end);
        s->last = ZM_LAST_FLOOR;
        break;
    default:
        zm_member_put(s, &t->room, text);
        zm_scan_part(s, ZM_LABEL_ROOMNO, n->begin, n->end);
        s->last = ZM_LAST_ROOM;
        if (!n->chinese && !room_is_standard(s, n))
            format_remark(s, n);
    }
}

/* What the atoms of a bare number stand for: b building, u unit, f floor, r room (all that is left). */
static const char *bare_pattern(const struct zm_scan *s, const struct zm_number *n)
{
    uint32_t first = n->atoms[0].end - n->atoms[0].begin;
    uint32_t second = n->n_atoms > 1 ? n->atoms[1].end - n->atoms[1].begin : 0;
    bool in_building = s->last == ZM_LAST_BUILDING;
    if (s->last >= ZM_LAST_UNIT || n->n_atoms == 1)
        return s->last == ZM_LAST_NAME && first < 3 ? "b" : "r";
    if (in_building)
        return first < 3 && second >= 3 ? "ur" : "r";
    if (n->n_atoms == 2)
        return second >= 3 ? "br" : first >= 3 ? "r" : "bu";
    return n->n_atoms == 3 ? "bur" : "bufr";
}

static void atom_put(struct zm_scan *s, const struct zm_number *n, char what, unsigned from, unsigned to)
{
    static const enum zm_label labels[] = {ZM_LABEL_HOUSENO, ZM_LABEL_CELLNO, ZM_LABEL_FLOORNO,
                                           ZM_LABEL_ROOMNO};
    struct zm_tuple *t = &s->out->tuple;
    struct zm_str *const members[] = {&t->building, &t->unit, &t->floor, &t->room};
    static const char order[] = "bufr";
    static const enum zm_last lasts[] = {ZM_LAST_BUILDING, ZM_LAST_UNIT, ZM_LAST_FLOOR, ZM_LAST_ROOM};
    size_t k = (size_t)(strchr(order, what) - order);
    zm_member_put(s, members[k], zm_number_text(s, n, from, to));
    uint32_t begin = n->atoms[from].begin;
    if (begin > n->begin) /* the dash before it */
        zm_scan_part(s, ZM_LABEL_REDUNDANT, begin - 1, begin);
    zm_scan_part(s, labels[k], begin, n->atoms[to - 1].end);
    s->last = lasts[k];
}

/* Six digits and more are a postcode or a telephone number, not a door. */
static bool is_residue(const struct zm_scan *s, const struct zm_number *n)
{
    uint32_t i = n->atoms[0].begin;
    while (i < n->atoms[0].end && (zm_kind_at(s, i) & ZM_CH_DIGIT))
        i++;
    return n->n_atoms == 1 && i == n->atoms[0].end && i - n->begin >= 6;
}

void zm_take_bare(struct zm_scan *s, const struct zm_number *n)
{
    uint32_t last_len = n->atoms[n->n_atoms - 1].end - n->atoms[n->n_atoms - 1].begin;
    if (is_residue(s, n) || s->last == ZM_LAST_NONE || s->last == ZM_LAST_DIVISION) {
        s->residue = (struct zm_span){n->begin, n->end};
        s->residue_chars += n->end - n->begin;
        zm_scan_part(s, ZM_LABEL_REDUNDANT, n->begin, n->end);
        return;
    }
    bool lane_room = s->last == ZM_LAST_LANE && n->n_atoms == 2 && last_len >= 3;
    if (s->last < ZM_LAST_NUMBER && !lane_room) {
        zm_take_door(s, n);
        return;
    }
    if (s->last == ZM_LAST_NAME && s->name_open)
        zm_open_name_becomes(s, ZM_SLOT_BUILDING);
    if (s->last == ZM_LAST_NUMBER && s->dash && n->n_atoms == 1 && last_len < 3 && !s->out->tuple.sub.len) {
        s->out->tuple.sub = zm_number_text(s, n, 0, 1); /* 12号 - 3 */
        zm_scan_part(s, ZM_LABEL_ROADNO, n->begin, n->end);
        return;
    }
    struct zm_number door = *n;
    if (lane_room) { /* 58弄11-802 */
        door.n_atoms = 1;
        door.end = n->atoms[0].end;
        zm_take_door(s, &door);
        atom_put(s, n, 'r', 1, 2);
        return;
    }
    const char *pattern = bare_pattern(s, n);
    uint32_t begin = n->begin;
    for (unsigned a = 0; *pattern; pattern++, a++) {
        bool rest = !pattern[1];
        atom_put(s, n, *pattern, a, rest ? n->n_atoms : a + 1);
    }
    struct zm_str raw = zm_scan_raw(s, begin, n->end);
    zm_scan_remark(s, ZM_ADR_017, begin, n->end, &raw, 1, (struct zm_str){"", 0});
}
