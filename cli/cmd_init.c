#include "cli/cli.h"
#include "geo/base/file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char help[] =
    "usage: zhengming init DIR [--city 330300] [--restricted]\n\n"
    "Makes a workspace: job.ini, inbox/ for deliveries, rules/ for local rules, out/ for publications. "
    "Changes nothing that\n"
    "exists.\n\n"
    "  --city CODE    the prefecture's six digits (330300)\n"
    "  --restricted   a workspace for restricted data: no network, no public profile\n";

static const char job_template[] =
    "; A job of Zhengming. docs/operations.md explains every key; `zhengming map FILE --as address` drafts a "
    "[source] section.\n"
    "[job]\n"
    "city = %u\n"
    "output = out\n"
    "threads = 2\n"
    "; GCJ-02 and BD-09 points are converted only with the reference of an approval:\n"
    "; gcj_inverse_approval = \n"
    "%s"
    "\n"
    "[output]\n"
    "formats = gpkg,geojson,xlsx,html\n"
    "profile = internal\n"
    "\n"
    "; [source.police]\n"
    "; kind = address\n"
    "; path = inbox/police_*.csv\n"
    "; datum = EPSG:4490\n"
    "; delivery = delta\n"
    "; date = 2025-06-30\n"
    "; map.text = %s\n"
    "; map.lon = %s\n"
    "; map.lat = %s\n";

static int make_workspace(const char *dir, uint32_t city, bool restricted, struct zm_err *err)
{
    static const char *const folders[] = {"", "/inbox", "/rules", "/out"};
    char path[PATH_MAX], job[4096];
    struct stat st;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (snprintf(path, sizeof path, "%s%s", dir, folders[i]) >= (int)sizeof path)
            return zm_fail(err, ZM_E_USAGE, "the path %s is too long", dir);
        ZM_TRY(zm_dir_make(path, err));
    }
    if (snprintf(path, sizeof path, "%s/job.ini", dir) >= (int)sizeof path)
        return zm_fail(err, ZM_E_USAGE, "the path %s is too long", dir);
    if (stat(path, &st) == 0)
        return zm_fail(err, ZM_E_USAGE, "%s exists already; it is left as it is", path);
    const char *note =
        restricted
            ? "; Restricted workspace: never add a [sync] section; each source says class = restricted.\n"
            : "";
    int n = snprintf(job, sizeof job, job_template, city, note, "地址", "经度", "纬度");
    return zm_file_write_atomic(path, (struct zm_str){job, (size_t)n}, err);
}

static int run(struct zm_cli *cli)
{
    static const struct zm_option options[] = {{"--city", true}, {"--restricted", false}, {NULL, false}};
    const char *value = NULL;
    uint32_t city = 330300;
    bool restricted = false;
    struct zm_err err;
    int at = 1, option;
    while ((option = zm_next_option(cli, options, &at, &value)) >= 0) {
        restricted |= option == 1;
        if (option == 0 && !zm_take_city(value, &city))
            return ZM_EXIT_USAGE;
    }
    if (option != ZM_OPTIONS_END)
        return option == ZM_OPTIONS_HELP ? 0 : ZM_EXIT_USAGE;
    if (cli->argc - at != 1) {
        fputs("error: usage: zhengming init DIR [--city 330300] [--restricted]\n", stderr);
        return ZM_EXIT_USAGE;
    }
    if (make_workspace(cli->argv[at], city, restricted, &err) != 0)
        return zm_exit_with(cli, &err);
    zm_say(cli, "note",
           "made %s: put deliveries in inbox/, describe them in job.ini, then `zhengming run %s/job.ini`",
           cli->argv[at], cli->argv[at]);
    return 0;
}

const struct zm_command zm_cmd_init = {
    .name = "init", .line = "make a workspace: job.ini, inbox/, rules/, out/", .help = help, .run = run};
