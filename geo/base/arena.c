#include "geo/base/arena.h"

#include "geo/base/mem.h"

enum { BLOCK_BYTES = 64 * 1024 };

struct zm_arena_block {
    struct zm_arena_block *next;
    size_t size, used;
    _Alignas(16) unsigned char data[];
};

void zm_arena_init(struct zm_arena *a, size_t limit)
{
    *a = (struct zm_arena){.limit = limit};
}

void zm_arena_reset(struct zm_arena *a)
{
    a->current = a->first;
    if (a->first)
        a->first->used = 0;
    a->used = 0;
}

void zm_arena_release(struct zm_arena *a)
{
    for (struct zm_arena_block *b = a->first, *next; b; b = next) {
        next = b->next;
        zm_free(b);
    }
    *a = (struct zm_arena){.limit = a->limit};
}

/* Makes a block with room for size the current one, reusing the blocks a reset left behind. */
static struct zm_arena_block *next_block(struct zm_arena *a, size_t size)
{
    struct zm_arena_block *b = a->current;
    while (b && b->next) {
        b = b->next;
        b->used = 0;
        if (b->size >= size)
            return a->current = b;
    }
    size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    struct zm_arena_block *fresh = zm_alloc(sizeof *fresh + bytes);
    if (!fresh)
        return NULL;
    *fresh = (struct zm_arena_block){.size = bytes};
    if (b)
        b->next = fresh;
    else
        a->first = fresh;
    return a->current = fresh;
}

void *zm_arena_alloc(struct zm_arena *a, size_t size)
{
    if (size > SIZE_MAX - 15)
        return NULL;
    size_t rounded = (size + 15) & ~(size_t)15;
    if (rounded > a->limit - a->used)
        return NULL;
    struct zm_arena_block *b = a->current;
    if ((!b || b->size - b->used < rounded) && !(b = next_block(a, rounded)))
        return NULL;
    void *p = b->data + b->used;
    b->used += rounded;
    a->used += rounded;
    return memset(p, 0, rounded);
}

struct zm_str zm_arena_copy(struct zm_arena *a, struct zm_str s)
{
    char *copy = zm_arena_alloc(a, s.len + 1);
    if (!copy)
        return (struct zm_str){NULL, 0};
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    return (struct zm_str){copy, s.len};
}
