#include "import/encoding.h"

#include "geo/base/mem.h"
#include "geo/base/utf8.h"

#include <errno.h>
#include <strings.h>
#include <unistd.h>

enum { CHUNK_BYTES = 256 * 1024 };

static const char *const names[] = {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"};

const char *zm_encoding_name(enum zm_encoding encoding)
{
    return (unsigned)encoding < sizeof names / sizeof *names ? names[encoding] : "";
}

bool zm_encoding_parse(struct zm_str name, enum zm_encoding *out)
{
    /* GBK and GB2312 are parts of GB18030, and files called GB2312 often hold more than it: 峃 and 垟 are
     * only in GBK. */
    static const struct {
        const char *name;
        enum zm_encoding encoding;
    } known[] = {
        {"UTF-8", ZM_ENC_UTF8},      {"UTF8", ZM_ENC_UTF8},        {"UTF-8-SIG", ZM_ENC_UTF8},
        {"GB18030", ZM_ENC_GB18030}, {"GBK", ZM_ENC_GB18030},      {"GB2312", ZM_ENC_GB18030},
        {"CP936", ZM_ENC_GB18030},   {"ANSI", ZM_ENC_GB18030},     {"UTF-16", ZM_ENC_UTF16LE},
        {"UTF16", ZM_ENC_UTF16LE},   {"UTF-16LE", ZM_ENC_UTF16LE}, {"UTF-16BE", ZM_ENC_UTF16BE},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (name.len == strlen(known[i].name) && strncasecmp(name.ptr, known[i].name, name.len) == 0) {
            *out = known[i].encoding;
            return true;
        }
    }
    return false;
}

/* What one reading of the file as one encoding met. */
struct tally {
    uint64_t wide; /* characters of 3 and more bytes in UTF-8, of 2 and more in GB18030 */
    uint64_t bad;
    uint64_t bad_line; /* of the first bad byte */
    uint64_t lines;
};

static void note_bad(struct tally *t, const char *begin, const char *at)
{
    if (t->bad++ == 0) {
        t->bad_line = t->lines + 1;
        for (const char *p = begin; p < at && (p = memchr(p, '\n', (size_t)(at - p))); p++)
            t->bad_line++;
    }
}

static void count_lines(struct tally *t, const char *begin, const char *end)
{
    if (t->bad)
        return; /* only the line of the first one is told */
    for (const char *p = begin; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
        t->lines++;
}

static const char *skip_ascii(const char *p, const char *end)
{
    uint64_t word;
    for (; end - p >= 8; p += 8) {
        memcpy(&word, p, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (p < end && (unsigned char)*p < 0x80)
        p++;
    return p;
}

/* Passes by a run of characters of three bytes: Han, and most of what stands beside it. E0 and ED
 * are left to the full check, for overlong forms and surrogates hide behind them. */
static const char *skip_three_bytes(const char *p, const char *end)
{
    for (; end - p >= 3; p += 3) {
        const unsigned char *b = (const unsigned char *)p;
        if ((b[0] & 0xF0) != 0xE0 || b[0] == 0xE0 || b[0] == 0xED || (b[1] & 0xC0) != 0x80 ||
            (b[2] & 0xC0) != 0x80)
            break;
    }
    return p;
}

/* Tallies s as UTF-8; returns how many bytes were used: all but a character that the end of s may have cut.
 */
static size_t tally_utf8(struct tally *t, struct zm_str s, bool last)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    while ((p = skip_ascii(p, end)) < end) {
        unsigned n;
        const char *run = p;
        p = skip_three_bytes(p, end);
        t->wide += (uint64_t)(p - run) / 3;
        if (p > run)
            continue;
        uint32_t code = zm_utf8_next(p, end, &n);
        if (code == ZM_UTF8_BAD && n == 1) {
            if (!last && end - p < 4)
                break;
            note_bad(t, s.ptr, p);
        } else {
            t->wide += n > 2;
        }
        p += n;
    }
    count_lines(t, s.ptr, p);
    return (size_t)(p - s.ptr);
}

/* Length of the GB18030 character at p, 0 if it is none, -1 if the end may have cut it. */
static int gb_length(const unsigned char *p, const unsigned char *end)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] == 0x80 || p[0] == 0xFF)
        return 0;
    if (end - p < 2)
        return -1;
    if ((p[1] >= 0x40 && p[1] <= 0x7E) || (p[1] >= 0x80 && p[1] <= 0xFE))
        return 2;
    if (p[1] < 0x30 || p[1] > 0x39)
        return 0;
    if (end - p < 4)
        return -1;
    return p[2] >= 0x81 && p[2] <= 0xFE && p[3] >= 0x30 && p[3] <= 0x39 ? 4 : 0;
}

