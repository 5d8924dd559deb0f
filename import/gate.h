/* The gates: what a GeoPackage, SQLite file, workbook or GeoJSON may contain before a library gets to read
 * it. */
#pragma once

#include "geo/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Plain SQLite, read-only and immutable: only tables, indexes, R-tree tables and the triggers that GeoPackage
 * and OGR create; no view, no other virtual table, no generated column; whole (quick_check); no -wal or
 * -journal beside it. path: absolute; shown: its name in messages; gpkg: the standard's own views are passed
 * over. ZM_E_INPUT with the reason. */
int zm_gate_sqlite(const char *path, const char *shown, bool gpkg, struct zm_err *err);

/* XLSX is a ZIP of XML: at most 200 entries, 1 GiB inflated, ratio 200, no odd names, no password, no
 * DOCTYPE; what the shared strings grow to when each cell gets its copy stays within bounds too. *inflated =
 * bytes of all entries, *cell_bytes = bytes of all cell texts as they will stand in memory. */
int zm_gate_zip(const char *path, const char *shown, uint64_t *inflated, uint64_t *cell_bytes,
                struct zm_err *err);

/* GeoJSON: no NUL in any text, because GDAL would cut the text there without a word. fd: its offset does not
 * move. */
int zm_gate_json(int fd, const char *shown, struct zm_err *err);

/* Shapefile: every part as long as it says, and as many shapes as rows; GDAL would read what there is of
 * them. shx may be NULL. */
int zm_gate_shp(const char *shp, const char *shx, const char *dbf, struct zm_err *err);
