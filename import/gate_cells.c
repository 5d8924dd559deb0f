#include "import/gate_cells.h"

#include "geo/base/mem.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { STRINGS_MAX = 16 << 20 };

void zm_cells_init(struct zm_cells *c)
{
    *c = (struct zm_cells){0};
}

void zm_cells_release(struct zm_cells *c)
{
    zm_free(c->lengths);
    c->lengths = NULL;
}

void zm_cells_begin(struct zm_cells *c, enum zm_part part)
{
    c->part = part;
    c->tag_len = c->column = c->max_column = c->row = c->max_row = 0;
    c->in_tag = c->in_item = c->in_value = c->shared = false;
}

void zm_cells_end(struct zm_cells *c)
{
    c->grid += (uint64_t)c->max_row * c->max_column;
}

static int add_string(struct zm_cells *c, uint64_t length, struct zm_err *err)
{
    if (c->n_strings == c->cap) {
        uint32_t cap = c->cap ? c->cap * 2 : 4096;
        uint32_t *grown = cap <= STRINGS_MAX ? zm_realloc(c->lengths, sizeof *grown * cap) : NULL;
        if (!grown)
            return zm_fail(err, ZM_E_INPUT, "too many shared strings");
        c->lengths = grown;
        c->cap = cap;
    }
    c->lengths[c->n_strings++] = length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
    return 0;
}

/* The local name at the start of the tag: without '/' and a namespace prefix. */
static bool tag_is(const struct zm_cells *c, const char *name)
{
    const char *p = c->tag, *end = c->tag + c->tag_len;
    if (p < end && *p == '/')
        p++;
    const char *stop = p;
    while (stop < end && !isspace((unsigned char)*stop) && *stop != '/')
        stop++;
    const char *colon = memchr(p, ':', (size_t)(stop - p));
    if (colon)
        p = colon + 1;
    return (size_t)(stop - p) == strlen(name) && memcmp(p, name, strlen(name)) == 0;
}

/* The value of a one-letter attribute, or NULL. It ends at a quote. */
static const char *attribute(const struct zm_cells *c, char name)
{
    const char *end = c->tag + c->tag_len;
    for (const char *p = c->tag; p + 3 < end; p++) {
        if (!isspace((unsigned char)p[0]) || p[1] != name)
            continue;
        const char *q = p + 2;
        while (q < end && isspace((unsigned char)*q))
            q++;
        if (q >= end || *q != '=')
            continue;
        do {
            q++;
        } while (q < end && isspace((unsigned char)*q));
        if (q + 1 < end && (*q == '"' || *q == '\''))
            return q + 1;
    }
    return NULL;
}

/* "AB12" -> column 28, row 12; a cell without a reference follows the one before it. */
static void place_cell(struct zm_cells *c)
{
    const char *ref = attribute(c, 'r'), *end = c->tag + c->tag_len;
    c->column++;
    if (ref) {
        uint32_t column = 0;
        for (; ref < end && isalpha((unsigned char)*ref) && column < (1u << 20); ref++)
            column = column * 26 + (uint32_t)(toupper((unsigned char)*ref) - 'A' + 1);
        c->column = column ? column : c->column;
    }
    if (c->column > c->max_column)
        c->max_column = c->column;
    const char *type = attribute(c, 't');
    c->shared = type && type + 1 < end && type[0] == 's' && (type[1] == '"' || type[1] == '\'');
}

static void place_row(struct zm_cells *c)
{
    const char *ref = attribute(c, 'r'), *end = c->tag + c->tag_len;
    c->row++;
    c->column = 0;
    if (ref) {
        uint32_t row = 0;
        for (; ref < end && isdigit((unsigned char)*ref) && row < (1u << 24); ref++)
            row = row * 10 + (uint32_t)(*ref - '0');
        c->row = row;
    }
    if (c->row > c->max_row)
        c->max_row = c->row;
}

static void close_value(struct zm_cells *c)
{
    if (!c->in_value)
        return;
    c->in_value = false;
    c->text_bytes += c->shared && c->value < c->n_strings ? c->lengths[c->value] : c->run;
}

static int end_tag(struct zm_cells *c, struct zm_err *err)
{
    bool closing = c->tag_len && c->tag[0] == '/';
    if (c->part == ZM_PART_STRINGS && tag_is(c, "si")) {
        bool ends = closing || (c->tag_len && c->tag[c->tag_len - 1] == '/');
        if (ends)
            ZM_TRY(add_string(c, closing && c->in_item ? c->run : 0, err));
        c->in_item = !ends;
        c->run = 0;
    }
    if (c->part != ZM_PART_SHEET)
        return 0;
    if (tag_is(c, "row") && !closing)
        place_row(c);
    else if (tag_is(c, "c") && !closing)
        place_cell(c);
    else if (tag_is(c, "v") || tag_is(c, "t")) {
        close_value(c);
        c->in_value = !closing;
        c->value = c->run = 0;
    }
    return 0;
}

static void take_text(struct zm_cells *c, char byte)
{
    c->run++;
    if (c->in_value && c->shared && isdigit((unsigned char)byte) && c->value < UINT32_MAX)
        c->value = c->value * 10 + (uint64_t)(byte - '0');
}

int zm_cells_feed(struct zm_cells *c, const char *bytes, size_t n, struct zm_err *err)
{
    for (size_t i = 0; i < n; i++) {
        char byte = bytes[i];
        if (byte == '<') {
            c->in_tag = true;
            c->tag_len = 0;
        } else if (!c->in_tag) {
            take_text(c, byte);
        } else if (byte == '>') {
            c->in_tag = false;
            ZM_TRY(end_tag(c, err));
        } else if (byte && c->tag_len < sizeof c->tag) {
            /* Zero bytes are left out: "<!DOCTYPE" in UTF-16 is seen as well. */
            c->tag[c->tag_len++] = byte;
            c->doctype |= c->tag_len == 8 && strncasecmp(c->tag, "!DOCTYPE", 8) == 0;
        }
    }
    return 0;
}
