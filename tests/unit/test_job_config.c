/* job.ini: what is read, and what every mistake is told. */
#include "geo/base/file.h"
#include "geo/base/mem.h"
#include "job/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct zm_job job;
    char path[64];
    struct zm_err err;
};

/* Writes text as a job file and reads it. */
static int load(struct fixture *f, const char *text)
{
    snprintf(f->path, sizeof f->path, "/tmp/zm-job-XXXXXX");
    int fd = mkstemp(f->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    f->err = (struct zm_err){ZM_OK, ""};
    assert_int_equal(zm_job_init(&f->job, &f->err), 0);
    int rc = zm_job_load(&f->job, f->path, &f->err);
    if (rc == 0)
        rc = zm_job_finish(&f->job, &f->err);
    unlink(f->path);
    return rc;
}

static void test_reads_a_whole_job(void **state)
{
    (void)state;
    struct fixture *f = test_calloc(1, sizeof *f);
    int rc = load(
        f, "[job]\ncity = 330300\nthreads = 1\noutput = published\n"
           "[source.police]\nkind = address\npath = inbox/p.csv\ndatum = EPSG:4490\ndelivery = full\nscope = "
           "330381\n"
           "max_retire = 3%\nrank = 10\ndate = 2025-06-30\nmap.text = {街道}{路名}\nconst.status = active\n"
           "values.status.在用 = active\n"
           "[source.areas]\nkind = division\npath = a.geojson\ndatum = GCJ-02\n"
           "[rule.ADR-009]\nseverity = warning\nthreshold = 50\n"
           "[rule.ADR-009@330381]\nthreshold = 75\n"
           "[output]\nformats = gpkg\nprofile = public\npublic_precision_m = 20\n");
    assert_string_equal(f->err.text, "");
    assert_int_equal(rc, 0);
    assert_int_equal(f->job.n_sources, 2);
    assert_true(zm_str_eq(f->job.sources[0].name, ZM_STR("areas")));
    const struct zm_source *police = &f->job.sources[1];
    assert_int_equal(police->index, 1);
    assert_true(police->full);
    assert_int_equal(police->rank, 10);
    assert_int_equal(police->date, 20250630);
    assert_int_equal(police->n_maps, 2);
    assert_true(zm_str_eq(police->maps[0].column, ZM_STR("{街道}{路名}")));
    assert_true(zm_str_eq(police->maps[1].constant, ZM_STR("active")));
    assert_int_equal(police->n_values, 1);
    assert_true(f->job.deliveries[1].max_retire > 0.0299 && f->job.deliveries[1].max_retire < 0.0301);
    assert_int_equal(zm_rule_set_get(&f->job.rules, ZM_ADR_009, 330302).severity, ZM_WARNING);
    assert_true(zm_rule_set_get(&f->job.rules, ZM_ADR_009, 330302).threshold == 50);
    assert_true(zm_rule_set_get(&f->job.rules, ZM_ADR_009, 330381).threshold == 75);
    assert_true(f->job.public_profile && f->job.gpkg && !f->job.geojson);
    zm_job_release(&f->job);
    test_free(f);
}

static void test_names_every_mistake(void **state)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"[job]\ncolour = red\n", ":2: unknown key colour"},
        {"[job]\ncity = 330300\ncity = 330300\n", ":3: city stands twice"},
        {"[job]\n  city = 330300\n", ":2: the line is indented"},
        {"[job]\ncity = 33\n", ":2: city = 33"},
        {"[nonsense]\n", ":1: unknown section"},
        {"city = 330300\n", ":1: a key stands before the first section"},
        {"[job]\n[job]\n", ":2: job is a section that stands here twice"},
        {"[source.a]\nkind = adress\n", ":2: kind = adress"},
        {"[source.a]\nkind = plate\n", "does not read that kind yet"},
        {"[source.A]\nkind = address\n", "a-z, 0-9"},
        {"[source.a]\nkind = address\npath = x\n", "has no datum"},
        {"[source.a]\npath = x\n[job]\n", "has no kind"},
        {"[source.a]\nmap.text = t\n", "put kind first"},
        {"[source.a]\nkind = address\nmap.colour = t\n", "has no field colour"},
        {"[source.a]\nkind = address\nmap.text = t\nconst.text = u\n", ":4: const.text"},
        {"[rule.ADR-999]\n", "there is no rule ADR-999"},
        {"[rule.ADR-001]\nseverity = fatal\n", "must be error, warning, info or off"},
        {"[rule.ADR-001@33]\n", "six digits"},
        {"[output]\nformats = pdf\n", "formats are"},
        {"[sync.x]\nurl = https://example.org\n[source.a]\nkind = address\npath = x\ndatum = none\nclass = "
         "restricted\n",
         "never meets a network"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture *f = test_calloc(1, sizeof *f);
        assert_int_equal(load(f, cases[i].text), ZM_E_USAGE);
        if (!strstr(f->err.text, cases[i].part))
            fail_msg("case %zu: wanted \"%s\" in \"%s\"", i, cases[i].part, f->err.text);
        zm_job_release(&f->job);
        test_free(f);
    }
}

