/* Rows on their way through a lane: each as its GeoPackage record, with its place besides. One form for all
 * writers, so that every file is encoded on its own thread. Not a file format. */
#pragma once

#include "export/layer.h"

/* All borrowed from the block. */
struct zm_packed_row {
    unsigned layer;
    bool has_point;
    double lon, lat;
    struct zm_str
        record; /* fid (NULL: the row id stands for it), the point if the layer is spatial, the cells */
};

int zm_packed_put(struct zm_buf *out, unsigned layer, const struct zm_layer *description,
                  const struct zm_row *row, struct zm_err *err);

/* Takes the next row off the front of a block. */
struct zm_packed_row zm_packed_next(struct zm_str *rows);

/* The row as it was put. Cells borrow from the record. */
int zm_packed_open(const struct zm_packed_row *packed, const struct zm_layer *description, struct zm_row *row,
                   struct zm_err *err);
