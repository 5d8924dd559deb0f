#include "import/child_orders.h"

enum { TEXTS_OF_SOURCE = 6, ITEM_BYTES_MIN = 12 };

static void source_texts(struct zm_source *s, struct zm_str *out[TEXTS_OF_SOURCE])
{
    struct zm_str *texts[TEXTS_OF_SOURCE] = {&s->name,  &s->path,     &s->sheet,
                                             &s->layer, &s->encoding, &s->datum};
    memcpy(out, texts, sizeof texts);
}

static int put_u32(struct zm_buf *out, uint32_t value, struct zm_err *err)
{
    return zm_buf_put(out, zm_str_n((const char *)&value, sizeof value), err);
}

/* UINT32_MAX stands for "no text", which a constant mapping needs to be told from an empty one. */
static int put_text(struct zm_buf *out, struct zm_str text, struct zm_err *err)
{
    if (!text.ptr)
        return put_u32(out, UINT32_MAX, err);
    ZM_TRY(put_u32(out, (uint32_t)text.len, err));
    return zm_buf_put(out, text, err);
}

int zm_orders_encode(const struct zm_orders *orders, struct zm_buf *out, struct zm_err *err)
{
    struct zm_source source = orders->source;
    const uint32_t numbers[] = {orders->mode,  (uint32_t)orders->parent,
                                source.kind,   source.header_rows,
                                source.class_, source.full,
                                source.rank,   source.date,
                                source.index,  source.batch_rows,
                                source.n_maps, source.n_values};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        ZM_TRY(put_u32(out, numbers[i], err));
    struct zm_str *texts[TEXTS_OF_SOURCE];
    source_texts(&source, texts);
    for (unsigned i = 0; i < TEXTS_OF_SOURCE; i++)
        ZM_TRY(put_text(out, *texts[i], err));
    for (unsigned i = 0; i < source.n_maps; i++) {
        ZM_TRY(put_u32(out, source.maps[i].field, err));
        ZM_TRY(put_text(out, source.maps[i].column, err));
        ZM_TRY(put_text(out, source.maps[i].constant, err));
    }
    for (unsigned i = 0; i < source.n_values; i++) {
        ZM_TRY(put_u32(out, source.values[i].field, err));
        ZM_TRY(put_text(out, source.values[i].from, err));
        ZM_TRY(put_text(out, source.values[i].to, err));
    }
    return 0;
}

/* Reading position; a short read makes ok false for good, so that one check at the end is enough. */
struct bytes {
    struct zm_str rest;
    bool ok;
};

static uint32_t get_u32(struct bytes *b)
{
    uint32_t value = 0;
    if (!b->ok || b->rest.len < sizeof value) {
        b->ok = false;
        return 0;
    }
    memcpy(&value, b->rest.ptr, sizeof value);
    b->rest = zm_str_sub(b->rest, sizeof value, b->rest.len);
    return value;
}

static struct zm_str get_text(struct bytes *b)
{
    uint32_t len = get_u32(b);
    if (len == UINT32_MAX)
        return (struct zm_str){NULL, 0};
    if (!b->ok || b->rest.len < len) {
        b->ok = false;
        return (struct zm_str){NULL, 0};
    }
    struct zm_str text = {b->rest.ptr ? b->rest.ptr : "", len};
    b->rest = zm_str_sub(b->rest, len, b->rest.len);
    return text;
}

static int get_lists(struct zm_source *s, struct bytes *b, struct zm_arena *arena, struct zm_err *err)
{
    /* No list can be longer than the bytes that are left for it. */
    if (s->n_maps > b->rest.len / ITEM_BYTES_MIN || s->n_values > b->rest.len / ITEM_BYTES_MIN)
        return zm_fail(err, ZM_E_INTERNAL, "the reader got orders with too long lists");
    s->maps = zm_arena_alloc(arena, sizeof *s->maps * s->n_maps);
    s->values = zm_arena_alloc(arena, sizeof *s->values * s->n_values);
    if (!s->maps || !s->values)
        return zm_fail_memory(err, sizeof *s->values * s->n_values);
    for (unsigned i = 0; i < s->n_maps; i++) {
        s->maps[i].field = get_u32(b);
        s->maps[i].column = get_text(b);
        s->maps[i].constant = get_text(b);
    }
    for (unsigned i = 0; i < s->n_values; i++) {
        s->values[i].field = get_u32(b);
        s->values[i].from = get_text(b);
        s->values[i].to = get_text(b);
    }
    return 0;
}

int zm_orders_decode(struct zm_orders *out, struct zm_arena *arena, struct zm_str bytes, struct zm_err *err)
{
    struct bytes b = {bytes, true};
    struct zm_orders orders = {.mode = (enum zm_reader_mode)get_u32(&b), .parent = (int32_t)get_u32(&b)};
    struct zm_source *s = &orders.source;
    s->kind = (enum zm_kind)get_u32(&b);
    s->header_rows = get_u32(&b);
    s->class_ = (enum zm_class)get_u32(&b);
    s->full = get_u32(&b) != 0;
    s->rank = get_u32(&b);
    s->date = get_u32(&b);
    s->index = get_u32(&b);
    s->batch_rows = get_u32(&b);
    s->n_maps = get_u32(&b);
    s->n_values = get_u32(&b);
    struct zm_str *texts[TEXTS_OF_SOURCE];
    source_texts(s, texts);
    for (unsigned i = 0; i < TEXTS_OF_SOURCE; i++)
        *texts[i] = get_text(&b);
    ZM_TRY(get_lists(s, &b, arena, err));
    if (!b.ok || b.rest.len || orders.mode > ZM_READER_HEAD || s->kind >= ZM_N_KINDS || !s->path.len)
        return zm_fail(err, ZM_E_INTERNAL, "the reader got orders it cannot read");
    *out = orders;
    return 0;
}
