#include "geo/base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_long fail_countdown;

static int must_fail(void)
{
    if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) == 0)
        return 0;
    return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

void zm_mem_fail_at(long k)
{
    atomic_store(&fail_countdown, k);
}

void *zm_alloc(size_t size)
{
    return must_fail() ? NULL : malloc(size ? size : 1);
}

void *zm_calloc(size_t n, size_t size)
{
    return must_fail() ? NULL : calloc(n ? n : 1, size ? size : 1);
}

void *zm_realloc(void *p, size_t size)
{
    return must_fail() ? NULL : realloc(p, size ? size : 1);
}

void zm_free(void *p)
{
    free(p);
}

char *zm_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = zm_alloc(size);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}
