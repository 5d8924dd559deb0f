/* Geometries of delivered layers: only what the kind asks for, flat, finite and whole. */
#pragma once

#include "geo/base/buf.h"
#include "geo/record/kind.h"

#include <ogr_api.h>

enum zm_want { ZM_WANT_POINT, ZM_WANT_LINE, ZM_WANT_AREA, ZM_WANT_ANY };

enum zm_want zm_ogr_wanted(enum zm_kind kind);

/* A finite point, or a multipoint of one: its coordinates, x first. False for everything else. */
bool zm_ogr_point(OGRGeometryH geometry, double *x, double *y);

/* Appends the line or polygon as two-dimensional ISO WKB; curves become lines. *sound = false, and nothing is
 * appended, if it is of another type than wanted, empty, not finite, too short or too long to be one.
 * The geometry is changed. */
int zm_ogr_wkb(OGRGeometryH geometry, enum zm_want want, struct zm_buf *out, bool *sound, struct zm_err *err);
