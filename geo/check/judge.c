#include "geo/check/judge.h"

#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/tables/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const uint8_t zm_code_fields[ZM_N_STATED] = {ZM_AF_COUNTY6, ZM_AF_TOWN9, ZM_AF_COMM12};
const uint8_t zm_name_fields[ZM_N_STATED] = {ZM_AF_COUNTY, ZM_AF_TOWN, ZM_AF_COMMITTEE};

enum {
    ARG_BYTES_MAX = 240,  /* of one argument in a message */
    TEXT_BYTES_MAX = 1020 /* of the raw text beside a finding */
};

/* Appends an argument, or several that are joined already; overlong ones are shortened, nobody reads them
 * whole. */
static char *put_arg(char *at, struct zm_str arg)
{
    const struct zm_str more = ZM_STR("…");
    struct zm_str rest = arg;
    while (rest.ptr) {
        struct zm_str part = zm_str_cut(&rest, ZM_ARG_SEP), head = part;
        if (part.len > ARG_BYTES_MAX)
            head = zm_utf8_cut(part, ARG_BYTES_MAX - more.len);
        if (head.len)
            memcpy(at, head.ptr, head.len);
        at += head.len;
        if (head.len < part.len) {
            memcpy(at, more.ptr, more.len);
            at += more.len;
        }
        if (rest.ptr)
            *at++ = ZM_ARG_SEP;
    }
    return at;
}

/* An argument that is shortened is longer than its mark, so the joined text never needs more than the parts.
 */
static struct zm_str join_args(struct zm_arena *arena, unsigned n, const struct zm_str *args)
{
    size_t len = n;
    for (unsigned i = 0; i < n; i++)
        len += args[i].len;
    char *joined = zm_arena_alloc(arena, len + 1), *at = joined;
    if (!joined)
        return (struct zm_str){NULL, 0};
    for (unsigned i = 0; i < n; i++) {
        if (i)
            *at++ = ZM_ARG_SEP;
        at = put_arg(at, args[i]);
    }
    return zm_str_n(joined, (size_t)(at - joined));
}

int zm_judge_say(struct zm_judge *j, struct zm_verdict v, unsigned n_args, const struct zm_str *args,
                 struct zm_err *err)
{
    if (j->n_verdicts == ZM_ROW_VERDICTS_MAX)
        return 0;
    v.args = join_args(&j->w->row, n_args, args);
    if (!v.args.ptr)
        return zm_fail_memory(err, 0);
    for (unsigned i = 0; i < j->n_verdicts; i++)
        if (j->verdicts[i].rule == v.rule && zm_str_eq(j->verdicts[i].args, v.args))
            return 0;
    j->verdicts[j->n_verdicts++] = v;
    return 0;
}

bool zm_judge_said(const struct zm_judge *j, enum zm_rule_id rule)
{
    for (unsigned i = 0; i < j->n_verdicts; i++)
        if (j->verdicts[i].rule == rule)
            return true;
    return false;
}

struct zm_rule_setting zm_judge_setting(const struct zm_judge *j, enum zm_rule_id rule)
{
    return zm_rule_set_get(j->w->checker->rules, rule, zm_address_county(&j->a));
}

bool zm_judge_on(const struct zm_judge *j, enum zm_rule_id rule)
{
    return zm_judge_setting(j, rule).severity != ZM_OFF;
}

double zm_judge_threshold(const struct zm_judge *j, enum zm_rule_id rule, double otherwise)
{
    double threshold = zm_judge_setting(j, rule).threshold;
    return isnan(threshold) ? otherwise : threshold;
}

static enum zm_severity milder(enum zm_severity a, enum zm_severity b)
{
    return a < b ? a : b;
}

/* Only now the county is known for sure, and with it the setting each verdict falls under. */
int zm_judge_close(struct zm_judge *j, bool *quarantine, struct zm_err *err)
{
    struct zm_address *a = &j->a;
    bool stop = false;
    for (unsigned i = 0; i < j->n_verdicts; i++) {
        const struct zm_verdict *v = &j->verdicts[i];
        enum zm_severity severity = milder(zm_judge_setting(j, v->rule).severity, v->worst);
        if (severity == ZM_OFF)
            continue;
        zm_rule_bits_set(&a->rules, v->rule);
        if (!v->fixed && severity > a->severity)
            a->severity = (uint8_t)severity;
        if (!v->fixed && severity == ZM_ERROR && zm_rules()[v->rule].scope == ZM_SCOPE_ROW)
            stop = true;
        struct zm_finding f = {
            .row = a->row,
            .lon = a->pos_src == ZM_POS_NONE ? 0 : a->lon,
            .lat = a->pos_src == ZM_POS_NONE ? 0 : a->lat,
            .source = a->source,
            .county = zm_address_county(a),
            .town = a->tuple.town,
            .rule = (uint16_t)v->rule,
            .severity = (uint8_t)severity,
            .field = (uint8_t)v->field,
            .fixed = v->fixed,
            .kind = ZM_KIND_ADDRESS,
            .args = v->args,
            .cause = zm_utf8_cut(v->cause, ARG_BYTES_MAX),
            .text = zm_utf8_cut(a->text, TEXT_BYTES_MAX),
        };
        ZM_TRY(j->sink->finding(j->sink->self, &f, err));
    }
    *quarantine = stop;
    return 0;
}

int zm_judge_say_source(struct zm_check_worker *w, const struct zm_check_sink *sink, struct zm_verdict v,
                        unsigned n_args, const struct zm_str *args, bool *quarantine, struct zm_err *err)
{
    enum zm_severity severity = milder(zm_rule_set_get(w->checker->rules, v.rule, 0).severity, v.worst);
    if (severity == ZM_OFF)
        return 0;
    struct zm_finding f = {
        .source = w->source->index,
        .rule = (uint16_t)v.rule,
        .severity = (uint8_t)severity,
        .field = (uint8_t)v.field,
        .fixed = v.fixed,
        .kind = ZM_KIND_ADDRESS,
        .args = join_args(&w->row, n_args, args),
        .cause = v.cause,
    };
    if (!f.args.ptr)
        return zm_fail_memory(err, 0);
    if (severity == ZM_ERROR && zm_rules()[v.rule].scope == ZM_SCOPE_SOURCE)
        *quarantine = true;
    return sink->finding(sink->self, &f, err);
}

struct zm_str zm_judge_text_of(struct zm_arena *arena, const char *fmt, ...)
{
    char line[256];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if (n < 0)
        n = 0;
    if ((size_t)n < sizeof line)
        return zm_arena_copy(arena, zm_str_n(line, (size_t)n));
    return zm_arena_copy(
        arena, zm_utf8_cut(zm_str_n(line, sizeof line - 1), sizeof line - 2)); /* cut inside a character */
}

struct zm_str zm_judge_name(const struct zm_judge *j, uint64_t code)
{
    const struct zm_division *d = code ? zm_division_at(j->w->checker->divisions, code, 0) : NULL;
    return d ? d->name : (struct zm_str){"", 0};
}
