#include "geo/base/hash.h"

#include "geo/base/mem.h"

#include <xxhash.h>

struct zm_slot {
    uint64_t hash;
    uint32_t value;
    uint32_t used;
};

uint64_t zm_hash(struct zm_str s)
{
    return XXH3_64bits(s.ptr, s.len);
}

uint64_t zm_hash_mix(uint64_t seed, uint64_t value)
{
    uint64_t pair[2] = {seed, value};
    return XXH3_64bits(pair, sizeof pair);
}

void zm_table_init(struct zm_table *t)
{
    *t = (struct zm_table){0};
}

void zm_table_release(struct zm_table *t)
{
    zm_free(t->slots);
    *t = (struct zm_table){0};
}

static void place(struct zm_slot *slots, uint32_t mask, uint64_t hash, uint32_t value)
{
    uint32_t i = (uint32_t)hash & mask;
    while (slots[i].used)
        i = (i + 1) & mask;
    slots[i] = (struct zm_slot){hash, value, 1};
}

/* Moves entries in probe order, so that entries of one hash stay in the order they came. */
static int grow(struct zm_table *t, struct zm_err *err)
{
    uint32_t cap = t->slots ? (t->mask + 1) * 2 : 64;
    if (cap == 0)
        return zm_fail(err, ZM_E_MEMORY, "a hash table has more than 2^31 slots");
    struct zm_slot *slots = zm_calloc(cap, sizeof *slots);
    if (!slots)
        return zm_fail_memory(err, cap * sizeof *slots);
    uint32_t start = 0;
    for (uint32_t i = 0; t->slots && i <= t->mask; i++) {
        if (!t->slots[i].used) {
            start = i;
            break;
        }
    }
    for (uint32_t k = 0; t->slots && k <= t->mask; k++) {
        const struct zm_slot *s = &t->slots[(start + k) & t->mask];
        if (s->used)
            place(slots, cap - 1, s->hash, s->value);
    }
    zm_free(t->slots);
    t->slots = slots;
    t->mask = cap - 1;
    return 0;
}

int zm_table_add(struct zm_table *t, uint64_t hash, uint32_t value, struct zm_err *err)
{
    if (!t->slots || t->n + 1 > (t->mask + 1) / 5 * 3)
        ZM_TRY(grow(t, err));
    place(t->slots, t->mask, hash, value);
    t->n++;
    return 0;
}

bool zm_table_next(const struct zm_table *t, uint64_t hash, uint32_t *at, uint32_t *value)
{
    if (!t->slots)
        return false;
    for (uint32_t step = *at;; step++) {
        const struct zm_slot *s = &t->slots[((uint32_t)hash + step) & t->mask];
        if (!s->used)
            return false;
        if (s->hash == hash) {
            *at = step + 1;
            *value = s->value;
            return true;
        }
    }
}
