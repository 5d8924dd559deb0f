#include "geo/record/finding.h"

#include "geo/record/spool.h"

/* Everything before the first text. */
enum { HEAD_BYTES = offsetof(struct zm_finding, args), FINDING_TEXTS = 3 };

int zm_finding_encode(const struct zm_finding *f, struct zm_buf *out, struct zm_err *err)
{
    const struct zm_str *texts[FINDING_TEXTS] = {&f->args, &f->cause, &f->text};
    return zm_spool_put(out, f, HEAD_BYTES, texts, FINDING_TEXTS, err);
}

bool zm_finding_decode(struct zm_finding *out, struct zm_str spool, size_t *at)
{
    size_t end = *at;
    if (!zm_spool_get_head(spool, &end, out, HEAD_BYTES))
        return false;
    struct zm_str *texts[FINDING_TEXTS] = {&out->args, &out->cause, &out->text};
    if (!zm_spool_get_texts(spool, &end, texts, FINDING_TEXTS))
        return false;
    *at = end;
    return true;
}
