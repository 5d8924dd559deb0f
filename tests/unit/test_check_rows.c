/* One row at a time: what is said of it, with which arguments, and what becomes of it. */
#include "geo/base/utf8.h"
#include "tests/support/check_fixture.h"

#define DOOR "text=浙江省温州市鹿城区五马街道公园路12号"
#define HERE " ¦ lon=120.656120 ¦ lat=28.015310"

/* A row, and the one finding expected of it. rule NULL: nothing at all is found. */
struct row_case {
    const char *row, *rule, *args;
    enum zm_severity severity;
    bool fixed, quarantined;
};

static enum zm_rule_id rule_of(const char *id)
{
    enum zm_rule_id rule = ZM_N_RULES;
    assert_true(zm_rule_find(zm_str(id), &rule));
    return rule;
}

static void check_cases(struct fx *fx, const struct row_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct row_case *c = &cases[i];
        fx_one(fx, c->row);
        assert_true(zm_account_balances(&fx->account));
        if (!c->rule) {
            if (fx->n_findings)
                fx_fail(fx, c->row);
            continue;
        }
        const struct zm_finding *f = fx_expect(fx, rule_of(c->rule), c->args);
        /* Only rules about the row alone stop it; the catalogue says which these are. */
        bool stopped = c->quarantined && zm_rules()[f->rule].scope == ZM_SCOPE_ROW;
        if (f->severity != c->severity || f->fixed != c->fixed || fx->last.quarantined != stopped)
            fail_msg("%s: %s severity %u fixed %u quarantined %u", c->row, c->rule, f->severity, f->fixed,
                     fx->last.quarantined);
        assert_true(zm_rule_bits_has(&fx->last.a.rules, f->rule));
        assert_true(fx->last.a.severity >= (c->fixed ? 0 : c->severity));
    }
}

static void reset(struct fx *fx)
{
    fx->source.datum = ZM_STR("EPSG:4490");
    fx->source.path = ZM_STR("test.csv");
    fx->source.full = false;
    fx->source.n_maps = 0;
    fx->checker.public_profile = fx->checker.gcj_approved = false;
    fx->checker.counties = fx->counties;
    fx->checker.towns = fx->towns;
    zm_rule_set_release(&fx->rules);
    struct zm_err err;
    fx_ok(zm_rule_set_init(&fx->rules, &err), &err);
}

static void says_nothing_of_clean_rows(void **state)
{
    static const struct row_case cases[] = {
        {.row = DOOR HERE},
        {.row = "text=浙江省温州市鹿城区五马街道墨池社区公园路12号1幢2单元302室" HERE},
        {.row = DOOR
         " ¦ county6=330302 ¦ county=鹿城区 ¦ town9=330302006 ¦ town=五马街道 ¦ comm12=330302006045 ¦ "
         "committee=墨池社区" HERE},
        {.row = DOOR " ¦ county6=330302000000 ¦ town9=006 ¦ comm12=330302006000" HERE},
        {.row = "text=公园路12号 ¦ county=鹿城区 ¦ town=五马街道" HERE},
        {.row = DOOR " ¦ county6=330302.0 ¦ town9=330302006.0" HERE},
        {.row = DOOR
         " ¦ src_key=WZ000012 ¦ addr_code=33030200622100000012 ¦ status=active ¦ valid_from=2010-05-01 ¦ "
         "valid_to=null ¦ upd_date=2025-06-30" HERE},
        {.row = "text=浙江省温州市龙港市朝阳社区站前路8号 ¦ county6=330383 ¦ lon=120.601234 ¦ lat=27.581234"},
    };
    struct fx *fx = *state;
    reset(fx);
    check_cases(fx, cases, sizeof cases / sizeof *cases);
    fx_one(fx, cases[2].row);
    assert_int_equal(fx->last.a.tuple.committee, 330302006045);
    assert_int_equal(fx->last.a.point_county, 330302);
    assert_int_equal(fx->last.a.point_town, 330302006);
    assert_int_equal(fx->last.a.severity, ZM_OFF);
    assert_int_equal(fx->account.accepted, 1);
    fx_one(fx, cases[4].row);
    assert_int_equal(fx->last.a.tuple.town, 330302006);
    assert_true(zm_str_has(fx->last.a.standard, ZM_STR("鹿城区五马街道公园路12号")));
    fx_one(fx, cases[7].row);
    assert_int_equal(fx->last.a.tuple.county, 330383);
    assert_int_equal(fx->last.a.tuple.town, 0);
}

