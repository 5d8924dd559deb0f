/* Administrative divisions of 3303 and its neighbours with validity dates and successors (divisions.tsv).
 * Facts: names and 12-digit codes of the statistics bureau's release of 2023-06-30, changes of 2018-2023, and
 * the retired counties of docs/sources.md. */
#pragma once

#include "geo/base/hash.h"
#include "geo/tables/tables.h"

enum zm_division_level { ZM_PROVINCE = 1, ZM_CITY, ZM_COUNTY, ZM_TOWN, ZM_COMMITTEE };

/* Codes are numbers: county 330302, town 330302006, committee 330302006044; provinces 33, cities 3303. */
struct zm_division {
    uint64_t code;
    enum zm_division_level level;
    struct zm_str name;            /* full standard name: 五马街道, 鼓楼社区, 龙港市 */
    uint32_t valid_from, valid_to; /* yyyymmdd, 0 = open; valid_to is the first day it is no longer valid */
    uint64_t successor;            /* code that took over, 0 = none or more than one */
    struct zm_str note;
};

struct zm_divisions {
    struct zm_division *rows; /* owned; sorted by code, then valid_from */
    uint32_t n;
    struct zm_table latest; /* the last row of each code */
    struct zm_tsv tsv;
};

/* The embedded table. */
int zm_divisions_init(struct zm_divisions *d, struct zm_err *err);
void zm_divisions_release(struct zm_divisions *d);

/* The row of a code valid on date (0 = any date: the latest), or NULL. */
const struct zm_division *zm_division_at(const struct zm_divisions *d, uint64_t code, uint32_t date);

/* 330302006044 -> 330302006 -> 330302 -> 3303 -> 33 -> 0. */
uint64_t zm_division_parent(uint64_t code);
/* By the number of digits; 0 if it has none of 2, 4, 6, 9, 12. */
enum zm_division_level zm_division_level_of(uint64_t code);
static inline bool zm_division_valid(const struct zm_division *d, uint32_t date)
{
    return (d->valid_from == 0 || d->valid_from <= date) && (d->valid_to == 0 || date < d->valid_to);
}

/* A name that once was a division and still stands in addresses, whose old code no release of the source
 * holds (retired_names.tsv). */
struct zm_retired_name {
    uint32_t county;    /* 330327: the county it lay in, by its code of today */
    struct zm_str name; /* 龙港镇 */
    enum zm_division_level level;
    uint32_t valid_to;        /* yyyymmdd, first day it was surely no longer valid; 0 = day unknown */
    uint64_t successor;       /* code that took over; 0 = none or more than one */
    struct zm_str successors; /* all of them, ' ' between the codes; may be empty */
    struct zm_str note;
};

struct zm_retired_names {
    struct zm_retired_name *rows; /* owned; sorted by county, then name */
    uint32_t n;
    struct zm_tsv tsv;
};

/* The embedded table. */
int zm_retired_names_init(struct zm_retired_names *r, struct zm_err *err);
void zm_retired_names_release(struct zm_retired_names *r);
