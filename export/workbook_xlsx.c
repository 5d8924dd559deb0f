#include "export/workbook.h"
#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/tables/rules.h"

#include <math.h>
#include <time.h>
#include <xlsxwriter.h>

enum { TEXT_BYTES_MAX = 1 << 24, CHOICES_MAX = 8 };

enum { A4 = 9, LINE_POINTS = 15, LINES_MAX = 27 /* a row is at most 409 points high */ };

/* The colours of the severities in the layers' styles (export/styles), light behind dark. */
static const struct colours {
    lxw_color_t behind, letters;
} colours[] = {[ZM_OFF] = {0xFFFFFF, 0x212121},
               [ZM_INFO] = {0xE3F2FD, 0x0D47A1},
               [ZM_WARNING] = {0xFFF3D6, 0x8A5200},
               [ZM_ERROR] = {0xFDE7E7, 0xB71C1C}};
enum { N_SEVERITIES = sizeof colours / sizeof *colours };

struct zm_workbook {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *header, *text, *number, *link, *total, *note, *severity[N_SEVERITIES];
    struct zm_buf scratch, path;
    struct zm_str choices, refusal; /* in texts */
    struct zm_buf texts;
    unsigned n_columns;
    enum zm_workbook_style styles[ZM_WORKBOOK_COLUMNS_MAX];
    double widths[ZM_WORKBOOK_COLUMNS_MAX];
    uint32_t n_data, n_rows; /* without and with what stands behind; the header counts in neither */
};

static int failed(const struct zm_workbook *w, lxw_error code, struct zm_err *err)
{
    enum zm_code ours = ZM_E_INTERNAL;
    if (code == LXW_ERROR_MEMORY_MALLOC_FAILED)
        ours = ZM_E_MEMORY;
    else if (code >= LXW_ERROR_CREATING_XLSX_FILE && code <= LXW_ERROR_ZIP_CLOSE)
        ours = ZM_E_OUTPUT;
    return zm_fail(err, ours, "cannot write %s: %s", w->path.ptr, lxw_strerror(code));
}

static int check(const struct zm_workbook *w, lxw_error code, struct zm_err *err)
{
    return code == LXW_NO_ERROR ? 0 : failed(w, code, err);
}

/* The text as a C string that lasts until the next call. */
static int cell_text(struct zm_workbook *w, struct zm_str text, struct zm_err *err)
{
    zm_buf_reset(&w->scratch);
    return zm_workbook_text(&w->scratch, text, err);
}

static lxw_format *cell_format(lxw_workbook *book)
{
    lxw_format *f = workbook_add_format(book);
    if (f) {
        format_set_text_wrap(f);
        format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
        format_set_border(f, LXW_BORDER_THIN);
        format_set_border_color(f, 0xCFD8DC);
    }
    return f;
}

static int make_formats(struct zm_workbook *w, struct zm_err *err)
{
    lxw_format **const all[] = {&w->header,      &w->text,       &w->number,      &w->link,
                                &w->total,       &w->note,       &w->severity[0], &w->severity[1],
                                &w->severity[2], &w->severity[3]};
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        if (!(*all[i] = cell_format(w->book)))
            return failed(w, LXW_ERROR_MEMORY_MALLOC_FAILED, err);
    format_set_bold(w->header);
    format_set_bg_color(w->header, 0x37474F);
    format_set_font_color(w->header, 0xFFFFFF);
    format_set_align(w->header, LXW_ALIGN_CENTER);
    format_set_align(w->header, LXW_ALIGN_VERTICAL_CENTER);
    format_set_align(w->number, LXW_ALIGN_RIGHT);
    format_set_underline(w->link, LXW_UNDERLINE_SINGLE);
    format_set_font_color(w->link, 0x0D47A1);
    format_set_bold(w->total);
    format_set_bg_color(w->total, 0xECEFF1);
    format_set_bold(w->note);
    format_set_bg_color(w->note, 0xFFF3D6);
    for (unsigned i = 0; i < N_SEVERITIES; i++) {
        format_set_bg_color(w->severity[i], colours[i].behind);
        format_set_font_color(w->severity[i], colours[i].letters);
    }
    return 0;
}

