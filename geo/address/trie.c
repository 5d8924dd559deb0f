#include "geo/address/trie.h"

#include "geo/base/mem.h"

#include <stdlib.h>

enum { ROOT_SIZE = 65536, KEYS_MAX = 1 << 24, TEXT_MAX = 1 << 28 };

void zm_trie_init(struct zm_trie *t)
{
    *t = (struct zm_trie){0};
}

static void builder_release(struct zm_trie *t)
{
    zm_free(t->keys);
    zm_free(t->text);
    t->keys = NULL;
    t->text = NULL;
    t->n_keys = t->cap_keys = t->n_text = t->cap_text = 0;
}

void zm_trie_release(struct zm_trie *t)
{
    builder_release(t);
    zm_free(t->nodes);
    zm_free(t->values);
    zm_free(t->root);
    *t = (struct zm_trie){0};
}

/* Room for n items of size in *array; the capacity doubles up to max. */
static int grow(void *array, uint32_t *cap, uint32_t n, uint32_t max, size_t size, struct zm_err *err)
{
    if (n <= *cap)
        return 0;
    if (n > max)
        return zm_fail(err, ZM_E_MEMORY, "the gazetteer holds too many names (limit %u)", max);
    uint32_t want = *cap ? *cap : 1024;
    while (want < n)
        want *= 2;
    void *old, *fresh;
    memcpy(&old, array, sizeof old);
    fresh = zm_realloc(old, want * size);
    if (!fresh)
        return zm_fail_memory(err, want * size);
    memcpy(array, &fresh, sizeof fresh);
    *cap = want;
    return 0;
}

int zm_trie_add(struct zm_trie *t, const uint32_t *cp, uint32_t n, uint32_t value, struct zm_err *err)
{
    if (n == 0 || n > 256 || cp[0] > 0xFFFF)
        return 0;
    ZM_TRY(grow(&t->keys, &t->cap_keys, t->n_keys + 1, KEYS_MAX, sizeof *t->keys, err));
    ZM_TRY(grow(&t->text, &t->cap_text, t->n_text + n, TEXT_MAX, sizeof *t->text, err));
    t->keys[t->n_keys++] = (struct zm_trie_key){t->n_text, n, value};
    memcpy(t->text + t->n_text, cp, n * sizeof *cp);
    t->n_text += n;
    return 0;
}

static int key_cmp(const void *pa, const void *pb, void *ptext)
{
    const struct zm_trie_key *a = pa, *b = pb;
    const uint32_t *text = ptext;
    for (uint32_t i = 0; i < a->len && i < b->len; i++) {
        uint32_t x = text[a->text + i], y = text[b->text + i];
        if (x != y)
            return x < y ? -1 : 1;
    }
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

static void keys_sort(struct zm_trie *t)
{
    uint32_t n = 0;
    if (t->n_keys == 0)
        return;
    qsort_r(t->keys, t->n_keys, sizeof *t->keys, key_cmp, t->text);
    for (uint32_t i = 0; i < t->n_keys; i++)
        if (n == 0 || key_cmp(&t->keys[n - 1], &t->keys[i], t->text) != 0)
            t->keys[n++] = t->keys[i];
    t->n_keys = n;
}

/* The keys a node stands for, and how deep it is. */
struct range {
    uint32_t from, to, depth;
};

/* Makes the children of one node from its keys, which are sorted and share their first depth characters. */
static void node_expand(struct zm_trie *t, struct range *ranges, uint32_t at)
{
    struct zm_trie_node *node = &t->nodes[at];
    struct range r = ranges[at];
    uint32_t i = r.from;
    node->value = i;
    while (i < r.to && t->keys[i].len == r.depth)
        i++;
    node->n_values = i - r.from;
    node->child = t->n_nodes;
    while (i < r.to) {
        uint32_t from = i, cp = t->text[t->keys[i].text + r.depth];
        while (i < r.to && t->text[t->keys[i].text + r.depth] == cp)
            i++;
        ranges[t->n_nodes] = (struct range){from, i, r.depth + 1};
        t->nodes[t->n_nodes++] = (struct zm_trie_node){.cp = cp};
    }
    node->n_children = t->n_nodes - node->child;
}

int zm_trie_freeze(struct zm_trie *t, struct zm_err *err)
{
    uint32_t max = t->n_text + 1; /* a node a character at most, and the root */
    int rc = 0;
    struct range *ranges = zm_alloc(max * sizeof *ranges);
    t->nodes = zm_alloc(max * sizeof *t->nodes);
    t->values = zm_alloc(t->n_keys * sizeof *t->values);
    t->root = zm_calloc(ROOT_SIZE, sizeof *t->root);
    if (!ranges || !t->nodes || !t->values || !t->root) {
        rc = zm_fail_memory(err, max * sizeof *t->nodes);
        goto out;
    }
    keys_sort(t);
    for (uint32_t i = 0; i < t->n_keys; i++)
        t->values[i] = t->keys[i].value;
    t->nodes[0] = (struct zm_trie_node){0};
    ranges[0] = (struct range){0, t->n_keys, 0};
    t->n_nodes = 1;
    for (uint32_t at = 0; at < t->n_nodes; at++)
        node_expand(t, ranges, at);
    for (uint32_t i = 0; i < t->nodes[0].n_children; i++)
        t->root[t->nodes[t->nodes[0].child + i].cp] = t->nodes[0].child + i;
    builder_release(t);
out:
    zm_free(ranges);
    return rc;
}