static size_t tally_gb(struct tally *t, struct zm_str s, bool last)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    while ((p = skip_ascii(p, end)) < end) {
        int n = gb_length((const unsigned char *)p, (const unsigned char *)end);
        if (n < 0 && !last)
            break;
        if (n <= 0)
            note_bad(t, s.ptr, p);
        else
            t->wide++;
        p += n > 0 ? n : 1;
    }
    count_lines(t, s.ptr, p);
    return (size_t)(p - s.ptr);
}

typedef size_t tally_fn(struct tally *t, struct zm_str s, bool last);

static int read_at(int fd, const char *path, char *out, size_t cap, off_t at, size_t *n, struct zm_err *err)
{
    for (*n = 0; *n < cap;) {
        ssize_t got = pread(fd, out + *n, cap - *n, at + (off_t)*n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot read %s", path);
        if (got == 0)
            break;
        *n += (size_t)got;
    }
    return 0;
}

static int tally_file(int fd, const char *path, unsigned skip, tally_fn *fn, struct tally *out,
                      struct zm_err *err)
{
    char *chunk = zm_alloc(CHUNK_BYTES);
    if (!chunk)
        return zm_fail_memory(err, CHUNK_BYTES);
    struct tally t = {0};
    off_t at = (off_t)skip;
    int rc = 0;
    for (bool last = false; !last;) {
        size_t n;
        if ((rc = read_at(fd, path, chunk, CHUNK_BYTES, at, &n, err)) != 0)
            break;
        last = n < CHUNK_BYTES;
        at += (off_t)fn(&t, (struct zm_str){chunk, n}, last);
    }
    zm_free(chunk);
    if (rc == 0)
        *out = t;
    return rc;
}

/* A byte order mark; else zeros at every second place and a line feed of two bytes: names in Han have no
 * zeros, but delimiters, digits and line ends do, and one in sixteen is plenty. A single NUL in a text of
 * bytes is not enough. */
static bool sniff_wide(const unsigned char *p, size_t n, struct zm_encoding_info *out)
{
    size_t odd = 0, even = 0, le_breaks = 0, be_breaks = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        even += p[i] == 0;
        odd += p[i + 1] == 0;
        le_breaks += p[i] == '\n' && p[i + 1] == 0;
        be_breaks += p[i] == 0 && p[i + 1] == '\n';
    }
    bool le_mark = n >= 2 && p[0] == 0xFF && p[1] == 0xFE, be_mark = n >= 2 && p[0] == 0xFE && p[1] == 0xFF;
    bool le = le_mark || (!be_mark && le_breaks && odd >= 4 && odd * 16 > n && odd > 8 * even);
    bool be = be_mark || (!le_mark && be_breaks && even >= 4 && even * 16 > n && even > 8 * odd);
    out->bom = le_mark || be_mark ? 2 : 0;
    out->encoding = be ? ZM_ENC_UTF16BE : ZM_ENC_UTF16LE;
    out->clean = false; /* surrogates are only judged while decoding */
    return le || be;
}

/* A damaged file keeps the encoding of its good characters. In GBK text read as UTF-8 some two-byte sequences
 * are valid by chance, but of three bytes only one for twenty to eighty bad bytes: where they are the most,
 * the text is UTF-8. GB18030 takes almost any bytes, so it must explain nearly all of them. */
static bool fits_utf8(const struct tally *t)
{
    return t->bad == 0 || t->wide >= 2 * t->bad;
}

