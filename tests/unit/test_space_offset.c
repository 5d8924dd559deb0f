/* Road axes and the evidence on a source's datum, on invented roads and doors. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/base/mem.h"
#include "geo/space/geo.h"
#include "geo/space/offset.h"
#include "geo/space/webdatum.h"

#include <math.h>
#include <stdio.h>

static uint64_t random_state = 7;

static double random_unit(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) * 0x1p-53;
}

static int add_line(struct zm_axes *a, uint32_t county, const char *name, const double *xy, uint32_t n)
{
    double copy[64];
    memcpy(copy, xy, 2 * (size_t)n * sizeof *xy);
    struct zm_shape s = {ZM_SHAPE_LINE, copy, &n, n, 1};
    return zm_axes_add(a, county, zm_str(name), &s, NULL);
}

static struct zm_axes *new_axes(void)
{
    struct zm_axes *a;
    assert_int_equal(zm_axes_new(&a, NULL), 0);
    return a;
}

static void test_axes(void **state)
{
    (void)state;
    static const double east[] = {120.0, 28.0, 120.045, 28.0, 120.055, 28.0, 120.1, 28.0},
                        north[] = {120.2, 28.0, 120.2, 28.1};
    static const double more[] = {120.1, 28.0, 120.1, 28.05}, elsewhere[] = {121.0, 28.0, 121.1, 28.0};
    struct zm_axes *a = new_axes();
    assert_true(zm_axes_empty(a));
    assert_int_equal(add_line(a, 330302, "人民路", east, 4), 0);
    assert_int_equal(add_line(a, 330302, "人民路", more, 2), 0);
    assert_int_equal(add_line(a, 330381, "人民路", elsewhere, 2), 0);
    assert_int_equal(add_line(a, 0, "学院路", north, 2), 0);
    struct zm_shape polygon = {ZM_SHAPE_POLYGON, NULL, NULL, 0, 0};
    assert_int_equal(zm_axes_add(a, 330302, ZM_STR("x"), &polygon, NULL), ZM_E_INPUT);
    assert_false(zm_axes_has(a, 330302, ZM_STR("人民路"))); /* not before build */
    assert_int_equal(zm_axes_build(a, NULL), 0);
    assert_false(zm_axes_empty(a));

    double lon_m, lat_m;
    zm_degree_m(28, &lon_m, &lat_m);
    static const struct {
        uint32_t county;
        const char *name;
        double lon, lat, degrees_east, degrees_north; /* expected distance; NaN = none */
    } cases[] = {
        {330302, "人民路", 120.05, 28.001, 0, 0.001}, {330302, "人民路", 120.101, 28.03, 0.001, 0},
        {330381, "人民路", 121.05, 28.002, 0, 0.002}, {0, "人民路", 121.05, 28.002, 0, 0.002},
        {330302, "学院路", 120.201, 28.05, 0.001, 0}, {0, "学院路", 120.201, 28.05, 0.001, 0},
        {330303, "人民路", 120.05, 28.001, NAN, NAN}, {330302, "人民", 120.05, 28.001, NAN, NAN},
        {330302, "人民路", NAN, 28.001, NAN, NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double expected = hypot(cases[i].degrees_east * lon_m, cases[i].degrees_north * lat_m);
        double obtained =
            zm_axes_distance_m(a, cases[i].county, zm_str(cases[i].name), cases[i].lon, cases[i].lat);
        if (!(fabs(obtained - expected) < 0.2 || (isnan(obtained) && isnan(expected))))
            fail_msg("case %zu: expected %.3f, obtained %.3f", i, expected, obtained);
        if (!isnan(cases[i].lon))
            assert_int_equal(zm_axes_has(a, cases[i].county, zm_str(cases[i].name)), !isnan(expected));
    }

    /* A point of the road as a web map shows it lies on the view of that map. */
    double gcj[2], bd[2], views[ZM_N_AXES_VIEWS];
    zm_gcj_from_wgs(120.05, 28.0, &gcj[0], &gcj[1]);
    zm_bd_from_wgs(120.05, 28.0, &bd[0], &bd[1]);
    zm_axes_distances_m(a, 330302, ZM_STR("人民路"), gcj[0], gcj[1], views);
    assert_true(views[ZM_AXES_GCJ02] < 5 && views[ZM_AXES_TRUE] > 300 && views[ZM_AXES_BD09] > 300);
    zm_axes_distances_m(a, 330302, ZM_STR("人民路"), bd[0], bd[1], views);
    assert_true(views[ZM_AXES_BD09] < 5 && views[ZM_AXES_TRUE] > 200);
    assert_int_equal(add_line(a, 1, "x", east, 2), ZM_E_INTERNAL);
    assert_int_equal(zm_axes_build(a, NULL), ZM_E_INTERNAL);
    zm_axes_free(a);
    zm_axes_free(NULL);
}

