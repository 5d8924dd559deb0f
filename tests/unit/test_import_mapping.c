/* From raw rows to batches: what maps, templates, constants, values and titles make of them, and what is told
 * when a mapping does not fit the file. */
#include "geo/base/buf.h"
#include "geo/base/file.h"
#include "geo/base/mem.h"
#include "import/csv.h"
#include "import/header.h"
#include "import/mapping.h"

/* cmocka needs these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct zm_buf got;
static char *block;

static void describe(const struct zm_batch *b)
{
    for (uint32_t r = 0; r < b->head->n_rows; r++) {
        assert_int_equal(zm_buf_printf(&got, NULL, "%llu:", (unsigned long long)b->rows[r]), 0);
        for (unsigned f = 0; f < ZM_N_ADDRESS_FIELDS; f++) {
            struct zm_str s = zm_batch_get(b, r, f);
            const struct zm_field *field = &zm_kind_fields((enum zm_kind)b->head->kind, &(unsigned){0})[f];
            if (s.len)
                assert_int_equal(zm_buf_printf(&got, NULL, "%s=%.*s,", field->name, ZM_FMT(s)), 0);
        }
        assert_int_equal(zm_buf_putc(&got, ';', NULL), 0);
    }
    for (uint32_t i = 0; i < b->head->n_rejects; i++)
        assert_int_equal(zm_buf_printf(&got, NULL, "%llu!%s%u;", (unsigned long long)b->rejects[i].row,
                                       zm_reason_name((enum zm_reason)b->rejects[i].reason),
                                       b->rejects[i].field),
                         0);
}

/* Reads csv as source says into got: rows, then refused rows; "E2 text" for an error. Returns the counts. */
static struct zm_mapping_counts run(struct zm_str csv, const struct zm_source *source)
{
    struct zm_csv_options options = {.path = "f.csv", .header_rows = source->header_rows};
    struct zm_mapping_counts counts = {0};
    struct zm_batch_builder builder;
    struct zm_row_reader reader;
    struct zm_mapping *m = NULL;
    struct zm_err err = {0};
    int fd = memfd_create("f.csv", MFD_CLOEXEC);
    unsigned n;
    zm_buf_reset(&got);
    assert_int_equal(write(fd, csv.ptr, csv.len), (ssize_t)csv.len);
    assert_int_equal(zm_csv_open(&reader, fd, &options, NULL), 0);
    int rc = zm_mapping_new(&m, source, &reader, "f.csv", &err);
    if (rc == 0) {
        const uint8_t *fields = zm_mapping_fields(m, &n);
        zm_batch_init(&builder, block, ZM_BATCH_BLOCK_BYTES, source->kind, fields, n);
    }
    for (bool more = true; rc == 0 && more;) {
        struct zm_batch batch;
        zm_batch_reset(&builder);
        rc = zm_mapping_fill(m, &builder, &more, &err);
        if (rc == 0)
            assert_int_equal(zm_batch_view(&batch, block, zm_batch_finish(&builder), NULL), 0);
        if (rc == 0)
            describe(&batch);
    }
    if (rc != 0)
        assert_int_equal(zm_buf_printf(&got, NULL, "E%d %s", (int)err.code, err.text), 0);
    else
        counts = *zm_mapping_counts(m);
    assert_int_equal(zm_buf_putc(&got, '\0', NULL), 0);
    zm_mapping_free(m);
    zm_row_reader_close(&reader);
    close(fd);
    return counts;
}

static struct zm_map map_of(unsigned field, const char *column)
{
    return (struct zm_map){.field = field, .column = zm_str(column)};
}

