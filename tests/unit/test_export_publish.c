#include "export/publish.h"
#include "geo/base/file.h"
#include "geo/base/mem.h"
#include "geo/tables/text.h"

#include <errno.h>
#include <gdal.h>
#include <ogr_api.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct zm_source sources[] = {
    {.name = {"police", 6}, .class_ = ZM_CLASS_PUBLIC, .index = 0},
    {.name = {"water", 5}, .class_ = ZM_CLASS_INTERNAL, .index = 1},
};

static char folder[] = "/tmp/zm-publish-XXXXXX";

static struct zm_publish_options options_in(const char *out_dir)
{
    return (struct zm_publish_options){.out_dir = out_dir,
                                       .run_id = "0123456789abcdef",
                                       .as_of = 20250630,
                                       .public_precision_m = 10,
                                       .gpkg = true,
                                       .geojson = true,
                                       .xlsx = true,
                                       .threads = 1,
                                       .keep = 1,
                                       .sources = sources,
                                       .n_sources = 2};
}

/* Row i of a made-up city; every seventh has no point. */
static struct zm_address address(unsigned i, char number[16])
{
    int n = snprintf(number, 16, "%u", i);
    struct zm_address a = {.row = i + 1,
                           .key = i * UINT64_C(0x9e3779b97f4a7c15),
                           .lon = 120.5 + (i * 37 % 1000) * 0.0003,
                           .lat = 27.9 + (i * 91 % 1000) * 0.0002,
                           .score = 0.95F,
                           .source = i % 2,
                           .point_county = 330302,
                           .upd_date = 20250102,
                           .level = 1,
                           .status = ZM_STATUS_ACTIVE,
                           .pos_src = i % 7 ? ZM_POS_SURVEYED : ZM_POS_NONE,
                           .text = ZM_STR("鹿城区锦绣路\"1\"号"),
                           .standard = ZM_STR("浙江省温州市鹿城区五马街道锦绣路1号")};
    a.tuple.county = 330302;
    a.tuple.town = 330302006;
    a.tuple.road = ZM_STR("锦绣路");
    a.tuple.number = zm_str_n(number, (size_t)n);
    if (i % 5 == 0) {
        zm_rule_bits_set(&a.rules, ZM_ADR_013);
        zm_rule_bits_set(&a.rules, ZM_ADR_016);
        a.severity = ZM_WARNING;
    }
    return a;
}

static struct zm_finding finding(unsigned i)
{
    return (struct zm_finding){.row = i + 1,
                               .lon = i % 3 ? 120.6 : 0,
                               .lat = i % 3 ? 28.0 : 0,
                               .source = 0,
                               .county = 330302,
                               .town = 330302006,
                               .rule = ZM_ADR_013,
                               .severity = ZM_WARNING,
                               .field = ZM_AF_TEXT,
                               .kind = ZM_KIND_ADDRESS,
                               .fixed = i % 4 == 0,
                               .args = ZM_STR("甲\x1f乙"),
                               .text = ZM_STR("鹿城区锦绣路1号")};
}

static int publish(const struct zm_publish_options *options, const struct zm_env *env, unsigned n,
                   struct zm_err *err)
{
    struct zm_publication *p;
    int rc = zm_publish_begin(&p, options, env, err);
    if (rc != 0)
        return rc;
    for (unsigned i = 0; i < n && rc == 0; i++) {
        char number[16];
        struct zm_address a = address(i, number);
        rc = zm_publish_address(p, &a, err);
    }
    for (unsigned i = 0; i < n / 10 && rc == 0; i++) {
        struct zm_finding f = finding(i);
        rc = zm_publish_finding(p, &f, 2, err);
        for (unsigned k = 0; k < 2 && rc == 0 && !f.fixed; k++)
            rc = zm_publish_finding_row(p, k, i + k + 1, err);
    }
    const struct zm_reject reject = {7, 8, ZM_REASON_RAGGED, ZM_AF_TEXT};
    if (rc == 0)
        rc = zm_publish_reject(p, 1, &reject, err);
    if (rc == 0)
        rc = zm_publish_finish(p, ZM_STR("{\"schema_version\": 1}\n"), err);
    if (rc == 0)
        zm_publish_free(p);
    else
        zm_publish_abort(p);
    return rc;
}

