/* Small helpers over SQLite for the GeoPackage bridge files; errors become ZM_E_OUTPUT with the file's name.
 */
#pragma once

#include "export/cell.h"

#include <sqlite3.h>

struct zm_sql {
    sqlite3 *db;
    const char *path; /* borrowed */
};

int zm_sql_open(struct zm_sql *s, const char *path, int flags, struct zm_err *err);
int zm_sql_close(struct zm_sql *s, int rc, struct zm_err *err); /* returns rc, or its own error if rc is 0 */
int zm_sql_exec(struct zm_sql *s, const char *sql, struct zm_err *err);
/* One statement with parameters ?1 ... ?n. */
int zm_sql_run(struct zm_sql *s, const char *sql, const struct zm_cell *cells, unsigned n,
               struct zm_err *err);
/* As above for a statement used again and again: prepared at the first call, finalized by the caller. */
int zm_sql_again(struct zm_sql *s, sqlite3_stmt **stmt, const char *sql, const struct zm_cell *cells,
                 unsigned n, struct zm_err *err);
/* The single integer of a query. */
int zm_sql_integer(struct zm_sql *s, const char *sql, int64_t *out, struct zm_err *err);
/* The root page of a table. */
int zm_sql_root(struct zm_sql *s, const char *table, uint32_t *out, struct zm_err *err);