static void maps_by_titles(void **state)
{
    (void)state;
    struct zm_source source = {.kind = ZM_KIND_ADDRESS, .header_rows = 1};
    struct zm_mapping_counts c =
        run(ZM_STR("序号,标准 地址,经度,LAT,姓名,户数\n1,五马街1号,120.6,28.0,张三,5\n"), &source);
    assert_string_equal(got.ptr, "1:src_key=1,text=五马街1号,lon=120.6,lat=28.0,;");
    assert_int_equal(c.personal_columns, 1);
    assert_int_equal(c.rows_in, 1);
    run(ZM_STR("户数,名称\n1,2\n"), &source);
    assert_non_null(strstr(got.ptr, "no column is known as a field of kind address"));
    assert_non_null(strstr(got.ptr, "户数, 名称"));
    run(ZM_STR("温州市地址表,,,\n序号,地址,经度,纬度\n"), &source);
    assert_non_null(strstr(got.ptr, "is header_rows right?"));
    run(ZM_STR("id,备注\n1,2\n"), &source);
    assert_non_null(strstr(got.ptr, "E2 "));
    run(ZM_STR("地址,地址\n1,2\n"), &source);
    assert_non_null(strstr(got.ptr, "several columns called \"地址\""));
    source.header_rows = 2;
    run(ZM_STR("温州市地址表,,\n地址,经度,纬度\n五马街1号,120.6,28.0\n"), &source);
    assert_string_equal(got.ptr, "1:text=五马街1号,lon=120.6,lat=28.0,;");
    run(ZM_STR("地址,坐标,\n,经度,纬度\n五马街1号,120.6,28.0\n"), &source);
    assert_string_equal(got.ptr, "1:text=五马街1号,lon=120.6,lat=28.0,;");
}

static void maps_as_told(void **state)
{
    (void)state;
    struct zm_map maps[4] = {map_of(ZM_AF_TEXT, "{街道}{路名}{号}号"),
                             map_of(ZM_AF_COUNTY6, "区划"),
                             {.field = ZM_AF_CLASS3, .constant = ZM_STR("111")},
                             map_of(ZM_AF_STATUS, "状态")};
    struct zm_value_map values[] = {{ZM_AF_STATUS, ZM_STR("在用"), ZM_STR("active")},
                                    {ZM_AF_COUNTY6, ZM_STR("鹿城"), ZM_STR("330302")}};
    struct zm_source source = {.kind = ZM_KIND_ADDRESS,
                               .header_rows = 1,
                               .maps = maps,
                               .n_maps = 4,
                               .values = values,
                               .n_values = 2};
    run(ZM_STR("街道,路名,号,区划,状态\n"
               "五马街道, 五马街 ,1, '330302　,在用 \n"
               "五马街道,公园路,2,鹿城,停用\n"
               ",,,,\n"),
        &source);
    assert_string_equal(got.ptr, "1:text=五马街道五马街1号,county6=330302,status=active,class3=111,;"
                                 "2:text=五马街道公园路2号,county6=330302,status=停用,class3=111,;"
                                 "3!empty255;");
}