static const char *out_dir(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *file_in(const char *dir, const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/current/%s", dir, name);
    return path;
}

static void assert_published(int rc, const struct zm_err *err)
{
    if (rc != 0)
        fail_msg("%s", err->text);
}

static char *query(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const char *text = (const char *)sqlite3_column_text(stmt, 0);
    char *copy = strdup(text ? text : "");
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return copy;
}

static void assert_query(const char *path, const char *sql, const char *expected)
{
    char *found = query(path, sql);
    assert_string_equal(found, expected);
    free(found);
}

/* Every page is in its place, and the spatial index agrees with itself: sizes that give one leaf page,
 * several, and interior pages of two levels. */
static void pages_and_index_are_sound(void **state)
{
    static const unsigned sizes[] = {0, 1, 7, 51, 60, 2601, 2700, 40000};
    (void)state;
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct zm_err err;
        char dir[256], count[16];
        snprintf(dir, sizeof dir, "%s", out_dir("sizes"));
        struct zm_publish_options options = options_in(dir);
        assert_published(publish(&options, NULL, sizes[i], &err), &err);
        const char *path = file_in(dir, "addresses.gpkg");
        assert_query(path, "PRAGMA integrity_check", "ok");
        assert_query(path, "SELECT rtreecheck('rtree_address_geom')", "ok");
        snprintf(count, sizeof count, "%u", sizes[i]);
        assert_query(path, "SELECT count(*) FROM address", count);
        assert_query(path, "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name='address'", count);
        snprintf(count, sizeof count, "%u", sizes[i] - (sizes[i] + 6) / 7);
        assert_query(path, "SELECT count(*) FROM rtree_address_geom", count);
        path = file_in(dir, "findings.gpkg");
        assert_query(path, "PRAGMA integrity_check", "ok");
        assert_query(path, "SELECT rtreecheck('rtree_finding_geom')", "ok");
    }
}

/* What OGR reads is what was given. */
static void ogr_reads_what_was_given(void **state)
{
    (void)state;
    struct zm_err err;
    char dir[256];
    snprintf(dir, sizeof dir, "%s", out_dir("ogr"));
    struct zm_publish_options options = options_in(dir);
    assert_published(publish(&options, NULL, 5000, &err), &err);
    static const char *const files[] = {"addresses.gpkg", "addresses.address.geojsonl",
                                        "addresses.address.geojson"};
    for (unsigned f = 0; f < 3; f++) {
        GDALDatasetH dataset =
            GDALOpenEx(file_in(dir, files[f]), GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
        assert_non_null(dataset);
        OGRLayerH layer = GDALDatasetGetLayer(dataset, 0);
        OGR_L_ResetReading(layer);
        unsigned n = 0;
        for (OGRFeatureH feature; (feature = OGR_L_GetNextFeature(layer)); n++) {
            char number[16];
            struct zm_address a = address(n, number);
            OGRGeometryH geom = OGR_F_GetGeometryRef(feature);
            assert_int_equal(OGR_F_GetFID(feature), n + 1);
            assert_string_equal(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "number")),
                                number);
            assert_string_equal(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "text")),
                                a.text.ptr);
            assert_string_equal(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "town")),
                                "330302006");
            assert_string_equal(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "findings")),
                                n % 5 ? "" : "ADR-013 ADR-016");
            assert_int_equal(geom != NULL, a.pos_src != ZM_POS_NONE);
            if (geom) {
                assert_true(OGR_G_GetX(geom, 0) - a.lon < 6e-8 && a.lon - OGR_G_GetX(geom, 0) < 6e-8);
                assert_true(OGR_G_GetY(geom, 0) - a.lat < 6e-8 && a.lat - OGR_G_GetY(geom, 0) < 6e-8);
            }
            OGR_F_Destroy(feature);
        }
        assert_int_equal(n, 5000);
        if (f == 0) { /* the index finds what a full scan finds */
            unsigned expected = 0;
            for (unsigned i = 0; i < 5000; i++) {
                char number[16];
                struct zm_address a = address(i, number);
                expected += a.pos_src != ZM_POS_NONE && a.lon >= 120.55 && a.lon <= 120.65 &&
                            a.lat >= 27.95 && a.lat <= 28.05;
            }
            OGR_L_SetSpatialFilterRect(layer, 120.55, 27.95, 120.65, 28.05);
            assert_int_equal(OGR_L_GetFeatureCount(layer, 1), expected);
            assert_true(expected > 100);
        }
        GDALClose(dataset);
    }
}

