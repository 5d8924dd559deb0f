#include "geo/base/utf8.h"
#include "import/encoding.h"

#include <errno.h>
#include <iconv.h>

int zm_decoder_open(struct zm_decoder *d, enum zm_encoding from, struct zm_err *err)
{
    struct zm_decoder made = {.from = from};
    if (from != ZM_ENC_UTF8) {
        iconv_t handle = iconv_open("UTF-8", zm_encoding_name(from));
        if (handle == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): POSIX spells failure so */
            return zm_fail_errno(err, ZM_E_INTERNAL, errno, "this system cannot read text in %s",
                                 zm_encoding_name(from));
        made.handle = handle;
    }
    *d = made;
    return 0;
}

void zm_decoder_close(struct zm_decoder *d)
{
    if (d->handle)
        iconv_close((iconv_t)d->handle);
    d->handle = NULL;
}

static size_t copy_utf8(struct zm_str *in, char *out, size_t cap, bool last, uint64_t *n_bad)
{
    size_t used = 0;
    while (used < cap && in->len) {
        struct zm_str part = zm_str_sub(*in, 0, cap - used);
        size_t good = zm_utf8_check(part);
        size_t n = good == SIZE_MAX ? part.len : good;
        memcpy(out + used, in->ptr, n);
        used += n;
        *in = zm_str_sub(*in, n, in->len);
        if (good == SIZE_MAX)
            continue;
        bool cut = part.len - good < 4; /* it may go on behind the end of part */
        if (cut && (!last || part.len < in->len + n))
            break;
        out[used++] = ZM_BAD_BYTE;
        ++*n_bad;
        *in = zm_str_sub(*in, 1, in->len);
    }
    return used;
}

size_t zm_decode(struct zm_decoder *d, struct zm_str *in, char *out, size_t cap, bool last, uint64_t *n_bad)
{
    if (!d->handle)
        return copy_utf8(in, out, cap, last, n_bad);
    size_t unit = d->from == ZM_ENC_GB18030 ? 1 : 2, left = cap;
    while (in->len && left >= 8) {
        char *from = (char *)in->ptr; /* iconv does not write there */
        size_t n = iconv((iconv_t)d->handle, &from, &in->len, &out, &left);
        in->ptr = from;
        if (n != (size_t)-1 || errno == E2BIG)
            break;
        if (errno == EINVAL && !last)
            break; /* cut by the end of *in */
        size_t skip = in->len < unit ? in->len : unit;
        *in = zm_str_sub(*in, skip, in->len);
        *out++ = ZM_BAD_BYTE;
        left--;
        ++*n_bad;
    }
    return cap - left;
}

int zm_decode_cell(struct zm_decoder *d, struct zm_str in, struct zm_buf *out, bool *clean,
                   struct zm_err *err)
{
    uint64_t n_bad = 0;
    while (in.len) {
        char *at;
        size_t want = in.len * 3 + 8; /* no character of two bytes needs more than three in UTF-8 */
        ZM_TRY(zm_buf_reserve(out, want, &at, err));
        out->len += zm_decode(d, &in, at, want, true, &n_bad);
    }
    *clean = n_bad == 0;
    return 0;
}
