/* Batches: what the builder writes the view reads, and what a hostile reader writes the view refuses. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/record/batch.h"

#include <stdio.h>
#include <stdlib.h>

static const uint8_t fields[] = {ZM_AF_SRC_KEY, ZM_AF_TEXT, ZM_AF_LON};
enum { N_FIELDS = sizeof fields };

static int make_block(void **state)
{
    *state = malloc(ZM_BATCH_BLOCK_BYTES);
    return *state ? 0 : -1;
}

static int free_block(void **state)
{
    free(*state);
    return 0;
}

static bool add_row(struct zm_batch_builder *b, uint64_t row, const char *key, const char *text,
                    const char *lon)
{
    if (!zm_batch_begin(b, row))
        return false;
    if (!zm_batch_cell(b, zm_str(key)) || !zm_batch_cell(b, zm_str(text)) || !zm_batch_cell(b, zm_str(lon))) {
        zm_batch_cancel(b);
        return false;
    }
    zm_batch_commit(b);
    return true;
}

static const struct zm_reject ragged = {
    .row = 3, .line = 5, .reason = ZM_REASON_RAGGED, .field = ZM_FIELD_NONE};

/* Two rows, a cancelled one between them, and a rejected one. */
static size_t small_batch(void *block)
{
    struct zm_batch_builder b;
    zm_batch_init(&b, block, ZM_BATCH_BLOCK_BYTES, ZM_KIND_ADDRESS, fields, N_FIELDS);
    assert_true(add_row(&b, 1, "A1", "锦绣路12号", "120.65"));
    assert_true(zm_batch_begin(&b, 2));
    assert_true(zm_batch_cell(&b, ZM_STR("gone")));
    zm_batch_cancel(&b);
    assert_true(zm_batch_reject(&b, &ragged));
    assert_true(add_row(&b, 9, "", "五马街", ""));
    return zm_batch_finish(&b);
}

static void same(struct zm_str obtained, const char *expected)
{
    if (!zm_str_eq(obtained, zm_str(expected)))
        fail_msg("expected '%s', obtained '%.*s'", expected, ZM_FMT(obtained));
}

static void test_round_trip(void **state)
{
    struct zm_batch v;
    size_t size = small_batch(*state);
    assert_int_equal(zm_batch_view(&v, *state, size, NULL), 0);
    assert_int_equal(v.head->n_rows, 2);
    assert_int_equal(v.head->kind, ZM_KIND_ADDRESS);
    assert_true(v.rows[0] == 1 && v.rows[1] == 9);
    same(zm_batch_get(&v, 0, ZM_AF_SRC_KEY), "A1");
    same(zm_batch_get(&v, 0, ZM_AF_TEXT), "锦绣路12号");
    same(zm_batch_get(&v, 0, ZM_AF_LON), "120.65");
    same(zm_batch_get(&v, 0, ZM_AF_LAT), "");
    same(zm_batch_get(&v, 1, ZM_AF_SRC_KEY), "");
    same(zm_batch_get(&v, 1, ZM_AF_TEXT), "五马街");
    same(zm_batch_get(&v, 1, ZM_AF_LON), "");
    assert_int_equal(v.head->n_rejects, 1);
    assert_memory_equal(&v.rejects[0], &ragged, sizeof ragged);
}

static void test_reset_and_empty(void **state)
{
    struct zm_batch_builder b;
    struct zm_batch v;
    zm_batch_init(&b, *state, ZM_BATCH_BLOCK_BYTES, ZM_KIND_ADDRESS, fields, N_FIELDS);
    assert_true(add_row(&b, 1, "a", "b", "c"));
    assert_true(zm_batch_reject(&b, &ragged));
    zm_batch_reset(&b);
    assert_int_equal(zm_batch_view(&v, *state, zm_batch_finish(&b), NULL), 0);
    assert_true(v.head->n_rows == 0 && v.head->n_rejects == 0 && v.head->text_bytes == 0);
    assert_true(add_row(&b, 1, "x", "y", "z"));
    assert_int_equal(zm_batch_view(&v, *state, zm_batch_finish(&b), NULL), 0);
    same(zm_batch_get(&v, 0, ZM_AF_LON), "z");
}

