#include "export/btree.h"
#include "export/cell.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/zm-btree-XXXXXX";
static char filler[200000];

static void exec(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

static sqlite3 *open_db(void)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

/* An empty table t(id, a, b, c) and its root page. */
static uint32_t create_table(void)
{
    unlink(path);
    sqlite3 *db = open_db();
    exec(db,
         "PRAGMA synchronous=OFF; PRAGMA page_size=4096; CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, c)");
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_master", -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    uint32_t root = (uint32_t)sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return root;
}

/* What row i of a made-up table holds. */
typedef void make_row(uint64_t i, uint64_t *rowid, struct zm_cell cells[4]);

static void write_table(uint64_t n, uint64_t lock_byte, make_row *make)
{
    struct zm_err err;
    struct zm_outfile file;
    struct zm_btree tree;
    struct zm_buf record;
    uint32_t root = create_table();
    assert_int_equal(zm_outfile_continue(&file, path, &err), 0);
    struct zm_pager pager = {.file = &file, .lock_byte = lock_byte};
    zm_btree_init(&tree, &pager, root);
    zm_buf_init(&record, 1 << 20);
    for (uint64_t i = 0; i < n; i++) {
        uint64_t rowid;
        struct zm_cell cells[4];
        make(i, &rowid, cells);
        zm_buf_reset(&record);
        assert_int_equal(zm_record_put(&record, cells, 4, &err), 0);
        assert_int_equal(zm_btree_add(&tree, rowid, zm_buf_str(&record), &err), 0);
    }
    assert_int_equal(zm_btree_finish(&tree, &err), 0);
    assert_int_equal(zm_pager_finish(&pager, &err), 0);
    assert_int_equal(zm_outfile_close(&file, &err), 0);
    zm_btree_release(&tree);
    zm_buf_release(&record);
}

static void assert_cell(sqlite3_stmt *stmt, int column, const struct zm_cell *c)
{
    static const int types[] = {SQLITE_NULL, SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB};
    assert_int_equal(sqlite3_column_type(stmt, column), types[c->type]);
    if (c->type == ZM_CELL_INT)
        assert_true(sqlite3_column_int64(stmt, column) == c->integer);
    if (c->type == ZM_CELL_REAL)
        assert_true(sqlite3_column_double(stmt, column) == c->real);
    if (c->type == ZM_CELL_TEXT || c->type == ZM_CELL_BLOB) {
        const void *bytes = sqlite3_column_blob(stmt, column);
        assert_int_equal(sqlite3_column_bytes(stmt, column), c->text.len);
        assert_true(c->text.len == 0 || memcmp(bytes, c->text.ptr, c->text.len) == 0);
    }
}

/* SQLite finds the file sound and reads back every cell. */
static void assert_table(uint64_t n, make_row *make)
{
    sqlite3 *db = open_db();
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "ok");
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT id, a, b, c FROM t ORDER BY id", -1, &stmt, NULL),
                     SQLITE_OK);
    for (uint64_t i = 0; i < n; i++) {
        uint64_t rowid;
        struct zm_cell cells[4];
        make(i, &rowid, cells);
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_true((uint64_t)sqlite3_column_int64(stmt, 0) == rowid);
        for (int c = 1; c < 4; c++)
            assert_cell(stmt, c, &cells[c]);
    }
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
    /* The table can still be changed by SQLite itself. */
    exec(db, "DELETE FROM t WHERE id % 3 = 0; INSERT INTO t(a) VALUES('x'); UPDATE t SET b = zeroblob(5000) "
             "WHERE id % 5 = 1");
    sqlite3_close(db);
}

