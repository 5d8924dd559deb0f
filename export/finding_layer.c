#include "export/layer.h"
#include "geo/record/kind.h"
#include "geo/tables/text.h"

#include <stdio.h>

static const struct zm_column finding_columns[] = {
    {"rule", ZM_COLUMN_TEXT, NULL, false},       {"severity", ZM_COLUMN_TEXT, "severity", false},
    {"title", ZM_COLUMN_TEXT, NULL, false},      {"message", ZM_COLUMN_TEXT, NULL, false},
    {"suggestion", ZM_COLUMN_TEXT, NULL, false}, {"county", ZM_COLUMN_TEXT, "county", false},
    {"town", ZM_COLUMN_TEXT, "town", false},     {"src", ZM_COLUMN_TEXT, NULL, false},
    {"src_row", ZM_COLUMN_INT, NULL, false},     {"rows", ZM_COLUMN_INT, NULL, false},
    {"field", ZM_COLUMN_TEXT, NULL, false},      {"text", ZM_COLUMN_TEXT, NULL, false},
    {"state", ZM_COLUMN_TEXT, "state", false},
};
const struct zm_layer zm_layer_finding = {"finding", "field.finding.", finding_columns,
                                          sizeof finding_columns / sizeof *finding_columns, true};

static const struct zm_column row_columns[] = {
    {"finding", ZM_COLUMN_INT, NULL, false},
    {"src", ZM_COLUMN_TEXT, NULL, false},
    {"src_row", ZM_COLUMN_INT, NULL, false},
};
const struct zm_layer zm_layer_finding_row = {"finding_row", "field.finding.", row_columns,
                                              sizeof row_columns / sizeof *row_columns, false};

static const struct zm_column fixed_columns[] = {
    {"rule", ZM_COLUMN_TEXT, NULL, false},  {"title", ZM_COLUMN_TEXT, NULL, false},
    {"src", ZM_COLUMN_TEXT, NULL, false},   {"src_row", ZM_COLUMN_INT, NULL, false},
    {"field", ZM_COLUMN_TEXT, NULL, false}, {"before", ZM_COLUMN_TEXT, NULL, false},
    {"after", ZM_COLUMN_TEXT, NULL, false},
};
const struct zm_layer zm_layer_fixed = {"fixed", "field.finding.", fixed_columns,
                                        sizeof fixed_columns / sizeof *fixed_columns, false};

static const struct zm_column rejected_columns[] = {
    {"src", ZM_COLUMN_TEXT, NULL, false},    {"src_row", ZM_COLUMN_INT, NULL, false},
    {"line", ZM_COLUMN_INT, NULL, false},    {"field", ZM_COLUMN_TEXT, NULL, false},
    {"reason", ZM_COLUMN_TEXT, NULL, false},
};
const struct zm_layer zm_layer_rejected = {"rejected", "field.finding.", rejected_columns,
                                           sizeof rejected_columns / sizeof *rejected_columns, false};

/* Chinese title of a kind's field, or nothing. */
static struct zm_str field_title(unsigned kind, unsigned field)
{
    unsigned n = 0;
    const struct zm_field *fields = kind < ZM_N_KINDS ? zm_kind_fields((enum zm_kind)kind, &n) : NULL;
    if (field >= n)
        return ZM_STR("");
    char family[64];
    snprintf(family, sizeof family, "field.%s.", zm_kind_name((enum zm_kind)kind));
    return zm_text_of(family, zm_str(fields[field].name));
}

static int rule_of(const struct zm_finding *f, const struct zm_rule **out, struct zm_err *err)
{
    if (f->rule >= ZM_N_RULES)
        return zm_fail(err, ZM_E_INTERNAL, "a finding names rule %u of %u", f->rule, (unsigned)ZM_N_RULES);
    *out = &zm_rules()[f->rule];
    return 0;
}

