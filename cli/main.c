/* zhengming: cleans a prefecture's place names and addresses. Finds the command and runs it. */
#include "cli/cli.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct zm_command *const commands[] = {
    &zm_cmd_init, &zm_cmd_map, &zm_cmd_run, &zm_cmd_parse, &zm_cmd_check, &zm_cmd_rules, &zm_cmd_reader};

const struct zm_command *zm_command_find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void print_help(FILE *to)
{
    fputs("usage: zhengming COMMAND [OPTIONS]\n\nCommands:\n", to);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (!commands[i]->hidden)
            fprintf(to, "  %-8s %s\n", commands[i]->name, commands[i]->line);
    fputs("\n`zhengming COMMAND --help` explains one command. Every command knows -q, -v and --json where it "
          "has a result.\n"
          "Exit status: 0 clean, 1 findings or a quarantined source, 2 usage or config, 3 input unreadable "
          "or output not\n"
          "writable, 4 internal error, 75 another run holds the lock, 130 stopped by a signal.\n",
          to);
}

/* Variables that would let an environment change how libraries open files. */
static void clean_environment(void)
{
    static const char *const names[] = {"SPATIALITE_SECURITY", "GDAL_DRIVER_PATH", "OGR_DRIVER_PATH",
                                        "GDAL_CONFIG_FILE",    "CPL_DEBUG",        "OGR_SQLITE_PRAGMA",
                                        "PROJ_NETWORK"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    clean_environment();
    if (argc < 2) {
        print_help(stderr);
        return ZM_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("zhengming " ZM_VERSION);
        return 0;
    }
    const struct zm_command *command = zm_command_find(argv[1]);
    if (!command) {
        fprintf(stderr, "error: there is no command %s; `zhengming --help` lists them\n", argv[1]);
        return ZM_EXIT_USAGE;
    }
    struct zm_cli cli = {.command = command->name, .argc = argc - 1, .argv = argv + 1};
    int status = command->run(&cli);
    bool lost = fflush(stdout) != 0 || ferror(stdout);
    if (lost && status <= ZM_EXIT_FINDINGS) { /* a verdict that nobody can read is none */
        struct zm_err err;
        zm_fail(&err, ZM_E_OUTPUT, "the result could not be written to standard output");
        zm_say_error(&err);
        return zm_code_exit(err.code);
    }
    return status;
}
