/* Inside geo/address: the state of one parse, and the steps of the grammar. Positions are indexes of folded
 * characters. */
#pragma once

#include "geo/address/gazetteer_names.h"
#include "geo/address/parser.h"

/* What the last meaningful part was: it decides what a bare number means. */
enum zm_last {
    ZM_LAST_NONE,
    ZM_LAST_DIVISION,
    ZM_LAST_VILLAGE,
    ZM_LAST_ROAD,
    ZM_LAST_LANE,
    ZM_LAST_NUMBER,
    ZM_LAST_NAME, /* an estate, or a name that may be one */
    ZM_LAST_BUILDING,
    ZM_LAST_UNIT,
    ZM_LAST_FLOOR,
    ZM_LAST_ROOM,
};

/* What a number counts. */
enum zm_counted {
    ZM_SLOT_NONE, /* a bare number */
    ZM_SLOT_NUMBER,
    ZM_SLOT_LANE,
    ZM_SLOT_GROUP,
    ZM_SLOT_BUILDING,
    ZM_SLOT_UNIT,
    ZM_SLOT_FLOOR,
    ZM_SLOT_ROOM,
    ZM_SLOT_DISTANCE,
};

enum { ZM_MEMBER_BYTES_MAX = 1024 }; /* of a member of the tuple that is put together */

enum { ZM_ATOMS_MAX = 6, ZM_NUMBER_CHARS_MAX = 48 };

/* A number with what it counts: 12-3号, 三楼, A座, 302. */
struct zm_number {
    uint32_t begin, body, body_end, end; /* begin..end all of it, body..body_end without 第, 地下, 号 */
    struct zm_atom {
        uint32_t begin, end;
        char joiner; /* before it: '-', '~' a range, ',' a list, '+' a sub-number for certain (之, 附, behind
                        号) */
    } atoms[ZM_ATOMS_MAX];
    unsigned n_atoms;
    enum zm_counted slot;
    bool chinese;  /* 三 */
    bool stem;     /* 甲单元, 西单元: no number at all */
    bool below;    /* 地下, 负, -: a basement */
    uint32_t word; /* first character of what it counts: 号 栋 座 ... 0 = nothing */
};

struct zm_span {
    uint32_t begin, end;
};

struct zm_scan {
    const struct zm_gazetteer *g;
    const struct zm_context *context;
    struct zm_str text;
    struct zm_arena *arena;
    struct zm_parsed *out;
    struct zm_folded f;
    uint32_t at;
    enum zm_last last;
    unsigned rank;                         /* of the deepest label so far */
    unsigned name_rank;                    /* what it was before the name last seen */
    unsigned level_part[ZM_COMMITTEE + 1]; /* 1 + the part that holds a level, 0 = none yet */
    bool no_memory;
    bool has_prov, has_city, foreign; /* foreign: outside the city of the context */
    bool subroad;                     /* the road last seen lies off another one */
    bool restart;                     /* the head of the address was said again: so may its regions be */
    bool placed;                      /* a locator moved the place away from what was named: 对面 */
    bool dash;                        /* a lone dash was just skipped */
    uint64_t county, town, committee; /* resolved codes, 0 = none */
    bool county_said, town_said;
    bool devzone;
    struct zm_span wrong_order; /* the first part that stands where a larger one should */
    struct zm_span county_span, town_span, committee_span, name, poi, note, vague, residue, devzone_span;
    bool name_open;         /* the name last seen may still turn out to be an estate, a village or a road */
    enum zm_word name_word; /* what it ends with */
    unsigned name_part;     /* its part */
    uint32_t residue_chars;
};

static inline uint32_t zm_cp(const struct zm_scan *s, uint32_t i)
{
    return s->f.cp[i];
}
static inline unsigned zm_kind_at(const struct zm_scan *s, uint32_t i)
{
    return zm_fold_kind(s->g->fold, s->f.cp[i]);
}
/* Has a door been read? What stands behind it names no division any more. */
static inline bool zm_has_door(const struct zm_scan *s)
{
    return s->out->tuple.number.len || s->last >= ZM_LAST_BUILDING;
}
/* Has a division below this level been read? Then a short form like it begins another name: 乐清市温州商厦.
 */
static inline bool zm_is_deeper(const struct zm_scan *s, enum zm_division_level level)
{
    bool deeper = false;
    for (unsigned below = level + 1; below <= ZM_COMMITTEE; below++)
        deeper |= s->level_part[below] != 0;
    return deeper && !s->restart;
}
enum zm_word zm_word_at(const struct zm_scan *s, uint32_t i, uint32_t *len);

/* parts.c: characters begin..end become a part, and the scan moves behind them. */
void zm_scan_level(struct zm_scan *s, enum zm_division_level level, uint32_t begin,
                   uint32_t end); /* a division */
void zm_scan_part(struct zm_scan *s, enum zm_label label, uint32_t begin, uint32_t end);
struct zm_str zm_scan_raw(const struct zm_scan *s, uint32_t begin, uint32_t end); /* raw bytes */
struct zm_str zm_scan_text(struct zm_scan *s, uint32_t begin, uint32_t end);      /* folded, in the arena */
struct zm_str zm_scan_join(struct zm_scan *s, struct zm_str a, struct zm_str b);  /* in the arena */
void zm_scan_finish_parts(struct zm_scan *s);

/* Decimal digits and NUL; out must hold 21 bytes. */
void zm_format_u64(char *out, uint64_t value);

/* remark.c */
void zm_scan_remark(struct zm_scan *s, enum zm_rule_id rule, uint32_t begin, uint32_t end,
                    const struct zm_str *args, unsigned n_args, struct zm_str cause);
void zm_scan_remark2(struct zm_scan *s, enum zm_rule_id rule, uint32_t begin, uint32_t end,
                     struct zm_str before, struct zm_str after);
void zm_scan_fold_remarks(struct zm_scan *s);
void zm_scan_final_remarks(struct zm_scan *s);

/* parse_division.c, parse_town.c: each takes one part at s->at, or returns false and leaves all as it is. */
bool zm_take_division(struct zm_scan *s);
bool zm_take_region(struct zm_scan *s);
void zm_set_division(struct zm_scan *s, const struct zm_name *name, uint32_t begin, uint32_t end);
bool zm_take_unknown_town(struct zm_scan *s, uint32_t begin, uint32_t end);
bool zm_name_goes_on(const struct zm_scan *s, uint32_t i);
bool zm_road_follows(const struct zm_scan *s, uint32_t i);
/* Does 畲族镇 follow at i: the end of an ethnic town, which its short name leaves out? */
bool zm_ethnic_town_follows(const struct zm_scan *s, uint32_t i);
void zm_unknown_committee(struct zm_scan *s, uint32_t begin, uint32_t end, uint32_t name_end);

/* scan_number.c */
bool zm_scan_number(const struct zm_scan *s, uint32_t at, struct zm_number *out);
struct zm_str zm_number_text(struct zm_scan *s, const struct zm_number *n, unsigned from, unsigned to);

/* parse_number.c, parse_building.c */
bool zm_take_number(struct zm_scan *s);
void zm_take_door(struct zm_scan *s, const struct zm_number *n);
void zm_take_bare(struct zm_scan *s, const struct zm_number *n);
void zm_take_inside(struct zm_scan *s, const struct zm_number *n);
void zm_open_name_becomes(struct zm_scan *s, enum zm_counted slot);
void zm_member_put(struct zm_scan *s, struct zm_str *member, struct zm_str text);

/* parse_name.c */
void zm_take_name(struct zm_scan *s);
/* parse_tail.c */
bool zm_take_tail(struct zm_scan *s);
