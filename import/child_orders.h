/* What the reader child is told to do: a struct zm_source as bytes. */
#pragma once

#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/record/source.h"

enum zm_reader_mode {
    ZM_READER_ROWS, /* all rows as batches of mapped fields */
    ZM_READER_HEAD  /* the columns and the first rows as delivered, for `zhengming map` */
};

struct zm_orders {
    enum zm_reader_mode mode;
    int32_t parent; /* process id: a child whose parent is another one is an orphan and stops */
    struct zm_source source;
};

int zm_orders_encode(const struct zm_orders *orders, struct zm_buf *out, struct zm_err *err);

/* Texts borrow from bytes, lists live in arena. ZM_E_INTERNAL if the bytes are no orders. */
int zm_orders_decode(struct zm_orders *out, struct zm_arena *arena, struct zm_str bytes, struct zm_err *err);