static struct zm_cell count_or_null(uint64_t n)
{
    return n ? zm_cell_int((int64_t)n) : (struct zm_cell){.type = ZM_CELL_NULL};
}

int zm_row_finding(struct zm_row *row, const struct zm_row_context *c, const struct zm_finding *f,
                   uint64_t n_rows, struct zm_buf *message, struct zm_err *err)
{
    const struct zm_rule *rule;
    ZM_TRY(rule_of(f, &rule, err));
    zm_row_start(row);
    zm_buf_reset(message);
    ZM_TRY(zm_text_fill(message, rule->message_zh, f->args, err));
    row->has_point = f->lon != 0 || f->lat != 0;
    row->lon = f->lon;
    row->lat = f->lat;
    zm_row_put(row, zm_cell_text(rule->id));
    zm_row_put(row, zm_cell_text(zm_severity_name((enum zm_severity)f->severity)));
    zm_row_put(row, zm_cell_text(rule->title_zh));
    zm_row_put(row, zm_cell_text(zm_buf_str(message)));
    zm_row_put(row, zm_cell_text(rule->suggestion_zh));
    zm_row_put_code(row, f->county);
    zm_row_put_code(row, f->town);
    ZM_TRY(zm_row_put_source(row, c, f->source, err));
    zm_row_put(row, count_or_null(f->row));
    zm_row_put(row, zm_cell_int((int64_t)n_rows));
    zm_row_put(row, zm_cell_text(field_title(f->kind, f->field)));
    zm_row_put(row, zm_cell_text(f->text));
    zm_row_put(row, zm_cell_text(ZM_STR("open")));
    return 0;
}

int zm_row_finding_row(struct zm_row *row, const struct zm_row_context *c, uint64_t finding, uint32_t source,
                       uint64_t data_row, struct zm_err *err)
{
    zm_row_start(row);
    zm_row_put(row, zm_cell_int((int64_t)finding));
    ZM_TRY(zm_row_put_source(row, c, source, err));
    zm_row_put(row, count_or_null(data_row));
    return 0;
}

/* Rules that fix have what was there as first argument and what it became as second; a key as second argument
 * says why it is gone. */
int zm_row_fixed(struct zm_row *row, const struct zm_row_context *c, const struct zm_finding *f,
                 struct zm_buf *message, struct zm_err *err)
{
    const struct zm_rule *rule;
    ZM_TRY(rule_of(f, &rule, err));
    struct zm_str rest = f->args;
    struct zm_str before = zm_str_cut(&rest, ZM_ARG_SEP);
    struct zm_str after = rest.ptr ? zm_str_cut(&rest, ZM_ARG_SEP) : (struct zm_str){"", 0};
    zm_buf_reset(message);
    ZM_TRY(zm_text_argument(message, after, err));
    if (!zm_str_eq(zm_buf_str(message), after))
        after = (struct zm_str){"", 0};
    zm_row_start(row);
    zm_row_put(row, zm_cell_text(rule->id));
    zm_row_put(row, zm_cell_text(rule->title_zh));
    ZM_TRY(zm_row_put_source(row, c, f->source, err));
    zm_row_put(row, count_or_null(f->row));
    zm_row_put(row, zm_cell_text(field_title(f->kind, f->field)));
    zm_row_put(row, zm_cell_text(before));
    zm_row_put(row, zm_cell_text(after));
    return 0;
}

int zm_row_rejected(struct zm_row *row, const struct zm_row_context *c, uint32_t source,
                    const struct zm_reject *reject, struct zm_err *err)
{
    zm_row_start(row);
    ZM_TRY(zm_row_put_source(row, c, source, err));
    zm_row_put(row, count_or_null(reject->row));
    zm_row_put(row, count_or_null(reject->line));
    zm_row_put(row, zm_cell_text(field_title(c->kinds[source], reject->field)));
    zm_row_put(row,
               zm_cell_text(zm_text_of("reason.", zm_str(zm_reason_name((enum zm_reason)reject->reason)))));
    return 0;
}
