/* Addresses and findings through the spool: the same after it, and cut bytes are refused. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/base/mem.h"
#include "geo/record/address.h"
#include "geo/record/finding.h"
#include "geo/record/kind.h"

#include <stdlib.h>

/* An address with something in every member, different for each seed. */
static struct zm_address make_address(uint32_t seed, char names[ZM_ADDRESS_TEXTS][8])
{
    struct zm_address a = {.row = seed + 1,
                           .key = UINT64_C(3) * seed,
                           .lon = 120.5 + seed,
                           .lat = 28 + seed,
                           .acc_m = 10,
                           .score = 0.5f,
                           .source = seed,
                           .point_county = 330302,
                           .point_town = 330302006,
                           .valid_from = 20200101,
                           .valid_to = 20250101,
                           .upd_date = 20240101,
                           .level = 3,
                           .status = ZM_STATUS_ACTIVE,
                           .pos_src = ZM_POS_PICKED,
                           .severity = ZM_WARNING};
    struct zm_str *texts[ZM_ADDRESS_TEXTS];
    a.tuple.county = 330302;
    a.tuple.town = 330302006;
    a.tuple.committee = 330302006044;
    zm_rule_bits_set(&a.rules, 0);
    zm_rule_bits_set(&a.rules, ZM_N_RULES - 1);
    zm_address_texts(&a, texts);
    for (unsigned i = 0; i < ZM_ADDRESS_TEXTS; i++) {
        names[i][0] = (char)('a' + i);
        names[i][1] = (char)('0' + seed % 10);
        *texts[i] = zm_str_n(names[i], (i + seed) % 3);
    }
    return a;
}

static void same_address(struct zm_address *a, struct zm_address *b)
{
    struct zm_str *x[ZM_ADDRESS_TEXTS], *y[ZM_ADDRESS_TEXTS];
    zm_address_texts(a, x);
    zm_address_texts(b, y);
    for (unsigned i = 0; i < ZM_ADDRESS_TEXTS; i++)
        assert_true(zm_str_eq(*x[i], *y[i]));
    assert_true(zm_tuple_eq(&a->tuple, &b->tuple));
    assert_true(a->row == b->row && a->key == b->key && a->lon == b->lon && a->lat == b->lat);
    assert_true(a->acc_m == b->acc_m && a->score == b->score && a->source == b->source);
    assert_true(a->point_county == b->point_county && a->point_town == b->point_town);
    assert_true(a->valid_from == b->valid_from && a->valid_to == b->valid_to && a->upd_date == b->upd_date);
    assert_true(a->level == b->level && a->status == b->status && a->pos_src == b->pos_src &&
                a->severity == b->severity);
    assert_memory_equal(&a->rules, &b->rules, sizeof a->rules);
}

/* All texts of an address are listed, none twice. */
static void test_address_texts(void **state)
{
    (void)state;
    struct zm_address a;
    struct zm_str *texts[ZM_ADDRESS_TEXTS];
    zm_address_texts(&a, texts);
    for (unsigned i = 0; i < ZM_ADDRESS_TEXTS; i++) {
        assert_true((char *)texts[i] >= (char *)&a && (char *)(texts[i] + 1) <= (char *)(&a + 1));
        for (unsigned j = 0; j < i; j++)
            assert_ptr_not_equal(texts[i], texts[j]);
    }
}

static void test_addresses(void **state)
{
    (void)state;
    enum { N = 50 };
    char names[ZM_ADDRESS_TEXTS][8] = {{0}};
    struct zm_buf b;
    zm_buf_init(&b, 1 << 20);
    for (uint32_t i = 0; i < N; i++) {
        struct zm_address a = make_address(i, names);
        assert_int_equal(zm_address_encode(&a, &b, NULL), 0);
    }
    size_t at = 0;
    for (uint32_t i = 0; i < N; i++) {
        struct zm_address a = make_address(i, names), back;
        memset(&back, 0xAA, sizeof back);
        assert_true(zm_address_decode(&back, zm_buf_str(&b), &at));
        same_address(&a, &back);
        assert_true(zm_rule_bits_has(&back.rules, 0) && zm_rule_bits_has(&back.rules, ZM_N_RULES - 1) &&
                    !zm_rule_bits_has(&back.rules, 1));
    }
    assert_int_equal(at, b.len);
    struct zm_address back;
    assert_false(zm_address_decode(&back, zm_buf_str(&b), &at));
    assert_int_equal(at, b.len);
    at = 0;
    for (uint32_t i = 0; i < N; i++) {
        struct zm_address a = make_address(i, names);
        assert_true(zm_address_peek(&back, zm_buf_str(&b), &at));
        assert_true(back.row == a.row && back.source == a.source);
    }
    assert_int_equal(at, b.len);
    assert_false(zm_address_peek(&back, zm_buf_str(&b), &at));
    zm_buf_release(&b);
    struct zm_address a = {.point_county = 330303};
    assert_int_equal(zm_address_county(&a), 330303);
    a.tuple.county = 330302;
    assert_int_equal(zm_address_county(&a), 330302);
}

