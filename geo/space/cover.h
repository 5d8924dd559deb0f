/* Which division a point lies in, and how far it is from a division it should lie in.
 *
 * Own uniform grid: a cell without an edge answers at once, in a cell with edges a short walk against them
 * decides (cover_grid.h). Inside is even-odd over all rings of one code, so that a ring that crosses itself
 * breaks nothing. Edge rule: a point exactly on an edge belongs to the division with the smallest code among
 * those it touches, so that every point has one answer whatever the order of input. "Exactly" is meant of the
 * doubles as delivered: every orientation is decided without rounding. Answers equal those of GEOS "covers"
 * on valid polygons. Build once, then read from any number of threads. */
#pragma once

#include "geo/space/shape.h"

struct zm_cover;
int zm_cover_new(struct zm_cover **out, struct zm_err *err);
void zm_cover_free(struct zm_cover *c);

/* Adds the polygons of one division (coordinates in EPSG:4490 degrees, copied). Several shapes of one code
 * add up. ZM_E_INPUT if the shape is no polygon or not in degrees. */
int zm_cover_add(struct zm_cover *c, uint64_t code, const struct zm_shape *shape, struct zm_err *err);
int zm_cover_build(struct zm_cover *c, struct zm_err *err);
bool zm_cover_has(const struct zm_cover *c, uint64_t code);
bool zm_cover_empty(const struct zm_cover *c);

/* For drawing, after build: the number of divisions, and the edges of the i-th in ascending order of codes,
 * ring after ring as they were added. Returns its code; the edges are borrowed. */
uint32_t zm_cover_n_codes(const struct zm_cover *c);
struct zm_edge;
uint64_t zm_cover_edges(const struct zm_cover *c, uint32_t i, const struct zm_edge **edges, uint32_t *n);

/* Code of the division the point lies in, 0 if in none. Overlaps: the smallest code. */
uint64_t zm_cover_locate(const struct zm_cover *c, double lon, double lat);
/* Metres from the point to the division: 0 inside or on the edge; NaN if the code is not in the cover or the
 * point is not finite. Inside costs as much as locate; outside, a box test for every 16 edges of that
 * division. */
double zm_cover_distance_m(const struct zm_cover *c, uint64_t code, double lon, double lat);
