/* Road axes by county and name: the nearest point of a named road. Build once, then read from any thread. */
#pragma once

#include "geo/space/shape.h"

struct zm_axes;
int zm_axes_new(struct zm_axes **out, struct zm_err *err);
void zm_axes_free(struct zm_axes *a);
/* Adds the lines of a road (EPSG:4490 degrees, copied). county 0 = unknown. */
int zm_axes_add(struct zm_axes *a, uint32_t county, struct zm_str name, const struct zm_shape *shape, struct zm_err *err);
int zm_axes_build(struct zm_axes *a, struct zm_err *err);
bool zm_axes_empty(const struct zm_axes *a);
/* Metres to the nearest axis of that name in that county (county 0: in any); NaN if there is none. */
double zm_axes_distance_m(const struct zm_axes *a, uint32_t county, struct zm_str name, double lon, double lat);