/* Sixty roads of a town, in all directions. */
static struct zm_axes *town_axes(void)
{
    struct zm_axes *a = new_axes();
    for (int i = 0; i < 60; i++) {
        double lon = 120.6 + 0.1 * random_unit(), lat = 27.9 + 0.1 * random_unit(), angle = i * 0.1047;
        double xy[] = {lon, lat, lon + 0.02 * cos(angle), lat + 0.02 * sin(angle)};
        char name[16];
        snprintf(name, sizeof name, "路%d", i);
        assert_int_equal(add_line(a, 330302, name, xy, 2), 0);
    }
    assert_int_equal(zm_axes_build(a, NULL), 0);
    return a;
}

typedef void shift_fn(double lon, double lat, double *out_lon, double *out_lat);

static void no_shift(double lon, double lat, double *out_lon, double *out_lat)
{
    *out_lon = lon;
    *out_lat = lat;
}

static void garbage(double lon, double lat, double *out_lon, double *out_lat)
{
    *out_lon = lon + 0.03 + 0.01 * random_unit();
    *out_lat = lat - 0.05 * random_unit();
}

/* n doors within 40 m of their road, delivered in the datum of shift. The roads are drawn as in town_axes. */
static void add_doors(struct zm_offset *o, const struct zm_axes *a, shift_fn *shift, int n)
{
    random_state = 7;
    double start[60][2];
    for (int i = 0; i < 60; i++) {
        start[i][0] = 120.6 + 0.1 * random_unit();
        start[i][1] = 27.9 + 0.1 * random_unit();
    }
    for (int k = 0; k < n; k++) {
        int i = k % 60;
        double t = random_unit() * 0.02, angle = i * 0.1047, x, y;
        shift(start[i][0] + t * cos(angle) + 0.0003 * random_unit(),
              start[i][1] + t * sin(angle) + 0.0003 * random_unit(), &x, &y);
        char name[16];
        snprintf(name, sizeof name, "路%d", i);
        assert_int_equal(zm_offset_add_axis(o, a, 330302, zm_str(name), x, y, NULL), 0);
    }
}

static void test_axis_verdicts(void **state)
{
    (void)state;
    static const struct {
        shift_fn *shift;
        int n;
        enum zm_offset_verdict verdict;
    } cases[] = {
        {no_shift, 600, ZM_OFFSET_TRUE},        {zm_gcj_from_wgs, 600, ZM_OFFSET_GCJ02},
        {zm_bd_from_wgs, 600, ZM_OFFSET_BD09},  {garbage, 600, ZM_OFFSET_UNKNOWN},
        {zm_gcj_from_wgs, 30, ZM_OFFSET_GCJ02}, {zm_gcj_from_wgs, 29, ZM_OFFSET_UNKNOWN},
        {no_shift, 0, ZM_OFFSET_UNKNOWN},
    };
    random_state = 7;
    struct zm_axes *a = town_axes();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_offset *o;
        struct zm_offset_report r;
        assert_int_equal(zm_offset_new(&o, NULL), 0);
        add_doors(o, a, cases[i].shift, cases[i].n);
        /* What is no evidence changes nothing. */
        assert_int_equal(zm_offset_add_axis(o, a, 330302, ZM_STR("无名路"), 120, 28, NULL), 0);
        assert_int_equal(zm_offset_add_axis(o, a, 330302, ZM_STR("路1"), NAN, 28, NULL), 0);
        assert_int_equal(zm_offset_judge(o, &r, NULL), 0);
        if (r.verdict != cases[i].verdict || r.n != (uint64_t)cases[i].n)
            fail_msg("case %zu: verdict %d, n %llu, medians %.1f %.1f %.1f", i, (int)r.verdict,
                     (unsigned long long)r.n, r.median_m, r.median_gcj_m, r.median_bd_m);
        zm_offset_free(o);
    }
    zm_offset_free(NULL);
    zm_axes_free(a);
}

