/* report.html: hostile text stays text, numbers read well, and a small set of facts becomes the page it
 * should. */
#include "export/report_html.h"
#include "export/report_write.h"
#include "geo/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void escapes_hostile_text(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *shown;
    } cases[] = {
        {"", ""},
        {"锦绣路12号", "锦绣路12号"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\"><img src=x onerror='a'>", "&quot;&gt;&lt;img src=x onerror=&#39;a&#39;&gt;"},
        {"&amp;", "&amp;amp;"},
        {"a\tb\nc", "a[U+0009]b[U+000A]c"},
        {"x\x7Fy\xC2\x85", "x[U+007F]y[U+0085]"},
        {"号\342\200\2561\342\200\254", "号[U+202E]1[U+202C]"},
        {"\xEF\xBB\xBF", "[U+FEFF]"},
        {"\xE2\x80\x8B", "[U+200B]"},
        {"\xF3\xA0\x81\x81", "[U+E0041]"},
        {"bad \xFF\xC3", "bad \xEF\xBF\xBD\xEF\xBF\xBD"},
        {"全　角", "全　角"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_buf out;
        struct zm_html h;
        zm_buf_init(&out, 4096);
        zm_html_init(&h, &out, NULL);
        zm_html_text(&h, zm_str(cases[i].raw));
        assert_int_equal(h.rc, 0);
        assert_int_equal(out.len, strlen(cases[i].shown));
        if (out.len)
            assert_memory_equal(out.ptr, cases[i].shown, out.len);
        zm_html_release(&h);
        zm_buf_release(&out);
    }
}

static void groups_digits(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        const char *shown;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {999, "999"},
                 {1000, "1,000"},
                 {8860000, "8,860,000"},
                 {UINT64_MAX, "18,446,744,073,709,551,615"}};
    char text[ZM_COUNT_CHARS];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(zm_html_grouped(cases[i].n, text), cases[i].shown);
}

