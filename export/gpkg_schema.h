/* The SQL of a GeoPackage as GDAL 3.6 writes it (OGC 12-128r18, annexes F.3 and F.9; ogr_gpkg driver). */
#pragma once

#include "export/layer.h"

/* Tables every file has; statements separated by ';'. */
const char *zm_gpkg_base_sql(void);

/* Appends the table of a layer, its spatial index, and their triggers, with a NUL behind. public_profile
 * leaves the internal columns out. */
int zm_gpkg_table_sql(struct zm_buf *out, const struct zm_layer *layer, bool public_profile,
                      struct zm_err *err);
int zm_gpkg_trigger_sql(struct zm_buf *out, const struct zm_layer *layer, struct zm_err *err);
