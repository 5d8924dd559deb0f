#include "geo/address/fold.h"
#include "geo/address/numerals.h"
#include "geo/base/mem.h"
#include "geo/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct zm_fold_table *table;

static int setup(void **state)
{
    (void)state;
    return zm_fold_table_new(&table, NULL);
}

static int teardown(void **state)
{
    (void)state;
    zm_free(table);
    return 0;
}

static size_t folded_text(const struct zm_folded *f, char *out)
{
    size_t len = 0;
    for (uint32_t i = 0; i < f->n; i++)
        len += zm_utf8_put(f->cp[i], out + len);
    return len;
}

static void folds_to(void **state)
{
    static const struct {
        const char *raw, *folded;
        unsigned seen;
    } cases[] = {
        {"公园路12号", "公园路12号", 0},
        {"", "", 0},
        {"公园路１２号", "公园路12号", ZM_MARK_WIDE | ZM_MARK_CHANGED},
        {"公园路 12号", "公园路12号", ZM_MARK_GAP | ZM_MARK_CHANGED},
        {"公园路　12号\t", "公园路12号", ZM_MARK_GAP | ZM_MARK_CHANGED},
        {"\xEF\xBB\xBF公园路\xE2\x80\x8B", "公园路", ZM_MARK_GAP | ZM_MARK_CHANGED},
        {"a座12b", "A座12B", ZM_MARK_CHANGED},
        {"12—14号", "12-14号", ZM_MARK_DASH | ZM_MARK_CHANGED},
        {"12－14号", "12-14号", ZM_MARK_DASH | ZM_MARK_CHANGED},
        {"12_14~16", "12-14-16", ZM_MARK_DASH | ZM_MARK_CHANGED},
        {"12一14号", "12-14号", ZM_MARK_DASH | ZM_MARK_CHANGED},
        {"一楼", "一楼", 0},
        {"中山一路12号", "中山一路12号", 0},
        {"鹿城—瓯海", "鹿城—瓯海", 0},
        {"鹿城區公園路", "鹿城区公园路", ZM_MARK_RARE | ZM_MARK_CHANGED},
        {"乾元路", "乾元路", 0},
        {"\xEE\x80\x80路", "\xEE\x80\x80路", ZM_MARK_BAD},
        {"公\xFF园", "公\xEF\xBF\xBD园", ZM_MARK_BAD},
        {"😀路", "\xEF\xBF\xBD路", ZM_MARK_BAD | ZM_MARK_CHANGED},
    };
    (void)state;
    struct zm_arena arena;
    zm_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_folded f;
        char text[256];
        zm_arena_reset(&arena);
        assert_int_equal(zm_fold(&f, table, zm_str(cases[i].raw), &arena, NULL), 0);
        size_t len = folded_text(&f, text);
        if (len != strlen(cases[i].folded) || memcmp(text, cases[i].folded, len) != 0 ||
            f.seen != cases[i].seen)
            fail_msg("%s: folded to %.*s, marks %u", cases[i].raw, (int)len, text, f.seen);
    }
    zm_arena_release(&arena);
}

/* Every character knows its raw bytes, in order and without overlap. */
static void keeps_offsets(void **state)
{
    (void)state;
    struct zm_arena arena;
    struct zm_folded f;
    struct zm_str raw = ZM_STR(" 路１ 2\xFF\xE5\x8F 号 ");
    zm_arena_init(&arena, 1 << 20);
    assert_int_equal(zm_fold(&f, table, raw, &arena, NULL), 0);
    uint32_t end = 0;
    for (uint32_t i = 0; i < f.n; i++) {
        assert_true(f.at[i] >= end);
        end = f.at[i] + f.len[i];
    }
    assert_true(end <= raw.len);
    assert_int_equal(f.at[f.n], raw.len);
    assert_int_equal(f.cp[f.n], 0);
    assert_true(f.mark[0] & ZM_MARK_GAP);
    assert_true(f.mark[f.n] & ZM_MARK_GAP);
    zm_arena_release(&arena);
}

static void needs_room(void **state)
{
    (void)state;
    struct zm_arena arena;
    struct zm_folded f;
    struct zm_err err = {0};
    zm_arena_init(&arena, 64);
    assert_int_equal(zm_fold(&f, table, ZM_STR("浙江省温州市鹿城区公园路"), &arena, &err), ZM_E_MEMORY);
    assert_true(err.text[0] != 0);
    zm_arena_release(&arena);
}

static void reads_numerals(void **state)
{
    static const struct {
        const char *text;
        int value; /* -1 = no number */
    } cases[] = {
        {"一", 1},       {"十", 10},           {"十二", 12},        {"二十", 20},
        {"二十三", 23},  {"一百零五", 105},    {"一百二十三", 123}, {"两百零六", 206},
        {"一〇五", 105}, {"二零一", 201},      {"一千零一", 1001},  {"三千", 3000},
        {"百十", -1},    {"十百", -1},         {"一二十", -1},      {"零十", -1},
        {"", -1},        {"一一一一一一", -1}, {"路", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t cp[16], n = 0, value = 0;
        const char *p = cases[i].text, *end = p + strlen(p);
        for (unsigned len; p < end; p += len)
            cp[n++] = zm_utf8_next(p, end, &len);
        bool ok = zm_numeral_value(cp, n, &value);
        if (ok != (cases[i].value >= 0) || (ok && (int)value != cases[i].value))
            fail_msg("%s: read as %s %u", cases[i].text, ok ? "number" : "no number", value);
    }
}

static void table_fails_cleanly(void **state)
{
    (void)state;
    for (long k = 1;; k++) {
        struct zm_fold_table *t = NULL;
        zm_mem_fail_at(k);
        int rc = zm_fold_table_new(&t, NULL);
        zm_mem_fail_at(0);
        if (rc == 0) {
            zm_free(t);
            assert_true(k > 1);
            return;
        }
        assert_int_equal(rc, ZM_E_MEMORY);
        assert_null(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_to),       cmocka_unit_test(keeps_offsets),       cmocka_unit_test(needs_room),
        cmocka_unit_test(reads_numerals), cmocka_unit_test(table_fails_cleanly),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