/* What is there is never rounded to nothing. */
static void shows_shares(void **state)
{
    (void)state;
    static const struct {
        uint64_t part, whole;
        const char *shown;
    } cases[] = {{0, 0, "0%"},    {5, 0, "0%"},         {1, 2, "50%"},     {1, 3, "33.3%"},
                 {2, 3, "66.7%"}, {1, 1000000, "0.1%"}, {999, 999, "100%"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_buf out;
        struct zm_html h;
        zm_buf_init(&out, 4096);
        zm_html_init(&h, &out, NULL);
        zm_html_share(&h, cases[i].part, cases[i].whole);
        assert_int_equal(out.len, strlen(cases[i].shown));
        assert_memory_equal(out.ptr, cases[i].shown, out.len);
        zm_html_release(&h);
        zm_buf_release(&out);
    }
}

/* A square county of 0.1 degree, its border with points that a map of 1000 pixels cannot show. */
enum { SIDE = 500 };
static struct zm_edge square[4 * SIDE];

static void make_square(void)
{
    double x = 120, y = 28;
    for (int i = 0; i < 4 * SIDE; i++) {
        static const double dx[] = {1, 0, -1, 0}, dy[] = {0, 1, 0, -1};
        double to_x = x + dx[i / SIDE] * 0.1 / SIDE, to_y = y + dy[i / SIDE] * 0.1 / SIDE;
        square[i] = (struct zm_edge){x, y, to_x, to_y};
        x = to_x;
        y = to_y;
    }
}

static const struct zm_report_reason reasons[] = {{.text = {"<because>", 9}, .rows = 3, .rejected = true}};
static const struct zm_report_verdict verdicts[] = {
    {.id = {"CRD-005", 7}, .title = {"title", 5}, .message = {"219 <points>", 12}, .severity = ZM_ERROR}};
static const struct zm_report_source sources[] = {{.name = {"po<lice", 7},
                                                   .kind = {"kind", 4},
                                                   .path = {"in&box", 6},
                                                   .quarantined = true,
                                                   .rows_in = 12345,
                                                   .accepted = 12000,
                                                   .rejected = 3,
                                                   .quarantined_rows = 342,
                                                   .reasons = reasons,
                                                   .verdicts = verdicts,
                                                   .n_reasons = 1,
                                                   .n_verdicts = 1}};
static const struct zm_report_example examples[] = {
    {.source = {"police", 6}, .before = {"12栋<u>", 8}, .after = {"12幢<u>", 8}, .row = 7}};
static const struct zm_report_rule rules[] = {
    {.id = {"ADR-001", 7}, .title = {"quiet", 5}, .severity = ZM_WARNING, .findings = 2, .rows = 2},
    {.id = {"ADR-002", 7}, .title = {"loud", 4}, .severity = ZM_ERROR, .findings = 4, .rows = 4321},
    {.id = {"ADR-016", 7}, .title = {"fixed", 5}, .fixed = 9, .examples = examples, .n_examples = 1}};
static const struct zm_report_place counties[] = {
    {.code = 330302, .name = {"Lucheng", 7}, .addresses = 1111, .points = 1110, .findings = {{0, 1, 2, 3}}}};
static const struct zm_report_place towns[] = {
    {.code = 330302006, .name = {"Wuma", 4}, .addresses = 77, .findings = {{0, 1, 2, 3}}}};
static const struct zm_report_spot spots[] = {{.lon = 120.05, .lat = 28.05, .findings = {{0, 1, 2, 3}}},
                                              {.lon = 100, .lat = 28.05, .findings = {{0, 0, 5, 0}}}};
static const struct zm_report_outline outlines[] = {
    {.name = {"Lucheng", 7}, .edges = square, .n_edges = 4 * SIDE, .county = true}};
static const struct zm_report_change changes[] = {
    {.name = {"police", 6}, .before_rows = 10, .rows = 12345, .before_findings = 9, .findings = 6}};

static struct zm_report_facts small_facts(void)
{
    return (struct zm_report_facts){.city = {"City", 4},
                                    .run_id = {"0123456789abcdef", 16},
                                    .mark = {"MARK", 4},
                                    .as_of = 20250630,
                                    .rows_in = 12345,
                                    .accepted = 12000,
                                    .rejected = 3,
                                    .quarantined = 342,
                                    .fixed = 9,
                                    .findings = {{0, 1, 2, 3}},
                                    .sources = sources,
                                    .rules = rules,
                                    .counties = counties,
                                    .towns = towns,
                                    .outlines = outlines,
                                    .spots = spots,
                                    .changes = changes,
                                    .previous_run = {"fedcba9876543210", 16},
                                    .previous_as_of = {"2025-05-31", 10},
                                    .n_sources = 1,
                                    .n_rules = 3,
                                    .n_counties = 1,
                                    .n_towns = 1,
                                    .n_outlines = 1,
                                    .n_spots = 2,
                                    .n_changes = 1,
                                    .unplaced = 17};
}

static bool has(const struct zm_buf *page, const char *text)
{
    return zm_str_has(zm_buf_str(page), zm_str(text));
}

static void renders_facts(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "<!DOCTYPE html>",
        "default-src 'none'; style-src 'unsafe-inline'",
        "2025-06-30",
        "MARK",
        "<td class=\"n\">12,345</td>",
        "po&lt;lice",
        "in&amp;box",
        "219 &lt;points&gt;",
        "&lt;because&gt;",
        "CRD-005",
        "4,321",
        "1,111",
        "Wuma",
        /* only what differs is marked, and characters are never cut in two */
        "12<del>栋</del>&lt;u&gt;",
        "12<ins>幢</ins>&lt;u&gt;",
        /* comparison */
        "+12,335",
        "better\">\342\210\2223</td>",
        "fedcba9876543210",
        /* map */
        "<path class=\"county\" d=\"M",
        "<circle class=\"error\"",
        "Lucheng</text>",
        "17",
    };
    static const char *const unwanted[] = {"<u>",     "<points>", "<because>", "po<lice",
                                           "<script", "://",      "url("};
    const struct zm_report_facts facts = small_facts();
    struct zm_buf page, again;
    struct zm_err err = {0};
    zm_buf_init(&page, ZM_REPORT_PAGE_MAX);
    zm_buf_init(&again, ZM_REPORT_PAGE_MAX);
    make_square();
    assert_int_equal(zm_report_html_put(&page, &facts, &err), 0);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!has(&page, wanted[i]))
            fail_msg("the page lacks %s", wanted[i]);
    for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
        if (has(&page, unwanted[i]))
            fail_msg("the page has %s", unwanted[i]);
    size_t loud = zm_str_find(zm_buf_str(&page), ZM_STR("loud</b>"), 0);
    assert_true(loud < zm_str_find(zm_buf_str(&page), ZM_STR("quiet</b>"), 0));
    assert_int_equal(zm_report_html_put(&again, &facts, &err), 0);
    assert_int_equal(page.len, again.len);
    assert_memory_equal(page.ptr, again.ptr, page.len);
    zm_buf_release(&page);
    zm_buf_release(&again);
}

