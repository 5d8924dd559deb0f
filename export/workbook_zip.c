#include "export/workbook.h"
#include "geo/base/mem.h"

#include <zip.h>

/* A workbook has about ten parts; the sheet is the one with rows. */
enum { BLOCK_BYTES = 1 << 16, HEAD_BYTES = 256, TAIL_BYTES = 64 };
static const char sheet_part[] = "xl/worksheets/sheet1.xml";

/* What one pass over an XML part keeps. */
struct part {
    char head[HEAD_BYTES + 1], tail[TAIL_BYTES + 1];
    size_t n_head, n_tail;
    unsigned matched; /* bytes of "<row " seen at the end of what was read */
    uint64_t rows;
};

static void count_rows(struct part *p, const char *at, size_t n)
{
    static const char row[] = "<row ";
    for (size_t i = 0; i < n; i++) {
        p->matched = at[i] == row[p->matched] ? p->matched + 1 : at[i] == row[0];
        if (p->matched == sizeof row - 1) {
            p->rows++;
            p->matched = 0;
        }
    }
}

static void take(struct part *p, const char *at, size_t n)
{
    size_t first = n < HEAD_BYTES - p->n_head ? n : HEAD_BYTES - p->n_head;
    memcpy(p->head + p->n_head, at, first);
    p->n_head += first;
    count_rows(p, at, n);
    if (n >= TAIL_BYTES) {
        memcpy(p->tail, at + n - TAIL_BYTES, TAIL_BYTES);
        p->n_tail = TAIL_BYTES;
        return;
    }
    size_t kept = p->n_tail < TAIL_BYTES - n ? p->n_tail : TAIL_BYTES - n;
    memmove(p->tail, p->tail + p->n_tail - kept, kept);
    memcpy(p->tail + kept, at, n);
    p->n_tail = kept + n;
}

/* A part that was cut off on a full disk has a good checksum and no end: the library writes it to a temporary
 * file first, without a look at what fprintf returns. */
static bool is_whole(const struct part *p)
{
    struct zm_str head = zm_str_n(p->head, p->n_head), tail = zm_str_trim(zm_str_n(p->tail, p->n_tail));
    size_t begin = zm_str_find(head, ZM_STR("?>"), 0);
    begin = begin == SIZE_MAX ? SIZE_MAX : zm_str_find(head, ZM_STR("<"), begin);
    if (begin == SIZE_MAX)
        return false;
    size_t end = ++begin;
    while (end < head.len && head.ptr[end] != ' ' && head.ptr[end] != '>' && head.ptr[end] != '/')
        end++;
    struct zm_str root = zm_str_sub(head, begin, end);
    if (tail.len < root.len + 3 || !zm_str_ends(tail, ZM_STR(">")))
        return false;
    struct zm_str last = zm_str_sub(tail, tail.len - root.len - 3, tail.len - 1);
    return zm_str_starts(last, ZM_STR("</")) && zm_str_ends(last, root);
}

static int read_part(zip_t *zip, uint64_t index, const char *path, char *block, struct part *p,
                     struct zm_err *err)
{
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    if (!file)
        return zm_fail(err, ZM_E_OUTPUT, "%s was read back and is no whole workbook: %s", path,
                       zip_strerror(zip));
    zip_int64_t n;
    while ((n = zip_fread(file, block, BLOCK_BYTES)) > 0)
        take(p, block, (size_t)n);
    zip_fclose(file);
    if (n < 0 || !is_whole(p))
        return zm_fail(err, ZM_E_OUTPUT, "%s was read back and its part %s is cut off", path,
                       zip_get_name(zip, index, 0));
    return 0;
}

static int read_parts(zip_t *zip, const char *path, char *block, uint64_t *rows, struct zm_err *err)
{
    zip_int64_t sheet = zip_name_locate(zip, sheet_part, 0), n = zip_get_num_entries(zip, 0);
    if (sheet < 0)
        return zm_fail(err, ZM_E_OUTPUT, "%s was read back and has no sheet", path);
    for (zip_int64_t i = 0; i < n; i++) {
        struct part p = {.rows = 0};
        ZM_TRY(read_part(zip, (uint64_t)i, path, block, &p, err));
        if (i == sheet)
            *rows = p.rows;
    }
    return 0;
}

int zm_workbook_check(const char *path, uint64_t *rows, struct zm_err *err)
{
    int code;
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (!zip) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        int rc = zm_fail(err, ZM_E_OUTPUT, "%s was read back and is no whole workbook: %s", path,
                         zip_error_strerror(&why));
        zip_error_fini(&why);
        return rc;
    }
    char *block = zm_alloc(BLOCK_BYTES);
    int rc = block ? read_parts(zip, path, block, rows, err) : zm_fail_memory(err, BLOCK_BYTES);
    zm_free(block);
    zip_discard(zip);
    return rc;
}
