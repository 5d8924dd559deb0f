#include "geo/base/date.h"
#include "geo/base/utf8.h"
#include "geo/tables/text.h"
#include "job/previous_json_jansson.h"
#include "job/report.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_SHOWN_MAX = 8192 };

/* Names of files and messages that quote them may hold any bytes: jansson refuses bad UTF-8, and a member
 * would be missing. Bad bytes show as U+FFFD. */
static json_t *text(struct zm_str s)
{
    if (zm_utf8_check(s) == SIZE_MAX)
        return json_stringn(s.ptr ? s.ptr : "", s.len);
    char shown[TEXT_SHOWN_MAX];
    size_t n = 0;
    unsigned len;
    for (size_t i = 0; i < s.len && n + 4 <= sizeof shown; i += len)
        n += zm_utf8_put(zm_utf8_next(s.ptr + i, s.ptr + s.len, &len), shown + n);
    return json_stringn(shown, n);
}

static json_t *number(uint64_t n)
{
    return json_integer((json_int_t)n);
}

/* Reasons with a count, by name, with the Chinese text a clerk reads. */
static json_t *reasons_json(const uint64_t counts[ZM_N_REASONS])
{
    json_t *list = json_array();
    for (unsigned r = 0; r < ZM_N_REASONS; r++) {
        const char *name = zm_reason_name((enum zm_reason)r);
        if (counts[r])
            json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "reason", name, "text_zh",
                                                  text(zm_text_of("reason.", zm_str(name))), "rows",
                                                  number(counts[r])));
    }
    return list;
}

static const char *source_state(const struct zm_source_result *r)
{
    return r->failed ? "failed" : r->quarantined ? "quarantined" : "accepted";
}

/* The numbers the next delivery of this source is compared with (IMP-004, IMP-006). */
static json_t *base_json(const struct zm_source *source, const struct zm_delivery_base *base)
{
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(source->kind, &n);
    json_t *shares = json_object();
    for (unsigned f = 0; f < n; f++)
        if (base->n_rows && !isnan(base->empty_share[f]))
            json_object_set_new(shares, fields[f].name,
                                json_integer((json_int_t)llround(base->empty_share[f] * 1e6)));
    return json_pack("{s:o, s:o}", "rows", number(base->n_rows), "empty_ppm", shares);
}

static json_t *source_json(const struct zm_job *job, unsigned i, const struct zm_source_result *r)
{
    const struct zm_source *s = &job->sources[i];
    const struct zm_account *a = &r->account;
    json_t *o = json_object();
    json_object_set_new(o, "name", text(s->name));
    json_object_set_new(o, "kind", json_string(zm_kind_name(s->kind)));
    if (!job->public_profile) /* how a sender names his files is nobody else's business */
        json_object_set_new(o, "path", text(job->deliveries[i].title));
    json_object_set_new(o, "state", json_string(source_state(r)));
    if (r->failed)
        json_object_set_new(o, "error", text(zm_str(r->err.text)));
    json_object_set_new(o, "sha256", text(zm_str(r->stats.sha256)));
    json_object_set_new(o, "bytes", number(r->stats.bytes));
    json_object_set_new(o, "format", text(zm_str(r->stats.format)));
    json_object_set_new(o, "encoding", text(zm_str(r->stats.encoding)));
    json_object_set_new(o, "datum", text(s->datum));
    json_object_set_new(o, "crs_in_file", text(zm_str(r->stats.crs)));
    json_object_set_new(o, "rows_in", number(a->rows_in));
    json_object_set_new(o, "accepted", number(a->accepted));
    json_object_set_new(o, "merged", number(a->merged));
    json_object_set_new(o, "rejected", number(zm_account_rejected(a)));
    json_object_set_new(o, "quarantined", number(zm_account_quarantined(a)));
    json_object_set_new(o, "balanced", json_boolean(zm_account_balances(a)));
    json_object_set_new(o, "rejected_by_reason", reasons_json(a->rejected));
    json_object_set_new(o, "quarantined_by_reason", reasons_json(a->quarantined));
    json_object_set_new(o, "personal_columns_dropped", number(a->personal_columns));
    json_object_set_new(o, "personal_values_dropped", number(a->personal_values));
    json_object_set_new(o, "points", number(r->n_points));
    json_object_set_new(o, "findings", number(r->findings));
    json_object_set_new(o, "base", base_json(s, &r->base));
    json_object_set_new(o, "compared_with", base_json(s, &r->before));
    return o;
}

