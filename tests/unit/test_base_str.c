/* Slices, UTF-8, dates and numbers in text. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/base/date.h"
#include "geo/base/str.h"
#include "geo/base/utf8.h"

#include <math.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct zm_str none = {NULL, 0};

static void same(struct zm_str obtained, const char *expected)
{
    if (!zm_str_eq(obtained, zm_str(expected)))
        fail_msg("expected '%s', obtained '%.*s'", expected, ZM_FMT(obtained));
}

static void test_slices(void **state)
{
    (void)state;
    struct zm_str s = ZM_STR("abcdef");
    same(zm_str_sub(s, 1, 3), "bc");
    same(zm_str_sub(s, 4, 99), "ef");
    same(zm_str_sub(s, 5, 2), "");
    same(zm_str_sub(none, 0, 5), "");
    same(zm_str(NULL), "");
    assert_true(zm_str_eq(none, ZM_STR("")));
    assert_false(zm_str_eq(ZM_STR("a"), ZM_STR("b")));
    assert_true(zm_str_cmp(ZM_STR("a"), ZM_STR("ab")) < 0);
    assert_true(zm_str_cmp(ZM_STR("b"), ZM_STR("ab")) > 0);
    assert_true(zm_str_cmp(ZM_STR("z"), ZM_STR("锦")) < 0);
    assert_int_equal(zm_str_cmp(none, ZM_STR("")), 0);
    assert_true(zm_str_starts(s, ZM_STR("abc")) && zm_str_starts(s, none) &&
                !zm_str_starts(ZM_STR("ab"), ZM_STR("abc")));
    assert_true(zm_str_ends(s, ZM_STR("def")) && !zm_str_ends(ZM_STR("ef"), ZM_STR("def")));
}

static void test_find(void **state)
{
    (void)state;
    static const struct {
        const char *s, *needle;
        size_t from, at;
    } cases[] = {
        {"abcabc", "bc", 0, 1},   {"abcabc", "bc", 2, 4},       {"abcabc", "bc", 5, SIZE_MAX},
        {"abc", "", 0, SIZE_MAX}, {"abc", "abcd", 0, SIZE_MAX}, {"abc", "c", 9, SIZE_MAX},
        {"", "a", 0, SIZE_MAX},   {"锦绣路12号", "路", 0, 6},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(zm_str_find(zm_str(cases[i].s), zm_str(cases[i].needle), cases[i].from),
                         cases[i].at);
    assert_int_equal(zm_str_find(none, ZM_STR("a"), 0), SIZE_MAX);
    assert_true(zm_str_has(ZM_STR("abc"), ZM_STR("c")));
}

static void test_trim_and_cut(void **state)
{
    (void)state;
    same(zm_str_trim(ZM_STR(" \t\r\n锦 绣\x01 ")), "锦 绣");
    same(zm_str_trim(ZM_STR("  ")), "");
    same(zm_str_trim(none), "");
    static const struct {
        const char *text, *joined;
        int parts;
    } cases[] = {{"a,b,,c", "a|b||c|", 4}, {"a", "a|", 1}, {"a,", "a||", 2}, {"", "|", 1}, {",", "||", 2}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char joined[32] = "";
        size_t used = 0;
        int parts = 0;
        for (struct zm_str rest = zm_str(cases[i].text); rest.ptr; parts++) {
            struct zm_str part = zm_str_cut(&rest, ',');
            used += (size_t)snprintf(joined + used, sizeof joined - used, "%.*s|", ZM_FMT(part));
        }
        assert_string_equal(joined, cases[i].joined);
        assert_int_equal(parts, cases[i].parts);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        uint64_t value;
    } whole[] = {
        {"0", true, 0},
        {"330302006044", true, 330302006044},
        {"9999999999999999999", true, 9999999999999999999u},
        {"", false, 0},
        {"18446744073709551616", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1a", false, 0},
    };
    for (size_t i = 0; i < COUNT(whole); i++) {
        uint64_t v = 77;
        assert_int_equal(zm_str_to_u64(zm_str(whole[i].text), &v), whole[i].ok);
        assert_int_equal(v, whole[i].ok ? whole[i].value : 77);
    }
    static const struct {
        const char *text;
        double value; /* NaN = refused */
    } real[] = {
        {"120.5", 120.5},
        {" -3 ", -3},
        {"1e-7", 1e-7},
        {"120.123456789012345678", 120.123456789012345678},
        {".5", 0.5},
        {"5.", 5},
        {"+2", 2},
        {"-0.0001", -0.0001},
        {"1E3", 1000},
        {"0.1", 0.1},
        {"27.999999999999996", 27.999999999999996},
        {"", NAN},
        {".", NAN},
        {"-", NAN},
        {"1.2.3", NAN},
        {"1,5", NAN},
        {"nan", NAN},
        {"inf", NAN},
        {"0x10", NAN},
        {"1e999", NAN},
        {"1e", NAN},
        {"--1", NAN},
        {"120度", NAN},
        {"1 2", NAN},
        {"12345678901234567890123456789012345678901234567890123456789012345678901", NAN},
    };
    for (size_t i = 0; i < COUNT(real); i++) {
        double v = NAN;
        bool ok = zm_str_to_double(zm_str(real[i].text), &v);
        if (ok == isnan(real[i].value) || (ok && v != real[i].value))
            fail_msg("'%s': ok %d, value %.17g", real[i].text, ok, v);
    }
    double v;
    assert_false(zm_str_to_double(zm_str_n("1\0"
                                           "2",
                                           3),
                                  &v));
    assert_false(zm_str_to_double(none, &v));
}

