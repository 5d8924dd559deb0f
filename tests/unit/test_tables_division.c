/* Divisions: the counts of the 2023 release, sound codes, dates and successors. */
#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/tables/division.h"
#include "geo/tables/han.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { RELEASE = 20230630, ZONE_OF_STATISTICS = 330371 };

static struct zm_divisions all;

static int load(void **state)
{
    (void)state;
    return zm_divisions_init(&all, NULL);
}

static int unload(void **state)
{
    (void)state;
    zm_divisions_release(&all);
    return 0;
}

static unsigned count_in(uint64_t city, enum zm_division_level level, uint32_t date)
{
    unsigned n = 0;
    for (uint32_t i = 0; i < all.n; i++) {
        uint64_t code = all.rows[i].code;
        while (code > 9999)
            code = zm_division_parent(code);
        n += code == city && all.rows[i].level == level && zm_division_valid(&all.rows[i], date);
    }
    return n;
}

static void has_the_counts_of_the_release(void **state)
{
    (void)state;
    assert_int_equal(count_in(3303, ZM_COUNTY, RELEASE), 12);
    assert_int_equal(count_in(3303, ZM_TOWN, RELEASE), 191);
    assert_int_equal(count_in(3303, ZM_COMMITTEE, RELEASE), 3685);
    assert_int_equal(count_in(3310, ZM_COMMITTEE, RELEASE), 3429);
    assert_int_equal(count_in(3311, ZM_COUNTY, RELEASE), 9);
    assert_int_equal(count_in(3509, ZM_TOWN, RELEASE), 130);
}

static void parents_exist(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < all.n; i++) {
        uint64_t parent = zm_division_parent(all.rows[i].code);
        /* The economic zone was a unit of statistics, never a division: it has no row. */
        if (parent != 0 && parent != ZONE_OF_STATISTICS)
            assert_non_null(zm_division_at(&all, parent, 0));
    }
}

static void successors_lead_to_a_valid_division(void **state)
{
    (void)state;
    unsigned n = 0;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct zm_division *d = &all.rows[i];
        assert_true(d->successor == 0 || d->valid_to != 0);
        for (unsigned steps = 0; d->successor != 0; steps++) {
            assert_true(steps < 8);
            d = zm_division_at(&all, d->successor, 0);
            assert_non_null(d);
            n++;
        }
    }
    assert_in_range(n, 10, 1000);
}

static void dates_are_sane(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct zm_division *d = &all.rows[i];
        assert_true(d->valid_to == 0 || d->valid_from < d->valid_to);
        assert_true(d->valid_to < 20240101);
    }
}

static void names_are_whole_and_standard(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct zm_division *d = &all.rows[i];
        assert_false(zm_str_ends(d->name, ZM_STR("村委会")) || zm_str_ends(d->name, ZM_STR("居委会")));
        if (d->code / 100000000 != 3303 && d->code / 100000 != 3303)
            continue;
        unsigned len;
        for (const char *p = d->name.ptr, *end = p + d->name.len; p < end; p += len)
            assert_true(zm_han_standard(zm_utf8_next(p, end, &len)));
    }
}

static void knows_the_history_of_longgang(void **state)
{
    (void)state;
    const struct zm_division *town = zm_division_at(&all, 330327101, 20190101);
    assert_non_null(town);
    assert_true(zm_str_eq(town->name, ZM_STR("龙港镇")));
    assert_int_equal(town->successor, 330383);
    assert_null(zm_division_at(&all, 330327101, 20200101));
    assert_null(zm_division_at(&all, 330383, 20180101));
    assert_non_null(zm_division_at(&all, 330383, 20200101));
    assert_non_null(zm_division_at(&all, 330327101, 0));
    /* The placeholder between the city and its communities says that it is none. */
    assert_true(zm_division_at(&all, 330383198, 0)->note.len > 0);
    assert_null(zm_division_at(&all, 330399, 0));
    assert_null(zm_division_at(&all, 999999999999, 0));
    assert_null(zm_division_at(&all, 0, 0));
}

static void codes_have_levels_and_parents(void **state)
{
    (void)state;
    static const struct {
        uint64_t code, parent;
        int level;
    } cases[] = {
        {330302006044, 330302006, ZM_COMMITTEE},
        {330302006, 330302, ZM_TOWN},
        {330302, 3303, ZM_COUNTY},
        {3303, 33, ZM_CITY},
        {33, 0, ZM_PROVINCE},
        {0, 0, 0},
        {33030, 0, 0},
        {3303020060440, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(zm_division_level_of(cases[i].code), cases[i].level);
        assert_int_equal(zm_division_parent(cases[i].code), cases[i].parent);
    }
}

static bool is_current_name(uint32_t county, struct zm_str name)
{
    for (uint32_t i = 0; i < all.n; i++)
        if (all.rows[i].code / 1000 == county && all.rows[i].valid_to == 0 &&
            zm_str_eq(all.rows[i].name, name))
            return true;
    return false;
}

static void retired_names_are_sound(void **state)
{
    (void)state;
    struct zm_retired_names retired;
    assert_int_equal(zm_retired_names_init(&retired, NULL), 0);
    assert_true(retired.n > 50);
    for (uint32_t i = 0; i < retired.n; i++) {
        const struct zm_retired_name *r = &retired.rows[i];
        assert_non_null(zm_division_at(&all, r->county, 0));
        assert_false(is_current_name(r->county, r->name));
        assert_true(r->successor == 0 || zm_str_has(r->successors, ZM_STR("3303")));
        struct zm_str rest = r->successors;
        uint64_t code = 0;
        while (rest.len && rest.ptr) {
            assert_true(zm_str_to_u64(zm_str_cut(&rest, ' '), &code));
            assert_non_null(zm_division_at(&all, code, RELEASE));
        }
        if (i > 0 && retired.rows[i - 1].county == r->county)
            assert_true(zm_str_cmp(retired.rows[i - 1].name, r->name) < 0);
    }
    zm_retired_names_release(&retired);
}

static void fails_cleanly_without_memory(void **state)
{
    (void)state;
    for (long k = 1; k <= 3; k++) {
        struct zm_divisions d;
        struct zm_retired_names r;
        zm_mem_fail_at(k);
        assert_int_equal(zm_divisions_init(&d, NULL), ZM_E_MEMORY);
        zm_mem_fail_at(k);
        assert_int_equal(zm_retired_names_init(&r, NULL), ZM_E_MEMORY);
        zm_mem_fail_at(0);
    }
}

static void standard_characters(void **state)
{
    (void)state;
    unsigned n = 0;
    for (uint32_t code = 0; code < 0x40000; code++)
        n += zm_han_standard(code);
    assert_int_equal(n, 8105 + 7);
    assert_true(zm_han_standard(0x57AE));  /* 垮 */
    assert_true(zm_han_standard(0x578E));  /* 垎, common names of the second and third level */
    assert_false(zm_han_standard(0x56CD)); /* 囍 */
    assert_true(zm_han_standard(0x5775));  /* 坵: local */
    assert_false(zm_han_standard('A'));
    assert_false(zm_han_standard(0xFFFFFFFF));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_counts_of_the_release),
        cmocka_unit_test(parents_exist),
        cmocka_unit_test(successors_lead_to_a_valid_division),
        cmocka_unit_test(dates_are_sane),
        cmocka_unit_test(names_are_whole_and_standard),
        cmocka_unit_test(knows_the_history_of_longgang),
        cmocka_unit_test(codes_have_levels_and_parents),
        cmocka_unit_test(retired_names_are_sound),
        cmocka_unit_test(fails_cleanly_without_memory),
        cmocka_unit_test(standard_characters),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
