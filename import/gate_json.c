#include "geo/base/mem.h"
#include "geo/base/str.h"
#include "import/gate.h"

#include <errno.h>
#include <unistd.h>

enum { CHUNK = 1 << 18 };

static const struct zm_str nul_escape = {"\\u0000", 6};

/* A backslash before the escape makes it six plain characters, unless that one is escaped in its turn. */
static bool is_escaped(struct zm_str text, size_t at)
{
    size_t n = 0;
    while (n < at && text.ptr[at - 1 - n] == '\\')
        n++;
    return n % 2 == 1;
}

static bool has_nul(struct zm_str text)
{
    for (size_t at = 0; (at = zm_str_find(text, nul_escape, at)) != SIZE_MAX; at += nul_escape.len)
        if (!is_escaped(text, at))
            return true;
    return false;
}

/* Bytes of the end that the next look must see again: an escape may begin there, behind a row of backslashes.
 */
static size_t tail_of(struct zm_str text)
{
    size_t tail = nul_escape.len < text.len ? nul_escape.len : text.len;
    while (tail < text.len && tail < CHUNK / 2 && text.ptr[text.len - tail] == '\\')
        tail++;
    return tail;
}

int zm_gate_json(int fd, const char *shown, struct zm_err *err)
{
    char *chunk = zm_alloc(CHUNK);
    if (!chunk)
        return zm_fail_memory(err, CHUNK);
    int rc = 0;
    size_t kept = 0;
    for (off_t at = 0; rc == 0;) {
        ssize_t n = pread(fd, chunk + kept, CHUNK - kept, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = zm_fail_errno(err, ZM_E_INPUT, errno, "cannot read %s", shown);
        if (n <= 0)
            break;
        at += n;
        struct zm_str text = {chunk, kept + (size_t)n};
        if (has_nul(text))
            rc = zm_fail(err, ZM_E_INPUT, "%s is refused: a text holds a NUL (\\u0000) before byte %lld",
                         shown, (long long)at);
        kept = tail_of(text);
        memmove(chunk, text.ptr + text.len - kept, kept);
    }
    zm_free(chunk);
    return rc;
}
