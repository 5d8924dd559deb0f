#include "export/publish.h"
#include "export/workbook.h"
#include "export/worklist.h"
#include "geo/base/file.h"
#include "geo/base/mem.h"
#include "geo/record/kind.h"
#include "geo/tables/text.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <cmocka.h>

static char folder[] = "/tmp/zm-worklist-XXXXXX";
static struct zm_source sources[] = {{.name = {"police", 6}, .index = 0}};
static struct zm_str source_names[] = {{"police", 6}};
static const struct zm_row_context context = {.sources = source_names, .n_sources = 1};
static struct zm_divisions divisions;

static struct zm_finding finding(uint64_t row, uint32_t county, uint32_t town, unsigned severity)
{
    return (struct zm_finding){.row = row,
                               .county = county,
                               .town = town,
                               .rule = ZM_ADR_008,
                               .severity = (uint8_t)severity,
                               .field = ZM_AF_TEXT,
                               .kind = ZM_KIND_ADDRESS,
                               .args = ZM_STR("甲\x1f乙"),
                               .text = ZM_STR("鹿城区锦绣路1号")};
}

/* A worklist in an empty folder of that name. */
static const char *open_list(struct zm_worklist *w, const char *name)
{
    static char path[256];
    struct zm_err err;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(zm_dir_remove(path, &err), 0);
    assert_int_equal(mkdir(path, 0755), 0);
    if (zm_worklist_open(w, path, &context, &divisions, 20250630, false, NULL, &err) != 0)
        fail_msg("%s", err.text);
    return path;
}

/* One part of a workbook, with a NUL behind. The caller frees it. */
static char *part_of(const char *dir, const char *file, const char *part)
{
    char path[512];
    int code;
    zip_stat_t stat;
    snprintf(path, sizeof path, "%s/%s", dir, file);
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    if (!zip)
        fail_msg("%s cannot be opened", path);
    assert_int_equal(zip_stat(zip, part, 0, &stat), 0);
    char *text = calloc(1, stat.size + 1);
    zip_file_t *in = zip_fopen(zip, part, 0);
    assert_true(in && text && zip_fread(in, text, stat.size) == (zip_int64_t)stat.size);
    zip_fclose(in);
    zip_discard(zip);
    return text;
}

static const char sheet1[] = "xl/worksheets/sheet1.xml";
static const char strings[] = "xl/sharedStrings.xml";

static unsigned count(const char *text, const char *needle)
{
    unsigned n = 0;
    while ((text = strstr(text, needle))) {
        n++;
        text += strlen(needle);
    }
    return n;
}

static void books_are_named_by_place(void **state)
{
    (void)state;
    static const struct {
        uint32_t county, town;
        const char *name;
    } cases[] = {
        {0, 0, "findings/000000_未能确定区县.xlsx"},
        {0, 330302006, "findings/000000_未能确定区县.xlsx"}, /* a town without its county is no place */
        {330302, 0, "findings/330302_鹿城区.xlsx"},
        {330302, 330303001, "findings/330302_鹿城区.xlsx"}, /* of another county */
        {330302, 330302006, "findings/330302006_五马街道.xlsx"},
        {330302, 330302999, "findings/330302999.xlsx"}, /* no table knows it */
        {330383, 0, "findings/330383_龙港市.xlsx"},
        {330399, 0, "findings/330399.xlsx"},
    };
    struct zm_worklist w;
    struct zm_err err;
    size_t n;
    (void)open_list(&w, "names");
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_finding f = finding(i + 1, cases[i].county, cases[i].town, ZM_ERROR);
        assert_int_equal(zm_worklist_add(&w, &f, 1, &err), 0);
    }
    assert_int_equal(zm_worklist_close(&w, &err), 0);
    assert_int_equal(zm_worklist_files(&w), 7); /* six books and the index */
    const struct zm_worklist_book *books = zm_worklist_books(&w, &n);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool found = false;
        for (size_t k = 0; k < n; k++)
            found |= strcmp(books[k].name, cases[i].name) == 0;
        if (!found)
            fail_msg("no %s", cases[i].name);
    }
    zm_worklist_release(&w);
}

static void counties_come_in_order(void **state)
{
    (void)state;
    struct zm_worklist w;
    struct zm_err err;
    (void)open_list(&w, "order");
    struct zm_finding first = finding(1, 330303, 0, ZM_ERROR), back = finding(1, 330302, 0, ZM_ERROR);
    assert_int_equal(zm_worklist_add(&w, &first, 1, &err), 0);
    assert_int_equal(zm_worklist_add(&w, &back, 1, &err), 0);
    assert_int_equal(zm_worklist_close(&w, &err), ZM_E_INTERNAL);
    zm_worklist_release(&w);
}

