/* One product of a publication: a GeoPackage, and the GeoJSON lines and FeatureCollection of its first layer.
 */
#pragma once

#include "export/gpkg.h"
#include "export/lane.h"
#include "export/outfile.h"
#include "export/readback.h"

enum { ZM_PRODUCT_FILES = 3 }; /* at most */

struct zm_product_options {
    const char *folder; /* borrowed while opening */
    struct zm_gpkg_about about;
    bool gpkg, geojson;
    bool threaded; /* each file is encoded and written on a thread of its own */
};

/* Caller's struct: zeroed but for lines.fd = -1; open, put..., close, list; abort at any time; release at the
 * end. A product that was never opened is empty: close, list, abort and release do nothing. */
struct zm_product {
    const struct zm_layer *const *layers; /* borrowed */
    unsigned n_layers;
    uint64_t rows[ZM_GPKG_LAYERS_MAX], points; /* as they were given; points of the first layer */
    struct zm_column *columns;                 /* owned; of the first layer, in this profile */
    char folder[PATH_MAX];
    char gpkg_name[32], lines_name[48], collection_name[48];
    struct zm_gpkg *gpkg;
    struct zm_lane *gpkg_lane, *lines_lane;
    struct zm_buf packed; /* the row being put */
    struct zm_outfile lines;
    struct zm_buf line; /* the feature being written; like lines_fid the lane's own while it runs */
    uint64_t lines_fid, lines_bytes;
    bool has_gpkg, has_lines;
};

int zm_product_open(struct zm_product *d, const char *base, const struct zm_layer *const *layers,
                    unsigned n_layers, const struct zm_product_options *o, struct zm_err *err);

/* The next row of a layer. */
int zm_product_put(struct zm_product *d, unsigned layer, const struct zm_row *row, struct zm_err *err);
int zm_product_close(struct zm_product *d, struct zm_err *err);

/* Adds the files to read back and makes the FeatureCollection where the lines are few. */
int zm_product_list(const struct zm_product *d, struct zm_readback *files, unsigned *n, struct zm_err *err);
void zm_product_abort(struct zm_product *d);
void zm_product_release(struct zm_product *d);
