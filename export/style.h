/* The default styles of the layers: export/styles/LAYER.qml, hand-written for QGIS 3.22 and later, embedded
 * at build. */
#pragma once

#include "geo/base/str.h"

/* The style of a layer; empty if it has none. */
struct zm_str zm_style(const char *layer);
