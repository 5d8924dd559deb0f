/* Numbers outside a building: door numbers, lanes, groups, and what a bare number means. */
#include "geo/address/scan.h"

void zm_member_put(struct zm_scan *s, struct zm_str *member, struct zm_str text)
{
    if (member->len && text.len)
        text = zm_scan_join(s, zm_scan_join(s, *member, ZM_STR(",")), text);
    *member = text;
}

/* ADR-014: a Chinese numeral where a number belongs. */
static void chinese_remark(struct zm_scan *s, const struct zm_number *n)
{
    if (!n->chinese)
        return;
    struct zm_str digits = zm_number_text(s, n, 0, 1), tail = zm_scan_text(s, n->body_end, n->end);
    zm_scan_remark2(s, ZM_ADR_014, n->begin, n->end, zm_scan_raw(s, n->begin, n->end),
                    zm_scan_join(s, digits, tail));
}

static bool pure_digits(const struct zm_scan *s, const struct zm_atom *a, uint64_t *value)
{
    *value = 0;
    for (uint32_t i = a->begin; i < a->end; i++) {
        if (!(zm_kind_at(s, i) & ZM_CH_DIGIT) || i - a->begin > 8)
            return false;
        *value = *value * 10 + (zm_cp(s, i) - '0');
    }
    return true;
}

/* 37-41 counts two by two along one side of a road: a range. 12-1 and 426-1093 are sub-numbers. */
static bool is_range(const struct zm_scan *s, const struct zm_number *n)
{
    uint64_t a, b;
    if (n->n_atoms < 2 || n->atoms[1].joiner == '+')
        return false;
    if (n->atoms[1].joiner != '-')
        return true;
    return pure_digits(s, &n->atoms[0], &a) && pure_digits(s, &n->atoms[1], &b) && b > a && (b - a) % 2 == 0;
}

/* Number and sub-number of a door. */
static void door_put(struct zm_scan *s, const struct zm_number *n)
{
    struct zm_tuple *t = &s->out->tuple;
    unsigned head = 1;
    while (head < n->n_atoms && (n->atoms[head].joiner == ',' || n->atoms[head].joiner == '~'))
        head++;
    if (head == 1 && is_range(s, n))
        head = 2;
    while (head > 1 && head < n->n_atoms && n->atoms[head].joiner == ',')
        head++;
    t->number = zm_number_text(s, n, 0, head);
    if (head < n->n_atoms)
        t->sub = zm_number_text(s, n, head, n->n_atoms);
}

/* 5号 behind an estate is a building or a shop in it; it keeps its 号, so that it is never taken for 5幢. */
static struct zm_str with_hao(struct zm_scan *s, const struct zm_number *n)
{
    struct zm_str text = {"", 0};
    for (unsigned a = 0; a < n->n_atoms; a++) {
        if (a)
            text = zm_scan_join(s, text, n->atoms[a].joiner == ',' ? ZM_STR("、") : ZM_STR("-"));
        text = zm_scan_join(s, text, zm_number_text(s, n, a, a + 1));
    }
    return zm_scan_join(s, text, ZM_STR("号"));
}

void zm_take_door(struct zm_scan *s, const struct zm_number *n)
{
    struct zm_tuple *t = &s->out->tuple;
    if (s->last == ZM_LAST_NAME && s->name_open)
        zm_open_name_becomes(s, ZM_SLOT_NUMBER);
    if (s->last == ZM_LAST_BUILDING || s->last == ZM_LAST_UNIT || s->last == ZM_LAST_FLOOR ||
        s->last == ZM_LAST_ROOM) {
        zm_member_put(s, &t->room, with_hao(s, n));
        zm_scan_part(s, s->last == ZM_LAST_BUILDING ? ZM_LABEL_CELLNO : ZM_LABEL_ROOMNO, n->begin, n->end);
        s->last = ZM_LAST_ROOM;
        return;
    }
    if (s->last == ZM_LAST_NAME || t->number.len) {
        zm_member_put(s, &t->building, with_hao(s, n));
        zm_scan_part(s, ZM_LABEL_HOUSENO, n->begin, n->end);
        s->last = ZM_LAST_BUILDING;
        return;
    }
    enum zm_label label = s->last == ZM_LAST_LANE || s->subroad ? ZM_LABEL_SUBROADNO : ZM_LABEL_ROADNO;
    door_put(s, n);
    zm_scan_part(s, label, n->begin, n->end);
    s->last = ZM_LAST_NUMBER;
}

