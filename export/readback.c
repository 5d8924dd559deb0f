#include "export/readback.h"

#include "export/gpkg.h"
#include "export/workbook.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS_MAX = 8 };

struct work {
    struct zm_readback *files;
    unsigned n;
    atomic_uint next;
};

static int disagree(const struct zm_readback *f, const char *what, uint64_t found, uint64_t given,
                    struct zm_err *err)
{
    return zm_fail(err, ZM_E_OUTPUT, "%s was read back with %llu %s, but %llu were written", f->path,
                   (unsigned long long)found, what, (unsigned long long)given);
}

/* quick_check walks every page of every table; counting again through SQL proves that the pages hold the
 * rows. */
static int read_gpkg(const struct zm_readback *f, struct zm_err *err)
{
    ZM_TRY(zm_gpkg_check(f->path, err));
    for (unsigned i = 0; i < f->n_layers; i++) {
        uint64_t rows, points;
        ZM_TRY(zm_gpkg_count(f->path, f->layers[i], &rows, &points, err));
        if (rows != f->layer_rows[i])
            return disagree(f, "rows", rows, f->layer_rows[i], err);
        if (f->layers[i]->spatial && points != f->points)
            return disagree(f, "indexed points", points, f->points, err);
    }
    return 0;
}

static int read_workbook(const struct zm_readback *f, struct zm_err *err)
{
    uint64_t rows;
    ZM_TRY(zm_workbook_check(f->path, &rows, err));
    return rows == *f->layer_rows ? 0 : disagree(f, "rows", rows, *f->layer_rows, err);
}

static int digest_file(struct zm_readback *f, struct zm_err *err)
{
    ZM_TRY(zm_digest_file(f->path, &f->digest, err));
    if (f->kind == ZM_READBACK_LINES && f->digest.lines != *f->layer_rows)
        return disagree(f, "lines", f->digest.lines, *f->layer_rows, err);
    return 0;
}

/* Tasks are taken from one counter: a long one keeps one thread busy while the others go on. The checks of
 * GeoPackages take longest and come first; each file is digested apart from them. */
static void *work_on(void *arg)
{
    struct work *w = arg;
    for (unsigned i; (i = atomic_fetch_add(&w->next, 1)) < 2 * w->n;) {
        struct zm_readback *f = &w->files[i % w->n];
        if (i >= w->n)
            f->digested.rc = digest_file(f, &f->digested.err);
        else if (f->kind == ZM_READBACK_GPKG)
            f->checked.rc = read_gpkg(f, &f->checked.err);
        else if (f->kind == ZM_READBACK_WORKBOOK)
            f->checked.rc = read_workbook(f, &f->checked.err);
    }
    return NULL;
}

int zm_readback_all(struct zm_readback *files, unsigned n, unsigned threads, struct zm_err *err)
{
    struct work w = {.files = files, .n = n};
    pthread_t helpers[THREADS_MAX];
    unsigned n_helpers = 0;
    /* The caller works too; a helper that cannot be started only leaves it more to do. */
    while (n_helpers + 1 < threads && n_helpers < THREADS_MAX &&
           pthread_create(&helpers[n_helpers], NULL, work_on, &w) == 0)
        n_helpers++;
    work_on(&w);
    for (unsigned i = 0; i < n_helpers; i++)
        pthread_join(helpers[i], NULL);
    for (unsigned i = 0; i < n; i++) {
        const struct zm_readback_outcome *bad = files[i].digested.rc ? &files[i].digested : &files[i].checked;
        if (bad->rc == 0)
            continue;
        if (err)
            *err = bad->err;
        return bad->rc;
    }
    return 0;
}
