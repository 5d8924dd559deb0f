/* From a declared datum to EPSG:4490 longitude and latitude (the PROJ bridge and the Chinese web-map datums).
 */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

/* What may be done with the coordinates of a source. */
enum zm_crs_state {
    ZM_CRS_READY,       /* converted without a change of datum, see below */
    ZM_CRS_CONVERTED,   /* GCJ-02 or BD-09, converted back under the approval: acc_m >= 10, never public */
    ZM_CRS_NONE,        /* datum = none: rows have no point */
    ZM_CRS_NO_APPROVAL, /* GCJ-02 or BD-09 without gcj_inverse_approval: rows lose their point and say so */
    ZM_CRS_OLD_DATUM,   /* Beijing54, Xian80 and every other datum without parameters: CRD-007 */
};

struct zm_crs;

/* declared: "EPSG:4490", "GCJ-02", "BD-09", "EPSG:n", "none". approved: gcj_inverse_approval is given.
 * EPSG codes on CGCS2000, WGS 84, ITRF and ETRS89, geographic (2D and 3D; heights are not looked at) or
 * projected to metres, are READY: these datums agree within a metre, so their degrees are taken over as
 * EPSG:4490 as they stand (EPSG:4326 is used numerically). From any other datum PROJ has only ballpark
 * operations to CGCS2000: OLD_DATUM. Vertical, geocentric, compound and unknown codes are ZM_E_USAGE. Not
 * thread-safe: one zm_crs a thread (zm_crs_clone). */
int zm_crs_open(struct zm_crs **out, struct zm_str declared, bool approved, struct zm_err *err);
int zm_crs_clone(struct zm_crs **out, const struct zm_crs *crs, struct zm_err *err);
void zm_crs_close(struct zm_crs *crs);

enum zm_crs_state zm_crs_state(const struct zm_crs *crs);
/* Why it is not READY or CONVERTED, in English; "" otherwise. */
const char *zm_crs_reason(const struct zm_crs *crs);
bool zm_crs_projected(const struct zm_crs *crs); /* are its coordinates metres (east, north)? */

/* Converts one point in place: x = longitude or east, y = latitude or north on entry; degrees on return.
 * False if it has no result (state not READY/CONVERTED, no degrees, far outside the projection's area of
 * use); x and y are then as they were. */
bool zm_crs_to_4490(struct zm_crs *crs, double *x, double *y);
