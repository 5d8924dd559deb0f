#include "geo/record/batch.h"

static const uint32_t magic = 0x315A4D42; /* "BMZ1" */

static const char *const reason_names[ZM_N_REASONS] = {
    "ragged", "long_field", "nul",          "bad_encoding", "bad_quotes",
    "empty",  "totals",     "bad_geometry", "error_rule",   "source",
};

static const char *const reason_english[ZM_N_REASONS] = {
    "not as many fields as the header",
    "a field longer than 64 KiB",
    "a NUL byte",
    "bytes that are not of the file's encoding",
    "a quote inside a bare field, or text behind a closing quote",
    "all mapped fields are empty",
    "a line of totals or a repeated header",
    "no geometry of the kind's type",
    "an error rule speaks against the row",
    "quarantined with its whole source",
};

const char *zm_reason_english(enum zm_reason reason)
{
    return (unsigned)reason < ZM_N_REASONS ? reason_english[reason] : "";
}

const char *zm_reason_name(enum zm_reason reason)
{
    return (unsigned)reason < ZM_N_REASONS ? reason_names[reason] : "";
}

/* Where the parts of a block begin. The builder places rows, ends and rejects for the maximum so that text
 * never has to move; the view reads the same places. */
struct layout {
    size_t rows, ends, rejects, text;
};

static struct layout layout_of(uint32_t n_fields)
{
    struct layout l;
    l.rows = (sizeof(struct zm_batch_head) + 15) & ~(size_t)15;
    l.ends = l.rows + ZM_BATCH_ROWS_MAX * sizeof(uint64_t);
    l.rejects = l.ends + (size_t)ZM_BATCH_ROWS_MAX * n_fields * sizeof(uint32_t);
    l.rejects = (l.rejects + 15) & ~(size_t)15;
    l.text = l.rejects + ZM_BATCH_REJECTS_MAX * sizeof(struct zm_reject);
    return l;
}

static int fail(struct zm_err *err, const char *what)
{
    return zm_fail(err, ZM_E_INTERNAL, "a batch from the reader is not valid: %s", what);
}

static int view_fields(struct zm_batch *b, struct zm_err *err)
{
    unsigned n;
    const struct zm_batch_head *h = b->head;
    zm_kind_fields((enum zm_kind)h->kind, &n);
    memset(b->at, ZM_FIELD_NONE, sizeof b->at);
    for (unsigned k = 0; k < h->n_fields; k++) {
        if (h->fields[k] >= n || (k > 0 && h->fields[k] <= h->fields[k - 1]))
            return fail(err, "its list of fields");
        b->at[h->fields[k]] = (uint8_t)k;
    }
    return 0;
}

static int view_rejects(const struct zm_batch *b, struct zm_err *err)
{
    unsigned n_fields;
    zm_kind_fields((enum zm_kind)b->head->kind, &n_fields);
    for (uint32_t i = 0; i < b->head->n_rejects; i++) {
        const struct zm_reject *r = &b->rejects[i];
        if (r->reason >= ZM_N_REASONS || r->row == 0 || r->row > ZM_ROW_MAX ||
            (r->field >= n_fields && r->field != ZM_FIELD_NONE))
            return fail(err, "a rejected row");
    }
    return 0;
}

static int view_cells(const struct zm_batch *b, struct zm_err *err)
{
    const struct zm_batch_head *h = b->head;
    for (uint32_t r = 0; r < h->n_rows; r++)
        if (b->rows[r] == 0 || b->rows[r] > ZM_ROW_MAX || (r > 0 && b->rows[r] <= b->rows[r - 1]))
            return fail(err, "its row numbers");
    uint32_t before = 0;
    for (size_t i = 0, n = (size_t)h->n_rows * h->n_fields; i < n; i++) {
        if (b->ends[i] < before || b->ends[i] > h->text_bytes)
            return fail(err, "the end of a cell");
        before = b->ends[i];
    }
    return 0;
}

int zm_batch_view(struct zm_batch *out, const void *block, size_t size, struct zm_err *err)
{
    const char *base = block;
    struct zm_batch b = {.head = block};
    if (size < sizeof *b.head || b.head->magic != magic)
        return fail(err, "its head");
    const struct zm_batch_head *h = b.head;
    if (h->n_fields == 0 || h->n_fields > ZM_FIELDS_MAX || h->n_rows > ZM_BATCH_ROWS_MAX ||
        h->n_rejects > ZM_BATCH_REJECTS_MAX)
        return fail(err, "its counts");
    struct layout l = layout_of(h->n_fields);
    if (l.text > size || h->text_bytes > size - l.text)
        return fail(err, "its size");
    b.rows = (const uint64_t *)(const void *)(base + l.rows);
    b.ends = (const uint32_t *)(const void *)(base + l.ends);
    b.rejects = (const struct zm_reject *)(const void *)(base + l.rejects);
    b.text = base + l.text;
    ZM_TRY(view_fields(&b, err));
    ZM_TRY(view_cells(&b, err));
    ZM_TRY(view_rejects(&b, err));
    *out = b;
    return 0;
}

void zm_batch_init(struct zm_batch_builder *b, void *block, size_t capacity, enum zm_kind kind,
                   const uint8_t *fields, unsigned n_fields)
{
    struct layout l = layout_of(n_fields);
    char *base = block;
    *b = (struct zm_batch_builder){
        .block = base,
        .capacity = capacity,
        .rows = (uint64_t *)(void *)(base + l.rows),
        .ends = (uint32_t *)(void *)(base + l.ends),
        .rejects = (struct zm_reject *)(void *)(base + l.rejects),
        .text = base + l.text,
        .text_capacity = capacity - l.text < ZM_BATCH_BYTES_MAX ? capacity - l.text : ZM_BATCH_BYTES_MAX,
        .rows_max = ZM_BATCH_ROWS_MAX,
        .head = {.magic = magic, .kind = (uint32_t)kind, .n_fields = n_fields},
    };
    memcpy(b->head.fields, fields, n_fields);
}

void zm_batch_reset(struct zm_batch_builder *b)
{
    b->head.n_rows = b->head.n_rejects = b->head.text_bytes = 0;
}

bool zm_batch_begin(struct zm_batch_builder *b, uint64_t row)
{
    if (b->head.n_rows >= b->rows_max)
        return false;
    b->rows[b->head.n_rows] = row;
    b->cell = 0;
    b->row_text = b->head.text_bytes;
    return true;
}

bool zm_batch_cell(struct zm_batch_builder *b, struct zm_str text)
{
    if (text.len > b->text_capacity - b->row_text)
        return false;
    if (text.len)
        memcpy(b->text + b->row_text, text.ptr, text.len);
    b->row_text += (uint32_t)text.len;
    b->ends[(size_t)b->head.n_rows * b->head.n_fields + b->cell++] = b->row_text;
    return true;
}

void zm_batch_commit(struct zm_batch_builder *b)
{
    b->head.text_bytes = b->row_text;
    b->head.n_rows++;
}

void zm_batch_cancel(struct zm_batch_builder *b)
{
    b->cell = 0;
    b->row_text = b->head.text_bytes;
}

bool zm_batch_reject(struct zm_batch_builder *b, const struct zm_reject *reject)
{
    if (b->head.n_rejects == ZM_BATCH_REJECTS_MAX)
        return false;
    b->rejects[b->head.n_rejects++] = *reject;
    return true;
}

size_t zm_batch_finish(struct zm_batch_builder *b)
{
    memcpy(b->block, &b->head, sizeof b->head);
    return layout_of(b->head.n_fields).text + b->head.text_bytes;
}
