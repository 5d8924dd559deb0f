/* 64-bit hashes (xxHash) and an open-addressing table from such a hash to a 32-bit value. */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

/* XXH3 of the bytes. Part of published keys: never change it without a new key version. */
uint64_t zm_hash(struct zm_str s);
uint64_t zm_hash_mix(uint64_t seed, uint64_t value);

/* Hash -> value. Several entries may have one hash; the caller confirms on its own data. Grows by doubling.
 */
struct zm_table {
    struct zm_slot *slots; /* owned */
    uint32_t mask, n;
};

void zm_table_init(struct zm_table *t);
void zm_table_release(struct zm_table *t);
int zm_table_add(struct zm_table *t, uint64_t hash, uint32_t value, struct zm_err *err);

/* Finds the entries of a hash one by one, in the order they were added if none was ever removed:
 * start with *at = 0; returns false when there are no more. */
bool zm_table_next(const struct zm_table *t, uint64_t hash, uint32_t *at, uint32_t *value);
