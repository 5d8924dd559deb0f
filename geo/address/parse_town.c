/* Divisions no table knows: other provinces and cities by their generics, mistyped towns, unknown
 * communities. */
#include "geo/address/scan.h"

/* ADR-002: {0} as written, {1} the nearest valid name, {2} its code. */
static void unknown_remark(struct zm_scan *s, uint64_t parent, uint32_t begin, uint32_t end)
{
    char code[24] = "";
    const struct zm_division *near = zm_gazetteer_nearest(s->g, parent, s->f.cp + begin, end - begin);
    if (near)
        zm_format_u64(code, near->code);
    struct zm_str written = zm_scan_raw(s, begin, end);
    const struct zm_str args[] = {written, near ? near->name : ZM_STR(""), zm_str(code)};
    zm_scan_remark(s, ZM_ADR_002, begin, end, args, 3, zm_scan_text(s, begin, end));
}

bool zm_take_unknown_town(struct zm_scan *s, uint32_t begin, uint32_t end)
{
    if (s->town_said || s->last > ZM_LAST_DIVISION)
        return false;
    uint64_t county = s->county ? s->county : s->context && !s->foreign ? s->context->county : 0;
    s->town_said = true;
    s->town = 0;
    s->town_span = (struct zm_span){begin, end};
    if (county || !s->foreign)
        unknown_remark(s, county, begin, end);
    zm_scan_level(s, ZM_TOWN, begin, end);
    s->last = ZM_LAST_DIVISION;
    return true;
}

/* A village may be a natural one, which no list holds; a community is always in the list (ADR-002). */
void zm_unknown_committee(struct zm_scan *s, uint32_t begin, uint32_t end, uint32_t name_end)
{
    bool village = zm_cp(s, name_end - 1) == 0x6751;
    if (!village && !s->foreign && (s->town || s->county))
        unknown_remark(s, s->town ? s->town : s->county, begin, name_end);
    if (name_end < end)
        zm_scan_remark2(s, ZM_ADR_008, begin, end, zm_scan_raw(s, begin, end),
                        zm_scan_text(s, begin, name_end));
    bool second = s->committee_span.end != 0;
    if (!second)
        s->committee_span = (struct zm_span){begin, end};
    s->out->tuple.village = zm_scan_join(s, s->out->tuple.village, zm_scan_text(s, begin, name_end));
    unsigned rank = s->rank;
    zm_scan_part(s, second ? ZM_LABEL_POI : ZM_LABEL_COMMUNITY, begin, end);
    if (second)
        s->rank = rank;
    s->level_part[ZM_COMMITTEE] = s->out->n_parts;
    s->last = ZM_LAST_VILLAGE;
}

/* Whole names of provinces and cities: outside our tables, so that all below them is foreign. */
static bool take_word(struct zm_scan *s, enum zm_word word, uint32_t end)
{
    uint32_t last = zm_cp(s, end - 1), len;
    bool full = last == 0x7701 /* 省 */ || last == 0x5E02 /* 市 */ || last == 0x533A /* 区 */ ||
                last == 0x53BF /* 县 */;
    bool county = word == ZM_WORD_COUNTY, prov = word == ZM_WORD_PROVINCE,
         *seen = prov ? &s->has_prov : &s->has_city;
    if (word == ZM_WORD_COUNTRY) {
        enum zm_word next = zm_word_at(s, end, &len);
        if (next != ZM_WORD_PROVINCE && next != ZM_WORD_CITY)
            return false;
        zm_scan_part(s, ZM_LABEL_REDUNDANT, s->at, end);
        return true;
    }
    enum zm_division_level level = county ? ZM_COUNTY : prov ? ZM_PROVINCE : ZM_CITY;
    if (!full && !prov && zm_is_deeper(s, level))
        return false;
    if ((!full && zm_name_goes_on(s, end)) || (full && zm_road_follows(s, end)) ||
        (s->last > ZM_LAST_DIVISION && !full) || (zm_has_door(s) && !prov && !s->restart))
        return false;
    if (county) {
        s->county_said = true;
        s->county_span = (struct zm_span){s->at, end};
    } else {
        s->restart |= *seen;
        *seen = true;
    }
    s->foreign |= !prov;
    zm_scan_level(s, level, s->at, end);
    s->last = ZM_LAST_DIVISION;
    return true;
}

/* The end of a 2..6 character name that closes with 区, 县 or 市, if no other generic ends before. */
static uint32_t region_end(const struct zm_scan *s, uint32_t *last)
{
    uint32_t len;
    enum zm_word word = zm_word_at(s, s->at, &len);
    if (len > 1 && word != ZM_WORD_NONE)
        return 0;
    for (uint32_t i = s->at + 1; i < s->at + 6 && (zm_kind_at(s, i) & ZM_CH_HAN); i += len ? len : 1) {
        word = zm_word_at(s, i, &len);
        if (word == ZM_WORD_REGION) {
            *last = zm_cp(s, i + len - 1);
            return i + len;
        }
        if (len == 2 && i == s->at + 1 && zm_cp(s, i + 1) == 0x533A && !(zm_kind_at(s, i) & ZM_CH_NUMERAL) &&
            (zm_kind_at(s, i) & ZM_CH_HAN)) { /* 江东区, 西城区 */
            *last = 0x533A;
            return i + 2;
        }
        if (word != ZM_WORD_NONE && word != ZM_WORD_POI_END && word != ZM_WORD_ESTATE_END &&
            word != ZM_WORD_FILLER)
            return 0;
    }
    return 0;
}

/* A region said again: 深圳市南山区 ... 深圳市南山区. */
static bool said_before(const struct zm_scan *s, uint32_t end)
{
    return zm_str_eq(zm_scan_raw(s, s->at, end), zm_scan_raw(s, s->county_span.begin, s->county_span.end));
}

bool zm_take_region(struct zm_scan *s)
{
    uint32_t len, end, last = 0;
    enum zm_word word = zm_word_at(s, s->at, &len);
    bool whole =
        word == ZM_WORD_PROVINCE || word == ZM_WORD_CITY || word == ZM_WORD_COUNTY || word == ZM_WORD_COUNTRY;
    if (whole && take_word(s, word, s->at + len))
        return true;
    if (s->last > ZM_LAST_DIVISION || s->town_said || !(zm_kind_at(s, s->at) & ZM_CH_HAN))
        return false;
    end = region_end(s, &last);
    if (!end || end - s->at < 2 || zm_road_follows(s, end) ||
        (s->county_said && !s->restart && !said_before(s, end)))
        return false;
    bool city = last == 0x5E02 /* 市 */ && (!s->has_city || s->restart) && !said_before(s, end);
    if (!city && s->has_city && !s->foreign && s->context && s->context->city)
        unknown_remark(s, s->context->city, s->at, end); /* 鹿诚区: our city has no such county */
    else
        s->foreign = true;
    if (city) {
        s->has_city = true;
    } else {
        s->county_said = true;
        s->county_span = (struct zm_span){s->at, end};
    }
    zm_scan_level(s, city ? ZM_CITY : ZM_COUNTY, s->at, end);
    s->last = ZM_LAST_DIVISION;
    return true;
}
