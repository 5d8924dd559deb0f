/* A batch: the mapped fields of at most 16,384 delivered rows, as text, in one block of memory that can cross
 * a process border. Layout: struct zm_batch_head, row numbers, end offsets (row-major), rejects, text. The
 * reader child builds it (zm_batch_builder); the parent copies the block out of shared memory and only then
 * checks every offset (zm_batch_view), so that a hostile child cannot change what was checked. */
#pragma once

#include "geo/base/err.h"
#include "geo/record/kind.h"

enum {
    ZM_BATCH_ROWS_MAX = 16384,
    ZM_BATCH_BYTES_MAX = 8 << 20,
    ZM_CELL_BYTES_MAX = 64 << 10, /* a longer text field rejects its row */
    ZM_GEOM_BYTES_MAX = 4 << 20,  /* a longer geometry rejects its row */
    ZM_BATCH_REJECTS_MAX = 4096   /* a full list ends the batch early */
};

/* Row numbers go from 1 to here: a row and its source together are one sort key of 64 bits (job/collate.c).
 */
#define ZM_ROW_MAX ((UINT64_C(1) << 40) - 1)

/* Why a row never became a record. Texts: reason.NAME in text.tsv. */
enum zm_reason {
    ZM_REASON_RAGGED,       /* not as many fields as the header */
    ZM_REASON_LONG_FIELD,   /* over ZM_CELL_BYTES_MAX */
    ZM_REASON_NUL,          /* a NUL byte in the row */
    ZM_REASON_BAD_ENCODING, /* bytes that are not of the file's encoding */
    ZM_REASON_BAD_QUOTES,   /* a quote inside a bare field, or text behind a closing quote */
    ZM_REASON_EMPTY,        /* all mapped fields are empty */
    ZM_REASON_TOTALS,       /* a 合计/小计 line or a repeated header (IMP-005) */
    ZM_REASON_BAD_GEOMETRY, /* no geometry of the kind's type, or it cannot be read */
    ZM_REASON_ERROR_RULE,   /* quarantined: a row-local error rule speaks against it */
    ZM_REASON_SOURCE,       /* quarantined with its whole source */
    ZM_N_REASONS
};
const char *zm_reason_name(enum zm_reason reason);    /* "ragged" */
const char *zm_reason_english(enum zm_reason reason); /* for the log: "not as many fields as the header" */

struct zm_reject {
    uint64_t row;  /* 1-based data record */
    uint64_t line; /* 1-based line of the file, 0 where lines mean nothing */
    uint32_t reason;
    uint32_t field; /* of the kind, or ZM_FIELD_NONE */
};

struct zm_batch_head {
    uint32_t magic, kind, n_rows, n_fields, n_rejects, text_bytes;
    uint8_t fields[ZM_FIELDS_MAX]; /* which fields of the kind are present, ascending */
};

/* A checked, read-only view of a block. */
struct zm_batch {
    const struct zm_batch_head *head;
    const uint64_t *rows; /* row numbers, strictly ascending */
    const uint32_t *ends; /* end of cell (row, present field) in text; the start is the end before it */
    const struct zm_reject *rejects;
    const char *text;
    uint8_t at[ZM_FIELDS_MAX]; /* kind's field -> index among present ones, ZM_FIELD_NONE if absent */
};

/* Checks block[0..size) and points out into it. Fails with ZM_E_INTERNAL on any offset that does not hold. */
int zm_batch_view(struct zm_batch *out, const void *block, size_t size, struct zm_err *err);

/* The cell of a kind's field; empty if the field is absent. row < n_rows. Borrows from the block. */
static inline struct zm_str zm_batch_get(const struct zm_batch *b, uint32_t row, unsigned field)
{
    unsigned k = b->at[field];
    if (k == ZM_FIELD_NONE)
        return (struct zm_str){"", 0};
    size_t cell = (size_t)row * b->head->n_fields + k;
    uint32_t begin = cell ? b->ends[cell - 1] : 0;
    return (struct zm_str){b->text + begin, b->ends[cell] - begin};
}

/* Builds a block in memory of the caller. Call order: init, then for each row: begin, cell for every present
 * field in ascending order, commit (or cancel); reject at any time between rows; finish. */
struct zm_batch_builder {
    char *block;
    size_t capacity;
    struct zm_batch_head head;
    uint64_t *rows;
    uint32_t *ends;
    struct zm_reject *rejects;
    char *text;
    size_t text_capacity;
    uint32_t cell, row_text;
    uint32_t rows_max; /* a batch ends after so many rows: ZM_BATCH_ROWS_MAX unless set lower */
};

/* capacity must be ZM_BATCH_BLOCK_BYTES or more. */
enum {
    ZM_BATCH_BLOCK_BYTES =
        ZM_BATCH_BYTES_MAX + ZM_BATCH_ROWS_MAX * (8 + 4 * ZM_FIELDS_MAX) + ZM_BATCH_REJECTS_MAX * 24 + 4096
};
void zm_batch_init(struct zm_batch_builder *b, void *block, size_t capacity, enum zm_kind kind,
                   const uint8_t *fields, unsigned n_fields);
void zm_batch_reset(struct zm_batch_builder *b);
bool zm_batch_begin(struct zm_batch_builder *b, uint64_t row);      /* false: full, finish this batch first */
bool zm_batch_cell(struct zm_batch_builder *b, struct zm_str text); /* false: no room; cancel, finish, redo */
void zm_batch_commit(struct zm_batch_builder *b);
void zm_batch_cancel(struct zm_batch_builder *b);
bool zm_batch_reject(struct zm_batch_builder *b, const struct zm_reject *reject); /* false: full */
size_t zm_batch_finish(struct zm_batch_builder *b); /* bytes of the block that are in use */
