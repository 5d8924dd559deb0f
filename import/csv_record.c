/* Splits one record at a time out of the window. Nothing is changed in place until the record is whole, so
 * that it can be scanned again after more text came in, or given up and read line by line. */
#include "geo/base/utf8.h"
#include "import/csv_text.h"

/* What the scan of a record ran into. */
enum scan {
    SCAN_RECORD,
    SCAN_MORE,  /* the window ends within the record */
    SCAN_OPEN,  /* the file ends within quotes */
    SCAN_QUOTES /* quotes that make no sense; the record ends at its first line break */
};

struct scanner {
    const char *p, *end; /* end is the end of the window; 8 zero bytes follow */
    char delimiter;
    bool ended;                /* nothing follows the window in the file */
    bool nul, doubled, broken; /* seen in this record; broken: a line break within quotes */
    uint64_t is_doubled[ZM_COLUMNS_MAX / 64];
    struct zm_csv_record *out;
};

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* The first byte at or behind p that may end or spoil a bare cell: a delimiter, a quote, or anything under
 * 0x0E. Eight bytes at a time; a borrow makes false marks only above a true one, and only the lowest is used.
 */
static const char *next_special(const char *p, const char *end, char delimiter)
{
    uint64_t word, delimiters = ONES * (unsigned char)delimiter, quotes = ONES * '"';
    for (; p < end; p += 8) {
        memcpy(&word, p, 8);
        uint64_t d = word ^ delimiters, q = word ^ quotes;
        uint64_t hit = (((d - ONES) & ~d) | ((q - ONES) & ~q) | ((word - ONES * 0x0E) & ~word)) & HIGHS;
        if (hit) {
            p += __builtin_ctzll(hit) / 8;
            return p < end ? p : end;
        }
    }
    return end;
}

static void add_cell(struct scanner *s, const char *begin, const char *end)
{
    struct zm_csv_record *r = s->out;
    if (r->n < ZM_COLUMNS_MAX)
        r->cells[r->n] = (struct zm_str){begin, (size_t)(end - begin)};
    r->n++;
    if (end > begin)
        r->last_text = r->n;
}

/* p is at the first byte behind a cell. Sets *last if the record ends there. */
static enum scan behind_cell(struct scanner *s, bool *last)
{
    *last = true;
    if (s->p == s->end)
        return s->ended ? SCAN_RECORD : SCAN_MORE;
    char c = *s->p++;
    if (c == s->delimiter) {
        *last = false;
        return SCAN_RECORD;
    }
    if (c == '\r') {
        if (s->p == s->end && !s->ended)
            return SCAN_MORE;
        if (s->p < s->end && *s->p == '\n')
            s->p++;
        return SCAN_RECORD;
    }
    return c == '\n' ? SCAN_RECORD : SCAN_QUOTES;
}

static enum scan scan_bare(struct scanner *s, bool *last)
{
    const char *begin = s->p;
    for (;;) {
        s->p = next_special(s->p, s->end, s->delimiter);
        if (s->p == s->end)
            break;
        char c = *s->p;
        if (c == s->delimiter || c == '\n' || c == '\r')
            break;
        if (c == '"')
            return SCAN_QUOTES;
        s->nul |= c == '\0';
        s->p++;
    }
    if (s->p == s->end && !s->ended)
        return SCAN_MORE;
    add_cell(s, begin, s->p);
    return behind_cell(s, last);
}

/* p is behind the opening quote. Blanks between the closing quote and the delimiter are left out. */
static enum scan scan_quoted(struct scanner *s, bool *last)
{
    const char *begin = s->p;
    bool doubled = false;
    for (;; s->p += 2, doubled = true) {
        s->p = memchr(s->p, '"', (size_t)(s->end - s->p));
        if (!s->p || (s->p + 1 == s->end && !s->ended))
            return s->ended ? SCAN_OPEN : SCAN_MORE;
        if (s->p + 1 == s->end || s->p[1] != '"')
            break;
    }
    size_t n = (size_t)(s->p - begin);
    if (doubled && s->out->n < ZM_COLUMNS_MAX) {
        s->is_doubled[s->out->n / 64] |= UINT64_C(1) << s->out->n % 64;
        s->doubled = true;
    }
    s->nul = s->nul || memchr(begin, '\0', n);
    s->broken = s->broken || memchr(begin, '\n', n) || memchr(begin, '\r', n);
    add_cell(s, begin, s->p++);
    while (s->p < s->end && *s->p == ' ')
        s->p++;
    return behind_cell(s, last);
}

