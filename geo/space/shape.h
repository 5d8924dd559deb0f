/* Shapes read from ISO WKB (2D, Z/M dropped): rings or lines as flat coordinate arrays. Every count is
 * checked. */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

struct zm_shape {
    enum zm_shape_type {
        ZM_SHAPE_POINT,
        ZM_SHAPE_LINE,
        ZM_SHAPE_POLYGON
    } type;         /* multi types become several parts */
    double *xy;     /* owned; x0 y0 x1 y1 ... */
    uint32_t *ends; /* owned; index of the point behind the last one of each part (line or ring) */
    uint32_t n_points, n_parts;
};
int zm_shape_from_wkb(struct zm_shape *out, struct zm_str wkb,
                      struct zm_err *err); /* ZM_E_INPUT on bad WKB */
void zm_shape_release(struct zm_shape *s);
