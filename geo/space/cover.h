/* Which division a point lies in, and how far it is from a division it should lie in.
 *
 * Own uniform grid: a cell without an edge answers at once, a cell with edges casts a ray against them only.
 * Edge rule: a point exactly on an edge belongs to the division with the smallest code among those it
 * touches, so that every point has one answer whatever the order of input. Even-odd over all rings of one
 * code. Build once, then read from any number of threads. */
#pragma once

#include "geo/space/shape.h"

struct zm_cover;
int zm_cover_new(struct zm_cover **out, struct zm_err *err);
void zm_cover_free(struct zm_cover *c);

/* Adds the polygons of one division (coordinates in EPSG:4490 degrees, copied). Several shapes of one code
 * add up. */
int zm_cover_add(struct zm_cover *c, uint64_t code, const struct zm_shape *shape, struct zm_err *err);
int zm_cover_build(struct zm_cover *c, struct zm_err *err);
bool zm_cover_has(const struct zm_cover *c, uint64_t code);
bool zm_cover_empty(const struct zm_cover *c);

/* Code of the division the point lies in, 0 if in none. Overlaps: the smallest code. */
uint64_t zm_cover_locate(const struct zm_cover *c, double lon, double lat);
/* Metres from the point to the division: 0 inside or on the edge; NaN if the code is not in the cover. */
double zm_cover_distance_m(const struct zm_cover *c, uint64_t code, double lon, double lat);
