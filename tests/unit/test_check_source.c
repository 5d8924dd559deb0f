/* Whole batches and deliveries: the account, lines that are no record, dataset rules, merging, memory that
 * runs out. */
#include "tests/support/check_fixture.h"

#define DOOR "text=浙江省温州市鹿城区五马街道公园路12号"
#define HERE " ¦ lon=120.656120 ¦ lat=28.015310"

static void reset(struct fx *fx)
{
    fx->source.datum = ZM_STR("EPSG:4490");
    fx->source.path = ZM_STR("test.csv");
    fx->source.full = false;
    fx->source.n_maps = 0;
    fx_begin(fx);
}

static bool close_source(struct fx *fx, struct zm_delivery_facts facts, const struct zm_delivery_base *base,
                         struct zm_delivery_base *now)
{
    struct zm_err err;
    struct zm_delivery_base here;
    bool quarantine = false;
    fx_ok(zm_check_source(fx->worker, &facts, base, &fx->sink, &quarantine, now ? now : &here, &err), &err);
    return quarantine;
}

static void rejects_lines_that_are_no_record(void **state)
{
    static const char *const lines[] = {
        "src_key=合计 ¦ text=128",
        "text=小计：12",
        "text=总计 128",
        "src_key=3 ¦ text=合　计",
        "src_key=编号 ¦ text=地址 ¦ lon=经度 ¦ lat=纬度",
    };
    struct fx *fx = *state;
    reset(fx);
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++) {
        fx_row(fx, i + 1, lines[i]);
        assert_int_equal(fx->account.rejected[ZM_REASON_TOTALS], i + 1);
        assert_int_equal(fx->findings[fx->n_findings - 1].rule, ZM_IMP_005);
    }
    fx_row(fx, 9, "src_key=9 ¦ text=浙江省温州市鹿城区五马街道合计巷12号" HERE);
    assert_int_equal(fx->account.accepted, 1);
    assert_int_equal(fx->n_addresses, 1);
    assert_true(zm_account_balances(&fx->account));
}

/* The titles of a mapped source are its own columns, a template's without its braces. */
static void knows_mapped_headers(void **state)
{
    struct fx *fx = *state;
    reset(fx);
    fx->maps[0] = (struct zm_map){.field = ZM_AF_TEXT, .column = ZM_STR("{街路}{门牌}")};
    fx->maps[1] = (struct zm_map){.field = ZM_AF_TOWN, .column = ZM_STR("镇街名")};
    fx->source.maps = fx->maps;
    fx->source.n_maps = 2;
    fx_one(fx, "text=街路门牌 ¦ town=镇街名");
    assert_int_equal(fx->account.rejected[ZM_REASON_TOTALS], 1);
    fx_one(fx, "text=街路门牌 ¦ town=五马街道");
    assert_int_equal(fx->account.rejected[ZM_REASON_TOTALS], 0);
}

/* Rejects of the reader are counted, and a totals line among them is told in row order. */
static void counts_what_the_reader_refused(void **state)
{
    static const uint8_t fields[] = {ZM_AF_TEXT};
    static const struct zm_reject rejects[] = {{1, 2, ZM_REASON_RAGGED, ZM_FIELD_NONE},
                                               {3, 4, ZM_REASON_TOTALS, ZM_FIELD_NONE},
                                               {5, 6, ZM_REASON_NUL, ZM_AF_TEXT}};
    struct fx *fx = *state;
    struct zm_batch_builder builder;
    struct zm_batch batch;
    struct zm_err err;
    reset(fx);
    zm_batch_init(&builder, fx->block, ZM_BATCH_BLOCK_BYTES, ZM_KIND_ADDRESS, fields, 1);
    for (uint64_t row = 2; row <= 4; row += 2) {
        assert_true(zm_batch_begin(&builder, row));
        assert_true(zm_batch_cell(&builder, ZM_STR("公园路12号")));
        zm_batch_commit(&builder);
    }
    for (int i = 0; i < 3; i++)
        assert_true(zm_batch_reject(&builder, &rejects[i]));
    size_t size = zm_batch_finish(&builder);
    fx_ok(zm_batch_view(&batch, fx->block, size, &err), &err);
    fx_ok(zm_check_batch(fx->worker, &batch, &fx->sink, &fx->account, &err), &err);
    assert_int_equal(fx->account.rows_in, 5);
    assert_int_equal(zm_account_rejected(&fx->account), 3);
    assert_int_equal(zm_account_quarantined(&fx->account), 2);
    assert_true(zm_account_balances(&fx->account));
    for (unsigned i = 1; i < fx->n_findings; i++)
        assert_true(fx->findings[i - 1].row <= fx->findings[i].row);
    fx_expect(fx, ZM_IMP_005, NULL);
}

