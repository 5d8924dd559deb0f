/* The data tables of the program: TSV files in this folder, embedded at build, replaceable at run.
 *
 * A table is text: UTF-8, LF, fields separated by TAB, `#` lines are comments, the first other line is the
 * header. This room knows files and cells; what cells mean is decided by the room that uses them, with the
 * typed tables below as the only exceptions because every room needs them: rules (rules.h), texts (text.h),
 * divisions (division.h). */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

enum { ZM_TSV_BYTES_MAX = 256 << 20 };

/* One table in memory. Cells borrow from the embedded text or from the file it was replaced with. */
struct zm_tsv {
    const char *name; /* "rules.tsv" */
    struct zm_str text;
    struct zm_str *cells;  /* owned; n_rows * n_cols, row-major, header left out */
    struct zm_str *header; /* owned; n_cols */
    uint32_t n_rows, n_cols;
};

/* Parses text (borrowed, must outlive the table). A row with too few or too many cells is an error naming the
 * line. */
int zm_tsv_init(struct zm_tsv *t, const char *name, struct zm_str text, struct zm_err *err);
void zm_tsv_release(struct zm_tsv *t);

/* The next line that is neither blank nor a comment; false at the end. Loop with rest = the text of a table.
 */
bool zm_tsv_line(struct zm_str *rest, struct zm_str *line);

/* Writes the first max cells of a line and returns how many it has. */
unsigned zm_tsv_split(struct zm_str line, struct zm_str *cells, unsigned max);

/* The embedded text of a table of this folder; ptr NULL if there is none of that name. */
struct zm_str zm_tables_embedded(const char *name);

/* Index of a column by header name, or an error naming table and column. */
int zm_tsv_column(const struct zm_tsv *t, const char *column, uint32_t *out, struct zm_err *err);
static inline struct zm_str zm_tsv_cell(const struct zm_tsv *t, uint32_t row, uint32_t col)
{
    return t->cells[(size_t)row * t->n_cols + col];
}
