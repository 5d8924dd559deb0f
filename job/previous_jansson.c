#include "export/publish.h"
#include "geo/base/file.h"
#include "job/previous.h"
#include "job/previous_json_jansson.h"
#include "job/report.h"

#include <limits.h>
#include <stdio.h>

int zm_report_load(const char *out_dir, json_t **report, struct zm_err *err)
{
    char path[PATH_MAX];
    struct zm_buf bytes;
    json_error_t why;
    if (!zm_publish_current(out_dir, "report.json", path, sizeof path)) {
        *report = NULL;
        return 0;
    }
    zm_buf_init(&bytes, ZM_REPORT_BYTES_MAX);
    int rc = zm_file_read(path, &bytes, err);
    json_t *loaded = rc == 0 ? json_loadb(bytes.ptr, bytes.len, 0, &why) : NULL;
    zm_buf_release(&bytes);
    if (rc != 0)
        return rc;
    if (!loaded)
        return zm_fail(err, ZM_E_INPUT, "%s:%d: %s; remove the broken publication or restore it", path,
                       why.line, why.text);
    *report = loaded;
    return 0;
}

static uint64_t count(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n > 0 ? (uint64_t)n : 0;
}

static struct zm_str text(const json_t *o, const char *key)
{
    return zm_str(json_string_value(json_object_get(o, key)));
}

/* A report and its member `previous` have the same members as far as they are read here. */
static void read_counts(const json_t *report, struct zm_previous *out)
{
    const json_t *sources = json_object_get(report, "sources"), *rules = json_object_get(report, "rules");
    snprintf(out->run, sizeof out->run, "%.*s", ZM_FMT(text(report, "run")));
    snprintf(out->as_of, sizeof out->as_of, "%.*s", ZM_FMT(text(report, "as_of")));
    for (size_t i = 0; i < json_array_size(sources) && i < ZM_PREVIOUS_SOURCES_MAX; i++) {
        const json_t *o = json_array_get(sources, i);
        struct zm_previous_source *s = &out->sources[out->n_sources++];
        snprintf(s->name, sizeof s->name, "%.*s", ZM_FMT(text(o, "name")));
        s->rows_in = count(o, "rows_in");
        s->accepted = count(o, "accepted");
        s->findings = count(o, "findings");
    }
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *o = json_array_get(rules, i);
        enum zm_rule_id rule;
        if (zm_rule_find(text(o, "id"), &rule))
            out->rules[rule] = (struct zm_previous_rule){count(o, "findings"), count(o, "rows")};
    }
}

int zm_previous_read(const char *out_dir, const char *run_id, struct zm_previous *out, struct zm_err *err)
{
    json_t *report;
    ZM_TRY(zm_report_load(out_dir, &report, err));
    memset(out, 0, sizeof *out);
    const json_t *base = report;
    if (zm_str_eq(text(report, "run"), zm_str(run_id)))
        base = json_object_get(report, "previous");
    if (json_is_object(base))
        read_counts(base, out);
    json_decref(report);
    return 0;
}

static json_t *number(uint64_t n)
{
    return json_integer((json_int_t)n);
}

json_t *zm_previous_json(const struct zm_previous *p)
{
    if (!p->run[0])
        return json_null();
    json_t *sources = json_array(), *rules = json_array();
    for (unsigned i = 0; i < p->n_sources; i++) {
        const struct zm_previous_source *s = &p->sources[i];
        json_array_append_new(sources, json_pack("{s:s, s:o, s:o, s:o}", "name", s->name, "rows_in",
                                                 number(s->rows_in), "accepted", number(s->accepted),
                                                 "findings", number(s->findings)));
    }
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        struct zm_str id = zm_rules()[i].id;
        if (p->rules[i].findings)
            json_array_append_new(rules,
                                  json_pack("{s:o, s:o, s:o}", "id", json_stringn(id.ptr, id.len), "findings",
                                            number(p->rules[i].findings), "rows", number(p->rules[i].rows)));
    }
    return json_pack("{s:s, s:s, s:o, s:o}", "run", p->run, "as_of", p->as_of, "sources", sources, "rules",
                     rules);
}
