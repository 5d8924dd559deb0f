#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "geo/base/mem.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: zhengming run [JOB.ini] [--dry-run] [--as-of DATE] [--fail-on none|error|warning|info] "
    "[--json]\n\n"
    "Reads every source of the job (job.ini in this folder if none is named), judges its rows, and publishes "
    "the checked\n"
    "layers. out/current moves only when everything is written, read back and synced; until then the old "
    "publication stays.\n\n"
    "  --dry-run     read and judge, publish nothing\n"
    "  --as-of DATE  the day every written time comes from (today)\n"
    "  --fail-on S   exit 1 when an open finding is at or above S (none)\n"
    "  --threads N   over the job's own setting; the published bytes do not depend on it\n"
    "  --batch-rows N   rows handed over at once, 1 to 16384; the published bytes do not depend on it\n"
    "  --json        one JSON object on standard output instead of the summary\n";

struct asked {
    bool dry_run;
    const char *as_of;
    enum zm_severity fail_on;
    unsigned threads; /* 0: as the job says */
    unsigned batch_rows;
};

static bool take_number(const char *option, const char *value, unsigned max, unsigned *out)
{
    uint64_t number;
    if (!zm_str_to_u64(zm_str(value), &number) || number < 1 || number > max) {
        fprintf(stderr, "error: %s %s: must be a number from 1 to %u\n", option, value, max);
        return false;
    }
    *out = (unsigned)number;
    return true;
}

static bool take_option(int option, const char *value, struct asked *asked)
{
    switch (option) {
    case 0:
        asked->dry_run = true;
        return true;
    case 1:
        asked->as_of = value;
        return true;
    case 2:
        return zm_take_fail_on(value, &asked->fail_on);
    case 3:
        return take_number("--threads", value, ZM_THREADS_MAX, &asked->threads);
    default:
        return take_number("--batch-rows", value, ZM_BATCH_ROWS_MAX, &asked->batch_rows);
    }
}

/* Relative paths of a job start at the folder of its file. */
static int load(struct zm_job *job, const char *path, struct zm_err *err)
{
    const char *slash = strrchr(path, '/');
    ZM_TRY(zm_job_init(job, err));
    if (slash) {
        job->folder = zm_arena_copy(&job->arena, zm_str_n(path, slash == path ? 1 : (size_t)(slash - path)));
        if (!job->folder.ptr)
            return zm_fail_memory(err, strlen(path));
    }
    ZM_TRY(zm_job_load(job, path, err));
    if (job->n_sources == 0)
        return zm_fail(err, ZM_E_USAGE, "%s has no [source.NAME] section; `zhengming map FILE` drafts one",
                       path);
    return zm_job_finish(job, err);
}

static int run_job(struct zm_cli *cli, struct zm_job *job, struct zm_run_result *result,
                   const struct asked *asked)
{
    struct zm_run_options options = {.program = "/proc/self/exe", .publish = !asked->dry_run};
    struct zm_err err;
    int rc = zm_run(job, &options, &cli->env, result, &err);
    zm_progress_end(cli);
    if (rc != 0)
        return zm_exit_with(cli, &err);
    zm_say_sources(cli, job, result);
    int status = zm_run_status(job, result, asked->fail_on);
    if (!cli->json) {
        if (!cli->quiet)
            zm_print_summary(stdout, job, result, zm_job_path(job, job->output));
        return status;
    }
    return zm_print_json(stdout, job, result, &cli->env, status, (struct zm_str){NULL, 0}, &err) == 0
               ? status
               : zm_exit_with(cli, &err);
}

static int run(struct zm_cli *cli)
{
    static const struct zm_option options[] = {{"--dry-run", false},   {"--as-of", true},
                                               {"--fail-on", true},    {"--threads", true},
                                               {"--batch-rows", true}, {NULL, false}};
    struct asked asked = {.fail_on = ZM_OFF};
    const char *value = NULL;
    struct zm_err err;
    int at = 1, option, status;
    while ((option = zm_next_option(cli, options, &at, &value)) >= 0)
        if (!take_option(option, value, &asked))
            return ZM_EXIT_USAGE;
    if (option != ZM_OPTIONS_END)
        return option == ZM_OPTIONS_HELP ? 0 : ZM_EXIT_USAGE;
    if (cli->argc - at > 1) {
        fputs("error: usage: zhengming run [JOB.ini]\n", stderr);
        return ZM_EXIT_USAGE;
    }
    if (!zm_as_of(cli, asked.as_of))
        return ZM_EXIT_USAGE;
    zm_env_for_run(cli);
    struct zm_job *job = zm_calloc(1, sizeof *job);
    struct zm_run_result *result = zm_calloc(1, sizeof *result);
    if (!job || !result) {
        zm_fail_memory(&err, sizeof *result);
        status = zm_exit_with(cli, &err);
    } else if (load(job, at < cli->argc ? cli->argv[at] : "job.ini", &err) != 0) {
        status = zm_exit_with(cli, &err);
        zm_job_release(job);
    } else {
        if (asked.threads)
            job->threads = asked.threads;
        for (unsigned i = 0; i < job->n_sources; i++)
            job->sources[i].batch_rows = asked.batch_rows;
        status = run_job(cli, job, result, &asked);
        zm_job_release(job);
    }
    zm_free(job);
    zm_free(result);
    return status;
}

const struct zm_command zm_cmd_run = {.name = "run",
                                      .line = "read, check and publish everything a job names",
                                      .help = help,
                                      .run = run,
                                      .json = true};
