/* Declared datums, the web-map shifts, and lengths. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/base/mem.h"
#include "geo/space/crs.h"
#include "geo/space/geo.h"
#include "geo/space/webdatum.h"

#include <math.h>
#include <proj.h>

static struct zm_crs *open_crs(const char *declared, bool approved)
{
    struct zm_crs *c = NULL;
    struct zm_err err = {0};
    if (zm_crs_open(&c, zm_str(declared), approved, &err) != 0)
        fail_msg("%s: %s", declared, err.text);
    return c;
}

static void test_states(void **state)
{
    (void)state;
    static const struct {
        const char *declared;
        bool approved;
        enum zm_crs_state state;
        bool projected;
    } cases[] = {
        {"EPSG:4490", false, ZM_CRS_READY, false},     {" EPSG:4326 ", false, ZM_CRS_READY, false},
        {"EPSG:4480", false, ZM_CRS_READY, false},     {"EPSG:4979", false, ZM_CRS_READY, false},
        {"EPSG:4258", false, ZM_CRS_READY, false},     {"EPSG:4549", false, ZM_CRS_READY, true},
        {"EPSG:4528", false, ZM_CRS_READY, true},      {"EPSG:4550", false, ZM_CRS_READY, true},
        {"EPSG:4509", false, ZM_CRS_READY, true},      {"EPSG:4510", false, ZM_CRS_READY, true},
        {"EPSG:4498", false, ZM_CRS_READY, true},      {"EPSG:32651", false, ZM_CRS_READY, true},
        {"EPSG:3857", false, ZM_CRS_READY, true},      {"none", true, ZM_CRS_NONE, false},
        {"GCJ-02", false, ZM_CRS_NO_APPROVAL, false},  {"BD-09", false, ZM_CRS_NO_APPROVAL, false},
        {"GCJ-02", true, ZM_CRS_CONVERTED, false},     {"BD-09", true, ZM_CRS_CONVERTED, false},
        {"EPSG:4610", true, ZM_CRS_OLD_DATUM, false},  {"EPSG:4214", true, ZM_CRS_OLD_DATUM, false},
        {"EPSG:2364", false, ZM_CRS_OLD_DATUM, true},  {"EPSG:2385", false, ZM_CRS_OLD_DATUM, true},
        {"EPSG:2416", false, ZM_CRS_OLD_DATUM, true},  {"EPSG:2437", false, ZM_CRS_OLD_DATUM, true},
        {"EPSG:4555", false, ZM_CRS_OLD_DATUM, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_crs *c = open_crs(cases[i].declared, cases[i].approved), *twin = NULL;
        if (zm_crs_state(c) != cases[i].state || zm_crs_projected(c) != cases[i].projected)
            fail_msg("%s: state %d, projected %d", cases[i].declared, (int)zm_crs_state(c),
                     zm_crs_projected(c));
        bool usable = cases[i].state == ZM_CRS_READY || cases[i].state == ZM_CRS_CONVERTED;
        assert_int_equal(zm_crs_reason(c)[0] == '\0', usable);
        double x = 120.65, y = 28.01;
        if (!usable)
            assert_false(zm_crs_to_4490(c, &x, &y));
        assert_int_equal(zm_crs_clone(&twin, c, NULL), 0);
        assert_int_equal(zm_crs_state(twin), cases[i].state);
        assert_string_equal(zm_crs_reason(twin), zm_crs_reason(c));
        zm_crs_close(c);
        zm_crs_close(twin);
    }
    zm_crs_close(NULL);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const declared[] = {
        "",
        "4490",
        "EPSG:",
        "EPSG:0",
        "EPSG:999999",
        "EPSG:-1",
        "EPSG:4490 ; rm",
        "WGS84",
        "epsg:4490",
        "EPSG:5737" /* height */,
        "EPSG:4479" /* geocentric */,
        "EPSG:1043" /* a datum */,
        "gcj02",
        "EPSG:7415" /* compound */,
        "EPSG:3031" /* polar axes */,
        "EPSG:44900000000000000000",
        "+proj=longlat",
        "/etc/passwd",
    };
    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++) {
        struct zm_crs *c = NULL;
        struct zm_err err = {0};
        int rc = zm_crs_open(&c, zm_str(declared[i]), true, &err);
        if (rc != ZM_E_USAGE || c)
            fail_msg("%s: expected usage error, obtained %d %s", declared[i], rc, err.text);
        assert_non_null(strstr(err.text, "datum = "));
    }
}

