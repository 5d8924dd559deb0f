/* GeoJSON text (RFC 7946), one Feature a line (newline-delimited, as RFC 8142 without its separators). */
#pragma once

#include "export/layer.h"

/* Appends one Feature and LF. id = fid; longitude before latitude, 7 decimals; members without a value are
 * left out. columns: those the row's cells stand for. */
int zm_geojson_put(struct zm_buf *out, uint64_t fid, const struct zm_row *row,
                   const struct zm_column *columns, struct zm_err *err);

/* Writes a FeatureCollection at path from the lines of lines_path. */
int zm_geojson_collect(const char *lines_path, const char *path, struct zm_err *err);
