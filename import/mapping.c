#include "import/mapping.h"

#include "geo/base/mem.h"
#include "import/header.h"
#include "import/personal.h"
#include "import/plan.h"

enum { ARENA_BYTES = 1 << 20, SCRATCH_BYTES = ZM_CELL_BYTES_MAX };

struct zm_mapping {
    struct zm_arena arena;
    struct zm_plan plan;
    struct zm_target targets[ZM_FIELDS_MAX]; /* the present ones, fields ascending */
    unsigned n_targets;
    uint8_t fields[ZM_FIELDS_MAX];
    int first_named; /* column whose cell is compared first with a repeated header */
    struct zm_mapping_counts counts;
    char *joined, *cleaned; /* owned; SCRATCH_BYTES each */
    bool waiting;           /* row or reject, as state says, is read but not yet put */
    enum zm_row_state state;
    struct zm_raw_row row;
    struct zm_reject reject;
};

/* What became of one row. */
enum put { PUT_DONE, PUT_FULL, PUT_REFUSED };

static void gather_targets(struct zm_mapping *m)
{
    const struct zm_row_reader *r = m->plan.reader;
    for (unsigned f = 0; f < m->plan.n_kind_fields; f++) {
        if (m->plan.targets[f].from == ZM_FROM_NOTHING)
            continue;
        m->fields[m->n_targets] = (uint8_t)f;
        m->targets[m->n_targets++] = m->plan.targets[f];
    }
    m->first_named = ZM_COLUMN_NONE;
    for (unsigned i = r->n_columns; i-- > 0;) {
        m->counts.personal_columns += m->plan.personal[i];
        if (r->columns[i].len)
            m->first_named = (int)i;
    }
}

int zm_mapping_new(struct zm_mapping **out, const struct zm_source *source,
                   const struct zm_row_reader *reader, const char *path, struct zm_err *err)
{
    struct zm_mapping *m = zm_calloc(1, sizeof *m);
    if (!m)
        return zm_fail_memory(err, sizeof *m);
    zm_arena_init(&m->arena, ARENA_BYTES);
    m->plan = (struct zm_plan){.source = source, .reader = reader, .path = path, .arena = &m->arena};
    m->joined = zm_alloc(SCRATCH_BYTES);
    m->cleaned = zm_alloc(SCRATCH_BYTES);
    int rc = m->joined && m->cleaned ? zm_plan_make(&m->plan, err) : zm_fail_memory(err, SCRATCH_BYTES);
    if (rc != 0) {
        zm_mapping_free(m);
        return rc;
    }
    gather_targets(m);
    *out = m;
    return 0;
}

void zm_mapping_free(struct zm_mapping *m)
{
    if (!m)
        return;
    zm_free(m->joined);
    zm_free(m->cleaned);
    zm_arena_release(&m->arena);
    zm_free(m);
}

const uint8_t *zm_mapping_fields(const struct zm_mapping *m, unsigned *n)
{
    *n = m->n_targets;
    return m->fields;
}

const struct zm_mapping_counts *zm_mapping_counts(const struct zm_mapping *m)
{
    return &m->counts;
}

int zm_mapping_notes(const struct zm_mapping *m, struct zm_buf *out, struct zm_err *err)
{
    return zm_plan_notes(&m->plan, out, err);
}

/* Codes, numbers and dates come with blanks around them, and with the apostrophe that makes Excel keep them
 * as text. */
static struct zm_str tidy(struct zm_str s)
{
    static const struct zm_str wide[] = {ZM_STR("\xE3\x80\x80"), ZM_STR("\xC2\xA0")}; /* U+3000, U+00A0 */
    for (size_t before = s.len + 1; s.len && before != s.len;) {
        before = s.len;
        unsigned char first = (unsigned char)s.ptr[0], last = (unsigned char)s.ptr[s.len - 1];
        if (first > ' ' && first < 0x80 && last > ' ' && last < 0x80)
            break;
        s = zm_str_trim(s);
        for (size_t i = 0; i < 2; i++) {
            if (zm_str_starts(s, wide[i]))
                s = zm_str_sub(s, wide[i].len, s.len);
            if (zm_str_ends(s, wide[i]))
                s.len -= wide[i].len;
        }
    }
    return s.len > 1 && s.ptr[0] == '\'' ? zm_str_sub(s, 1, s.len) : s;
}

