#include "export/publish.h"

#include "export/generation.h"
#include "export/geojson.h"
#include "export/gpkg.h"
#include "export/lane.h"
#include "export/manifest.h"
#include "export/outfile.h"
#include "export/readback.h"
#include "geo/base/file.h"
#include "geo/base/mem.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

/* QGIS and browsers read a FeatureCollection whole; beyond this size the lines are the better file. */
enum { COLLECTION_MAX = 50000000, MESSAGE_MAX = 1 << 20, REMEMBERED_MAX = 1 << 20 };

/* One GeoPackage and the GeoJSON lines of its first layer. */
struct product {
    const struct zm_layer *layers[ZM_GPKG_LAYERS_MAX];
    unsigned n_layers;
    uint64_t rows[ZM_GPKG_LAYERS_MAX], points; /* as they were given */
    struct zm_column *columns;                 /* owned; of the first layer, in this profile */
    char gpkg_name[32], lines_name[48], collection_name[48];
    struct zm_gpkg *gpkg;
    struct zm_lane *gpkg_lane, *lines_lane;
    struct zm_outfile lines;
    uint64_t lines_bytes;
};

enum { ADDRESSES, FINDINGS, N_PRODUCTS };
enum { LAYER_FINDING, LAYER_FINDING_ROW, LAYER_FIXED };

struct zm_publication {
    struct zm_publish_options options;
    const struct zm_env *env;
    struct zm_row_context context;
    struct zm_str *sources; /* owned */
    bool *open_sources;     /* owned */
    struct zm_divisions divisions;
    struct product products[N_PRODUCTS];
    struct zm_row row;
    struct zm_buf message;
    struct zm_buf fixed; /* the last correction of several rows, encoded; its rows follow one by one */
    bool staged, row_is_fixed;
};

static int path_of(const struct zm_publication *p, const char *name, char path[PATH_MAX], struct zm_err *err)
{
    if (snprintf(path, PATH_MAX, "%s/.gen-%s/%s", p->options.out_dir, p->options.run_id, name) >= PATH_MAX)
        return zm_fail(err, ZM_E_OUTPUT, "the path of the output folder %s is too long", p->options.out_dir);
    return 0;
}

static int name_sources(struct zm_publication *p, struct zm_err *err)
{
    unsigned n = p->options.n_sources;
    p->sources = zm_calloc(n, sizeof *p->sources);
    p->open_sources = zm_calloc(n, sizeof *p->open_sources);
    if (!p->sources || !p->open_sources)
        return zm_fail_memory(err, n * sizeof *p->sources);
    for (unsigned i = 0; i < n; i++) {
        const struct zm_source *s = &p->options.sources[i];
        if (s->index >= n)
            return zm_fail(err, ZM_E_INTERNAL, "source %.*s has no place among the %u sources",
                           ZM_FMT(s->name), n);
        p->sources[s->index] = s->name;
        p->open_sources[s->index] = s->class_ == ZM_CLASS_PUBLIC;
    }
    p->context = (struct zm_row_context){.sources = p->sources,
                                         .open_sources = p->open_sources,
                                         .n_sources = n,
                                         .public_profile = p->options.public_profile,
                                         .precision_m = p->options.public_precision_m};
    return 0;
}

static int write_lines(void *self, struct zm_str block, struct zm_err *err)
{
    return zm_outfile_put(self, block, err);
}

/* The columns of the first layer as this profile has them. */
static int pick_columns(struct product *d, bool public_profile, struct zm_err *err)
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