/* What a cell holds of a text. */
static void texts_fit_a_cell(void **state)
{
    (void)state;
    static const struct {
        struct zm_str given, shown;
    } cases[] = {
        {{"", 0}, {"", 0}},
        {{NULL, 0}, {"", 0}},
        {ZM_STR("锦绣路1号"), ZM_STR("锦绣路1号")},
        {ZM_STR("=1+1"), ZM_STR("=1+1")},
        {ZM_STR("a\0b\x01\x1f\x7f"), ZM_STR("ab")},
        {ZM_STR("a\tb\r\nc"), ZM_STR("a b  c")},
        {ZM_STR("a\xC2\x85z"), ZM_STR("az")},
        {ZM_STR("a\xFFz"), ZM_STR("a\xEF\xBF\xBDz")},
        {ZM_STR("a\xEF\xBF\xBEz\xEF\xBF\xBF"), ZM_STR("az")},
    };
    struct zm_buf out;
    zm_buf_init(&out, 1 << 20);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        zm_buf_reset(&out);
        assert_int_equal(zm_workbook_text(&out, cases[i].given, NULL), 0);
        if (!zm_str_eq(zm_buf_str(&out), cases[i].shown) || out.ptr[out.len] != '\0')
            fail_msg("case %u: %s", i, out.ptr);
    }
    zm_buf_release(&out);
}

/* At most 32,767 UTF-16 units: a longer text is cut between characters. */
static void long_texts_are_cut(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        size_t given, shown; /* bytes shown without the ellipsis */
        bool cut;
    } cases[] = {
        {"路", 32767, 32767, false},
        {"路", 32768, 32766, true},
        {"a", 65535, 32766, true},
        {"\xF0\xA0\x80\x80", 16383, 16383, false}, /* two units each */
        {"\xF0\xA0\x80\x80", 16384, 16383, true},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_buf given, out;
        size_t len = strlen(cases[i].unit);
        zm_buf_init(&given, 1 << 20);
        zm_buf_init(&out, 1 << 20);
        for (size_t k = 0; k < cases[i].given; k++)
            assert_int_equal(zm_buf_put(&given, zm_str(cases[i].unit), NULL), 0);
        assert_int_equal(zm_workbook_text(&out, zm_buf_str(&given), NULL), 0);
        size_t expected = cases[i].shown * len + (cases[i].cut ? strlen("…") : 0);
        assert_int_equal(out.len, expected);
        assert_int_equal(zm_str_ends(zm_buf_str(&out), ZM_STR("…")), cases[i].cut);
        zm_buf_release(&given);
        zm_buf_release(&out);
    }
}

/* The number in a cell of a sheet, whatever its style. */
static unsigned long number_in(const char *sheet, const char *cell)
{
    char start[32];
    snprintf(start, sizeof start, "<c r=\"%s\" ", cell);
    const char *at = strstr(sheet, start);
    at = at ? strstr(at, "<v>") : NULL;
    return at ? strtoul(at + 3, NULL, 10) : 0;
}

