/* Allocation that may fail, buffers, arenas, the hash table, the sort, and errors. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/base/hash.h"
#include "geo/base/mem.h"
#include "geo/base/sort.h"

#include <errno.h>

static void test_errors(void **state)
{
    (void)state;
    struct zm_err err = {0};
    assert_int_equal(zm_fail(&err, ZM_E_INPUT, "row %d", 7), ZM_E_INPUT);
    assert_int_equal(err.code, ZM_E_INPUT);
    assert_string_equal(err.text, "row 7");
    assert_int_equal(zm_fail(NULL, ZM_E_USAGE, "x"), ZM_E_USAGE);
    assert_int_equal(zm_fail_errno(&err, ZM_E_OUTPUT, ENOSPC, "cannot write %s", "a.gpkg"), ZM_E_OUTPUT);
    assert_string_equal(err.text, "cannot write a.gpkg: No space left on device");
    char longer[3000];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    zm_fail_errno(&err, ZM_E_OUTPUT, ENOSPC, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    static const int exits[][2] = {{ZM_OK, 0},        {ZM_E_USAGE, 2},    {ZM_E_INPUT, 3},
                                   {ZM_E_OUTPUT, 3},  {ZM_E_MEMORY, 4},   {ZM_E_INTERNAL, 4},
                                   {ZM_E_LOCKED, 75}, {ZM_E_STOPPED, 130}};
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++)
        assert_int_equal(zm_code_exit((enum zm_code)exits[i][0]), exits[i][1]);
    assert_int_equal(zm_fail_memory(&err, 5), ZM_E_MEMORY);
}

static void test_mem(void **state)
{
    (void)state;
    zm_mem_fail_at(2);
    void *first = zm_alloc(0), *second = zm_alloc(8), *third = zm_calloc(3, 8);
    assert_non_null(first);
    assert_null(second);
    assert_memory_equal(third, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
    zm_mem_fail_at(1);
    assert_null(zm_realloc(third, 100));
    zm_free(third); /* still ours */
    zm_mem_fail_at(1);
    assert_null(zm_strdup("x"));
    char *copy = zm_strdup("锦绣路");
    assert_string_equal(copy, "锦绣路");
    zm_free(copy);
    zm_free(first);
    zm_free(NULL);
}

static void test_buf(void **state)
{
    (void)state;
    struct zm_buf b;
    char *at;
    zm_buf_init(&b, 1000);
    assert_int_equal(zm_buf_put(&b, (struct zm_str){NULL, 0}, NULL), 0);
    assert_int_equal(zm_buf_put(&b, ZM_STR("ab"), NULL), 0);
    assert_int_equal(zm_buf_putc(&b, 'c', NULL), 0);
    assert_int_equal(zm_buf_printf(&b, NULL, "%d-%s", 7, "x"), 0);
    assert_true(zm_str_eq(zm_buf_str(&b), ZM_STR("abc7-x")));
    assert_int_equal(zm_buf_reserve(&b, 994, &at, NULL), 0);
    assert_int_equal(zm_buf_reserve(&b, 995, &at, NULL), ZM_E_MEMORY);
    assert_int_equal(zm_buf_reserve(&b, SIZE_MAX, &at, NULL), ZM_E_MEMORY);
    for (int i = 0; i < 994; i++)
        assert_int_equal(zm_buf_putc(&b, 'd', NULL), 0);
    assert_int_equal(zm_buf_putc(&b, 'e', NULL), ZM_E_MEMORY);
    assert_int_equal(zm_buf_printf(&b, NULL, "e"), ZM_E_MEMORY);
    assert_int_equal(b.len, 1000);
    assert_int_equal(b.ptr[999], 'd');
    zm_buf_reset(&b);
    assert_int_equal(zm_buf_str(&b).len, 0);
    zm_buf_release(&b);
    assert_int_equal(b.max, 1000);

    zm_mem_fail_at(1);
    assert_int_equal(zm_buf_put(&b, ZM_STR("ab"), NULL), ZM_E_MEMORY);
    assert_int_equal(b.len, 0);
    assert_int_equal(zm_buf_put(&b, ZM_STR("ab"), NULL), 0);
    zm_buf_release(&b);
}

