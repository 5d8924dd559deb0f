/* A GeoPackage 1.3 written in bulk: SQLite makes the empty tables, rows and spatial index are appended as
 * whole pages (export/btree.h), SQLite finishes the contents. What comes out is what GDAL 3.6 makes, triggers
 * and extensions included, so OGR and QGIS can edit it. Coordinates are EPSG:4490, longitude first. */
#pragma once

#include "export/layer.h"

/* What the file says about itself. All borrowed. */
struct zm_gpkg_about {
    const char *run_id;
    uint32_t as_of; /* every time in the file */
    bool public_profile;
    const struct zm_divisions *divisions; /* names for the coded values of county and town */
};

struct zm_gpkg;

/* Creates path with the layers (at most 4), empty. */
enum { ZM_GPKG_LAYERS_MAX = 4 };
int zm_gpkg_create(struct zm_gpkg **out, const char *path, const struct zm_layer *const *layers,
                   unsigned n_layers, const struct zm_gpkg_about *about, struct zm_err *err);

/* Writes packed rows; fid counts from 1 in each layer. A zm_lane_consume with a struct zm_gpkg as self. */
int zm_gpkg_write(void *self, struct zm_str rows, struct zm_err *err);

/* Writes indexes, extents and counts and closes the file. Frees the writer, also on failure. */
int zm_gpkg_finish(struct zm_gpkg *g, struct zm_err *err);
void zm_gpkg_abort(struct zm_gpkg *g); /* NULL is fine; leaves an unfinished file */

/* Reads a finished file back: page structure, and the number of rows and of indexed points of a layer. */
int zm_gpkg_check(const char *path, struct zm_err *err);
int zm_gpkg_count(const char *path, const struct zm_layer *layer, uint64_t *rows, uint64_t *points,
                  struct zm_err *err);
