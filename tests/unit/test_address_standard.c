#include "geo/address/parser.h"
#include "geo/base/file.h"
#include "geo/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct zm_divisions divisions;
static struct zm_gazetteer *gazetteer;
static const struct zm_context context = {.city = 3303};

static int setup(void **state)
{
    (void)state;
    return zm_divisions_init(&divisions, NULL) || zm_gazetteer_new(&gazetteer, &divisions, 20250630, NULL) ||
           zm_gazetteer_freeze(gazetteer, NULL);
}

static int teardown(void **state)
{
    (void)state;
    zm_gazetteer_free(gazetteer);
    zm_divisions_release(&divisions);
    return 0;
}

static void writes_the_standard(void **state)
{
    static const char *const cases[][2] = {
        {"鹿城公园路１２号三栋二单元302", "浙江省温州市鹿城区公园路12号3幢2单元302室"},
        {"鹿城区公园路12号之1", "浙江省温州市鹿城区公园路12-1号"},
        {"鹿城区公园路12号之14", "浙江省温州市鹿城区公园路12号之14"},
        {"鹿城区公园路12~13号", "浙江省温州市鹿城区公园路12至13号"},
        {"鹿城区公园路167、169号", "浙江省温州市鹿城区公园路167、169号"},
        {"鹿城区公园路12号A座负一楼", "浙江省温州市鹿城区公园路12号A座地下1层"},
        {"苍南县龙港镇码头街1104号", "浙江省温州市龙港市码头街1104号"},
        {"黄龙住宅区康华路325号", "康华路325号黄龙住宅区"},
        {"", ""},
    };
    (void)state;
    struct zm_arena arena;
    zm_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_parsed p;
        zm_arena_reset(&arena);
        assert_int_equal(zm_parse(&p, gazetteer, zm_str(cases[i][0]), &context, &arena, NULL), 0);
        if (!zm_str_eq(p.standard, zm_str(cases[i][1])))
            fail_msg("%s: standard text is %.*s", cases[i][0], ZM_FMT(p.standard));
    }
    zm_arena_release(&arena);
}

/* Parses text, and its standard text, and compares the tuples. */
static bool comes_back(struct zm_str text, struct zm_arena *arena)
{
    static struct zm_parsed first, second;
    zm_arena_reset(arena);
    assert_int_equal(zm_parse(&first, gazetteer, text, &context, arena, NULL), 0);
    assert_int_equal(zm_parse(&second, gazetteer, first.standard, &context, arena, NULL), 0);
    bool same = zm_tuple_eq(&first.tuple, &second.tuple) && zm_str_eq(first.standard, second.standard);
    if (!same)
        print_message("%.*s\n -> %.*s\n -> %.*s\n", ZM_FMT(text), ZM_FMT(first.standard),
                      ZM_FMT(second.standard));
    return same;
}

/* Every form of every slot with every other: what is written as standard is read as the same tuple. */
static void standard_reads_back(void **state)
{
    static const char *const heads[] = {"温州市鹿城区五马街道墨池社区", "龙港市", "瑞安市塘下镇肇平垟下村5组",
                                        ""};
    static const char *const roads[] = {"公园路", "五马街58弄", "中山一路", "环城东路3支弄"};
    static const char *const numbers[] = {"12号",    "12-1号",    "12号之14", "12-14号",
                                          "12~13号", "1、3、5号", "12号A",    "B106号"};
    static const char *const buildings[] = {
        "", "3幢", "A座", "锦绣苑A区3-2-1001", "南国大厦5号", "南国大厦B1幢", "锦绣小区二期"};
    static const char *const rooms[] = {"",         "302室",      "2单元302", "三楼",
                                        "-1层B106", "302、303室", "1-2层",    "对面"};
    (void)state;
    struct zm_arena arena;
    size_t bad = 0;
    zm_arena_init(&arena, 1 << 20);
    for (size_t k = 0; k < 4 * 4 * 8 * 7 * 8; k++) {
        char text[256];
        int n = snprintf(text, sizeof text, "%s%s%s%s%s", heads[k % 4], roads[k / 4 % 4], numbers[k / 16 % 8],
                         buildings[k / 128 % 7], rooms[k / 896]);
        bad += !comes_back(zm_str_n(text, (size_t)n), &arena);
    }
    assert_int_equal(bad, 0);
    zm_arena_release(&arena);
}

/* Doors that differ in one slot only are never one entry. */
static void different_doors_stay_apart(void **state)
{
    static const char *const doors[] = {
        "12号",
        "12号A",
        "12-1号",
        "12-2号",
        "12-14号",
        "12号之14",
        "112号",
        "1号2幢",
        "12号2幢",
        "12号302室",
        "12号402室",
        "12号3幢302室",
        "12号3单元302室",
        "12号3层302室",
        "12弄302号",
        "12号3号",
        "12号A座",
        "12号A区",
        "12号锦绣苑",
        "12号锦绣苑3幢",
        "12号锦绣苑3号",
        "12号对面",
        "12号-1层",
        "12号1层",
        "12号302、303室",
        "12号302-303室",
        "12号302-1室",
        "12、14号",
        "12号B302室",
        "12号锦绣苑二期",
        "12号锦绣苑东区",
        "12号锦绣苑A区3幢",
        "12号锦绣苑3幢A座",
        "12号往东200米",
        "12号往东100米",
        "12号甲单元",
        "12号乙单元",
        "12号甲幢",
        "12号（A幢）302室",
        "12号(B1)",
        "12号（东楼）",
        "12号底层",
        "12号顶楼",
        "12号3幢顶楼",
    };
    enum { N = sizeof doors / sizeof *doors };
    (void)state;
    static struct zm_parsed parsed[N];
    struct zm_arena arena;
    zm_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < N; i++) {
        char text[256];
        int n = snprintf(text, sizeof text, "鹿城区公园路%s", doors[i]);
        struct zm_str copy = zm_arena_copy(&arena, zm_str_n(text, (size_t)n));
        assert_int_equal(zm_parse(&parsed[i], gazetteer, copy, &context, &arena, NULL), 0);
        for (size_t k = 0; k < i; k++)
            if (zm_tuple_eq(&parsed[i].tuple, &parsed[k].tuple) ||
                zm_tuple_key(&parsed[i].tuple) == zm_tuple_key(&parsed[k].tuple))
                fail_msg("%s and %s are one entry", doors[i], doors[k]);
    }
    zm_arena_release(&arena);
}

static void real_addresses_read_back(void **state)
{
    (void)state;
    const char *folder = getenv("ZM_REAL_DATA");
    char path[4096];
    struct zm_buf file;
    struct zm_arena arena;
    size_t bad = 0, n = 0;
    snprintf(path, sizeof path, "%s/address/wenzhou_addresses_give.csv",
             folder ? folder : ZM_SOURCE_DIR "/../shared/data");
    zm_buf_init(&file, 16 << 20);
    if (zm_file_read(path, &file, NULL)) {
        zm_buf_release(&file);
        print_message("skipped: no %s\n", path);
        skip();
    }
    zm_arena_init(&arena, 1 << 20);
    for (struct zm_str rest = zm_buf_str(&file); rest.ptr; n++) {
        struct zm_str line = zm_str_cut(&rest, '\n');
        bad += !comes_back(zm_str_cut(&line, ','), &arena);
    }
    assert_true(n > 2000);
    assert_int_equal(bad, 0);
    zm_arena_release(&arena);
    zm_buf_release(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_standard),
        cmocka_unit_test(standard_reads_back),
        cmocka_unit_test(different_doors_stay_apart),
        cmocka_unit_test(real_addresses_read_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
