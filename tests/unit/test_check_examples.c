/* Every example of geo/tables/examples.tsv is true: a dirty one raises its rule, a clean one raises no open
 * finding of it; and every built rule has both. */
#include "geo/space/webdatum.h"
#include "tests/support/check_fixture.h"

enum { COL_RULE, COL_VERDICT, COL_SCOPE, COL_FIELDS, COL_NOTE };

/* The road of the examples that need axes: 1.8 km through 五马街道, west to east with a slope. */
static const double axis_lon = 120.6450, axis_lat = 28.0100, axis_dlon = 0.0180, axis_dlat = 0.0060;

/* What an example says of its delivery. */
struct delivery {
    struct zm_str datum, crs, shift;
    uint64_t rows, prev_rows, repeat;
    bool geometry, is_public, axes, full;
    struct zm_delivery_base base;
};

static uint64_t number_of(struct zm_str s)
{
    uint64_t n = 0;
    assert_true(zm_str_to_u64(s, &n));
    return n;
}

static void read_key(struct delivery *d, struct zm_str key, struct zm_str value)
{
    const struct zm_str prev_empty = ZM_STR("prev_empty.");
    unsigned field;
    if (zm_str_eq(key, ZM_STR("datum")))
        d->datum = value;
    else if (zm_str_eq(key, ZM_STR("crs")))
        d->crs = value;
    else if (zm_str_eq(key, ZM_STR("shift")))
        d->shift = value;
    else if (zm_str_eq(key, ZM_STR("rows")))
        d->rows = number_of(value);
    else if (zm_str_eq(key, ZM_STR("prev_rows")))
        d->prev_rows = number_of(value);
    else if (zm_str_eq(key, ZM_STR("repeat")))
        d->repeat = number_of(value);
    else if (zm_str_eq(key, ZM_STR("geometry")))
        d->geometry = zm_str_eq(value, ZM_STR("1"));
    else if (zm_str_eq(key, ZM_STR("public")))
        d->is_public = zm_str_eq(value, ZM_STR("1"));
    else if (zm_str_eq(key, ZM_STR("axes")))
        d->axes = zm_str_eq(value, ZM_STR("1"));
    else if (zm_str_eq(key, ZM_STR("full")))
        d->full = zm_str_eq(value, ZM_STR("1"));
    else if (zm_str_starts(key, prev_empty) &&
             zm_field_find(ZM_KIND_ADDRESS, zm_str_sub(key, prev_empty.len, key.len), &field))
        assert_true(zm_str_to_double(value, &d->base.empty_share[field]));
    else
        fail_msg("unknown key @%.*s", ZM_FMT(key));
}

static struct delivery read_delivery(struct zm_str fields)
{
    const struct zm_str bar = ZM_STR(" ¦ ");
    struct delivery d = {.datum = ZM_STR("EPSG:4490"), .repeat = 1};
    for (unsigned f = 0; f < ZM_FIELDS_MAX; f++)
        d.base.empty_share[f] = NAN;
    while (fields.len) {
        size_t end = zm_str_find(fields, bar, 0);
        struct zm_str pair = zm_str_sub(fields, 0, end == SIZE_MAX ? fields.len : end);
        fields = end == SIZE_MAX ? (struct zm_str){"", 0} : zm_str_sub(fields, end + bar.len, fields.len);
        size_t eq = zm_str_find(pair, ZM_STR("="), 0);
        if (pair.len && pair.ptr[0] == '@' && eq != SIZE_MAX)
            read_key(&d, zm_str_sub(pair, 1, eq), zm_str_sub(pair, eq + 1, pair.len));
    }
    d.base.n_rows = d.prev_rows;
    return d;
}

static void make_axis(struct fx *fx)
{
    struct zm_err err;
    struct zm_shape shape;
    const double xy[4] = {axis_lon, axis_lat, axis_lon + axis_dlon, axis_lat + axis_dlat};
    unsigned char wkb[9 + sizeof xy] = {1, 2, 0, 0, 0, 2, 0, 0, 0};
    memcpy(wkb + 9, xy, sizeof xy);
    fx_ok(zm_axes_new(&fx->axes, &err), &err);
    fx_ok(zm_shape_from_wkb(&shape, zm_str_n((const char *)wkb, sizeof wkb), &err), &err);
    fx_ok(zm_axes_add(fx->axes, 330302, ZM_STR("公园路"), &shape, &err), &err);
    zm_shape_release(&shape);
    fx_ok(zm_axes_build(fx->axes, &err), &err);
}

