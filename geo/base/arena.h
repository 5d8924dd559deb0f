/* Memory with one lifetime: an arena per batch, an arena per job. Nothing in it is freed alone. */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

struct zm_arena_block;

/* Caller's struct: init, alloc..., reset (keeps the first block), release. */
struct zm_arena {
    struct zm_arena_block *first, *current;
    size_t used;  /* bytes handed out since init or reset */
    size_t limit; /* used never exceeds it */
};

void zm_arena_init(struct zm_arena *a, size_t limit);
void zm_arena_reset(struct zm_arena *a);
void zm_arena_release(struct zm_arena *a);

/* Zeroed memory, aligned to 16 bytes; NULL when memory or the limit is out. */
void *zm_arena_alloc(struct zm_arena *a, size_t size);

/* A copy of s in the arena, with a NUL behind it; ptr is NULL when memory or the limit is out. */
struct zm_str zm_arena_copy(struct zm_arena *a, struct zm_str s);
