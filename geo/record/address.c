#include "geo/record/address.h"

#include "geo/record/spool.h"

/* Everything before the first text: the scalars and the codes of the tuple. */
enum { HEAD_BYTES = offsetof(struct zm_address, tuple) + offsetof(struct zm_tuple, road) };

void zm_address_texts(struct zm_address *a, struct zm_str *out[ZM_ADDRESS_TEXTS])
{
    zm_tuple_texts(&a->tuple, out);
    struct zm_str *const own[] = {&a->src_key,  &a->text,   &a->standard,    &a->poi, &a->addr_code,
                                  &a->postcode, &a->class3, &a->building_id, &a->note};
    _Static_assert(sizeof own / sizeof own[0] + ZM_TUPLE_TEXTS == ZM_ADDRESS_TEXTS, "one entry a text");
    memcpy(out + ZM_TUPLE_TEXTS, own, sizeof own);
}

int zm_address_encode(const struct zm_address *a, struct zm_buf *out, struct zm_err *err)
{
    struct zm_address copy = *a;
    struct zm_str *texts[ZM_ADDRESS_TEXTS];
    zm_address_texts(&copy, texts);
    return zm_spool_put(out, a, HEAD_BYTES, (const struct zm_str *const *)texts, ZM_ADDRESS_TEXTS, err);
}

bool zm_address_decode(struct zm_address *out, struct zm_str spool, size_t *at)
{
    struct zm_str *texts[ZM_ADDRESS_TEXTS];
    size_t end = *at;
    if (!zm_spool_get_head(spool, &end, out, HEAD_BYTES))
        return false;
    zm_address_texts(out, texts);
    if (!zm_spool_get_texts(spool, &end, texts, ZM_ADDRESS_TEXTS))
        return false;
    *at = end;
    return true;
}
