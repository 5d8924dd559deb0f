/* Divisions our tables know: current, retired and short names, and repeats of them. */
#include "geo/address/scan.h"
#include "geo/base/date.h"

/* 东 西 中 新 一 ...: what may stand between a name and the 路 behind it. */
static bool is_modifier(uint32_t cp)
{
    switch (cp) {
    case 0x4E1C: /* 东 */
    case 0x897F: /* 西 */
    case 0x5357: /* 南 */
    case 0x5317: /* 北 */
    case 0x4E2D: /* 中 */
    case 0x4E0A: /* 上 */
    case 0x4E0B: /* 下 */
    case 0x524D: /* 前 */
    case 0x540E: /* 后 */
    case 0x5185: /* 内 */
    case 0x5916: /* 外 */
    case 0x65B0: /* 新 */
    case 0x8001: /* 老 */
    case 0x5927: /* 大 */
    case 0x73AF: /* 环 */
    case 0x652F: /* 支 */
        return true;
    default:
        return false;
    }
}

bool zm_road_follows(const struct zm_scan *s, uint32_t i)
{
    uint32_t len;
    for (uint32_t k = 0; k <= 2; k++, i++) {
        enum zm_word word = zm_word_at(s, i, &len);
        if (word == ZM_WORD_ROAD || word == ZM_WORD_ALLEY)
            return true;
        if (!is_modifier(zm_cp(s, i)) && !(zm_kind_at(s, i) & ZM_CH_NUMERAL))
            return false;
    }
    return false;
}

bool zm_name_goes_on(const struct zm_scan *s, uint32_t i)
{
    uint32_t len;
    enum zm_word word = zm_word_at(s, i, &len);
    if (len > 1 && word > ZM_WORD_ALLEY && zm_road_follows(s, i + len))
        return false; /* 温州 | 学院中路 */
    return (word >= ZM_WORD_DEVZONE && word <= ZM_WORD_POI_END) || word == ZM_WORD_REGION ||
           word == ZM_WORD_NOT_ROAD || zm_road_follows(s, i);
}

bool zm_ethnic_town_follows(const struct zm_scan *s, uint32_t i)
{
    uint32_t len;
    return zm_cp(s, i + 1) == 0x65CF /* 族 */ && zm_word_at(s, i + 2, &len) == ZM_WORD_TOWN;
}

static uint64_t city_now(const struct zm_scan *s)
{
    return s->context ? s->context->city : 0;
}

static uint64_t county_now(const struct zm_scan *s)
{
    return s->county ? s->county : s->foreign ? 0 : s->context ? s->context->county : 0;
}

static uint64_t town_now(const struct zm_scan *s)
{
    return s->town                                        ? s->town
           : s->town_said || s->county_said || s->foreign ? 0
           : s->context                                   ? s->context->town
                                                          : 0;
}

/* Does this meaning of a name make sense here? What is unique is asked by the caller. */
static bool fits(const struct zm_scan *s, const struct zm_name *name)
{
    uint64_t county = county_now(s), town = town_now(s);
    switch (name->level) {
    case ZM_PROVINCE:
    case ZM_CITY:
        return true;
    case ZM_COUNTY:
        return !name->is_short || !s->county || s->county == name->code;
    case ZM_TOWN:
        if (county && name->county != county && !(s->town && s->town == name->code))
            return false;
        return county || name->county / 100 == city_now(s) || !city_now(s);
    case ZM_COMMITTEE:
        if (town && name->code == s->committee)
            return true;
        return town ? name->parent == town : county && name->county == county;
    default:
        return false;
    }
}

/* The one meaning of a name here: a valid one before a retired one; NULL if none fits or several do. */
static const struct zm_name *choose(const struct zm_scan *s, const struct zm_trie_node *node)
{
    const struct zm_name *best = NULL;
    bool several = false;
    for (uint32_t v = 0; v < node->n_values; v++) {
        const struct zm_name *name = &s->g->names[s->g->trie.values[node->value + v]];
        if (!fits(s, name))
            continue;
        if (!best || (best->retired && !name->retired) || name->level < best->level) {
            best = name;
            several = false;
        } else if (name->level == best->level && name->retired == best->retired && name->code != best->code) {
            several = true;
        }
    }
    return several ? NULL : best;
}

static bool is_known_road(const struct zm_scan *s, const struct zm_trie_node *node)
{
    uint64_t county = county_now(s);
    for (uint32_t v = 0; v < node->n_values; v++) {
        const struct zm_name *name = &s->g->names[s->g->trie.values[node->value + v]];
        if (name->level == ZM_NAME_ROAD && (!county || !name->county || name->county == county))
            return true;
    }
    return false;
}

/* Does a division that lies in this one follow at i? */
static bool part_follows(const struct zm_scan *s, const struct zm_name *name, uint32_t i)
{
    uint32_t node = 0;
    for (; (node = zm_trie_step(&s->g->trie, node, zm_cp(s, i))) != 0; i++) {
        const struct zm_trie_node *n = &s->g->trie.nodes[node];
        for (uint32_t v = 0; v < n->n_values; v++) {
            const struct zm_name *below = &s->g->names[s->g->trie.values[n->value + v]];
            if (below->level == name->level + 1 && below->parent == name->code && !zm_road_follows(s, i + 1))
                return true;
        }
    }
    return false;
}

