/* Texts: every key is found, every key the records need exists, and messages are filled as documented. */
#include "geo/base/buf.h"
#include "geo/record/batch.h"
#include "geo/tables/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void keys_are_sorted_and_each_is_found(void **state)
{
    (void)state;
    struct zm_tsv t;
    assert_int_equal(zm_tsv_init(&t, "text.tsv", zm_tables_embedded("text.tsv"), NULL), 0);
    for (uint32_t i = 0; i < t.n_rows; i++) {
        struct zm_str key = zm_tsv_cell(&t, i, 0), zh = zm_tsv_cell(&t, i, 1);
        assert_true(zh.len > 0);
        if (i > 0)
            assert_true(zm_str_cmp(zm_tsv_cell(&t, i - 1, 0), key) < 0);
        assert_ptr_equal(zm_text_of("", key).ptr, zh.ptr);
    }
    zm_tsv_release(&t);
}

static void families_join_with_names(void **state)
{
    (void)state;
    assert_true(zm_str_eq(zm_text_of("field.address.", ZM_STR("lon")), ZM_STR("经度")));
    assert_true(zm_str_eq(zm_text("field.address.lon"), ZM_STR("经度")));
    assert_true(zm_str_eq(zm_text("no.such.key"), ZM_STR("no.such.key")));
    assert_true(zm_str_eq(zm_text(""), ZM_STR("")));
    assert_true(zm_str_eq(zm_text("zzzz"), ZM_STR("zzzz")));
    assert_true(zm_str_eq(zm_text_of("field.address.", ZM_STR("nothing")), ZM_STR("nothing")));
}

/* A text that is missing comes back as the name it was asked for. */
static void assert_text(const char *family, const char *name)
{
    struct zm_str s = zm_text_of(family, zm_str(name));
    if (zm_str_eq(s, zm_str(name)))
        print_error("text.tsv has no %s%s\n", family, name);
    assert_false(zm_str_eq(s, zm_str(name)));
}

static void records_have_all_their_texts(void **state)
{
    (void)state;
    for (int kind = 0; kind < ZM_N_KINDS; kind++) {
        unsigned n;
        const struct zm_field *fields = zm_kind_fields((enum zm_kind)kind, &n);
        char family[64];
        snprintf(family, sizeof family, "field.%s.", zm_kind_name((enum zm_kind)kind));
        assert_text("kind.", zm_kind_name((enum zm_kind)kind));
        for (unsigned i = 0; i < n; i++)
            assert_text(family, fields[i].name);
    }
    for (int reason = 0; reason < ZM_N_REASONS; reason++)
        assert_text("reason.", zm_reason_name((enum zm_reason)reason));
}

/* Coded values are shown under the name of their field: status.active, pos_src.picked, level.3. */
static void coded_values_have_texts(void **state)
{
    (void)state;
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(ZM_KIND_ADDRESS, &n);
    for (unsigned i = 0; i < n; i++) {
        struct zm_str rest = fields[i].values ? zm_str(fields[i].values) : (struct zm_str){0};
        while (rest.ptr) {
            struct zm_str value = zm_str_cut(&rest, '|');
            char family[64], name[64];
            snprintf(family, sizeof family, "%s.", fields[i].name);
            snprintf(name, sizeof name, "%.*s", ZM_FMT(value));
            assert_text(family, name);
        }
    }
}

static void messages_are_filled(void **state)
{
    (void)state;
    static const struct {
        const char *template_zh, *args, *text;
    } cases[] = {
        {"{0}到{1}",
         "a\x1f"
         "b",
         "a到b"},
        {"{1}{0}{1}",
         "a\x1f"
         "b",
         "bab"},
        {"无参数", "", "无参数"},
        {"缺{2}", "a", "缺"},
        {"{x} {0", "a", "{x} {0"},
        {"“{0}”[，现为{1}（{2}）]。", "甲", "“甲”。"},
        {"“{0}”[，现为{1}（{2}）]。", "甲\x1f乙\x1f", "“甲”。"},
        {"“{0}”[，现为{1}（{2}）]。",
         "甲\x1f乙\x1f"
         "330302",
         "“甲”，现为乙（330302）。"},
        {"[{0}]", "", ""},
        {"没有坐标：{0}", "position.zero", "没有坐标：坐标为 0"},
        {"缺{0}", "county,town", "缺县（市、区）、乡镇（街道）"},
        {"{0}", "county,nothing", "county,nothing"},
        {"{0}", "12a", "12a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_buf out;
        zm_buf_init(&out, 1024);
        assert_int_equal(zm_text_fill(&out, zm_str(cases[i].template_zh), zm_str(cases[i].args), NULL), 0);
        struct zm_str got = zm_buf_str(&out);
        if (!zm_str_eq(got, zm_str(cases[i].text)))
            print_error("case %zu: %.*s\n", i, ZM_FMT(got));
        assert_true(zm_str_eq(got, zm_str(cases[i].text)));
        zm_buf_release(&out);
    }
}

static void a_full_buffer_is_an_error(void **state)
{
    (void)state;
    struct zm_buf out;
    zm_buf_init(&out, 4);
    assert_int_equal(zm_text_fill(&out, ZM_STR("12345"), ZM_STR(""), NULL), ZM_E_MEMORY);
    assert_int_equal(zm_text_fill(&out, ZM_STR("{0}"), ZM_STR("12345"), NULL), ZM_E_MEMORY);
    zm_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_sorted_and_each_is_found),
        cmocka_unit_test(families_join_with_names),
        cmocka_unit_test(records_have_all_their_texts),
        cmocka_unit_test(coded_values_have_texts),
        cmocka_unit_test(messages_are_filled),
        cmocka_unit_test(a_full_buffer_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
