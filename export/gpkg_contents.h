/* What a GeoPackage says about its layers: contents, Chinese titles, coded values, default style, metadata.
 */
#pragma once

#include "export/gpkg.h"
#include "export/sql_sqlite.h"

int zm_gpkg_describe(struct zm_sql *s, const struct zm_layer *layer, const struct zm_gpkg_about *about,
                     struct zm_err *err);

/* The file as a whole, with the coded values its layers use. After the layers. */
int zm_gpkg_describe_file(struct zm_sql *s, const struct zm_gpkg_about *about, struct zm_err *err);
