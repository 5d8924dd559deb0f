/* The seam between the readers of formats and the mapping: one delivered record as raw text, before job.ini's
 * map.FIELD gives its cells a meaning. Everything here lives in the reader child. */
#pragma once

#include "geo/base/err.h"
#include "geo/record/batch.h"

enum {
    ZM_COLUMNS_MAX = 256,      /* a file with more is refused */
    ZM_COLUMN_NAME_MAX = 1024, /* bytes of one column's name */
    ZM_HEADER_ROWS_MAX = 3,
};

/* Where the coordinates of a layer of points go: the fields lon and lat, or east and north. */
enum zm_point_as { ZM_POINT_NONE, ZM_POINT_LONLAT, ZM_POINT_EASTNORTH };

/* One record. All texts are borrowed from the reader and live until its next next(). Cells are UTF-8. */
struct zm_raw_row {
    uint64_t row;               /* 1-based data record, header not counted */
    uint64_t line;              /* 1-based line of the file where it begins, 0 where lines mean nothing */
    const struct zm_str *cells; /* n_columns of the reader, in column order */
    struct zm_str geom_wkb;     /* ISO WKB of a line or polygon; empty if there is none */
    struct zm_str x, y;         /* decimal text of a point, longitude or east first; empty if there is none */
};

enum zm_row_state {
    ZM_ROW_END,
    ZM_ROW_READ,    /* *row is filled */
    ZM_ROW_REFUSED, /* *reject says which record is refused and why; it counts as a record of the file. Its
                       field is the index of the column (not yet of the kind), ZM_FIELD_NONE if it lies in
                       none */
};

/* A reader of one format, opened: the header is known. Its opener fills it; the caller closes it. */
struct zm_row_reader {
    const struct zm_str *columns; /* names as the file has them, blanks folded; "" for an unnamed column */
    unsigned n_columns;           /* 0..ZM_COLUMNS_MAX; 0 only where the file has geometry and nothing else */
    enum zm_point_as point_as;    /* what row.x and row.y are */
    bool has_geometry;            /* points, lines or polygons */
    char encoding[16];            /* "UTF-8" "GB18030" "UTF-16LE" "UTF-16BE"; "" where the format fixes it */
    char crs[32];                 /* "EPSG:4490" as the file says; "" if it says nothing */
    char notes[512];              /* warnings for the log, one a line */

    /* The next record. *row, *reject and *state are set on success only; an error fails the whole source. */
    int (*next)(void *self, struct zm_raw_row *row, enum zm_row_state *state, struct zm_reject *reject,
                struct zm_err *err);
    void (*close)(void *self);
    void *self;
};

static inline void zm_row_reader_close(struct zm_row_reader *r)
{
    if (r->close)
        r->close(r->self);
    r->close = NULL;
}
