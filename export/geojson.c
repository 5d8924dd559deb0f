#include "export/geojson.h"

#include "export/outfile.h"
#include "geo/base/json.h"
#include "geo/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum {
    NUMBER_MAX = 32,
    COORDINATE_DECIMALS = 7,
    VALUE_DECIMALS = 3,
    COPY_BYTES = 1 << 20,
    NAME_MAX_BYTES = 64
};

static unsigned put_integer(char *at, uint64_t value)
{
    char digits[20];
    unsigned n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (unsigned i = 0; i < n; i++)
        at[i] = digits[n - 1 - i];
    return n;
}

static int put_number(struct zm_buf *out, const struct zm_cell *c, struct zm_err *err)
{
    char *at;
    ZM_TRY(zm_buf_reserve(out, NUMBER_MAX, &at, err));
    if (c->type == ZM_CELL_REAL) {
        out->len += zm_format_fixed(c->real, VALUE_DECIMALS, at);
        return 0;
    }
    uint64_t magnitude = (uint64_t)c->integer;
    unsigned sign = c->integer < 0;
    if (sign) {
        at[0] = '-';
        magnitude = 0 - magnitude;
    }
    out->len += sign + put_integer(at + sign, magnitude);
    return 0;
}

static int put_point(struct zm_buf *out, const struct zm_row *row, struct zm_err *err)
{
    static const char open[] = ",\"geometry\":{\"type\":\"Point\",\"coordinates\":[";
    char *begin;
    if (!row->has_point)
        return zm_buf_put(out, ZM_STR(",\"geometry\":null"), err);
    ZM_TRY(zm_buf_reserve(out, sizeof open + NUMBER_MAX + NUMBER_MAX + 4, &begin, err));
    char *at = begin;
    memcpy(at, open, sizeof open - 1);
    at += sizeof open - 1;
    at += zm_format_fixed(row->lon, COORDINATE_DECIMALS, at);
    *at++ = ',';
    at += zm_format_fixed(row->lat, COORDINATE_DECIMALS, at);
    *at++ = ']';
    *at++ = '}';
    out->len += (size_t)(at - begin);
    return 0;
}

/* Column names are our own, and shorter than NAME_MAX_BYTES. Coordinates have their own form; all other
 * numbers are counts, levels, metres and shares. */
static int put_member(struct zm_buf *out, const char *name, const struct zm_cell *cell, bool first,
                      struct zm_err *err)
{
    char *begin;
    ZM_TRY(zm_buf_reserve(out, NAME_MAX_BYTES + 4, &begin, err));
    char *at = begin;
    if (!first)
        *at++ = ',';
    *at++ = '"';
    at = stpcpy(at, name);
    *at++ = '"';
    *at++ = ':';
    out->len += (size_t)(at - begin);
    return cell->type == ZM_CELL_TEXT ? zm_json_put_string(out, cell->text, err) : put_number(out, cell, err);
}

int zm_geojson_put(struct zm_buf *out, uint64_t fid, const struct zm_row *row,
                   const struct zm_column *columns, struct zm_err *err)
{
    static const char open[] = "{\"type\":\"Feature\",\"id\":";
    char *at;
    ZM_TRY(zm_buf_reserve(out, sizeof open + NUMBER_MAX, &at, err));
    memcpy(at, open, sizeof open - 1);
    out->len += sizeof open - 1 + put_integer(at + sizeof open - 1, fid);
    ZM_TRY(put_point(out, row, err));
    ZM_TRY(zm_buf_put(out, ZM_STR(",\"properties\":{"), err));
    bool first = true;
    for (unsigned i = 0; i < row->n_cells; i++) {
        if (row->cells[i].type == ZM_CELL_NULL)
            continue;
        ZM_TRY(put_member(out, columns[i].name, &row->cells[i], first, err));
        first = false;
    }
    return zm_buf_put(out, ZM_STR("}}\n"), err);
}

/* Copies the lines; a comma stands at the end of each but the last. The LF is held back until it is known
 * whether another line follows. */
static int copy_lines(int fd, const char *lines_path, struct zm_outfile *to, char *block, struct zm_err *err)
{
    bool held = false;
    for (;;) {
        ssize_t n = read(fd, block, COPY_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot read back %s", lines_path);
        if (n == 0)
            return 0;
        struct zm_str rest = zm_str_n(block, (size_t)n);
        while (rest.len) {
            if (held)
                ZM_TRY(zm_outfile_put(to, ZM_STR(",\n"), err));
            const char *end = memchr(rest.ptr, '\n', rest.len);
            size_t line = end ? (size_t)(end - rest.ptr) : rest.len;
            ZM_TRY(zm_outfile_put(to, zm_str_sub(rest, 0, line), err));
            held = end != NULL;
            rest = zm_str_sub(rest, line + held, rest.len);
        }
    }
}

/* Made from the lines and not from the rows: what is known to be good text is only joined. */
int zm_geojson_collect(const char *lines_path, const char *path, struct zm_err *err)
{
    struct zm_outfile to = {.fd = -1};
    char *block = zm_alloc(COPY_BYTES);
    if (!block)
        return zm_fail_memory(err, COPY_BYTES);
    int rc, fd = open(lines_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        rc = zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot read back %s", lines_path);
    else
        rc = zm_outfile_create(&to, path, err);
    if (rc == 0)
        rc = zm_outfile_put(&to, ZM_STR("{\"type\":\"FeatureCollection\",\"features\":[\n"), err);
    if (rc == 0)
        rc = copy_lines(fd, lines_path, &to, block, err);
    if (rc == 0)
        rc = zm_outfile_put(&to, ZM_STR("\n]}\n"), err);
    if (rc == 0)
        rc = zm_outfile_close(&to, err);
    else if (to.fd >= 0)
        zm_outfile_abandon(&to);
    if (fd >= 0)
        close(fd);
    zm_free(block);
    return rc;
}
