#include "geo/base/utf8.h"

uint32_t zm_utf8_next(const char *ptr, const char *end, unsigned *len)
{
    const unsigned char *p = (const unsigned char *)ptr;
    size_t left = (size_t)(end - ptr);
    uint32_t code;
    *len = 1;
    if (p[0] < 0x80)
        return p[0];
    if (p[0] >= 0xE0 && p[0] < 0xF0) {
        if (left < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
            return ZM_UTF8_BAD;
        code = (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3Fu);
        if (code < 0x800 || (code >= 0xD800 && code < 0xE000))
            return ZM_UTF8_BAD;
        *len = 3;
        return code;
    }
    if (p[0] >= 0xC2 && p[0] < 0xE0) {
        if (left < 2 || (p[1] & 0xC0) != 0x80)
            return ZM_UTF8_BAD;
        *len = 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3Fu);
    }
    if (p[0] >= 0xF0 && p[0] < 0xF5) {
        if (left < 4 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80)
            return ZM_UTF8_BAD;
        code = (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 | (uint32_t)(p[2] & 0x3F) << 6 |
               (p[3] & 0x3Fu);
        if (code < 0x10000 || code > 0x10FFFF)
            return ZM_UTF8_BAD;
        *len = 4;
        return code;
    }
    return ZM_UTF8_BAD;
}

unsigned zm_utf8_put(uint32_t code, char *out)
{
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        code = ZM_UTF8_BAD;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* Eight ASCII bytes at a time: most fields of a delivery are digits and codes. */
static const char *skip_ascii(const char *p, const char *end)
{
    uint64_t word;
    while (end - p >= 8) {
        memcpy(&word, p, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
        p += 8;
    }
    while (p < end && (unsigned char)*p < 0x80)
        p++;
    return p;
}

size_t zm_utf8_check(struct zm_str s)
{
    const char *end = s.ptr + s.len;
    for (const char *p = s.ptr; s.len && (p = skip_ascii(p, end)) < end;) {
        unsigned n;
        if (zm_utf8_next(p, end, &n) == ZM_UTF8_BAD && n == 1)
            return (size_t)(p - s.ptr);
        p += n;
    }
    return SIZE_MAX;
}

struct zm_str zm_utf8_cut(struct zm_str s, size_t max)
{
    if (s.len <= max)
        return s;
    while (max > 0 && ((unsigned char)s.ptr[max] & 0xC0) == 0x80)
        max--;
    return zm_str_sub(s, 0, max);
}

size_t zm_utf8_count(struct zm_str s)
{
    size_t count = 0;
    unsigned n;
    for (size_t i = 0; i < s.len; i += n, count++)
        zm_utf8_next(s.ptr + i, s.ptr + s.len, &n);
    return count;
}

bool zm_is_han(uint32_t code)
{
    return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) || code == 0x3007 ||
           (code >= 0x20000 && code <= 0x323AF) || (code >= 0xF900 && code <= 0xFAFF);
}