static void test_pair_verdicts(void **state)
{
    (void)state;
    static const struct {
        double east, north;
        int n;
        enum zm_offset_verdict verdict;
    } cases[] = {
        {396, -370, 100, ZM_OFFSET_GCJ02},   {1038, 254, 100, ZM_OFFSET_BD09},
        {3, -2, 100, ZM_OFFSET_TRUE},        {396, -370, 29, ZM_OFFSET_UNKNOWN},
        {396, 370, 100, ZM_OFFSET_UNKNOWN},  {325, -370, 100, ZM_OFFSET_UNKNOWN},
        {335, -420, 100, ZM_OFFSET_UNKNOWN}, {340, -350, 100, ZM_OFFSET_GCJ02},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_offset *o;
        struct zm_offset_report r;
        assert_int_equal(zm_offset_new(&o, NULL), 0);
        /* A tenth of the pairs is wrong, and the rest strays by up to 5 m. */
        for (int k = 0; k < cases[i].n; k++) {
            double wild = k % 10 == 3 ? 5000 : 0;
            assert_int_equal(zm_offset_add_pair(o, cases[i].east + wild + 10 * (random_unit() - 0.5),
                                                cases[i].north - wild + 10 * (random_unit() - 0.5), NULL),
                             0);
        }
        assert_int_equal(zm_offset_add_pair(o, NAN, 0, NULL), 0);
        assert_int_equal(zm_offset_judge(o, &r, NULL), 0);
        if (r.verdict != cases[i].verdict || r.n != (uint64_t)cases[i].n)
            fail_msg("case %zu: verdict %d, n %llu", i, (int)r.verdict, (unsigned long long)r.n);
        zm_offset_free(o);
    }
}

/* More evidence than is kept: the same medians whatever the order and the number of workers. */
static void test_order_does_not_matter(void **state)
{
    (void)state;
    enum { N = 450000, WORKERS = 3 };
    struct zm_offset *one, *many[WORKERS];
    assert_int_equal(zm_offset_new(&one, NULL), 0);
    for (int w = 0; w < WORKERS; w++)
        assert_int_equal(zm_offset_new(&many[w], NULL), 0);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t k = (uint32_t)((uint64_t)i * 7919 % N); /* the same pairs in another order */
        double east = 300 + (i * 2654435761u % 1000003) * 1e-4,
               other = 300 + (k * 2654435761u % 1000003) * 1e-4;
        assert_int_equal(zm_offset_add_pair(one, east, -350, NULL), 0);
        assert_int_equal(zm_offset_add_pair(many[i % WORKERS], other, -350, NULL), 0);
    }
    for (int w = 1; w < WORKERS; w++)
        assert_int_equal(zm_offset_merge(many[0], many[w], NULL), 0);
    struct zm_offset_report a, b;
    assert_int_equal(zm_offset_judge(one, &a, NULL), 0);
    assert_int_equal(zm_offset_judge(many[0], &b, NULL), 0);
    assert_true(a.n == N && b.n == N);
    assert_memory_equal(&a.median_m, &b.median_m, sizeof a.median_m);
    assert_memory_equal(&a.median_gcj_m, &b.median_gcj_m, sizeof a.median_gcj_m);
    zm_offset_free(one);
    for (int w = 0; w < WORKERS; w++)
        zm_offset_free(many[w]);
}

static int build_and_judge(void)
{
    static const double line[] = {120.0, 28.0, 120.1, 28.0};
    struct zm_axes *a = NULL;
    struct zm_offset *o = NULL;
    struct zm_offset_report r;
    int rc = zm_axes_new(&a, NULL);
    if (rc == 0)
        rc = add_line(a, 330302, "人民路", line, 2);
    if (rc == 0)
        rc = zm_axes_build(a, NULL);
    if (rc == 0)
        rc = zm_offset_new(&o, NULL);
    for (int i = 0; rc == 0 && i < 40; i++)
        rc = zm_offset_add_axis(o, a, 330302, ZM_STR("人民路"), 120.001 + i * 0.002, 28.0001, NULL);
    if (rc == 0)
        rc = zm_offset_judge(o, &r, NULL);
    if (rc == 0)
        assert_int_equal(r.verdict, ZM_OFFSET_TRUE);
    zm_offset_free(o);
    zm_axes_free(a);
    return rc;
}

static void test_failing_memory(void **state)
{
    (void)state;
    int failed = 0;
    for (long k = 1;; k++) {
        zm_mem_fail_at(k);
        int rc = build_and_judge();
        zm_mem_fail_at(0);
        if (rc == 0)
            break;
        assert_int_equal(rc, ZM_E_MEMORY);
        failed++;
    }
    assert_true(failed > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_axes),           cmocka_unit_test(test_axis_verdicts),
        cmocka_unit_test(test_pair_verdicts),  cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
