/* The gates in front of SQLite and ZIP, and the scanner of a workbook's cells. */
#include "geo/base/mem.h"
#include "import/gate.h"
#include "import/gate_cells.h"
#include "import/shp_index.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include <cmocka.h>

static char folder[] = "/tmp/zm-gate-XXXXXX";

static void in_folder(const char *name, char path[200])
{
    snprintf(path, 200, "%s/%s", folder, name);
    unlink(path);
}

static void make_database(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    sqlite3_close(db);
}

static void test_sqlite_gate(void **state)
{
    (void)state;
    /* A virtual table of a module that SQLite does not have can only be written into the schema by hand. */
#define BY_HAND(sql)                                                                                         \
    "CREATE TABLE t(a); PRAGMA writable_schema=ON; INSERT INTO sqlite_master VALUES('table','v','v',0,'" sql \
    "')"
    static const struct {
        const char *sql, *words; /* words NULL: let through */
        bool gpkg;
    } cases[] = {
        {"CREATE TABLE a(b, c DEFAULT (1+1)); CREATE INDEX i ON a(b); INSERT INTO a VALUES(1,2)", NULL,
         false},
        {"CREATE VIRTUAL TABLE rtree_a_geom USING rtree(id, minx, maxx, miny, maxy)", NULL, true},
        {"CREATE TABLE a(b); CREATE TRIGGER rtree_a_geom_insert AFTER INSERT ON a BEGIN SELECT 1; END", NULL,
         true},
        {"CREATE TABLE a(b); CREATE TRIGGER trigger_insert_feature_count_a AFTER INSERT ON a BEGIN SELECT 1; "
         "END",
         NULL, true},
        {"CREATE TABLE a(b); CREATE TRIGGER mine AFTER INSERT ON a BEGIN SELECT 1; END", "trigger mine",
         true},
        {"CREATE VIEW v AS SELECT 1", "view v", true},
        {"CREATE VIEW st_spatial_ref_sys AS SELECT 1", NULL, true},
        {"CREATE VIEW st_spatial_ref_sys AS SELECT 1", "view", false},
        {"CREATE TABLE a(b, c AS (b+1))", "computed columns", false},
        {"CREATE TABLE a(b, c AS (b+1) STORED)", "computed columns", false},
        {"CREATE VIRTUAL TABLE f USING fts5(x)", "virtual table f", false},
        {"CREATE VIRTUAL TABLE \"a USING rtree(\" USING fts5(x)", "virtual table", false},
        {BY_HAND("CREATE VIRTUAL TABLE v USING VirtualText(''/etc/passwd'')"), "virtual table v", false},
        {BY_HAND("CREATE VIRTUAL TABLE v USING rtree_i32(a,b,c)"), "virtual table v", false},
        {BY_HAND("CREATE VIRTUAL TABLE \"v\" /**/ USING rtree(a,b,c)"), "virtual table v", false},
        {BY_HAND("CREATE VIRTUAL TABLE [v USING rtree(] USING VirtualText(1)"), "refused", false},
    };
#undef BY_HAND
    char path[200];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        in_folder("case%?#.gpkg", path);
        make_database(path, cases[i].sql);
        struct zm_err err = {0};
        int rc = zm_gate_sqlite(path, "x.gpkg", cases[i].gpkg, &err);
        bool right = cases[i].words ? rc == ZM_E_INPUT && strstr(err.text, cases[i].words) : rc == 0;
        if (!right)
            fail_msg("%s: %d %s", cases[i].sql, rc, err.text);
    }
}

static void copy_part(const char *from, const char *to, long bytes)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    for (int c; bytes-- && (c = fgetc(in)) != EOF;)
        fputc(c, out);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void test_sqlite_gate_cut_and_hot(void **state)
{
    (void)state;
    char whole[200], cut[200], log[200];
    in_folder("whole.gpkg", whole);
    make_database(
        whole, "CREATE TABLE a(b); WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r LIMIT 5000) "
               "INSERT INTO a SELECT hex(randomblob(20)) FROM r");
    struct zm_err err = {0};
    assert_int_equal(zm_gate_sqlite(whole, whole, true, &err), 0);
    static const long cuts[] = {10, 99, 100, 4096, 8192, 50000, 100000};
    in_folder("cut.gpkg", cut);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        copy_part(whole, cut, cuts[i]);
        assert_int_equal(zm_gate_sqlite(cut, "cut.gpkg", true, &err), ZM_E_INPUT);
        assert_non_null(strstr(err.text, "cut off"));
    }
    in_folder("whole.gpkg-wal", log);
    copy_part(whole, log, 0);
    assert_int_equal(zm_gate_sqlite(whole, whole, true, &err), 0); /* an empty log holds nothing */
    copy_part(whole, log, 50);
    assert_int_equal(zm_gate_sqlite(whole, "whole.gpkg", true, &err), ZM_E_INPUT);
    assert_non_null(strstr(err.text, "whole.gpkg-wal"));
}