/* Rows, text and rejects each have a named limit; at it the builder says so and what it holds stays good. */
static void test_limits(void **state)
{
    struct zm_batch_builder b;
    struct zm_batch v;
    zm_batch_init(&b, *state, ZM_BATCH_BLOCK_BYTES, ZM_KIND_ADDRESS, fields, N_FIELDS);
    for (uint64_t r = 1; r <= ZM_BATCH_ROWS_MAX; r++)
        assert_true(add_row(&b, r, "k", "t", "1"));
    assert_false(zm_batch_begin(&b, ZM_BATCH_ROWS_MAX + 1));
    for (int i = 0; i < ZM_BATCH_REJECTS_MAX; i++)
        assert_true(zm_batch_reject(&b, &ragged));
    assert_false(zm_batch_reject(&b, &ragged));
    assert_int_equal(zm_batch_view(&v, *state, zm_batch_finish(&b), NULL), 0);
    assert_int_equal(v.head->n_rows, ZM_BATCH_ROWS_MAX);
    same(zm_batch_get(&v, ZM_BATCH_ROWS_MAX - 1, ZM_AF_TEXT), "t");

    zm_batch_reset(&b);
    char *big = malloc(ZM_GEOM_BYTES_MAX);
    memset(big, 'x', ZM_GEOM_BYTES_MAX);
    struct zm_str half = {big, ZM_GEOM_BYTES_MAX};
    assert_true(zm_batch_begin(&b, 1));
    assert_true(zm_batch_cell(&b, half) && zm_batch_cell(&b, ZM_STR("")) && zm_batch_cell(&b, ZM_STR("")));
    zm_batch_commit(&b);
    assert_true(zm_batch_begin(&b, 2));
    assert_true(zm_batch_cell(&b, half)); /* the text is full to the byte */
    assert_false(zm_batch_cell(&b, ZM_STR("y")));
    zm_batch_cancel(&b);
    free(big);
    assert_int_equal(zm_batch_view(&v, *state, zm_batch_finish(&b), NULL), 0);
    assert_true(v.head->n_rows == 1 && zm_batch_get(&v, 0, ZM_AF_SRC_KEY).len == ZM_GEOM_BYTES_MAX);
}

/* All a caller may touch of an accepted block, so that AddressSanitizer would see a lie. */
static uint64_t touch(const struct zm_batch *v)
{
    uint64_t sum = 0;
    for (uint32_t r = 0; r < v->head->n_rows; r++) {
        sum += v->rows[r];
        for (unsigned f = 0; f < ZM_N_ADDRESS_FIELDS; f++) {
            struct zm_str cell = zm_batch_get(v, r, f);
            for (size_t i = 0; i < cell.len; i++)
                sum += (unsigned char)cell.ptr[i];
        }
    }
    for (uint32_t i = 0; i < v->head->n_rejects; i++) {
        assert_true(v->rejects[i].reason < ZM_N_REASONS);
        assert_true(v->rejects[i].field == ZM_FIELD_NONE || v->rejects[i].field < ZM_N_ADDRESS_FIELDS);
        sum += v->rejects[i].row;
    }
    return sum;
}

/* A copy that ends where the used block ends. */
static char *exact_copy(const void *block, size_t size)
{
    char *copy = malloc(size);
    memcpy(copy, block, size);
    return copy;
}

