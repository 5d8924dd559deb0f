/* Tables: what is a table, what is refused, and that a full heap fails cleanly. */
#include "geo/base/mem.h"
#include "geo/tables/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void reads_cells_and_skips_comments(void **state)
{
    (void)state;
    struct zm_str text = ZM_STR("# a comment\n\nname\tvalue\n# another\na\t1\nb\t\n");
    struct zm_tsv t;
    uint32_t value;
    assert_int_equal(zm_tsv_init(&t, "x.tsv", text, NULL), 0);
    assert_int_equal(t.n_rows, 2);
    assert_int_equal(t.n_cols, 2);
    assert_int_equal(zm_tsv_column(&t, "value", &value, NULL), 0);
    assert_true(zm_str_eq(zm_tsv_cell(&t, 0, value), ZM_STR("1")));
    assert_true(zm_str_eq(zm_tsv_cell(&t, 1, 0), ZM_STR("b")));
    assert_int_equal(zm_tsv_cell(&t, 1, value).len, 0);
    zm_tsv_release(&t);
}

static void refuses_what_is_no_table(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "no header"},
        {"# only a comment\n", "no header"},
        {"a\tb\n1\t2\n3\n", "x.tsv:3"},
        {"# c\na\tb\n\n1\t2\t3\n", "x.tsv:4"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zm_tsv t;
        struct zm_err err = {0};
        assert_int_equal(zm_tsv_init(&t, "x.tsv", zm_str(bad[i].text), &err), ZM_E_USAGE);
        assert_non_null(strstr(err.text, bad[i].says));
    }
}

static void names_the_missing_column(void **state)
{
    (void)state;
    struct zm_tsv t;
    struct zm_err err = {0};
    uint32_t column;
    assert_int_equal(zm_tsv_init(&t, "x.tsv", ZM_STR("a\tb\n"), NULL), 0);
    assert_int_equal(t.n_rows, 0);
    assert_int_equal(zm_tsv_column(&t, "c", &column, &err), ZM_E_USAGE);
    assert_non_null(strstr(err.text, "no column c"));
    zm_tsv_release(&t);
}

static void counts_cells_beyond_the_maximum(void **state)
{
    (void)state;
    struct zm_str cells[2] = {{0}};
    assert_int_equal(zm_tsv_split(ZM_STR("a\tb\tc"), cells, 2), 3);
    assert_true(zm_str_eq(cells[1], ZM_STR("b")));
    assert_int_equal(zm_tsv_split(ZM_STR(""), cells, 2), 1);
}

static void fails_cleanly_without_memory(void **state)
{
    (void)state;
    for (long k = 1; k <= 2; k++) {
        struct zm_tsv t;
        zm_mem_fail_at(k);
        assert_int_equal(zm_tsv_init(&t, "x.tsv", ZM_STR("a\n1\n"), NULL), ZM_E_MEMORY);
        zm_mem_fail_at(0);
    }
}

static void embeds_every_table_of_the_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"rules.tsv",    "text.tsv",      "divisions.tsv",
                                        "han8105.tsv",  "generics.tsv",  "synonyms.tsv",
                                        "examples.tsv", "sensitive.tsv", "retired_names.tsv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct zm_str text = zm_tables_embedded(names[i]);
        struct zm_tsv t;
        assert_non_null(text.ptr);
        assert_int_equal(zm_tsv_init(&t, names[i], text, NULL), 0);
        assert_true(t.n_rows > 0);
        assert_int_equal(text.ptr[text.len - 1], '\n');
        zm_tsv_release(&t);
    }
    assert_null(zm_tables_embedded("none.tsv").ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_cells_and_skips_comments), cmocka_unit_test(refuses_what_is_no_table),
        cmocka_unit_test(names_the_missing_column),       cmocka_unit_test(counts_cells_beyond_the_maximum),
        cmocka_unit_test(fails_cleanly_without_memory),   cmocka_unit_test(embeds_every_table_of_the_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
