#include "geo/base/json.h"

#include "geo/base/utf8.h"

#include <math.h>

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c < 0x80;
}

/* U+3000..U+CFFF in three bytes: nearly all of a Chinese text, and nothing that must be escaped. */
static bool is_plain_wide(const char *p, const char *end)
{
    return end - p >= 3 && (unsigned char)p[0] >= 0xE3 && (unsigned char)p[0] <= 0xEC &&
           ((unsigned char)p[1] & 0xC0) == 0x80 && ((unsigned char)p[2] & 0xC0) == 0x80;
}

/* At most 6 bytes of output for each byte of input, so one reserve is enough. */
int zm_json_put_string(struct zm_buf *b, struct zm_str s, struct zm_err *err)
{
    static const char hex[] = "0123456789abcdef";
    char *at;
    ZM_TRY(zm_buf_reserve(b, s.len * 6 + 2, &at, err));
    char *out = at;
    const char *p = s.ptr, *end = s.ptr + s.len;
    *out++ = '"';
    while (p < end) {
        unsigned n;
        unsigned char c = (unsigned char)*p;
        if (is_plain(c)) {
            *out++ = *p++;
        } else if (is_plain_wide(p, end)) {
            memcpy(out, p, 3);
            out += 3;
            p += 3;
        } else if (c == '"' || c == '\\') {
            *out++ = '\\';
            *out++ = *p++;
        } else if (c < 0x20) {
            memcpy(out, "\\u00", 4);
            out[4] = hex[c >> 4];
            out[5] = hex[c & 15];
            out += 6;
            p++;
        } else {
            uint32_t code = zm_utf8_next(p, end, &n);
            if (code == 0x2028 || code == 0x2029) {
                memcpy(out, code == 0x2028 ? "\\u2028" : "\\u2029", 6);
                out += 6;
            } else if (n == 1) {
                out += zm_utf8_put(ZM_UTF8_BAD, out);
            } else {
                memcpy(out, p, n);
                out += n;
            }
            p += n;
        }
    }
    *out++ = '"';
    b->len += (size_t)(out - at);
    return 0;
}

unsigned zm_format_fixed(double value, unsigned decimals, char *out)
{
    static const int64_t power[] = {1,      10,      100,      1000,      10000,
                                    100000, 1000000, 10000000, 100000000, 1000000000};
    int64_t scaled = llround(value * (double)power[decimals]);
    unsigned n = 0;
    if (scaled < 0) {
        out[n++] = '-';
        scaled = -scaled;
    }
    int64_t whole = scaled / power[decimals], fraction = scaled % power[decimals];
    char digits[24];
    unsigned k = 0;
    do {
        digits[k++] = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole);
    while (k)
        out[n++] = digits[--k];
    if (fraction == 0)
        return n;
    out[n++] = '.';
    for (; fraction % 10 == 0; fraction /= 10)
        decimals--;
    for (unsigned d = decimals; d-- > 0; fraction /= 10)
        out[n + d] = (char)('0' + fraction % 10);
    return n + decimals;
}