/* A short form stands for a division only if it is not the beginning of another name: 瑞安 in 瑞安路. */
static bool short_is_division(const struct zm_scan *s, const struct zm_name *name, uint32_t end)
{
    uint32_t len;
    if (name->level == ZM_TOWN && zm_ethnic_town_follows(s, end))
        return false; /* 司前 in 司前畲族街道: the name of another town */
    if (name->level < ZM_TOWN && part_follows(s, name, end))
        return true;                                                             /* 永嘉 in 永嘉桥头 */
    if (zm_name_goes_on(s, end) || zm_word_at(s, end + 1, &len) == ZM_WORD_ROAD) /* 余杭 in 余杭塘路 */
        return false;
    if (name->level < ZM_TOWN)
        return name->level == ZM_PROVINCE || !zm_is_deeper(s, (enum zm_division_level)name->level);
    return (county_now(s) != 0 || s->has_city) && end < s->f.n && (zm_kind_at(s, end) & ZM_CH_HAN) &&
           s->last <= ZM_LAST_DIVISION;
}

/* The longest name at the scan that is a division here. */
static const struct zm_name *division_at(const struct zm_scan *s, uint32_t *end)
{
    const struct zm_name *found = NULL;
    uint32_t node = 0;
    for (uint32_t i = s->at; (node = zm_trie_step(&s->g->trie, node, zm_cp(s, i))) != 0; i++) {
        const struct zm_trie_node *n = &s->g->trie.nodes[node];
        if (!n->n_values)
            continue;
        const struct zm_name *name = choose(s, n);
        if (name && name->is_short && !short_is_division(s, name, i + 1))
            name = NULL;
        if (name && name->level == ZM_COMMITTEE && zm_road_follows(s, i + 1))
            name = NULL;
        if (!name && !is_known_road(s, n))
            continue;
        found = name;
        *end = i + 1;
    }
    return found;
}

/* 东城街道、北城街道、南城街道: the towns among which a split one must be looked for. */
static struct zm_str candidates(struct zm_scan *s, const struct zm_name *name)
{
    struct zm_str list = {"", 0};
    const struct zm_retired_names *retired = &s->g->retired;
    for (uint32_t i = 0; i < retired->n; i++) {
        const struct zm_retired_name *r = &retired->rows[i];
        if (r->county != name->county || !zm_str_eq(r->name, name->text))
            continue;
        uint64_t code;
        for (struct zm_str rest = r->successors; rest.len && rest.ptr;) {
            if (!zm_str_to_u64(zm_str_cut(&rest, ' '), &code))
                continue;
            if (list.len)
                list = zm_scan_join(s, list, ZM_STR("、"));
            list = zm_scan_join(s, list, zm_gazetteer_name(s->g, code));
        }
    }
    return list;
}

/* ADR-004, and the successor takes the place of what it succeeded. */
static uint64_t succeed(struct zm_scan *s, const struct zm_name *name, uint32_t begin, uint32_t end)
{
    char full[160], code[24] = "", date[11];
    if (!name->retired)
        return name->code;
    if (name->code)
        zm_format_u64(code, name->code);
    zm_date_format(name->valid_to, date);
    struct zm_str successor =
        zm_arena_copy(s->arena, zm_gazetteer_full_name(s->g, name->code, full, sizeof full));
    s->no_memory |= !successor.ptr;
    struct zm_str among = name->code ? ZM_STR("") : candidates(s, name);
    const struct zm_str args[] = {name->text, successor.ptr ? successor : ZM_STR(""), zm_str(code),
                                  zm_str(date), among};
    zm_scan_remark(s, ZM_ADR_004, begin, end, args, among.len ? 5 : 4, name->text);
    return name->code;
}

static void repeated(struct zm_scan *s, uint32_t begin, uint32_t end, bool same)
{
    struct zm_str raw = zm_scan_raw(s, begin, end);
    const struct zm_str args[] = {raw, same ? ZM_STR("order.repeated") : ZM_STR("order.wrong")};
    zm_scan_remark(s, ZM_ADR_018, begin, end, args, 2, (struct zm_str){"", 0});
}

/* Sets what a code stands for and what lies above it: a town may have become a county, or moved to another
 * one. */
static void place_code(struct zm_scan *s, uint64_t code)
{
    for (; code; code = zm_division_parent(code)) {
        enum zm_division_level level = zm_division_level_of(code);
        if (level == ZM_COMMITTEE)
            s->committee = code;
        else if (level == ZM_TOWN && zm_division_parent(code) != ZM_COUNTY_WITHOUT_TOWNS)
            s->town = code;
        else if (level == ZM_COUNTY)
            s->county = code;
    }
}

