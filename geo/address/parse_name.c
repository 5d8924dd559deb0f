/* Names: from here to the generic that ends it, or to what cannot be part of a name. */
#include "geo/address/scan.h"

struct name {
    uint32_t end, name_end; /* name_end < end if a body's name (居委会) is behind it */
    enum zm_word word;      /* what it ends with; ZM_WORD_NONE = nothing we know */
};

static bool is_zone(const struct zm_scan *s, uint32_t i, uint32_t *end)
{
    uint32_t j = i;
    while (j < i + 3 && (zm_kind_at(s, j) & (ZM_CH_ALNUM | ZM_CH_NUMERAL)))
        j++;
    if (j == i && (zm_cp(s, j) == 0x4E1C || zm_cp(s, j) == 0x897F || zm_cp(s, j) == 0x5357 ||
                   zm_cp(s, j) == 0x5317 || zm_cp(s, j) == 0x4E2D))
        j++;
    if (j > i && zm_cp(s, j) == 0x7EC4 && zm_cp(s, j + 1) == 0x56E2) { /* 7组团 */
        *end = j + 2;
        return true;
    }
    bool zone = zm_cp(s, j) == 0x533A && (j + 1 == s->f.n || zm_cp(s, j + 1) != 0x57DF),
         phase = zm_cp(s, j) == 0x671F;
    *end = j + 1;
    return j > i && (zone || phase);
}

/* Does the name stop at i for good? Numbers, separators, locators and repeated heads end every name. */
static bool stops(const struct zm_scan *s, uint32_t begin, uint32_t i)
{
    unsigned kind = zm_kind_at(s, i);
    struct zm_number n;
    uint32_t len;
    if (!(kind & (ZM_CH_HAN | ZM_CH_ALNUM)) && !(kind & ZM_CH_PUNCT && zm_cp(s, i) == '&'))
        return true;
    if (i == begin)
        return false;
    if (kind & (ZM_CH_ALNUM | ZM_CH_NUMERAL | ZM_CH_STEM) || zm_cp(s, i) == 0x5730 || zm_cp(s, i) == 0x8D1F ||
        zm_cp(s, i) == 0x7B2C) {
        if ((zm_kind_at(s, i - 1) & ZM_CH_ALNUM) && kind & ZM_CH_ALNUM && !(s->f.mark[i] & ZM_MARK_GAP))
            return false;
        if (!zm_scan_number(s, i, &n))
            return false;
        return n.slot != ZM_SLOT_NONE ||
               ((kind & ZM_CH_DIGIT || n.n_atoms > 1) && !(zm_kind_at(s, n.end) & (ZM_CH_HAN | ZM_CH_ALNUM)));
    }
    if (!(kind & ZM_CH_WORD))
        return false;
    enum zm_word word = zm_word_at(s, i, &len);
    bool long_word = len > 1, long_name = len > 2;
    return (word == ZM_WORD_ASSIST && !zm_road_follows(s, i + len)) ||
           (long_word && (word == ZM_WORD_CROSSING || word == ZM_WORD_FILLER || word == ZM_WORD_LEVEL)) ||
           (word == ZM_WORD_PROVINCE && (long_name || (zm_kind_at(s, i - 1) & ZM_CH_ALNUM))) ||
           (long_name && !zm_has_door(s) && (word == ZM_WORD_CITY || word == ZM_WORD_COUNTY));
}

/* Is position i behind a name that could end there: no more name characters? */
static bool at_boundary(const struct zm_scan *s, uint32_t begin, uint32_t i)
{
    uint32_t end;
    if (zm_cp(s, i) == 0x8DEF) /* 路 */
        return false;
    return stops(s, begin, i) || is_zone(s, i, &end) || (zm_kind_at(s, i) & ZM_CH_DIGIT);
}

static bool is_building_word(enum zm_word word)
{
    return word == ZM_WORD_ESTATE || word == ZM_WORD_ESTATE_END || word == ZM_WORD_POI ||
           word == ZM_WORD_POI_END;
}

