#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "geo/base/json.h"
#include "geo/base/mem.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: zhengming check FILE [--as KIND] [--datum D] [--map FIELD=COLUMN ...] [OPTIONS] [--fail-on S] "
    "[--json]\n\n"
    "Reads and judges one delivered file as `run` would, and publishes nothing.\n\n"
    "  --as KIND         address (default), road or division\n"
    "  --datum D         EPSG:4490, GCJ-02, BD-09, EPSG:n or none; without it the file's own statement "
    "counts\n"
    "  --map F=C         column C is field F; without any, columns are recognised by their titles\n"
    "  --layer L         of a GeoPackage; --sheet S of an XLSX file; --encoding E of a text file; "
    "--header-rows N (1..3)\n"
    "  --divisions FILE  division polygons to judge points against, with --divisions-datum D (EPSG:4490)\n"
    "  --roads FILE      road axes, with --roads-datum D (EPSG:4490)\n"
    "  --approval REF    reference of an approval to convert GCJ-02 or BD-09 points\n"
    "  --as-of DATE      judge as of that day (today)\n"
    "  --fail-on S       exit 1 when an open finding is at or above S: error (default), warning, info, none\n"
    "  --json            one JSON object with the report and up to 10,000 findings\n";

enum { FINDINGS_MAX = 10000, LISTED_MAX = 200 };

enum option {
    OPT_AS,
    OPT_DATUM,
    OPT_MAP,
    OPT_LAYER,
    OPT_SHEET,
    OPT_ENCODING,
    OPT_HEADER_ROWS,
    OPT_DIVISIONS,
    OPT_DIVISIONS_DATUM,
    OPT_ROADS,
    OPT_ROADS_DATUM,
    OPT_APPROVAL,
    OPT_AS_OF,
    OPT_FAIL_ON,
    OPT_CITY
};

static const struct zm_option options[] = {{"--as", true},
                                           {"--datum", true},
                                           {"--map", true},
                                           {"--layer", true},
                                           {"--sheet", true},
                                           {"--encoding", true},
                                           {"--header-rows", true},
                                           {"--divisions", true},
                                           {"--divisions-datum", true},
                                           {"--roads", true},
                                           {"--roads-datum", true},
                                           {"--approval", true},
                                           {"--as-of", true},
                                           {"--fail-on", true},
                                           {"--city", true},
                                           {NULL, false}};

struct checking {
    struct zm_job job;
    struct zm_run_result result;
    struct zm_source source;
    struct zm_map maps[ZM_FIELDS_MAX];
    const char *map_texts[ZM_FIELDS_MAX]; /* FIELD=COLUMN as given: the kind may come after them */
    unsigned n_map_texts;
    const char *divisions, *divisions_datum, *roads, *roads_datum, *as_of;
    enum zm_severity fail_on;
    bool json;
    uint64_t n_findings;
    struct zm_buf findings; /* JSON array, or lines for people */
};

static int usage(const char *what, const char *value)
{
    fprintf(stderr, "error: check: %s: %s; see `zhengming check --help`\n", what, value);
    return ZM_EXIT_USAGE;
}

