#include "samples/generate.h"

#include <errno.h>
#include <iconv.h>
#include <stdarg.h>

enum { BLOCK = 1 << 18 };

int zm_gen_file_open(struct zm_gen_file *f, const char *path, const char *encoding, bool bom,
                     struct zm_err *err)
{
    *f = (struct zm_gen_file){.f = fopen(path, "wb")};
    snprintf(f->path, sizeof f->path, "%s", path);
    zm_buf_init(&f->buf, (size_t)BLOCK * 2);
    if (!f->f)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot write %s", path);
    if (strcmp(encoding, "UTF-8") != 0) {
        iconv_t converter = iconv_open(encoding, "UTF-8");
        if ((intptr_t)converter == -1)
            return zm_fail_errno(err, ZM_E_INTERNAL, errno, "no conversion to %s", encoding);
        f->converter = converter;
    }
    return bom ? zm_gen_put(f, "\xEF\xBB\xBF", 3, err) : 0;
}

static int write_bytes(struct zm_gen_file *f, const char *bytes, size_t len, struct zm_err *err)
{
    if (fwrite(bytes, 1, len, f->f) != len)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot write %s", f->path);
    return 0;
}

static int flush(struct zm_gen_file *f, struct zm_err *err)
{
    char *in = f->buf.ptr;
    size_t in_left = f->buf.len;
    f->buf.len = 0;
    if (!f->converter)
        return write_bytes(f, in, in_left, err);
    while (in_left) {
        char out[1 << 15], *at = out;
        size_t room = sizeof out;
        if (iconv(f->converter, &in, &in_left, &at, &room) == (size_t)-1 && errno != E2BIG)
            return zm_fail_errno(err, ZM_E_INTERNAL, errno, "text cannot be written in the encoding of %s",
                                 f->path);
        ZM_TRY(write_bytes(f, out, sizeof out - room, err));
    }
    return 0;
}

int zm_gen_put(struct zm_gen_file *f, const char *text, size_t len, struct zm_err *err)
{
    ZM_TRY(zm_buf_put(&f->buf, zm_str_n(text, len), err));
    return f->buf.len >= BLOCK ? flush(f, err) : 0;
}

int zm_gen_printf(struct zm_gen_file *f, struct zm_err *err, const char *fmt, ...)
{
    char text[2048];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        return zm_fail(err, ZM_E_INTERNAL, "a line of %s is too long", f->path);
    return zm_gen_put(f, text, (size_t)n, err);
}

int zm_gen_file_close(struct zm_gen_file *f, struct zm_err *err)
{
    int rc = f->f ? flush(f, err) : 0;
    if (f->f && fclose(f->f) != 0 && rc == 0)
        rc = zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot write %s", f->path);
    if (f->converter)
        iconv_close(f->converter);
    zm_buf_release(&f->buf);
    f->f = NULL;
    f->converter = NULL;
    return rc;
}
