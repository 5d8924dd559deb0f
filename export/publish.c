#include "export/publish.h"

#include "export/generation.h"
#include "export/manifest.h"
#include "export/outfile.h"
#include "export/product.h"
#include "export/worklist.h"
#include "geo/base/mem.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

enum { MESSAGE_MAX = 1 << 20 };

enum { OWN_FILES = 1 }; /* report.json */

enum { ADDRESSES, FINDINGS, N_PRODUCTS };
enum { LAYER_FINDING, LAYER_FINDING_ROW, LAYER_FIXED, LAYER_REJECTED, N_FINDING_LAYERS };

struct zm_publication {
    struct zm_publish_options options;
    const struct zm_env *env;
    struct zm_row_context context;
    struct zm_str *sources; /* owned */
    bool *open_sources;     /* owned */
    uint8_t *kinds;         /* owned */
    struct zm_divisions divisions;
    struct zm_product products[N_PRODUCTS];
    struct zm_worklist worklist; /* findings/ */
    struct zm_row row;
    struct zm_buf message;
    const char *pages[ZM_PUBLISH_PAGES]; /* names */
    unsigned n_pages;
    bool staged;
    uint64_t withheld;     /* addresses that the profile leaves out */
    char folder[PATH_MAX]; /* staging */
};

static const struct zm_layer *const address_layers[] = {&zm_layer_address};
static const struct zm_layer *const finding_layers[] = {&zm_layer_finding, &zm_layer_finding_row,
                                                        &zm_layer_fixed, &zm_layer_rejected};

/* The path of a file in the staging folder. */
static int path_of(const struct zm_publication *p, const char *name, char path[PATH_MAX], struct zm_err *err)
{
    if (snprintf(path, PATH_MAX, "%s/%s", p->folder, name) >= PATH_MAX)
        return zm_fail(err, ZM_E_OUTPUT, "the path of the output folder %s is too long", p->options.out_dir);
    return 0;
}

/* Records name their source by index; rows show its name. The list of a job may be in any order. */
static int name_sources(struct zm_publication *p, struct zm_err *err)
{
    unsigned n = p->options.n_sources;
    p->sources = zm_calloc(n, sizeof *p->sources);
    p->open_sources = zm_calloc(n, sizeof *p->open_sources);
    p->kinds = zm_calloc(n, sizeof *p->kinds);
    if (!p->sources || !p->open_sources || !p->kinds)
        return zm_fail_memory(err, n * sizeof *p->sources);
    for (unsigned i = 0; i < n; i++) {
        const struct zm_source *s = &p->options.sources[i];
        if (s->index >= n)
            return zm_fail(err, ZM_E_INTERNAL, "source %.*s has no place among the %u sources",
                           ZM_FMT(s->name), n);
        p->sources[s->index] = s->name;
        p->open_sources[s->index] = s->class_ == ZM_CLASS_PUBLIC;
        p->kinds[s->index] = (uint8_t)s->kind;
    }
    p->context = (struct zm_row_context){.sources = p->sources,
                                         .open_sources = p->open_sources,
                                         .kinds = p->kinds,
                                         .n_sources = n,
                                         .public_profile = p->options.public_profile,
                                         .precision_m = p->options.public_precision_m};
    return 0;
}

static int open_all(struct zm_publication *p, struct zm_err *err)
{
    ZM_TRY(name_sources(p, err));
    if (snprintf(p->folder, sizeof p->folder, "%s/.gen-%s", p->options.out_dir, p->options.run_id) >=
        PATH_MAX)
        return zm_fail(err, ZM_E_OUTPUT, "the path of the output folder %s is too long", p->options.out_dir);
    ZM_TRY(zm_divisions_init(&p->divisions, err));
    ZM_TRY(zm_generation_stage(p->options.out_dir, p->options.run_id, err));
    p->staged = true;
    const struct zm_product_options o = {.folder = p->folder,
                                         .about = {.run_id = p->options.run_id,
                                                   .as_of = p->options.as_of,
                                                   .public_profile = p->options.public_profile,
                                                   .divisions = &p->divisions},
                                         .gpkg = p->options.gpkg,
                                         .geojson = p->options.geojson,
                                         .threaded = p->options.threads > 1};
    ZM_TRY(zm_product_open(&p->products[ADDRESSES], "addresses", address_layers, 1, &o, err));
    /* Findings quote what was delivered: they never leave with the public profile. */
    if (p->options.public_profile)
        return 0;
    if (p->options.xlsx)
        ZM_TRY(zm_worklist_open(&p->worklist, p->folder, &p->context, &p->divisions, p->options.as_of,
                                p->options.threads > 1, p->env, err));
    return zm_product_open(&p->products[FINDINGS], "findings", finding_layers, N_FINDING_LAYERS, &o, err);
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
    for (unsigned i = 0; i < N_PRODUCTS; i++)
        p->products[i].lines.fd = -1;
    int rc = open_all(p, err);
    if (rc != 0) {
        zm_publish_abort(p);
        return rc;
    }
    *out = p;
    return 0;
}

