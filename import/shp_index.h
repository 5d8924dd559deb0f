/* The .shx of a Shapefile, made anew from its .shp: it is often forgotten when files are sent. */
#pragma once

#include "geo/base/buf.h"

/* Appends the bytes of the index. ZM_E_INPUT where a record's length cannot be (ESRI Shapefile Technical
 * Description, July 1998): a reader that believed it would walk for ever. */
int zm_shp_index(const char *path, struct zm_buf *out, struct zm_err *err);
