#include "geo/tables/tables.h"

#include "geo/base/mem.h"

/* The bytes of each table, put there by cmake/ZmTables.cmake. */
extern const char zm_embedded_divisions_tsv[], zm_embedded_divisions_tsv_end[];
extern const char zm_embedded_examples_tsv[], zm_embedded_examples_tsv_end[];
extern const char zm_embedded_generics_tsv[], zm_embedded_generics_tsv_end[];
extern const char zm_embedded_han8105_tsv[], zm_embedded_han8105_tsv_end[];
extern const char zm_embedded_retired_names_tsv[], zm_embedded_retired_names_tsv_end[];
extern const char zm_embedded_rules_tsv[], zm_embedded_rules_tsv_end[];
extern const char zm_embedded_sensitive_tsv[], zm_embedded_sensitive_tsv_end[];
extern const char zm_embedded_synonyms_tsv[], zm_embedded_synonyms_tsv_end[];
extern const char zm_embedded_text_tsv[], zm_embedded_text_tsv_end[];

struct zm_str zm_tables_embedded(const char *name)
{
    static const struct {
        const char *name, *begin, *end;
    } all[] = {
        {"divisions.tsv", zm_embedded_divisions_tsv, zm_embedded_divisions_tsv_end},
        {"examples.tsv", zm_embedded_examples_tsv, zm_embedded_examples_tsv_end},
        {"generics.tsv", zm_embedded_generics_tsv, zm_embedded_generics_tsv_end},
        {"han8105.tsv", zm_embedded_han8105_tsv, zm_embedded_han8105_tsv_end},
        {"retired_names.tsv", zm_embedded_retired_names_tsv, zm_embedded_retired_names_tsv_end},
        {"rules.tsv", zm_embedded_rules_tsv, zm_embedded_rules_tsv_end},
        {"sensitive.tsv", zm_embedded_sensitive_tsv, zm_embedded_sensitive_tsv_end},
        {"synonyms.tsv", zm_embedded_synonyms_tsv, zm_embedded_synonyms_tsv_end},
        {"text.tsv", zm_embedded_text_tsv, zm_embedded_text_tsv_end},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return zm_str_n(all[i].begin, (size_t)(all[i].end - all[i].begin));
    return (struct zm_str){NULL, 0};
}

bool zm_tsv_line(struct zm_str *rest, struct zm_str *line)
{
    while (rest->ptr) {
        *line = zm_str_cut(rest, '\n');
        if (line->len && line->ptr[0] != '#')
            return true;
    }
    return false;
}

unsigned zm_tsv_split(struct zm_str line, struct zm_str *cells, unsigned max)
{
    unsigned n = 0;
    while (line.ptr) {
        struct zm_str cell = zm_str_cut(&line, '\t');
        if (n < max)
            cells[n] = cell;
        n++;
    }
    return n;
}

static uint32_t count_cells(struct zm_str line)
{
    uint32_t n = 1;
    for (size_t i = 0; i < line.len; i++)
        n += line.ptr[i] == '\t';
    return n;
}

static uint32_t count_lines(struct zm_str text)
{
    struct zm_str line;
    uint32_t n = 0;
    while (zm_tsv_line(&text, &line))
        n++;
    return n;
}

/* The number of a line in its file, for messages: comments and blank lines count there. */
static size_t line_number(struct zm_str text, struct zm_str line)
{
    size_t n = 1;
    for (const char *p = text.ptr; p < line.ptr; p++)
        n += *p == '\n';
    return n;
}

static int fill(struct zm_tsv *t, struct zm_err *err)
{
    struct zm_str rest = t->text, line = {NULL, 0};
    zm_tsv_line(&rest, &line);
    zm_tsv_split(line, t->header, t->n_cols);
    for (uint32_t row = 0; zm_tsv_line(&rest, &line); row++) {
        unsigned n = zm_tsv_split(line, t->cells + (size_t)row * t->n_cols, t->n_cols);
        if (n != t->n_cols)
            return zm_fail(err, ZM_E_USAGE, "%s:%zu: %u cells where the header has %u", t->name,
                           line_number(t->text, line), n, t->n_cols);
    }
    return 0;
}

int zm_tsv_init(struct zm_tsv *t, const char *name, struct zm_str text, struct zm_err *err)
{
    struct zm_str rest = text, line;
    if (text.len > ZM_TSV_BYTES_MAX)
        return zm_fail(err, ZM_E_USAGE, "%s: longer than %d bytes", name, ZM_TSV_BYTES_MAX);
    if (!zm_tsv_line(&rest, &line))
        return zm_fail(err, ZM_E_USAGE, "%s: no header line", name);
    struct zm_tsv made = {.name = name, .text = text};
    made.n_cols = count_cells(line);
    made.n_rows = count_lines(rest);
    made.header = zm_calloc(made.n_cols, sizeof *made.header);
    made.cells = zm_calloc((size_t)made.n_rows * made.n_cols, sizeof *made.cells);
    int rc = 0;
    if (!made.header || !made.cells)
        rc = zm_fail_memory(err, (size_t)made.n_rows * made.n_cols * sizeof *made.cells);
    else
        rc = fill(&made, err);
    if (rc != 0)
        zm_tsv_release(&made);
    else
        *t = made;
    return rc;
}

void zm_tsv_release(struct zm_tsv *t)
{
    zm_free(t->cells);
    zm_free(t->header);
    *t = (struct zm_tsv){0};
}

int zm_tsv_column(const struct zm_tsv *t, const char *column, uint32_t *out, struct zm_err *err)
{
    for (uint32_t i = 0; i < t->n_cols; i++) {
        if (zm_str_eq(t->header[i], zm_str(column))) {
            *out = i;
            return 0;
        }
    }
    return zm_fail(err, ZM_E_USAGE, "%s: no column %s", t->name, column);
}