static void test_utf8_good(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t code;
    } cases[] = {{"a", 'a'},
                 {"é", 0xE9},
                 {"锦", 0x9526},
                 {"𠀀", 0x20000},
                 {"\xEF\xBF\xBD", 0xFFFD},
                 {"\xED\x9F\xBF", 0xD7FF},
                 {"\xEE\x80\x80", 0xE000},
                 {"\xF4\x8F\xBF\xBF", 0x10FFFF}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct zm_str s = zm_str(cases[i].bytes);
        unsigned n;
        char back[4];
        assert_int_equal(zm_utf8_next(s.ptr, s.ptr + s.len, &n), cases[i].code);
        assert_int_equal(n, s.len);
        assert_int_equal(zm_utf8_put(cases[i].code, back), n);
        assert_memory_equal(back, s.ptr, n);
        assert_int_equal(zm_utf8_check(s), SIZE_MAX);
        assert_int_equal(zm_utf8_count(s), 1);
    }
    char out[4];
    assert_int_equal(zm_utf8_put(0xD800, out), 3);
    assert_memory_equal(out, "\xEF\xBF\xBD", 3);
    assert_int_equal(zm_utf8_put(0x110000, out), 3);
    /* Every code point there and back. */
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        unsigned n, len = zm_utf8_put(code, out);
        uint32_t expected = code >= 0xD800 && code < 0xE000 ? ZM_UTF8_BAD : code;
        if (zm_utf8_next(out, out + len, &n) != expected || n != len)
            fail_msg("U+%04X", code);
    }
}

static void test_utf8_bad(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t at, count;
    } cases[] = {
        {"\x80", 0, 1},
        {"ab\xFF", 2, 3},
        {"\xC0\xAF", 0, 2},
        {"\xC1\xBF", 0, 2},
        {"\xE0\x80\xAF", 0, 3},
        {"\xED\xA0\x80", 0, 3},
        {"\xF0\x80\x80\x80", 0, 4},
        {"\xF4\x90\x80\x80", 0, 4},
        {"\xF5\x80\x80\x80", 0, 4},
        {"12345678\xE9\x94", 8, 10},
        {"锦\xE7\xBB", 3, 3},
        {"\xC3", 0, 1},
        {"\xE9\x94q", 0, 3},
        {"\xF0\x9F\x98", 0, 3},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(zm_utf8_check(zm_str(cases[i].bytes)), cases[i].at);
        assert_int_equal(zm_utf8_count(zm_str(cases[i].bytes)), cases[i].count);
    }
    assert_int_equal(zm_utf8_check(none), SIZE_MAX);
    assert_int_equal(zm_utf8_count(none), 0);
    static const uint32_t han[] = {0x4E00, 0x9FFF, 0x3400, 0x3007, 0x20000, 0x323AF, 0xF900};
    static const uint32_t other[] = {'a', 0x3001, 0xFF11, 0x4DC0, 0x3042, 0x323B0, 0xE000};
    for (size_t i = 0; i < COUNT(han); i++)
        assert_true(zm_is_han(han[i]) && !zm_is_han(other[i]));
}

static void test_utf8_cut(void **state)
{
    (void)state;
    struct zm_str s = ZM_STR("a路𠮷");
    static const size_t kept[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8};
    for (size_t max = 0; max < sizeof kept / sizeof kept[0]; max++)
        assert_int_equal(zm_utf8_cut(s, max).len, kept[max]);
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t date; /* 0 = refused */
    } cases[] = {
        {"2025-06-30", 20250630},
        {"2025/6/30", 20250630},
        {"20250630", 20250630},
        {"2025年6月30日", 20250630},
        {" 2025-6-3 ", 20250603},
        {"2025-06-30T12:00:00Z", 20250630},
        {"2025/6/30 8:00", 20250630},
        {"20250630 101500", 20250630},
        {"2024-02-29", 20240229},
        {"2000-02-29", 20000229},
        {"1900-01-01", 19000101},
        {"2199-12-31", 21991231},
        {"2023-02-29", 0},
        {"2100-02-29", 0},
        {"2025-13-01", 0},
        {"2025-00-10", 0},
        {"2025-04-31", 0},
        {"1899-12-31", 0},
        {"2200-01-01", 0},
        {"", 0},
        {"2025", 0},
        {"2025-06", 0},
        {"25-06-30", 0},
        {"2025-06-30x", 0},
        {"2025-06-301", 0},
        {"2025/06-30", 0},
        {"2025年6月30", 0},
        {"45838", 0},
        {"2025063", 0},
        {"abc", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t date = 0;
        bool ok = zm_date_parse(zm_str(cases[i].text), &date);
        if (ok != (cases[i].date != 0) || date != cases[i].date)
            fail_msg("'%s': expected %u, obtained %u", cases[i].text, cases[i].date, date);
    }
    char out[11];
    zm_date_format(20250630, out);
    assert_string_equal(out, "2025-06-30");
    zm_date_format(0, out);
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices),       cmocka_unit_test(test_find),
        cmocka_unit_test(test_trim_and_cut), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_utf8_good),    cmocka_unit_test(test_utf8_bad),
        cmocka_unit_test(test_utf8_cut),     cmocka_unit_test(test_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
