/* A growable byte buffer with a hard maximum. */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

/* Caller's struct: init, then put, then release. After a failed put the content is as it was. */
struct zm_buf {
    char *ptr; /* owned; NULL while empty */
    size_t len, cap;
    size_t max; /* bytes; no content is ever longer */
};

void zm_buf_init(struct zm_buf *b, size_t max);
void zm_buf_release(struct zm_buf *b);
static inline void zm_buf_reset(struct zm_buf *b)
{
    b->len = 0;
}
static inline struct zm_str zm_buf_str(const struct zm_buf *b)
{
    return (struct zm_str){b->ptr, b->len};
}

/* Room for extra more bytes; *at is where they may be written; the caller then adds to b->len. */
int zm_buf_grow(struct zm_buf *b, size_t extra, char **at, struct zm_err *err); /* the same, out of line */
static inline int zm_buf_reserve(struct zm_buf *b, size_t extra, char **at, struct zm_err *err)
{
    if (!b->ptr || extra > b->cap - b->len)
        return zm_buf_grow(b, extra, at, err);
    *at = b->ptr + b->len;
    return 0;
}
int zm_buf_put(struct zm_buf *b, struct zm_str s, struct zm_err *err);
int zm_buf_putc(struct zm_buf *b, char c, struct zm_err *err);
int zm_buf_printf(struct zm_buf *b, struct zm_err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
