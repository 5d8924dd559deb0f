#include "geo/record/address.h"

#include "geo/record/spool.h"

/* Everything before the first text: the scalars and the codes of the tuple. */
enum { HEAD_BYTES = offsetof(struct zm_address, tuple) + offsetof(struct zm_tuple, road) };

static const uint16_t texts[ZM_ADDRESS_TEXTS] = {
    offsetof(struct zm_address, tuple.road),     offsetof(struct zm_address, tuple.village),
    offsetof(struct zm_address, tuple.lane),     offsetof(struct zm_address, tuple.number),
    offsetof(struct zm_address, tuple.sub),      offsetof(struct zm_address, tuple.estate),
    offsetof(struct zm_address, tuple.building), offsetof(struct zm_address, tuple.unit),
    offsetof(struct zm_address, tuple.floor),    offsetof(struct zm_address, tuple.room),
    offsetof(struct zm_address, src_key),        offsetof(struct zm_address, text),
    offsetof(struct zm_address, standard),       offsetof(struct zm_address, poi),
    offsetof(struct zm_address, addr_code),      offsetof(struct zm_address, postcode),
    offsetof(struct zm_address, class3),         offsetof(struct zm_address, building_id),
    offsetof(struct zm_address, note),
};

void zm_address_texts(struct zm_address *a, struct zm_str *out[ZM_ADDRESS_TEXTS])
{
    for (unsigned i = 0; i < ZM_ADDRESS_TEXTS; i++)
        out[i] = (struct zm_str *)(void *)((char *)a + texts[i]);
}

int zm_address_encode(const struct zm_address *a, struct zm_buf *out, struct zm_err *err)
{
    return zm_spool_put(out, a, HEAD_BYTES, texts, ZM_ADDRESS_TEXTS, err);
}

bool zm_address_decode(struct zm_address *out, struct zm_str spool, size_t *at)
{
    return zm_spool_get(spool, at, out, HEAD_BYTES, texts, ZM_ADDRESS_TEXTS);
}

bool zm_address_peek(struct zm_address *out, struct zm_str spool, size_t *at)
{
    return zm_spool_peek(spool, at, out, HEAD_BYTES);
}
