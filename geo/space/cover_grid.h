/* Inside of the cover: the edges of all codes and the grid over them.
 *
 * Every cell knows two things: the edges that touch it, and the set of codes its lower left corner lies in.
 * The code set of any point of the cell follows by walking from the corner to the point along an L (up the
 * left side, then right) and turning a code around at each of its edges the walk crosses. A cell without
 * edges is answered by its set.
 *
 * The walk is decided by exact orientation, and it is moved by an infinitely small step (e1, e2), e1 >> e2 >
 * 0, to the right and up: corner and turning point by both, the point itself by e2 only. So no walk ever
 * meets a vertex or runs along an edge, and every decision is consistent with every other. Points on an edge
 * are found before that. */
#pragma once

#include "geo/space/cover.h"
#include "geo/space/edges.h"
#include "geo/space/orient.h"

struct zm_cover {
    struct zm_edge_set set; /* owner = index into codes */
    uint64_t *codes;        /* owned; ascending once built */
    uint32_t n_codes, cap_codes;
    bool built;

    uint32_t side; /* cells in each direction; 0 while there is no grid */
    double *lines_x,
        *lines_y; /* owned; side + 1 grid lines, ascending; a cell holds its lower line, not its upper */
    double scale_x, scale_y; /* cells per degree */
    uint32_t *begin;         /* owned; refs of cell i are begin[i] .. begin[i + 1] */
    uint32_t *refs;          /* owned; edges that touch a cell, ascending, so grouped by code */
    uint32_t *corner;        /* owned; place of the cell's code set in sets */
    uint32_t *sets;          /* owned; each set: its size, then code indexes, ascending */
    uint32_t n_sets, cap_sets;
};

/* Does the edge straddle the horizontal at y + e2, the vertical at x + e1? */
static inline bool zm_edge_straddles_y(const struct zm_edge *e, double y)
{
    return (e->ay > y) != (e->by > y);
}
static inline bool zm_edge_straddles_x(const struct zm_edge *e, double x)
{
    return (e->ax > x) != (e->bx > x);
}

/* Orientation of the edge and the moved point (x + e1, y + e2): never 0, as no edge has length 0. */
static inline int zm_edge_side(const struct zm_edge *e, double x, double y)
{
    int side = zm_orient(e->ax, e->ay, e->bx, e->by, x, y);
    if (side)
        return side;
    if (e->by != e->ay)
        return e->by > e->ay ? -1 : 1;
    return e->bx > e->ax ? 1 : -1;
}

/* The cell line at or below v; v must not be below the first line nor at or above the last. */
static inline uint32_t zm_grid_line(const double *lines, uint32_t side, double scale, double v)
{
    double guess = (v - lines[0]) * scale;
    uint32_t i = guess <= 0 ? 0 : guess >= side ? side - 1 : (uint32_t)guess;
    while (i > 0 && v < lines[i])
        i--;
    while (i + 1 < side && v >= lines[i + 1])
        i++;
    return i;
}

int zm_cover_build_grid(struct zm_cover *c, struct zm_err *err);