static void judges_division_columns(void **state)
{
    static const struct row_case cases[] = {
        {DOOR " ¦ town9=330302599" HERE, "ADR-002", "330302599|五马街道|330302006", ZM_ERROR, false, true},
        {DOOR " ¦ county6=ABC" HERE, "ADR-002", "ABC|鹿城区|330302", ZM_ERROR, false, true},
        {DOOR " ¦ county6=330303" HERE, "ADR-003", "鹿城区|330303|龙湾区", ZM_ERROR, false, true},
        {"text=公园路12号 ¦ town9=330302006 ¦ town=松台街道" HERE, "ADR-003", "松台街道|330302006|五马街道",
         ZM_ERROR, false, true},
        {"text=公园路12号 ¦ county6=330321 ¦ lon=120.600001 ¦ lat=27.900001", "ADR-004", NULL, ZM_WARNING,
         true, true},
        {DOOR " ¦ town9=330302006 ¦ comm12=330302026001" HERE, "ADR-005", NULL, ZM_ERROR, false, true},
        {DOOR " ¦ county6=330303 ¦ comm12=330302006045" HERE, "ADR-005", "330302006045|330303", ZM_ERROR,
         false, true},
        {"text=公园路12号 ¦ town9=330302006 ¦ town=五马镇" HERE, "ADR-006", "五马镇|330302006", ZM_WARNING,
         false, true},
        {DOOR " ¦ comm12=330302006045 ¦ committee=墨池村" HERE, "ADR-007", "墨池村|330302006045", ZM_WARNING,
         false, false},
        {DOOR " ¦ committee=墨池社区居委会" HERE, "ADR-008", NULL, ZM_WARNING, true, false},
        {DOOR " ¦ county6=330302 ¦ town9=6" HERE, "IMP-003", "6|330302006", ZM_WARNING, true, false},
        {DOOR " ¦ county6=330302 ¦ town9=330302006 ¦ comm12=45" HERE, "IMP-003", "45|330302006045",
         ZM_WARNING, true, false},
        {DOOR " ¦ county6=330302 ¦ town9=7" HERE, "ADR-002", "7|五马街道|330302006", ZM_ERROR, false, true},
    };
    struct fx *fx = *state;
    reset(fx);
    check_cases(fx, cases, sizeof cases / sizeof *cases);
}

/* 龙港镇 of 苍南县 became a county of its own: whatever column or text says it, the row moves and nothing
 * contradicts. */
static void follows_a_town_that_became_a_county(void **state)
{
    static const char *const rows[] = {
        "text=浙江省温州市苍南县龙港镇站前路8号 ¦ county6=330327 ¦ county=苍南县 ¦ town=龙港镇",
        "text=站前路8号 ¦ county=苍南县 ¦ town=龙港镇",
        "text=浙江省温州市苍南县龙港镇站前路8号 ¦ county6=330383",
        "text=浙江省温州市苍南县龙港镇站前路8号 ¦ county6=330327 ¦ town9=330327101",
        "text=站前路8号 ¦ town9=330327101",
    };
    struct fx *fx = *state;
    reset(fx);
    fx->source.datum = ZM_STR("none");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fx_one(fx, rows[i]);
        assert_true(fx_expect(fx, ZM_ADR_004, NULL)->fixed);
        fx_expect_none(fx, ZM_ADR_001);
        fx_expect_none(fx, ZM_ADR_003);
        assert_int_equal(fx->last.a.tuple.county, 330383);
        assert_int_equal(fx->last.a.tuple.town, 0);
    }
}

