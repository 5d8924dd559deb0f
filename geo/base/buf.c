#include "geo/base/buf.h"

#include "geo/base/mem.h"

#include <stdio.h>

void zm_buf_init(struct zm_buf *b, size_t max)
{
    *b = (struct zm_buf){.max = max};
}

void zm_buf_release(struct zm_buf *b)
{
    zm_free(b->ptr);
    *b = (struct zm_buf){.max = b->max};
}

int zm_buf_grow(struct zm_buf *b, size_t extra, char **at, struct zm_err *err)
{
    if (extra > b->max - b->len)
        return zm_fail(err, ZM_E_MEMORY, "a buffer of at most %zu bytes is full", b->max);
    if (b->len + extra > b->cap) {
        size_t cap = b->cap ? b->cap : 256;
        while (cap < b->len + extra)
            cap += cap / 2;
        if (cap > b->max)
            cap = b->max;
        char *grown = zm_realloc(b->ptr, cap);
        if (!grown)
            return zm_fail_memory(err, cap);
        b->ptr = grown;
        b->cap = cap;
    }
    *at = b->ptr ? b->ptr + b->len : NULL;
    return 0;
}

int zm_buf_put(struct zm_buf *b, struct zm_str s, struct zm_err *err)
{
    char *at;
    ZM_TRY(zm_buf_reserve(b, s.len, &at, err));
    if (s.len)
        memcpy(at, s.ptr, s.len);
    b->len += s.len;
    return 0;
}

int zm_buf_putc(struct zm_buf *b, char c, struct zm_err *err)
{
    return zm_buf_put(b, (struct zm_str){&c, 1}, err);
}

int zm_buf_printf(struct zm_buf *b, struct zm_err *err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int need = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *at;
    if (need < 0)
        return zm_fail(err, ZM_E_INTERNAL, "a format could not be printed");
    ZM_TRY(zm_buf_reserve(b, (size_t)need + 1, &at, err));
    va_start(ap, fmt);
    vsnprintf(at, (size_t)need + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)need;
    return 0;
}
