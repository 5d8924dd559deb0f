/* Spools and collation: whatever order workers write in, records come out in published order, causes as one
 * finding. */
#include "geo/base/buf.h"
#include "job/collate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { N_ROWS = 40000, N_SOURCES = 3 };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static int count_in_order(void *self, const struct zm_address *a, struct zm_err *err)
{
    uint64_t *last = self, now = (uint64_t)a->source << 40 | a->row;
    (void)err;
    assert_true(now > last[0]);
    last[0] = now;
    last[1]++;
    assert_int_equal(a->text.len, 3);
    return 0;
}

static void test_addresses_come_out_in_order(void **state)
{
    (void)state;
    struct zm_shards *shards;
    struct zm_shard_writer *writers[2];
    uint64_t seed = 7, counts[2] = {0, 0};
    assert_int_equal(zm_shards_new(&shards, NULL, NULL), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(zm_shard_writer_new(&writers[i], shards, NULL), 0);
    for (uint64_t i = 0; i < N_ROWS; i++) { /* 17 and 40,000 have no common factor: every row once */
        struct zm_address a = {
            .row = i * 17 % N_ROWS + 1, .source = (uint32_t)(i % N_SOURCES), .text = ZM_STR("abc")};
        a.tuple.county = next_random(&seed) % 2 ? 330302 : 330381;
        assert_int_equal(zm_shard_writer_address(writers[i % 2], &a, NULL), 0);
        counts[a.tuple.county == 330302 ? 0 : 1] += a.source != 1;
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(zm_shard_writer_flush(writers[i], NULL), 0);
        zm_shard_writer_free(writers[i]);
    }
    uint32_t counties[8];
    assert_int_equal(zm_shards_counties(shards, counties, 8), 2);
    assert_int_equal(counties[0], 330302);
    assert_int_equal(counties[1], 330381);
    const bool skip[N_SOURCES] = {false, true, false};
    for (int i = 0; i < 2; i++) {
        uint64_t seen[2] = {0, 0};
        struct zm_collate_visitor visitor = {.address = count_in_order, .self = seen};
        assert_int_equal(zm_collate(shards, counties[i], skip, &visitor, NULL), 0);
        assert_int_equal(seen[1], counts[i]);
    }
    zm_shards_free(shards);
}

static int note_finding(void *self, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err)
{
    return zm_buf_printf(self, err, "%u/%u:%llu x%llu%s;", f->source, f->rule, (unsigned long long)f->row,
                         (unsigned long long)n_rows, f->fixed ? " fixed" : "");
}

static int note_row(void *self, uint32_t source, uint64_t row, struct zm_err *err)
{
    (void)source;
    return zm_buf_printf(self, err, "(%llu)", (unsigned long long)row);
}

static void test_causes_become_one_finding(void **state)
{
    static const struct {
        uint64_t row;
        const char *cause;
        uint8_t fixed;
    } rows[] = {{9, "x", 0}, {3, "x", 0}, {3, "x", 0}, {5, "", 0},
                {7, "y", 0}, {8, "z", 1}, {2, "z", 1}, {0, "", 0}};
    (void)state;
    struct zm_buf first;
    zm_buf_init(&first, 4096);
    for (int turn = 0; turn < 2; turn++) {
        struct zm_shards *shards;
        struct zm_shard_writer *writer;
        struct zm_buf out;
        zm_buf_init(&out, 4096);
        assert_int_equal(zm_shards_new(&shards, NULL, NULL), 0);
        assert_int_equal(zm_shard_writer_new(&writer, shards, NULL), 0);
        for (size_t i = 0; i < 8; i++) {
            size_t k = turn ? 7 - i : i;
            struct zm_finding f = {
                .row = rows[k].row, .rule = 4, .cause = zm_str(rows[k].cause), .fixed = rows[k].fixed};
            assert_int_equal(zm_shard_writer_finding(writer, &f, NULL), 0);
        }
        assert_int_equal(zm_shard_writer_flush(writer, NULL), 0);
        struct zm_collate_visitor visitor = {.finding = note_finding, .finding_row = note_row, .self = &out};
        assert_int_equal(zm_collate(shards, 0, NULL, &visitor, NULL), 0);
        if (turn == 0) {
            zm_buf_put(&first, zm_buf_str(&out), NULL);
            zm_buf_putc(&out, '\0', NULL);
            assert_non_null(strstr(out.ptr, "0/4:3 x2;(3)(9)")); /* row 3 twice is one row */
            assert_non_null(strstr(out.ptr, "0/4:7 x1;(7)"));
            assert_non_null(strstr(out.ptr, "0/4:5 x1;(5)"));
            assert_non_null(strstr(out.ptr, "0/4:0 x0;"));
            assert_non_null(strstr(out.ptr, "0/4:2 x1 fixed;0/4:8 x1 fixed;"));
            assert_non_null(strstr(out.ptr, "0/4:8 x1 fixed;"));
        } else {
            assert_true(zm_str_eq(zm_buf_str(&out), zm_buf_str(&first)));
        }
        zm_buf_release(&out);
        zm_shard_writer_free(writer);
        zm_shards_free(shards);
    }
    zm_buf_release(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_come_out_in_order),
        cmocka_unit_test(test_causes_become_one_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
