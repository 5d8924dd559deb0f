/* Column names: merged two-row headers, names with line breaks, and finding a column by the name people
 * write. */
#pragma once

#include "geo/base/arena.h"
#include "import/row.h"

/* One header row of n cells, with every run of blanks and line breaks folded to one blank (none beside Han),
 * into out[n], in the arena. ZM_E_INPUT for a name over ZM_COLUMN_NAME_MAX. */
int zm_header_fold(struct zm_arena *arena, const struct zm_str *cells, unsigned n, struct zm_str *out,
                   struct zm_err *err);

/* Joins n_rows header rows (row-major cells[n_rows * n]) into out[n]: "坐标/经度". A cell merged to the right
 * gives its text to the empty cells behind it where the row below has text; a cell merged downwards is its
 * column's whole name. */
int zm_header_join(struct zm_arena *arena, const struct zm_str *cells, unsigned n_rows, unsigned n,
                   struct zm_str *out, struct zm_err *err);

enum { ZM_COLUMN_NONE = -1, ZM_COLUMN_AMBIGUOUS = -2 };

/* Index of the column called name: exact; else without blanks, case and width of ASCII; else by the last part
 * of a joined name. ZM_COLUMN_AMBIGUOUS if several columns answer at the first of these steps that finds any.
 */
int zm_column_find(const struct zm_str *columns, unsigned n, struct zm_str name);