/* Errors that come last are listed first; what is left out is counted, and the account closes. */
static void worst_come_first(void **state)
{
    (void)state;
    struct zm_worklist w;
    struct zm_err err;
    size_t n;
    const char *dir = open_list(&w, "cut");
    static const struct {
        unsigned severity, n;
    } blocks[] = {{ZM_INFO, 5500}, {ZM_WARNING, 3000}, {ZM_ERROR, 1500}, {ZM_WARNING, 700}};
    uint64_t row = 0;
    for (unsigned b = 0; b < sizeof blocks / sizeof *blocks; b++)
        for (unsigned i = 0; i < blocks[b].n; i++) {
            struct zm_finding f = finding(++row, 330302, 330302006, blocks[b].severity);
            assert_int_equal(zm_worklist_add(&w, &f, 1, &err), 0);
        }
    if (zm_worklist_close(&w, &err) != 0)
        fail_msg("%s", err.text);
    const struct zm_worklist_book *book = zm_worklist_books(&w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(book->listed, ZM_WORKLIST_LISTED_MAX);
    assert_int_equal(book->severities[ZM_INFO], 5500);
    assert_int_equal(book->severities[ZM_WARNING], 3700);
    assert_int_equal(book->severities[ZM_ERROR], 1500);
    assert_int_equal(book->rules[ZM_ADR_008], 10700);
    char *sheet = part_of(dir, book->name, sheet1), *texts = part_of(dir, book->name, strings);
    assert_int_equal(count(sheet, "<row "), 5002);
    assert_int_equal(book->sheet_rows, 5002);
    /* Row numbers of the first error, the last one, the first warning behind, and the last finding: 3,500
     * warnings of 3,700 have room, the first 3,000 of which came before the errors. */
    assert_int_equal(number_in(sheet, "H2"), 8501);
    assert_int_equal(number_in(sheet, "H1501"), 10000);
    assert_int_equal(number_in(sheet, "H1502"), 5501);
    assert_int_equal(number_in(sheet, "H5001"), 10500);
    assert_non_null(strstr(texts, "本清单共 10700 条问题，按严重程度列出前 5000 条，另有 5700 条未列出"));
    free(sheet);
    free(texts);
    zm_worklist_release(&w);
}

/* Text that means something to a spreadsheet stays text; the file says what it must, and when, and no more.
 */
static void hostile_text_stays_text(void **state)
{
    (void)state;
    static const struct zm_str hostile[] = {
        ZM_STR("=HYPERLINK(\"http://evil.example/\",\"x\")"),
        ZM_STR("+1+cmd|' /C calc'!A0"),
        ZM_STR("@SUM(A1:A9)"),
        ZM_STR("-1"),
        ZM_STR("http://evil.example/"),
        ZM_STR("<f>1</f></t></si>&amp;\"'"),
        ZM_STR("]]>\x02\x1b[2J"),
    };
    struct zm_worklist w;
    struct zm_err err;
    const char *dir = open_list(&w, "hostile");
    for (unsigned i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct zm_finding f = finding(i + 1, 330302, 330302006, ZM_WARNING);
        f.text = hostile[i];
        f.args = hostile[i];
        assert_int_equal(zm_worklist_add(&w, &f, 1, &err), 0);
    }
    assert_int_equal(zm_worklist_close(&w, &err), 0);
    const char *name = "findings/330302006_五马街道.xlsx";
    char *sheet = part_of(dir, name, sheet1), *texts = part_of(dir, name, strings);
    char *core = part_of(dir, name, "docProps/core.xml");
    assert_int_equal(count(sheet, "<f>") + count(sheet, "<f ") + count(sheet, "hyperlink"), 0);
    assert_non_null(strstr(texts, "=HYPERLINK(\"http://evil.example/\",\"x\")"));
    assert_non_null(strstr(texts, "&lt;f&gt;1&lt;/f&gt;&lt;/t&gt;"));
    assert_non_null(strstr(texts, "]]&gt;[2J"));
    assert_non_null(strstr(core, "2025-06-30T00:00:00Z"));
    static const char *const wanted[] = {"state=\"frozen\"",          "<autoFilter ref=\"A1:K8\"/>",
                                         "orientation=\"landscape\"", "fitToHeight=\"0\"",
                                         "内部使用 不得公开",         "sqref=\"J2:J8\"",
                                         "已改正,误报,无法核实"};
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!strstr(sheet, wanted[i]))
            fail_msg("the sheet has no %s", wanted[i]);
    free(sheet);
    free(texts);
    free(core);
    zm_worklist_release(&w);
}

/* Copies a file without its last bytes. */
static void write_cut(const char *from, const char *to, size_t cut)
{
    struct zm_buf text;
    zm_buf_init(&text, 1 << 24);
    assert_int_equal(zm_file_read(from, &text, NULL), 0);
    assert_int_equal(zm_file_write_atomic(to, zm_str_sub(zm_buf_str(&text), 0, text.len - cut), NULL), 0);
    zm_buf_release(&text);
}

/* A ZIP that is cut, and a whole ZIP with a sheet that is cut, are no workbooks. */
static void cut_files_are_found(void **state)
{
    (void)state;
    struct zm_worklist w;
    struct zm_err err;
    char good[512], bad[512];
    uint64_t rows = 0;
    int code;
    const char *dir = open_list(&w, "whole");
    struct zm_finding f = finding(1, 330302, 330302006, ZM_ERROR);
    assert_int_equal(zm_worklist_add(&w, &f, 1, &err), 0);
    assert_int_equal(zm_worklist_close(&w, &err), 0);
    snprintf(good, sizeof good, "%s/findings/330302006_五马街道.xlsx", dir);
    snprintf(bad, sizeof bad, "%s/bad.xlsx", dir);
    assert_int_equal(zm_workbook_check(good, &rows, &err), 0);
    assert_int_equal(rows, 2);
    for (size_t cut = 1; cut < 4000; cut += 333) {
        write_cut(good, bad, cut);
        assert_int_equal(zm_workbook_check(bad, &rows, &err), ZM_E_OUTPUT);
        assert_non_null(strstr(err.text, bad));
    }
    char *sheet = part_of(dir, "findings/330302006_五马街道.xlsx", sheet1);
    for (size_t left = 0; left < strlen(sheet); left += strlen(sheet) / 7) {
        write_cut(good, bad, 0);
        zip_t *zip = zip_open(bad, 0, &code);
        zip_source_t *source = zip_source_buffer(zip, sheet, left, 0);
        assert_true(zip_file_add(zip, sheet1, source, ZIP_FL_OVERWRITE) >= 0 && zip_close(zip) == 0);
        assert_int_equal(zm_workbook_check(bad, &rows, &err), ZM_E_OUTPUT);
    }
    free(sheet);
    zm_worklist_release(&w);
}