static int open_product(struct zm_publication *p, struct product *d, const char *base, struct zm_err *err)
{
    char path[PATH_MAX];
    const char *layer = d->layers[0]->name;
    bool threaded = p->options.threads > 1;
    snprintf(d->gpkg_name, sizeof d->gpkg_name, "%s.gpkg", base);
    snprintf(d->lines_name, sizeof d->lines_name, "%s.%s.geojsonl", base, layer);
    snprintf(d->collection_name, sizeof d->collection_name, "%s.%s.geojson", base, layer);
    ZM_TRY(pick_columns(d, p->options.public_profile, err));
    if (p->options.gpkg) {
        const struct zm_gpkg_about about = {.run_id = p->options.run_id,
                                            .as_of = p->options.as_of,
                                            .public_profile = p->options.public_profile,
                                            .divisions = &p->divisions};
        ZM_TRY(path_of(p, d->gpkg_name, path, err));
        ZM_TRY(zm_gpkg_create(&d->gpkg, path, d->layers, d->n_layers, &about, err));
        ZM_TRY(zm_lane_open(&d->gpkg_lane, zm_gpkg_write, d->gpkg, threaded, err));
    }
    if (p->options.geojson) {
        ZM_TRY(path_of(p, d->lines_name, path, err));
        ZM_TRY(zm_outfile_create(&d->lines, path, err));
        ZM_TRY(zm_lane_open(&d->lines_lane, write_lines, &d->lines, threaded, err));
    }
    return 0;
}

static int open_all(struct zm_publication *p, struct zm_err *err)
{
    ZM_TRY(name_sources(p, err));
    ZM_TRY(zm_divisions_init(&p->divisions, err));
    ZM_TRY(zm_generation_stage(p->options.out_dir, p->options.run_id, err));
    p->staged = true;
    ZM_TRY(open_product(p, &p->products[ADDRESSES], "addresses", err));
    /* Findings quote what was delivered: they never leave with the public profile. */
    return p->options.public_profile ? 0 : open_product(p, &p->products[FINDINGS], "findings", err);
}

int zm_publish_begin(struct zm_publication **out, const struct zm_publish_options *options,
                     const struct zm_env *env, struct zm_err *err)
{
    struct zm_publication *p = zm_calloc(1, sizeof *p);
    if (!p)
        return zm_fail_memory(err, sizeof *p);
    p->options = *options;
    p->env = env;
    zm_buf_init(&p->message, MESSAGE_MAX);
    zm_buf_init(&p->fixed, REMEMBERED_MAX);
    p->products[ADDRESSES] =
        (struct product){.layers = {&zm_layer_address}, .n_layers = 1, .lines = {.fd = -1}};
    p->products[FINDINGS] =
        (struct product){.layers = {&zm_layer_finding, &zm_layer_finding_row, &zm_layer_fixed},
                         .n_layers = 3,
                         .lines = {.fd = -1}};
    int rc = open_all(p, err);
    if (rc != 0) {
        zm_publish_abort(p);
        return rc;
    }
    *out = p;
    return 0;
}

/* Writes p->row to the layer, as SQLite record and, for the first layer of a product, as GeoJSON. */
static int put_row(struct zm_publication *p, struct product *d, unsigned layer, struct zm_err *err)
{
    uint64_t fid = ++d->rows[layer];
    if (layer == 0)
        d->points += p->row.has_point;
    if (d->gpkg_lane) {
        ZM_TRY(zm_gpkg_encode(zm_lane_buf(d->gpkg_lane), layer, d->layers[layer], &p->row, err));
        ZM_TRY(zm_lane_step(d->gpkg_lane, err));
    }
    if (d->lines_lane && layer == 0) {
        ZM_TRY(zm_geojson_put(zm_lane_buf(d->lines_lane), fid, &p->row, d->columns, err));
        ZM_TRY(zm_lane_step(d->lines_lane, err));
    }
    return 0;
}

int zm_publish_address(struct zm_publication *p, const struct zm_address *a, struct zm_err *err)
{
    bool published;
    ZM_TRY(zm_row_address(&p->row, &p->context, a, &published, err));
    return published ? put_row(p, &p->products[ADDRESSES], 0, err) : 0;
}

/* A correction of many rows is remembered: each of its rows gets a line of its own when it is named. */
static int publish_fixed(struct zm_publication *p, const struct zm_finding *f, uint64_t n_rows,
                         struct zm_err *err)
{
    zm_buf_reset(&p->fixed);
    p->row_is_fixed = true;
    if (n_rows > 1)
        return zm_finding_encode(f, &p->fixed, err);
    ZM_TRY(zm_row_fixed(&p->row, &p->context, f, err));
    return put_row(p, &p->products[FINDINGS], LAYER_FIXED, err);
}

