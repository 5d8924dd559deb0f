/* Which format a file is, from its first bytes. The name never decides, but a name that promises another
 * format than the bytes hold is refused: whoever made the file was mistaken about it. */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

enum zm_format {
    ZM_FORMAT_CSV, /* any delimited text */
    ZM_FORMAT_GPKG,
    ZM_FORMAT_SQLITE, /* SQLite without the GeoPackage mark (SpatiaLite) */
    ZM_FORMAT_SHP,
    ZM_FORMAT_GEOJSON,
    ZM_FORMAT_XLSX,
};
const char *zm_format_name(enum zm_format format); /* "csv" "gpkg" "sqlite" "shp" "geojson" "xlsx" */

/* Reads the head of fd (a regular file; its offset does not move). path is for the extension and for
 * messages. ZM_E_INPUT for an empty file and for everything that is none of the formats: XML (a VRT is XML),
 * old .xls, PDF, archives, unknown binaries, or a name that says something else. */
int zm_sniff(int fd, const char *path, enum zm_format *out, struct zm_err *err);
