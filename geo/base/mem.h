/* The only way to the heap. A test can make the k-th allocation fail, in this thread or any other. */
#pragma once

#include "geo/base/err.h"

#include <stddef.h>

/* Like malloc/calloc/realloc; NULL when memory is out. size 0 is treated as 1. Free with zm_free. */
void *zm_alloc(size_t size);
void *zm_calloc(size_t n, size_t size);
void *zm_realloc(void *p, size_t size);
void zm_free(void *p);
char *zm_strdup(const char *text);

/* Tests: let the k-th allocation from now fail (1 = the next); 0 switches it off. */
void zm_mem_fail_at(long k);
