#include "geo/base/buf.h"
#include "import/gate.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { HEAP_BYTES = 64 << 20, SCHEMA_ROWS_MAX = 10000, PATH_BYTES_MAX = 16384 };

static int refuse(struct zm_err *err, const char *shown, const char *what, const char *name)
{
    return zm_fail(err, ZM_E_INPUT, "%s is refused: %s %.120s", shown, what, name);
}

/* A changed file that was copied without its log shows old rows, and a log is not read with an immutable
 * file. */
static int check_companions(const char *path, const char *shown, struct zm_err *err)
{
    static const char *const suffixes[] = {"-wal", "-journal"};
    char beside[PATH_BYTES_MAX];
    struct stat st;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(beside, sizeof beside, "%s%s", path, suffixes[i]);
        if (stat(beside, &st) == 0 && st.st_size > 0)
            return zm_fail(
                err, ZM_E_INPUT,
                "%s is refused: its unfinished changes lie beside it (%s%s); close the program that "
                "edits it, then deliver it again",
                shown, shown, suffixes[i]);
    }
    return 0;
}

/* The header states the number of pages where its version numbers agree (sqlite.org/fileformat2, 1.3.7). */
static int check_length(const char *path, const char *shown, struct zm_err *err)
{
    unsigned char h[100];
    struct stat st;
    FILE *file = fopen(path, "rbe");
    size_t n = file ? fread(h, 1, sizeof h, file) : 0;
    if (file)
        fclose(file);
    if (n < sizeof h || stat(path, &st) != 0)
        return zm_fail(err, ZM_E_INPUT, "%s is refused: it is cut off within its header", shown);
    uint64_t page = (uint64_t)h[16] << 8 | h[17];
    page = page == 1 ? 65536 : page;
    uint64_t pages = (uint64_t)h[28] << 24 | (uint64_t)h[29] << 16 | (uint64_t)h[30] << 8 | h[31];
    if (memcmp(h + 24, h + 92, 4) == 0 && pages * page > (uint64_t)st.st_size)
        return zm_fail(err, ZM_E_INPUT, "%s is refused: it is cut off (%llu bytes of %llu)", shown,
                       (unsigned long long)st.st_size, (unsigned long long)(pages * page));
    return 0;
}

static int allow_reading(void *self, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)self, (void)a, (void)b, (void)c, (void)d;
    bool reading = action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_PRAGMA ||
                   action == SQLITE_FUNCTION;
    return reading ? SQLITE_OK : SQLITE_DENY;
}

static void harden(sqlite3 *db)
{
    static const int off[] = {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
                              SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                              SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER};
    static const int limits[][2] = {
        {SQLITE_LIMIT_LENGTH, 16 << 20}, {SQLITE_LIMIT_SQL_LENGTH, 100000},
        {SQLITE_LIMIT_ATTACHED, 0},      {SQLITE_LIMIT_VDBE_OP, 250000},
        {SQLITE_LIMIT_EXPR_DEPTH, 50},   {SQLITE_LIMIT_COMPOUND_SELECT, 10},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    };
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    for (size_t i = 0; i < sizeof off / sizeof *off; i++)
        sqlite3_db_config(db, off[i], 0, NULL);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        sqlite3_limit(db, limits[i][0], limits[i][1]);
    sqlite3_set_authorizer(db, allow_reading, NULL);
}

/* Percent-codes what has a meaning in a URI. */
static void make_uri(const char *path, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "file:");
    for (const unsigned char *p = (const unsigned char *)path; *p && n + 32 < size; p++) {
        if (*p == '%' || *p == '?' || *p == '#' || *p < 0x20)
            n += (size_t)snprintf(out + n, size - n, "%%%02X", *p);
        else
            out[n++] = (char)*p;
    }
    snprintf(out + n, size - n, "?mode=ro&immutable=1");
}

static const char *skip_word(const char *sql, const char *word)
{
    while (isspace((unsigned char)*sql))
        sql++;
    size_t len = strlen(word);
    return strncasecmp(sql, word, len) == 0 ? sql + len : NULL;
}

/* Behind a name, bare or in any of SQLite's quotes; NULL where there is none. */
static const char *skip_name(const char *sql)
{
    while (isspace((unsigned char)*sql))
        sql++;
    char close = *sql == '[' ? ']' : *sql;
    if (close != '"' && close != '`' && close != '\'' && close != ']') {
        const char *end = sql;
        while (isalnum((unsigned char)*end) || *end == '_' || (*end & 0x80))
            end++;
        return end > sql ? end : NULL;
    }
    for (sql++; *sql; sql++) {
        if (*sql != close)
            continue;
        if (sql[1] != close || close == ']')
            return sql + 1;
        sql++;
    }
    return NULL;
}

/* CREATE VIRTUAL TABLE name USING rtree(...): read word by word, because a name may hold any of these words.
 */
static bool is_rtree(const char *sql)
{
    static const char *const words[] = {"create", "virtual", "table"};
    for (size_t i = 0; sql && i < sizeof words / sizeof *words; i++)
        sql = skip_word(sql, words[i]);
    sql = sql ? skip_name(sql) : NULL;
    sql = sql ? skip_word(sql, "using") : NULL;
    sql = sql && isspace((unsigned char)*sql) ? skip_word(sql, "rtree") : NULL;
    sql = sql ? skip_word(sql, "(") : NULL;
    return sql != NULL;
}

/* Names that the GeoPackage standard (annexes D, F) and OGR give to triggers. They never run here, but an
 * unknown one says that the file was made by hand. */