static void tells_what_does_not_fit(void **state)
{
    (void)state;
    static const struct {
        struct zm_map maps[2];
        unsigned n;
        const char *want;
    } cases[] = {
        {{{.field = ZM_AF_TEXT, .column = ZM_STR("住所")}},
         1,
         "f.csv has no column \"住所\" (for map.text); its columns are: 街道, 号"},
        {{{.field = ZM_AF_TEXT, .column = ZM_STR("{街道}{门牌}")}}, 1, "has no column \"门牌\""},
        {{{.field = ZM_AF_TEXT, .column = ZM_STR("{街道}{号")}}, 1, "is not closed"},
        {{{.field = ZM_AF_TEXT, .column = ZM_STR("{街道}}")}}, 1, "is not opened"},
        {{{.field = ZM_AF_TEXT, .column = ZM_STR("{}")}}, 1, "hold nothing"},
        {{{.field = ZM_AF_TEXT, .column = ZM_STR("街道")}, {.field = ZM_AF_TEXT, .column = ZM_STR("号")}},
         2,
         "the field text is given twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_map maps[2] = {cases[i].maps[0], cases[i].maps[1]};
        struct zm_source source = {
            .kind = ZM_KIND_ADDRESS, .header_rows = 1, .maps = maps, .n_maps = cases[i].n};
        run(ZM_STR("街道,号\n1,2\n"), &source);
        if (!strstr(got.ptr, cases[i].want))
            fail_msg("case %zu: %s", i, got.ptr);
    }
    struct zm_source source = {.kind = ZM_KIND_STAKE, .header_rows = 1};
    run(ZM_STR("街道,号\n1,2\n"), &source);
    assert_non_null(strstr(got.ptr, "kind stake are not read"));
}

static void leaves_people_out(void **state)
{
    (void)state;
    struct zm_map maps[3] = {map_of(ZM_AF_TEXT, "{地址}{户主}"), map_of(ZM_AF_NOTE, "备注"),
                             map_of(ZM_AF_SRC_KEY, "联系电话")};
    struct zm_source source = {.kind = ZM_KIND_ADDRESS, .header_rows = 1, .maps = maps, .n_maps = 3};
    struct zm_mapping_counts c =
        run(ZM_STR("地址,户主,备注,联系电话\n五马街1号,王五,13812345678找11010519491231002X,13912345678\n"),
            &source);
    assert_string_equal(got.ptr, "1:text=五马街1号,note=找,;");
    assert_int_equal(c.personal_columns, 2);
    assert_int_equal(c.personal_values, 2);
}

static void refuses_rows(void **state)
{
    (void)state;
    struct zm_source source = {.kind = ZM_KIND_ADDRESS, .header_rows = 1};
    struct zm_mapping_counts c = run(
        ZM_STR("序号,地址\n1,五马街1号\n合 计,1\n序号,地址\n,小计：2\n2\n,\n共计3处,\n3,合计路\n \t,　\n"),
        &source);
    assert_string_equal(got.ptr,
                        "1:src_key=1,text=五马街1号,;8:src_key=3,text=合计路,;"
                        "2!totals255;3!totals255;4!totals255;5!ragged255;6!empty255;7!totals255;9!empty255;");
    assert_int_equal(c.rows_in, 9);
    assert_int_equal(c.rejected[ZM_REASON_TOTALS], 4);
}

/* Long cells of a mapped column name the field; a template that grows too long does so too. */
static void names_the_field_of_a_long_cell(void **state)
{
    (void)state;
    struct zm_map maps[1] = {map_of(ZM_AF_TEXT, "{地址}{地址}")};
    struct zm_source automatic = {.kind = ZM_KIND_ADDRESS, .header_rows = 1};
    struct zm_source twice = {.kind = ZM_KIND_ADDRESS, .header_rows = 1, .maps = maps, .n_maps = 1};
    struct zm_buf csv;
    char want[32];
    zm_buf_init(&csv, 1 << 20);
    assert_int_equal(zm_buf_put(&csv, ZM_STR("id,地址\n1,"), NULL), 0);
    for (int i = 0; i < 40000; i++)
        assert_int_equal(zm_buf_putc(&csv, 'x', NULL), 0);
    run(zm_buf_str(&csv), &twice);
    snprintf(want, sizeof want, "1!long_field%d;", ZM_AF_TEXT);
    assert_string_equal(got.ptr, want);
    for (int i = 0; i < 40000; i++)
        assert_int_equal(zm_buf_putc(&csv, 'x', NULL), 0);
    run(zm_buf_str(&csv), &automatic);
    assert_string_equal(got.ptr, want);
    zm_buf_release(&csv);
}

/* Batches end at 16,384 rows, at 4,096 refused rows and at 8 MiB; no row is lost or doubled between them. */
static void carries_rows_over_batches(void **state)
{
    (void)state;
    struct zm_source source = {.kind = ZM_KIND_ADDRESS, .header_rows = 1};
    struct zm_buf csv;
    zm_buf_init(&csv, 64 << 20);
    assert_int_equal(zm_buf_put(&csv, ZM_STR("id,地址\n"), NULL), 0);
    for (unsigned i = 1; i <= 50000; i++) {
        assert_int_equal(i % 7 == 0      ? zm_buf_printf(&csv, NULL, "%u\n", i)
                         : i % 1000 == 0 ? zm_buf_printf(&csv, NULL, "%u,%040000u\n", i, i)
                                         : zm_buf_printf(&csv, NULL, "%u,x\n", i),
                         0);
    }
    struct zm_mapping_counts c = run(zm_buf_str(&csv), &source);
    assert_int_equal(c.rows_in, 50000);
    assert_int_equal(c.rejected[ZM_REASON_RAGGED], 50000 / 7);
    uint64_t rows = 0, refused = 0, sum = 0;
    for (const char *p = got.ptr; *p; p = strchr(p, ';') + 1) {
        char *end;
        sum += strtoull(p, &end, 10);
        rows += *end == ':';
        refused += *end == '!';
    }
    assert_int_equal(rows, 50000 - 50000 / 7);
    assert_int_equal(refused, 50000 / 7);
    assert_int_equal(sum, UINT64_C(50000) * 50001 / 2);
    zm_buf_release(&csv);
}

static void survives_failing_memory(void **state)
{
    (void)state;
    struct zm_map maps[1] = {map_of(ZM_AF_TEXT, "{a}{b}")};
    struct zm_str columns[] = {ZM_STR("a"), ZM_STR("b")};
    struct zm_source source = {.kind = ZM_KIND_ADDRESS, .header_rows = 1, .maps = maps, .n_maps = 1};
    struct zm_row_reader reader = {.columns = columns, .n_columns = 2};
    int failed = 0, rc = 1;
    for (long k = 1; rc != 0 && k < 50; k++) {
        struct zm_mapping *m = NULL;
        zm_mem_fail_at(k);
        rc = zm_mapping_new(&m, &source, &reader, "f.csv", NULL);
        zm_mem_fail_at(0);
        zm_mapping_free(m);
        failed += rc != 0;
    }
    assert_int_equal(rc, 0);
    assert_true(failed >= 3);
}

static void finds_columns(void **state)
{
    (void)state;
    static const struct zm_str columns[] = {ZM_STR("ID"),           ZM_STR("地 址"),   ZM_STR("坐标/经度"),
                                            ZM_STR("甲/备注"),      ZM_STR("乙/备注"), ZM_STR("id2"),
                                            ZM_STR("县（市、区）"), ZM_STR("")};
    static const struct {
        const char *name;
        int want;
    } cases[] = {
        {"ID", 0},
        {"id", 0},
        {"地址", 1},
        {"经度", 2},
        {"坐标/经度", 2},
        {"备注", ZM_COLUMN_AMBIGUOUS},
        {"甲/备注", 3},
        {"ｉｄ２", 5},
        {"县(市、区)", 6},
        {"没有", ZM_COLUMN_NONE},
        {"", ZM_COLUMN_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(zm_column_find(columns, 8, zm_str(cases[i].name)), cases[i].want);
}

/* A first line of data in the place of titles: nobody's name, number or address reaches a log. */
static void hides_titles_that_are_data(void **state)
{
    (void)state;
    static const struct {
        const char *line, *secret;
        bool hidden;
    } cases[] = {{"张三,13800000001,公园路\n", "张三", true},
                 {"李四,138-0000-0001,街\n", "李四", true},
                 {"王五,公园路12号\n", "公园路", true},
                 {"赵六,１２０６５０００１\n", "赵六", true},
                 {"点位,EPSG:4490,CGCS2000_120\n", "点位", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_map map = {.field = ZM_AF_TEXT, .column = ZM_STR("地址")};
        struct zm_source source = {.kind = ZM_KIND_ADDRESS, .header_rows = 1, .maps = &map, .n_maps = 1};
        run(zm_str(cases[i].line), &source);
        bool shown = strstr(got.ptr, cases[i].secret) != NULL;
        if (shown == cases[i].hidden || !strstr(got.ptr, "has no column"))
            fail_msg("case %zu: %s", i, got.ptr);
    }
    static const struct zm_str columns[] = {ZM_STR("地址"), ZM_STR("公园路12号")};
    struct zm_source source = {.kind = ZM_KIND_ADDRESS, .header_rows = 1};
    struct zm_row_reader reader = {.columns = columns, .n_columns = 2};
    struct zm_mapping *m;
    assert_int_equal(zm_mapping_new(&m, &source, &reader, "f.csv", NULL), 0);
    zm_buf_reset(&got);
    assert_int_equal(zm_mapping_notes(m, &got, NULL), 0);
    assert_int_equal(got.len, 0);
    zm_mapping_free(m);
}

static void notes_what_it_did(void **state)
{
    (void)state;
    static const struct zm_str columns[] = {ZM_STR("地址"), ZM_STR("手机"), ZM_STR("面积"), ZM_STR("用途"),
                                            ZM_STR("")};
    struct zm_source source = {.kind = ZM_KIND_ADDRESS, .header_rows = 1};
    struct zm_row_reader reader = {.columns = columns, .n_columns = 5};
    struct zm_mapping *m;
    assert_int_equal(zm_mapping_new(&m, &source, &reader, "f.csv", NULL), 0);
    zm_buf_reset(&got);
    assert_int_equal(zm_mapping_notes(m, &got, NULL), 0);
    assert_true(zm_str_eq(zm_buf_str(&got), ZM_STR("columns understood by their titles: text = 地址\n"
                                                   "columns not used: 面积, 用途\n"
                                                   "personal columns left out: 1\n")));
    zm_mapping_free(m);
}

/* docs/formats.md has a line for every field of every kind that is read. */
static void documents_every_field(void **state)
{
    (void)state;
    struct zm_buf text;
    zm_buf_init(&text, 1 << 20);
    assert_int_equal(zm_file_read(ZM_SOURCE_DIR "/docs/formats.md", &text, NULL), 0);
    for (unsigned kind = 0; kind < ZM_N_KINDS; kind++) {
        unsigned n;
        const struct zm_field *fields = zm_kind_fields((enum zm_kind)kind, &n);
        char line[64];
        snprintf(line, sizeof line, "\n### %s\n", zm_kind_name((enum zm_kind)kind));
        size_t section = zm_str_find(zm_buf_str(&text), zm_str(line), 0);
        assert_int_equal(section != SIZE_MAX, n > 0);
        for (unsigned f = 0; f < n; f++) {
            snprintf(line, sizeof line, "\n| `%s` |", fields[f].name);
            if (zm_str_find(zm_buf_str(&text), zm_str(line), section) == SIZE_MAX)
                fail_msg("%s.%s is not documented", zm_kind_name((enum zm_kind)kind), fields[f].name);
        }
    }
    zm_buf_release(&text);
}

static int set_up(void **state)
{
    (void)state;
    zm_buf_init(&got, 64 << 20);
    block = malloc(ZM_BATCH_BLOCK_BYTES);
    return block ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    zm_buf_release(&got);
    free(block);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_by_titles),
        cmocka_unit_test(maps_as_told),
        cmocka_unit_test(tells_what_does_not_fit),
        cmocka_unit_test(leaves_people_out),
        cmocka_unit_test(refuses_rows),
        cmocka_unit_test(names_the_field_of_a_long_cell),
        cmocka_unit_test(carries_rows_over_batches),
        cmocka_unit_test(survives_failing_memory),
        cmocka_unit_test(finds_columns),
        cmocka_unit_test(hides_titles_that_are_data),
        cmocka_unit_test(notes_what_it_did),
        cmocka_unit_test(documents_every_field),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
