#include "export/product.h"

#include "export/geojson.h"
#include "export/packed.h"
#include "geo/base/mem.h"

#include <stdio.h>

/* QGIS and browsers read a FeatureCollection whole; beyond this size the lines are the better file. */
enum { COLLECTION_MAX = 50000000, ROW_MAX = 64 << 20 };

/* Packed rows of the first layer to lines of GeoJSON; on the lane's thread. */
static int write_lines(void *self, struct zm_str rows, struct zm_err *err)
{
    struct zm_product *d = self;
    struct zm_row row;
    while (rows.len) {
        struct zm_packed_row packed = zm_packed_next(&rows);
        ZM_TRY(zm_packed_open(&packed, d->layers[0], &row, err));
        zm_buf_reset(&d->line);
        ZM_TRY(zm_geojson_put(&d->line, ++d->lines_fid, &row, d->columns, err));
        ZM_TRY(zm_outfile_put(&d->lines, zm_buf_str(&d->line), err));
    }
    return 0;
}

/* The columns of the first layer as this profile has them. */
static int pick_columns(struct zm_product *d, bool public_profile, struct zm_err *err)
{
    const struct zm_layer *layer = d->layers[0];
    unsigned n = 0;
    d->columns = zm_calloc(layer->n_columns, sizeof *d->columns);
    if (!d->columns)
        return zm_fail_memory(err, layer->n_columns * sizeof *d->columns);
    for (unsigned i = 0; i < layer->n_columns; i++)
        if (!public_profile || !layer->columns[i].internal)
            d->columns[n++] = layer->columns[i];
    return 0;
}

static int path_of(const struct zm_product *d, const char *name, char path[PATH_MAX], struct zm_err *err)
{
    if (snprintf(path, PATH_MAX, "%s/%s", d->folder, name) >= PATH_MAX)
        return zm_fail(err, ZM_E_OUTPUT, "the path of the output folder %s is too long", d->folder);
    return 0;
}

int zm_product_open(struct zm_product *d, const char *base, const struct zm_layer *const *layers,
                    unsigned n_layers, const struct zm_product_options *o, struct zm_err *err)
{
    char path[PATH_MAX];
    zm_buf_init(&d->packed, ROW_MAX);
    zm_buf_init(&d->line, ROW_MAX);
    d->layers = layers;
    d->n_layers = n_layers;
    d->has_gpkg = o->gpkg;
    d->has_lines = o->geojson;
    snprintf(d->folder, sizeof d->folder, "%s", o->folder);
    snprintf(d->gpkg_name, sizeof d->gpkg_name, "%s.gpkg", base);
    snprintf(d->lines_name, sizeof d->lines_name, "%s.%s.geojsonl", base, layers[0]->name);
    snprintf(d->collection_name, sizeof d->collection_name, "%s.%s.geojson", base, layers[0]->name);
    ZM_TRY(pick_columns(d, o->about.public_profile, err));
    if (o->gpkg) {
        ZM_TRY(path_of(d, d->gpkg_name, path, err));
        ZM_TRY(zm_gpkg_create(&d->gpkg, path, layers, n_layers, &o->about, err));
        ZM_TRY(zm_lane_open(&d->gpkg_lane, zm_gpkg_write, d->gpkg, o->threaded, err));
    }
    if (o->geojson) {
        ZM_TRY(path_of(d, d->lines_name, path, err));
        ZM_TRY(zm_outfile_create(&d->lines, path, err));
        ZM_TRY(zm_lane_open(&d->lines_lane, write_lines, d, o->threaded, err));
    }
    return 0;
}

/* The record is gone after the call, so the row is packed here; the lanes encode and write it. */
int zm_product_put(struct zm_product *d, unsigned layer, const struct zm_row *row, struct zm_err *err)
{
    d->rows[layer]++;
    if (layer == 0)
        d->points += row->has_point;
    zm_buf_reset(&d->packed);
    ZM_TRY(zm_packed_put(&d->packed, layer, d->layers[layer], row, err));
    if (d->gpkg_lane)
        ZM_TRY(zm_lane_put(d->gpkg_lane, zm_buf_str(&d->packed), err));
    return d->lines_lane && layer == 0 ? zm_lane_put(d->lines_lane, zm_buf_str(&d->packed), err) : 0;
}

static int close_lines(struct zm_product *d, struct zm_err *err)
{
    struct zm_lane *lane = d->lines_lane;
    d->lines_lane = NULL;
    ZM_TRY(zm_lane_close(lane, err));
    d->lines_bytes = d->lines.end;
    return zm_outfile_close(&d->lines, err);
}

/* Closing a lane waits for its thread, so that the GeoPackage is never touched by two. */
static int close_gpkg(struct zm_product *d, struct zm_err *err)
{
    struct zm_lane *lane = d->gpkg_lane;
    struct zm_gpkg *gpkg = d->gpkg;
    d->gpkg_lane = NULL;
    ZM_TRY(zm_lane_close(lane, err));
    d->gpkg = NULL;
    return zm_gpkg_finish(gpkg, err);
}

int zm_product_close(struct zm_product *d, struct zm_err *err)
{
    if (d->lines_lane)
        ZM_TRY(close_lines(d, err));
    return d->gpkg_lane ? close_gpkg(d, err) : 0;
}

static int add_file(const struct zm_product *d, struct zm_readback *f, const char *name,
                    enum zm_readback_kind kind, struct zm_err *err)
{
    *f = (struct zm_readback){.name = name,
                              .kind = kind,
                              .layers = d->layers,
                              .n_layers = d->n_layers,
                              .layer_rows = d->rows,
                              .points = d->points};
    for (unsigned i = 0; i < (kind == ZM_READBACK_GPKG ? d->n_layers : 1); i++)
        f->rows += d->rows[i];
    return path_of(d, name, f->path, err);
}

int zm_product_list(const struct zm_product *d, struct zm_readback *files, unsigned *n, struct zm_err *err)
{
    if (d->has_gpkg)
        ZM_TRY(add_file(d, &files[(*n)++], d->gpkg_name, ZM_READBACK_GPKG, err));
    if (!d->has_lines)
        return 0;
    struct zm_readback *lines = &files[(*n)++];
    ZM_TRY(add_file(d, lines, d->lines_name, ZM_READBACK_LINES, err));
    if (d->lines_bytes >= COLLECTION_MAX)
        return 0;
    struct zm_readback *collection = &files[(*n)++];
    ZM_TRY(add_file(d, collection, d->collection_name, ZM_READBACK_TEXT, err));
    return zm_geojson_collect(lines->path, collection->path, err);
}

void zm_product_abort(struct zm_product *d)
{
    zm_lane_abort(d->lines_lane);
    zm_lane_abort(d->gpkg_lane);
    zm_gpkg_abort(d->gpkg);
    zm_outfile_abandon(&d->lines);
    d->lines_lane = d->gpkg_lane = NULL;
    d->gpkg = NULL;
}

void zm_product_release(struct zm_product *d)
{
    zm_buf_release(&d->packed);
    zm_buf_release(&d->line);
    zm_free(d->columns);
    d->columns = NULL;
}