/* One mistake is one finding, not three. */
static void does_not_repeat_itself(void **state)
{
    struct fx *fx = *state;
    reset(fx);
    fx_one(fx, "text=鹿城区五马街道墨池社区居委会公园路12号 ¦ committee=墨池社区居委会 ¦ county=鹿城区 ¦ "
               "town=五马街道" HERE);
    unsigned n = 0;
    for (unsigned i = 0; i < fx->n_findings; i++)
        n += fx->findings[i].rule == ZM_ADR_008;
    assert_int_equal(n, 1);
    fx_one(fx, "text=公园路12号 ¦ county6=330302 ¦ town9=3.3E+08" HERE);
    fx_expect(fx, ZM_IMP_002, "3.3E+08");
    fx_expect_none(fx, ZM_ADR_002);
    fx_one(fx, DOOR " ¦ lon=116.397120 ¦ lat=39.908310");
    fx_expect(fx, ZM_ADR_011, NULL);
    fx_expect_none(fx, ZM_ADR_009);
}

static void judges_levels(void **state)
{
    static const struct row_case cases[] = {
        {"text=公园路12号" HERE, "ADR-001", "county,town", ZM_ERROR, false, true},
        {"text=浙江省温州市鹿城区公园路12号" HERE, "ADR-001", "town", ZM_ERROR, false, true},
        {"text=浙江省温州市鹿城区五马街道公园路" HERE, "ADR-001", "number", ZM_ERROR, false, true},
        {"text=null" HERE, "ADR-001", "county,town,number", ZM_ERROR, false, true},
        {DOOR "3幢1单元8层801室 ¦ floors=6" HERE, "ADR-032", "8|801", ZM_INFO, false, false},
    };
    struct fx *fx = *state;
    reset(fx);
    check_cases(fx, cases, sizeof cases / sizeof *cases);
}

static void judges_spreadsheet_damage(void **state)
{
    static const struct row_case cases[] = {
        {"text=浙江省温州市鹿城区五马街道公园路12月1日" HERE, "IMP-001", "12月1日", ZM_ERROR, false, true},
        {"text=浙江省温州市鹿城区五马街道公园路1-Dec" HERE, "IMP-001", "1-Dec", ZM_ERROR, false, true},
        {"text=浙江省温州市鹿城区五马街道公园路44896号" HERE, "IMP-001", "44896", ZM_ERROR, false, true},
        {"text=浙江省温州市鹿城区五马街道公园路44896" HERE, "IMP-001", "44896", ZM_ERROR, false, true},
        {DOOR " ¦ building_id=Mar-02" HERE, "IMP-001", "Mar-02", ZM_ERROR, false, true},
        {DOOR " ¦ src_key=3.30302E+19" HERE, "IMP-002", "3.30302E+19", ZM_ERROR, false, true},
        {DOOR " ¦ addr_code=33030200622100000000" HERE, "IMP-002", "33030200622100000000", ZM_ERROR, false,
         true},
        {DOOR " ¦ addr_code=33030200622100000012" HERE, NULL, NULL, ZM_OFF, false, false},
        {DOOR " ¦ addr_code=3303020062210010" HERE, NULL, NULL, ZM_OFF, false, false},
        {DOOR " ¦ src_key=5E10" HERE, NULL, NULL, ZM_OFF, false, false},
    };
    struct fx *fx = *state;
    reset(fx);
    check_cases(fx, cases, sizeof cases / sizeof *cases);
}