static bool is_known_trigger(const char *name)
{
    static const char *const starts[] = {
        "rtree_", "gpkg_", "trigger_insert_feature_count_", "trigger_delete_feature_count_", "ggi_", "ggu_",
        "fti_",   "ftu_"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncasecmp(name, starts[i], strlen(starts[i])) == 0)
            return true;
    size_t len = strlen(name);
    return len > 12 &&
           (strstr(name, "_zoom_") || strstr(name, "_tile_column_") || strstr(name, "_tile_row_"));
}

/* A computed column runs its expression when it is read. */
static int check_columns(sqlite3 *db, const char *table, const char *shown, struct zm_err *err)
{
    enum { COLUMN_HIDDEN = 6, COMPUTED = 2 };
    char *sql = sqlite3_mprintf("PRAGMA table_xinfo(\"%w\")", table);
    sqlite3_stmt *query = NULL;
    int rc = 0, step = SQLITE_DONE;
    if (!sql || sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK)
        rc = refuse(err, shown, "it is damaged:", sqlite3_errmsg(db));
    while (rc == 0 && (step = sqlite3_step(query)) == SQLITE_ROW)
        if (sqlite3_column_int(query, COLUMN_HIDDEN) >= COMPUTED)
            rc = refuse(err, shown, "computed columns are not read; there is one in table", table);
    if (rc == 0 && step != SQLITE_DONE)
        rc = refuse(err, shown, "it is damaged:", sqlite3_errmsg(db));
    sqlite3_finalize(query);
    sqlite3_free(sql);
    return rc;
}

/* Views that the GeoPackage standard proposed for SQL/MM programs (1.0, annex D). Nobody reads them here: the
 * layer list leaves them out. */
static bool is_standard_view(const char *name)
{
    static const char *const names[] = {"st_spatial_ref_sys", "st_geometry_columns", "spatial_ref_sys",
                                        "geometry_columns"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static int check_object(sqlite3_stmt *row, bool gpkg, const char *shown, struct zm_err *err)
{
    const char *type = (const char *)sqlite3_column_text(row, 0);
    const char *name = (const char *)sqlite3_column_text(row, 1);
    const char *sql = (const char *)sqlite3_column_text(row, 2);
    type = type ? type : "";
    name = name ? name : "";
    sql = sql ? sql : "";
    if (strcmp(type, "view") == 0 && gpkg && is_standard_view(name))
        return 0;
    if (strcmp(type, "view") == 0)
        return refuse(err, shown, "views are not read (save the view as a table); it has the view", name);
    if (strcmp(type, "trigger") == 0)
        return is_known_trigger(name) ? 0 : refuse(err, shown, "it has the unknown trigger", name);
    if (strcmp(type, "index") == 0)
        return 0;
    if (strcmp(type, "table") != 0)
        return refuse(err, shown, "it has an object of the unknown type", type);
    if (strncasecmp(sql, "create virtual", 14) != 0)
        return check_columns(sqlite3_db_handle(row), name, shown, err);
    return is_rtree(sql)
               ? 0
               : refuse(err, shown, "only R-tree virtual tables are read; it has the virtual table", name);
}

static int check_schema(sqlite3 *db, bool gpkg, const char *shown, struct zm_err *err)
{
    sqlite3_stmt *query = NULL;
    if (sqlite3_prepare_v2(db, "SELECT type, name, sql FROM sqlite_schema", -1, &query, NULL) != SQLITE_OK)
        return refuse(err, shown, "it is damaged:", sqlite3_errmsg(db));
    int rc = 0, step = SQLITE_ROW;
    for (int n = 0; rc == 0 && (step = sqlite3_step(query)) == SQLITE_ROW; n++)
        rc = n < SCHEMA_ROWS_MAX ? check_object(query, gpkg, shown, err)
                                 : refuse(err, shown, "it has too many tables:", "over 10000 objects");
    if (rc == 0 && step != SQLITE_DONE)
        rc = refuse(err, shown, "it is damaged:", sqlite3_errmsg(db));
    sqlite3_finalize(query);
    return rc;
}

static int check_pages(sqlite3 *db, const char *shown, struct zm_err *err)
{
    sqlite3_stmt *query = NULL;
    if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &query, NULL) != SQLITE_OK)
        return refuse(err, shown, "it is damaged:", sqlite3_errmsg(db));
    int rc = 0;
    const char *verdict =
        sqlite3_step(query) == SQLITE_ROW ? (const char *)sqlite3_column_text(query, 0) : NULL;
    if (!verdict)
        rc = refuse(err, shown, "it is damaged:", sqlite3_errmsg(db));
    else if (strcmp(verdict, "ok") != 0)
        rc = refuse(err, shown, "it is damaged:", verdict);
    sqlite3_finalize(query);
    return rc;
}

int zm_gate_sqlite(const char *path, const char *shown, bool gpkg, struct zm_err *err)
{
    ZM_TRY(check_companions(path, shown, err));
    ZM_TRY(check_length(path, shown, err));
    char uri[PATH_BYTES_MAX];
    make_uri(path, uri, sizeof uri);
    sqlite3 *db = NULL;
    sqlite3_hard_heap_limit64(HEAP_BYTES);
    int rc = sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW, NULL);
    if (rc != SQLITE_OK)
        rc = refuse(err, shown, "SQLite cannot open it:", db ? sqlite3_errmsg(db) : "out of memory");
    if (rc == 0) {
        harden(db);
        sqlite3_exec(db, "PRAGMA cell_size_check=ON", NULL, NULL, NULL);
        rc = check_schema(db, gpkg, shown, err);
    }
    if (rc == 0)
        rc = check_pages(db, shown, err);
    sqlite3_close(db);
    /* The limit is the whole process's; OGR works within the sandbox's own limit. */
    sqlite3_hard_heap_limit64(0);
    return rc;
}