static void read_file(const char *path, struct zm_buf *out)
{
    struct zm_err err;
    zm_buf_reset(out);
    if (zm_file_read(path, out, &err) != 0)
        fail_msg("%s", err.text);
}

static void assert_same_files(const char *left, const char *right)
{
    static const char *const files[] = {"addresses.gpkg",
                                        "addresses.address.geojsonl",
                                        "addresses.address.geojson",
                                        "findings.gpkg",
                                        "findings.finding.geojsonl",
                                        "findings.finding.geojson",
                                        "findings/330302006_五马街道.xlsx",
                                        "findings/index.xlsx",
                                        "manifest.json",
                                        "report.json"};
    struct zm_buf a, b;
    zm_buf_init(&a, 1 << 28);
    zm_buf_init(&b, 1 << 28);
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        read_file(file_in(left, files[i]), &a);
        read_file(file_in(right, files[i]), &b);
        assert_true(a.len > 0 && zm_str_eq(zm_buf_str(&a), zm_buf_str(&b)));
    }
    zm_buf_release(&a);
    zm_buf_release(&b);
}

/* One and two threads, a first and a second run, a link and a folder: the same bytes. */
static void bytes_do_not_depend_on_threads(void **state)
{
    (void)state;
    struct zm_err err;
    char one[256], two[256];
    snprintf(one, sizeof one, "%s", out_dir("one"));
    snprintf(two, sizeof two, "%s", out_dir("two"));
    struct zm_publish_options options = options_in(one);
    assert_published(publish(&options, NULL, 9000, &err), &err);
    options = options_in(two);
    options.threads = 2;
    options.copy_current = true;
    assert_published(publish(&options, NULL, 9000, &err), &err);
    assert_same_files(one, two);
    assert_published(publish(&options, NULL, 9000, &err), &err);
    assert_same_files(one, two);
}

static bool link_is(const char *dir, const char *expected)
{
    char path[512], text[256] = "";
    snprintf(path, sizeof path, "%s/current", dir);
    return readlink(path, text, sizeof text - 1) > 0 && strcmp(text, expected) == 0;
}

static bool in_folder(const char *dir, const char *name)
{
    char path[512];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return lstat(path, &st) == 0;
}

static void old_generations_are_pruned(void **state)
{
    static const char *const runs[] = {"00000000000000a1", "00000000000000a2", "00000000000000a3"};
    (void)state;
    struct zm_err err;
    char dir[256], path[512];
    snprintf(dir, sizeof dir, "%s", out_dir("prune"));
    struct zm_publish_options options = options_in(dir);
    for (unsigned i = 0; i < 3; i++) {
        options.run_id = runs[i];
        assert_published(publish(&options, NULL, 10, &err), &err);
    }
    assert_true(link_is(dir, "gen-00000000000000a3"));
    assert_false(in_folder(dir, "gen-00000000000000a1"));
    assert_true(in_folder(dir, "gen-00000000000000a2"));
    assert_true(zm_publish_current(dir, "addresses.gpkg", path, sizeof path));
    assert_false(zm_publish_current(dir, "nothing.gpkg", path, sizeof path));
    assert_false(zm_publish_current(dir, "addresses.gpkg", path, 10));
}

/* What a killed run left behind is cleared away; a run that is published again stays whole. */
static void leftovers_are_cleared(void **state)
{
    (void)state;
    struct zm_err err;
    char dir[256], path[512];
    snprintf(dir, sizeof dir, "%s", out_dir("left"));
    snprintf(path, sizeof path, "%s/.gen-0123456789abcdef/sub", dir);
    assert_int_equal(zm_dir_make(path, &err), 0);
    snprintf(path, sizeof path, "%s/.gen-ffff", dir);
    assert_int_equal(zm_dir_make(path, &err), 0);
    struct zm_publish_options options = options_in(dir);
    assert_published(publish(&options, NULL, 10, &err), &err);
    assert_published(publish(&options, NULL, 10, &err), &err);
    assert_false(in_folder(dir, ".gen-0123456789abcdef"));
    assert_false(in_folder(dir, ".gen-ffff"));
    assert_true(link_is(dir, "gen-0123456789abcdef"));
    assert_true(in_folder(dir, "current/manifest.json"));
}

