#include "geo/record/finding.h"

#include "geo/record/spool.h"

/* Everything before the first text. */
enum { HEAD_BYTES = offsetof(struct zm_finding, args), FINDING_TEXTS = 3 };

static const uint16_t texts[FINDING_TEXTS] = {
    offsetof(struct zm_finding, args), offsetof(struct zm_finding, cause), offsetof(struct zm_finding, text)};

int zm_finding_encode(const struct zm_finding *f, struct zm_buf *out, struct zm_err *err)
{
    return zm_spool_put(out, f, HEAD_BYTES, texts, FINDING_TEXTS, err);
}

bool zm_finding_decode(struct zm_finding *out, struct zm_str spool, size_t *at)
{
    return zm_spool_get(spool, at, out, HEAD_BYTES, texts, FINDING_TEXTS);
}