static bool append(char *out, size_t *n, struct zm_str s)
{
    if (s.len > SCRATCH_BYTES - *n)
        return false;
    if (s.len)
        memcpy(out + *n, s.ptr, s.len);
    *n += s.len;
    return true;
}

/* The text between empty columns stays out: {路名}{门牌号}号 of a row without number is not "号" alone. */
static bool join_template(const struct zm_mapping *m, const struct zm_target *t, struct zm_str *out)
{
    size_t n = 0;
    bool any = false;
    for (unsigned i = 0; i < t->n_parts; i++) {
        struct zm_str cell = {"", 0};
        if (t->parts[i].column >= 0)
            cell = zm_str_trim(m->row.cells[t->parts[i].column]);
        any = any || cell.len;
        if (!append(m->joined, &n, t->parts[i].text) || !append(m->joined, &n, cell))
            return false;
    }
    *out = any ? (struct zm_str){m->joined, n} : (struct zm_str){"", 0};
    return true;
}

static struct zm_str map_value(const struct zm_target *t, struct zm_str s)
{
    if (t->type == ZM_TYPE_TEXT && t->n_values == 0)
        return s;
    struct zm_str plain = tidy(s);
    for (unsigned i = 0; i < t->n_values; i++)
        if (t->values[i].field == t->field && zm_str_eq(t->values[i].from, plain))
            return t->values[i].to;
    return t->type == ZM_TYPE_TEXT ? s : plain;
}

/* The text of one field; false if it is too long. *n_personal counts what was taken out of it. */
static bool field_text(const struct zm_mapping *m, const struct zm_target *t, struct zm_str *out,
                       unsigned *n_personal)
{
    struct zm_str s = {"", 0};
    *n_personal = 0;
    switch (t->from) {
    case ZM_FROM_CONST:
        *out = t->constant;
        return true;
    case ZM_FROM_GEOM:
        *out = m->row.geom_wkb;
        return out->len <= ZM_GEOM_BYTES_MAX;
    case ZM_FROM_X:
        *out = m->row.x;
        return true;
    case ZM_FROM_Y:
        *out = m->row.y;
        return true;
    case ZM_FROM_TEMPLATE:
        if (!join_template(m, t, &s))
            return false;
        break;
    case ZM_FROM_COLUMN:
        s = m->row.cells[t->column];
        break;
    case ZM_FROM_NOTHING:
        break;
    }
    if (s.len > ZM_CELL_BYTES_MAX)
        return false;
    size_t n = zm_personal_remove(s, m->cleaned, n_personal);
    *out = map_value(t, *n_personal ? (struct zm_str){m->cleaned, n} : s);
    return true;
}

static bool is_total_word(struct zm_str s)
{
    static const struct zm_str words[] = {ZM_STR("合计"), ZM_STR("小计"), ZM_STR("总计"),
                                          ZM_STR("共计"), ZM_STR("累计"), ZM_STR("总合计")};
    char plain[48];
    size_t n = 0;
    for (size_t i = 0; i < s.len && n < sizeof plain; i++)
        if ((unsigned char)s.ptr[i] > ' ')
            plain[n++] = s.ptr[i];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct zm_str text = {plain, n};
        if (!zm_str_starts(text, words[i]))
            continue;
        text = zm_str_sub(text, words[i].len, n);
        if (text.len == 0 || strchr(":(0123456789", text.ptr[0]) || zm_str_starts(text, ZM_STR("：")) ||
            zm_str_starts(text, ZM_STR("（")))
            return true;
    }
    return false;
}

/* A line of totals begins with its word; a header repeated in the data (pages pasted together) equals the
 * column names. */