int zm_publish_finding(struct zm_publication *p, const struct zm_finding *f, uint64_t n_rows,
                       struct zm_err *err)
{
    if (p->options.public_profile)
        return 0;
    if (f->fixed)
        return publish_fixed(p, f, n_rows, err);
    p->row_is_fixed = false;
    ZM_TRY(zm_row_finding(&p->row, &p->context, f, n_rows, &p->message, err));
    return put_row(p, &p->products[FINDINGS], LAYER_FINDING, err);
}

int zm_publish_finding_row(struct zm_publication *p, uint32_t source, uint64_t row, struct zm_err *err)
{
    struct product *d = &p->products[FINDINGS];
    struct zm_finding f;
    size_t at = 0;
    if (p->options.public_profile)
        return 0;
    if (!p->row_is_fixed) {
        ZM_TRY(zm_row_finding_row(&p->row, &p->context, d->rows[LAYER_FINDING], source, row, err));
        return put_row(p, d, LAYER_FINDING_ROW, err);
    }
    if (p->fixed.len == 0 || !zm_finding_decode(&f, zm_buf_str(&p->fixed), &at))
        return 0; /* a correction of one row has named its row itself */
    f.source = source;
    f.row = row;
    ZM_TRY(zm_row_fixed(&p->row, &p->context, &f, err));
    return put_row(p, d, LAYER_FIXED, err);
}

static int close_product(struct product *d, struct zm_err *err)
{
    int rc = 0;
    if (d->lines_lane) {
        rc = zm_lane_close(d->lines_lane, err);
        d->lines_lane = NULL;
        d->lines_bytes = d->lines.end;
        if (rc == 0)
            rc = zm_outfile_close(&d->lines, err);
    }
    if (d->gpkg_lane && rc == 0) {
        rc = zm_lane_close(d->gpkg_lane, err);
        d->gpkg_lane = NULL;
        if (rc == 0) {
            rc = zm_gpkg_finish(d->gpkg, err);
            d->gpkg = NULL;
        }
    }
    return rc;
}

static int write_text(struct zm_publication *p, const char *name, struct zm_str text, struct zm_err *err)
{
    char path[PATH_MAX];
    struct zm_outfile file;
    ZM_TRY(path_of(p, name, path, err));
    ZM_TRY(zm_outfile_create(&file, path, err));
    int rc = zm_outfile_put(&file, text, err);
    if (rc == 0)
        return zm_outfile_close(&file, err);
    zm_outfile_abandon(&file);
    return rc;
}

static int add_readback(struct zm_publication *p, struct zm_readback *f, const char *name,
                        enum zm_readback_kind kind, const struct product *d, struct zm_err *err)
{
    *f = (struct zm_readback){.name = name, .kind = kind};
    if (d) {
        f->layers = d->layers;
        f->n_layers = d->n_layers;
        f->layer_rows = d->rows;
        f->points = d->points;
        for (unsigned i = 0; i < (kind == ZM_READBACK_GPKG ? d->n_layers : 1); i++)
            f->rows += d->rows[i];
    }
    return path_of(p, name, f->path, err);
}

/* Lists the files of a product, and makes the FeatureCollection where the lines are few. */
static int list_product(struct zm_publication *p, const struct product *d, struct zm_readback *files,
                        unsigned *n, struct zm_err *err)
{
    if (p->options.gpkg)
        ZM_TRY(add_readback(p, &files[(*n)++], d->gpkg_name, ZM_READBACK_GPKG, d, err));
    if (!p->options.geojson)
        return 0;
    struct zm_readback *lines = &files[(*n)++];
    ZM_TRY(add_readback(p, lines, d->lines_name, ZM_READBACK_LINES, d, err));
    if (d->lines_bytes >= COLLECTION_MAX)
        return 0;
    struct zm_readback *collection = &files[(*n)++];
    ZM_TRY(add_readback(p, collection, d->collection_name, ZM_READBACK_TEXT, d, err));
    return zm_geojson_collect(lines->path, collection->path, err);
}

