#include "geo/record/spool.h"

static struct zm_str text_of(const void *record, uint16_t place)
{
    struct zm_str text;
    memcpy(&text, (const char *)record + place, sizeof text);
    return text;
}

int zm_spool_put(struct zm_buf *out, const void *record, size_t size, const uint16_t *texts, unsigned n,
                 struct zm_err *err)
{
    size_t total = sizeof(uint32_t) + size + n * sizeof(uint32_t);
    for (unsigned i = 0; i < n; i++)
        total += text_of(record, texts[i]).len;
    char *at;
    ZM_TRY(zm_buf_reserve(out, total, &at, err));
    uint32_t bytes = (uint32_t)total; /* no caller's buffer holds 4 GiB */
    memcpy(at, &bytes, sizeof bytes);
    at += sizeof bytes;
    memcpy(at, record, size);
    char *lengths = at + size;
    at = lengths + n * sizeof(uint32_t);
    for (unsigned i = 0; i < n; i++) {
        struct zm_str text = text_of(record, texts[i]);
        uint32_t len = (uint32_t)text.len;
        memcpy(lengths + i * sizeof len, &len, sizeof len);
        if (len)
            memcpy(at, text.ptr, len);
        at += len;
    }
    out->len += total;
    return 0;
}

/* The record at *at without its size; *at moves behind it. */
static bool next(struct zm_str spool, size_t *at, size_t least, struct zm_str *record)
{
    uint32_t bytes;
    if (*at > spool.len || spool.len - *at < sizeof bytes)
        return false;
    memcpy(&bytes, spool.ptr + *at, sizeof bytes);
    if (bytes > spool.len - *at || bytes < sizeof bytes + least)
        return false;
    *record = zm_str_sub(spool, *at + sizeof bytes, *at + bytes);
    *at += bytes;
    return true;
}

bool zm_spool_peek(struct zm_str spool, size_t *at, void *record, size_t size)
{
    struct zm_str bytes;
    if (!next(spool, at, size, &bytes))
        return false;
    memcpy(record, bytes.ptr, size);
    return true;
}

bool zm_spool_get(struct zm_str spool, size_t *at, void *record, size_t size, const uint16_t *texts,
                  unsigned n)
{
    struct zm_str bytes;
    size_t end = *at, text = size + n * sizeof(uint32_t);
    if (!next(spool, &end, text, &bytes))
        return false;
    memcpy(record, bytes.ptr, size);
    for (unsigned i = 0; i < n; i++) {
        uint32_t len;
        memcpy(&len, bytes.ptr + size + i * sizeof len, sizeof len);
        if (len > bytes.len - text)
            return false;
        const struct zm_str found = {bytes.ptr + text, len};
        memcpy((char *)record + texts[i], &found, sizeof found);
        text += len;
    }
    if (text != bytes.len)
        return false;
    *at = end;
    return true;
}
