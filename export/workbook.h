/* An XLSX workbook of one sheet as a clerk likes it: frozen header, filters, colours by severity, wrapped
 * text, ready to print on A4 across. Texts are written as texts, whatever they begin with: none becomes a
 * formula. Rows are held in memory until close, so callers bound their number. */
#pragma once

#include "export/cell.h"

enum zm_workbook_style {
    ZM_WORKBOOK_TEXT,
    ZM_WORKBOOK_NUMBER,
    ZM_WORKBOOK_SEVERITY, /* coloured by the severity of the row */
    ZM_WORKBOOK_LINK,     /* the name of a file in the same folder; never a text that was delivered */
    ZM_WORKBOOK_CHOICE    /* one of the choices, for the clerk to fill in */
};

struct zm_workbook_column {
    struct zm_str title;
    double width; /* characters of the standard font */
    enum zm_workbook_style style;
};

/* All borrowed while opening. */
struct zm_workbook_about {
    const char *path;   /* must not exist */
    const char *folder; /* for nameless temporary files, on the file system of the path */
    struct zm_str title;
    struct zm_str sheet;   /* at most 31 characters */
    struct zm_str choices; /* '|' between them */
    struct zm_str refusal; /* what Excel says to a text that is no choice */
    uint32_t as_of;        /* the only time in the file */
    const struct zm_workbook_column *columns;
    unsigned n_columns, frozen_columns;
};

enum { ZM_WORKBOOK_COLUMNS_MAX = 256, ZM_WORKBOOK_TEXT_MAX = 32767 };

struct zm_workbook;

int zm_workbook_open(struct zm_workbook **out, const struct zm_workbook_about *about, struct zm_err *err);

/* A row of as many cells as there are columns; cells are NULL, INT or TEXT. severity: enum zm_severity.
 * Control characters are dropped, a longer text than a cell can hold ends with an ellipsis. */
int zm_workbook_row(struct zm_workbook *w, const struct zm_cell *cells, unsigned severity,
                    struct zm_err *err);

/* Behind the last row: sums, or one text across all columns. Outside of the filter. */
int zm_workbook_total(struct zm_workbook *w, const struct zm_cell *cells, struct zm_err *err);
int zm_workbook_note(struct zm_workbook *w, struct zm_str text, struct zm_err *err);

/* Writes the file (ZM_E_OUTPUT if that fails) and frees the workbook, also on failure. *rows: all rows of the
 * sheet, the header included. */
int zm_workbook_close(struct zm_workbook *w, uint64_t *rows, struct zm_err *err);
void zm_workbook_abort(struct zm_workbook *w); /* writes nothing; NULL is fine */

/* Appends the text as a cell shows it: without control characters and what XML cannot hold, at most
 * ZM_WORKBOOK_TEXT_MAX UTF-16 units, with a NUL behind (not counted in len). */
int zm_workbook_text(struct zm_buf *out, struct zm_str text, struct zm_err *err);

/* Reads a finished file back: every part of the ZIP with its checksum, every XML part to the end of its root
 * element. *rows as zm_workbook_close gave it. */
int zm_workbook_check(const char *path, uint64_t *rows, struct zm_err *err);
