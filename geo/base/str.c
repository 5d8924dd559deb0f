#include "geo/base/str.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <threads.h>

static locale_t c_locale;
static once_flag c_locale_once = ONCE_FLAG_INIT;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

struct zm_str zm_str_sub(struct zm_str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (struct zm_str){s.ptr ? s.ptr + from : NULL, to - from};
}

int zm_str_cmp(struct zm_str a, struct zm_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool zm_str_starts(struct zm_str s, struct zm_str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool zm_str_ends(struct zm_str s, struct zm_str suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.ptr + (s.len - suffix.len), suffix.ptr, suffix.len) == 0);
}

size_t zm_str_find(struct zm_str s, struct zm_str needle, size_t from)
{
    if (from > s.len || needle.len == 0)
        return SIZE_MAX;
    const char *hit = s.ptr ? memmem(s.ptr + from, s.len - from, needle.ptr, needle.len) : NULL;
    return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

struct zm_str zm_str_trim(struct zm_str s)
{
    while (s.len && (unsigned char)s.ptr[0] <= ' ') {
        s.ptr++;
        s.len--;
    }
    while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ')
        s.len--;
    return s;
}

struct zm_str zm_str_cut(struct zm_str *rest, char sep)
{
    struct zm_str all = *rest;
    const char *at = all.len ? memchr(all.ptr, sep, all.len) : NULL;
    if (!at) {
        *rest = (struct zm_str){NULL, 0};
        return all;
    }
    size_t n = (size_t)(at - all.ptr);
    *rest = (struct zm_str){at + 1, all.len - n - 1};
    return (struct zm_str){all.ptr, n};
}

bool zm_str_to_u64(struct zm_str s, uint64_t *out)
{
    if (s.len == 0 || s.len > 19)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(s.ptr[i] - '0');
    }
    *out = value;
    return true;
}

/* "120.123456": at most 15 significant digits fit a double exactly, so one division rounds correctly. */
static bool plain_decimal(struct zm_str s, double *out)
{
    static const double power[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    size_t i = s.len && s.ptr[0] == '-' ? 1 : 0;
    bool negative = i == 1;
    int64_t digits = 0;
    int n_digits = 0, n_decimals = -1;
    for (; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '.' && n_decimals < 0) {
            n_decimals = 0;
        } else if (c >= '0' && c <= '9' && n_digits < 15) {
            digits = digits * 10 + (c - '0');
            n_digits++;
            n_decimals += n_decimals >= 0;
        } else {
            return false;
        }
    }
    if (n_digits == 0)
        return false;
    double value = (double)digits / power[n_decimals > 0 ? n_decimals : 0];
    *out = negative ? -value : value;
    return true;
}

bool zm_str_to_double(struct zm_str s, double *out)
{
    s = zm_str_trim(s);
    if (plain_decimal(s, out))
        return true;
    char text[64];
    if (s.len == 0 || s.len >= sizeof text)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!strchr("+-.0123456789eE", s.ptr[i]) || s.ptr[i] == '\0')
            return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    call_once(&c_locale_once, make_c_locale);
    char *end;
    double value = c_locale ? strtod_l(text, &end, c_locale) : strtod(text, &end);
    if (end != text + s.len || !isfinite(value))
        return false;
    *out = value;
    return true;
}