int zm_publish_address(struct zm_publication *p, const struct zm_address *a, struct zm_err *err)
{
    bool published;
    ZM_TRY(zm_row_address(&p->row, &p->context, a, &published, err));
    if (published)
        return zm_product_put(&p->products[ADDRESSES], 0, &p->row, err);
    p->withheld++;
    return 0;
}

int zm_publish_finding(struct zm_publication *p, const struct zm_finding *f, uint64_t n_rows,
                       struct zm_err *err)
{
    struct zm_product *findings = &p->products[FINDINGS];
    if (p->options.public_profile)
        return 0;
    if (f->fixed) {
        ZM_TRY(zm_row_fixed(&p->row, &p->context, f, &p->message, err));
        return zm_product_put(findings, LAYER_FIXED, &p->row, err);
    }
    ZM_TRY(zm_row_finding(&p->row, &p->context, f, n_rows, &p->message, err));
    ZM_TRY(zm_worklist_add(&p->worklist, f, n_rows, err));
    return zm_product_put(findings, LAYER_FINDING, &p->row, err);
}

int zm_publish_finding_row(struct zm_publication *p, uint32_t source, uint64_t row, struct zm_err *err)
{
    struct zm_product *findings = &p->products[FINDINGS];
    if (p->options.public_profile)
        return 0;
    ZM_TRY(zm_row_finding_row(&p->row, &p->context, findings->rows[LAYER_FINDING], source, row, err));
    return zm_product_put(findings, LAYER_FINDING_ROW, &p->row, err);
}

int zm_publish_reject(struct zm_publication *p, uint32_t source, const struct zm_reject *reject,
                      struct zm_err *err)
{
    if (p->options.public_profile)
        return 0;
    ZM_TRY(zm_row_rejected(&p->row, &p->context, source, reject, err));
    return zm_product_put(&p->products[FINDINGS], LAYER_REJECTED, &p->row, err);
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

int zm_publish_page(struct zm_publication *p, const char *name, struct zm_str text, struct zm_err *err)
{
    if (p->n_pages == ZM_PUBLISH_PAGES)
        return zm_fail(err, ZM_E_INTERNAL, "a publication has no room for the page %s", name);
    ZM_TRY(write_text(p, name, text, err));
    p->pages[p->n_pages++] = name;
    return 0;
}

/* The manifest states what was read back, not what was meant to be written. */
static int write_manifest(struct zm_publication *p, const struct zm_readback *files, unsigned n,
                          struct zm_err *err)
{
    struct zm_manifest m = {.run_id = p->options.run_id,
                            .as_of = p->options.as_of,
                            .public_profile = p->options.public_profile,
                            .withheld = p->withheld,
                            .files = zm_calloc(n, sizeof *m.files),
                            .n_files = n};
    struct zm_buf text;
    if (!m.files)
        return zm_fail_memory(err, n * sizeof *m.files);
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
    zm_free(m.files);
    return rc;
}

/* Reads everything back and writes the manifest of what was found. */
static int prove(struct zm_publication *p, struct zm_err *err)
{
    unsigned n = 0,
             room = OWN_FILES + p->n_pages + N_PRODUCTS * ZM_PRODUCT_FILES + zm_worklist_files(&p->worklist);
    struct zm_readback *files = zm_calloc(room, sizeof *files);
    if (!files)
        return zm_fail_memory(err, room * sizeof *files);
    files[n].name = "report.json";
    int rc = path_of(p, "report.json", files[n++].path, err);
    for (unsigned i = 0; i < p->n_pages && rc == 0; i++) {
        files[n].name = p->pages[i];
        rc = path_of(p, p->pages[i], files[n++].path, err);
    }
    for (unsigned i = 0; i < N_PRODUCTS && rc == 0; i++)
        rc = zm_product_list(&p->products[i], files, &n, err);
    if (rc == 0)
        rc = zm_worklist_list(&p->worklist, files, &n, err);
    if (rc == 0)
        rc = zm_readback_all(files, n, p->options.threads, err);
    if (rc == 0)
        rc = write_manifest(p, files, n, err);
    zm_free(files);
    return rc;
}

/* Nothing of the old publication is touched before the last step but one; an error anywhere above it leaves
 * only the staging folder, which abort removes. */
int zm_publish_finish(struct zm_publication *p, struct zm_str report_json, struct zm_err *err)
{
    for (unsigned i = 0; i < N_PRODUCTS; i++)
        ZM_TRY(zm_product_close(&p->products[i], err));
    ZM_TRY(zm_worklist_close(&p->worklist, err));
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
        for (unsigned i = 0; i < N_PRODUCTS; i++)
            zm_product_abort(&p->products[i]);
        zm_worklist_release(&p->worklist);
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
        zm_product_release(&p->products[i]);
    zm_worklist_release(&p->worklist);
    zm_divisions_release(&p->divisions);
    zm_buf_release(&p->message);
    zm_free(p->sources);
    zm_free(p->open_sources);
    zm_free(p->kinds);
    zm_free(p);
}

bool zm_publish_current(const char *out_dir, const char *file, char *path, size_t size)
{
    struct stat st;
    int n = snprintf(path, size, "%s/current/%s", out_dir, file);
    return n > 0 && (size_t)n < size && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}
