/* Tuples, kinds and their fields, accounts. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/record/account.h"
#include "geo/record/kind.h"
#include "geo/record/tuple.h"

static int sign(int v)
{
    return (v > 0) - (v < 0);
}

/* Each is smaller than all behind it. A text without digits in front counts as 0 there. */
static void test_number_order(void **state)
{
    (void)state;
    static const char *const ascending[] = {
        "",
        "-1",
        "-2",
        "A",
        "A2",
        "A12",
        "B1",
        "1",
        "2",
        "9",
        "12",
        "12-1",
        "12-2",
        "12-14",
        "12A",
        "12B",
        "12之1",
        "13",
        "0100",
        "100",
        "100A",
        "99999999999999999998",
        "99999999999999999999",
    };
    enum { N = sizeof ascending / sizeof *ascending };
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            int obtained = sign(zm_number_cmp(zm_str(ascending[i]), zm_str(ascending[j])));
            if (obtained != sign(i - j))
                fail_msg("'%s' against '%s': %d", ascending[i], ascending[j], obtained);
        }
    }
}

/* A total order on all texts of up to three letters: antisymmetric, transitive, 0 only for equal texts. */
static void test_number_order_is_total(void **state)
{
    (void)state;
    static const char letters[] = "019A-";
    static char texts[200][4];
    int n = 1;
    for (int len = 1, begin = 0; len <= 3; len++) {
        int end = n;
        for (int i = begin; i < end; i++) {
            if (strlen(texts[i]) != (size_t)len - 1)
                continue;
            for (int k = 0; k < 5; k++) {
                memcpy(texts[n], texts[i], (size_t)len);
                texts[n][len - 1] = letters[k];
                texts[n++][len] = '\0';
            }
        }
        begin = end - (end == 1);
    }
    assert_int_equal(n, 1 + 5 + 25 + 125);
    static int8_t order[200][200];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            order[i][j] = (int8_t)sign(zm_number_cmp(zm_str(texts[i]), zm_str(texts[j])));
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            if (order[i][j] != -order[j][i] || (order[i][j] == 0) != (i == j))
                fail_msg("'%s' against '%s': %d and back %d", texts[i], texts[j], order[i][j], order[j][i]);
            for (int k = 0; k < n; k++)
                if (order[i][j] < 0 && order[j][k] < 0 && order[i][k] >= 0)
                    fail_msg("'%s' < '%s' < '%s', but not the first and the last", texts[i], texts[j],
                             texts[k]);
        }
    }
}

static struct zm_tuple sample(void)
{
    return (struct zm_tuple){.county = 330302,
                             .town = 330302006,
                             .committee = 330302006044,
                             .road = ZM_STR("锦绣路"),
                             .number = ZM_STR("210"),
                             .building = ZM_STR("3"),
                             .room = ZM_STR("302")};
}

/* A change of any one member is seen by eq, cmp and key alike. */
static void test_tuple_members(void **state)
{
    (void)state;
    struct zm_tuple a = sample(), b = sample();
    assert_true(zm_tuple_eq(&a, &b));
    assert_int_equal(zm_tuple_cmp(&a, &b), 0);
    assert_int_equal(zm_tuple_key(&a), zm_tuple_key(&b));
    for (unsigned i = 0; i < ZM_TUPLE_TEXTS; i++) {
        struct zm_str *texts[ZM_TUPLE_TEXTS];
        b = sample();
        zm_tuple_texts(&b, texts);
        *texts[i] = ZM_STR("999");
        assert_false(zm_tuple_eq(&a, &b));
        assert_int_not_equal(zm_tuple_cmp(&a, &b), 0);
        assert_int_equal(sign(zm_tuple_cmp(&a, &b)), -sign(zm_tuple_cmp(&b, &a)));
        assert_int_not_equal(zm_tuple_key(&a), zm_tuple_key(&b));
        assert_true(strlen(zm_tuple_text_name(i)) >= 3);
    }
    assert_string_equal(zm_tuple_text_name(0), "road");
    assert_string_equal(zm_tuple_text_name(9), "room");
    assert_string_equal(zm_tuple_text_name(10), "");
    for (int i = 0; i < 3; i++) {
        b = sample();
        b.county += i == 0;
        b.town += i == 1;
        b.committee += i == 2;
        assert_false(zm_tuple_eq(&a, &b));
        assert_true(zm_tuple_cmp(&a, &b) < 0);
        assert_int_not_equal(zm_tuple_key(&a), zm_tuple_key(&b));
    }
}

static void test_tuple_order_and_key(void **state)
{
    (void)state;
    struct zm_tuple a = sample(), b = sample();
    a.number = ZM_STR("9");
    b.number = ZM_STR("12");
    assert_true(zm_tuple_cmp(&a, &b) < 0); /* by value */
    b.county = 330303;
    a.number = ZM_STR("99");
    assert_true(zm_tuple_cmp(&a, &b) < 0); /* codes first */
    struct zm_tuple road = {.road = ZM_STR("12")}, number = {.number = ZM_STR("12")}, none = {0};
    assert_int_not_equal(zm_tuple_key(&road), zm_tuple_key(&number));
    assert_int_not_equal(zm_tuple_key(&road), zm_tuple_key(&none));
    struct zm_tuple empty = {.road = {"", 0}};
    assert_true(zm_tuple_eq(&none, &empty)); /* no text and an empty text are one */
    assert_int_equal(zm_tuple_key(&none), zm_tuple_key(&empty));
    struct zm_tuple split = {.road = ZM_STR("ab"), .village = ZM_STR("c")},
                    other = {.road = ZM_STR("a"), .village = ZM_STR("bc")};
    assert_int_not_equal(zm_tuple_key(&split), zm_tuple_key(&other));
}