static enum scan scan_record(struct scanner *s)
{
    enum scan got = SCAN_RECORD;
    for (bool last = false; !last && got == SCAN_RECORD;) {
        size_t left = (size_t)(s->end - s->p);
        if (left < 2 && !s->ended)
            return SCAN_MORE;
        if (left && *s->p == '"') {
            s->p++;
            got = scan_quoted(s, &last);
        } else if (left > 1 && s->p[0] == '=' && s->p[1] == '"') {
            s->p += 2; /* ="001": how Excel users keep leading zeros */
            got = scan_quoted(s, &last);
        } else {
            got = scan_bare(s, &last);
        }
    }
    return got;
}

/* "" -> " in place; then ="001" -> 001, which is how a program quotes what Excel users write. */
static struct zm_str undouble(struct zm_str cell)
{
    char *out = (char *)cell.ptr; /* the window is ours */
    size_t n = 0;
    for (size_t i = 0; i < cell.len; i++) {
        out[n++] = cell.ptr[i];
        if (cell.ptr[i] == '"')
            i++;
    }
    struct zm_str text = {out, n};
    struct zm_str inner = n >= 3 ? zm_str_sub(text, 2, n - 1) : (struct zm_str){"", 0};
    if (n >= 3 && zm_str_starts(text, ZM_STR("=\"")) && out[n - 1] == '"' && !zm_str_has(inner, ZM_STR("\"")))
        return inner;
    return text;
}

static void undouble_all(struct scanner *s)
{
    for (unsigned w = 0; w < ZM_COLUMNS_MAX / 64; w++) {
        for (uint64_t bits = s->is_doubled[w]; bits; bits &= bits - 1) {
            struct zm_str *cell = &s->out->cells[w * 64 + (unsigned)__builtin_ctzll(bits)];
            *cell = undouble(*cell);
        }
    }
}

/* Line breaks in a part of the window: LF, CRLF and CR each count once. A byte follows every part. */
static uint64_t count_breaks(const char *p, const char *end)
{
    uint64_t n = 0;
    for (; p < end; p++)
        n += *p == '\n' || (*p == '\r' && p[1] != '\n');
    return n;
}

static void consume(struct zm_csv_text *t, const char *to, bool single_line)
{
    const char *from = t->buf + t->begin;
    t->line += single_line ? 1 : count_breaks(from, to);
    t->begin = (size_t)(to - t->buf);
}

static enum zm_csv_found refuse(struct zm_csv_record *r, enum zm_reason reason, unsigned column)
{
    r->reason = reason;
    r->column = column;
    return ZM_CSV_REFUSED;
}

/* The record ends at its first line break; the lines behind it are read as records of their own. False if
 * that break is not in the window. */
static bool give_up_line(struct zm_csv_text *t, struct zm_csv_record *r, enum zm_csv_found *found)
{
    const char *p = t->buf + t->begin, *end = t->buf + t->end;
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    if (!t->ended && end - p < 2)
        return false;
    if (p < end)
        p += *p == '\r' && p[1] == '\n' ? 2 : 1;
    consume(t, p, true);
    *found = refuse(r, ZM_REASON_BAD_QUOTES, r->n);
    return true;
}

static int fail_open_quote(const struct zm_csv_text *t, uint64_t line, const char *what, struct zm_err *err)
{
    return zm_fail(err, ZM_E_INPUT, "%s line %llu: a quote opened in the record that begins here is %s",
                   t->path, (unsigned long long)line, what);
}