static void judges_declarations(void **state)
{
    static const struct {
        const char *datum, *says;
        bool geometry, points, speaks;
    } cases[] = {
        {"EPSG:4490", "EPSG:4490", true, true, false},
        {"EPSG:4490", "EPSG:4326", true, true, false},
        {"EPSG:4490", "", true, true, false},
        {"GCJ-02", "EPSG:4326", true, true, false},
        {"EPSG:4490", "EPSG:4549", true, true, true},
        {"", "", false, true, true},
        {"", "", false, false, false},
        {"none", "EPSG:4490", true, true, false},
    };
    struct fx *fx = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fx->source.datum = zm_str(cases[i].datum);
        fx_one(fx, cases[i].points ? DOOR HERE : DOOR);
        fx->n_findings = 0;
        struct zm_delivery_facts facts = {
            .n_rows = 1, .has_geometry = cases[i].geometry, .crs = zm_str(cases[i].says)};
        bool stop = close_source(fx, facts, NULL, NULL);
        if (stop != cases[i].speaks || (fx_find(fx, ZM_CRD_001) != NULL) != cases[i].speaks)
            fx_fail(fx, cases[i].says);
    }
    fx->source.datum = ZM_STR("EPSG:4610");
    fx_one(fx, DOOR HERE);
    fx_expect(fx, ZM_ADR_010, "position.old_datum");
    assert_true(close_source(fx, (struct zm_delivery_facts){.n_rows = 1}, NULL, NULL));
    fx_expect(fx, ZM_CRD_007, "EPSG:4610|crs.old_datum");
}

static void judges_row_counts(void **state)
{
    static const struct {
        uint64_t rows, before;
        bool full, speaks, stops;
    } cases[] = {
        {65535, 0, false, true, true},     {65536, 0, false, true, true},
        {65537, 0, false, false, false},   {1048575, 0, false, true, true},
        {1048576, 0, true, true, true},    {1048574, 0, true, false, false},
        {8000, 10000, true, false, false}, {7999, 10000, true, true, true},
        {7999, 10000, false, true, false}, {20000, 10000, true, false, false},
    };
    struct fx *fx = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_delivery_base base = {.n_rows = cases[i].before};
        for (unsigned f = 0; f < ZM_FIELDS_MAX; f++)
            base.empty_share[f] = NAN;
        reset(fx);
        fx->source.full = cases[i].full;
        bool stop = close_source(fx, (struct zm_delivery_facts){.n_rows = cases[i].rows}, &base, NULL);
        if (stop != cases[i].stops || (fx_find(fx, ZM_IMP_004) != NULL) != cases[i].speaks)
            fail_msg("%u rows after %u", (unsigned)cases[i].rows, (unsigned)cases[i].before);
    }
}

static void judges_columns_that_went_empty(void **state)
{
    struct fx *fx = *state;
    struct zm_delivery_base now, then;
    reset(fx);
    for (uint64_t row = 1; row <= 10; row++)
        fx_row(fx, row, row <= 6 ? DOOR HERE " ¦ town=" : DOOR HERE " ¦ town=五马街道");
    assert_false(close_source(fx, (struct zm_delivery_facts){.n_rows = 10}, NULL, &now));
    assert_int_equal(now.n_rows, 10);
    fx_near(now.empty_share[ZM_AF_TOWN], 0.6, 1e-9);
    fx_near(now.empty_share[ZM_AF_TEXT], 0, 1e-9);
    assert_true(isnan(now.empty_share[ZM_AF_COUNTY]));
    fx_expect_none(fx, ZM_IMP_006);

    then = now;
    then.empty_share[ZM_AF_TOWN] = 0.25;
    then.empty_share[ZM_AF_COUNTY] = 0.1; /* delivered then, not at all now */
    assert_false(close_source(fx, (struct zm_delivery_facts){.n_rows = 10}, &then, NULL));
    unsigned fields = 0;
    for (unsigned i = 0; i < fx->n_findings; i++)
        if (fx->findings[i].rule == ZM_IMP_006)
            fields |= 1u << fx->findings[i].field;
    assert_int_equal(fields, 1u << ZM_AF_TOWN | 1u << ZM_AF_COUNTY);
    fx_expect(fx, ZM_IMP_006, "field.address.county|10|100");
}

