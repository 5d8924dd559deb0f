#include "import/csv.h"

#include "geo/base/mem.h"
#include "import/csv_text.h"
#include "import/header.h"

#include <stdio.h>
#include <strings.h>

enum { HEADER_BYTES_MAX = 2 << 20, SNIFF_LINES = 20 };

struct csv {
    struct zm_csv_text text;
    struct zm_arena arena; /* column names */
    struct zm_csv_record record;
    struct zm_str columns[ZM_COLUMNS_MAX];
    unsigned n_columns;
    unsigned n_needed; /* cells a record must have: up to the last column with a name */
    uint64_t row;
    char delimiter;
};

/* How many of the first lines have as many delimiters outside quotes as the first, and how many that is. */
static unsigned score_delimiter(struct zm_str text, char delimiter)
{
    unsigned first = 0, count = 0, lines = 0, same = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len && lines < SNIFF_LINES; i++) {
        char c = text.ptr[i];
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        count += c == delimiter;
        if (c != '\n' && c != '\r')
            continue;
        if (i > 0 && text.ptr[i - 1] != '\n' && text.ptr[i - 1] != '\r') {
            first = lines++ ? first : count;
            same += count == first;
        }
        count = 0;
    }
    if (lines == 0)
        first = count;
    return first ? same * 1000 + (first < 999 ? first : 999) : 0;
}

static char sniff_delimiter(struct zm_str text)
{
    char best = ',';
    unsigned best_score = 0;
    for (const char *d = ",;\t|"; *d; d++) {
        unsigned score = score_delimiter(text, *d);
        if (score > best_score) {
            best = *d;
            best_score = score;
        }
    }
    return best;
}

/* Excel's own first line: sep=; with or without quotes. It is no record. */
static bool take_sep_line(struct zm_csv_text *t, char *delimiter)
{
    struct zm_str s = {t->buf + t->begin, t->end - t->begin};
    size_t q = s.len && s.ptr[0] == '"' ? 1 : 0;
    if (s.len < q * 2 + 5 || strncasecmp(s.ptr + q, "sep=", 4) != 0 || (q && s.ptr[q + 5] != '"'))
        return false;
    char c = s.ptr[q + 4];
    size_t at = q * 2 + 5;
    if ((unsigned char)c >= 0x80 || c == '\n' || c == '\r' ||
        (at < s.len && s.ptr[at] != '\r' && s.ptr[at] != '\n'))
        return false;
    *delimiter = c;
    t->begin += at; /* the line break goes as an empty line */
    return true;
}

static int fail_header(const struct csv *c, struct zm_err *err)
{
    static const char *const why[ZM_N_REASONS] = {
        [ZM_REASON_LONG_FIELD] = "a column name is far too long",
        [ZM_REASON_NUL] = "it holds a NUL byte",
        [ZM_REASON_BAD_ENCODING] = "it holds bytes that are not of the file's encoding",
        [ZM_REASON_BAD_QUOTES] = "its quotes make no sense",
    };
    const char *text = why[c->record.reason];
    return zm_fail(err, ZM_E_INPUT, "%s line %llu: the header cannot be read: %s", c->text.path,
                   (unsigned long long)c->record.line, text ? text : zm_reason_name(c->record.reason));
}

/* One header row, copied to the arena, into row[ZM_COLUMNS_MAX]; the cells behind it are empty. */
static int read_header_row(struct csv *c, struct zm_str *row, unsigned *n, struct zm_err *err)
{
    enum zm_csv_found found;
    ZM_TRY(zm_csv_record_next(&c->text, c->delimiter, &c->record, &found, err));
    if (found == ZM_CSV_END)
        return zm_fail(err, ZM_E_INPUT, "%s has no header line", c->text.path);
    if (found == ZM_CSV_REFUSED)
        return fail_header(c, err);
    if (c->record.last_text > ZM_COLUMNS_MAX)
        return zm_fail(err, ZM_E_INPUT, "%s has %u columns, more than %d", c->text.path, c->record.last_text,
                       ZM_COLUMNS_MAX);
    unsigned kept = c->record.n < ZM_COLUMNS_MAX ? c->record.n : ZM_COLUMNS_MAX;
    for (unsigned i = 0; i < kept; i++) {
        row[i] = zm_arena_copy(&c->arena, c->record.cells[i]);
        if (!row[i].ptr)
            return zm_fail(err, ZM_E_INPUT, "%s line %llu: the header is longer than %d bytes", c->text.path,
                           (unsigned long long)c->record.line, HEADER_BYTES_MAX);
    }
    if (kept > *n)
        *n = kept;
    return 0;
}