/* The rule behind ZM_CRS_OLD_DATUM: PROJ itself calls what it knows ballpark. */
static void test_old_datums_are_ballpark(void **state)
{
    (void)state;
    static const char *const old[] = {"EPSG:4610", "EPSG:4214"};
    PJ_CONTEXT *context = proj_context_create();
    PJ *target = proj_create(context, "EPSG:4490");
    for (size_t i = 0; i < 2; i++) {
        PJ *source = proj_create(context, old[i]);
        PJ_OPERATION_FACTORY_CONTEXT *factory = proj_create_operation_factory_context(context, NULL);
        PJ_OBJ_LIST *list = proj_create_operations(context, source, target, factory);
        assert_true(proj_list_get_count(list) > 0);
        PJ *best = proj_list_get(context, list, 0);
        assert_true(proj_coordoperation_has_ballpark_transformation(context, best));
        proj_destroy(best);
        proj_list_destroy(list);
        proj_operation_factory_context_destroy(factory);
        proj_destroy(source);
    }
    proj_destroy(target);
    proj_context_destroy(context);
}

/* East first, whatever EPSG says of the axes. Expected: the meridian arc by quadrature, and Krueger's series
 * for the points beside their meridian, both computed by another program. */
static void test_projected(void **state)
{
    (void)state;
    static const struct {
        const char *declared;
        double east, north, lon, lat;
    } cases[] = {
        {"EPSG:4549", 500000, 3099150.992, 120, 28.0064},
        {"EPSG:4528", 40500000, 3099150.992, 120, 28.0064},
        {"EPSG:4550", 500000, 3099150.992, 123, 28.0064},
        {"EPSG:4550", 270781.2658, 3100630.6055, 120.67, 28.0},
        {"EPSG:4509", 500000, 3099150.992, 117, 28.0064},
        {"EPSG:32651", 500000, 3097911.332, 123, 28.0064},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_crs *c = open_crs(cases[i].declared, false);
        double x = cases[i].east, y = cases[i].north;
        assert_true(zm_crs_to_4490(c, &x, &y));
        if (fabs(x - cases[i].lon) > 1e-9 || fabs(y - cases[i].lat) > 1e-8)
            fail_msg("%s: obtained %.9f %.9f", cases[i].declared, x, y);
        zm_crs_close(c);
    }
    /* A zone number in the east value, swapped axes, no number at all: no result, and no lasting harm. */
    struct zm_crs *c = open_crs("EPSG:4549", false);
    static const double senseless[][2] = {
        {40565000, 3099487}, {3099487, 565000}, {NAN, 3099487}, {1e30, 1e30}};
    for (size_t i = 0; i < sizeof senseless / sizeof *senseless; i++) {
        double x = senseless[i][0], y = senseless[i][1];
        assert_false(zm_crs_to_4490(c, &x, &y));
    }
    double x = 565903.2976, y = 3098622.6527;
    assert_true(zm_crs_to_4490(c, &x, &y));
    assert_true(fabs(x - 120.67) < 1e-8 && fabs(y - 28.0) < 1e-8);
    zm_crs_close(c);
}

static void test_degrees(void **state)
{
    (void)state;
    struct zm_crs *c = open_crs("EPSG:4326", false);
    double x = 120.65, y = 28.01;
    assert_true(zm_crs_to_4490(c, &x, &y));
    assert_true(x == 120.65 && y == 28.01);
    x = 28.01, y = 120.65;
    assert_false(zm_crs_to_4490(c, &x, &y));
    zm_crs_close(c);
    c = open_crs("GCJ-02", true);
    x = 120.65396445867353, y = 28.00662510657982;
    assert_true(zm_crs_to_4490(c, &x, &y));
    assert_true(fabs(x - 120.65) <= 2e-9 && fabs(y - 28.01) <= 2e-9);
    zm_crs_close(c);
}

/* Shifts in metres that the catalogue's CRD-005 and CRD-006 are built on. */
static void test_web_datums(void **state)
{
    (void)state;
    static const struct {
        double lon, lat, gcj_e, gcj_n, bd_e, bd_n;
    } cases[] = {
        {120.67, 28.00, 390, -374, 1038, 254},
        {120.96, 28.12, 396, -370, 1030, 326},
        {119.72, 27.56, 461, -357, 1104, 297},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double lon_m, lat_m, x, y;
        zm_degree_m(cases[i].lat, &lon_m, &lat_m);
        zm_gcj_from_wgs(cases[i].lon, cases[i].lat, &x, &y);
        double ge = (x - cases[i].lon) * lon_m, gn = (y - cases[i].lat) * lat_m;
        zm_bd_from_wgs(cases[i].lon, cases[i].lat, &x, &y);
        double be = (x - cases[i].lon) * lon_m, bn = (y - cases[i].lat) * lat_m;
        if (fabs(ge - cases[i].gcj_e) > 15 || fabs(gn - cases[i].gcj_n) > 15 ||
            fabs(be - cases[i].bd_e) > 25 || fabs(bn - cases[i].bd_n) > 25)
            fail_msg("case %zu: GCJ %+.0f %+.0f, BD %+.0f %+.0f", i, ge, gn, be, bn);
    }
    /* Computed from the published formula by another program. */
    double x, y;
    zm_gcj_from_wgs(120.65, 28.01, &x, &y);
    assert_true(fabs(x - 120.65396445867353) < 1e-12 && fabs(y - 28.00662510657982) < 1e-12);
    zm_gcj_from_wgs(2.35, 48.85, &x, &y);
    assert_true(x == 2.35 && y == 48.85);
    zm_bd_from_wgs(151.2, -33.9, &x, &y);
    assert_true(x == 151.2 && y == -33.9);
}

