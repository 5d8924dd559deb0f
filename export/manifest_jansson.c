#include "export/manifest.h"
#include "geo/base/date.h"
#include "geo/tables/text.h"

#include <jansson.h>
#include <stdlib.h>

static int by_name(const void *left, const void *right)
{
    const struct zm_manifest_file *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static json_t *files_of(const struct zm_manifest *m)
{
    json_t *list = json_array();
    qsort(m->files, m->n_files, sizeof *m->files, by_name);
    for (unsigned i = 0; i < m->n_files; i++) {
        const struct zm_manifest_file *f = &m->files[i];
        json_t *file = json_pack("{s:s, s:s, s:I, s:I}", "name", f->name, "sha256", f->digest.sha256, "rows",
                                 (json_int_t)f->rows, "bytes", (json_int_t)f->digest.bytes);
        if (json_array_append_new(list, file) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

int zm_manifest_put(struct zm_buf *out, const struct zm_manifest *m, struct zm_err *err)
{
    char as_of[11];
    zm_date_format(m->as_of, as_of);
    struct zm_str notice = zm_text(m->public_profile ? "profile.public" : "profile.internal");
    json_t *root = json_pack("{s:i, s:s, s:s, s:s, s:s%, s:s, s:s, s:o}", "schema_version", 1, "run",
                             m->run_id, "as_of", as_of, "profile", m->public_profile ? "public" : "internal",
                             "notice", notice.ptr, notice.len, "crs", "EPSG:4490", "crs_note",
                             "coordinates are CGCS2000 (EPSG:4490), longitude before latitude; in GeoJSON "
                             "they are numerically used as CRS84",
                             "files", files_of(m));
    if (root && m->public_profile &&
        json_object_set_new(root, "withheld", json_integer((json_int_t)m->withheld)) != 0) {
        json_decref(root);
        root = NULL;
    }
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    int rc = text ? zm_buf_put(out, zm_str(text), err) : zm_fail_memory(err, 0);
    if (rc == 0)
        rc = zm_buf_putc(out, '\n', err);
    free(text);
    json_decref(root);
    return rc;
}
