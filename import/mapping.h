/* From raw rows to batches: job.ini's map.FIELD, const.FIELD and values.FIELD, or the usual column titles
 * when the source has none. Only mapped columns pass; personal columns and values are dropped here and
 * counted. */
#pragma once

#include "geo/base/buf.h"
#include "geo/record/source.h"
#include "import/row.h"

/* What the rows told, totals of the file. */
struct zm_mapping_counts {
    uint64_t rows_in; /* refused ones included */
    uint64_t rejected[ZM_N_REASONS];
    uint64_t personal_columns, personal_values;
};

struct zm_mapping;

/* Borrows source and reader until freed. path names the file in messages. ZM_E_USAGE: a mapped column that is
 * missing (the message lists the columns there are) or that two columns answer to, a bad template, two
 * sources for one field, or no field at all; ZM_E_INPUT when nothing was mapped and no title is known. */
int zm_mapping_new(struct zm_mapping **out, const struct zm_source *source,
                   const struct zm_row_reader *reader, const char *path, struct zm_err *err);
void zm_mapping_free(struct zm_mapping *m);

/* The fields of the kind that batches will have, ascending: for zm_batch_init. */
const uint8_t *zm_mapping_fields(const struct zm_mapping *m, unsigned *n);

/* Appends warnings for the log, one a line: columns nobody mapped, personal columns, how titles were
 * understood. */
int zm_mapping_notes(const struct zm_mapping *m, struct zm_buf *out, struct zm_err *err);

/* Fills one batch (b: reset) from the reader. *more = false once the reader has ended; a row that did not fit
 * waits in the mapping for the next call. The caller finishes the batch; it may be empty, and may hold
 * rejects only. */
int zm_mapping_fill(struct zm_mapping *m, struct zm_batch_builder *b, bool *more, struct zm_err *err);

const struct zm_mapping_counts *zm_mapping_counts(const struct zm_mapping *m);
