/* A frozen trie over code points: collect keys, freeze, then walk it from any number of threads. */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

struct zm_trie_node {
    uint32_t cp;
    uint32_t child, n_children; /* the children lie together, ascending by cp */
    uint32_t value, n_values;   /* the values of the key that ends here, ascending */
};

struct zm_trie_key {
    uint32_t text, len; /* characters in the builder's text */
    uint32_t value;
};

/* Caller's struct: init, add..., freeze, step...; release at any time. */
struct zm_trie {
    struct zm_trie_node *nodes; /* owned; node 0 is the root */
    uint32_t *values;           /* owned */
    uint32_t *root;             /* owned; 65536 children of the root by cp, 0 = none */
    uint32_t n_nodes;
    struct zm_trie_key *keys; /* owned, until frozen */
    uint32_t *text;
    uint32_t n_keys, cap_keys, n_text, cap_text;
};

void zm_trie_init(struct zm_trie *t);
void zm_trie_release(struct zm_trie *t);

/* Characters of the BMP only in the first place of a key; equal (key, value) pairs are kept once. */
int zm_trie_add(struct zm_trie *t, const uint32_t *cp, uint32_t n, uint32_t value, struct zm_err *err);
int zm_trie_freeze(struct zm_trie *t, struct zm_err *err);

/* The node behind node by cp, or 0. */
static inline uint32_t zm_trie_step(const struct zm_trie *t, uint32_t node, uint32_t cp)
{
    if (node == 0)
        return cp <= 0xFFFF ? t->root[cp] : 0;
    uint32_t lo = t->nodes[node].child, hi = lo + t->nodes[node].n_children;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->nodes[mid].cp == cp)
            return mid;
        if (t->nodes[mid].cp < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 0;
}