/* 镇东路, 村前街: the generic before is part of a road's name. */
static bool belongs_to_road(const struct zm_scan *s, uint32_t i)
{
    uint32_t len, len2;
    enum zm_word here = zm_word_at(s, i, &len), next = zm_word_at(s, i + 1, &len2);
    if (here == ZM_WORD_ALLEY && zm_word_at(s, i + len, &len2) == ZM_WORD_COMMITTEE)
        return false; /* 灵昆镇 | 北段村 */
    return here == ZM_WORD_ROAD || here == ZM_WORD_ALLEY ||
           (zm_road_follows(s, i) && (next == ZM_WORD_ROAD || next == ZM_WORD_ALLEY));
}

/* Does 镇, 乡 or 街道 at [i, end) end the name of a town: 笕桥镇机场路, but not 镇政府, 镇东路? */
static bool town_ends(const struct zm_scan *s, uint32_t begin, uint32_t i, uint32_t end)
{
    uint32_t len;
    enum zm_word next = zm_word_at(s, end, &len);
    bool street = end - i >= 2; /* 街道 is always a town */
    if (i - begin > 6 || s->last > ZM_LAST_DIVISION || s->town_said || (zm_kind_at(s, end) & ZM_CH_DIGIT))
        return false;
    if (street)
        return next != ZM_WORD_COMMITTEE;
    return !belongs_to_road(s, end) && (next != ZM_WORD_POI || zm_road_follows(s, end + len)) &&
           next != ZM_WORD_COMMITTEE && zm_cp(s, end) != 0x653F /* 政府 */;
}

/* Does the generic word [i, end) end the name that began at begin? */
static bool generic_ends(const struct zm_scan *s, uint32_t begin, uint32_t i, uint32_t end, enum zm_word word)
{
    uint32_t len, zone;
    enum zm_word next = zm_word_at(s, end, &len);
    switch (word) {
    case ZM_WORD_ROAD:
        return (next != ZM_WORD_ROAD || len > 1) && next != ZM_WORD_TOWN && next != ZM_WORD_COMMITTEE &&
               !zm_ethnic_town_follows(s, end); /* 青街畲族镇 */
    case ZM_WORD_ROAD_END:
        return at_boundary(s, begin, end) || next == ZM_WORD_CROSSING;
    case ZM_WORD_ALLEY:
        return next != ZM_WORD_ROAD && next != ZM_WORD_COMMITTEE;
    case ZM_WORD_COMMITTEE:
        return next != ZM_WORD_TOWN && !belongs_to_road(s, end) &&
               ((next != ZM_WORD_ESTATE && next != ZM_WORD_POI) || zm_road_follows(s, end + len));
    case ZM_WORD_BODY:
        return true;
    case ZM_WORD_TOWN:
        return town_ends(s, begin, i, end);
    case ZM_WORD_ESTATE:
        return is_zone(s, end, &zone) || (!zm_road_follows(s, end) && !is_building_word(next));
    case ZM_WORD_DEVZONE:
        return !zm_road_follows(s, end) && next != ZM_WORD_DEVZONE;
    case ZM_WORD_ESTATE_END:
    case ZM_WORD_REGION:
    case ZM_WORD_POI:
    case ZM_WORD_POI_END:
        return at_boundary(s, begin, end);
    default:
        return false;
    }
}

/* The longest known road that begins at i; its end, or i. */
static uint32_t known_road_end(const struct zm_scan *s, uint32_t i)
{
    uint64_t county = s->county ? s->county : s->context && !s->foreign ? s->context->county : 0;
    uint32_t node = 0, end = i;
    for (uint32_t j = i; (node = zm_trie_step(&s->g->trie, node, zm_cp(s, j))) != 0; j++) {
        const struct zm_trie_node *n = &s->g->trie.nodes[node];
        for (uint32_t v = 0; v < n->n_values; v++) {
            const struct zm_name *name = &s->g->names[s->g->trie.values[n->value + v]];
            if (name->level == ZM_NAME_ROAD && (!county || !name->county || name->county == county))
                end = j + 1;
        }
    }
    return end;
}

/* 轻工业盛丰路 with a known 盛丰路: the name before the road ends where the road begins. */
static uint32_t split_before_road(const struct zm_scan *s, uint32_t begin, uint32_t end)
{
    for (uint32_t k = begin + 2; k + 2 < end; k++)
        if (known_road_end(s, k) == end)
            return k;
    return end;
}

