/* Stable LSD radix sort of (64-bit key, 64-bit value) pairs: sorting instead of looking up. */
#pragma once

#include "geo/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct zm_pair {
    uint64_t key;
    uint64_t value;
};

/* Sorts ascending by key; equal keys keep their order. scratch holds n pairs and is overwritten. */
void zm_sort_pairs(struct zm_pair *pairs, struct zm_pair *scratch, size_t n);

/* As above with its own scratch memory. */
int zm_sort(struct zm_pair *pairs, size_t n, struct zm_err *err);