static bool is_total_or_header(const struct zm_mapping *m)
{
    const struct zm_row_reader *r = m->plan.reader;
    const struct zm_str *cells = m->row.cells;
    for (unsigned i = 0; i < r->n_columns; i++) {
        if (cells[i].len == 0)
            continue;
        if (cells[i].len <= 64 && (unsigned char)cells[i].ptr[0] != '1' && is_total_word(cells[i]))
            return true;
        break;
    }
    if (m->first_named < 0 || !zm_str_eq(cells[m->first_named], r->columns[m->first_named]))
        return false;
    for (unsigned i = 0; i < r->n_columns; i++)
        if (!zm_str_eq(zm_str_trim(cells[i]), r->columns[i]))
            return false;
    return true;
}

static enum put refuse(struct zm_mapping *m, enum zm_reason reason, unsigned field)
{
    m->reject = (struct zm_reject){
        .row = m->row.row, .line = m->row.line, .reason = (uint32_t)reason, .field = field};
    return PUT_REFUSED;
}

/* Is there more than blanks? Constants are ours, not the record's. */
static bool says_something(const struct zm_target *t, struct zm_str text)
{
    if (t->from == ZM_FROM_CONST)
        return false;
    return t->from == ZM_FROM_GEOM ? text.len > 0 : tidy(text).len > 0;
}

static enum put put_cells(struct zm_mapping *m, struct zm_batch_builder *b, unsigned *n_personal)
{
    bool any = false;
    *n_personal = 0;
    for (unsigned i = 0; i < m->n_targets; i++) {
        const struct zm_target *t = &m->targets[i];
        struct zm_str text;
        unsigned n;
        if (!field_text(m, t, &text, &n))
            return refuse(m, ZM_REASON_LONG_FIELD, t->field);
        if (!zm_batch_cell(b, text))
            return PUT_FULL;
        any = any || says_something(t, text);
        *n_personal += n;
    }
    return any ? PUT_DONE : refuse(m, ZM_REASON_EMPTY, ZM_FIELD_NONE);
}

static enum put put_row(struct zm_mapping *m, struct zm_batch_builder *b)
{
    unsigned n_personal;
    if (is_total_or_header(m))
        return refuse(m, ZM_REASON_TOTALS, ZM_FIELD_NONE);
    if (!zm_batch_begin(b, m->row.row))
        return PUT_FULL;
    enum put done = put_cells(m, b, &n_personal);
    if (done != PUT_DONE) {
        zm_batch_cancel(b);
        return done;
    }
    zm_batch_commit(b);
    m->counts.personal_values += n_personal;
    return PUT_DONE;
}

/* The reader speaks of columns, a reject of fields. */
static void name_field(struct zm_mapping *m)
{
    unsigned column = m->reject.field;
    m->reject.field = ZM_FIELD_NONE;
    for (unsigned i = 0; column != ZM_FIELD_NONE && i < m->n_targets; i++)
        if (m->targets[i].from == ZM_FROM_COLUMN && m->targets[i].column == (int)column)
            m->reject.field = m->targets[i].field;
}

static int read_row(struct zm_mapping *m, struct zm_err *err)
{
    const struct zm_row_reader *r = m->plan.reader;
    ZM_TRY(r->next(r->self, &m->row, &m->state, &m->reject, err));
    m->waiting = m->state != ZM_ROW_END;
    m->counts.rows_in += m->waiting;
    if (m->state == ZM_ROW_REFUSED)
        name_field(m);
    return 0;
}

int zm_mapping_fill(struct zm_mapping *m, struct zm_batch_builder *b, bool *more, struct zm_err *err)
{
    for (;;) {
        if (!m->waiting)
            ZM_TRY(read_row(m, err));
        if (!m->waiting) {
            *more = false;
            return 0;
        }
        if (m->state == ZM_ROW_READ) {
            enum put done = put_row(m, b);
            if (done == PUT_FULL)
                break;
            m->state = done == PUT_REFUSED ? ZM_ROW_REFUSED : m->state;
        }
        if (m->state == ZM_ROW_REFUSED) {
            if (!zm_batch_reject(b, &m->reject))
                break;
            m->counts.rejected[m->reject.reason]++;
        }
        m->waiting = false;
    }
    *more = true;
    return 0;
}