static void test_arena(void **state)
{
    (void)state;
    struct zm_arena a;
    zm_arena_init(&a, 1 << 20);
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *p = zm_arena_alloc(&a, size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, size);
    }
    struct zm_str s = zm_arena_copy(&a, ZM_STR("锦绣"));
    assert_true(zm_str_eq(s, ZM_STR("锦绣")));
    assert_int_equal(s.ptr[s.len], '\0');
    s = zm_arena_copy(&a, (struct zm_str){NULL, 0});
    assert_non_null(s.ptr);
    assert_null(zm_arena_alloc(&a, 1 << 20)); /* over the limit with what is used */
    assert_null(zm_arena_alloc(&a, SIZE_MAX));
    assert_null(zm_arena_alloc(&a, SIZE_MAX - 20));
    /* After a reset the memory is zero again, the whole limit is free, and no block is asked for a second
     * time. */
    zm_arena_reset(&a);
    assert_int_equal(a.used, 0);
    zm_mem_fail_at(1);
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *p = zm_arena_alloc(&a, size);
        assert_non_null(p);
        assert_true(size == 0 || (p[0] == 0 && p[size - 1] == 0));
    }
    zm_mem_fail_at(0);
    zm_arena_release(&a);
    zm_mem_fail_at(1);
    assert_null(zm_arena_alloc(&a, 8));
    assert_non_null(zm_arena_alloc(&a, 100000)); /* more than one block's usual size */
    assert_null(zm_arena_alloc(&a, 1 << 20));
    zm_arena_release(&a);
    zm_arena_init(&a, 64);
    assert_non_null(zm_arena_alloc(&a, 64));
    assert_null(zm_arena_alloc(&a, 1));
    zm_arena_release(&a);
}

static void test_table(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct zm_table t;
    uint32_t at = 0, value;
    zm_table_init(&t);
    assert_false(zm_table_next(&t, 1, &at, &value));
    /* Few hashes for many entries, all in one corner of the table: the worst of probing. */
    for (uint32_t i = 0; i < N; i++)
        assert_int_equal(zm_table_add(&t, i % 50 + 60, i, NULL), 0);
    assert_int_equal(t.n, N);
    for (uint32_t h = 0; h < 50; h++) {
        uint32_t expected = h;
        at = 0;
        while (zm_table_next(&t, h + 60, &at, &value)) {
            assert_int_equal(value, expected);
            expected += 50;
        }
        assert_int_equal(expected, N + h);
    }
    at = 0;
    assert_false(zm_table_next(&t, 999999, &at, &value));
    zm_table_release(&t);

    zm_table_init(&t);
    zm_mem_fail_at(1);
    assert_int_equal(zm_table_add(&t, 1, 1, NULL), ZM_E_MEMORY);
    for (uint32_t i = 0; i < 36; i++)
        assert_int_equal(zm_table_add(&t, i * 1000003ull, i, NULL), 0);
    zm_mem_fail_at(1);
    assert_int_equal(zm_table_add(&t, 7, 7, NULL), ZM_E_MEMORY);
    zm_mem_fail_at(0);
    for (uint32_t i = 0; i < 36; i++) {
        at = 0;
        assert_true(zm_table_next(&t, i * 1000003ull, &at, &value) && value == i);
    }
    zm_table_release(&t);
}

/* Keys are published: these values may never change. */
static void test_hash(void **state)
{
    (void)state;
    assert_int_equal(zm_hash(ZM_STR("")), UINT64_C(0x2D06800538D394C2));
    assert_int_equal(zm_hash((struct zm_str){NULL, 0}), zm_hash(ZM_STR("")));
    assert_int_not_equal(zm_hash(ZM_STR("a")), zm_hash(ZM_STR("b")));
    assert_int_not_equal(zm_hash_mix(1, 2), zm_hash_mix(2, 1));
    assert_int_equal(zm_hash_mix(1, 2), zm_hash_mix(1, 2));
}

static uint64_t random_state = 3;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void test_sort(void **state)
{
    (void)state;
    static struct zm_pair pairs[4096];
    static const size_t sizes[] = {0, 1, 2, 3, 100, 4096};
    static const uint64_t masks[] = {0, 1, 0xFF, 0xFF00000000000000, 0x8000000000000001, UINT64_MAX};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
            uint64_t sum = 0;
            for (size_t i = 0; i < sizes[s]; i++) {
                pairs[i] = (struct zm_pair){random_bits() & masks[m], i};
                sum += pairs[i].key * (i + 1);
            }
            assert_int_equal(zm_sort(pairs, sizes[s], NULL), 0);
            for (size_t i = 0; i < sizes[s]; i++) {
                sum -= pairs[i].key * (pairs[i].value + 1);
                if (i && (pairs[i - 1].key > pairs[i].key ||
                          (pairs[i - 1].key == pairs[i].key && pairs[i - 1].value > pairs[i].value)))
                    fail_msg("%zu pairs, mask %zu: wrong at %zu", sizes[s], m, i);
            }
            assert_int_equal(sum, 0); /* the same pairs as before */
        }
    }
    zm_mem_fail_at(1);
    assert_int_equal(zm_sort(pairs, 100, NULL), ZM_E_MEMORY);
    zm_mem_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors), cmocka_unit_test(test_mem),   cmocka_unit_test(test_buf),
        cmocka_unit_test(test_arena),  cmocka_unit_test(test_table), cmocka_unit_test(test_hash),
        cmocka_unit_test(test_sort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