static void test_tuple_level(void **state)
{
    (void)state;
    struct zm_tuple t = {.county = 330302, .road = ZM_STR("锦绣路")};
    assert_int_equal(zm_tuple_level(&t), 0);
    t.estate = ZM_STR("南国大厦");
    assert_int_equal(zm_tuple_level(&t), 1);
    t.number = ZM_STR("1");
    assert_int_equal(zm_tuple_level(&t), 1);
    t.building = ZM_STR("1");
    assert_int_equal(zm_tuple_level(&t), 2);
    t.unit = ZM_STR("1");
    assert_int_equal(zm_tuple_level(&t), 3);
    t.floor = ZM_STR("1");
    assert_int_equal(zm_tuple_level(&t), 4);
    t.room = ZM_STR("1");
    assert_int_equal(zm_tuple_level(&t), 5);
}

static void test_kinds(void **state)
{
    (void)state;
    for (unsigned k = 0; k < ZM_N_KINDS; k++) {
        enum zm_kind back;
        assert_true(zm_kind_parse(zm_str(zm_kind_name((enum zm_kind)k)), &back));
        assert_int_equal(back, k);
        unsigned n, found;
        const struct zm_field *f = zm_kind_fields((enum zm_kind)k, &n);
        assert_true(n <= ZM_FIELDS_MAX);
        assert_int_equal(f == NULL, n == 0);
        for (unsigned i = 0; i < n; i++) {
            assert_true(zm_field_find((enum zm_kind)k, zm_str(f[i].name), &found));
            assert_int_equal(found, i); /* also: no name twice */
            assert_int_equal(f[i].values != NULL, f[i].type == ZM_TYPE_ENUM);
            assert_non_null(f[i].synonyms);
        }
        assert_false(zm_field_find((enum zm_kind)k, ZM_STR("no such field"), &found));
    }
    enum zm_kind kind;
    assert_false(zm_kind_parse(ZM_STR("Address"), &kind));
    assert_false(zm_kind_parse(ZM_STR(""), &kind));
    assert_string_equal(zm_kind_name(ZM_N_KINDS), "");
    assert_int_equal(zm_enum_index("active|planned|retired", ZM_STR("retired")), 2);
    assert_int_equal(zm_enum_index("active|planned|retired", ZM_STR("plan")), -1);
    assert_int_equal(zm_enum_index("active|planned|retired", ZM_STR("")), -1);
    assert_int_equal(zm_enum_index("active|planned|retired", ZM_STR("active|planned")), -1);
}

/* A column title may stand for one field of a kind only. */
static void test_synonyms_are_unique(void **state)
{
    (void)state;
    for (unsigned k = 0; k < ZM_N_KINDS; k++) {
        unsigned n;
        const struct zm_field *f = zm_kind_fields((enum zm_kind)k, &n);
        for (unsigned i = 0; i < n; i++) {
            for (struct zm_str rest = zm_str(f[i].synonyms); rest.ptr;) {
                struct zm_str title = zm_str_cut(&rest, '|');
                for (unsigned j = i + 1; title.len && j < n; j++)
                    if (zm_enum_index(f[j].synonyms, title) >= 0)
                        fail_msg("%s: '%.*s' stands for %s and %s", zm_kind_name((enum zm_kind)k),
                                 ZM_FMT(title), f[i].name, f[j].name);
            }
        }
    }
}

static void test_account(void **state)
{
    (void)state;
    struct zm_account a = {.rows_in = 10, .accepted = 5, .merged = 1}, sum = {0};
    a.rejected[ZM_REASON_RAGGED] = 1;
    a.rejected[ZM_REASON_NUL] = 1;
    a.quarantined[ZM_REASON_ERROR_RULE] = 2;
    a.personal_columns = 3;
    a.personal_values = 4;
    assert_true(zm_account_balances(&a));
    assert_int_equal(zm_account_rejected(&a), 2);
    assert_int_equal(zm_account_quarantined(&a), 2);
    zm_account_add(&sum, &a);
    zm_account_add(&sum, &a);
    assert_true(zm_account_balances(&sum));
    assert_true(sum.rows_in == 20 && sum.accepted == 10 && sum.merged == 2 && sum.personal_columns == 6 &&
                sum.personal_values == 8 && sum.rejected[ZM_REASON_NUL] == 2);
    a.rows_in++;
    assert_false(zm_account_balances(&a));
    assert_true(zm_account_balances(&(struct zm_account){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number_order),        cmocka_unit_test(test_number_order_is_total),
        cmocka_unit_test(test_tuple_members),       cmocka_unit_test(test_tuple_order_and_key),
        cmocka_unit_test(test_tuple_level),         cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_synonyms_are_unique), cmocka_unit_test(test_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