static void judges_lifecycle(void **state)
{
    static const struct row_case cases[] = {
        {DOOR " ¦ valid_from=2020-05-01 ¦ valid_to=2010-05-01" HERE, "ADR-035",
         "2020-05-01|2010-05-01|lifecycle.reversed", ZM_ERROR, false, true},
        {DOOR " ¦ status=retired" HERE, "ADR-035", "||lifecycle.no_date", ZM_ERROR, false, true},
        {DOOR " ¦ upd_date=2025-07-01" HERE, "ADR-035", "|2025-07-01|lifecycle.future", ZM_ERROR, false,
         true},
        {DOOR " ¦ valid_from=2026/1/1" HERE, "ADR-035", "2026/1/1||lifecycle.future", ZM_ERROR, false, true},
        {DOOR " ¦ valid_from=2026/1/1 ¦ status=planned" HERE, NULL, NULL, ZM_OFF, false, false},
        {DOOR " ¦ valid_from=去年" HERE, "ADR-035", "去年||lifecycle.unreadable", ZM_WARNING, false, false},
        {DOOR " ¦ valid_from=2025-02-30" HERE, "ADR-035", "2025-02-30||lifecycle.unreadable", ZM_WARNING,
         false, false},
    };
    struct fx *fx = *state;
    reset(fx);
    check_cases(fx, cases, sizeof cases / sizeof *cases);
}

static void judges_positions(void **state)
{
    static const struct row_case cases[] = {
        {DOOR " ¦ lon=120.700001 ¦ lat=28.040001", "ADR-009", NULL, ZM_WARNING, false,
         false}, /* another town */
        {DOOR " ¦ lon=120.630120 ¦ lat=27.780310", "ADR-009", NULL, ZM_ERROR, false, true},
        {DOOR " ¦ lon=120.656123 ¦ lat=28.050901", "ADR-009", NULL, ZM_WARNING, false,
         false}, /* 100 m over the edge */
        {DOOR " ¦ lon= ¦ lat=", "ADR-010", "position.empty", ZM_WARNING, false, false},
        {DOOR "3幢302室 ¦ lon= ¦ lat=", "ADR-010", "position.empty", ZM_INFO, false, false},
        {DOOR " ¦ lon=0.0 ¦ lat=0", "ADR-010", "position.zero", ZM_WARNING, false, false},
        {DOOR " ¦ lon=nan ¦ lat=28.0", "ADR-010", NULL, ZM_WARNING, false, false},
        {DOOR " ¦ lon=564512.3 ¦ lat=3100123.4", "ADR-010", "position.unprojectable", ZM_WARNING, false,
         false},
        {DOOR " ¦ lon=121.450001 ¦ lat=28.000001", "ADR-011", "121.450001|28.000001|14.8", ZM_ERROR, false,
         true},
        {DOOR " ¦ lon=28.015310 ¦ lat=120.656120", "CRD-002", "28.015310, 120.656120|120.656120, 28.015310",
         ZM_ERROR, true, false},
        {DOOR " ¦ lon=120.656 ¦ lat=28.015", "CRD-008", "120.656|3", ZM_WARNING, false, false},
        {DOOR " ¦ lon=120.6561 ¦ lat=28.015312", NULL, NULL, ZM_OFF, false, false}, /* a zero was cut off */
        {DOOR " ¦ lon=120°75′22.00″ ¦ lat=28°00′55.10″", "CRD-009", "field.address.lon|120°75′22.00″",
         ZM_WARNING, false, false},
    };
    struct fx *fx = *state;
    reset(fx);
    check_cases(fx, cases, sizeof cases / sizeof *cases);
    fx_one(fx, cases[9].row);
    fx_near(fx->last.a.lon, 120.656120, 1e-9);
    assert_int_equal(fx->last.a.pos_src, ZM_POS_IMPORTED);
    fx_one(fx, cases[12].row);
    assert_int_equal(fx->last.a.pos_src, ZM_POS_NONE);
    fx->checker.counties = fx->checker.towns = NULL; /* the coarse box */
    fx_one(fx, DOOR " ¦ lon=121.900001 ¦ lat=28.000001");
    fx_expect_silence(fx);
    fx_one(fx, DOOR " ¦ lon=122.100001 ¦ lat=28.000001");
    fx_expect(fx, ZM_ADR_011, NULL);
}