struct entry {
    const char *name, *content;
    unsigned repeat;
};

static void make_zip(const char *path, const struct entry *entries, size_t n)
{
    int code;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    assert_non_null(zip);
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(entries[i].content), size = len * (entries[i].repeat ? entries[i].repeat : 1);
        char *all = malloc(size + 1);
        assert_non_null(all);
        for (size_t at = 0; at < size; at += len)
            memcpy(all + at, entries[i].content, len);
        zip_source_t *source = zip_source_buffer(zip, all, size, 1);
        assert_true(zip_file_add(zip, entries[i].name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
}

#define SHEET   "xl/worksheets/sheet1.xml"
#define STRINGS "xl/sharedStrings.xml"

static void test_zip_gate(void **state)
{
    (void)state;
    static const struct {
        struct entry entries[2];
        const char *words;
    } cases[] = {
        {{{SHEET, "<row r='1'><c r='A1' t='s'><v>0</v></c></row>", 0}, {STRINGS, "<si><t>abcd</t></si>", 0}},
         NULL},
        {{{SHEET, "<row><c/></row>", 0}, {"../x.xml", "<a/>", 0}}, "is called ../x.xml"},
        {{{SHEET, "<row><c/></row>", 0}, {"/etc/x.xml", "<a/>", 0}}, "is called"},
        {{{SHEET, "<!DOCTYPE a><row/>", 0}, {STRINGS, "<a/>", 0}}, "DOCTYPE"},
        {{{SHEET, "<!doctype a [ <!ENTITY b 'c'> ]><row/>", 0}, {STRINGS, "<a/>", 0}}, "DOCTYPE"},
        {{{SHEET, "<row><c><v>1</v></c></row>", 100000}, {STRINGS, "<a/>", 0}}, "grows more than"},
        {{{SHEET, "<row r='1048576'><c r='XFD1'><v>1</v></c></row>", 0}, {STRINGS, "<a/>", 0}}, "span"},
    };
    char path[200];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        in_folder("case.xlsx", path);
        make_zip(path, cases[i].entries, 2);
        struct zm_err err = {0};
        uint64_t inflated, cells;
        int rc = zm_gate_zip(path, "case.xlsx", &inflated, &cells, &err);
        bool right = cases[i].words ? rc == ZM_E_INPUT && strstr(err.text, cases[i].words) : rc == 0;
        if (!right)
            fail_msg("case %zu: %d %s", i, rc, err.text);
    }
}

static void test_zip_gate_is_no_zip(void **state)
{
    (void)state;
    char path[200];
    in_folder("text.xlsx", path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("PK\3\4 and no more", file);
    assert_int_equal(fclose(file), 0);
    struct zm_err err = {0};
    uint64_t inflated, cells;
    assert_int_equal(zm_gate_zip(path, "text.xlsx", &inflated, &cells, &err), ZM_E_INPUT);
    for (long k = 1; k < 3; k++) {
        zm_mem_fail_at(k);
        assert_int_not_equal(zm_gate_zip(path, "text.xlsx", &inflated, &cells, &err), 0);
        zm_mem_fail_at(0);
    }
}

/* The same count, whatever the size of the pieces. */
static void test_cells_in_pieces(void **state)
{
    (void)state;
    static const char strings[] =
        "<sst><si><t>abcd</t></si><si/><si><r><t>ab</t></r><r><t>cde</t></r></si></sst>";
    static const char sheet[] =
        "<x:sheetData><x:row r='2'><x:c r = \"B2\" s='1' t = 's'><x:v>0</x:v></x:c>"
        "<c t='s'><v>2</v></c></row><row><c r='D3'><v>12.5</v></c>"
        "<c t=\"inlineStr\"><is><t>xyz</t></is></c><c t='s'><v>99</v></c></row></x:sheetData>";
    for (size_t piece = 1; piece < sizeof sheet; piece++) {
        struct zm_cells c;
        zm_cells_init(&c);
        zm_cells_begin(&c, ZM_PART_STRINGS);
        for (size_t at = 0; at < sizeof strings - 1; at += piece)
            assert_int_equal(zm_cells_feed(&c, strings + at,
                                           piece < sizeof strings - 1 - at ? piece : sizeof strings - 1 - at,
                                           NULL),
                             0);
        zm_cells_end(&c);
        assert_int_equal(c.n_strings, 3);
        zm_cells_begin(&c, ZM_PART_SHEET);
        for (size_t at = 0; at < sizeof sheet - 1; at += piece)
            assert_int_equal(zm_cells_feed(&c, sheet + at,
                                           piece < sizeof sheet - 1 - at ? piece : sizeof sheet - 1 - at,
                                           NULL),
                             0);
        zm_cells_end(&c);
        /* abcd + ab cde + 12.5 + xyz + the digits of a string that is not there */
        assert_int_equal(c.text_bytes, 4 + 5 + 4 + 3 + 2);
        assert_int_equal(c.grid, 3 * 6);
        assert_false(c.doctype);
        zm_cells_release(&c);
    }
}

static void test_json_gate(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool passes;
    } cases[] = {
        {"{\"a\":\"b\"}", true},     {"{\"a\":\"b\\u0000c\"}", false},
        {"\\u0000", false},          {"\\\\u0000", true},
        {"\\\\\\u0000", false},      {"\\u0001\\u000", true},
        {"\\\\u0000\\u0000", false}, {"", true},
    };
    char path[200];
    in_folder("a.json", path);
    /* The padding moves the escape over the border between two reads. */
    for (size_t pad = (1 << 18) - 12; pad < (1 << 18) + 4; pad++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            FILE *file = fopen(path, "w+b");
            assert_non_null(file);
            fprintf(file, "%*s%s ", (int)pad, "", cases[i].text);
            assert_int_equal(fflush(file), 0);
            int rc = zm_gate_json(fileno(file), "a.json", NULL);
            fclose(file);
            if (rc != (cases[i].passes ? 0 : ZM_E_INPUT))
                fail_msg("%s behind %zu: %d", cases[i].text, pad, rc);
        }
}

static void write_part(const char *name, const unsigned char *bytes, size_t n, char path[200])
{
    in_folder(name, path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void test_shp_gate(void **state)
{
    (void)state;
    static const struct {
        unsigned char shp_words, shx_words, rows;
        size_t shp_bytes, shx_bytes, dbf_bytes;
        const char *words; /* NULL: let through */
    } cases[] = {
        {64, 54, 1, 128, 108, 100, NULL},          {64, 54, 1, 140, 120, 200, NULL},
        {64, 54, 1, 120, 108, 100, "cut off"},     {64, 54, 1, 99, 108, 100, "cut off"},
        {64, 54, 1, 128, 100, 100, "cut off"},     {64, 54, 1, 128, 108, 70, "cut off"},
        {64, 54, 1, 128, 108, 31, "cut off"},      {64, 54, 2, 128, 108, 200, "1 shapes, 2 rows"},
        {64, 50, 1, 128, 108, 100, "0 shapes, 1"}, {64, 10, 1, 128, 108, 100, "damaged"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char shp[200] = {0}, shx[200] = {0}, dbf[200] = {3};
        char shp_path[200], shx_path[200], dbf_path[200];
        shp[27] = cases[i].shp_words;
        shx[27] = cases[i].shx_words;
        dbf[4] = cases[i].rows;
        dbf[8] = 65;
        dbf[10] = 11;
        write_part("p.shp", shp, cases[i].shp_bytes, shp_path);
        write_part("p.shx", shx, cases[i].shx_bytes, shx_path);
        write_part("p.dbf", dbf, cases[i].dbf_bytes, dbf_path);
        struct zm_err err = {0};
        int rc = zm_gate_shp(shp_path, shx_path, dbf_path, &err);
        bool right = cases[i].words ? rc == ZM_E_INPUT && strstr(err.text, cases[i].words) : rc == 0;
        if (!right)
            fail_msg("case %zu: %d %s", i, rc, err.text);
    }
}

static void test_shp_index(void **state)
{
    (void)state;
    static const unsigned char record[] = {0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0};
    unsigned char shp[100 + 2 * sizeof record] = {0, 0, 0x27, 0x0a};
    memcpy(shp + 100, record, sizeof record);
    memcpy(shp + 100 + sizeof record, record, sizeof record);
    char path[200];
    for (size_t cut = 0; cut <= sizeof shp; cut++) {
        in_folder("a.shp", path);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(shp, 1, cut, file), cut);
        assert_int_equal(fclose(file), 0);
        struct zm_buf index;
        zm_buf_init(&index, 1000);
        int rc = zm_shp_index(path, &index, NULL);
        bool whole = cut >= 100 && (cut - 100) % sizeof record == 0;
        assert_int_equal(rc, whole ? 0 : ZM_E_INPUT);
        if (cut == sizeof shp) {
            assert_int_equal(index.len, 116);
            assert_int_equal((unsigned char)index.ptr[27], 58);  /* words of the whole index */
            assert_int_equal((unsigned char)index.ptr[103], 50); /* first record at byte 100 */
            assert_int_equal((unsigned char)index.ptr[111], 56); /* second at byte 112 */
        }
        zm_buf_release(&index);
    }
}

static int remove_folder(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sqlite_gate),     cmocka_unit_test(test_sqlite_gate_cut_and_hot),
        cmocka_unit_test(test_zip_gate),        cmocka_unit_test(test_zip_gate_is_no_zip),
        cmocka_unit_test(test_cells_in_pieces), cmocka_unit_test(test_shp_index),
        cmocka_unit_test(test_shp_gate),        cmocka_unit_test(test_json_gate),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
