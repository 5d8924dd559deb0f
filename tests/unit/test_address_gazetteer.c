#include "geo/address/gazetteer_names.h"
#include "geo/base/mem.h"
#include "geo/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static uint32_t chars(const char *text, uint32_t *cp)
{
    const char *p = text, *end = p + strlen(p);
    uint32_t n = 0;
    for (unsigned len; p < end; p += len)
        cp[n++] = zm_utf8_next(p, end, &len);
    return n;
}

static uint32_t walk(const struct zm_trie *t, const char *text)
{
    uint32_t cp[64], n = chars(text, cp), node = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!(node = zm_trie_step(t, node, cp[i])))
            return 0;
    return node;
}

static void trie_holds_what_was_added(void **state)
{
    static const char *const keys[] = {"公园路", "公园", "公", "五马街", "五马", "五马街道", "公园路"};
    (void)state;
    struct zm_trie t;
    uint32_t cp[64];
    zm_trie_init(&t);
    for (uint32_t i = 0; i < 7; i++)
        assert_int_equal(zm_trie_add(&t, cp, chars(keys[i], cp), i, NULL), 0);
    assert_int_equal(zm_trie_add(&t, cp, chars("公园", cp), 1, NULL), 0); /* a double */
    assert_int_equal(zm_trie_freeze(&t, NULL), 0);
    for (uint32_t i = 0; i < 7; i++) {
        uint32_t node = walk(&t, keys[i]);
        assert_true(node != 0);
        assert_int_equal(t.nodes[node].n_values, i == 0 || i == 6 ? 2 : 1);
    }
    assert_int_equal(walk(&t, "公路"), 0);
    assert_int_equal(t.nodes[walk(&t, "五")].n_values, 0);
    zm_trie_release(&t);
}

static void trie_may_be_empty(void **state)
{
    (void)state;
    struct zm_trie t;
    zm_trie_init(&t);
    assert_int_equal(zm_trie_freeze(&t, NULL), 0);
    assert_int_equal(walk(&t, "路"), 0);
    zm_trie_release(&t);
}

static void nearest_is_one_step_away(void **state)
{
    static const struct {
        uint64_t parent;
        const char *written, *nearest; /* "" = none */
    } cases[] = {
        {330326, "敖江镇", "鳌江镇"},
        {330327, "临溪镇", "灵溪镇"},
        {330302, "双屿镇", "双屿街道"},
        {330302, "五马街道", "五马街道"},
        {330302, "长江镇", ""},
        {3303, "鹿诚区", "鹿城区"},
        {330381101, "肇平垟下社区", "肇平垟下村"},
        {330327, "马路边镇", ""},
    };
    (void)state;
    struct zm_divisions d;
    struct zm_gazetteer *g;
    assert_int_equal(zm_divisions_init(&d, NULL), 0);
    assert_int_equal(zm_gazetteer_new(&g, &d, 20250630, NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t cp[64], n = chars(cases[i].written, cp);
        const struct zm_division *near = zm_gazetteer_nearest(g, cases[i].parent, cp, n);
        struct zm_str name = near ? near->name : ZM_STR("");
        if (!zm_str_eq(name, zm_str(cases[i].nearest)))
            fail_msg("%s: nearest is '%.*s'", cases[i].written, ZM_FMT(name));
    }
    zm_gazetteer_free(g);
    zm_divisions_release(&d);
}

static void frozen_takes_no_more(void **state)
{
    (void)state;
    struct zm_divisions d;
    struct zm_gazetteer *g;
    assert_int_equal(zm_divisions_init(&d, NULL), 0);
    assert_int_equal(zm_gazetteer_new(&g, &d, 20250630, NULL), 0);
    assert_int_equal(zm_gazetteer_add_road(g, 330302, ZM_STR("公园路"), NULL), 0);
    assert_int_equal(zm_gazetteer_freeze(g, NULL), 0);
    assert_int_equal(zm_gazetteer_freeze(g, NULL), 0);
    assert_int_equal(zm_gazetteer_add_road(g, 330302, ZM_STR("人民路"), NULL), ZM_E_INTERNAL);
    zm_gazetteer_free(g);
    zm_divisions_release(&d);
}

static int make_and_drop(const struct zm_divisions *d)
{
    struct zm_gazetteer *g = NULL;
    int rc = zm_gazetteer_new(&g, d, 20250630, NULL);
    if (!rc)
        rc = zm_gazetteer_add_road(g, 0, ZM_STR("公园路"), NULL);
    if (!rc)
        rc = zm_gazetteer_freeze(g, NULL);
    zm_gazetteer_free(g);
    return rc;
}

static void fails_cleanly(void **state)
{
    (void)state;
    struct zm_divisions d;
    assert_int_equal(zm_divisions_init(&d, NULL), 0);
    for (long k = 1; k < 200; k++) {
        zm_mem_fail_at(k);
        int rc = make_and_drop(&d);
        zm_mem_fail_at(0);
        if (rc == 0) {
            assert_true(k > 5);
            break;
        }
        assert_int_equal(rc, ZM_E_MEMORY);
    }
    zm_divisions_release(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trie_holds_what_was_added),
        cmocka_unit_test(trie_may_be_empty),
        cmocka_unit_test(nearest_is_one_step_away),
        cmocka_unit_test(frozen_takes_no_more),
        cmocka_unit_test(fails_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
