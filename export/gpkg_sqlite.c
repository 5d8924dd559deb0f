#include "export/gpkg.h"
#include "export/gpkg_contents.h"
#include "export/gpkg_schema.h"
#include "export/packed.h"
#include "export/rtree.h"
#include "export/sql_sqlite.h"
#include "geo/base/mem.h"

#include <stdio.h>

struct layer_state {
    const struct zm_layer *layer;
    struct zm_btree table;
    struct zm_rtree index;
    struct zm_rtree_tables index_tables;
};

struct zm_gpkg {
    char *path; /* owned */
    uint32_t as_of;
    struct zm_outfile file;
    struct zm_pager pager;
    struct layer_state layers[ZM_GPKG_LAYERS_MAX];
    unsigned n_layers;
};

int zm_gpkg_write(void *self, struct zm_str rows, struct zm_err *err)
{
    struct zm_gpkg *g = self;
    while (rows.len) {
        struct zm_packed_row row = zm_packed_next(&rows);
        struct layer_state *l = &g->layers[row.layer];
        uint64_t fid = l->table.n_rows + 1;
        ZM_TRY(zm_btree_add(&l->table, fid, row.record, err));
        if (row.has_point)
            ZM_TRY(zm_rtree_add(&l->index, fid, row.lon, row.lat, err));
    }
    return 0;
}

/* Triggers stand before the rows: pages written past SQLite do not fire them. */
static int exec_built(struct zm_sql *s, const struct zm_layer *layer, bool public_profile, struct zm_err *err)
{
    struct zm_buf sql;
    zm_buf_init(&sql, 1 << 16);
    int rc = zm_gpkg_table_sql(&sql, layer, public_profile, err);
    if (rc == 0)
        rc = zm_sql_exec(s, sql.ptr, err);
    zm_buf_reset(&sql);
    if (rc == 0)
        rc = zm_gpkg_trigger_sql(&sql, layer, err);
    if (rc == 0)
        rc = zm_sql_exec(s, sql.ptr, err);
    zm_buf_release(&sql);
    return rc;
}

/* Where SQLite has put the empty tables that are about to be filled. */
static int find_roots(struct zm_sql *s, struct zm_gpkg *g, struct layer_state *l, struct zm_err *err)
{
    uint32_t root;
    ZM_TRY(zm_sql_root(s, l->layer->name, &root, err));
    zm_btree_init(&l->table, &g->pager, root);
    if (!l->layer->spatial)
        return 0;
    struct {
        const char *suffix;
        uint32_t *root;
    } tables[] = {{"node", &l->index_tables.node},
                  {"rowid", &l->index_tables.rowid},
                  {"parent", &l->index_tables.parent}};
    for (unsigned i = 0; i < 3; i++) {
        char name[128];
        snprintf(name, sizeof name, "rtree_%s_geom_%s", l->layer->name, tables[i].suffix);
        ZM_TRY(zm_sql_root(s, name, tables[i].root, err));
    }
    return 0;
}

static int create_schema(struct zm_gpkg *g, const struct zm_gpkg_about *about, struct zm_err *err)
{
    struct zm_sql s;
    ZM_TRY(zm_sql_open(&s, g->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err));
    /* The file is staged: until it is renamed a crash may leave anything. The journal stays out of the
     * folder. */
    int rc = zm_sql_exec(
        &s,
        "PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA journal_mode=MEMORY;"
        "PRAGMA synchronous=OFF; PRAGMA application_id=1196444487; PRAGMA user_version=10300; BEGIN",
        err);
    if (rc == 0)
        rc = zm_sql_exec(&s, zm_gpkg_base_sql(), err);
    for (unsigned i = 0; i < g->n_layers && rc == 0; i++)
        rc = exec_built(&s, g->layers[i].layer, about->public_profile, err);
    for (unsigned i = 0; i < g->n_layers && rc == 0; i++)
        rc = zm_gpkg_describe(&s, g->layers[i].layer, about, err);
    if (rc == 0)
        rc = zm_gpkg_describe_file(&s, about, err);
    if (rc == 0)
        rc = zm_sql_exec(&s, "COMMIT", err);
    for (unsigned i = 0; i < g->n_layers && rc == 0; i++)
        rc = find_roots(&s, g, &g->layers[i], err);
    return zm_sql_close(&s, rc, err);
}

