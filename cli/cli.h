/* What all commands share. Data goes to stdout, the log to stderr; progress only to a terminal. */
#pragma once

#include "geo/base/env.h"
#include "geo/base/err.h"
#include "geo/base/str.h"
#include "geo/tables/rules.h"

#include <stdbool.h>

enum { ZM_EXIT_CLEAN = 0, ZM_EXIT_FINDINGS = 1, ZM_EXIT_USAGE = 2 };

/* The command line after the command's name, and the options every command knows. */
struct zm_cli {
    const char *command;
    int argc; /* argv[0] is the command's name */
    char **argv;
    int n_operands; /* met by zm_next_option so far; they stand behind argv[0] */
    bool quiet, verbose, json;
    struct zm_env env;
};

/* One command: its own file, its own help. run returns the exit status. */
struct zm_command {
    const char *name;
    const char *line; /* one line for the list of commands */
    const char *help; /* whole text of --help, without the common options */
    int (*run)(struct zm_cli *cli);
    bool json; /* knows --json */
    bool hidden;
};

extern const struct zm_command zm_cmd_init, zm_cmd_run, zm_cmd_parse, zm_cmd_check, zm_cmd_rules, zm_cmd_map,
    zm_cmd_reader;

/* The four voices, all to stderr, one line each. error and warning are always heard, note not with -q. */
void zm_say_error(const struct zm_err *err);
void zm_say(const struct zm_cli *cli, const char *level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* zm_env.log: self is the struct zm_cli. */
void zm_say_log(void *self, const char *level, const char *text);

/* Says err, with --json also as an object on standard output, and gives its exit status. */
int zm_exit_with(const struct zm_cli *cli, const struct zm_err *err);

/* Steps through the options: names is a list of {name, has_value}, ended by NULL. Returns the index of the
 * option with *value set, -1 at the end of options (the operands are argv[*at] to argv[argc - 1], in the
 * order given), -2 after an error, which it has said. -q, -v, --json and --help are taken here. */
struct zm_option {
    const char *name;
    bool has_value;
};
int zm_next_option(struct zm_cli *cli, const struct zm_option *options, int *at, const char **value);

/* Has --help been asked for? Set by zm_next_option, which then has printed the help and returns -2. */
enum { ZM_OPTIONS_END = -1, ZM_OPTIONS_BAD = -2, ZM_OPTIONS_HELP = -3 };

/* Values that several commands take. False after having said what is wrong. ZM_OFF: never fail. */
bool zm_take_city(const char *value, uint32_t *city);
bool zm_take_fail_on(const char *value, enum zm_severity *fail_on);

/* "2025-06-30" for --as-of; today if value is NULL. False after having said what is wrong. */
bool zm_as_of(struct zm_cli *cli, const char *value);

/* Signals: SIGINT and SIGTERM ask the run to stop between batches. */
void zm_signals_catch(void);
bool zm_signals_stopped(void *self);

/* All that a run gets of the outside world: signals, progress, log. as_of is set apart. */
void zm_env_for_run(struct zm_cli *cli);

const struct zm_command *zm_command_find(const char *name);
