#include "export/workbook.h"
#include "export/worklist.h"
#include "geo/tables/text.h"

/* The columns in front of those of the rules. */
enum { COUNTY, TOWN, FILE_NAME, ERRORS, WARNINGS, INFOS, TOTAL, LISTED, N_FIXED };

/* The rules that any book speaks of, ascending; one more column each. */
struct rules {
    uint16_t ids[ZM_N_RULES];
    unsigned n;
};

_Static_assert(N_FIXED + (int)ZM_N_RULES <= (int)ZM_WORKBOOK_COLUMNS_MAX, "a column for every rule");

static void find_rules(const struct zm_worklist_book *books, size_t n_books, struct rules *rules)
{
    for (unsigned r = 0; r < ZM_N_RULES; r++) {
        size_t i = 0;
        while (i < n_books && books[i].rules[r] == 0)
            i++;
        if (i < n_books)
            rules->ids[rules->n++] = (uint16_t)r;
    }
}

/* "ADR-002 区划名称不存在", all in one buffer that has room for every rule. */
static int put_columns(const struct rules *rules, struct zm_workbook_column *columns, struct zm_buf *titles,
                       struct zm_err *err)
{
    static const double widths[N_FIXED] = {14, 18, 32, 8, 8, 8, 8, 9};
    const struct zm_str fixed[N_FIXED] = {
        zm_text("worklist.county"), zm_text("worklist.town"),    zm_text("worklist.file"),
        zm_text("severity.error"),  zm_text("severity.warning"), zm_text("severity.info"),
        zm_text("worklist.total"),  zm_text("worklist.listed"),
    };
    for (unsigned i = 0; i < N_FIXED; i++) {
        columns[i].title = fixed[i];
        columns[i].width = widths[i];
        columns[i].style = i < FILE_NAME ? ZM_WORKBOOK_TEXT : ZM_WORKBOOK_NUMBER;
    }
    columns[FILE_NAME].style = ZM_WORKBOOK_LINK;
    size_t room = 0;
    for (unsigned i = 0; i < rules->n; i++)
        room += zm_rules()[rules->ids[i]].id.len + 1 + zm_rules()[rules->ids[i]].title_zh.len;
    char *at; /* titles are slices of the buffer, so it must not move: room for all of them first */
    ZM_TRY(zm_buf_reserve(titles, room + 1, &at, err));
    for (unsigned i = 0; i < rules->n; i++) {
        const struct zm_rule *rule = &zm_rules()[rules->ids[i]];
        size_t begin = titles->len;
        ZM_TRY(zm_buf_put(titles, rule->id, err));
        ZM_TRY(zm_buf_putc(titles, ' ', err));
        ZM_TRY(zm_buf_put(titles, rule->title_zh, err));
        columns[N_FIXED + i].title = zm_str_sub(zm_buf_str(titles), begin, titles->len);
        columns[N_FIXED + i].width = 12;
        columns[N_FIXED + i].style = ZM_WORKBOOK_NUMBER;
    }
    return 0;
}

/* The numbers of a book, or of all. Zero is an empty cell: a table of zeros hides what there is. */
static void put_numbers(const struct zm_worklist_book *book, const struct rules *rules, struct zm_cell *cells)
{
    const uint64_t numbers[] = {
        book->severities[ZM_ERROR], book->severities[ZM_WARNING], book->severities[ZM_INFO],
        (uint64_t)book->severities[ZM_ERROR] + book->severities[ZM_WARNING] + book->severities[ZM_INFO],
        book->listed};
    for (unsigned i = 0; i < N_FIXED - ERRORS; i++)
        cells[ERRORS + i] =
            numbers[i] || i == TOTAL - ERRORS ? zm_cell_int((int64_t)numbers[i]) : zm_cell_text(ZM_STR(""));
    for (unsigned i = 0; i < rules->n; i++) {
        uint32_t n = book->rules[rules->ids[i]];
        cells[N_FIXED + i] = n ? zm_cell_int(n) : zm_cell_text(ZM_STR(""));
    }
}

static void add_up(struct zm_worklist_book *sum, const struct zm_worklist_book *book)
{
    for (unsigned s = 0; s < ZM_N_SEVERITIES; s++)
        sum->severities[s] += book->severities[s];
    for (unsigned r = 0; r < ZM_N_RULES; r++)
        sum->rules[r] += book->rules[r];
    sum->listed += book->listed;
}

static int write_rows(const struct zm_worklist *w, struct zm_workbook *workbook, const struct rules *rules,
                      struct zm_err *err)
{
    size_t n;
    const struct zm_worklist_book *books = zm_worklist_books(w, &n);
    struct zm_worklist_book sum = {.county = 0};
    struct zm_cell cells[ZM_WORKBOOK_COLUMNS_MAX];
    for (size_t i = 0; i < n; i++) {
        const struct zm_worklist_book *book = &books[i];
        struct zm_str county = book->county ? zm_worklist_place(w, book->county) : zm_text("county.unknown");
        cells[COUNTY] = zm_cell_text(county);
        cells[TOWN] = zm_cell_text(book->town ? zm_worklist_place(w, book->town) : ZM_STR(""));
        cells[FILE_NAME] = zm_cell_text(zm_str(strchr(book->name, '/') + 1));
        put_numbers(book, rules, cells);
        add_up(&sum, book);
        ZM_TRY(zm_workbook_row(workbook, cells, ZM_OFF, err));
    }
    cells[COUNTY] = zm_cell_text(zm_text("worklist.total"));
    cells[TOWN] = cells[FILE_NAME] = zm_cell_text(ZM_STR(""));
    put_numbers(&sum, rules, cells);
    return zm_workbook_total(workbook, cells, err);
}

static int write_index(struct zm_worklist *w, const struct rules *rules, struct zm_buf *titles,
                       struct zm_err *err)
{
    char path[PATH_MAX];
    struct zm_workbook_column columns[ZM_WORKBOOK_COLUMNS_MAX];
    struct zm_workbook *workbook;
    ZM_TRY(zm_worklist_path(w, "findings/index.xlsx", path, err));
    ZM_TRY(put_columns(rules, columns, titles, err));
    const struct zm_workbook_about about = {.path = path,
                                            .folder = w->folder,
                                            .title = zm_text("worklist.index"),
                                            .sheet = zm_text("worklist.index_sheet"),
                                            .as_of = w->as_of,
                                            .columns = columns,
                                            .n_columns = N_FIXED + rules->n,
                                            .frozen_columns = ERRORS};
    ZM_TRY(zm_workbook_open(&workbook, &about, err));
    int rc = write_rows(w, workbook, rules, err);
    if (rc == 0)
        return zm_workbook_close(workbook, &w->index_rows, err);
    zm_workbook_abort(workbook);
    return rc;
}

int zm_worklist_index(struct zm_worklist *w, struct zm_err *err)
{
    size_t n;
    const struct zm_worklist_book *books = zm_worklist_books(w, &n);
    struct rules rules = {.n = 0};
    struct zm_buf titles;
    find_rules(books, n, &rules);
    zm_buf_init(&titles, 1 << 20);
    int rc = write_index(w, &rules, &titles, err);
    zm_buf_release(&titles);
    return rc;
}
