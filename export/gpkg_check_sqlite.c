#include "export/gpkg.h"
#include "export/sql_sqlite.h"

#include <stdio.h>
#include <string.h>

static int quick_check(struct zm_sql *s, struct zm_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int state = sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &stmt, NULL);
    if (state == SQLITE_OK)
        state = sqlite3_step(stmt);
    const char *verdict =
        state == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : sqlite3_errmsg(s->db);
    int rc = 0;
    if (!verdict || strcmp(verdict, "ok") != 0)
        rc = zm_fail(err, ZM_E_OUTPUT, "%s was not written as it should be: %s", s->path,
                     verdict ? verdict : "no verdict");
    sqlite3_finalize(stmt);
    return rc;
}

int zm_gpkg_check(const char *path, struct zm_err *err)
{
    struct zm_sql s;
    ZM_TRY(zm_sql_open(&s, path, SQLITE_OPEN_READONLY, err));
    return zm_sql_close(&s, quick_check(&s, err), err);
}

int zm_gpkg_count(const char *path, const struct zm_layer *layer, uint64_t *rows, uint64_t *points,
                  struct zm_err *err)
{
    struct zm_sql s;
    char sql[256];
    int64_t n = 0, indexed = 0;
    ZM_TRY(zm_sql_open(&s, path, SQLITE_OPEN_READONLY, err));
    snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"", layer->name);
    int rc = zm_sql_integer(&s, sql, &n, err);
    if (rc == 0 && layer->spatial) {
        snprintf(sql, sizeof sql, "SELECT count(*) FROM \"rtree_%s_geom_rowid\"", layer->name);
        rc = zm_sql_integer(&s, sql, &indexed, err);
    }
    rc = zm_sql_close(&s, rc, err);
    if (rc == 0) {
        *rows = (uint64_t)n;
        *points = (uint64_t)indexed;
    }
    return rc;
}
