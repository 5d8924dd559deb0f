/* Bulk writing of SQLite tables: whole pages of a table b-tree, appended in rowid order to a database that
 * SQLite itself has created (file format: https://www.sqlite.org/fileformat2.html, sections 1.3, 1.5
 * and 1.6). Leaf pages do not hold their own number, so rows stream through; only the root page is written in
 * place. */
#pragma once

#include "export/outfile.h"
#include "geo/base/buf.h"

enum {
    ZM_PAGE_BYTES = 4096,
    ZM_LOCK_BYTE = 1 << 30 /* SQLite locks this byte; its page is never used */
};

/* Numbers pages and appends them. Shared by all tables of one file. */
struct zm_pager {
    struct zm_outfile *file; /* borrowed; open at a page border */
    uint64_t lock_byte;
};

/* Caller's struct: init, add rows in ascending rowid order, finish; release at any time. */
struct zm_btree {
    struct zm_pager *pager; /* borrowed */
    uint32_t root;          /* page of the empty table SQLite made */
    unsigned n_cells;       /* in leaf */
    unsigned content;       /* where the cells of leaf begin */
    uint64_t last_rowid, n_rows;
    struct zm_buf children; /* the finished pages of the level being built, each with its last rowid */
    unsigned char leaf[ZM_PAGE_BYTES];
};

void zm_btree_init(struct zm_btree *b, struct zm_pager *pager, uint32_t root);
void zm_btree_release(struct zm_btree *b);

/* record: as zm_record_put makes it. rowid must be above the last one. */
int zm_btree_add(struct zm_btree *b, uint64_t rowid, struct zm_str record, struct zm_err *err);
int zm_btree_finish(struct zm_btree *b, struct zm_err *err);

/* Tells the file header how many pages there are now. After the last finish. */
int zm_pager_finish(struct zm_pager *p, struct zm_err *err);