static struct name name_scan(const struct zm_scan *s)
{
    uint32_t begin = s->at, i = begin, len, known = known_road_end(s, begin);
    struct name name = {.end = begin, .word = ZM_WORD_NONE};
    if (known > begin && !zm_road_follows(s, known) &&
        !(zm_word_at(s, known - 1, &len) == ZM_WORD_TOWN && len > 1)) /* 仓前街 in 仓前街道 */
        return (struct name){known, known, ZM_WORD_ROAD};
    while (i < s->f.n && !stops(s, begin, i)) {
        enum zm_word word = zm_word_at(s, i, &len);
        if (word == ZM_WORD_CROSSING && len > 1 && zm_cp(s, i) == 0x8DEF && i > begin) { /* 路 of 路口 */
            word = ZM_WORD_ROAD;
            len = 1;
        }
        bool devzone = word == ZM_WORD_DEVZONE && len > 2; /* a whole name: 高新区 */
        if ((i > begin || devzone) && len && generic_ends(s, begin, i, i + len, word)) {
            bool village = word == ZM_WORD_BODY && zm_cp(s, i) == 0x6751;
            name.name_end = word == ZM_WORD_BODY ? i + (village ? 1 : 0) : i + len;
            name.end = i + len;
            name.word = word == ZM_WORD_BODY ? ZM_WORD_COMMITTEE : word;
            return name;
        }
        i += len && is_building_word(word) ? len : 1;
    }
    /* 路 of 路口 stands where the name stops */
    if (i > begin && zm_cp(s, i) == 0x8DEF)
        return (struct name){i + 1, i + 1, ZM_WORD_ROAD};
    name.end = name.name_end = i > begin ? i : begin + 1;
    return name;
}

static void take_road(struct zm_scan *s, uint32_t end)
{
    struct zm_tuple *t = &s->out->tuple;
    struct zm_str text = zm_scan_text(s, s->at, end);
    bool second = s->last == ZM_LAST_ROAD && t->road.len;
    if (s->last == ZM_LAST_NAME && zm_cp(s, s->at - 1) == 0x533A)
        s->rank = s->name_rank; /* 下屿工业区富达路: an area with roads in it, not a building on one */
    if (t->number.len || t->building.len) { /* a second address in one text */
        zm_member_put(s, &t->estate, text);
        zm_scan_part(s, ZM_LABEL_SUBROAD, s->at, end);
        s->last = ZM_LAST_NAME;
        s->name_open = false;
        return;
    }
    if (t->road.len)
        t->lane = zm_scan_join(s, t->lane, text);
    else
        t->road = text;
    s->subroad |= second;
    zm_scan_part(s, second ? ZM_LABEL_SUBROAD : ZM_LABEL_ROAD, s->at, end);
    s->last = ZM_LAST_ROAD;
}

/* An estate, a shop, or a name whose kind only the next part tells. */
static void take_place(struct zm_scan *s, uint32_t end, enum zm_word word)
{
    struct zm_tuple *t = &s->out->tuple;
    bool inside = s->last >= ZM_LAST_BUILDING,
         estate = word == ZM_WORD_ESTATE || word == ZM_WORD_ESTATE_END || word == ZM_WORD_REGION;
    bool sub = t->estate.len || s->name.end;
    enum zm_label label = sub ? ZM_LABEL_SUBPOI : ZM_LABEL_POI;
    uint32_t zone_end, begin = s->at;
    if (!inside && is_zone(s, end, &zone_end) && zm_cp(s, zone_end - 1) == 0x671F) {
        end = zone_end; /* 小区二期 is one name */
        estate = true;
    }
    s->name = (struct zm_span){begin, end};
    s->name_open = !inside;
    s->name_word = word;
    struct zm_span wrong = s->wrong_order;
    s->name_rank = s->rank;
    zm_scan_part(s, label, begin, end);
    if (inside) { /* a shop's name may stand behind everything */
        s->rank = s->name_rank;
        s->wrong_order = wrong;
    }
    s->name_part = s->out->n_parts - 1;
    if (!inside && estate) {
        t->estate = zm_scan_join(s, t->estate, zm_scan_text(s, begin, end));
        s->name_open = false;
        s->last = ZM_LAST_NAME;
    } else if (!inside) {
        s->last = ZM_LAST_NAME;
    }
    if (!s->name_open && !inside)
        return;
    if (!s->poi.end || inside)
        s->poi = s->name;
}