static void repairs_eastings(void **state)
{
    struct fx *fx = *state;
    reset(fx);
    fx->source.datum = ZM_STR("EPSG:4549");
    static const struct row_case cases[] = {
        {DOOR " ¦ east=564512.30 ¦ north=3100123.40", NULL, NULL, ZM_OFF, false, false},
        {DOOR " ¦ east=3100123.40 ¦ north=564512.30", "CRD-003",
         "3100123.40, 564512.30|564512.30, 3100123.40", ZM_ERROR, true, false},
        {DOOR " ¦ east=40564512.30 ¦ north=3100123.40", "CRD-004", "40564512.30|564512.30|EPSG:4549",
         ZM_ERROR, true, false},
        {DOOR " ¦ east=3100123.40 ¦ north=40564512.30", "CRD-003", NULL, ZM_ERROR, true, false},
        /* the same door in the neighbouring zone: central meridian 123 */
        {DOOR " ¦ east=41269511.00 ¦ north=3102400.00", "CRD-004", NULL, ZM_ERROR, true, false},
    };
    check_cases(fx, cases, sizeof cases / sizeof *cases);
    fx_near(fx->last.a.lon, 120.656, 0.01);
    fx_one(fx, cases[0].row);
    struct zm_address plain = fx->last.a;
    fx_one(fx, cases[3].row); /* swapped and with the zone's number */
    fx_expect(fx, ZM_CRD_004, NULL);
    fx_near(fx->last.a.lon, plain.lon, 1e-9);
    fx_near(fx->last.a.lat, plain.lat, 1e-9);
    fx->source.datum = ZM_STR("EPSG:4528");
    fx_one(fx, cases[0].row);
    fx_expect(fx, ZM_CRD_004, "564512.30|40564512.30|EPSG:4528");
    fx_near(fx->last.a.lon, plain.lon, 1e-9);
    fx_one(fx, DOOR " ¦ east=120.656120 ¦ north=28.015310"); /* degrees after all */
    assert_true(fx_expect(fx, ZM_ADR_010, "position.unprojectable")->cause.len > 0);
    fx_expect_none(fx, ZM_CRD_004);
    fx_one(fx, DOOR " ¦ east=99564512.30 ¦ north=3100123.40"); /* no such zone */
    assert_false(fx_expect(fx, ZM_CRD_004, NULL)->fixed);
    assert_true(fx->last.quarantined);
}

static void obeys_the_law_of_web_maps(void **state)
{
    struct fx *fx = *state;
    reset(fx);
    fx->source.datum = ZM_STR("GCJ-02");
    fx_one(fx, DOOR HERE);
    const struct zm_finding *f = fx_expect(fx, ZM_ADR_010, "position.no_approval");
    assert_true(f->cause.len > 0);
    assert_int_equal(fx->last.a.pos_src, ZM_POS_NONE);
    assert_false(fx->last.quarantined);
    fx->checker.gcj_approved = true;
    fx_one(fx, DOOR HERE " ¦ pos_src=surveyed ¦ acc_m=0.5");
    fx_expect_none(fx, ZM_ADR_010);
    assert_int_equal(fx->last.a.pos_src, ZM_POS_CONVERTED);
    assert_true(fx->last.a.acc_m >= 10);
    fx_near(fx->last.a.lon, 120.656120 - 0.00396, 0.0005);
    fx->source.datum = ZM_STR("none");
    fx_one(fx, DOOR HERE);
    fx_expect_silence(fx);
    assert_int_equal(fx->last.a.pos_src, ZM_POS_NONE);
}

static void keeps_rooms_and_sites_out_of_public_layers(void **state)
{
    struct fx *fx = *state;
    reset(fx);
    fx->checker.public_profile = true;
    fx_one(fx, DOOR "3幢302室" HERE);
    assert_string_equal(fx_expect(fx, ZM_CRD_013, NULL)->cause.ptr, "room");
    fx_one(fx, DOOR HERE " ¦ note=鹿城看守所旁");
    fx_expect(fx, ZM_CRD_013, "看守所");
    fx_one(fx, DOOR HERE);
    fx_expect_silence(fx);
}

