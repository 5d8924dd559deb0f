/* Packed rows come out of a block as they went in: values at the borders of every size of integer, texts of
 * any length, with and without a point. */
#include "export/packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int64_t integers[] = {0,         1,        -1,        2,         127,       -128,
                                   128,       -129,     32767,     32768,     -32769,    8388607,
                                   8388608,   -8388609, INT32_MAX, INT32_MIN, 1ll << 47, -(1ll << 47) - 1,
                                   INT64_MAX, INT64_MIN};

static void fill(struct zm_row *row, char *text, size_t len, bool has_point)
{
    zm_row_start(row);
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        zm_row_put(row, zm_cell_int(integers[i]));
    memset(text, 'x', len);
    zm_row_put(row, zm_cell_text(zm_str_n(text, len)));
    zm_row_put(row, zm_cell_real(-0.125));
    zm_row_put(row, zm_cell_blob(zm_str_n("\0\1", 2)));
    zm_row_put(row, zm_cell_text(ZM_STR("")));
    row->has_point = has_point;
    row->lon = has_point ? 120.5 : 0;
    row->lat = has_point ? 28.25 : 0;
}

static void expect_equal(const struct zm_row *a, const struct zm_row *b)
{
    assert_int_equal(a->n_cells, b->n_cells);
    assert_int_equal(a->has_point, b->has_point);
    assert_memory_equal(&a->lon, &b->lon, sizeof a->lon);
    assert_memory_equal(&a->lat, &b->lat, sizeof a->lat);
    for (unsigned i = 0; i < a->n_cells; i++) {
        const struct zm_cell *x = &a->cells[i], *y = &b->cells[i];
        assert_int_equal(x->type, y->type);
        if (x->type == ZM_CELL_INT)
            assert_int_equal(x->integer, y->integer);
        else if (x->type == ZM_CELL_REAL)
            assert_memory_equal(&x->real, &y->real, sizeof x->real);
        else if (x->type != ZM_CELL_NULL)
            assert_true(zm_str_eq(x->text, y->text));
    }
}

static void test_rows_come_out_as_they_went_in(void **state)
{
    static const size_t lengths[] = {1, 57, 58, 8185, 8186, 70000};
    static char text[70000];
    static struct zm_row in, out;
    struct zm_buf block;
    (void)state;
    zm_buf_init(&block, 1 << 20);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const struct zm_layer *layer = i % 2 ? &zm_layer_address : &zm_layer_fixed;
        fill(&in, text, lengths[i], i % 2);
        assert_int_equal(zm_packed_put(&block, (unsigned)i, layer, &in, NULL), 0);
    }
    struct zm_str rest = zm_buf_str(&block);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct zm_packed_row packed = zm_packed_next(&rest);
        assert_int_equal(packed.layer, i);
        fill(&in, text, lengths[i], i % 2);
        assert_int_equal(zm_packed_open(&packed, i % 2 ? &zm_layer_address : &zm_layer_fixed, &out, NULL), 0);
        expect_equal(&in, &out);
    }
    assert_int_equal(rest.len, 0);
    zm_buf_release(&block);
}

static void test_a_broken_record_is_an_error(void **state)
{
    static struct zm_row row;
    static char text[100];
    struct zm_buf record;
    struct zm_cell cells[ZM_ROW_CELLS_MAX];
    struct zm_err err;
    unsigned n = 0;
    (void)state;
    fill(&row, text, sizeof text, false);
    zm_buf_init(&record, 1 << 16);
    assert_int_equal(zm_record_put(&record, row.cells, row.n_cells, NULL), 0);
    struct zm_str cut = zm_str_sub(zm_buf_str(&record), 0, record.len - 1);
    assert_int_equal(zm_record_get(cut, 0, cells, ZM_ROW_CELLS_MAX, &n, &err), ZM_E_INTERNAL);
    assert_int_equal(zm_record_get(zm_buf_str(&record), 0, cells, 3, &n, &err), ZM_E_INTERNAL);
    assert_int_equal(n, 0);
    assert_int_equal(zm_record_get(zm_buf_str(&record), 2, cells, ZM_ROW_CELLS_MAX, &n, &err), 0);
    assert_int_equal(n, row.n_cells - 2);
    assert_int_equal(cells[0].integer, integers[2]);
    zm_buf_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_come_out_as_they_went_in),
                                       cmocka_unit_test(test_a_broken_record_is_an_error)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