static int renames_left;

static int failing_rename(const char *from, const char *to)
{
    if (renames_left-- == 0) {
        errno = EIO;
        return -1;
    }
    return rename(from, to);
}

/* Whichever rename fails, `current` still shows a whole publication. */
static void failed_rename_keeps_the_old(void **state)
{
    (void)state;
    for (unsigned copy = 0; copy < 2; copy++) {
        for (int k = 0;; k++) {
            struct zm_err err;
            char dir[256];
            const struct zm_env env = {.as_of = 20250630, .rename = failing_rename};
            snprintf(dir, sizeof dir, "%s-%u-%d", out_dir("rename"), copy, k);
            struct zm_publish_options options = options_in(dir);
            options.copy_current = copy;
            assert_published(publish(&options, NULL, 20, &err), &err);
            renames_left = k;
            int rc = publish(&options, &env, 30, &err); /* the same run: both folders are replaced */
            assert_true(in_folder(dir, "current/manifest.json"));
            assert_query(file_in(dir, "addresses.gpkg"), "PRAGMA integrity_check", "ok");
            assert_false(in_folder(dir, ".gen-0123456789abcdef"));
            if (rc == 0) {
                assert_true(k >= 2);
                break;
            }
            assert_int_equal(rc, ZM_E_OUTPUT);
            assert_non_null(strstr(err.text, "cannot rename"));
        }
    }
}

/* A full disk, played by a limit on the size of files: said with name and reason, the old publication stays.
 */
static void full_disk_keeps_the_old(void **state)
{
    (void)state;
    struct zm_err err;
    char dir[256];
    struct rlimit old, small;
    snprintf(dir, sizeof dir, "%s", out_dir("full"));
    struct zm_publish_options options = options_in(dir);
    assert_published(publish(&options, NULL, 20, &err), &err);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    static const rlim_t limits[] = {0, 4096, 100000, 400000, 600000, 1000000};
    for (unsigned i = 0; i < 2 * sizeof limits / sizeof *limits; i++) {
        options.run_id = "00000000000000ff";
        options.threads = 1 + i % 2;
        small.rlim_cur = limits[i / 2];
        setrlimit(RLIMIT_FSIZE, &small);
        int rc = publish(&options, NULL, 20000, &err);
        setrlimit(RLIMIT_FSIZE, &old);
        assert_int_equal(rc, ZM_E_OUTPUT);
        assert_non_null(strstr(err.text, dir));
        assert_true(link_is(dir, "gen-0123456789abcdef"));
        assert_false(in_folder(dir, ".gen-00000000000000ff"));
        assert_false(in_folder(dir, "gen-00000000000000ff"));
    }
    signal(SIGXFSZ, SIG_DFL);
}

static void folder_that_cannot_be_made(void **state)
{
    (void)state;
    struct zm_err err;
    struct zm_publish_options options = options_in("/proc/nowhere/out");
    assert_int_equal(publish(&options, NULL, 1, &err), ZM_E_OUTPUT);
    assert_non_null(strstr(err.text, "/proc/nowhere"));
}

/* Each allocation fails once: an error, no leak, and nothing published. */
static void memory_fails_cleanly(void **state)
{
    (void)state;
    struct zm_err err;
    char dir[256];
    snprintf(dir, sizeof dir, "%s", out_dir("memory"));
    struct zm_publish_options options = options_in(dir);
    int rc = -1;
    for (long k = 1; rc != 0; k++) {
        zm_mem_fail_at(k);
        rc = publish(&options, NULL, 30, &err);
        zm_mem_fail_at(0);
        if (rc != 0) {
            assert_int_equal(rc, ZM_E_MEMORY);
            assert_false(in_folder(dir, "current"));
        }
        assert_true(k < 500);
    }
}

/* The law: no rooms, no converted points, no raw text, only public sources, coordinates on the grid, no
 * findings. */
