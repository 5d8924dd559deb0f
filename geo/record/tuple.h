/* The canonical tuple of an address: what is compared, never the text (notes: domain.md 1.1 of the design
 * material). Numbers are canonical text: ASCII digits, upper case, no 号/幢/单元/层/室. */
#pragma once

#include "geo/base/str.h"

struct zm_tuple {
    uint32_t county;                 /* 330302; 0 = unknown */
    uint32_t town;                   /* 330302006; 0 = none or unknown */
    uint64_t committee;              /* 330302006044; 0 = none or unknown */
    struct zm_str road;              /* 锦绣路, 宁康东路 */
    struct zm_str village;           /* natural village, and group: 岙底, 岙底5组, 5组 */
    struct zm_str lane;              /* 58弄, 58弄3支弄 */
    struct zm_str number;            /* 12, 12A, 12-14 (a range) */
    struct zm_str sub;               /* 1 of 12号之1, 12-1号, 12号附1号 */
    struct zm_str estate;            /* 南国大厦, 锦绣苑A区 */
    struct zm_str building;          /* 3, A, B1 */
    struct zm_str unit, floor, room; /* 2; 3, -1; 302, A302, 302-1 */
};

enum { ZM_TUPLE_TEXTS = 10 };
/* Pointers to the text members in the order above, to loop over them. */
void zm_tuple_texts(struct zm_tuple *t, struct zm_str *out[ZM_TUPLE_TEXTS]);
const char *zm_tuple_text_name(unsigned i); /* "road" ... "room" */

bool zm_tuple_eq(const struct zm_tuple *a, const struct zm_tuple *b);
/* Order of published ids: codes, then texts; numbers by value first ("9" before "12", "12" before "12A"). */
int zm_tuple_cmp(const struct zm_tuple *a, const struct zm_tuple *b);
/* 64-bit key; equal tuples have equal keys, equal keys must be confirmed with zm_tuple_eq. */
uint64_t zm_tuple_key(const struct zm_tuple *t);
/* 0 none, 1 number or compound, 2 building, 3 unit, 4 floor, 5 room: the deepest member that is present. */
unsigned zm_tuple_level(const struct zm_tuple *t);
/* "12" -> value 12, rest "". Numeric-aware compare of canonical numbers. */
int zm_number_cmp(struct zm_str a, struct zm_str b);
