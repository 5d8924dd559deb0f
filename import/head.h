/* What `zhengming map` looks at: the columns of a file and its first rows, as they cross from the reader
 * child to the parent. The child collects and encodes; the parent decodes, trusting nothing. */
#pragma once

#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "import/row.h"

enum {
    ZM_HEAD_ROWS = 20,
    ZM_HEAD_CELL_MAX = 400 /* bytes of a sample, cut at a character */,
    ZM_HEAD_BYTES_MAX = 4 << 20
};

struct zm_head {
    struct zm_str format, encoding, crs; /* as in zm_import_stats */
    bool has_geometry;
    enum zm_point_as point_as;
    const struct zm_str *columns; /* n_columns names */
    unsigned n_columns;
    const struct zm_str *cells; /* n_rows * n_columns, row-major; cells of personal columns are empty */
    unsigned n_rows;
    const struct zm_str *points; /* n_rows * 2: x and y, empty where there is none */
};

/* Child: reads up to ZM_HEAD_ROWS good rows. All texts are copied to the arena. format: zm_format_name(). */
int zm_head_collect(struct zm_head *out, struct zm_row_reader *reader, const char *format,
                    struct zm_arena *arena, struct zm_err *err);
int zm_head_encode(const struct zm_head *h, struct zm_buf *out, struct zm_err *err);

/* Parent: texts borrow from bytes, arrays are in the arena. ZM_E_INTERNAL on any length that does not hold.
 */
int zm_head_decode(struct zm_head *out, struct zm_str bytes, struct zm_arena *arena, struct zm_err *err);

/* Parent: starts the reader child on path in its head mode (no mapping, kind and datum unknown) and appends
 * the encoded head to out. Errors as zm_import_open. Lives in import.c, beside the rest of the parent's side.
 */
int zm_import_head(const char *path, const char *program, struct zm_buf *out, struct zm_err *err);
