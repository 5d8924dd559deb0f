/* Files that are whole or absent, and JSON text. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/base/file.h"
#include "geo/base/json.h"
#include "geo/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/zm_test_XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return zm_dir_remove(folder, NULL);
}

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static void test_write_and_read(void **state)
{
    (void)state;
    struct zm_buf b;
    zm_buf_init(&b, 100000);
    assert_int_equal(zm_file_write_atomic(path_of("a.json"), ZM_STR("old"), NULL), 0);
    assert_int_equal(zm_file_write_atomic(path_of("a.json"), ZM_STR("new text"), NULL), 0);
    assert_false(exists(path_of("a.json.tmp")));
    assert_int_equal(zm_buf_put(&b, ZM_STR("> "), NULL), 0);
    assert_int_equal(zm_file_read(path_of("a.json"), &b, NULL), 0);
    assert_true(zm_str_eq(zm_buf_str(&b), ZM_STR("> new text")));
    zm_buf_release(&b);

    struct zm_err err = {0};
    zm_buf_init(&b, 4);
    assert_int_equal(zm_file_read(path_of("a.json"), &b, &err), ZM_E_INPUT);
    assert_non_null(strstr(err.text, "longer than 4 bytes"));
    zm_buf_release(&b);
    zm_mem_fail_at(1);
    zm_buf_init(&b, 1000);
    assert_int_equal(zm_file_read(path_of("a.json"), &b, &err), ZM_E_MEMORY);
    zm_mem_fail_at(0);
    zm_buf_release(&b);

    static char big[70000];
    memset(big, 'z', sizeof big);
    assert_int_equal(zm_file_write_atomic(path_of("big"), zm_str_n(big, sizeof big), NULL), 0);
    zm_buf_init(&b, sizeof big);
    assert_int_equal(zm_file_read(path_of("big"), &b, NULL), 0);
    assert_int_equal(b.len, sizeof big);
    zm_buf_release(&b);
}

static void test_what_is_no_file(void **state)
{
    (void)state;
    struct zm_err err = {0};
    struct zm_buf b;
    zm_buf_init(&b, 1000);
    assert_int_equal(zm_file_read(path_of("absent"), &b, &err), ZM_E_INPUT);
    assert_non_null(strstr(err.text, "absent: No such file"));
    assert_int_equal(zm_file_read(folder, &b, &err), ZM_E_INPUT);
    assert_non_null(strstr(err.text, "not a regular file"));
    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    assert_int_equal(zm_file_read(path_of("pipe"), &b, &err),
                     ZM_E_INPUT); /* and does not wait for a writer */
    assert_int_equal(b.len, 0);
    assert_int_equal(zm_file_write_atomic(path_of("no/such/folder"), ZM_STR("x"), &err), ZM_E_OUTPUT);
    assert_int_equal(zm_file_write_atomic(folder, ZM_STR("x"), &err),
                     ZM_E_OUTPUT); /* a folder is in the way */
    assert_int_equal(zm_file_sync(path_of("absent"), &err), ZM_E_OUTPUT);
    assert_int_equal(zm_file_sync(folder, NULL), 0);
}

static void test_folders(void **state)
{
    (void)state;
    assert_int_equal(zm_dir_make(path_of("x/y/z"), NULL), 0);
    assert_int_equal(zm_dir_make(path_of("x/y/z/"), NULL), 0);
    assert_int_equal(zm_file_write_atomic(path_of("x/y/f"), ZM_STR("1"), NULL), 0);
    struct zm_err err = {0};
    assert_int_equal(zm_dir_make(path_of("x/y/f/g"), &err), ZM_E_OUTPUT);
    assert_int_equal(zm_dir_make(path_of("x/y/f"), &err), ZM_E_OUTPUT); /* a file, not a folder */
    assert_int_equal(zm_dir_make("", &err), ZM_E_OUTPUT);
    /* Removing follows no link. */
    assert_int_equal(zm_file_write_atomic(path_of("kept"), ZM_STR("1"), NULL), 0);
    char target[256];
    snprintf(target, sizeof target, "%s", path_of("kept"));
    assert_int_equal(symlink(target, path_of("x/link")), 0);
    assert_int_equal(symlink(folder, path_of("x/folder_link")), 0);
    assert_int_equal(zm_dir_remove(path_of("x"), NULL), 0);
    assert_false(exists(path_of("x")));
    assert_true(exists(path_of("kept")));
    assert_int_equal(zm_dir_remove(path_of("x"), NULL), 0);
}

static void test_json(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "\"\""},
        {"锦绣路\"12\"号\\", "\"锦绣路\\\"12\\\"号\\\\\""},
        {"a\tb\nc\x01", "\"a\\u0009b\\u000ac\\u0001\""},
        {"\xE2\x80\xA8\xE2\x80\xA9", "\"\\u2028\\u2029\""},
        {"a\xFFz\xE9\x94", "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"𠀀", "\"𠀀\""},
    };
    struct zm_buf b;
    zm_buf_init(&b, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zm_buf_reset(&b);
        assert_int_equal(zm_json_put_string(&b, zm_str(cases[i].text), NULL), 0);
        if (!zm_str_eq(zm_buf_str(&b), zm_str(cases[i].json)))
            fail_msg("expected %s, obtained %.*s", cases[i].json, ZM_FMT(zm_buf_str(&b)));
    }
    zm_buf_reset(&b);
    assert_int_equal(zm_json_put_string(&b, zm_str_n("a\0b", 3), NULL), 0);
    assert_true(zm_str_eq(zm_buf_str(&b), ZM_STR("\"a\\u0000b\"")));
    zm_buf_release(&b);
    zm_buf_init(&b, 10);
    assert_int_equal(zm_json_put_string(&b, ZM_STR("0123456789"), NULL), ZM_E_MEMORY);
    assert_int_equal(b.len, 0);
    zm_buf_release(&b);
}

static void test_fixed(void **state)
{
    (void)state;
    static const struct {
        double value;
        unsigned decimals;
        const char *text;
    } cases[] = {
        {0, 7, "0"},
        {-0.0, 7, "0"},
        {120.65, 7, "120.65"},
        {-3.5, 0, "-4"},
        {2.5, 0, "3"},
        {0.05, 1, "0.1"},
        {1e-9, 7, "0"},
        {-1e-9, 7, "0"},
        {120.1234567, 7, "120.1234567"},
        {120.12345678, 7, "120.1234568"},
        {999999999, 9, "999999999"},
        {100, 3, "100"},
        {0.001, 3, "0.001"},
        {-0.25, 2, "-0.25"},
        {10.000001, 6, "10.000001"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[32];
        unsigned n = zm_format_fixed(cases[i].value, cases[i].decimals, out);
        if (!zm_str_eq(zm_str_n(out, n), zm_str(cases[i].text)))
            fail_msg("expected %s, obtained %.*s", cases[i].text, (int)n, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_read), cmocka_unit_test(test_what_is_no_file),
        cmocka_unit_test(test_folders),        cmocka_unit_test(test_json),
        cmocka_unit_test(test_fixed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