static json_t *rules_json(const struct zm_job *job, const struct zm_run_result *result)
{
    json_t *list = json_array();
    const struct zm_rule *rules = zm_rules();
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        const struct zm_rule_result *r = &result->rules[i];
        if (r->rows == 0 && r->findings == 0 && r->fixed == 0)
            continue;
        enum zm_severity severity = zm_rule_set_get(&job->rules, (enum zm_rule_id)i, 0).severity;
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                                              text(rules[i].id), "severity", text(zm_severity_name(severity)),
                                              "title_zh", text(rules[i].title_zh), "findings",
                                              number(r->findings), "rows", number(r->rows), "error_rows",
                                              number(r->errors), "warning_rows", number(r->warnings),
                                              "info_rows", number(r->infos), "fixed", number(r->fixed)));
    }
    return list;
}

static json_t *counties_json(const struct zm_run_result *result, const struct zm_divisions *divisions)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < result->n_counties; i++) {
        const struct zm_county_result *c = &result->counties[i];
        const struct zm_division *d = zm_division_at(divisions, c->county, 0);
        char code[16];
        snprintf(code, sizeof code, "%06u", c->county);
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o}", "county", code, "name",
                                              text(d ? d->name : zm_text("county.unknown")), "addresses",
                                              number(c->addresses), "points", number(c->points), "findings",
                                              number(c->findings)));
    }
    return list;
}

static json_t *report_json(const struct zm_job *job, const struct zm_run_result *result,
                           const struct zm_env *env, const struct zm_divisions *divisions)
{
    char as_of[11];
    zm_date_format(env->as_of, as_of);
    json_t *sources = json_array();
    for (unsigned i = 0; i < job->n_sources; i++)
        json_array_append_new(sources, source_json(job, i, &result->sources[i]));
    return json_pack("{s:i, s:s, s:s, s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema_version", 1,
                     "program", "zhengming " ZM_VERSION, "run", result->run_id, "as_of", as_of, "city",
                     (int)job->city, "profile", job->public_profile ? "public" : "internal", "notice_zh",
                     text(zm_text(job->public_profile ? "notice.public" : "notice.internal")), "rows_in",
                     number(result->rows_in), "accepted", number(result->accepted), "sources", sources,
                     "rules", rules_json(job, result), "counties", counties_json(result, divisions),
                     "previous", zm_previous_json(&result->previous));
}

int zm_report_write(const struct zm_job *job, const struct zm_run_result *result, const struct zm_env *env,
                    struct zm_buf *out, struct zm_err *err)
{
    struct zm_divisions divisions;
    ZM_TRY(zm_divisions_init(&divisions, err));
    json_t *report = report_json(job, result, env, &divisions);
    char *dump = report ? json_dumps(report, JSON_INDENT(2)) : NULL;
    int rc = dump ? zm_buf_put(out, zm_str(dump), err)
                  : zm_fail(err, ZM_E_MEMORY, "the report could not be made: out of memory");
    if (rc == 0)
        rc = zm_buf_putc(out, '\n', err);
    free(dump);
    json_decref(report);
    zm_divisions_release(&divisions);
    return rc;
}

static void read_base(const struct zm_source *source, const json_t *o, struct zm_delivery_base *base)
{
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(source->kind, &n);
    const json_t *shares = json_object_get(o, "empty_ppm");
    json_int_t rows = json_integer_value(json_object_get(o, "rows"));
    base->n_rows = rows > 0 ? (uint64_t)rows : 0;
    for (unsigned f = 0; f < n; f++) {
        const json_t *share = json_object_get(shares, fields[f].name);
        base->empty_share[f] = share ? (double)json_integer_value(share) / 1e6 : NAN;
    }
}

static void read_last(const struct zm_source *source, const json_t *o, struct zm_last_delivery *last)
{
    const char *sha256 = json_string_value(json_object_get(o, "sha256"));
    if (sha256)
        snprintf(last->sha256, sizeof last->sha256, "%s", sha256);
    read_base(source, json_object_get(o, "base"), &last->base);
    read_base(source, json_object_get(o, "compared_with"), &last->before);
}

int zm_report_last(const struct zm_job *job, const char *out_dir,
                   struct zm_last_delivery last[ZM_SOURCES_MAX], struct zm_err *err)
{
    json_t *report;
    memset(last, 0, ZM_SOURCES_MAX * sizeof *last);
    ZM_TRY(zm_report_load(out_dir, &report, err));
    const json_t *sources = json_object_get(report, "sources");
    for (size_t k = 0; k < json_array_size(sources); k++) {
        const json_t *o = json_array_get(sources, k);
        const char *name = json_string_value(json_object_get(o, "name"));
        for (unsigned i = 0; name && i < job->n_sources; i++)
            if (zm_str_eq(job->sources[i].name, zm_str(name)))
                read_last(&job->sources[i], o, &last[i]);
    }
    json_decref(report);
    return 0;
}
