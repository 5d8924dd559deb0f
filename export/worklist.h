/* The folder findings/ of a publication: the open findings as workbooks for clerks, one for each town that
 * has any, and an index of them all. What has no town goes to its county's workbook, what has no county to
 * that of 000000. Findings come county by county, so that only one county is held at a time. */
#pragma once

#include "export/lane.h"
#include "export/layer.h"
#include "export/readback.h"
#include "geo/base/env.h"

/* The worst come first; what a workbook leaves out is counted in its last line. */
enum { ZM_WORKLIST_LISTED_MAX = 5000 };

enum { ZM_N_SEVERITIES = ZM_ERROR + 1 };

/* One workbook: a town, or what of a county has no town. */
struct zm_worklist_book {
    char name[128]; /* findings/330302006_五马街道.xlsx: made of our own tables only */
    uint32_t county, town;
    uint32_t severities[ZM_N_SEVERITIES]; /* open findings, listed or not */
    uint32_t rules[ZM_N_RULES];
    uint64_t listed;
    uint64_t sheet_rows; /* with the header and the last line */
};

/* A finding that may be listed. */
struct zm_worklist_entry {
    size_t at; /* in the store */
    uint32_t book, severity;
};

/* Caller's struct, zeroed: open, add..., close, list; release at any time, which also stops the writing. One
 * that was never opened is empty: all of these do nothing. */
struct zm_worklist {
    const struct zm_row_context *context; /* borrowed */
    const struct zm_divisions *divisions; /* borrowed */
    const struct zm_env *env;             /* borrowed */
    char folder[PATH_MAX];                /* of the publication */
    uint32_t as_of, county;
    size_t first;         /* of the books of this county */
    struct zm_buf item;   /* on its way to the lane */
    struct zm_lane *lane; /* leads to everything below, which its consumer alone touches before close */
    struct zm_buf books, entries, store, message;
    uint64_t index_rows;
    bool opened;
};

/* threaded: the books are written on a thread of their own; the bytes do not depend on it. */
int zm_worklist_open(struct zm_worklist *w, const char *folder, const struct zm_row_context *context,
                     const struct zm_divisions *divisions, uint32_t as_of, bool threaded,
                     const struct zm_env *env, struct zm_err *err);

/* An open finding of n_rows rows. Counties in ascending order. What goes wrong may be told by a later call.
 */
int zm_worklist_add(struct zm_worklist *w, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err);

/* Writes what is left, and the index. */
int zm_worklist_close(struct zm_worklist *w, struct zm_err *err);

/* How many files there are, and all of them to read back. After close. */
unsigned zm_worklist_files(const struct zm_worklist *w);
int zm_worklist_list(const struct zm_worklist *w, struct zm_readback *files, unsigned *n, struct zm_err *err);
void zm_worklist_release(struct zm_worklist *w);

/* The books, in order of county and town once the worklist is closed. */
struct zm_worklist_book *zm_worklist_books(const struct zm_worklist *w, size_t *n);

/* Path of a file of the publication. */
int zm_worklist_path(const struct zm_worklist *w, const char *name, char path[PATH_MAX], struct zm_err *err);

/* A finding with its number of rows, as the store keeps it. */
int zm_worklist_keep(struct zm_buf *store, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err);
int zm_worklist_kept(struct zm_str store, size_t *at, struct zm_finding *f, uint64_t *n_rows,
                     struct zm_err *err);

/* Writes the book of these entries, which are in order: as many as it lists, and how many it leaves out. */
int zm_worklist_write(struct zm_worklist *w, struct zm_worklist_book *book,
                      const struct zm_worklist_entry *entries, size_t n, struct zm_err *err);

/* Standard name of a division at the day of the publication; empty if no table knows it. */
struct zm_str zm_worklist_place(const struct zm_worklist *w, uint64_t code);

/* Writes findings/index.xlsx. */
int zm_worklist_index(struct zm_worklist *w, struct zm_err *err);
