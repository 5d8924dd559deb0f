/* township.xlsx as a township office keeps it: a two-row header with merged cells, and a 合计 line at the
 * end. */
#include "geo/base/mem.h"
#include "samples/generate.h"

#include <xlsxwriter.h>

enum { HEADER_ROWS = 2 };
static const lxw_col_t n_columns = 13;

struct xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_row_t at;
};

static const struct {
    const char *group, *title;
} columns[] = {
    {"序号", ""},   {"行政区划", "县区"}, {"", "乡镇街道"}, {"", "村社"}, {"门牌", "道路"},
    {"", "门牌号"}, {"", "小区"},         {"", "幢"},       {"", "单元"}, {"", "层"},
    {"", "室"},     {"坐标", "经度"},     {"", "纬度"},
};

/* Merges a group's title over its columns, and a lone title over both rows. */
static void write_header(struct xlsx *x)
{
    for (lxw_col_t i = 0; i < n_columns;) {
        lxw_col_t end = (lxw_col_t)(i + 1);
        while (end < n_columns && columns[end].group[0] == '\0')
            end++;
        if (end - i > 1)
            worksheet_merge_range(x->sheet, 0, i, 0, (lxw_col_t)(end - 1), columns[i].group, NULL);
        else
            worksheet_merge_range(x->sheet, 0, i, 1, i, columns[i].group, NULL);
        i = end;
    }
    for (lxw_col_t i = 0; i < n_columns; i++) {
        if (columns[i].title[0])
            worksheet_write_string(x->sheet, 1, i, columns[i].title, NULL);
    }
}

static int write_point(struct xlsx *x, const struct zm_gen_row *row)
{
    char lon[40], lat[40];
    lon[zm_gen_fixed(row->swapped ? row->lat : row->lon, row->decimals, lon)] = '\0';
    lat[zm_gen_fixed(row->swapped ? row->lon : row->lat, row->decimals, lat)] = '\0';
    int bad = (int)worksheet_write_string(x->sheet, x->at, n_columns - 2, lon, NULL);
    return bad | (int)worksheet_write_string(x->sheet, x->at, n_columns - 1, lat, NULL);
}

static int xlsx_row(void *self, const struct zm_gen_row *row, struct zm_err *err)
{
    struct xlsx *x = self;
    const char *const cells[] = {row->key,  row->county, row->town,   row->committee,
                                 row->road, row->number, row->estate, row->building,
                                 row->unit, row->floor,  row->room};
    int bad = 0;
    if (row->totals) {
        bad |= (int)worksheet_write_string(x->sheet, x->at, 0, "合计", NULL);
        bad |= (int)worksheet_write_number(x->sheet, x->at, 5, (double)(x->at - HEADER_ROWS), NULL);
    }
    for (lxw_col_t i = 0; i < sizeof cells / sizeof *cells && !row->totals; i++) {
        if (cells[i][0])
            bad |= (int)worksheet_write_string(x->sheet, x->at, i, cells[i], NULL);
    }
    if (!row->totals && !row->no_point)
        bad |= write_point(x, row);
    x->at++;
    return bad ? zm_fail(err, ZM_E_OUTPUT, "libxlsxwriter cannot write row %u", x->at) : 0;
}

static int xlsx_close(void *self, struct zm_err *err)
{
    struct xlsx *x = self;
    lxw_error failed = workbook_close(x->book);
    zm_free(x);
    return failed ? zm_fail(err, ZM_E_OUTPUT, "cannot write the workbook: %s", lxw_strerror(failed)) : 0;
}

static void xlsx_abandon(void *self)
{
    xlsx_close(self, NULL);
}

int zm_gen_xlsx_open(struct zm_gen_writer *out, const char *path, struct zm_err *err)
{
    struct xlsx *x = zm_calloc(1, sizeof *x);
    if (!x)
        return zm_fail_memory(err, sizeof *x);
    x->book = workbook_new(path);
    x->sheet = x->book ? workbook_add_worksheet(x->book, "门牌清单") : NULL;
    if (!x->sheet) {
        zm_free(x);
        return zm_fail(err, ZM_E_OUTPUT, "cannot create %s", path);
    }
    lxw_doc_properties properties = {.created =
                                         1751241600}; /* 2025-06-30, pinned: the same seed, the same bytes */
    workbook_set_properties(x->book, &properties);
    write_header(x);
    x->at = HEADER_ROWS;
    *out = (struct zm_gen_writer){xlsx_row, xlsx_close, xlsx_abandon, x};
    return 0;
}