static void take_lane(struct zm_scan *s, const struct zm_number *n)
{
    struct zm_tuple *t = &s->out->tuple;
    struct zm_number door;
    if (s->last == ZM_LAST_NAME && s->name_open)
        zm_open_name_becomes(s, ZM_SLOT_LANE);
    struct zm_str text =
        zm_scan_join(s, zm_number_text(s, n, 0, n->n_atoms), zm_scan_text(s, n->body_end, n->end));
    t->lane = zm_scan_join(s, t->lane, text);
    bool door_follows = zm_scan_number(s, n->end, &door) && door.slot == ZM_SLOT_NUMBER;
    zm_scan_part(s, door_follows ? ZM_LABEL_SUBROAD : ZM_LABEL_ROADNO, n->begin, n->end);
    s->last = ZM_LAST_LANE;
}

/* 5组, and 5组6号 as one part. */
static void take_group(struct zm_scan *s, const struct zm_number *n)
{
    struct zm_tuple *t = &s->out->tuple;
    struct zm_number door;
    if (s->last == ZM_LAST_NAME && s->name_open)
        zm_open_name_becomes(s, ZM_SLOT_GROUP);
    struct zm_str text =
        zm_scan_join(s, zm_number_text(s, n, 0, n->n_atoms), zm_scan_text(s, n->body_end, n->end));
    t->village = zm_scan_join(s, t->village, text);
    if (zm_scan_number(s, n->end, &door) && door.slot == ZM_SLOT_NUMBER && !t->number.len) {
        door_put(s, &door);
        chinese_remark(s, &door);
        zm_scan_part(s, ZM_LABEL_ROADNO, n->begin, door.end);
        s->last = ZM_LAST_NUMBER;
        return;
    }
    zm_scan_part(s, ZM_LABEL_ROAD, n->begin, n->end);
    s->last = ZM_LAST_VILLAGE;
}

/* May a bare number at this place be read, and does it end like one? Elsewhere digits begin or continue a
 * name. */
static bool bare_allowed(const struct zm_scan *s, const struct zm_number *n)
{
    uint32_t len;
    unsigned next = zm_kind_at(s, n->end);
    if (!(next & ZM_CH_HAN))
        return true;
    enum zm_word word = zm_word_at(s, n->end, &len);
    if (word == ZM_WORD_ROAD || word == ZM_WORD_REGION || word == ZM_WORD_COMMITTEE)
        return false;
    return s->last == ZM_LAST_ROAD || s->last >= ZM_LAST_NUMBER;
}

bool zm_take_number(struct zm_scan *s)
{
    struct zm_number n;
    if (!zm_scan_number(s, s->at, &n))
        return false;
    if (n.slot == ZM_SLOT_NONE && !bare_allowed(s, &n))
        return false;
    switch (n.slot) {
    case ZM_SLOT_NONE:
        zm_take_bare(s, &n);
        break;
    case ZM_SLOT_NUMBER:
        zm_take_door(s, &n);
        break;
    case ZM_SLOT_LANE:
        take_lane(s, &n);
        break;
    case ZM_SLOT_GROUP:
        take_group(s, &n);
        break;
    case ZM_SLOT_DISTANCE:
        s->vague = (struct zm_span){n.begin, n.end};
        s->placed = true;
        s->out->tuple.estate = zm_scan_join(s, s->out->tuple.estate, zm_scan_text(s, n.begin, n.end));
        zm_scan_part(s, ZM_LABEL_ASSIST, n.begin, n.end);
        break;
    default:
        zm_take_inside(s, &n);
    }
    chinese_remark(s, &n);
    return true;
}