/* 20250630 as seconds; the library takes 0 for "now", so no date at all is the first second of 1980. */
static time_t seconds_of(uint32_t date)
{
    struct tm day = {.tm_year = 80, .tm_mday = 1};
    if (date) {
        day.tm_year = (int)(date / 10000) - 1900;
        day.tm_mon = (int)(date / 100 % 100) - 1;
        day.tm_mday = (int)(date % 100);
    }
    return timegm(&day);
}

static int set_properties(struct zm_workbook *w, const struct zm_workbook_about *about, struct zm_err *err)
{
    ZM_TRY(cell_text(w, about->title, err));
    lxw_doc_properties properties = {.title = w->scratch.ptr, .created = seconds_of(about->as_of)};
    return check(w, workbook_set_properties(w->book, &properties), err);
}

/* The document's title as a print header; `&` begins a code there and is doubled to be itself. */
static int set_print_title(struct zm_workbook *w, struct zm_str title, struct zm_err *err)
{
    struct zm_buf header;
    ZM_TRY(cell_text(w, title, err));
    zm_buf_init(&header, TEXT_BYTES_MAX);
    int rc = zm_buf_put(&header, ZM_STR("&C&\"-,Bold\""), err);
    for (const char *at = w->scratch.ptr; rc == 0 && *at; at++) {
        if (*at == '&')
            rc = zm_buf_putc(&header, '&', err);
        if (rc == 0)
            rc = zm_buf_putc(&header, *at, err);
    }
    if (rc == 0)
        rc = zm_buf_putc(&header, '\0', err);
    if (rc == 0)
        rc = check(w, worksheet_set_header(w->sheet, header.ptr), err);
    zm_buf_release(&header);
    return rc;
}

static int set_page(struct zm_workbook *w, const struct zm_workbook_about *about, struct zm_err *err)
{
    worksheet_set_landscape(w->sheet);
    worksheet_set_paper(w->sheet, A4);
    worksheet_set_margins(w->sheet, 0.4, 0.4, 0.7, 0.5);
    worksheet_fit_to_pages(w->sheet, 1, 0);
    ZM_TRY(set_print_title(w, about->title, err));
    ZM_TRY(check(w, worksheet_set_footer(w->sheet, "&C&P / &N"), err));
    return check(w, worksheet_repeat_rows(w->sheet, 0, 0), err);
}

static int write_header(struct zm_workbook *w, const struct zm_workbook_about *about, struct zm_err *err)
{
    for (unsigned i = 0; i < about->n_columns; i++) {
        lxw_col_t column = (lxw_col_t)i;
        w->styles[i] = about->columns[i].style;
        w->widths[i] = about->columns[i].width;
        ZM_TRY(check(w, worksheet_set_column(w->sheet, column, column, about->columns[i].width, NULL), err));
        ZM_TRY(cell_text(w, about->columns[i].title, err));
        ZM_TRY(check(w, worksheet_write_string(w->sheet, 0, column, w->scratch.ptr, w->header), err));
    }
    worksheet_freeze_panes(w->sheet, 1, (lxw_col_t)about->frozen_columns);
    return 0;
}

static int keep_texts(struct zm_workbook *w, const struct zm_workbook_about *about, struct zm_err *err)
{
    zm_buf_init(&w->scratch, TEXT_BYTES_MAX);
    zm_buf_init(&w->path, TEXT_BYTES_MAX);
    zm_buf_init(&w->texts, TEXT_BYTES_MAX);
    ZM_TRY(zm_buf_put(&w->path, zm_str_n(about->path, strlen(about->path) + 1), err));
    ZM_TRY(zm_buf_put(&w->texts, about->choices, err));
    ZM_TRY(zm_buf_put(&w->texts, about->refusal, err));
    w->choices = zm_str_sub(zm_buf_str(&w->texts), 0, about->choices.len);
    w->refusal = zm_str_sub(zm_buf_str(&w->texts), about->choices.len, w->texts.len);
    w->n_columns = about->n_columns;
    return 0;
}