static int publish(const char *dir, const char *run_id, unsigned threads, unsigned n, struct zm_err *err)
{
    const struct zm_publish_options options = {.out_dir = dir,
                                               .run_id = run_id,
                                               .as_of = 20250630,
                                               .xlsx = true,
                                               .threads = threads,
                                               .sources = sources,
                                               .n_sources = 1};
    struct zm_publication *p;
    ZM_TRY(zm_publish_begin(&p, &options, NULL, err));
    int rc = 0;
    for (unsigned i = 0; i < n && rc == 0; i++) {
        char text[32];
        struct zm_finding f = finding(i + 1, 330302, 330302001 + i / 200, ZM_WARNING);
        int len = snprintf(text, sizeof text, "锦绣路%u号", i * 7919 % 100000);
        f.text = zm_str_n(text, (size_t)len);
        rc = zm_publish_finding(p, &f, 1, err);
    }
    if (rc == 0)
        rc = zm_publish_finish(p, ZM_STR("{}\n"), err);
    if (rc == 0)
        zm_publish_free(p);
    else
        zm_publish_abort(p);
    return rc;
}

static bool current_is(const char *dir, const char *run_id)
{
    char path[300], text[64] = "", wanted[64];
    snprintf(path, sizeof path, "%s/current", dir);
    snprintf(wanted, sizeof wanted, "gen-%s", run_id);
    return readlink(path, text, sizeof text - 1) > 0 && strcmp(text, wanted) == 0;
}

/* Wherever the disk is full, it is said, and the old publication stays. */
static void full_disk_keeps_the_old(void **state)
{
    (void)state;
    struct zm_err err;
    struct rlimit old, small;
    char dir[256];
    snprintf(dir, sizeof dir, "%s/full", folder);
    if (publish(dir, "0000000000000001", 1, 10, &err) != 0)
        fail_msg("%s", err.text);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    unsigned failed = 0;
    int rc = -1;
    for (small = old, small.rlim_cur = 0; rc != 0; small.rlim_cur += 4096) {
        setrlimit(RLIMIT_FSIZE, &small);
        rc = publish(dir, "0000000000000002", 1 + failed % 2, 600, &err);
        setrlimit(RLIMIT_FSIZE, &old);
        if (rc == 0)
            break;
        assert_int_equal(rc, ZM_E_OUTPUT);
        assert_non_null(strstr(err.text, dir));
        assert_true(current_is(dir, "0000000000000001"));
        failed++;
    }
    signal(SIGXFSZ, SIG_DFL);
    assert_true(failed > 5 && current_is(dir, "0000000000000002"));
}

static void memory_fails_cleanly(void **state)
{
    (void)state;
    struct zm_err err;
    char dir[256];
    snprintf(dir, sizeof dir, "%s/memory", folder);
    int rc = -1;
    for (long k = 1; rc != 0; k++) {
        zm_mem_fail_at(k);
        rc = publish(dir, "0000000000000001", (unsigned)(1 + k % 2), 3, &err);
        zm_mem_fail_at(0);
        assert_true(rc == 0 || rc == ZM_E_MEMORY);
        assert_true(rc == 0 || !current_is(dir, "0000000000000001"));
        assert_true(k < 300);
    }
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? zm_divisions_init(&divisions, NULL) : -1;
}

static int tear_down(void **state)
{
    (void)state;
    zm_divisions_release(&divisions);
    return zm_dir_remove(folder, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_are_named_by_place), cmocka_unit_test(counties_come_in_order),
        cmocka_unit_test(texts_fit_a_cell),         cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(worst_come_first),         cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(cut_files_are_found),      cmocka_unit_test(full_disk_keeps_the_old),
        cmocka_unit_test(memory_fails_cleanly),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
