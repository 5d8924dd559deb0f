#include "export/cell.h"

unsigned zm_varint_put(unsigned char *at, uint64_t value)
{
    unsigned char reversed[9];
    unsigned n = 0;
    if (value >> 56) { /* the ninth byte has eight bits of its own */
        at[8] = (unsigned char)value;
        value >>= 8;
        for (unsigned i = 8; i-- > 0; value >>= 7)
            at[i] = (unsigned char)((value & 0x7F) | 0x80);
        return 9;
    }
    do {
        reversed[n++] = (unsigned char)((value & 0x7F) | 0x80);
        value >>= 7;
    } while (value);
    reversed[0] &= 0x7F;
    for (unsigned i = 0; i < n; i++)
        at[i] = reversed[n - 1 - i];
    return n;
}

/* Most serial types of a row are below 128. */
static unsigned put_type(unsigned char *at, uint64_t type)
{
    if (type >= 0x80)
        return zm_varint_put(at, type);
    *at = (unsigned char)type;
    return 1;
}

/* Serial types 1..6 are big-endian integers of these sizes; 8 and 9 are the constants 0 and 1. */
static const unsigned char int_bytes[] = {0, 1, 2, 3, 4, 6, 8};

/* The smallest integer type that holds the value, as SQLite itself chooses. */
static unsigned int_type(int64_t value)
{
    if (value == 0 || value == 1)
        return 8 + (unsigned)value;
    uint64_t magnitude = value < 0 ? ~(uint64_t)value : (uint64_t)value;
    unsigned type = 1;
    while (type < 6 && magnitude >> (8 * int_bytes[type] - 1))
        type++;
    return type;
}

static uint64_t serial_type(const struct zm_cell *c)
{
    switch (c->type) {
    case ZM_CELL_INT:
        return int_type(c->integer);
    case ZM_CELL_REAL:
        return 7;
    case ZM_CELL_TEXT:
        return c->text.len * 2 + 13;
    case ZM_CELL_BLOB:
        return c->text.len * 2 + 12;
    case ZM_CELL_NULL:
        break;
    }
    return 0;
}

static unsigned put_big_endian(unsigned char *at, uint64_t bits, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (unsigned char)(bits >> (8 * (bytes - 1 - i)));
    return bytes;
}

/* The bytes behind the header; the constants 0 and 1 and NULL have none. */
static size_t put_body(unsigned char *at, const struct zm_cell *c)
{
    uint64_t bits;
    unsigned type;
    switch (c->type) {
    case ZM_CELL_INT:
        type = int_type(c->integer);
        return type > 6 ? 0 : put_big_endian(at, (uint64_t)c->integer, int_bytes[type]);
    case ZM_CELL_REAL:
        memcpy(&bits, &c->real, sizeof bits);
        return put_big_endian(at, bits, 8);
    case ZM_CELL_TEXT:
    case ZM_CELL_BLOB:
        if (c->text.len)
            memcpy(at, c->text.ptr, c->text.len);
        return c->text.len;
    case ZM_CELL_NULL:
        break;
    }
    return 0;
}

int zm_record_put(struct zm_buf *out, const struct zm_cell *cells, unsigned n, struct zm_err *err)
{
    unsigned char head[ZM_RECORD_CELLS_MAX * 9];
    unsigned n_head = 0;
    size_t body = 0;
    if (n > ZM_RECORD_CELLS_MAX)
        return zm_fail(err, ZM_E_INTERNAL, "a row of %u columns is too wide", n);
    for (unsigned i = 0; i < n; i++) {
        n_head += put_type(head + n_head, serial_type(&cells[i]));
        body += cells[i].type == ZM_CELL_TEXT || cells[i].type == ZM_CELL_BLOB ? cells[i].text.len : 8;
    }
    /* The header's length counts its own varint, which takes two bytes from 128 on. */
    unsigned size_bytes = n_head + 1 < 0x80 ? 1 : 2;
    char *start;
    ZM_TRY(zm_buf_reserve(out, size_bytes + n_head + body, &start, err));
    unsigned char *at = (unsigned char *)start;
    at += zm_varint_put(at, n_head + size_bytes);
    memcpy(at, head, n_head);
    at += n_head;
    for (unsigned i = 0; i < n; i++)
        at += put_body(at, &cells[i]);
    out->len += (size_t)((char *)at - start);
    return 0;
}

static uint64_t varint_get(const unsigned char **at)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++) {
        unsigned char byte = *(*at)++;
        value = value << 7 | (byte & 0x7F);
        if (byte < 0x80)
            return value;
    }
    return value << 8 | *(*at)++;
}

static uint64_t get_big_endian(const unsigned char *at, unsigned bytes)
{
    uint64_t bits = bytes && at[0] & 0x80 ? UINT64_MAX : 0; /* integers are signed */
    for (unsigned i = 0; i < bytes; i++)
        bits = bits << 8 | at[i];
    return bits;
}

/* The cell of a serial type whose body begins at body, and the size of that body. */
static size_t get_cell(uint64_t type, const unsigned char *body, struct zm_cell *c)
{
    uint64_t bits;
    if (type >= 12) {
        size_t len = (size_t)(type - 12) / 2;
        c->type = type % 2 ? ZM_CELL_TEXT : ZM_CELL_BLOB;
        c->text = zm_str_n((const char *)body, len);
        return len;
    }
    if (type == 7) {
        bits = get_big_endian(body, 8);
        c->type = ZM_CELL_REAL;
        memcpy(&c->real, &bits, sizeof bits);
        return 8;
    }
    c->type = type == 0 ? ZM_CELL_NULL : ZM_CELL_INT;
    c->integer = type >= 8 ? (int64_t)type - 8 : (int64_t)get_big_endian(body, int_bytes[type]);
    return type >= 8 ? 0 : int_bytes[type];
}

int zm_record_get(struct zm_str record, unsigned skip, struct zm_cell *cells, unsigned max, unsigned *n,
                  struct zm_err *err)
{
    const unsigned char *begin = (const unsigned char *)record.ptr, *head = begin;
    const unsigned char *head_end = begin + varint_get(&head), *body = head_end;
    struct zm_cell skipped;
    unsigned got = 0;
    for (unsigned i = 0; head < head_end; i++) {
        if (got == max)
            return zm_fail(err, ZM_E_INTERNAL, "a record has more than %u cells", max);
        body += get_cell(varint_get(&head), body, i < skip ? &skipped : &cells[got++]);
    }
    if (head != head_end || body != begin + record.len)
        return zm_fail(err, ZM_E_INTERNAL, "a record of %zu bytes is broken", record.len);
    *n = got;
    return 0;
}