/* A row of a column in DD.MMSS, and of a GeoJSON file with its axes the wrong way round. */
static void judges_columns_as_a_whole(void **state)
{
    struct fx *fx = *state;
    char row[256];
    reset(fx);
    for (unsigned i = 0; i < 120; i++) {
        snprintf(row, sizeof row, DOOR " ¦ lon=120.%02u%02u31 ¦ lat=28.%02u%02u17", 36 + i % 5, i * 7 % 60,
                 i % 3, i * 11 % 60);
        fx_row(fx, i + 1, row);
    }
    fx->n_findings = 0;
    assert_false(close_source(fx, (struct zm_delivery_facts){.n_rows = 120}, NULL, NULL));
    fx_expect(fx, ZM_CRD_009, "field.address.lon|120.360031");

    fx->source.path = ZM_STR("test.geojson");
    fx_begin(fx);
    for (unsigned i = 0; i < 5; i++)
        fx_row(fx, i + 1, DOOR " ¦ lon=28.015310 ¦ lat=120.656120");
    assert_false(close_source(fx, (struct zm_delivery_facts){.n_rows = 5, .has_geometry = true}, NULL, NULL));
    fx_expect(fx, ZM_CRD_011, "28.015310|120.656120");
    assert_int_equal(fx->account.accepted, 5);
}

/* Two workers with half of the rows each, merged either way, say what one says. */
static void merging_has_no_order(void **state)
{
    struct fx *fx = *state;
    char lists[3][1024];
    for (unsigned turn = 0; turn < 3; turn++) {
        struct zm_check_worker *halves[2];
        struct zm_err err;
        reset(fx);
        halves[0] = fx->worker;
        fx_ok(zm_check_worker_new(&halves[1], &fx->checker, &fx->source, &err), &err);
        for (unsigned i = 0; i < 130; i++) {
            char row[256];
            snprintf(row, sizeof row, DOOR " ¦ lon=120.%02u%02u31 ¦ lat=28.%02u%02u17", 36 + i % 5,
                     i * 7 % 60, i % 3, i * 11 % 60);
            fx->worker = halves[turn && i % 2];
            fx_row(fx, i + 1, row);
        }
        fx->n_findings = 0;
        unsigned into = turn == 2;
        fx_ok(zm_check_worker_merge(halves[into], halves[!into], &err), &err);
        fx->worker = halves[into];
        zm_check_worker_free(halves[!into]);
        close_source(fx, (struct zm_delivery_facts){.n_rows = 130}, NULL, NULL);
        assert_true(fx->n_findings == 2);
        snprintf(lists[turn], sizeof lists[turn], "%.*s / %.*s", ZM_FMT(fx->findings[0].args),
                 ZM_FMT(fx->findings[1].args));
    }
    assert_string_equal(lists[0], lists[1]);
    assert_string_equal(lists[0], lists[2]);
}

/* Whatever allocation fails, the error is memory and nothing leaks (run under a leak checker). */
static void fails_cleanly_without_memory(void **state)
{
    struct fx *fx = *state;
    const struct zm_str row = ZM_STR(DOOR HERE " ¦ town9=6 ¦ county6=330302 ¦ town=松台街道 ¦ note=x");
    int rc = 1;
    reset(fx);
    fx->checker.public_profile = true;
    for (long k = 1; rc && k < 200; k++) {
        struct zm_err err = {0};
        struct zm_check_worker *w = NULL;
        zm_check_worker_free(fx->worker);
        fx->worker = NULL;
        zm_mem_fail_at(k);
        rc = zm_check_worker_new(&w, &fx->checker, &fx->source, &err);
        if (!rc) {
            fx->worker = w;
            rc = fx_try_row(fx, 1, row, &err);
        }
        zm_mem_fail_at(0);
        if (rc)
            assert_int_equal(err.code, ZM_E_MEMORY);
    }
    assert_int_equal(rc, 0);
    fx->checker.public_profile = false;
}

static int set_up(void **state)
{
    static struct fx fx;
    fx_init(&fx);
    *state = &fx;
    return 0;
}

static int tear_down(void **state)
{
    fx_release(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejects_lines_that_are_no_record),
        cmocka_unit_test(knows_mapped_headers),
        cmocka_unit_test(counts_what_the_reader_refused),
        cmocka_unit_test(judges_declarations),
        cmocka_unit_test(judges_row_counts),
        cmocka_unit_test(judges_columns_that_went_empty),
        cmocka_unit_test(judges_columns_as_a_whole),
        cmocka_unit_test(merging_has_no_order),
        cmocka_unit_test(fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
