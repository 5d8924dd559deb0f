#include "import/head.h"

#include "geo/base/utf8.h"
#include "import/personal.h"

static const uint32_t magic = 0x31484D5A; /* "ZMH1" */

static int fail_arena(const struct zm_arena *arena, struct zm_err *err)
{
    return zm_fail(err, ZM_E_MEMORY, "the head of a file needs more than %zu bytes", arena->limit);
}

/* A sample without personal values, in the arena. The cut comes first: a number cut short is no number any
 * more. */
static int keep_sample(struct zm_arena *arena, struct zm_str cell, struct zm_str *out, struct zm_err *err)
{
    char clean[ZM_HEAD_CELL_MAX];
    unsigned n_removed;
    cell = zm_utf8_cut(cell, ZM_HEAD_CELL_MAX);
    size_t n = zm_personal_remove(cell, clean, &n_removed);
    *out = zm_arena_copy(arena, n_removed ? (struct zm_str){clean, n} : cell);
    return out->ptr ? 0 : fail_arena(arena, err);
}

static int keep_row(const struct zm_head *h, const struct zm_raw_row *row, struct zm_arena *arena,
                    struct zm_str *cells, struct zm_str *points, struct zm_err *err)
{
    for (unsigned i = 0; i < h->n_columns; i++)
        if (!zm_personal_column(h->columns[i]))
            ZM_TRY(keep_sample(arena, row->cells[i], &cells[i], err));
    points[0] = zm_arena_copy(arena, row->x);
    points[1] = zm_arena_copy(arena, row->y);
    return points[0].ptr && points[1].ptr ? 0 : fail_arena(arena, err);
}

static int keep_names(struct zm_head *h, const struct zm_row_reader *reader, struct zm_arena *arena,
                      struct zm_err *err)
{
    struct zm_str *names = zm_arena_alloc(arena, sizeof *names * (reader->n_columns + 1));
    if (!names)
        return fail_arena(arena, err);
    for (unsigned i = 0; i < reader->n_columns; i++) {
        names[i] = zm_arena_copy(arena, reader->columns[i]);
        if (!names[i].ptr)
            return fail_arena(arena, err);
    }
    h->columns = names;
    h->n_columns = reader->n_columns;
    h->encoding = zm_arena_copy(arena, zm_str(reader->encoding));
    h->crs = zm_arena_copy(arena, zm_str(reader->crs));
    return h->encoding.ptr && h->crs.ptr ? 0 : fail_arena(arena, err);
}

int zm_head_collect(struct zm_head *out, struct zm_row_reader *reader, const char *format,
                    struct zm_arena *arena, struct zm_err *err)
{
    struct zm_head h = {
        .format = zm_str(format), .has_geometry = reader->has_geometry, .point_as = reader->point_as};
    struct zm_str *cells =
        zm_arena_alloc(arena, sizeof *cells * ((size_t)ZM_HEAD_ROWS * reader->n_columns + 1));
    struct zm_str *points = zm_arena_alloc(arena, sizeof *points * ZM_HEAD_ROWS * 2);
    if (!cells || !points)
        return fail_arena(arena, err);
    ZM_TRY(keep_names(&h, reader, arena, err));
    while (h.n_rows < ZM_HEAD_ROWS) {
        struct zm_raw_row row;
        struct zm_reject reject;
        enum zm_row_state state;
        ZM_TRY(reader->next(reader->self, &row, &state, &reject, err));
        if (state == ZM_ROW_END)
            break;
        if (state == ZM_ROW_REFUSED)
            continue;
        ZM_TRY(keep_row(&h, &row, arena, cells + (size_t)h.n_rows * h.n_columns,
                        points + (size_t)h.n_rows * 2, err));
        h.n_rows++;
    }
    h.cells = cells;
    h.points = points;
    *out = h;
    return 0;
}

static int put_u32(struct zm_buf *out, uint32_t value, struct zm_err *err)
{
    return zm_buf_put(out, (struct zm_str){(const char *)&value, sizeof value}, err);
}

static int put_texts(struct zm_buf *out, const struct zm_str *texts, size_t n, struct zm_err *err)
{
    for (size_t i = 0; i < n; i++) {
        ZM_TRY(put_u32(out, (uint32_t)texts[i].len, err));
        ZM_TRY(zm_buf_put(out, texts[i], err));
    }
    return 0;
}

int zm_head_encode(const struct zm_head *h, struct zm_buf *out, struct zm_err *err)
{
    const struct zm_str about[3] = {h->format, h->encoding, h->crs};
    ZM_TRY(put_u32(out, magic, err));
    ZM_TRY(put_u32(out, h->has_geometry, err));
    ZM_TRY(put_u32(out, (uint32_t)h->point_as, err));
    ZM_TRY(put_u32(out, h->n_columns, err));
    ZM_TRY(put_u32(out, h->n_rows, err));
    ZM_TRY(put_texts(out, about, 3, err));
    ZM_TRY(put_texts(out, h->columns, h->n_columns, err));
    ZM_TRY(put_texts(out, h->cells, (size_t)h->n_rows * h->n_columns, err));
    return put_texts(out, h->points, (size_t)h->n_rows * 2, err);
}

static bool take_u32(struct zm_str *bytes, uint32_t *out)
{
    if (bytes->len < sizeof *out)
        return false;
    memcpy(out, bytes->ptr, sizeof *out);
    *bytes = zm_str_sub(*bytes, sizeof *out, bytes->len);
    return true;
}

static bool take_texts(struct zm_str *bytes, struct zm_str *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t len;
        if (!take_u32(bytes, &len) || len > bytes->len)
            return false;
        out[i] = zm_str_sub(*bytes, 0, len);
        *bytes = zm_str_sub(*bytes, len, bytes->len);
    }
    return true;
}

int zm_head_decode(struct zm_head *out, struct zm_str bytes, struct zm_arena *arena, struct zm_err *err)
{
    uint32_t word[5];
    bool ok = true;
    for (unsigned i = 0; i < 5 && ok; i++)
        ok = take_u32(&bytes, &word[i]);
    if (!ok || word[0] != magic || word[2] > ZM_POINT_EASTNORTH || word[3] > ZM_COLUMNS_MAX ||
        word[4] > ZM_HEAD_ROWS)
        return zm_fail(err, ZM_E_INTERNAL, "the head of a file from the reader is not valid");
    size_t n_columns = word[3], n_rows = word[4], n_texts = 3 + n_columns + n_rows * n_columns + n_rows * 2;
    struct zm_str *texts = zm_arena_alloc(arena, sizeof *texts * n_texts);
    if (!texts)
        return fail_arena(arena, err);
    if (!take_texts(&bytes, texts, n_texts))
        return zm_fail(err, ZM_E_INTERNAL, "the head of a file from the reader ends early");
    *out = (struct zm_head){.format = texts[0],
                            .encoding = texts[1],
                            .crs = texts[2],
                            .has_geometry = word[1] != 0,
                            .point_as = (enum zm_point_as)word[2],
                            .columns = texts + 3,
                            .n_columns = (unsigned)n_columns,
                            .cells = texts + 3 + n_columns,
                            .n_rows = (unsigned)n_rows,
                            .points = texts + 3 + n_columns + n_rows * n_columns};
    return 0;
}
