/* The published layers: their columns, and how a record becomes a row of them. Chinese titles are in text.tsv
 * under layer.LAYER and layer.LAYER.COLUMN, coded values under DOMAIN.VALUE. docs/layers.md describes every
 * column. */
#pragma once

#include "export/cell.h"
#include "geo/record/address.h"
#include "geo/record/batch.h"
#include "geo/record/finding.h"
#include "geo/tables/division.h"

enum zm_column_type { ZM_COLUMN_TEXT, ZM_COLUMN_DATE, ZM_COLUMN_INT, ZM_COLUMN_REAL };

struct zm_column {
    const char *name;
    enum zm_column_type type;
    const char *domain; /* coded values, see zm_domains; NULL if free */
    bool internal;      /* left out of the public profile */
};

struct zm_layer {
    const char *name;
    const char *titles; /* family of the column titles in text.tsv: "field.address." */
    const struct zm_column *columns;
    unsigned n_columns;
    bool spatial;
};

extern const struct zm_layer zm_layer_address, zm_layer_finding, zm_layer_finding_row, zm_layer_fixed,
    zm_layer_rejected;

/* Coded values: '|' between the codes. The domains county and town come from the
 * divisions instead; committees come by the thousand, and GDAL 3.6 cuts such a domain off with a warning. */
struct zm_domain {
    const char *name, *values;
};
extern const struct zm_domain zm_domains[];
extern const unsigned zm_n_domains;

/* What all rows of a publication need to know. All borrowed. */
struct zm_row_context {
    const struct zm_str *sources; /* name by zm_source.index */
    const bool *open_sources;     /* by zm_source.index: class = public */
    const uint8_t *kinds;         /* by zm_source.index: enum zm_kind */
    unsigned n_sources;
    bool public_profile;
    double precision_m; /* of the public profile */
};

enum { ZM_ROW_CELLS_MAX = 48, ZM_ROW_SCRATCH = 4096 };

/* One row of a layer. cells borrow from the record and from scratch. */
struct zm_row {
    struct zm_cell cells[ZM_ROW_CELLS_MAX];
    unsigned n_cells; /* internal columns are left out in the public profile */
    bool has_point;
    double lon, lat;
    unsigned used;
    char scratch[ZM_ROW_SCRATCH];
};

/* *published = false: the public profile leaves this address out. */
int zm_row_address(struct zm_row *row, const struct zm_row_context *c, const struct zm_address *a,
                   bool *published, struct zm_err *err);

/* message: a buffer of the caller for the rendered message, kept as long as the row. */
int zm_row_finding(struct zm_row *row, const struct zm_row_context *c, const struct zm_finding *f,
                   uint64_t n_rows, struct zm_buf *message, struct zm_err *err);
int zm_row_finding_row(struct zm_row *row, const struct zm_row_context *c, uint64_t finding, uint32_t source,
                       uint64_t data_row, struct zm_err *err);
int zm_row_fixed(struct zm_row *row, const struct zm_row_context *c, const struct zm_finding *f,
                 struct zm_buf *message, struct zm_err *err);

int zm_row_rejected(struct zm_row *row, const struct zm_row_context *c, uint32_t source,
                    const struct zm_reject *reject, struct zm_err *err);

/* For the rows of all layers. */
void zm_row_start(struct zm_row *row);
static inline void zm_row_put(struct zm_row *row, struct zm_cell cell)
{
    row->cells[row->n_cells++] = cell;
}
void zm_row_put_code(struct zm_row *row, uint64_t code); /* digits as text; 0 = nothing */
void zm_row_put_date(struct zm_row *row, uint32_t date); /* 2025-06-30; 0 = nothing */
int zm_row_put_source(struct zm_row *row, const struct zm_row_context *c, uint32_t source,
                      struct zm_err *err);