/* A zone right behind an estate: 东区, A区, 3期. */
static bool take_zone(struct zm_scan *s)
{
    uint32_t end;
    bool behind = s->last == ZM_LAST_NAME || s->last == ZM_LAST_NUMBER;
    if (!behind || !is_zone(s, s->at, &end))
        return false;
    if (s->last == ZM_LAST_NAME && s->name_open)
        zm_open_name_becomes(s, ZM_SLOT_BUILDING);
    s->out->tuple.estate = zm_scan_join(s, s->out->tuple.estate, zm_scan_text(s, s->at, end));
    s->name = (struct zm_span){s->at, end};
    zm_scan_part(s, s->last == ZM_LAST_NAME ? ZM_LABEL_SUBPOI : ZM_LABEL_POI, s->at, end);
    s->last = ZM_LAST_NAME;
    s->name_open = false;
    return true;
}

/* The name before a number was no shop: with a building behind it an estate, with 号 or 组 a village, with 弄
 * a road. */
void zm_open_name_becomes(struct zm_scan *s, enum zm_counted slot)
{
    struct zm_tuple *t = &s->out->tuple;
    struct zm_part *part = &s->out->parts[s->name_part];
    struct zm_str text = zm_scan_text(s, s->name.begin, s->name.end);
    s->name_open = false;
    s->rank = s->name_rank;
    if (s->poi.begin == s->name.begin)
        s->poi = (struct zm_span){0, 0};
    bool outside = slot == ZM_SLOT_NUMBER || slot == ZM_SLOT_GROUP || slot == ZM_SLOT_LANE;
    bool in_village = s->level_part[ZM_COMMITTEE] != 0;
    if (!outside || t->number.len || t->road.len || t->estate.len || s->name_word == ZM_WORD_POI) {
        t->estate = zm_scan_join(s, t->estate, text);
        return;
    }
    if (slot == ZM_SLOT_LANE || !in_village)
        part->label = slot == ZM_SLOT_GROUP ? ZM_LABEL_COMMUNITY : ZM_LABEL_ROAD;
    s->name = (struct zm_span){0, 0};
    if (slot == ZM_SLOT_LANE)
        t->road = text;
    else
        t->village = zm_scan_join(s, t->village, text);
    s->last = slot == ZM_SLOT_LANE ? ZM_LAST_ROAD : ZM_LAST_VILLAGE;
}

void zm_take_name(struct zm_scan *s)
{
    if (take_zone(s))
        return;
    struct name name = name_scan(s);
    bool outside = s->last < ZM_LAST_NUMBER || (s->last == ZM_LAST_NAME && !s->out->tuple.number.len);
    if (name.word == ZM_WORD_ROAD && name.end - s->at > 5 && s->last < ZM_LAST_ROAD) {
        uint32_t split = split_before_road(s, s->at, name.end);
        if (split < name.end)
            name = (struct name){split, split, ZM_WORD_NONE};
    }
    switch (name.word) {
    case ZM_WORD_ROAD:
    case ZM_WORD_ROAD_END:
    case ZM_WORD_ALLEY:
        take_road(s, name.end);
        return;
    case ZM_WORD_TOWN:
        if (zm_take_unknown_town(s, s->at, name.end))
            return;
        break;
    case ZM_WORD_COMMITTEE:
        if (outside && !s->placed) {
            zm_unknown_committee(s, s->at, name.end, name.name_end);
            return;
        }
        break;
    case ZM_WORD_DEVZONE:
        s->devzone = true;
        s->devzone_span = (struct zm_span){s->at, name.end};
        zm_scan_part(s, ZM_LABEL_DEVZONE, s->at, name.end);
        s->last = ZM_LAST_DIVISION;
        return;
    default:
        break;
    }
    take_place(s, name.end, name.word);
}
