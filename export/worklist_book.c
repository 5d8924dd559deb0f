#include "export/workbook.h"
#include "export/worklist.h"
#include "geo/tables/text.h"

#include <stdio.h>

enum { N_COLUMNS = 11 };

static int write_finding(struct zm_worklist *w, struct zm_workbook *workbook, size_t at, struct zm_err *err)
{
    struct zm_finding f;
    uint64_t n_rows;
    ZM_TRY(zm_worklist_kept(zm_buf_str(&w->store), &at, &f, &n_rows, err));
    if (f.source >= w->context->n_sources)
        return zm_fail(err, ZM_E_INTERNAL, "a finding names source %u of %u", f.source,
                       w->context->n_sources);
    const struct zm_rule *rule = &zm_rules()[f.rule];
    zm_buf_reset(&w->message);
    ZM_TRY(zm_text_fill(&w->message, rule->message_zh, f.args, err));
    struct zm_str severity = zm_severity_name((enum zm_severity)f.severity);
    const struct zm_cell cells[N_COLUMNS] = {
        zm_cell_text(rule->id),
        zm_cell_text(zm_text_of("severity.", severity)),
        zm_cell_text(rule->title_zh),
        zm_cell_text(zm_buf_str(&w->message)),
        zm_cell_text(rule->suggestion_zh),
        zm_cell_text(f.text),
        zm_cell_text(w->context->sources[f.source]),
        f.row ? zm_cell_int((int64_t)f.row) : zm_cell_text(ZM_STR("")),
        zm_cell_int((int64_t)n_rows),
        zm_cell_text(ZM_STR("")),
        zm_cell_text(ZM_STR("")),
    };
    return zm_workbook_row(workbook, cells, f.severity, err);
}

static uint64_t total_of(const struct zm_worklist_book *book)
{
    uint64_t total = 0;
    for (unsigned s = ZM_INFO; s < ZM_N_SEVERITIES; s++)
        total += book->severities[s];
    return total;
}

static int write_rest(struct zm_worklist *w, struct zm_workbook *workbook,
                      const struct zm_worklist_book *book, struct zm_err *err)
{
    char numbers[96];
    uint64_t total = total_of(book);
    if (total == book->listed)
        return 0;
    snprintf(numbers, sizeof numbers, "%llu\x1f%llu\x1f%llu", (unsigned long long)(total - book->listed),
             (unsigned long long)total, (unsigned long long)book->listed);
    zm_buf_reset(&w->message);
    ZM_TRY(zm_text_fill(&w->message, zm_text("worklist.rest"), zm_str(numbers), err));
    return zm_workbook_note(workbook, zm_buf_str(&w->message), err);
}

/* 温州市鹿城区五马街道, as far as the place is known. */
static int put_title(struct zm_worklist *w, const struct zm_worklist_book *book, struct zm_buf *title,
                     struct zm_err *err)
{
    if (!book->county)
        ZM_TRY(zm_buf_put(title, zm_text("county.unknown"), err));
    ZM_TRY(zm_buf_put(title, zm_worklist_place(w, book->county), err));
    if (book->town)
        ZM_TRY(zm_buf_put(title, zm_worklist_place(w, book->town), err));
    return zm_buf_put(title, zm_text("worklist.title"), err);
}

static int open_book(struct zm_worklist *w, const struct zm_worklist_book *book, struct zm_workbook **out,
                     struct zm_err *err)
{
    const struct zm_workbook_column columns[N_COLUMNS] = {
        {zm_text("worklist.rule"), 9, ZM_WORKBOOK_SEVERITY},
        {zm_text("worklist.severity"), 9, ZM_WORKBOOK_SEVERITY},
        {zm_text("worklist.problem"), 16, ZM_WORKBOOK_TEXT},
        {zm_text("worklist.message"), 38, ZM_WORKBOOK_TEXT},
        {zm_text("worklist.suggestion"), 32, ZM_WORKBOOK_TEXT},
        {zm_text("worklist.text"), 34, ZM_WORKBOOK_TEXT},
        {zm_text("worklist.source"), 11, ZM_WORKBOOK_TEXT},
        {zm_text("worklist.row"), 9, ZM_WORKBOOK_NUMBER},
        {zm_text("worklist.rows"), 9, ZM_WORKBOOK_NUMBER},
        {zm_text("worklist.result"), 12, ZM_WORKBOOK_CHOICE},
        {zm_text("worklist.remark"), 18, ZM_WORKBOOK_TEXT},
    };
    char path[PATH_MAX];
    struct zm_buf title;
    ZM_TRY(zm_worklist_path(w, book->name, path, err));
    zm_buf_init(&title, 4096);
    int rc = put_title(w, book, &title, err);
    const struct zm_workbook_about about = {.path = path,
                                            .folder = w->folder,
                                            .title = zm_buf_str(&title),
                                            .sheet = zm_text("worklist.sheet"),
                                            .choices = zm_text("worklist.choices"),
                                            .refusal = zm_text("worklist.refusal"),
                                            .as_of = w->as_of,
                                            .columns = columns,
                                            .n_columns = N_COLUMNS};
    if (rc == 0)
        rc = zm_workbook_open(out, &about, err);
    zm_buf_release(&title);
    return rc;
}

/* One workbook is open at a time. */
int zm_worklist_write(struct zm_worklist *w, struct zm_worklist_book *book,
                      const struct zm_worklist_entry *entries, size_t n, struct zm_err *err)
{
    struct zm_workbook *workbook;
    ZM_TRY(open_book(w, book, &workbook, err));
    book->listed = n < ZM_WORKLIST_LISTED_MAX ? n : ZM_WORKLIST_LISTED_MAX;
    int rc = 0;
    for (size_t i = 0; i < book->listed && rc == 0; i++)
        rc = write_finding(w, workbook, entries[i].at, err);
    if (rc == 0)
        rc = write_rest(w, workbook, book, err);
    if (rc == 0)
        return zm_workbook_close(workbook, &book->sheet_rows, err);
    zm_workbook_abort(workbook);
    return rc;
}
