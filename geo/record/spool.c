#include "geo/record/spool.h"

int zm_spool_put(struct zm_buf *out, const void *head, size_t size, const struct zm_str *const *texts,
                 unsigned n, struct zm_err *err)
{
    size_t total = size + n * sizeof(uint32_t);
    for (unsigned i = 0; i < n; i++)
        total += texts[i]->len;
    char *at;
    ZM_TRY(zm_buf_reserve(out, total, &at, err));
    memcpy(at, head, size);
    at += size;
    for (unsigned i = 0; i < n; i++) {
        uint32_t len = (uint32_t)texts[i]->len;
        memcpy(at, &len, sizeof len);
        at += sizeof len;
    }
    for (unsigned i = 0; i < n; i++) {
        if (texts[i]->len)
            memcpy(at, texts[i]->ptr, texts[i]->len);
        at += texts[i]->len;
    }
    out->len += total;
    return 0;
}

bool zm_spool_get_head(struct zm_str spool, size_t *at, void *head, size_t size)
{
    if (*at > spool.len || size > spool.len - *at)
        return false;
    memcpy(head, spool.ptr + *at, size);
    *at += size;
    return true;
}

bool zm_spool_get_texts(struct zm_str spool, size_t *at, struct zm_str *const *texts, unsigned n)
{
    size_t lengths = *at, text = *at + n * sizeof(uint32_t);
    if (text > spool.len)
        return false;
    for (unsigned i = 0; i < n; i++) {
        uint32_t len;
        memcpy(&len, spool.ptr + lengths + i * sizeof len, sizeof len);
        if (len > spool.len - text)
            return false;
        *texts[i] = (struct zm_str){spool.ptr + text, len};
        text += len;
    }
    *at = text;
    return true;
}