static void set_county(struct zm_scan *s, const struct zm_name *name, uint32_t begin, uint32_t end)
{
    uint64_t before = s->county;
    bool said = s->county_said;
    uint64_t code = succeed(s, name, begin, end);
    if (said && before != code) { /* another county: what was read below the first one is no longer true */
        s->town = s->committee = 0;
        s->town_said = false;
        repeated(s, begin, end, false);
    } else if (said) {
        repeated(s, begin, end, true);
    }
    s->county = 0;
    place_code(s, code);
    s->county_said = true;
    s->county_span = (struct zm_span){begin, end};
    zm_scan_level(s, ZM_COUNTY, begin, end);
}

static void set_town(struct zm_scan *s, const struct zm_name *name, uint32_t begin, uint32_t end)
{
    uint64_t before = s->town;
    bool said = s->town_said;
    uint64_t code = succeed(s, name, begin, end);
    bool part_of =
        said && before && name->retired && (!code || code == before); /* 腾蛟镇凤巢乡, merged into it */
    if (said && !part_of)
        repeated(s, begin, end, code == before);
    s->town = part_of ? before : 0;
    s->town_said = true;
    s->town_span = (struct zm_span){begin, end};
    place_code(s, code);
    zm_scan_level(s, ZM_TOWN, begin, end);
}

/* A merged village stays in the address as a natural village. */
static void set_committee(struct zm_scan *s, const struct zm_name *name, uint32_t begin, uint32_t end)
{
    uint64_t before = s->committee, code = succeed(s, name, begin, end);
    if (before && before == code && !name->retired)
        repeated(s, begin, end, true);
    s->committee_span = (struct zm_span){begin, end};
    place_code(s, code);
    if (name->retired)
        s->out->tuple.village = zm_scan_join(s, s->out->tuple.village, zm_scan_text(s, begin, end));
    zm_scan_part(s, ZM_LABEL_COMMUNITY, begin, end);
    s->level_part[ZM_COMMITTEE] = s->out->n_parts;
    s->last = ZM_LAST_VILLAGE;
}

void zm_set_division(struct zm_scan *s, const struct zm_name *name, uint32_t begin, uint32_t end)
{
    bool *seen = name->level == ZM_PROVINCE ? &s->has_prov : &s->has_city;
    s->last = ZM_LAST_DIVISION;
    switch (name->level) {
    case ZM_PROVINCE:
    case ZM_CITY:
        if (*seen)
            repeated(s, begin, end, true);
        if (name->level == ZM_CITY)
            s->foreign = city_now(s) && name->code != city_now(s);
        s->restart |= *seen;
        zm_scan_level(s, (enum zm_division_level)name->level, begin, end);
        *seen = true;
        break;
    case ZM_COUNTY:
        set_county(s, name, begin, end);
        break;
    case ZM_TOWN:
        set_town(s, name, begin, end);
        break;
    default:
        set_committee(s, name, begin, end);
    }
}

/* ADR-008: 墨池社区居委会. Returns the end with the body's name, and remarks it. */
static uint32_t body_end(struct zm_scan *s, const struct zm_name *name, uint32_t end)
{
    uint32_t len;
    enum zm_word word = zm_word_at(s, end, &len);
    if (word != ZM_WORD_BODY && zm_cp(s, end - 1) == 0x6751) { /* 村 + 委会 */
        word = zm_word_at(s, end - 1, &len);
        len -= len > 0;
    }
    if (word != ZM_WORD_BODY)
        return end;
    zm_scan_remark2(s, ZM_ADR_008, s->at, end + len, zm_scan_raw(s, s->at, end + len), name->text);
    return end + len;
}

bool zm_take_division(struct zm_scan *s)
{
    uint32_t end = s->at;
    if (!(zm_kind_at(s, s->at) & ZM_CH_HAN))
        return false;
    const struct zm_name *name = division_at(s, &end);
    if (!name)
        return false;
    if (zm_has_door(s) && name->level != ZM_PROVINCE && !s->restart)
        return false; /* 12号鹿城区交通局: the name of an office */
    bool late = name->level == ZM_COMMITTEE && !s->out->tuple.number.len && s->last <= ZM_LAST_NAME;
    bool behind_code = s->last == ZM_LAST_NAME && s->name_open && name->level <= ZM_CITY &&
                       (zm_kind_at(s, s->at - 1) & ZM_CH_ALNUM); /* AAAA浙江温州市 */
    if (s->last > ZM_LAST_VILLAGE && !behind_code && (name->is_short || name->level >= ZM_TOWN) && !late)
        return false; /* behind a road only a repeated head of the address is a division */
    if (name->level == ZM_COMMITTEE)
        end = body_end(s, name, end);
    if (name->level == ZM_TOWN && zm_cp(s, end) == 0x529E) /* 街道办事处, 街道办 */
        end += zm_cp(s, end + 1) == 0x4E8B && zm_cp(s, end + 2) == 0x5904 ? 3 : 1;
    zm_set_division(s, name, s->at, end);
    return true;
}