static int take_option(struct checking *c, int option, const char *value)
{
    unsigned n;
    uint64_t number;
    switch ((enum option)option) {
    case OPT_AS:
        if (!zm_kind_parse(zm_str(value), &c->source.kind) || !zm_kind_fields(c->source.kind, &n))
            return usage("--as must be address, road or division", value);
        break;
    case OPT_MAP:
        if (c->n_map_texts == ZM_FIELDS_MAX || !strchr(value, '='))
            return usage("--map must be FIELD=COLUMN", value);
        c->map_texts[c->n_map_texts++] = value;
        break;
    case OPT_HEADER_ROWS:
        if (!zm_str_to_u64(zm_str(value), &number) || number < 1 || number > 3)
            return usage("--header-rows must be 1, 2 or 3", value);
        c->source.header_rows = (unsigned)number;
        break;
    case OPT_FAIL_ON:
        return zm_take_fail_on(value, &c->fail_on) ? 0 : ZM_EXIT_USAGE;
    case OPT_CITY:
        return zm_take_city(value, &c->job.city) ? 0 : ZM_EXIT_USAGE;
    case OPT_DATUM:
        c->source.datum = zm_str(value);
        break;
    case OPT_LAYER:
        c->source.layer = zm_str(value);
        break;
    case OPT_SHEET:
        c->source.sheet = zm_str(value);
        break;
    case OPT_ENCODING:
        c->source.encoding = zm_str(value);
        break;
    case OPT_DIVISIONS:
        c->divisions = value;
        break;
    case OPT_DIVISIONS_DATUM:
        c->divisions_datum = value;
        break;
    case OPT_ROADS:
        c->roads = value;
        break;
    case OPT_ROADS_DATUM:
        c->roads_datum = value;
        break;
    case OPT_APPROVAL:
        c->job.gcj_inverse_approval = zm_str(value);
        break;
    case OPT_AS_OF:
        c->as_of = value;
        break;
    }
    return 0;
}

static int make_maps(struct checking *c)
{
    for (unsigned i = 0; i < c->n_map_texts; i++) {
        struct zm_str column = zm_str(c->map_texts[i]);
        struct zm_str field = zm_str_cut(&column, '=');
        unsigned index;
        if (!zm_field_find(c->source.kind, field, &index))
            return usage("--map names a field this kind does not have", c->map_texts[i]);
        c->maps[i] = (struct zm_map){index, column, {NULL, 0}};
    }
    c->source.maps = c->maps;
    c->source.n_maps = c->n_map_texts;
    return 0;
}

static int add_file(struct checking *c, const char *name, enum zm_kind kind, const char *path,
                    const char *datum, struct zm_err *err)
{
    struct zm_source s = {.name = zm_str(name),
                          .kind = kind,
                          .path = zm_str(path),
                          .header_rows = 1,
                          .rank = 1,
                          .datum = zm_str(datum)};
    struct zm_delivery d = {.max_retire = 0};
    return path ? zm_job_add_source(&c->job, &s, &d, err) : 0;
}

static int add_sources(struct checking *c, const char *path, struct zm_err *err)
{
    struct zm_delivery delivery = {.max_retire = 0};
    c->source.name = ZM_STR("file");
    c->source.path = zm_str(path);
    c->source.rank = 1;
    c->job.output = (struct zm_str){"", 0}; /* one file is compared with no delivery before it */
    ZM_TRY(zm_job_add_source(&c->job, &c->source, &delivery, err));
    ZM_TRY(add_file(c, "divisions", ZM_KIND_DIVISION, c->divisions, c->divisions_datum, err));
    ZM_TRY(add_file(c, "roads", ZM_KIND_ROAD, c->roads, c->roads_datum, err));
    return zm_job_finish(&c->job, err);
}

static int keep_json(struct checking *c, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err)
{
    struct zm_buf message;
    ZM_TRY(zm_buf_printf(
        &c->findings, err,
        "%s{\"rule\":\"%.*s\",\"severity\":\"%.*s\",\"fixed\":%s,\"row\":%llu,\"rows\":%llu,\"message\":",
        c->n_findings ? "," : "", ZM_FMT(zm_rules()[f->rule].id),
        ZM_FMT(zm_severity_name((enum zm_severity)f->severity)), f->fixed ? "true" : "false",
        (unsigned long long)f->row, (unsigned long long)n_rows));
    zm_buf_init(&message, 1 << 20);
    int rc = zm_finding_message(&message, f, err);
    if (rc == 0)
        rc = zm_json_put_string(&c->findings, zm_buf_str(&message), err);
    zm_buf_release(&message);
    return rc == 0 ? zm_buf_put(&c->findings, ZM_STR("}"), err) : rc;
}

