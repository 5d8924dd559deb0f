/* A value of a published row, and its encoding as a SQLite record (file format, section 2.1). */
#pragma once

#include "geo/base/buf.h"

enum zm_cell_type { ZM_CELL_NULL, ZM_CELL_INT, ZM_CELL_REAL, ZM_CELL_TEXT, ZM_CELL_BLOB };

struct zm_cell {
    enum zm_cell_type type;
    union {
        int64_t integer;
        double real;
        struct zm_str text; /* and blob; borrowed */
    };
};

static inline struct zm_cell zm_cell_int(int64_t value)
{
    return (struct zm_cell){.type = ZM_CELL_INT, .integer = value};
}
static inline struct zm_cell zm_cell_real(double value)
{
    return (struct zm_cell){.type = ZM_CELL_REAL, .real = value};
}
/* Empty text is NULL: a published table has one way to say "nothing". */
static inline struct zm_cell zm_cell_text(struct zm_str text)
{
    return (struct zm_cell){.type = text.len ? ZM_CELL_TEXT : ZM_CELL_NULL, .text = text};
}
static inline struct zm_cell zm_cell_blob(struct zm_str bytes)
{
    return (struct zm_cell){.type = ZM_CELL_BLOB, .text = bytes};
}

/* SQLite's varint, 1..9 bytes. */
unsigned zm_varint_put(unsigned char *at, uint64_t value);

/* Appends the record of the cells; at most 60 of them. */
enum { ZM_RECORD_CELLS_MAX = 60 };
int zm_record_put(struct zm_buf *out, const struct zm_cell *cells, unsigned n, struct zm_err *err);

/* The cells of a record that zm_record_put made, without the first skip of them; text borrows from it. */
int zm_record_get(struct zm_str record, unsigned skip, struct zm_cell *cells, unsigned max, unsigned *n,
                  struct zm_err *err);
