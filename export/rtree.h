/* A packed R-tree over points, written straight into the shadow tables of SQLite's rtree module.
 * Node layout: ext/rtree/rtree.c of SQLite: 2 bytes depth (root only), 2 bytes count, then cells of an 8-byte
 * id and four float32 (min x, max x, min y, max y), all big-endian; the root is node 1. */
#pragma once

#include "export/btree.h"

/* Caller's struct: init, add, write; release at any time. 24 bytes a point, 56 while it is written. */
struct zm_rtree {
    struct zm_buf points;
    double min_x, min_y, max_x, max_y; /* meaningful once there is a point */
};

void zm_rtree_init(struct zm_rtree *t);
void zm_rtree_release(struct zm_rtree *t);
uint64_t zm_rtree_count(const struct zm_rtree *t);

/* fids must ascend. */
int zm_rtree_add(struct zm_rtree *t, uint64_t fid, double x, double y, struct zm_err *err);

/* The empty shadow tables, as SQLite made them. */
struct zm_rtree_tables {
    uint32_t node, rowid, parent; /* root pages */
};
int zm_rtree_write(struct zm_rtree *t, struct zm_pager *pager, const struct zm_rtree_tables *tables,
                   struct zm_err *err);
