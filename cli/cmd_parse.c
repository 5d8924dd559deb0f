#include "cli/cli.h"
#include "cli/parse_print.h"
#include "geo/base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "usage: zhengming parse [TEXT...] [--format text|jsonl]\n\n"
    "Reads addresses, one a TEXT or one a line of standard input, and prints their parts, canonical tuple,\n"
    "standard text and what the rules say of the text.\n\n"
    "  --format text|jsonl   for people (default) or one JSON object a line\n"
    "  --as-of DATE          divisions as of that day (today)\n"
    "  --city CODE           the city a text without prefixes is in (330300)\n";

struct parsing {
    struct zm_divisions divisions;
    struct zm_gazetteer *gazetteer;
    struct zm_context context;
    struct zm_arena arena;
    struct zm_buf out;
    struct zm_parsed *parsed;
    bool jsonl;
};

static int parse_one(struct parsing *p, struct zm_str text, struct zm_err *err)
{
    zm_arena_reset(&p->arena);
    zm_buf_reset(&p->out);
    ZM_TRY(zm_parse(p->parsed, p->gazetteer, text, &p->context, &p->arena, err));
    ZM_TRY(p->jsonl ? zm_print_parsed_json(&p->out, text, p->parsed, err)
                    : zm_print_parsed_text(&p->out, text, p->parsed, err));
    if (fwrite(p->out.ptr, 1, p->out.len, stdout) != p->out.len)
        return zm_fail(err, ZM_E_OUTPUT, "cannot write to standard output");
    return 0;
}

/* LF ends a line; one CR before it is dropped. */
static int parse_lines(struct parsing *p, struct zm_err *err)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    int rc = 0;
    while (rc == 0 && (n = getline(&line, &size, stdin)) >= 0) {
        struct zm_str text = {line, (size_t)n};
        if (text.len && text.ptr[text.len - 1] == '\n')
            text.len--;
        if (text.len && text.ptr[text.len - 1] == '\r')
            text.len--;
        rc = parse_one(p, text, err);
    }
    if (rc == 0 && !feof(stdin))
        rc = zm_fail_errno(err, ZM_E_INPUT, errno, "cannot read standard input");
    free(line);
    return rc;
}

static int parse_all(struct parsing *p, struct zm_cli *cli, int at, struct zm_err *err)
{
    ZM_TRY(zm_divisions_init(&p->divisions, err));
    ZM_TRY(zm_gazetteer_new(&p->gazetteer, &p->divisions, cli->env.as_of, err));
    ZM_TRY(zm_gazetteer_freeze(p->gazetteer, err));
    if (at == cli->argc)
        return parse_lines(p, err);
    for (; at < cli->argc; at++)
        ZM_TRY(parse_one(p, zm_str(cli->argv[at]), err));
    return 0;
}

static bool take_option(struct zm_cli *cli, struct parsing *p, int option, const char *value)
{
    uint32_t city;
    switch (option) {
    case 0:
        p->jsonl = zm_str_eq(zm_str(value), ZM_STR("jsonl"));
        if (p->jsonl || zm_str_eq(zm_str(value), ZM_STR("text")))
            return true;
        fprintf(stderr, "error: --format %s: must be text or jsonl\n", value);
        return false;
    case 1:
        return zm_as_of(cli, value);
    default:
        if (!zm_take_city(value, &city))
            return false;
        p->context.city = city / 100;
        return true;
    }
}

static int run(struct zm_cli *cli)
{
    static const struct zm_option options[] = {
        {"--format", true}, {"--as-of", true}, {"--city", true}, {NULL, false}};
    struct parsing p = {.context = {.city = 3303}};
    const char *value = NULL;
    struct zm_err err;
    int at = 1, option;
    zm_as_of(cli, NULL);
    while ((option = zm_next_option(cli, options, &at, &value)) >= 0)
        if (!take_option(cli, &p, option, value))
            return ZM_EXIT_USAGE;
    if (option != ZM_OPTIONS_END)
        return option == ZM_OPTIONS_HELP ? 0 : ZM_EXIT_USAGE;
    zm_arena_init(&p.arena, 256u << 20);
    zm_buf_init(&p.out, 512u << 20);
    p.parsed = zm_alloc(sizeof *p.parsed);
    int rc = p.parsed ? parse_all(&p, cli, at, &err) : zm_fail_memory(&err, sizeof *p.parsed);
    zm_free(p.parsed);
    zm_buf_release(&p.out);
    zm_arena_release(&p.arena);
    zm_gazetteer_free(p.gazetteer);
    zm_divisions_release(&p.divisions);
    return rc == 0 ? 0 : zm_exit_with(cli, &err);
}

const struct zm_command zm_cmd_parse = {.name = "parse",
                                        .line = "read addresses: parts, canonical tuple, standard text",
                                        .help = help,
                                        .run = run};