static void test_web_datums_back(void **state)
{
    (void)state;
    for (int i = 0; i < 70; i++) {
        for (int j = 0; j < 60; j++) {
            double lon = 119.5 + 0.0371 * i, lat = 26.9 + 0.0293 * j;
            double x, y, back_lon, back_lat;
            zm_gcj_from_wgs(lon, lat, &x, &y);
            zm_wgs_from_gcj(x, y, &back_lon, &back_lat);
            assert_true(fabs(back_lon - lon) < 1.1e-9 && fabs(back_lat - lat) < 1.1e-9);
            zm_bd_from_wgs(lon, lat, &x, &y);
            zm_wgs_from_bd(x, y, &back_lon, &back_lat);
            assert_true(fabs(back_lon - lon) < 1.1e-9 && fabs(back_lat - lat) < 1.1e-9);
        }
    }
    double lon, lat; /* at the border of the box it ends, with some answer */
    zm_wgs_from_bd(137.8347, 55.8271, &lon, &lat);
    assert_true(isfinite(lon) && isfinite(lat));
}

/* Geodesic lengths as PROJ computes them (Karney), within 0.1 % up to 10 km. */
static void test_lengths(void **state)
{
    (void)state;
    PJ_CONTEXT *context = proj_context_create();
    PJ *ellipsoid = proj_create(context, "+proj=longlat +ellps=GRS80");
    for (int i = 0; i < 360; i += 7) {
        double lon = 120.65, lat = 27.5 + i / 360.0, angle = i * 0.0174532925;
        double lon2 = lon + 0.09 * cos(angle), lat2 = lat + 0.09 * sin(angle);
        PJ_COORD a = proj_coord(proj_torad(lon), proj_torad(lat), 0, 0);
        PJ_COORD b = proj_coord(proj_torad(lon2), proj_torad(lat2), 0, 0);
        double expected = proj_lp_dist(ellipsoid, a, b), obtained = zm_distance_m(lon, lat, lon2, lat2);
        if (!(fabs(obtained - expected) <= 1e-3 * expected))
            fail_msg("angle %d: expected %.3f, obtained %.3f", i, expected, obtained);
    }
    proj_destroy(ellipsoid);
    proj_context_destroy(context);
    assert_true(zm_distance_m(179.99, 0, -179.99, 0) < 2300);
    assert_true(zm_distance_m(120, 28, 120, 28) == 0);
    /* Beside the middle, beyond an end, on the line, and a segment of no length. */
    double lon_m, lat_m;
    zm_degree_m(28, &lon_m, &lat_m);
    assert_true(fabs(zm_segment_distance_m(120.005, 28.001, 120, 28, 120.01, 28) - 0.001 * lat_m) < 0.01);
    assert_true(fabs(zm_segment_distance_m(120.011, 28, 120, 28, 120.01, 28) - 0.001 * lon_m) < 0.01);
    assert_true(zm_segment_distance_m(120.005, 28, 120, 28, 120.01, 28) < 1e-6);
    assert_true(fabs(zm_segment_distance_m(120.001, 28, 120, 28, 120, 28) - 0.001 * lon_m) < 0.01);
}

static void test_failing_memory(void **state)
{
    (void)state;
    struct zm_crs *c = NULL;
    zm_mem_fail_at(1);
    assert_int_equal(zm_crs_open(&c, ZM_STR("EPSG:4549"), false, NULL), ZM_E_MEMORY);
    zm_mem_fail_at(0);
    assert_null(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),          cmocka_unit_test(test_refused),
        cmocka_unit_test(test_projected),       cmocka_unit_test(test_old_datums_are_ballpark),
        cmocka_unit_test(test_degrees),         cmocka_unit_test(test_web_datums),
        cmocka_unit_test(test_web_datums_back), cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