static void test_refuses_long_lines(void **state)
{
    (void)state;
    char text[400] = "[job]\noutput = ";
    memset(text + strlen(text), 'x', 250);
    struct fixture *f = test_calloc(1, sizeof *f);
    assert_int_equal(load(f, text), ZM_E_USAGE);
    assert_non_null(strstr(f->err.text, ":2: the line is longer than 199 bytes"));
    zm_job_release(&f->job);
    test_free(f);
}

/* The hash names a run: the order of sections and the number of threads must not count, a threshold must. */
static void test_hash_sees_what_counts(void **state)
{
    static const char a[] = "[source.a]\nkind = address\npath = a.csv\ndatum = none\n";
    static const char b[] = "[source.b]\nkind = address\npath = b.csv\ndatum = none\n";
    char text[512];
    uint64_t hash[4];
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        snprintf(text, sizeof text, "%s%s[job]\nthreads = %u\n%s", i % 2 ? b : a, i % 2 ? a : b, i + 1,
                 i == 3 ? "[rule.ADR-009]\nthreshold = 5\n" : "");
        struct fixture *f = test_calloc(1, sizeof *f);
        assert_int_equal(load(f, text), 0);
        hash[i] = zm_job_hash(&f->job);
        zm_job_release(&f->job);
        test_free(f);
    }
    assert_true(hash[0] == hash[1] && hash[1] == hash[2]);
    assert_true(hash[3] != hash[0]);
}

/* What Notepad puts before the first line is no part of it, and a folder is no empty job. */
static void test_reads_marked_text_and_no_folder(void **state)
{
    (void)state;
    struct fixture *f = test_calloc(1, sizeof *f);
    assert_int_equal(load(f, "\xEF\xBB\xBF[job]\nthreads = 3\n"), 0);
    assert_int_equal(f->job.threads, 3);
    assert_int_equal(zm_job_load(&f->job, "/tmp", &f->err), ZM_E_USAGE);
    assert_non_null(strstr(f->err.text, "cannot read the job file /tmp"));
    zm_job_release(&f->job);
    test_free(f);
}

static void touch(const char *folder, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

/* a[1].csv beside a1.csv is itself; brackets of the job's folder are no pattern; a glob gives a source a
 * file. */
static void test_finds_files(void **state)
{
    char base[64] = "/tmp/zm-job-XXXXXX", folder[80];
    (void)state;
    assert_non_null(mkdtemp(base));
    snprintf(folder, sizeof folder, "%s/j[2]", base);
    assert_int_equal(mkdir(folder, 0700), 0);
    touch(folder, "a1.csv");
    touch(folder, "a[1].csv");
    static const struct {
        const char *path;
        unsigned n;
        const char *first;
    } cases[] = {{"a[1].csv", 1, "a[1].csv"}, {"a*.csv", 2, "a1.csv"}, {"b*.csv", 1, "b*.csv"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture *f = test_calloc(1, sizeof *f);
        assert_int_equal(zm_job_init(&f->job, &f->err), 0);
        f->job.folder = zm_str(folder);
        struct zm_source source = {.name = ZM_STR("s"), .path = zm_str(cases[i].path)};
        struct zm_delivery delivery = {.max_retire = 0};
        assert_int_equal(zm_job_add_source(&f->job, &source, &delivery, &f->err), 0);
        assert_int_equal(zm_job_finish(&f->job, &f->err), 0);
        assert_int_equal(f->job.n_sources, cases[i].n);
        assert_true(zm_str_eq(f->job.deliveries[0].title, zm_str(cases[i].first)));
        zm_job_release(&f->job);
        test_free(f);
    }
    assert_int_equal(zm_dir_remove(base, NULL), 0);
}

static void test_survives_failing_allocation(void **state)
{
    (void)state;
    for (long k = 1; k < 40; k++) {
        struct fixture *f = test_calloc(1, sizeof *f);
        zm_mem_fail_at(0);
        snprintf(f->path, sizeof f->path, "/tmp/zm-job-XXXXXX");
        int fd = mkstemp(f->path);
        dprintf(
            fd,
            "[source.a]\nkind = address\npath = a.csv\ndatum = none\n[rule.ADR-009@330381]\nthreshold = 5\n");
        close(fd);
        assert_int_equal(zm_job_init(&f->job, &f->err), 0);
        zm_mem_fail_at(k);
        int rc = zm_job_load(&f->job, f->path, &f->err);
        if (rc == 0)
            rc = zm_job_finish(&f->job, &f->err);
        zm_mem_fail_at(0);
        assert_true(rc == 0 || rc == ZM_E_MEMORY || rc == ZM_E_USAGE);
        unlink(f->path);
        zm_job_release(&f->job);
        test_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_a_whole_job),
        cmocka_unit_test(test_names_every_mistake),
        cmocka_unit_test(test_refuses_long_lines),
        cmocka_unit_test(test_hash_sees_what_counts),
        cmocka_unit_test(test_survives_failing_allocation),
        cmocka_unit_test(test_reads_marked_text_and_no_folder),
        cmocka_unit_test(test_finds_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
