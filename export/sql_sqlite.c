#include "export/sql_sqlite.h"

static int fail(struct zm_sql *s, const char *what, struct zm_err *err)
{
    return zm_fail(err, ZM_E_OUTPUT, "%s: %s: %s", s->path, what,
                   s->db ? sqlite3_errmsg(s->db) : "out of memory");
}

int zm_sql_open(struct zm_sql *s, const char *path, int flags, struct zm_err *err)
{
    *s = (struct zm_sql){.path = path};
    if (sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
        return 0;
    int rc = fail(s, "cannot open the GeoPackage", err);
    sqlite3_close(s->db);
    s->db = NULL;
    return rc;
}

int zm_sql_close(struct zm_sql *s, int rc, struct zm_err *err)
{
    if (sqlite3_close(s->db) != SQLITE_OK && rc == 0)
        rc = fail(s, "cannot close the GeoPackage", err);
    s->db = NULL;
    return rc;
}

int zm_sql_exec(struct zm_sql *s, const char *sql, struct zm_err *err)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return fail(s, "cannot write the GeoPackage", err);
}

static int bind(sqlite3_stmt *stmt, int at, const struct zm_cell *c)
{
    switch (c->type) {
    case ZM_CELL_INT:
        return sqlite3_bind_int64(stmt, at, c->integer);
    case ZM_CELL_REAL:
        return sqlite3_bind_double(stmt, at, c->real);
    case ZM_CELL_TEXT:
        return sqlite3_bind_text64(stmt, at, c->text.ptr, c->text.len, SQLITE_STATIC, SQLITE_UTF8);
    case ZM_CELL_BLOB:
        return sqlite3_bind_blob64(stmt, at, c->text.ptr, c->text.len, SQLITE_STATIC);
    case ZM_CELL_NULL:
        break;
    }
    return sqlite3_bind_null(stmt, at);
}

int zm_sql_again(struct zm_sql *s, sqlite3_stmt **stmt, const char *sql, const struct zm_cell *cells,
                 unsigned n, struct zm_err *err)
{
    int state = *stmt ? sqlite3_reset(*stmt) : sqlite3_prepare_v2(s->db, sql, -1, stmt, NULL);
    for (unsigned i = 0; i < n && state == SQLITE_OK; i++)
        state = bind(*stmt, (int)i + 1, &cells[i]);
    if (state == SQLITE_OK)
        state = sqlite3_step(*stmt);
    return state == SQLITE_DONE ? 0 : fail(s, "cannot write the GeoPackage", err);
}

int zm_sql_run(struct zm_sql *s, const char *sql, const struct zm_cell *cells, unsigned n, struct zm_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = zm_sql_again(s, &stmt, sql, cells, n, err);
    sqlite3_finalize(stmt);
    return rc;
}

int zm_sql_integer(struct zm_sql *s, const char *sql, int64_t *out, struct zm_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int state = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (state == SQLITE_OK)
        state = sqlite3_step(stmt);
    int rc = 0;
    if (state == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    else
        rc = fail(s, "cannot read back the GeoPackage", err);
    sqlite3_finalize(stmt);
    return rc;
}

int zm_sql_root(struct zm_sql *s, const char *table, uint32_t *out, struct zm_err *err)
{
    char sql[256];
    int64_t root = 0;
    sqlite3_snprintf((int)sizeof sql, sql,
                     "SELECT rootpage FROM sqlite_master WHERE type='table' AND name=%Q", table);
    ZM_TRY(zm_sql_integer(s, sql, &root, err));
    *out = (uint32_t)root;
    return 0;
}
