/* The catalogue is complete and sound, and settings of a job change it as documented. */
#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/tables/rules.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* The catalogue's families in their order, and how many rules each has. */
static const struct {
    const char *name;
    unsigned n;
} families[] = {{"ADR", 43}, {"DPL", 20}, {"BND", 30}, {"PNM", 31}, {"SVY", 7},
                {"CRD", 13}, {"IMP", 6},  {"SRV", 5},  {"SYN", 1}};

static void ids_are_complete_and_in_order(void **state)
{
    (void)state;
    const struct zm_rule *rules = zm_rules();
    unsigned at = 0;
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        for (unsigned i = 1; i <= families[f].n; i++, at++) {
            char id[16];
            snprintf(id, sizeof id, "%s-%03u", families[f].name, i);
            assert_true(at < ZM_N_RULES);
            assert_true(zm_str_eq(rules[at].id, zm_str(id)));
        }
    }
    assert_int_equal(at, ZM_N_RULES);
    assert_true(zm_str_eq(rules[ZM_CRD_005].id, ZM_STR("CRD-005")));
}

static bool has_han(struct zm_str s)
{
    unsigned len;
    for (const char *p = s.ptr, *end = s.ptr + s.len; p < end; p += len)
        if (zm_is_han(zm_utf8_next(p, end, &len)))
            return true;
    return false;
}

static void every_rule_has_all_texts(void **state)
{
    (void)state;
    const struct zm_rule *rules = zm_rules();
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        const struct zm_rule *r = &rules[i];
        assert_true(has_han(r->title_zh) && has_han(r->message_zh) && has_han(r->suggestion_zh));
        assert_true(r->title_en.len && r->condition_en.len && r->source.len);
        assert_false(has_han(r->title_en));
        assert_true(zm_str_ends(r->message_zh, ZM_STR("。")));
        assert_true(zm_str_ends(r->suggestion_zh, ZM_STR("。")));
        assert_int_equal(zm_utf8_check(r->message_zh), SIZE_MAX);
        assert_true(isnan(r->threshold) == (r->unit.len == 0));
    }
}

/* Places are {0}, {1}, ... without a gap, and brackets pair. */
static void places_are_contiguous(void **state)
{
    (void)state;
    const struct zm_rule *rules = zm_rules();
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        struct zm_str m = rules[i].message_zh;
        unsigned seen = 0, depth = 0;
        for (size_t k = 0; k < m.len; k++) {
            if (m.ptr[k] == '{') {
                assert_true(k + 2 < m.len && m.ptr[k + 2] == '}');
                assert_in_range(m.ptr[k + 1], '0', '9');
                seen |= 1u << (m.ptr[k + 1] - '0');
            }
            depth += m.ptr[k] == '[';
            depth -= m.ptr[k] == ']';
            assert_true(depth <= 1);
        }
        assert_int_equal(depth, 0);
        assert_int_equal(seen & (seen + 1), 0);
    }
}

static void finds_rules_by_id(void **state)
{
    (void)state;
    enum zm_rule_id id = ZM_N_RULES;
    assert_true(zm_rule_find(ZM_STR("IMP-003"), &id));
    assert_int_equal(id, ZM_IMP_003);
    assert_false(zm_rule_find(ZM_STR("imp-003"), &id));
    assert_false(zm_rule_find(ZM_STR(""), &id));
    assert_int_equal(id, ZM_IMP_003);
}

static void severities_and_scopes_have_names(void **state)
{
    (void)state;
    for (int i = ZM_OFF; i <= ZM_ERROR; i++) {
        enum zm_severity s;
        assert_true(zm_severity_parse(zm_severity_name((enum zm_severity)i), &s));
        assert_int_equal(s, i);
    }
    enum zm_severity s = ZM_INFO;
    assert_false(zm_severity_parse(ZM_STR("Error"), &s));
    assert_true(zm_str_eq(zm_scope_name(ZM_SCOPE_SOURCE), ZM_STR("source")));
}

