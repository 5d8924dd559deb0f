/* Road axes by county and name: the nearest point of a named road. Build once, then read from any thread. */
#pragma once

#include "geo/space/shape.h"

struct zm_axes;
int zm_axes_new(struct zm_axes **out, struct zm_err *err);
void zm_axes_free(struct zm_axes *a);

/* Adds the lines of a road (EPSG:4490 degrees, copied). county 0 = unknown: such a road is asked with every
 * county. ZM_E_INPUT if the shape is no line or not in degrees. */
int zm_axes_add(struct zm_axes *a, uint32_t county, struct zm_str name, const struct zm_shape *shape,
                struct zm_err *err);
int zm_axes_build(struct zm_axes *a, struct zm_err *err);
bool zm_axes_empty(const struct zm_axes *a);

/* Metres to the nearest axis of that name in that county (county 0: in any); NaN if there is none. */
double zm_axes_distance_m(const struct zm_axes *a, uint32_t county, struct zm_str name, double lon,
                          double lat);

/* Is there an axis of that name in that county? The same roads as zm_axes_distance_m, without measuring. */
bool zm_axes_has(const struct zm_axes *a, uint32_t county, struct zm_str name);

/* The axis as it is, and as GCJ-02 and BD-09 maps draw it (shifted forward when built; for detection only).
 */
enum zm_axes_view { ZM_AXES_TRUE, ZM_AXES_GCJ02, ZM_AXES_BD09, ZM_N_AXES_VIEWS };

/* As zm_axes_distance_m for each view; all NaN if there is no such axis. */
void zm_axes_distances_m(const struct zm_axes *a, uint32_t county, struct zm_str name, double lon, double lat,
                         double out[ZM_N_AXES_VIEWS]);
