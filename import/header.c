#include "import/header.h"

#include "geo/base/utf8.h"

/* Blank, tab, line break, no-break space, ideographic space, and the mark some programs put before the first
 * name. */
static bool is_blank(uint32_t code)
{
    return code <= ' ' || code == 0xA0 || code == 0x3000 || code == 0xFEFF || code == 0x200B;
}

static int fail_arena(const struct zm_arena *arena, struct zm_err *err)
{
    return zm_fail(err, ZM_E_MEMORY, "the column names need more than %zu bytes", arena->limit);
}

static int fold_name(struct zm_arena *arena, struct zm_str name, struct zm_str *out, struct zm_err *err)
{
    char text[ZM_COLUMN_NAME_MAX];
    size_t n = 0;
    unsigned len;
    uint32_t before = 0; /* the last code point written */
    bool gap = false;
    if (name.len > ZM_COLUMN_NAME_MAX)
        return zm_fail(err, ZM_E_INPUT, "a column name is %zu bytes long, more than %d", name.len,
                       ZM_COLUMN_NAME_MAX);
    for (size_t i = 0; i < name.len; i += len) {
        uint32_t code = zm_utf8_next(name.ptr + i, name.ptr + name.len, &len);
        if (is_blank(code)) {
            gap = n > 0;
            continue;
        }
        if (gap && before < 0x2E80 && code < 0x2E80) /* a break within a Han title is only layout */
            text[n++] = ' ';
        gap = false;
        before = code;
        memcpy(text + n, name.ptr + i, len);
        n += len;
    }
    *out = zm_arena_copy(arena, (struct zm_str){text, n});
    return out->ptr ? 0 : fail_arena(arena, err);
}

int zm_header_fold(struct zm_arena *arena, const struct zm_str *cells, unsigned n, struct zm_str *out,
                   struct zm_err *err)
{
    for (unsigned i = 0; i < n; i++)
        ZM_TRY(fold_name(arena, cells[i], &out[i], err));
    return 0;
}

static int join_two(struct zm_arena *arena, struct zm_str upper, struct zm_str lower, struct zm_str *out,
                    struct zm_err *err)
{
    if (upper.len == 0 || lower.len == 0 || zm_str_eq(upper, lower)) {
        *out = lower.len ? lower : upper;
        return 0;
    }
    char *text = zm_arena_alloc(arena, upper.len + lower.len + 1);
    if (!text)
        return fail_arena(arena, err);
    memcpy(text, upper.ptr, upper.len);
    text[upper.len] = '/';
    memcpy(text + upper.len + 1, lower.ptr, lower.len);
    *out = (struct zm_str){text, upper.len + lower.len + 1};
    return 0;
}

/* upper[i] is the joined name of the rows above; a merged cell reaches right until the next text above. */
static int join_row(struct zm_arena *arena, struct zm_str *upper, const struct zm_str *lower, unsigned n,
                    struct zm_err *err)
{
    struct zm_str reach = {"", 0};
    for (unsigned i = 0; i < n; i++) {
        if (upper[i].len)
            reach = upper[i];
        struct zm_str above = lower[i].len ? reach : upper[i];
        ZM_TRY(join_two(arena, above, lower[i], &upper[i], err));
    }
    return 0;
}

int zm_header_join(struct zm_arena *arena, const struct zm_str *cells, unsigned n_rows, unsigned n,
                   struct zm_str *out, struct zm_err *err)
{
    struct zm_str row[ZM_COLUMNS_MAX];
    if (n > ZM_COLUMNS_MAX)
        return zm_fail(err, ZM_E_INPUT, "it has %u columns, more than %d", n, ZM_COLUMNS_MAX);
    ZM_TRY(zm_header_fold(arena, cells, n, out, err));
    for (unsigned r = 1; r < n_rows; r++) {
        ZM_TRY(zm_header_fold(arena, cells + (size_t)r * n, n, row, err));
        ZM_TRY(join_row(arena, out, row, n, err));
    }
    return 0;
}

/* The next code point that counts when names are compared: no blanks, ASCII in one width and case. 0 at the
 * end. */
static uint32_t next_plain(struct zm_str *s)
{
    while (s->len) {
        unsigned len;
        uint32_t code = zm_utf8_next(s->ptr, s->ptr + s->len, &len);
        *s = zm_str_sub(*s, len, s->len);
        if (code >= 0xFF01 && code <= 0xFF5E)
            code -= 0xFEE0;
        if (code >= 'A' && code <= 'Z')
            code += 'a' - 'A';
        if (!is_blank(code))
            return code;
    }
    return 0;
}

static bool same_plain(struct zm_str a, struct zm_str b)
{
    uint32_t x, y;
    do {
        x = next_plain(&a);
        y = next_plain(&b);
    } while (x == y && x != 0);
    return x == y;
}

static struct zm_str last_part(struct zm_str name)
{
    const char *slash = name.len ? memrchr(name.ptr, '/', name.len) : NULL;
    return slash ? zm_str_sub(name, (size_t)(slash - name.ptr) + 1, name.len) : name;
}

int zm_column_find(const struct zm_str *columns, unsigned n, struct zm_str name)
{
    if (name.len == 0)
        return ZM_COLUMN_NONE;
    for (int step = 0; step < 3; step++) {
        int found = ZM_COLUMN_NONE;
        for (unsigned i = 0; i < n; i++) {
            bool same = step == 0 ? zm_str_eq(columns[i], name)
                                  : same_plain(step == 1 ? columns[i] : last_part(columns[i]), name);
            if (same && columns[i].len)
                found = found == ZM_COLUMN_NONE ? (int)i : ZM_COLUMN_AMBIGUOUS;
        }
        if (found != ZM_COLUMN_NONE)
            return found;
    }
    return ZM_COLUMN_NONE;
}
