#include "cli/summary.h"

#include "geo/tables/text.h"
#include "job/report.h"

/* Fills a text of the tables with one or two numbers or names and prints it. */
static void print_text(FILE *to, const char *key, const char *args)
{
    struct zm_buf line;
    zm_buf_init(&line, 16384);
    if (zm_text_fill(&line, zm_text(key), zm_str(args), NULL) == 0)
        fprintf(to, "%.*s\n", ZM_FMT(zm_buf_str(&line)));
    zm_buf_release(&line);
}

static void print_reasons(FILE *to, const char *key, const uint64_t counts[ZM_N_REASONS])
{
    char args[1024];
    for (unsigned r = 0; r < ZM_N_REASONS; r++) {
        if (counts[r] == 0)
            continue;
        struct zm_str why = zm_text_of("reason.", zm_str(zm_reason_name((enum zm_reason)r)));
        snprintf(args, sizeof args, "%.*s\x1f%llu", ZM_FMT(why), (unsigned long long)counts[r]);
        print_text(to, key, args);
    }
}

static void print_source(FILE *to, const struct zm_job *job, unsigned i, const struct zm_source_result *r)
{
    char args[2048];
    const struct zm_account *a = &r->account;
    const char *key = r->failed        ? "summary.source.failed"
                      : r->quarantined ? "summary.source.quarantined"
                                       : "summary.source";
    snprintf(args, sizeof args, "%.*s\x1f%.*s\x1f%llu\x1f%llu\x1f%llu\x1f%llu\x1f%llu\x1f%s",
             ZM_FMT(job->sources[i].name),
             ZM_FMT(zm_text_of("kind.", zm_str(zm_kind_name(job->sources[i].kind)))),
             (unsigned long long)a->rows_in, (unsigned long long)a->accepted,
             (unsigned long long)zm_account_rejected(a), (unsigned long long)zm_account_quarantined(a),
             (unsigned long long)a->personal_columns + (unsigned long long)a->personal_values,
             r->failed ? r->err.text : "");
    print_text(to, key, args);
    if (!r->failed) {
        print_reasons(to, "summary.rejected", a->rejected);
        print_reasons(to, "summary.quarantined", a->quarantined);
    }
}

static void print_rules(FILE *to, const struct zm_run_result *result)
{
    char args[1024];
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        const struct zm_rule_result *r = &result->rules[i];
        const struct zm_rule *rule = &zm_rules()[i];
        if (r->findings == 0 && r->fixed == 0)
            continue;
        struct zm_str severity =
            r->findings ? zm_text_of("severity.", zm_severity_name(r->worst)) : zm_text("severity.fixed");
        snprintf(args, sizeof args, "%.*s\x1f%.*s\x1f%llu\x1f%llu\x1f%llu\x1f%.*s", ZM_FMT(rule->id),
                 ZM_FMT(rule->title_zh), (unsigned long long)r->findings, (unsigned long long)r->rows,
                 (unsigned long long)r->fixed, ZM_FMT(severity));
        print_text(to, "summary.rule", args);
    }
}

void zm_print_summary(FILE *to, const struct zm_job *job, const struct zm_run_result *result,
                      const char *out_dir)
{
    char args[4200];
    print_text(to, "summary.sources", "");
    for (unsigned i = 0; i < job->n_sources; i++)
        print_source(to, job, i, &result->sources[i]);
    print_text(to, "summary.rules", "");
    print_rules(to, result);
    snprintf(args, sizeof args, "%s\x1f%u", out_dir ? out_dir : "", result->n_failed);
    if (result->published)
        print_text(to, job->public_profile ? "summary.published_public" : "summary.published", args);
    else if (result->n_failed)
        print_text(to, "summary.failed", args);
}

int zm_print_json(FILE *to, const struct zm_job *job, const struct zm_run_result *result,
                  const struct zm_env *env, int status, struct zm_str findings, struct zm_err *err)
{
    struct zm_buf report;
    zm_buf_init(&report, ZM_REPORT_BYTES_MAX);
    int rc = zm_report_write(job, result, env, &report, err);
    if (rc == 0) {
        fprintf(to, "{\"schema_version\":1,\"published\":%s,\"exit_status\":%d,\"report\":%.*s",
                result->published ? "true" : "false", status, ZM_FMT(zm_str_trim(zm_buf_str(&report))));
        if (findings.len)
            fprintf(to, ",\"findings\":%.*s", ZM_FMT(findings));
        fputs("}\n", to);
    }
    zm_buf_release(&report);
    return rc;
}

int zm_finding_message(struct zm_buf *out, const struct zm_finding *f, struct zm_err *err)
{
    return zm_text_fill(out, zm_rules()[f->rule].message_zh, f->args, err);
}

/* A line of a source's notes: "warning: ..." concerns the machine, anything else the file. */
static void say_note(const struct zm_cli *cli, struct zm_str source, struct zm_str note, struct zm_buf *said)
{
    static const struct zm_str mark = {"warning: ", 9};
    if (!zm_str_starts(note, mark)) {
        zm_say(cli, "note", "source %.*s: %.*s", ZM_FMT(source), ZM_FMT(note));
    } else if (!zm_str_has(zm_buf_str(said), note)) {
        struct zm_str text = zm_str_sub(note, mark.len, note.len);
        zm_say(cli, "warning", "%.*s", ZM_FMT(text));
        zm_buf_put(said, note, NULL);
    }
}

void zm_say_sources(const struct zm_cli *cli, const struct zm_job *job, const struct zm_run_result *result)
{
    struct zm_buf said;
    zm_buf_init(&said, 65536);
    for (unsigned i = 0; i < job->n_sources; i++) {
        const struct zm_source_result *r = &result->sources[i];
        if (r->failed)
            zm_say(cli, "error", "source %.*s: %s", ZM_FMT(job->sources[i].name), r->err.text);
        struct zm_str notes = zm_str(r->stats.notes);
        while (notes.ptr && notes.len) {
            struct zm_str note = zm_str_cut(&notes, '\n');
            if (note.len)
                say_note(cli, job->sources[i].name, note, &said);
        }
    }
    zm_buf_release(&said);
}

int zm_run_status(const struct zm_job *job, const struct zm_run_result *result, enum zm_severity fail_on)
{
    for (unsigned i = 0; i < job->n_sources; i++)
        if (result->sources[i].failed)
            return zm_code_exit(result->sources[i].err.code);
    if (result->n_quarantined || (fail_on != ZM_OFF && result->worst >= fail_on))
        return ZM_EXIT_FINDINGS;
    return ZM_EXIT_CLEAN;
}