static bool fits_gb(const struct tally *t)
{
    return t->bad == 0 || t->wide >= 8 * t->bad;
}

static int detect_bytes(int fd, const char *path, unsigned bom, struct zm_encoding_info *out,
                        struct zm_err *err)
{
    struct tally utf8, gb;
    ZM_TRY(tally_file(fd, path, bom, tally_utf8, &utf8, err));
    if (bom || fits_utf8(&utf8)) {
        *out = (struct zm_encoding_info){ZM_ENC_UTF8, bom, utf8.bad == 0};
        return 0;
    }
    ZM_TRY(tally_file(fd, path, bom, tally_gb, &gb, err));
    if (!fits_gb(&gb))
        return zm_fail(
            err, ZM_E_INPUT,
            "%s is neither UTF-8 nor GB18030 (GBK) nor UTF-16: the first byte that fits none of them is in "
            "line %llu",
            path, (unsigned long long)(utf8.bad_line > gb.bad_line ? utf8.bad_line : gb.bad_line));
    *out = (struct zm_encoding_info){ZM_ENC_GB18030, 0, gb.bad == 0};
    return 0;
}

static int detect_auto(int fd, const char *path, struct zm_encoding_info *out, struct zm_err *err)
{
    unsigned char head[4096];
    size_t n;
    ZM_TRY(read_at(fd, path, (char *)head, sizeof head, 0, &n, err));
    if (sniff_wide(head, n, out))
        return 0;
    unsigned bom = n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    return detect_bytes(fd, path, bom, out, err);
}

/* The bytes of a file seldom prove the wish wrong when they are few: a declared GB18030 is believed unless
 * the text is UTF-8 with several characters of three bytes, which GB18030 text never is by chance. */
static int check_declared(int fd, const char *path, enum zm_encoding wish, struct zm_encoding_info *found,
                          struct zm_err *err)
{
    struct tally utf8, gb;
    bool wide_wish = wish == ZM_ENC_UTF16LE || wish == ZM_ENC_UTF16BE;
    bool wide_found = found->encoding == ZM_ENC_UTF16LE || found->encoding == ZM_ENC_UTF16BE;
    if (found->encoding == wish || (wide_wish && wide_found && found->bom))
        return 0;
    if (wish == ZM_ENC_GB18030 && found->encoding == ZM_ENC_UTF8 && !found->bom) {
        ZM_TRY(tally_file(fd, path, 0, tally_utf8, &utf8, err));
        ZM_TRY(tally_file(fd, path, 0, tally_gb, &gb, err));
        if (utf8.wide < 3 && fits_gb(&gb)) {
            *found = (struct zm_encoding_info){ZM_ENC_GB18030, 0, gb.bad == 0};
            return 0;
        }
    }
    return zm_fail(err, ZM_E_INPUT, "%s is declared as %s, but its bytes are not; it looks like %s", path,
                   zm_encoding_name(wish), zm_encoding_name(found->encoding));
}

int zm_encoding_detect(int fd, const char *path, struct zm_str declared, struct zm_encoding_info *out,
                       struct zm_err *err)
{
    enum zm_encoding wish = ZM_ENC_UTF8;
    bool any = declared.len == 0 || zm_str_eq(declared, ZM_STR("auto"));
    if (!any && !zm_encoding_parse(declared, &wish))
        return zm_fail(
            err, ZM_E_USAGE,
            "encoding = %.*s is unknown (for %s); known are auto, UTF-8, GB18030, GBK, GB2312, UTF-16LE, "
            "UTF-16BE",
            ZM_FMT(declared), path);
    bool wide = !any && (wish == ZM_ENC_UTF16LE || wish == ZM_ENC_UTF16BE);
    struct zm_encoding_info found;
    int rc = detect_auto(fd, path, &found, wide ? NULL : err);
    if (rc != 0 && wide)
        found = (struct zm_encoding_info){.encoding = wish}; /* Han alone has no zeros to tell it by */
    else if (rc != 0)
        return rc;
    if (!any)
        ZM_TRY(check_declared(fd, path, wish, &found, err));
    *out = found;
    return 0;
}