static void public_profile_keeps_the_law(void **state)
{
    (void)state;
    struct zm_err err;
    char dir[256], number[16];
    snprintf(dir, sizeof dir, "%s", out_dir("public"));
    struct zm_publish_options options = options_in(dir);
    options.public_profile = true;
    struct zm_publication *p;
    assert_published(zm_publish_begin(&p, &options, NULL, &err), &err);
    for (unsigned i = 1; i <= 6; i++) {
        struct zm_address a = address(2 * i, number);
        a.pos_src = i == 2 ? ZM_POS_CONVERTED : ZM_POS_SURVEYED;
        a.severity = i == 3 ? ZM_ERROR : ZM_OFF;
        a.level = i == 4 ? 5 : 1;
        a.source = i == 5;
        assert_published(zm_publish_address(p, &a, &err), &err);
    }
    struct zm_finding f = finding(1);
    assert_published(zm_publish_finding(p, &f, 1, &err), &err);
    assert_published(zm_publish_finish(p, ZM_STR("{}"), &err), &err);
    zm_publish_free(p);
    const char *path = file_in(dir, "addresses.gpkg");
    assert_query(path, "SELECT group_concat(src_row) FROM address", "3,5,13");
    assert_query(path, "SELECT count(*) FROM address WHERE geom IS NULL AND pos_src IS NULL AND src_row=5",
                 "1");
    assert_query(
        path,
        "SELECT count(*) FROM pragma_table_info('address') WHERE name IN ('text','room','note','src_key')",
        "0");
    assert_query(
        path, "SELECT count(*) FROM gpkg_data_columns WHERE column_name IN ('text','room','note','src_key')",
        "0");
    struct zm_buf manifest;
    zm_buf_init(&manifest, 1 << 20);
    read_file(file_in(dir, "manifest.json"), &manifest);
    assert_true(zm_str_has(zm_buf_str(&manifest), ZM_STR("\"withheld\": 3")));
    assert_true(zm_str_has(zm_buf_str(&manifest), ZM_STR("\"profile\": \"public\"")));
    zm_buf_release(&manifest);
    assert_false(in_folder(dir, "current/findings.gpkg"));
    assert_false(in_folder(dir, "current/findings.finding.geojsonl"));
    assert_false(in_folder(dir, "current/findings"));
}

static void findings_name_their_rows(void **state)
{
    (void)state;
    struct zm_err err;
    char dir[256];
    snprintf(dir, sizeof dir, "%s", out_dir("findings"));
    struct zm_publish_options options = options_in(dir);
    assert_published(publish(&options, NULL, 100, &err), &err);
    const char *path = file_in(dir, "findings.gpkg");
    assert_query(path, "SELECT count(*) FROM finding", "7");
    assert_query(path, "SELECT count(*) FROM finding_row r JOIN finding f ON f.fid = r.finding", "14");
    assert_query(path, "SELECT group_concat(DISTINCT src) FROM finding_row", "police,water");
    assert_query(path, "SELECT group_concat(src || src_row || line || field, '') FROM rejected",
                 "water78原地址");
    assert_query(path, "SELECT count(*) FROM fixed WHERE before='甲' AND after='乙'", "3");
    assert_query(path, "SELECT count(*) FROM finding WHERE message LIKE '%甲%' AND rows=2 AND state='open'",
                 "7");
}

static int make_folder(void **state)
{
    (void)state;
    GDALAllRegister();
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return zm_dir_remove(folder, NULL);
}

/* With a folder as argument: publishes a small city there, for tests that look at layers with other programs.
 */
static int publish_sample(const char *dir)
{
    struct zm_err err;
    struct zm_publish_options options = options_in(dir);
    int rc = publish(&options, NULL, 2000, &err);
    if (rc != 0)
        fprintf(stderr, "%s\n", err.text);
    return rc == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return publish_sample(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_and_index_are_sound),      cmocka_unit_test(ogr_reads_what_was_given),
        cmocka_unit_test(bytes_do_not_depend_on_threads), cmocka_unit_test(old_generations_are_pruned),
        cmocka_unit_test(leftovers_are_cleared),          cmocka_unit_test(failed_rename_keeps_the_old),
        cmocka_unit_test(full_disk_keeps_the_old),        cmocka_unit_test(folder_that_cannot_be_made),
        cmocka_unit_test(memory_fails_cleanly),           cmocka_unit_test(public_profile_keeps_the_law),
        cmocka_unit_test(findings_name_their_rows),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
