/* Inside geo/address: what a frozen gazetteer holds and how it is asked. */
#pragma once

#include "geo/address/fold.h"
#include "geo/address/gazetteer.h"
#include "geo/address/lexicon.h"
#include "geo/address/trie.h"
#include "geo/base/hash.h"

/* 龙港市: its communities hang under the county; its only town, 330383198, is a placeholder of the
 * statistics. */
enum { ZM_COUNTY_WITHOUT_TOWNS = 330383 };

enum { ZM_NAME_ROAD = 0 }; /* else an enum zm_division_level */

/* One meaning of a name. */
struct zm_name {
    uint8_t level;   /* enum zm_division_level or ZM_NAME_ROAD */
    bool is_short;   /* 鹿城, 柳市: without the generic */
    bool retired;    /* no longer valid at as_of */
    uint32_t county; /* where it lies; 0 = a province or city, or a road anywhere in the city */
    uint64_t code; /* what it is called today: its own code, or the successor's; 0 = none, or more than one */
    uint64_t parent;    /* code above it, as it was when the name was valid */
    struct zm_str text; /* full name as written in the table: 龙港镇, also for the short form */
    uint32_t valid_to;
};

struct zm_gazetteer {
    const struct zm_divisions *divisions; /* borrowed */
    struct zm_retired_names retired;
    struct zm_fold_table *fold;
    struct zm_trie lexicon, trie;
    struct zm_table roads; /* until frozen: hash of county and name -> key of the trie */
    struct zm_name *names; /* owned; the trie's values */
    uint32_t n_names, cap_names;
    uint32_t as_of;
    bool frozen;
};

/* The standard name of a code at as_of; empty if it has none. */
struct zm_str zm_gazetteer_name(const struct zm_gazetteer *g, uint64_t code);

/* 瑞安市塘下镇: the names from the county down, in out (at most cap bytes, whole names only). */
struct zm_str zm_gazetteer_full_name(const struct zm_gazetteer *g, uint64_t code, char *out, size_t cap);

/* The valid county, town or committee under parent whose name differs least from n characters at cp: one
 * character put in, left out or replaced, or another generic. NULL if there is none, or if two are equally
 * near. */
const struct zm_division *zm_gazetteer_nearest(const struct zm_gazetteer *g, uint64_t parent,
                                               const uint32_t *cp, uint32_t n);