static int read_header(struct csv *c, unsigned n_rows, struct zm_err *err)
{
    struct zm_str *rows = zm_arena_alloc(&c->arena, sizeof *rows * n_rows * ZM_COLUMNS_MAX);
    struct zm_err inner = {0};
    unsigned n = 0;
    if (!rows)
        return zm_fail_memory(err, sizeof *rows * n_rows * ZM_COLUMNS_MAX);
    for (unsigned r = 0; r < n_rows; r++)
        ZM_TRY(read_header_row(c, rows + (size_t)r * ZM_COLUMNS_MAX, &n, err));
    /* The rows are ZM_COLUMNS_MAX apart; names behind n come out empty. */
    if (zm_header_join(&c->arena, rows, n_rows, ZM_COLUMNS_MAX, c->columns, &inner) != 0)
        return zm_fail(err, inner.code, "%s: %s", c->text.path, inner.text);
    c->n_columns = n;
    for (unsigned i = 0; i < n; i++)
        if (c->columns[i].len)
            c->n_needed = i + 1;
    if (c->n_needed == 0)
        return zm_fail(err, ZM_E_INPUT, "%s: the header has no column name", c->text.path);
    return 0;
}

static int next_record(void *self, struct zm_raw_row *row, enum zm_row_state *state, struct zm_reject *reject,
                       struct zm_err *err)
{
    struct csv *c = self;
    struct zm_csv_record *r = &c->record;
    enum zm_csv_found found;
    ZM_TRY(zm_csv_record_next(&c->text, c->delimiter, r, &found, err));
    if (found == ZM_CSV_END) {
        *state = ZM_ROW_END;
        return 0;
    }
    c->row++;
    if (found == ZM_CSV_RECORD && (r->n < c->n_needed || r->last_text > c->n_columns)) {
        r->reason = ZM_REASON_RAGGED;
        r->column = ZM_COLUMNS_MAX;
        found = ZM_CSV_REFUSED;
    }
    if (found == ZM_CSV_REFUSED) {
        *reject = (struct zm_reject){.row = c->row,
                                     .line = r->line,
                                     .reason = (uint32_t)r->reason,
                                     .field = r->column < ZM_FIELD_NONE ? r->column : ZM_FIELD_NONE};
        *state = ZM_ROW_REFUSED;
        return 0;
    }
    for (unsigned i = r->n; i < c->n_columns; i++)
        r->cells[i] = (struct zm_str){"", 0}; /* columns without a name that this record does not have */
    *row = (struct zm_raw_row){.row = c->row, .line = r->line, .cells = r->cells};
    *state = ZM_ROW_READ;
    return 0;
}

static void close_csv(void *self)
{
    struct csv *c = self;
    zm_csv_text_close(&c->text);
    zm_arena_release(&c->arena);
    zm_free(c);
}

static int open_text(struct csv *c, int fd, const struct zm_csv_options *options, struct zm_err *err)
{
    ZM_TRY(zm_csv_text_open(&c->text, fd, options->path, options->encoding, err));
    while (!c->text.ended && c->text.end < ZM_CSV_STEP / 2)
        ZM_TRY(zm_csv_text_more(&c->text, err));
    c->delimiter = options->delimiter;
    if (!take_sep_line(&c->text, &c->delimiter) && !c->delimiter)
        c->delimiter =
            sniff_delimiter((struct zm_str){c->text.buf + c->text.begin, c->text.end - c->text.begin});
    unsigned n_rows = options->header_rows ? options->header_rows : 1;
    return read_header(c, n_rows < ZM_HEADER_ROWS_MAX ? n_rows : ZM_HEADER_ROWS_MAX, err);
}

int zm_csv_open(struct zm_row_reader *out, int fd, const struct zm_csv_options *options, struct zm_err *err)
{
    struct csv *c = zm_calloc(1, sizeof *c);
    if (!c)
        return zm_fail_memory(err, sizeof *c);
    zm_arena_init(&c->arena, HEADER_BYTES_MAX);
    int rc = open_text(c, fd, options, err);
    if (rc != 0) {
        close_csv(c);
        return rc;
    }
    *out = (struct zm_row_reader){
        .columns = c->columns, .n_columns = c->n_columns, .next = next_record, .close = close_csv, .self = c};
    snprintf(out->encoding, sizeof out->encoding, "%s", zm_encoding_name(c->text.encoding.encoding));
    return 0;
}
