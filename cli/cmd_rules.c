#include "cli/cli.h"
#include "geo/base/buf.h"
#include "geo/base/json.h"
#include "geo/tables/rules.h"

#include <math.h>
#include <stdio.h>

static const char help[] =
    "usage: zhengming rules [ID] [--json]\n\n"
    "Lists the rule catalogue, or explains one rule with a clean and a dirty example.\n\n"
    "  --json   the catalogue as one JSON object; with ID only that rule\n";

static const char *const scopes[] = {"row", "county", "city", "source"};

static int put_rule_json(struct zm_buf *out, const struct zm_rule *r, struct zm_err *err)
{
    ZM_TRY(zm_buf_printf(
        out, err, "{\"id\":\"%.*s\",\"built\":%s,\"scope\":\"%s\",\"severity\":\"%.*s\",\"threshold\":",
        ZM_FMT(r->id), r->built ? "true" : "false", scopes[r->scope], ZM_FMT(zm_severity_name(r->severity))));
    ZM_TRY(isnan(r->threshold) ? zm_buf_printf(out, err, "null")
                               : zm_buf_printf(out, err, "%g", r->threshold));
    const struct {
        const char *name;
        struct zm_str text;
    } texts[] = {{"unit", r->unit},
                 {"title_zh", r->title_zh},
                 {"title_en", r->title_en},
                 {"suggestion_zh", r->suggestion_zh},
                 {"source", r->source}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ZM_TRY(zm_buf_printf(out, err, ",\"%s\":", texts[i].name));
        ZM_TRY(zm_json_put_string(out, texts[i].text, err));
    }
    return zm_buf_printf(out, err, ",\"fixes\":%s}", r->fixes ? "true" : "false");
}

static int put_json(struct zm_buf *out, bool one, enum zm_rule_id id, struct zm_err *err)
{
    ZM_TRY(zm_buf_printf(out, err, "{\"schema_version\":1,\"rules\":["));
    for (unsigned i = one ? (unsigned)id : 0; i < (one ? (unsigned)id + 1 : (unsigned)ZM_N_RULES); i++) {
        if (i > 0 && !one)
            ZM_TRY(zm_buf_put(out, ZM_STR(","), err));
        ZM_TRY(put_rule_json(out, &zm_rules()[i], err));
    }
    return zm_buf_put(out, ZM_STR("]}\n"), err);
}

static int put_list(struct zm_buf *out, struct zm_err *err)
{
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        const struct zm_rule *r = &zm_rules()[i];
        ZM_TRY(zm_buf_printf(out, err, "%-8.*s %c %-7.*s %-6s %.*s · %.*s\n", ZM_FMT(r->id),
                             r->built ? '+' : '-', ZM_FMT(zm_severity_name(r->severity)), scopes[r->scope],
                             ZM_FMT(r->title_zh), ZM_FMT(r->title_en)));
    }
    return 0;
}

static int put_examples(struct zm_buf *out, const struct zm_rule *r, struct zm_err *err)
{
    struct zm_tsv t;
    enum { RULE, VERDICT, SCOPE, FIELDS, NOTE, N_COLUMNS };
    static const char *const names[N_COLUMNS] = {"rule", "verdict", "scope", "fields", "note_zh"};
    uint32_t col[N_COLUMNS];
    ZM_TRY(zm_tsv_init(&t, "examples.tsv", zm_tables_embedded("examples.tsv"), err));
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < N_COLUMNS; i++)
        rc = zm_tsv_column(&t, names[i], &col[i], err);
    for (uint32_t row = 0; rc == 0 && row < t.n_rows; row++) {
        if (!zm_str_eq(zm_tsv_cell(&t, row, col[RULE]), r->id))
            continue;
        rc =
            zm_buf_printf(out, err, "%.*s: %.*s\n    %.*s\n", ZM_FMT(zm_tsv_cell(&t, row, col[VERDICT])),
                          ZM_FMT(zm_tsv_cell(&t, row, col[FIELDS])), ZM_FMT(zm_tsv_cell(&t, row, col[NOTE])));
    }
    zm_tsv_release(&t);
    return rc;
}

static int put_one(struct zm_buf *out, enum zm_rule_id id, struct zm_err *err)
{
    const struct zm_rule *r = &zm_rules()[id];
    ZM_TRY(zm_buf_printf(out, err, "%.*s %.*s · %.*s\n", ZM_FMT(r->id), ZM_FMT(r->title_zh),
                         ZM_FMT(r->title_en)));
    ZM_TRY(zm_buf_printf(out, err, "severity %.*s, scope %s, %s%s", ZM_FMT(zm_severity_name(r->severity)),
                         scopes[r->scope], r->built ? "built" : "not built yet",
                         r->fixes ? ", corrected by the program" : ""));
    if (!isnan(r->threshold))
        ZM_TRY(zm_buf_printf(out, err, ", threshold %g %.*s", r->threshold, ZM_FMT(r->unit)));
    ZM_TRY(zm_buf_printf(out, err, "\n%.*s\n%.*s\n%.*s\n", ZM_FMT(r->condition_en), ZM_FMT(r->message_zh),
                         ZM_FMT(r->suggestion_zh)));
    if (r->source.len)
        ZM_TRY(zm_buf_printf(out, err, "source: %.*s\n", ZM_FMT(r->source)));
    return put_examples(out, r, err);
}

static int run(struct zm_cli *cli)
{
    static const struct zm_option options[] = {{NULL, false}};
    const char *value = NULL;
    struct zm_err err;
    struct zm_buf out;
    enum zm_rule_id id = ZM_ADR_001;
    int at = 1, option = zm_next_option(cli, options, &at, &value);
    if (option != ZM_OPTIONS_END)
        return option == ZM_OPTIONS_HELP ? 0 : ZM_EXIT_USAGE;
    bool one = at < cli->argc;
    if (cli->argc - at > 1 || (one && !zm_rule_find(zm_str(cli->argv[at]), &id))) {
        fprintf(stderr, "error: there is no rule %s; `zhengming rules` lists them\n", cli->argv[at]);
        return ZM_EXIT_USAGE;
    }
    zm_buf_init(&out, 1 << 22);
    int rc = cli->json ? put_json(&out, one, id, &err) : one ? put_one(&out, id, &err) : put_list(&out, &err);
    if (rc == 0)
        fwrite(out.ptr, 1, out.len, stdout);
    zm_buf_release(&out);
    return rc == 0 ? 0 : zm_exit_with(cli, &err);
}

const struct zm_command zm_cmd_rules = {.name = "rules",
                                        .line = "list the rule catalogue, or explain one rule",
                                        .help = help,
                                        .run = run,
                                        .json = true};