static void test_findings(void **state)
{
    (void)state;
    struct zm_buf b;
    zm_buf_init(&b, 1 << 20);
    for (uint32_t i = 0; i < 20; i++) {
        struct zm_finding f = {.row = i,
                               .lon = 120,
                               .lat = 28,
                               .source = 2,
                               .county = 330302,
                               .town = 330302006,
                               .rule = (uint16_t)(i % ZM_N_RULES),
                               .severity = ZM_ERROR,
                               .field = ZM_FIELD_NONE,
                               .fixed = i % 2,
                               .kind = 1,
                               .args = ZM_STR("a\x1f"
                                              "b"),
                               .cause = i % 3 ? ZM_STR("人民路") : zm_str(NULL),
                               .text = ZM_STR("锦绣路12号")};
        assert_int_equal(zm_finding_encode(&f, &b, NULL), 0);
    }
    size_t at = 0;
    for (uint32_t i = 0; i < 20; i++) {
        struct zm_finding f;
        assert_true(zm_finding_decode(&f, zm_buf_str(&b), &at));
        assert_true(f.row == i && f.lon == 120 && f.lat == 28 && f.source == 2 && f.county == 330302 &&
                    f.town == 330302006);
        assert_true(f.rule == i % ZM_N_RULES && f.severity == ZM_ERROR && f.field == ZM_FIELD_NONE &&
                    f.fixed == i % 2 && f.kind == 1);
        assert_true(zm_str_eq(f.args, ZM_STR("a\x1f"
                                             "b")) &&
                    zm_str_eq(f.text, ZM_STR("锦绣路12号")));
        assert_true(zm_str_eq(f.cause, i % 3 ? ZM_STR("人民路") : ZM_STR("")));
    }
    assert_int_equal(at, b.len);
    assert_false(zm_finding_decode(&(struct zm_finding){0}, zm_buf_str(&b), &at));
    zm_buf_release(&b);
    zm_mem_fail_at(1);
    struct zm_finding f = {.row = 1};
    assert_int_equal(zm_finding_encode(&f, &b, NULL), ZM_E_MEMORY);
    zm_mem_fail_at(0);
    assert_int_equal(b.len, 0);
}

/* Cut anywhere, from a block that ends there; lengths turned to nonsense. */
static void test_damaged(void **state)
{
    (void)state;
    char names[ZM_ADDRESS_TEXTS][8] = {{0}};
    struct zm_buf b;
    zm_buf_init(&b, 1 << 20);
    struct zm_address a = make_address(4, names), back;
    assert_int_equal(zm_address_encode(&a, &b, NULL), 0);
    for (size_t cut = 0; cut < b.len; cut++) {
        char *copy = malloc(cut ? cut : 1);
        memcpy(copy, b.ptr, cut);
        size_t at = 0;
        assert_false(zm_address_decode(&back, zm_str_n(copy, cut), &at));
        assert_int_equal(at, 0);
        free(copy);
    }
    size_t behind = b.len + 1;
    assert_false(zm_address_decode(&back, zm_buf_str(&b), &behind));
    char *copy = malloc(b.len);
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        memcpy(copy, b.ptr, b.len);
        copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
        size_t at = 0;
        if (!zm_address_decode(&back, zm_str_n(copy, b.len), &at))
            continue;
        struct zm_str *texts[ZM_ADDRESS_TEXTS];
        zm_address_texts(&back, texts);
        for (unsigned i = 0; i < ZM_ADDRESS_TEXTS; i++)
            assert_true(texts[i]->ptr >= copy && texts[i]->len <= (size_t)(copy + b.len - texts[i]->ptr));
    }
    free(copy);
    zm_buf_release(&b);
}

static void test_full_spool(void **state)
{
    (void)state;
    char names[ZM_ADDRESS_TEXTS][8] = {{0}};
    struct zm_address a = make_address(1, names);
    struct zm_buf b;
    zm_buf_init(&b, 1000);
    int n = 0;
    while (zm_address_encode(&a, &b, NULL) == 0)
        n++;
    assert_true(n >= 1);
    size_t at = 0;
    for (struct zm_address back; zm_address_decode(&back, zm_buf_str(&b), &at); n--)
        same_address(&a, &back);
    assert_int_equal(n, 0); /* no half record */
    assert_int_equal(at, b.len);
    zm_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_texts), cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_findings),      cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_full_spool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