static int keep_line(struct checking *c, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err)
{
    ZM_TRY(zm_buf_printf(&c->findings, err, "%.*s %-7.*s %8llu %6llu  ", ZM_FMT(zm_rules()[f->rule].id),
                         ZM_FMT(zm_severity_name((enum zm_severity)f->severity)), (unsigned long long)f->row,
                         (unsigned long long)n_rows));
    ZM_TRY(zm_finding_message(&c->findings, f, err));
    return zm_buf_put(&c->findings, ZM_STR("\n"), err);
}

static int on_finding(void *self, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err)
{
    struct checking *c = self;
    uint64_t max = c->json ? FINDINGS_MAX : LISTED_MAX;
    if ((!c->json && f->fixed) || c->n_findings >= max)
        return 0;
    ZM_TRY(c->json ? keep_json(c, f, n_rows, err) : keep_line(c, f, n_rows, err));
    c->n_findings++;
    return 0;
}

static int print_result(struct zm_cli *cli, struct checking *c, int status, struct zm_err *err)
{
    zm_say_sources(cli, &c->job, &c->result);
    if (c->json) {
        ZM_TRY(zm_buf_put(&c->findings, ZM_STR("]"), err));
        return zm_print_json(stdout, &c->job, &c->result, &cli->env, status, zm_buf_str(&c->findings), err);
    }
    if (!cli->quiet) {
        fprintf(stdout, "%.*s", ZM_FMT(zm_buf_str(&c->findings)));
        zm_print_summary(stdout, &c->job, &c->result, NULL);
    }
    return 0;
}

static int check(struct zm_cli *cli, struct checking *c, const char *path)
{
    struct zm_err err;
    struct zm_run_options run_options = {.program = "/proc/self/exe", .on_finding = on_finding, .self = c};
    c->json = cli->json;
    if (c->json && zm_buf_put(&c->findings, ZM_STR("["), &err) != 0)
        return zm_exit_with(cli, &err);
    if (add_sources(c, path, &err) != 0 || zm_run(&c->job, &run_options, &cli->env, &c->result, &err) != 0) {
        zm_progress_end(cli);
        return zm_exit_with(cli, &err);
    }
    zm_progress_end(cli);
    int status = zm_run_status(&c->job, &c->result, c->fail_on);
    return print_result(cli, c, status, &err) == 0 ? status : zm_exit_with(cli, &err);
}

static int run_with(struct zm_cli *cli, struct checking *c)
{
    const char *value = NULL;
    int at = 1, option, status;
    while ((option = zm_next_option(cli, options, &at, &value)) >= 0)
        if ((status = take_option(c, option, value)) != 0)
            return status;
    if (option != ZM_OPTIONS_END)
        return option == ZM_OPTIONS_HELP ? 0 : ZM_EXIT_USAGE;
    if (cli->argc - at != 1)
        return usage("one FILE is needed", cli->argc > at ? cli->argv[at + 1] : "none given");
    if (!zm_as_of(cli, c->as_of) || make_maps(c) != 0)
        return ZM_EXIT_USAGE;
    zm_env_for_run(cli);
    return check(cli, c, cli->argv[at]);
}

static int run(struct zm_cli *cli)
{
    struct zm_err err;
    struct checking *c = zm_calloc(1, sizeof *c);
    if (!c) {
        zm_fail_memory(&err, sizeof *c);
        return zm_exit_with(cli, &err);
    }
    zm_buf_init(&c->findings, 64u << 20);
    c->source.header_rows = 1;
    c->source.class_ = ZM_CLASS_INTERNAL;
    c->fail_on = ZM_ERROR;
    c->divisions_datum = c->roads_datum = "EPSG:4490";
    int status = zm_job_init(&c->job, &err) == 0 ? run_with(cli, c) : zm_exit_with(cli, &err);
    zm_job_release(&c->job);
    zm_buf_release(&c->findings);
    zm_free(c);
    return status;
}

const struct zm_command zm_cmd_check = {
    .name = "check", .line = "read and judge one delivered file", .help = help, .run = run, .json = true};