/* Cells of any length and bytes: what is said of them stays short and whole UTF-8. */
static void survives_monstrous_cells(void **state)
{
    static char row[80000];
    struct fx *fx = *state;
    reset(fx);
    for (unsigned shift = 0; shift < 3; shift++) {
        size_t at = (size_t)sprintf(row, "text=公园路12号 ¦ county6=330302 ¦ town9=330302006 ¦ town=%.*s",
                                    (int)shift, "ab");
        while (at < 60000)
            at += (size_t)sprintf(row + at, "镇");
        fx_one(fx, row);
        assert_true(fx->n_findings > 0);
        for (unsigned i = 0; i < fx->n_findings; i++) {
            assert_true(fx->findings[i].args.len < 1000 && fx->findings[i].cause.len < 300);
            assert_int_equal(zm_utf8_check(fx->findings[i].args), SIZE_MAX);
            assert_int_equal(zm_utf8_check(fx->findings[i].cause), SIZE_MAX);
        }
        at = (size_t)sprintf(row, "text=");
        while (at < 60000)
            at += (size_t)sprintf(row + at, "%c嶨一", 'A' + (int)shift);
        fx_one(fx, row);
        for (unsigned i = 0; i < fx->n_findings; i++) {
            assert_true(fx->findings[i].args.len < 1000 && fx->findings[i].text.len <= 1020);
            assert_int_equal(zm_utf8_check(fx->findings[i].text), SIZE_MAX);
        }
        assert_int_equal(fx->last.a.text.len, at - 5); /* the address itself keeps its text whole */
    }
    fx_one(fx, "text=\xff\xfe\x80 ¦ county6=\x1f\x1f ¦ lon=\xc3 ¦ lat=\xe2\x80 ¦ town=\xe5");
    assert_true(zm_account_balances(&fx->account));
}

static void lets_settings_rule(void **state)
{
    struct fx *fx = *state;
    struct zm_err err;
    const enum zm_severity off = ZM_OFF, warning = ZM_WARNING;
    const double far = 100000;
    reset(fx);
    fx_ok(zm_rule_set_change(&fx->rules, ZM_ADR_009, 330302, NULL, &far, &err), &err);
    fx_ok(zm_rule_set_change(&fx->rules, ZM_CRD_002, 0, &off, NULL, &err), &err);
    fx_ok(zm_rule_set_change(&fx->rules, ZM_ADR_011, 0, &off, NULL, &err), &err);
    fx_ok(zm_rule_set_change(&fx->rules, ZM_ADR_001, 0, &warning, NULL, &err), &err);
    fx_one(fx, DOOR " ¦ lon=120.630120 ¦ lat=27.780310");
    fx_expect_none(fx, ZM_ADR_009);
    fx_one(fx, "text=浙江省温州市瓯海区三垟街道公园路12号 ¦ lon=120.630120 ¦ lat=27.780310");
    fx_expect(fx, ZM_ADR_009, NULL);
    fx_one(fx, DOOR " ¦ lon=28.015310 ¦ lat=88.656120"); /* neither swapped nor complained about */
    fx_expect_none(fx, ZM_ADR_011);
    fx_one(fx, "text=浙江省温州市鹿城区公园路12号" HERE);
    assert_int_equal(fx_expect(fx, ZM_ADR_001, NULL)->severity, ZM_WARNING);
    assert_false(fx->last.quarantined);
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
        cmocka_unit_test(says_nothing_of_clean_rows),
        cmocka_unit_test(judges_division_columns),
        cmocka_unit_test(follows_a_town_that_became_a_county),
        cmocka_unit_test(does_not_repeat_itself),
        cmocka_unit_test(judges_levels),
        cmocka_unit_test(judges_spreadsheet_damage),
        cmocka_unit_test(judges_lifecycle),
        cmocka_unit_test(judges_positions),
        cmocka_unit_test(repairs_eastings),
        cmocka_unit_test(obeys_the_law_of_web_maps),
        cmocka_unit_test(keeps_rooms_and_sites_out_of_public_layers),
        cmocka_unit_test(survives_monstrous_cells),
        cmocka_unit_test(lets_settings_rule),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