int zm_gpkg_create(struct zm_gpkg **out, const char *path, const struct zm_layer *const *layers,
                   unsigned n_layers, const struct zm_gpkg_about *about, struct zm_err *err)
{
    struct zm_gpkg *g = zm_calloc(1, sizeof *g);
    if (!g || !(g->path = zm_strdup(path))) {
        zm_free(g);
        return zm_fail_memory(err, sizeof *g);
    }
    g->file.fd = -1;
    g->as_of = about->as_of;
    g->pager = (struct zm_pager){.file = &g->file, .lock_byte = ZM_LOCK_BYTE};
    g->n_layers = n_layers;
    for (unsigned i = 0; i < n_layers; i++) {
        g->layers[i].layer = layers[i];
        zm_btree_init(&g->layers[i].table, &g->pager, 0);
        zm_rtree_init(&g->layers[i].index);
    }
    int rc = create_schema(g, about, err);
    if (rc == 0)
        rc = zm_outfile_continue(&g->file, path, err);
    if (rc != 0) {
        zm_gpkg_abort(g);
        return rc;
    }
    *out = g;
    return 0;
}

/* From the last row to a file SQLite can open: interior pages, the index, and the page count of the header,
 * which SQLite trusts because it wrote its change counter and version itself. */
static int finish_pages(struct zm_gpkg *g, struct zm_err *err)
{
    for (unsigned i = 0; i < g->n_layers; i++) {
        struct layer_state *l = &g->layers[i];
        ZM_TRY(zm_btree_finish(&l->table, err));
        if (l->layer->spatial)
            ZM_TRY(zm_rtree_write(&l->index, &g->pager, &l->index_tables, err));
    }
    ZM_TRY(zm_pager_finish(&g->pager, err));
    return zm_outfile_close(&g->file, err);
}

/* What OGR would have kept up to date row by row: extent, number of features, last fid. */
static int finish_contents(struct zm_gpkg *g, struct zm_err *err)
{
    struct zm_sql s;
    ZM_TRY(zm_sql_open(&s, g->path, SQLITE_OPEN_READWRITE, err));
    int rc = zm_sql_exec(&s, "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; BEGIN", err);
    for (unsigned i = 0; i < g->n_layers && rc == 0; i++) {
        const struct layer_state *l = &g->layers[i];
        struct zm_cell counts[] = {zm_cell_text(zm_str(l->layer->name)),
                                   zm_cell_int((int64_t)l->table.n_rows)};
        struct zm_cell extent[] = {counts[0], zm_cell_real(l->index.min_x), zm_cell_real(l->index.min_y),
                                   zm_cell_real(l->index.max_x), zm_cell_real(l->index.max_y)};
        rc = zm_sql_run(&s, "UPDATE gpkg_ogr_contents SET feature_count=?2 WHERE table_name=?1", counts, 2,
                        err);
        if (rc == 0 && l->table.n_rows)
            rc = zm_sql_run(&s, "INSERT INTO sqlite_sequence(name,seq) VALUES(?1,?2)", counts, 2, err);
        if (rc == 0 && zm_rtree_count(&l->index))
            rc = zm_sql_run(
                &s, "UPDATE gpkg_contents SET min_x=?2,min_y=?3,max_x=?4,max_y=?5 WHERE table_name=?1",
                extent, 5, err);
    }
    if (rc == 0)
        rc = zm_sql_exec(&s, "COMMIT", err);
    return zm_sql_close(&s, rc, err);
}

int zm_gpkg_finish(struct zm_gpkg *g, struct zm_err *err)
{
    int rc = finish_pages(g, err);
    if (rc == 0)
        rc = finish_contents(g, err);
    zm_gpkg_abort(g);
    return rc;
}

void zm_gpkg_abort(struct zm_gpkg *g)
{
    if (!g)
        return;
    zm_outfile_abandon(&g->file);
    for (unsigned i = 0; i < g->n_layers; i++) {
        zm_btree_release(&g->layers[i].table);
        zm_rtree_release(&g->layers[i].index);
    }
    zm_free(g->path);
    zm_free(g);
}
