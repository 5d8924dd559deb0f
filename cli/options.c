#include "cli/cli.h"
#include "geo/base/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char common_help[] = "\nCommon options: -q (only errors), -v (more), --help.\n";

static int say_bad(const struct zm_cli *cli, const char *option, const char *why)
{
    fprintf(stderr, "error: %s: option %s %s; see `zhengming %s --help`\n", cli->command, option, why,
            cli->command);
    return ZM_OPTIONS_BAD;
}

static int print_help(const struct zm_cli *cli)
{
    const struct zm_command *command = zm_command_find(cli->command);
    fputs(command->help, stdout);
    fputs(common_help, stdout);
    return ZM_OPTIONS_HELP;
}

/* -q, -v, --json, --help; true if arg was one of them. */
static bool take_common(struct zm_cli *cli, const char *arg, bool *help)
{
    *help = strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
    if (strcmp(arg, "-q") == 0)
        cli->quiet = true;
    else if (strcmp(arg, "-v") == 0)
        cli->verbose = true;
    else if (strcmp(arg, "--json") == 0 && zm_command_find(cli->command)->json)
        cli->json = true;
    else
        return *help;
    return true;
}

/* Keeps an operand in front, in the order given: options may stand behind it. */
static void keep_operand(struct zm_cli *cli, int from)
{
    cli->argv[1 + cli->n_operands++] = cli->argv[from];
}

/* All options are read: what is left of argv are the operands, from *at on. */
static int end_options(struct zm_cli *cli, int *at)
{
    while (*at < cli->argc)
        keep_operand(cli, (*at)++);
    *at = 1;
    cli->argc = 1 + cli->n_operands;
    return ZM_OPTIONS_END;
}

int zm_next_option(struct zm_cli *cli, const struct zm_option *options, int *at, const char **value)
{
    while (*at < cli->argc) {
        const char *arg = cli->argv[(*at)++];
        bool help;
        if (strcmp(arg, "--") == 0)
            break;
        if (arg[0] != '-' || arg[1] == '\0') {
            keep_operand(cli, *at - 1);
            continue;
        }
        if (take_common(cli, arg, &help)) {
            if (help)
                return print_help(cli);
            continue;
        }
        for (int i = 0; options[i].name; i++) {
            size_t n = strlen(options[i].name);
            if (strncmp(arg, options[i].name, n) != 0 || (arg[n] != '\0' && arg[n] != '='))
                continue;
            if (!options[i].has_value)
                return arg[n] == '=' ? say_bad(cli, arg, "takes no value") : i;
            if (arg[n] == '\0' && *at >= cli->argc)
                return say_bad(cli, arg, "needs a value");
            *value = arg[n] == '=' ? arg + n + 1 : cli->argv[(*at)++];
            return i;
        }
        return say_bad(cli, arg, "is unknown");
    }
    return end_options(cli, at);
}

bool zm_take_city(const char *value, uint32_t *city)
{
    uint64_t number;
    if (strlen(value) != 6 || !zm_str_to_u64(zm_str(value), &number) || number % 100 != 0) {
        fprintf(stderr, "error: --city %s: must be a prefecture's six digits such as 330300\n", value);
        return false;
    }
    *city = (uint32_t)number;
    return true;
}

bool zm_take_fail_on(const char *value, enum zm_severity *fail_on)
{
    enum zm_severity severity = ZM_OFF;
    if (strcmp(value, "none") != 0 && (!zm_severity_parse(zm_str(value), &severity) || severity == ZM_OFF)) {
        fprintf(stderr, "error: --fail-on %s: must be none, error, warning or info\n", value);
        return false;
    }
    *fail_on = severity;
    return true;
}

bool zm_as_of(struct zm_cli *cli, const char *value)
{
    if (value) {
        if (zm_date_parse(zm_str(value), &cli->env.as_of))
            return true;
        fprintf(stderr, "error: --as-of %s: must be a date such as 2025-06-30\n", value);
        return false;
    }
    time_t now = time(NULL);
    struct tm day;
    localtime_r(&now, &day);
    cli->env.as_of = (uint32_t)((day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday);
    return true;
}
