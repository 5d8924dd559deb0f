/* The head of a file on its way from the reader child to `map`: samples without people, and a decoder that
 * believes nothing. */
#include "import/head.h"

/* cmocka needs these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdlib.h>

enum { N_ROWS = 30 };

static const struct zm_str columns[] = {ZM_STR("地址"), ZM_STR("姓名"), ZM_STR("备注")};

/* Thirty rows, every fifth refused. */
struct source {
    unsigned at;
    struct zm_str cells[3];
    char note[1000];
};

static int next_row(void *self, struct zm_raw_row *row, enum zm_row_state *state, struct zm_reject *reject,
                    struct zm_err *err)
{
    struct source *s = self;
    (void)err;
    *state = ++s->at > N_ROWS ? ZM_ROW_END : s->at % 5 == 0 ? ZM_ROW_REFUSED : ZM_ROW_READ;
    *reject = (struct zm_reject){.row = s->at, .reason = ZM_REASON_RAGGED, .field = ZM_FIELD_NONE};
    s->cells[0] = ZM_STR("五马街1号13812345678");
    s->cells[1] = ZM_STR("张三");
    s->cells[2] = (struct zm_str){s->note, sizeof s->note};
    *row = (struct zm_raw_row){.row = s->at, .cells = s->cells, .x = ZM_STR("120.5"), .y = ZM_STR("28")};
    return 0;
}

static void collect(struct zm_arena *arena, struct zm_buf *bytes)
{
    struct source source = {0};
    struct zm_head head;
    for (size_t i = 0; i + 3 <= sizeof source.note; i += 3)
        memcpy(source.note + i, "温", 3);
    struct zm_row_reader reader = {.columns = columns,
                                   .n_columns = 3,
                                   .point_as = ZM_POINT_LONLAT,
                                   .has_geometry = true,
                                   .encoding = "UTF-8",
                                   .crs = "EPSG:4490",
                                   .next = next_row,
                                   .self = &source};
    assert_int_equal(zm_head_collect(&head, &reader, "gpkg", arena, NULL), 0);
    assert_int_equal(zm_head_encode(&head, bytes, NULL), 0);
}

static void carries_the_head(void **state)
{
    (void)state;
    struct zm_arena arena;
    struct zm_buf bytes;
    struct zm_head h;
    zm_arena_init(&arena, 16 << 20);
    zm_buf_init(&bytes, ZM_HEAD_BYTES_MAX);
    collect(&arena, &bytes);
    assert_int_equal(zm_head_decode(&h, zm_buf_str(&bytes), &arena, NULL), 0);
    assert_true(zm_str_eq(h.format, ZM_STR("gpkg")) && zm_str_eq(h.encoding, ZM_STR("UTF-8")) &&
                zm_str_eq(h.crs, ZM_STR("EPSG:4490")));
    assert_true(h.has_geometry && h.point_as == ZM_POINT_LONLAT);
    assert_int_equal(h.n_columns, 3);
    assert_int_equal(h.n_rows, ZM_HEAD_ROWS);
    for (unsigned r = 0; r < h.n_rows; r++) {
        assert_true(zm_str_eq(h.cells[r * 3], ZM_STR("五马街1号")));
        assert_int_equal(h.cells[r * 3 + 1].len, 0);
        assert_int_equal(h.cells[r * 3 + 2].len, ZM_HEAD_CELL_MAX - ZM_HEAD_CELL_MAX % 3);
        assert_true(zm_str_eq(h.points[r * 2], ZM_STR("120.5")) &&
                    zm_str_eq(h.points[r * 2 + 1], ZM_STR("28")));
    }
    zm_arena_release(&arena);
    zm_buf_release(&bytes);
}

/* Cut anywhere it is refused; with any byte changed it is refused or read within its bounds (the sanitizer
 * watches). */
static void believes_nothing(void **state)
{
    (void)state;
    struct zm_arena arena;
    struct zm_buf bytes;
    struct zm_head h;
    struct zm_err err = {0};
    zm_arena_init(&arena, 64 << 20);
    zm_buf_init(&bytes, ZM_HEAD_BYTES_MAX);
    collect(&arena, &bytes);
    for (size_t n = 0; n < bytes.len; n++) {
        char *exact = malloc(n + 1);
        assert_non_null(exact);
        memcpy(exact, bytes.ptr, n);
        assert_int_not_equal(zm_head_decode(&h, (struct zm_str){exact, n}, &arena, &err), 0);
        assert_int_equal(err.code, ZM_E_INTERNAL);
        zm_arena_reset(&arena);
        free(exact);
    }
    for (size_t i = 0; i < bytes.len && i < 400; i++) {
        bytes.ptr[i] = (char)(bytes.ptr[i] ^ 0x81);
        size_t sum = 0;
        if (zm_head_decode(&h, zm_buf_str(&bytes), &arena, NULL) == 0)
            for (unsigned k = 0; k < h.n_rows * h.n_columns; k++)
                sum += h.cells[k].len ? (unsigned char)h.cells[k].ptr[h.cells[k].len - 1] : 0;
        assert_true(sum < (size_t)256 * ZM_HEAD_ROWS * ZM_COLUMNS_MAX);
        bytes.ptr[i] = (char)(bytes.ptr[i] ^ 0x81);
        zm_arena_reset(&arena);
    }
    zm_arena_release(&arena);
    zm_buf_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(carries_the_head),
                                       cmocka_unit_test(believes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