/* The outline has the square's strokes only, whatever the number of its points. */
static void simplifies_outlines(void **state)
{
    (void)state;
    const struct zm_report_facts facts = small_facts();
    struct zm_buf page;
    zm_buf_init(&page, ZM_REPORT_PAGE_MAX);
    make_square();
    assert_int_equal(zm_report_html_put(&page, &facts, NULL), 0);
    struct zm_str text = zm_buf_str(&page);
    static const char head[] = "<path class=\"county\" d=\"";
    size_t from = zm_str_find(text, ZM_STR("<path class=\"county\" d=\""), 0) + sizeof head - 1;
    size_t to = zm_str_find(text, ZM_STR("\"/>"), from);
    assert_true(to - from < 60);
    zm_buf_release(&page);
}

static void leaves_empty_sections_out(void **state)
{
    (void)state;
    const struct zm_report_facts facts = {.mark = {"MARK", 4}, .as_of = 20250630, .public_profile = true};
    struct zm_buf page;
    zm_buf_init(&page, ZM_REPORT_PAGE_MAX);
    assert_int_equal(zm_report_html_put(&page, &facts, NULL), 0);
    assert_false(has(&page, "<svg"));
    assert_false(has(&page, "class=\"loudest\""));
    assert_false(has(&page, "class=\"examples\""));
    assert_false(has(&page, "class=\"changes\""));
    assert_true(has(&page, "mark open"));
    zm_buf_release(&page);
}

/* Without outlines the map is as large as its findings, and a lost point does not shrink it. */
static void maps_findings_alone(void **state)
{
    (void)state;
    static const struct zm_report_spot near[] = {{.lon = 120.0, .lat = 28.0, .findings = {{0, 0, 0, 4}}},
                                                 {.lon = 120.3, .lat = 28.2, .findings = {{0, 0, 3, 0}}},
                                                 {.lon = 1, .lat = 1, .findings = {{0, 1234, 0, 0}}}};
    struct zm_report_facts facts = {.as_of = 20250630, .spots = near, .n_spots = 2};
    struct zm_buf two, three;
    zm_buf_init(&two, ZM_REPORT_PAGE_MAX);
    zm_buf_init(&three, ZM_REPORT_PAGE_MAX);
    assert_int_equal(zm_report_html_put(&two, &facts, NULL), 0);
    assert_true(has(&two, "<circle class=\"error\" cx=\"16.0\""));
    assert_true(has(&two, "<circle class=\"warning\" cx=\"984.0\""));
    /* The lost one weighs most of all here: it is shown, and the others are counted as outside. */
    facts.n_spots = 3;
    assert_int_equal(zm_report_html_put(&three, &facts, NULL), 0);
    assert_true(has(&three, "<circle class=\"info\""));
    assert_false(has(&three, "<circle class=\"error\""));
    zm_buf_release(&two);
    zm_buf_release(&three);
}

static void fails_cleanly(void **state)
{
    (void)state;
    const struct zm_report_facts facts = small_facts();
    make_square();
    int rc = ZM_E_MEMORY;
    long k = 1;
    for (; rc != 0 && k < 200; k++) {
        struct zm_err err = {0};
        struct zm_buf page;
        zm_buf_init(&page, ZM_REPORT_PAGE_MAX);
        zm_mem_fail_at(k);
        rc = zm_report_html_put(&page, &facts, &err);
        zm_mem_fail_at(0);
        assert_true(rc == 0 || rc == ZM_E_MEMORY);
        assert_int_equal(rc, err.code);
        zm_buf_release(&page);
    }
    assert_true(k > 3 && k < 200);
    struct zm_buf small;
    zm_buf_init(&small, 2000);
    assert_int_equal(zm_report_html_put(&small, &facts, NULL), ZM_E_MEMORY);
    zm_buf_release(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_hostile_text), cmocka_unit_test(groups_digits),
        cmocka_unit_test(shows_shares),         cmocka_unit_test(renders_facts),
        cmocka_unit_test(simplifies_outlines),  cmocka_unit_test(leaves_empty_sections_out),
        cmocka_unit_test(maps_findings_alone),  cmocka_unit_test(fails_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