/* The example's row, {n} counted, and with @shift a point beside the axis as that datum would write it. */
static void make_row(const struct delivery *d, struct zm_str fields, uint64_t n, char out[4096])
{
    size_t at = 0, mark = zm_str_find(fields, ZM_STR("{n}"), 0);
    if (mark == SIZE_MAX)
        at = (size_t)snprintf(out, 4096, "%.*s", ZM_FMT(fields));
    else
        at = (size_t)snprintf(out, 4096, "%.*s%llu%.*s", (int)mark, fields.ptr, (unsigned long long)n,
                              (int)(fields.len - mark - 3), fields.ptr + mark + 3);
    assert_true(at < 4000);
    if (!d->shift.len)
        return;
    double t = (double)(n * 37 % 101) / 101, lon = axis_lon + t * axis_dlon,
           lat = axis_lat + t * axis_dlat + 0.0001;
    if (zm_str_eq(d->shift, ZM_STR("GCJ-02")))
        zm_gcj_from_wgs(lon, lat, &lon, &lat);
    else if (zm_str_eq(d->shift, ZM_STR("BD-09")))
        zm_bd_from_wgs(lon, lat, &lon, &lat);
    snprintf(out + at, 4096 - at, " ¦ lon=%.7f ¦ lat=%.7f", lon, lat);
}

static void run_example(struct fx *fx, struct zm_str fields)
{
    struct zm_err err;
    struct delivery d = read_delivery(fields);
    struct zm_delivery_base now;
    bool quarantine = false;
    char row[4096];
    fx->source.datum = d.datum;
    fx->source.path = d.geometry ? ZM_STR("test.geojson") : ZM_STR("test.csv");
    fx->source.full = d.full;
    fx->checker.public_profile = d.is_public;
    fx->checker.axes = d.axes ? fx->axes : NULL;
    fx_begin(fx);
    for (uint64_t n = 1; n <= d.repeat; n++) {
        make_row(&d, fields, n, row);
        fx_row(fx, n, row);
    }
    assert_true(zm_account_balances(&fx->account));
    struct zm_delivery_facts facts = {.n_rows = d.rows ? d.rows : d.repeat, .crs = d.crs};
    facts.has_geometry = d.geometry || d.crs.len;
    facts.has_crs = d.crs.len > 0;
    fx_ok(zm_check_source(fx->worker, &facts, &d.base, &fx->sink, &quarantine, &now, &err), &err);
}

static bool spoken(const struct fx *fx, enum zm_rule_id rule, bool open_only)
{
    for (unsigned i = 0; i < fx->n_findings; i++)
        if (fx->findings[i].rule == rule && !(open_only && fx->findings[i].fixed))
            return true;
    return false;
}

static void every_example_is_true(void **state)
{
    struct fx *fx = *state;
    struct zm_tsv examples;
    struct zm_err err;
    bool seen[ZM_N_RULES][2] = {{false}};
    unsigned wrong = 0;
    fx_ok(zm_tsv_init(&examples, "examples.tsv", zm_tables_embedded("examples.tsv"), &err), &err);
    for (uint32_t i = 0; i < examples.n_rows; i++) {
        enum zm_rule_id rule;
        struct zm_str fields = zm_tsv_cell(&examples, i, COL_FIELDS);
        bool dirty = zm_str_eq(zm_tsv_cell(&examples, i, COL_VERDICT), ZM_STR("dirty"));
        assert_true(zm_rule_find(zm_tsv_cell(&examples, i, COL_RULE), &rule));
        seen[rule][dirty] = true;
        run_example(fx, fields);
        /* A rule that repairs must not even have had something to repair in a clean example. */
        if (spoken(fx, rule, !dirty && !zm_rules()[rule].fixes) == dirty)
            continue;
        print_error("%.*s %s: %.*s\n", ZM_FMT(zm_rules()[rule].id),
                    dirty ? "is silent on dirty" : "speaks on clean", ZM_FMT(fields));
        for (unsigned k = 0; k < fx->n_findings; k++)
            print_error("    %.*s %s\n", ZM_FMT(zm_rules()[fx->findings[k].rule].id),
                        fx->findings[k].fixed ? "fixed" : "");
        wrong++;
    }
    for (unsigned r = 0; r < ZM_N_RULES; r++)
        if (zm_rules()[r].built && !(seen[r][0] && seen[r][1])) {
            print_error("%.*s lacks a clean or a dirty example\n", ZM_FMT(zm_rules()[r].id));
            wrong++;
        }
    zm_tsv_release(&examples);
    assert_int_equal(wrong, 0);
}

static int set_up(void **state)
{
    static struct fx fx;
    fx_init(&fx);
    make_axis(&fx);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_example_is_true)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
