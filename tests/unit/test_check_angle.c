#include "geo/check/angle.h"
#include "geo/check/judge.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void reads_degrees_as_people_write_them(void **state)
{
    static const struct {
        const char *text;
        enum zm_angle kind;
        double degrees;
        unsigned decimals;
    } cases[] = {
        {"120.654321", ZM_ANGLE_PLAIN, 120.654321, 6},
        {"120", ZM_ANGLE_PLAIN, 120, 0},
        {"1.20654321E+02", ZM_ANGLE_PLAIN, 120.654321, 6},
        {"120.65°", ZM_ANGLE_PLAIN, 120.65, 2},
        {"E120.65", ZM_ANGLE_PLAIN, 120.65, 2},
        {"120°39′18″", ZM_ANGLE_DMS, 120.655, 3},
        {"120°39'18.00\"", ZM_ANGLE_DMS, 120.655, 5},
        {"东经120度39分18秒", ZM_ANGLE_DMS, 120.655, 3},
        {"28°0.6′N", ZM_ANGLE_DMS, 28.01, 3},
        {"120°60′18″", ZM_ANGLE_OVERFLOW, 0, 0},
        {"120°105′18″", ZM_ANGLE_OVERFLOW, 0, 0},
        {"120°39′61″", ZM_ANGLE_OVERFLOW, 0, 0},
        {"NaN", ZM_ANGLE_INVALID, 0, 0},
        {"inf", ZM_ANGLE_INVALID, 0, 0},
        {"", ZM_ANGLE_INVALID, 0, 0},
        {"°", ZM_ANGLE_INVALID, 0, 0},
        {"120°39", ZM_ANGLE_INVALID, 0, 0},
        {"120°39′18″x", ZM_ANGLE_INVALID, 0, 0},
        {"公园路", ZM_ANGLE_INVALID, 0, 0},
        {"1.2.3", ZM_ANGLE_INVALID, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double degrees = 0;
        unsigned decimals = 0;
        if (zm_angle_read(zm_str(cases[i].text), &degrees, &decimals) != cases[i].kind)
            fail_msg("%s: another kind", cases[i].text);
        if (fabs(degrees - cases[i].degrees) > 1e-9 || decimals != cases[i].decimals)
            fail_msg("%s: %.9f with %u decimals", cases[i].text, degrees, decimals);
    }
}

static void add_column(struct zm_angle_tally *t, unsigned from, unsigned to, bool packed)
{
    for (unsigned i = from; i < to; i++) {
        char text[32];
        if (packed)
            snprintf(text, sizeof text, "120.%02u%02u12", i % 60, i * 7 % 60);
        else
            snprintf(text, sizeof text, "120.%06u", i * 7919 % 1000000);
        zm_angle_tally_add(t, i + 1, zm_str(text));
    }
}

static void finds_columns_of_degrees_minutes_seconds(void **state)
{
    (void)state;
    struct zm_angle_tally packed = {0}, plain = {0}, few = {0}, constant = {0};
    add_column(&packed, 0, 100, true);
    add_column(&plain, 0, 100, false);
    add_column(&few, 0, 99, true);
    for (unsigned i = 0; i < 200; i++)
        zm_angle_tally_add(&constant, i + 1, ZM_STR("120.3912"));
    assert_true(zm_angle_tally_suspicious(&packed));
    assert_false(zm_angle_tally_suspicious(&plain));
    assert_false(zm_angle_tally_suspicious(&few));
    assert_false(zm_angle_tally_suspicious(&constant));
}

/* Halves merged either way are the whole: results must not depend on who read which batch. */
static void merging_has_no_order(void **state)
{
    (void)state;
    struct zm_angle_tally whole = {0}, a = {0}, b = {0}, ab, ba;
    add_column(&whole, 0, 200, true);
    add_column(&a, 0, 80, true);
    add_column(&b, 80, 200, true);
    ab = a;
    zm_angle_tally_merge(&ab, &b);
    ba = b;
    zm_angle_tally_merge(&ba, &a);
    assert_memory_equal(&ab, &whole, sizeof whole);
    assert_memory_equal(&ba, &whole, sizeof whole);

    struct zm_swap_tally s = {0}, t = {0};
    zm_swap_tally_add(&s, 9, ZM_STR("28.1"), ZM_STR("120.9"));
    zm_swap_tally_add(&t, 3, ZM_STR("28.2"), ZM_STR("120.3"));
    zm_swap_tally_add(&t, 5, ZM_STR("28.3"), ZM_STR("120.5"));
    zm_swap_tally_merge(&s, &t);
    assert_int_equal(s.n, 3);
    assert_int_equal(s.example_row, 3);
    assert_string_equal(s.x, "28.2");
}

static void knows_the_zones(void **state)
{
    static const struct {
        const char *code;
        unsigned zone;
        bool has_prefix, six;
    } cases[] = {
        {"EPSG:4549", 40, false, false}, {"EPSG:4528", 40, true, false}, {"EPSG:4550", 41, false, false},
        {"EPSG:4529", 41, true, false},  {"EPSG:4509", 20, false, true}, {"EPSG:4498", 20, true, true},
        {"EPSG:4490", 0, false, false},  {"GCJ-02", 0, false, false},    {"EPSG:4555", 0, false, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_grid g = zm_grid_of(zm_str(cases[i].code));
        if (g.zone != cases[i].zone || g.has_prefix != cases[i].has_prefix || g.six_degrees != cases[i].six)
            fail_msg("%s: zone %u", cases[i].code, g.zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_degrees_as_people_write_them),
        cmocka_unit_test(finds_columns_of_degrees_minutes_seconds),
        cmocka_unit_test(merging_has_no_order),
        cmocka_unit_test(knows_the_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