static void mixed_row(uint64_t i, uint64_t *rowid, struct zm_cell cells[4])
{
    static const int64_t numbers[] = {0,
                                      1,
                                      -1,
                                      2,
                                      127,
                                      128,
                                      -128,
                                      -129,
                                      32767,
                                      32768,
                                      -32769,
                                      8388607,
                                      8388608,
                                      -8388609,
                                      INT32_MAX,
                                      INT32_MIN,
                                      1LL << 31,
                                      1LL << 47,
                                      -(1LL << 47) - 1,
                                      INT64_MAX,
                                      INT64_MIN};
    *rowid = i * i / 3 + i + 1;
    cells[0].type = ZM_CELL_NULL;
    cells[1] = zm_cell_int(numbers[i % (sizeof numbers / sizeof *numbers)]);
    cells[2] = i % 3 ? zm_cell_real((double)i / 7) : zm_cell_blob(zm_str_n(filler, i % 40));
    cells[3] = zm_cell_text(zm_str_n(filler, i % 90));
}

static void every_kind_of_cell(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 50, 3000, 200000};
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        write_table(sizes[i], ZM_LOCK_BYTE, mixed_row);
        assert_table(sizes[i], mixed_row);
    }
}

/* Sizes around the borders at which a record leaves its page, and around whole overflow pages. */
static void long_row(uint64_t i, uint64_t *rowid, struct zm_cell cells[4])
{
    static const size_t centers[] = {480, 500, 4050, 4091, 8180, 12260, 65536, 199000};
    *rowid = i + 1;
    cells[0].type = cells[1].type = ZM_CELL_NULL;
    cells[2] = zm_cell_int((int64_t)i);
    cells[3] = zm_cell_text(zm_str_n(filler, centers[i / 40 % 8] + i % 40 - 20));
}

static void records_longer_than_a_page(void **state)
{
    (void)state;
    write_table(320, ZM_LOCK_BYTE, long_row);
    assert_table(320, long_row);
}

/* The page of the lock byte stays unused. SQLite can move that byte for tests, so no gigabyte is needed: it
 * falls between leaves, into overflow chains, or is the next page of one. */
static void lock_page_is_skipped(void **state)
{
    (void)state;
    for (unsigned page = 3; page < 60; page += 3) {
        unsigned lock_byte = page * ZM_PAGE_BYTES;
        sqlite3_test_control(SQLITE_TESTCTRL_PENDING_BYTE, lock_byte);
        write_table(2000, lock_byte, mixed_row);
        assert_table(2000, mixed_row);
        write_table(320, lock_byte, long_row);
        assert_table(320, long_row);
    }
    sqlite3_test_control(SQLITE_TESTCTRL_PENDING_BYTE, ZM_LOCK_BYTE);
}

static void rows_must_ascend(void **state)
{
    (void)state;
    struct zm_err err;
    struct zm_outfile file;
    struct zm_btree tree;
    uint32_t root = create_table();
    assert_int_equal(zm_outfile_continue(&file, path, &err), 0);
    struct zm_pager pager = {.file = &file, .lock_byte = ZM_LOCK_BYTE};
    zm_btree_init(&tree, &pager, root);
    assert_int_equal(zm_btree_add(&tree, 5, ZM_STR("\x02"), &err), 0);
    assert_int_equal(zm_btree_add(&tree, 5, ZM_STR("\x02"), &err), ZM_E_INTERNAL);
    zm_btree_release(&tree);
    zm_outfile_abandon(&file);
}

static void varints_are_those_of_sqlite(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        unsigned n;
        unsigned char bytes[9];
    } cases[] = {{0, 1, {0}},
                 {127, 1, {0x7f}},
                 {128, 2, {0x81, 0}},
                 {16383, 2, {0xff, 0x7f}},
                 {16384, 3, {0x81, 0x80, 0}},
                 {(UINT64_C(1) << 56) - 1, 8, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}},
                 {UINT64_C(1) << 56, 9, {0x80, 0xc0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}},
                 {UINT64_MAX, 9, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char bytes[9];
        assert_int_equal(zm_varint_put(bytes, cases[i].value), cases[i].n);
        assert_memory_equal(bytes, cases[i].bytes, cases[i].n);
    }
}

static int make_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof filler; i++)
        filler[i] = (char)('a' + i % 26);
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(varints_are_those_of_sqlite),
        cmocka_unit_test(every_kind_of_cell),
        cmocka_unit_test(records_longer_than_a_page),
        cmocka_unit_test(lock_page_is_skipped),
        cmocka_unit_test(rows_must_ascend),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