static int open_book(struct zm_workbook *w, const struct zm_workbook_about *about, struct zm_err *err)
{
    if (about->n_columns == 0 || about->n_columns > ZM_WORKBOOK_COLUMNS_MAX)
        return zm_fail(err, ZM_E_INTERNAL, "a workbook of %u columns", about->n_columns);
    ZM_TRY(keep_texts(w, about, err));
    char *folder = zm_strdup(about->folder);
    if (!folder)
        return zm_fail_memory(err, strlen(about->folder));
    lxw_workbook_options options = {.tmpdir = folder};
    w->book = workbook_new_opt(about->path, &options);
    zm_free(folder);
    if (!w->book)
        return zm_fail_memory(err, sizeof *w->book);
    ZM_TRY(cell_text(w, about->sheet, err));
    w->sheet = workbook_add_worksheet(w->book, w->scratch.ptr);
    if (!w->sheet)
        return zm_fail(err, ZM_E_INTERNAL, "%s cannot be the name of a sheet", w->scratch.ptr);
    ZM_TRY(make_formats(w, err));
    ZM_TRY(set_properties(w, about, err));
    ZM_TRY(set_page(w, about, err));
    return write_header(w, about, err);
}

int zm_workbook_open(struct zm_workbook **out, const struct zm_workbook_about *about, struct zm_err *err)
{
    struct zm_workbook *w = zm_calloc(1, sizeof *w);
    if (!w)
        return zm_fail_memory(err, sizeof *w);
    int rc = open_book(w, about, err);
    if (rc != 0) {
        zm_workbook_abort(w);
        return rc;
    }
    *out = w;
    return 0;
}

static int write_link(struct zm_workbook *w, lxw_col_t column, struct zm_err *err)
{
    struct zm_buf url;
    zm_buf_init(&url, TEXT_BYTES_MAX);
    int rc = zm_buf_printf(&url, err, "external:%s", w->scratch.ptr);
    if (rc == 0)
        rc = zm_buf_putc(&url, '\0', err);
    if (rc == 0)
        rc = check(w, worksheet_write_url(w->sheet, w->n_rows, column, url.ptr, w->link), err);
    zm_buf_release(&url);
    return rc;
}

static int write_cell(struct zm_workbook *w, lxw_col_t column, const struct zm_cell *cell, lxw_format *format,
                      struct zm_err *err)
{
    if (cell->type == ZM_CELL_NULL)
        return check(w, worksheet_write_blank(w->sheet, w->n_rows, column, format), err);
    if (cell->type == ZM_CELL_INT)
        return check(w, worksheet_write_number(w->sheet, w->n_rows, column, (double)cell->integer, format),
                     err);
    if (cell->type != ZM_CELL_TEXT)
        return zm_fail(err, ZM_E_INTERNAL, "a cell of type %d has no place in a workbook", (int)cell->type);
    ZM_TRY(cell_text(w, cell->text, err));
    if (format == w->link)
        return write_link(w, column, err);
    return check(w, worksheet_write_string(w->sheet, w->n_rows, column, w->scratch.ptr, format), err);
}

static lxw_format *format_of(const struct zm_workbook *w, unsigned column, unsigned severity)
{
    switch (w->styles[column]) {
    case ZM_WORKBOOK_NUMBER:
        return w->number;
    case ZM_WORKBOOK_LINK:
        return w->link;
    case ZM_WORKBOOK_SEVERITY:
        return w->severity[severity < N_SEVERITIES ? severity : ZM_OFF];
    case ZM_WORKBOOK_TEXT:
    case ZM_WORKBOOK_CHOICE:
        break;
    }
    return w->text;
}

/* Lines a text takes in its column: a Han character is as wide as two digits. */
static unsigned lines_of(struct zm_str text, double width)
{
    double units = 0;
    unsigned n;
    for (size_t i = 0; i < text.len; i += n)
        units += zm_utf8_next(text.ptr + i, text.ptr + text.len, &n) < 0x80 ? 1 : 2;
    return 1 + (unsigned)(units / fmax(width - 1, 1));
}

/* Wrapped rows get their height here: not every program finds it by itself when it opens the file. */
static int set_height(struct zm_workbook *w, const struct zm_cell *cells, struct zm_err *err)
{
    unsigned lines = 1;
    for (unsigned i = 0; i < w->n_columns; i++) {
        unsigned own = cells[i].type == ZM_CELL_TEXT ? lines_of(cells[i].text, w->widths[i]) : 1;
        lines = own > lines ? own : lines;
    }
    if (lines > LINES_MAX)
        lines = LINES_MAX;
    return check(w, worksheet_set_row(w->sheet, w->n_rows, lines * LINE_POINTS, NULL), err);
}

