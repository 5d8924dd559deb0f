#include "import/dbf_text.h"

#include "geo/base/mem.h"
#include "geo/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* dBASE III+: a head of 32 bytes, 32 bytes a field, then records of fixed length. */
enum { HEAD_BYTES = 32, FIELD_BYTES = 32, FIELDS_MAX = 512, SAMPLE_BYTES = 16 << 20 };

struct dbf {
    unsigned record_bytes, n_fields;
    unsigned char width[FIELDS_MAX];
    bool text[FIELDS_MAX];
};

struct verdict {
    uint64_t not_utf8, not_gb18030;
};

static ssize_t read_at(int fd, void *out, size_t size, off_t at)
{
    ssize_t n;
    do {
        n = pread(fd, out, size, at);
    } while (n < 0 && errno == EINTR);
    return n;
}

static int read_shape(int fd, const char *path, struct dbf *d, off_t *records, struct zm_err *err)
{
    unsigned char head[HEAD_BYTES], field[FIELD_BYTES];
    if (read_at(fd, head, sizeof head, 0) != (ssize_t)sizeof head)
        return zm_fail(err, ZM_E_INPUT, "%s is cut off within its header", path);
    *records = head[8] | head[9] << 8;
    d->record_bytes = head[10] | (unsigned)head[11] << 8;
    d->n_fields = 0;
    for (off_t at = HEAD_BYTES; at + FIELD_BYTES <= *records && d->n_fields < FIELDS_MAX; at += FIELD_BYTES) {
        if (read_at(fd, field, sizeof field, at) != (ssize_t)sizeof field)
            return zm_fail(err, ZM_E_INPUT, "%s is cut off within its header", path);
        if (field[0] == 0x0d)
            break;
        d->text[d->n_fields] = field[11] == 'C';
        d->width[d->n_fields++] = field[16];
    }
    if (d->record_bytes == 0 || d->n_fields == 0)
        return zm_fail(err, ZM_E_INPUT, "%s is no dBASE table", path);
    return 0;
}

/* Bad bytes, leaving out a character that the end of the field cut: at most three bytes. */
static bool is_bad_utf8(struct zm_str cell)
{
    size_t bad = zm_utf8_check(cell);
    return bad != SIZE_MAX && bad + 3 < cell.len;
}

static void judge_cell(struct zm_str cell, struct zm_decoder *gb18030, struct verdict *v)
{
    size_t i = 0;
    while (i < cell.len && !(cell.ptr[i] & 0x80))
        i++;
    if (i == cell.len)
        return;
    char out[1100];
    uint64_t bad = 0;
    v->not_utf8 += is_bad_utf8(cell);
    zm_decode(gb18030, &cell, out, sizeof out, false, &bad);
    v->not_gb18030 += bad > 0;
}

static void judge_record(const struct dbf *d, const char *record, struct zm_decoder *gb18030,
                         struct verdict *v)
{
    size_t at = 1; /* behind the mark of deletion */
    for (unsigned i = 0; i < d->n_fields && at + d->width[i] <= d->record_bytes; i++) {
        if (d->text[i])
            judge_cell(zm_str_trim(zm_str_n(record + at, d->width[i])), gb18030, v);
        at += d->width[i];
    }
}

static int judge_file(int fd, const char *path, struct verdict *v, struct zm_err *err)
{
    struct dbf d;
    off_t at;
    ZM_TRY(read_shape(fd, path, &d, &at, err));
    struct zm_decoder gb18030;
    ZM_TRY(zm_decoder_open(&gb18030, ZM_ENC_GB18030, err));
    char *record = zm_alloc(d.record_bytes);
    int rc = record ? 0 : zm_fail_memory(err, d.record_bytes);
    for (off_t end = at + SAMPLE_BYTES; rc == 0 && at < end; at += d.record_bytes) {
        if (read_at(fd, record, d.record_bytes, at) != (ssize_t)d.record_bytes)
            break;
        judge_record(&d, record, &gb18030, v);
    }
    zm_free(record);
    zm_decoder_close(&gb18030);
    return rc;
}

int zm_dbf_encoding(const char *path, struct zm_str declared, enum zm_encoding *out, struct zm_err *err)
{
    if (declared.len && !zm_str_eq(declared, ZM_STR("auto"))) {
        if (zm_encoding_parse(declared, out))
            return 0;
        return zm_fail(err, ZM_E_USAGE, "encoding = %.*s is not known; UTF-8 and GB18030 are",
                       ZM_FMT(declared));
    }
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot open %s", path);
    struct verdict v = {0};
    int rc = judge_file(fd, path, &v, err);
    close(fd);
    if (rc == 0)
        *out = v.not_utf8 > v.not_gb18030 ? ZM_ENC_GB18030 : ZM_ENC_UTF8;
    return rc;
}