/* Leaves out a record that is longer than the window, byte by byte. */
static int skip_long_record(struct zm_csv_text *t, char delimiter, struct zm_csv_record *r,
                            struct zm_err *err)
{
    enum { AT_START, BARE, QUOTED, CLOSED } state = AT_START;
    for (bool whole = false; !whole;) {
        const char *p = t->buf + t->begin, *end = t->buf + t->end;
        /* The last byte waits for the one behind it: CR and LF are one break, "" is one quote. */
        for (end -= !t->ended; p < end && !whole; p++) {
            char c = *p;
            if (state == QUOTED) {
                state = c == '"' ? CLOSED : QUOTED;
            } else if (c == '"' && state != BARE) {
                state = QUOTED; /* opened, or doubled */
            } else if (c == '\n' || c == '\r') {
                p += c == '\r' && p + 1 < t->buf + t->end && p[1] == '\n';
                whole = true;
            } else if (state == CLOSED && c != delimiter && c != ' ') {
                return fail_open_quote(t, r->line, "not closed before the next one", err);
            } else {
                state = c == delimiter ? AT_START : state == AT_START && c != '=' ? BARE : state;
            }
        }
        consume(t, p, false);
        if (!whole && t->ended && t->begin == t->end) {
            if (state == QUOTED)
                return fail_open_quote(t, r->line, "never closed", err);
            break;
        }
        if (!whole)
            ZM_TRY(zm_csv_text_more(t, err));
    }
    return 0;
}

/* Judges a record that was scanned whole. */
static enum zm_csv_found judge(const struct zm_csv_text *t, struct scanner *s, const char *begin)
{
    struct zm_csv_record *r = s->out;
    struct zm_str all = {begin, (size_t)(s->p - begin)};
    unsigned kept = r->n < ZM_COLUMNS_MAX ? r->n : ZM_COLUMNS_MAX;
    if (s->nul)
        return refuse(r, ZM_REASON_NUL, ZM_COLUMNS_MAX);
    if (t->bad_bytes && zm_utf8_check(all) != SIZE_MAX)
        return refuse(r, ZM_REASON_BAD_ENCODING, ZM_COLUMNS_MAX);
    for (unsigned i = 0; all.len > ZM_CELL_BYTES_MAX && i < kept; i++)
        if (r->cells[i].len > ZM_CELL_BYTES_MAX)
            return refuse(r, ZM_REASON_LONG_FIELD, i);
    if (s->doubled)
        undouble_all(s);
    return ZM_CSV_RECORD;
}

/* Lines without any character are no records. False at the end of the file. */
static int skip_empty_lines(struct zm_csv_text *t, bool *any, struct zm_err *err)
{
    for (;;) {
        const char *p = t->buf + t->begin, *end = t->buf + t->end;
        while (p < end && *p == '\n') {
            p++;
            t->line++;
        }
        t->begin = (size_t)(p - t->buf);
        bool at_cr = p < end && *p == '\r';
        if (p < end && (!at_cr || end - p > 1 || t->ended)) {
            if (!at_cr)
                break;
            t->begin += p + 1 < end && p[1] == '\n' ? 2 : 1;
            t->line++;
            continue;
        }
        if (t->ended)
            break;
        ZM_TRY(zm_csv_text_more(t, err));
    }
    *any = t->begin < t->end;
    return 0;
}

int zm_csv_record_next(struct zm_csv_text *t, char delimiter, struct zm_csv_record *out,
                       enum zm_csv_found *found, struct zm_err *err)
{
    bool any;
    ZM_TRY(skip_empty_lines(t, &any, err));
    *found = ZM_CSV_END;
    if (!any)
        return 0;
    for (;;) {
        const char *begin = t->buf + t->begin;
        struct scanner s = {
            .p = begin, .end = t->buf + t->end, .delimiter = delimiter, .ended = t->ended, .out = out};
        out->n = out->last_text = 0;
        out->line = t->line;
        switch (scan_record(&s)) {
        case SCAN_RECORD:
            consume(t, s.p, !s.broken);
            *found = judge(t, &s, begin);
            return 0;
        case SCAN_QUOTES:
            if (give_up_line(t, out, found))
                return 0;
            break;
        case SCAN_OPEN:
            return fail_open_quote(t, t->line, "never closed", err);
        case SCAN_MORE:
            break;
        }
        if (zm_csv_text_full(t)) {
            *found = refuse(out, ZM_REASON_LONG_FIELD, out->n);
            return skip_long_record(t, delimiter, out, err);
        }
        ZM_TRY(zm_csv_text_more(t, err));
    }
}