int zm_workbook_row(struct zm_workbook *w, const struct zm_cell *cells, unsigned severity, struct zm_err *err)
{
    if (w->n_rows != w->n_data)
        return zm_fail(err, ZM_E_INTERNAL, "a row behind the last one of %s", w->path.ptr);
    w->n_data = ++w->n_rows;
    for (unsigned i = 0; i < w->n_columns; i++)
        ZM_TRY(write_cell(w, (lxw_col_t)i, &cells[i], format_of(w, i, severity), err));
    return set_height(w, cells, err);
}

int zm_workbook_total(struct zm_workbook *w, const struct zm_cell *cells, struct zm_err *err)
{
    w->n_rows++;
    for (unsigned i = 0; i < w->n_columns; i++)
        ZM_TRY(write_cell(w, (lxw_col_t)i, &cells[i], w->total, err));
    return 0;
}

int zm_workbook_note(struct zm_workbook *w, struct zm_str text, struct zm_err *err)
{
    w->n_rows++;
    ZM_TRY(cell_text(w, text, err));
    if (w->n_columns == 1)
        return check(w, worksheet_write_string(w->sheet, w->n_rows, 0, w->scratch.ptr, w->note), err);
    return check(w,
                 worksheet_merge_range(w->sheet, w->n_rows, 0, w->n_rows, (lxw_col_t)(w->n_columns - 1),
                                       w->scratch.ptr, w->note),
                 err);
}

/* The list from which the clerk picks, in every row of the column. */
static int offer_choices(struct zm_workbook *w, lxw_col_t column, struct zm_err *err)
{
    char *list[CHOICES_MAX + 1] = {NULL};
    unsigned n = 0;
    struct zm_buf texts;
    zm_buf_init(&texts, TEXT_BYTES_MAX);
    /* All the room first: the list points into it. */
    char *room;
    int rc = zm_buf_reserve(&texts, w->choices.len + w->refusal.len + 2, &room, err);
    if (rc == 0) {
        for (struct zm_str rest = w->choices; rest.ptr && n < CHOICES_MAX;) {
            struct zm_str choice = zm_str_cut(&rest, '|');
            list[n++] = room;
            memcpy(room, choice.ptr, choice.len);
            room[choice.len] = '\0';
            room += choice.len + 1;
        }
        memcpy(room, w->refusal.ptr, w->refusal.len);
        room[w->refusal.len] = '\0';
        lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST,
                                          .value_list = list,
                                          .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
                                          .error_message = room};
        rc = check(w, worksheet_data_validation_range(w->sheet, 1, column, w->n_data, column, &validation),
                   err);
    }
    zm_buf_release(&texts);
    return rc;
}

/* Filters and lists cover the rows of data, so they are known last. */
static int finish(struct zm_workbook *w, struct zm_err *err)
{
    ZM_TRY(check(w, worksheet_autofilter(w->sheet, 0, 0, w->n_data, (lxw_col_t)(w->n_columns - 1)), err));
    for (unsigned i = 0; i < w->n_columns && w->n_data; i++)
        if (w->styles[i] == ZM_WORKBOOK_CHOICE)
            ZM_TRY(offer_choices(w, (lxw_col_t)i, err));
    return 0;
}

int zm_workbook_close(struct zm_workbook *w, uint64_t *rows, struct zm_err *err)
{
    int rc = finish(w, err);
    if (rc == 0) {
        lxw_workbook *book = w->book;
        w->book = NULL;
        rc = check(w, workbook_close(book), err);
    }
    if (rc == 0)
        *rows = (uint64_t)w->n_rows + 1;
    zm_workbook_abort(w);
    return rc;
}

void zm_workbook_abort(struct zm_workbook *w)
{
    if (!w)
        return;
    if (w->book)
        lxw_workbook_free(w->book);
    zm_buf_release(&w->scratch);
    zm_buf_release(&w->path);
    zm_buf_release(&w->texts);
    zm_free(w);
}
