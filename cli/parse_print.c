#include "cli/parse_print.h"

#include "geo/base/json.h"
#include "geo/tables/text.h"

static int put(struct zm_buf *out, const char *text, struct zm_err *err)
{
    return zm_buf_put(out, zm_str(text), err);
}

static int put_member(struct zm_buf *out, const char *name, struct zm_str value, struct zm_err *err)
{
    ZM_TRY(zm_buf_printf(out, err, ",\"%s\":", name));
    return value.len ? zm_json_put_string(out, value, err) : put(out, "null", err);
}

static int put_code(struct zm_buf *out, const char *name, uint64_t code, struct zm_err *err)
{
    return code ? zm_buf_printf(out, err, "\"%s\":\"%llu\"", name, (unsigned long long)code)
                : zm_buf_printf(out, err, "\"%s\":null", name);
}

static int put_tuple(struct zm_buf *out, const struct zm_tuple *tuple, struct zm_err *err)
{
    struct zm_tuple t = *tuple;
    struct zm_str *texts[ZM_TUPLE_TEXTS];
    zm_tuple_texts(&t, texts);
    ZM_TRY(put(out, "{", err));
    ZM_TRY(put_code(out, "county", t.county, err));
    ZM_TRY(put(out, ",", err));
    ZM_TRY(put_code(out, "town", t.town, err));
    ZM_TRY(put(out, ",", err));
    ZM_TRY(put_code(out, "committee", t.committee, err));
    for (unsigned i = 0; i < ZM_TUPLE_TEXTS; i++)
        ZM_TRY(put_member(out, zm_tuple_text_name(i), *texts[i], err));
    return put(out, "}", err);
}

/* The ids of the rules that spoke, each once, in catalogue order. */
static int put_findings(struct zm_buf *out, const struct zm_parsed *p, const char *quote,
                        const char *separator, struct zm_err *err)
{
    bool spoke[ZM_N_RULES] = {false}, first = true;
    for (unsigned i = 0; i < p->n_remarks; i++)
        spoke[p->remarks[i].rule] = true;
    for (unsigned r = 0; r < ZM_N_RULES; r++) {
        if (!spoke[r])
            continue;
        ZM_TRY(zm_buf_printf(out, err, "%s%s%.*s%s", first ? "" : separator, quote, ZM_FMT(zm_rules()[r].id),
                             quote));
        first = false;
    }
    return 0;
}

int zm_print_parsed_json(struct zm_buf *out, struct zm_str text, const struct zm_parsed *p,
                         struct zm_err *err)
{
    ZM_TRY(put(out, "{\"text\":", err));
    ZM_TRY(zm_json_put_string(out, text, err));
    ZM_TRY(put_member(out, "standard", p->standard, err));
    ZM_TRY(put(out, ",\"parts\":[", err));
    for (unsigned i = 0; i < p->n_parts; i++) {
        const struct zm_part *part = &p->parts[i];
        ZM_TRY(zm_buf_printf(out, err, "%s{\"label\":\"%s\",\"text\":", i ? "," : "",
                             zm_label_name(part->label)));
        ZM_TRY(zm_json_put_string(out, zm_str_sub(text, part->begin, part->end), err));
        ZM_TRY(zm_buf_printf(out, err, ",\"begin\":%u,\"end\":%u}", part->begin, part->end));
    }
    ZM_TRY(put(out, "],\"tuple\":", err));
    ZM_TRY(put_tuple(out, &p->tuple, err));
    ZM_TRY(zm_buf_printf(out, err, ",\"score\":%.3f,\"findings\":[", (double)p->score));
    ZM_TRY(put_findings(out, p, "\"", ",", err));
    return put(out, "]}\n", err);
}

static int put_line(struct zm_buf *out, const char *title, struct zm_str value, struct zm_err *err)
{
    return value.len ? zm_buf_printf(out, err, "  %-10s %.*s\n", title, ZM_FMT(value)) : 0;
}

int zm_print_parsed_text(struct zm_buf *out, struct zm_str text, const struct zm_parsed *p,
                         struct zm_err *err)
{
    struct zm_tuple t = p->tuple;
    struct zm_str *texts[ZM_TUPLE_TEXTS];
    zm_tuple_texts(&t, texts);
    ZM_TRY(zm_buf_printf(out, err, "%.*s\n", ZM_FMT(text)));
    ZM_TRY(put_line(out, "standard", p->standard, err));
    ZM_TRY(put(out, "  parts      ", err));
    for (unsigned i = 0; i < p->n_parts; i++) {
        struct zm_str part = zm_str_sub(text, p->parts[i].begin, p->parts[i].end);
        ZM_TRY(zm_buf_printf(out, err, "%s%s=%.*s", i ? " " : "", zm_label_name(p->parts[i].label),
                             ZM_FMT(part)));
    }
    ZM_TRY(zm_buf_printf(out, err, "\n  county     %u  town %u  committee %llu\n", t.county, t.town,
                         (unsigned long long)t.committee));
    for (unsigned i = 0; i < ZM_TUPLE_TEXTS; i++)
        ZM_TRY(put_line(out, zm_tuple_text_name(i), *texts[i], err));
    ZM_TRY(zm_buf_printf(out, err, "  score      %.3f\n", (double)p->score));
    for (unsigned i = 0; i < p->n_remarks; i++) {
        const struct zm_rule *rule = &zm_rules()[p->remarks[i].rule];
        ZM_TRY(zm_buf_printf(out, err, "  %.*s    ", ZM_FMT(rule->id)));
        ZM_TRY(zm_text_fill(out, rule->message_zh, p->remarks[i].args, err));
        ZM_TRY(put(out, "\n", err));
    }
    return put(out, "\n", err);
}
