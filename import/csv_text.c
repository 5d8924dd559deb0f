#include "import/csv_text.h"

#include "geo/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* One more step always fits behind a record that is not yet too long. */
enum { SLACK = 8, WINDOW_BYTES = ZM_CSV_RECORD_MAX + ZM_CSV_STEP + SLACK, RAW_BYTES = ZM_CSV_STEP / 2 };

int zm_csv_text_open(struct zm_csv_text *t, int fd, const char *path, struct zm_str encoding,
                     struct zm_err *err)
{
    *t = (struct zm_csv_text){.fd = fd, .path = path, .line = 1};
    ZM_TRY(zm_encoding_detect(fd, path, encoding, &t->encoding, err));
    ZM_TRY(zm_decoder_open(&t->decoder, t->encoding.encoding, err));
    t->at = (off_t)t->encoding.bom;
    t->bad_bytes = t->encoding.encoding == ZM_ENC_UTF8 && !t->encoding.clean;
    t->buf = zm_alloc(WINDOW_BYTES);
    bool decodes = t->encoding.encoding != ZM_ENC_UTF8;
    t->raw = decodes ? zm_alloc(RAW_BYTES) : NULL;
    if (!t->buf || (decodes && !t->raw)) {
        zm_csv_text_close(t);
        return zm_fail_memory(err, WINDOW_BYTES);
    }
    memset(t->buf, 0, SLACK);
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return 0;
}

void zm_csv_text_close(struct zm_csv_text *t)
{
    zm_decoder_close(&t->decoder);
    zm_free(t->buf);
    zm_free(t->raw);
    t->buf = t->raw = NULL;
}

/* Some bytes of the file into out; *n = 0 only at its end. */
static int read_some(struct zm_csv_text *t, char *out, size_t cap, size_t *n, struct zm_err *err)
{
    ssize_t got;
    do {
        got = pread(t->fd, out, cap, t->at);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot read %s", t->path);
    t->at += got;
    *n = (size_t)got;
    return 0;
}

/* Fills raw behind what is left of it and decodes it into the window. */
static int decode_more(struct zm_csv_text *t, struct zm_err *err)
{
    size_t n;
    if (t->left.len)
        memmove(t->raw, t->left.ptr, t->left.len);
    size_t room = RAW_BYTES - t->left.len;
    ZM_TRY(read_some(t, t->raw + t->left.len, room, &n, err));
    t->left = (struct zm_str){t->raw, t->left.len + n};
    uint64_t n_bad = 0;
    bool last = n == 0 && room > 0;
    t->end += zm_decode(&t->decoder, &t->left, t->buf + t->end, ZM_CSV_STEP, last, &n_bad);
    t->bad_bytes |= n_bad > 0;
    t->ended = last && t->left.len == 0;
    return 0;
}

int zm_csv_text_more(struct zm_csv_text *t, struct zm_err *err)
{
    if (t->ended || zm_csv_text_full(t))
        return 0;
    memmove(t->buf, t->buf + t->begin, t->end - t->begin);
    t->end -= t->begin;
    t->begin = 0;
    if (t->raw) {
        ZM_TRY(decode_more(t, err));
    } else {
        size_t n;
        ZM_TRY(read_some(t, t->buf + t->end, ZM_CSV_STEP, &n, err));
        t->end += n;
        t->ended = n == 0;
    }
    memset(t->buf + t->end, 0, SLACK);
    return 0;
}
