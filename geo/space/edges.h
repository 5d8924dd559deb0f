/* Runs of straight edges with a bounding box over each run: the nearest of many edges without measuring all.
 * Shared by the cover (rings of a division) and the axes (lines of a road). */
#pragma once

#include "geo/space/shape.h"

struct zm_edge {
    double ax, ay, bx, by; /* degrees */
};

struct zm_edge_box {
    double min_x, min_y, max_x, max_y;
};

enum { ZM_EDGE_RUN = 16 }; /* edges under one box; neighbours in a ring or line lie close together */

static inline uint32_t zm_edge_runs(uint32_t n_edges)
{
    return n_edges / ZM_EDGE_RUN + (n_edges % ZM_EDGE_RUN != 0);
}

/* Fills zm_edge_runs(n) boxes. */
void zm_edge_boxes_make(const struct zm_edge *edges, uint32_t n, struct zm_edge_box *boxes);

/* Metres to the nearest edge; NaN if n is 0. Cost: one box test a run, and the few runs that can win. */
double zm_edges_distance_m(const struct zm_edge *edges, const struct zm_edge_box *boxes, uint32_t n,
                           double lon, double lat);

/* A growable array of edges that belong to numbered owners (codes of a cover, roads of the axes). */
struct zm_edge_set {
    struct zm_edge *edges;     /* owned */
    uint32_t *owner;           /* owned */
    uint32_t *first;           /* owned; after sort: edges of owner k are first[k] .. first[k + 1] */
    struct zm_edge_box *boxes; /* owned; after sort: boxes of owner k start at first_box[k] */
    uint32_t *first_box;       /* owned */
    uint32_t n, cap, n_owners;
};

void zm_edge_set_release(struct zm_edge_set *s);

/* Appends the edges of all parts; rings are closed where the file left them open. Edges without length are
 * dropped. Fails with ZM_E_INPUT where a coordinate cannot be degrees. On failure the set is as before. */
int zm_edge_set_add(struct zm_edge_set *s, uint32_t owner, const struct zm_shape *shape, struct zm_err *err);

/* Sorts the edges by rank[owner] (a permutation of 0..n_owners-1; NULL = as numbered), stable, renumbers the
 * owners by rank, and makes first, boxes and first_box. */
int zm_edge_set_sort(struct zm_edge_set *s, const uint32_t *rank, uint32_t n_owners, struct zm_err *err);

/* Metres to the nearest edge of an owner after sort; NaN if it has none. */
double zm_edge_set_distance_m(const struct zm_edge_set *s, uint32_t owner, double lon, double lat);