static int write_manifest(struct zm_publication *p, const struct zm_readback *files, unsigned n,
                          struct zm_err *err)
{
    struct zm_manifest m = {.run_id = p->options.run_id,
                            .as_of = p->options.as_of,
                            .public_profile = p->options.public_profile,
                            .n_files = n};
    struct zm_buf text;
    for (unsigned i = 0; i < n; i++) {
        m.files[i].rows = files[i].rows;
        m.files[i].digest = files[i].digest;
        snprintf(m.files[i].name, sizeof m.files[i].name, "%s", files[i].name);
    }
    zm_buf_init(&text, 1 << 20);
    int rc = zm_manifest_put(&text, &m, err);
    if (rc == 0)
        rc = write_text(p, "manifest.json", zm_buf_str(&text), err);
    zm_buf_release(&text);
    return rc;
}

/* Reads everything back and writes the manifest of what was found. */
static int prove(struct zm_publication *p, struct zm_err *err)
{
    struct zm_readback *files = zm_calloc(ZM_MANIFEST_FILES, sizeof *files);
    unsigned n = 0;
    if (!files)
        return zm_fail_memory(err, ZM_MANIFEST_FILES * sizeof *files);
    int rc = add_readback(p, &files[n++], "report.json", ZM_READBACK_TEXT, NULL, err);
    for (unsigned i = 0; i < N_PRODUCTS && rc == 0; i++)
        if (p->products[i].columns) /* else it is not part of this profile */
            rc = list_product(p, &p->products[i], files, &n, err);
    if (rc == 0)
        rc = zm_readback_all(files, n, p->options.threads, err);
    if (rc == 0)
        rc = write_manifest(p, files, n, err);
    zm_free(files);
    return rc;
}

int zm_publish_finish(struct zm_publication *p, struct zm_str report_json, struct zm_err *err)
{
    for (unsigned i = 0; i < N_PRODUCTS; i++)
        ZM_TRY(close_product(&p->products[i], err));
    ZM_TRY(write_text(p, "report.json", report_json, err));
    ZM_TRY(prove(p, err));
    if (zm_env_stopped(p->env))
        return zm_fail(err, ZM_E_STOPPED, "stopped before the new publication was shown");
    ZM_TRY(
        zm_generation_publish(p->options.out_dir, p->options.run_id, p->options.copy_current, p->env, err));
    p->staged = false;
    zm_generation_prune(p->options.out_dir, p->options.run_id, p->options.keep, p->env);
    return 0;
}

void zm_publish_abort(struct zm_publication *p)
{
    if (p) {
        for (unsigned i = 0; i < N_PRODUCTS; i++) {
            struct product *d = &p->products[i];
            zm_lane_abort(d->lines_lane);
            zm_lane_abort(d->gpkg_lane);
            zm_gpkg_abort(d->gpkg);
            zm_outfile_abandon(&d->lines);
            d->lines_lane = d->gpkg_lane = NULL;
            d->gpkg = NULL;
        }
        if (p->staged)
            zm_generation_drop(p->options.out_dir, p->options.run_id);
    }
    zm_publish_free(p);
}

void zm_publish_free(struct zm_publication *p)
{
    if (!p)
        return;
    for (unsigned i = 0; i < N_PRODUCTS; i++)
        zm_free(p->products[i].columns);
    zm_divisions_release(&p->divisions);
    zm_buf_release(&p->message);
    zm_buf_release(&p->fixed);
    zm_free(p->sources);
    zm_free(p->open_sources);
    zm_free(p);
}

bool zm_publish_current(const char *out_dir, const char *file, char *path, size_t size)
{
    struct stat st;
    int n = snprintf(path, size, "%s/current/%s", out_dir, file);
    return n > 0 && (size_t)n < size && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}