static void test_hostile_values(void **state)
{
    size_t size = small_batch(*state);
    struct zm_batch v;
    assert_int_equal(zm_batch_view(&v, *state, size, NULL), 0);
    const char *base = *state;
    size_t rows = (size_t)((const char *)v.rows - base), ends = (size_t)((const char *)v.ends - base);
    size_t rejects = (size_t)((const char *)v.rejects - base);
    const struct {
        const char *name;
        size_t at;
        uint32_t value;
    } cases[] = {
        {"magic", offsetof(struct zm_batch_head, magic), 0},
        {"kind", offsetof(struct zm_batch_head, kind), ZM_N_KINDS},
        {"kind without fields", offsetof(struct zm_batch_head, kind), ZM_KIND_SIGN},
        {"huge kind", offsetof(struct zm_batch_head, kind), UINT32_MAX},
        {"rows over the limit", offsetof(struct zm_batch_head, n_rows), ZM_BATCH_ROWS_MAX + 1},
        {"more rows than written", offsetof(struct zm_batch_head, n_rows), 3},
        {"huge rows", offsetof(struct zm_batch_head, n_rows), UINT32_MAX},
        {"no fields", offsetof(struct zm_batch_head, n_fields), 0},
        {"too many fields", offsetof(struct zm_batch_head, n_fields), ZM_FIELDS_MAX + 1},
        {"more fields than text allows", offsetof(struct zm_batch_head, n_fields), 4},
        {"huge fields", offsetof(struct zm_batch_head, n_fields), UINT32_MAX},
        {"rejects over the limit", offsetof(struct zm_batch_head, n_rejects), ZM_BATCH_REJECTS_MAX + 1},
        {"text behind the block", offsetof(struct zm_batch_head, text_bytes), (uint32_t)size},
        {"huge text", offsetof(struct zm_batch_head, text_bytes), UINT32_MAX},
        {"text shorter than cells", offsetof(struct zm_batch_head, text_bytes), 3},
        {"unordered fields", offsetof(struct zm_batch_head, fields), 0x00010203},
        {"unknown field", offsetof(struct zm_batch_head, fields), 0x00FF0100},
        {"row number 0", rows, 0},
        {"rows not ascending", rows, 9},
        {"row number over 2^40", rows + 12, 0x100},
        {"end behind the text", ends + 4, 1000},
        {"huge end", ends, UINT32_MAX},
        {"end before its start", ends + 4, 1},
        {"unknown reason", rejects + offsetof(struct zm_reject, reason), ZM_N_REASONS},
        {"unknown field of a reject", rejects + offsetof(struct zm_reject, field), ZM_N_ADDRESS_FIELDS},
        {"rejected row over 2^40", rejects + offsetof(struct zm_reject, row) + 4, 0x100},
        {"rejected row 0", rejects + offsetof(struct zm_reject, row), 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *copy = exact_copy(base, size);
        memcpy(copy + cases[i].at, &cases[i].value, sizeof cases[i].value);
        struct zm_err err = {0};
        struct zm_batch out = {.text = "untouched"};
        if (zm_batch_view(&out, copy, size, &err) != ZM_E_INTERNAL)
            fail_msg("accepted: %s", cases[i].name);
        assert_non_null(strstr(err.text, "not valid"));
        assert_string_equal(out.text, "untouched");
        free(copy);
    }
}

/* Every size, and every bit of the head and of the parts in use: refused, or still safe to read. */
static void test_hostile_bits(void **state)
{
    size_t size = small_batch(*state);
    struct zm_batch v;
    assert_int_equal(zm_batch_view(&v, *state, size, NULL), 0);
    const size_t starts[] = {0, (size_t)((const char *)v.rows - (const char *)*state),
                             (size_t)((const char *)v.ends - (const char *)*state),
                             (size_t)((const char *)v.rejects - (const char *)*state)};
    const size_t lengths[] = {sizeof(struct zm_batch_head), 16, 24, sizeof(struct zm_reject)};
    char *copy = exact_copy(*state, size);
    int refused = 0;
    for (int part = 0; part < 4; part++) {
        for (size_t bit = 0; bit < 8 * lengths[part]; bit++) {
            char *byte = copy + starts[part] + bit / 8;
            *byte = (char)(*byte ^ 1 << bit % 8);
            struct zm_batch out;
            if (zm_batch_view(&out, copy, size, NULL) == 0)
                touch(&out);
            else
                refused++;
            *byte = (char)(*byte ^ 1 << bit % 8);
        }
    }
    assert_true(refused > 250);
    free(copy);
    static const size_t cuts[] = {
        0, 1, 16, sizeof(struct zm_batch_head) - 1, sizeof(struct zm_batch_head), 1000, 140000};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts + 40; i++) {
        size_t cut = i < sizeof cuts / sizeof *cuts ? cuts[i] : size - 1 - (i - sizeof cuts / sizeof *cuts);
        char *short_copy = malloc(cut + 1);
        memcpy(short_copy, *state, cut);
        char *exact = realloc(short_copy, cut ? cut : 1);
        if (zm_batch_view(&v, exact, cut, NULL) != ZM_E_INTERNAL)
            fail_msg("accepted a block of %zu of %zu bytes", cut, size);
        free(exact);
    }
}

static void test_reasons(void **state)
{
    (void)state;
    for (unsigned r = 0; r < ZM_N_REASONS; r++) {
        assert_true(strlen(zm_reason_name((enum zm_reason)r)) > 2);
        for (unsigned other = 0; other < r; other++)
            assert_string_not_equal(zm_reason_name((enum zm_reason)r), zm_reason_name((enum zm_reason)other));
    }
    assert_string_equal(zm_reason_name(ZM_REASON_BAD_QUOTES), "bad_quotes");
    assert_string_equal(zm_reason_name(ZM_N_REASONS), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_reset_and_empty),
        cmocka_unit_test(test_limits),       cmocka_unit_test(test_hostile_values),
        cmocka_unit_test(test_hostile_bits), cmocka_unit_test(test_reasons),
    };
    return cmocka_run_group_tests(tests, make_block, free_block);
}
