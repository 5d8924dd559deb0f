/* The cover and its predicate on shapes written down by hand, and under failing memory. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/base/mem.h"
#include "geo/space/cover.h"
#include "geo/space/orient.h"

/* Points a few units in the last place beside a line: whole numbers of 2^-53 let 128-bit integers judge. */
static void test_orientation_is_exact(void **state)
{
    (void)state;
    __extension__ typedef __int128 wide;
    const double unit = 0x1p-53;
    int rounded_wrong = 0;
    for (int i = -40; i <= 40; i++) {
        for (int j = -40; j <= 40; j++) {
            double cx = 0.5 + i * unit, cy = 0.5 + j * unit;
            wide x = (wide)(cx / unit), y = (wide)(cy / unit), a = (wide)12 << 53, b = (wide)24 << 53;
            wide det = (a - x) * (b - y) - (a - y) * (b - x);
            int expected = (det > 0) - (det < 0);
            if (zm_orient(12, 12, 24, 24, cx, cy) != expected ||
                zm_orient(24, 24, 12, 12, cx, cy) != -expected)
                fail_msg("i %d, j %d: expected %d", i, j, expected);
            double rounded = (12 - cx) * (24 - cy) - (12 - cy) * (24 - cx);
            rounded_wrong += (rounded > 0) - (rounded < 0) != expected;
        }
    }
    assert_true(rounded_wrong > 0); /* else these points would prove nothing */
}

static int add_ring(struct zm_cover *c, uint64_t code, const double *xy, uint32_t n)
{
    uint32_t end = n;
    double copy[32];
    memcpy(copy, xy, 2 * (size_t)n * sizeof *xy);
    struct zm_shape s = {ZM_SHAPE_POLYGON, copy, &end, n, 1};
    return zm_cover_add(c, code, &s, NULL);
}

/* Shapes no one should deliver, and everyone does. */
static void test_odd_shapes(void **state)
{
    (void)state;
    static const double square[] = {120, 27, 121, 27, 121, 28, 120, 28}; /* not closed */
    static const double bow_tie[] = {122, 27, 123, 28, 123, 27, 122, 28, 122, 27};
    static const double spike[] = {124, 27, 125, 27, 125, 28, 125, 27, 124, 27}; /* no area */
    static const struct {
        double x, y;
        uint64_t code;
    } cases[] = {
        {120.5, 27.5, 7}, {120, 27, 7},     {121, 28, 7},     {121, 27.3, 7},    {121.0000001, 27.5, 0},
        {122.1, 27.5, 3}, {122.9, 27.5, 3}, {122.5, 27.1, 0}, {122.5, 27.9, 0},  {122.5, 27.5, 3},
        {125, 27.5, 4},   {124.5, 27, 4},   {124.5, 27.1, 0}, {120.25, 27.5, 5}, {NAN, 27, 0},
        {0, 0, 0},        {INFINITY, 0, 0},
    };
    static const double inner[] = {120.2, 27.2, 120.3, 27.2, 120.3, 27.8, 120.2, 27.8};
    struct zm_cover *c;
    assert_int_equal(zm_cover_new(&c, NULL), 0);
    assert_true(zm_cover_empty(c));
    assert_int_equal(zm_cover_locate(c, 120, 27), 0);
    assert_int_equal(add_ring(c, 7, square, 4), 0);
    assert_int_equal(add_ring(c, 3, bow_tie, 5), 0);
    assert_int_equal(add_ring(c, 4, spike, 5), 0);
    assert_int_equal(add_ring(c, 5, inner, 4), 0); /* overlaps 7: the smaller code wins */
    assert_int_equal(add_ring(c, 0, square, 4), ZM_E_INTERNAL);
    static const double metres[] = {500000, 3100000, 500100, 3100000, 500100, 3100100};
    assert_int_equal(add_ring(c, 9, metres, 3), ZM_E_INPUT);
    assert_int_equal(zm_cover_build(c, NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t obtained = zm_cover_locate(c, cases[i].x, cases[i].y);
        if (obtained != cases[i].code)
            fail_msg("case %zu: expected %llu, obtained %llu", i, (unsigned long long)cases[i].code,
                     (unsigned long long)obtained);
    }
    assert_int_equal(add_ring(c, 8, square, 4), ZM_E_INTERNAL);
    assert_int_equal(zm_cover_build(c, NULL), ZM_E_INTERNAL);
    zm_cover_free(c);

    assert_int_equal(zm_cover_new(&c, NULL), 0);
    assert_int_equal(zm_cover_build(c, NULL), 0);
    assert_int_equal(zm_cover_locate(c, 120.5, 27.5), 0);
    zm_cover_free(c);
    zm_cover_free(NULL);
}

/* Every allocation may fail: a clean error, no leak, and no answer from a half-built cover. */
static void test_failing_memory(void **state)
{
    (void)state;
    static const double square[] = {120, 27, 121, 27, 121, 28, 120, 28};
    int failed = 0;
    for (long k = 1;; k++) {
        struct zm_cover *c = NULL;
        zm_mem_fail_at(k);
        int rc = zm_cover_new(&c, NULL);
        if (rc == 0)
            rc = add_ring(c, 330302, square, 4);
        if (rc == 0)
            rc = zm_cover_build(c, NULL);
        zm_mem_fail_at(0);
        if (c)
            assert_int_equal(zm_cover_locate(c, 120.5, 27.5), rc == 0 ? 330302 : 0);
        zm_cover_free(c);
        if (rc == 0)
            break;
        assert_int_equal(rc, ZM_E_MEMORY);
        failed++;
    }
    assert_true(failed > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orientation_is_exact),
        cmocka_unit_test(test_odd_shapes),
        cmocka_unit_test(test_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