static void settings_override_city_and_county(void **state)
{
    (void)state;
    struct zm_rule_set s;
    const enum zm_severity off = ZM_OFF, info = ZM_INFO;
    const double near = 80;
    assert_int_equal(zm_rule_set_init(&s, NULL), 0);
    assert_int_equal(zm_rule_set_get(&s, ZM_ADR_009, 330381).severity, ZM_ERROR);
    assert_true(zm_rule_set_get(&s, ZM_ADR_009, 330381).threshold == 200);
    /* The county's setting is made first, and yet follows the city's in what it leaves open. */
    assert_int_equal(zm_rule_set_change(&s, ZM_ADR_009, 330381, &off, NULL, NULL), 0);
    assert_int_equal(zm_rule_set_change(&s, ZM_ADR_009, 0, &info, &near, NULL), 0);
    struct zm_rule_setting ruian = zm_rule_set_get(&s, ZM_ADR_009, 330381);
    struct zm_rule_setting lucheng = zm_rule_set_get(&s, ZM_ADR_009, 330302);
    assert_int_equal(ruian.severity, ZM_OFF);
    assert_true(ruian.threshold == 80);
    assert_int_equal(lucheng.severity, ZM_INFO);
    assert_int_equal(zm_rule_set_get(&s, ZM_ADR_010, 330381).severity, ZM_WARNING);
    zm_rule_set_release(&s);
}

static void finds_each_of_many_overrides(void **state)
{
    (void)state;
    enum { RULES = 40, COUNTIES = 12 };
    struct zm_rule_set s;
    assert_int_equal(zm_rule_set_init(&s, NULL), 0);
    for (unsigned k = 0; k < RULES * COUNTIES; k++) { /* 7 is prime to 480: every pair once, in no order */
        unsigned pair = k * 7 % (RULES * COUNTIES);
        double threshold = pair;
        assert_int_equal(zm_rule_set_change(&s, (enum zm_rule_id)(pair % RULES), 330302 + pair / RULES, NULL,
                                            &threshold, NULL),
                         0);
    }
    assert_int_equal(s.n_overrides, RULES * COUNTIES);
    for (unsigned pair = 0; pair < RULES * COUNTIES; pair++)
        assert_true(zm_rule_set_get(&s, (enum zm_rule_id)(pair % RULES), 330302 + pair / RULES).threshold ==
                    pair);
    assert_true(isnan(zm_rule_set_get(&s, ZM_ADR_001, 331121).threshold));
    zm_rule_set_release(&s);
}

static void overrides_have_a_limit(void **state)
{
    (void)state;
    struct zm_rule_set s;
    const enum zm_severity off = ZM_OFF;
    assert_int_equal(zm_rule_set_init(&s, NULL), 0);
    int rc = 0;
    for (uint32_t county = 330000; rc == 0 && county < 340000; county++)
        rc = zm_rule_set_change(&s, ZM_ADR_001, county, &off, NULL, NULL);
    assert_int_equal(rc, ZM_E_USAGE);
    zm_rule_set_release(&s);
}

static void override_fails_cleanly_without_memory(void **state)
{
    (void)state;
    struct zm_rule_set s;
    const enum zm_severity off = ZM_OFF;
    assert_int_equal(zm_rule_set_init(&s, NULL), 0);
    zm_mem_fail_at(1);
    assert_int_equal(zm_rule_set_change(&s, ZM_ADR_001, 330381, &off, NULL, NULL), ZM_E_MEMORY);
    zm_mem_fail_at(0);
    assert_int_equal(zm_rule_set_get(&s, ZM_ADR_001, 330381).severity, ZM_ERROR);
    zm_rule_set_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_complete_and_in_order),
        cmocka_unit_test(every_rule_has_all_texts),
        cmocka_unit_test(places_are_contiguous),
        cmocka_unit_test(finds_rules_by_id),
        cmocka_unit_test(severities_and_scopes_have_names),
        cmocka_unit_test(settings_override_city_and_county),
        cmocka_unit_test(finds_each_of_many_overrides),
        cmocka_unit_test(overrides_have_a_limit),
        cmocka_unit_test(override_fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
