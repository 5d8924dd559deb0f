/* struct zm_str: a borrowed slice of bytes, UTF-8 unless said otherwise. It owns nothing and has no NUL. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct zm_str {
    const char *ptr; /* may be NULL only if len is 0 */
    size_t len;      /* bytes */
};

/* A slice of a string literal. */
#define ZM_STR(literal) ((struct zm_str){"" literal, sizeof(literal) - 1})

/* For printf("%.*s"). */
#define ZM_FMT(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline struct zm_str zm_str(const char *text)
{
    return (struct zm_str){text, text ? strlen(text) : 0};
}

static inline struct zm_str zm_str_n(const char *ptr, size_t len)
{
    return (struct zm_str){ptr, len};
}

static inline bool zm_str_eq(struct zm_str a, struct zm_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Bytes from..to of s; both are clamped to its length. */
struct zm_str zm_str_sub(struct zm_str s, size_t from, size_t to);

/* <0, 0, >0 by bytes; a prefix sorts first. For UTF-8 this is code point order. */
int zm_str_cmp(struct zm_str a, struct zm_str b);

bool zm_str_starts(struct zm_str s, struct zm_str prefix);
bool zm_str_ends(struct zm_str s, struct zm_str suffix);

/* Byte offset of the first needle at or after from, or SIZE_MAX. */
size_t zm_str_find(struct zm_str s, struct zm_str needle, size_t from);
static inline bool zm_str_has(struct zm_str s, struct zm_str needle)
{
    return zm_str_find(s, needle, 0) != SIZE_MAX;
}

/* Without ASCII blanks and control characters (<= 0x20) at both ends. */
struct zm_str zm_str_trim(struct zm_str s);

/* Cuts *rest at the first sep: returns the part before it and moves *rest behind it. When no sep is left it
 * returns all of *rest and sets rest->ptr to NULL. Loop: while (rest.ptr) { part = zm_str_cut(&rest, ','); }
 */
struct zm_str zm_str_cut(struct zm_str *rest, char sep);

/* Decimal digits only, no sign, at most 19 of them, whole slice. */
bool zm_str_to_u64(struct zm_str s, uint64_t *out);

/* A finite decimal number ("120.5", "-3", "1e-7"), whole slice after trimming, '.' as decimal point whatever
 * the locale; false for anything else, NaN and infinity included. */
bool zm_str_to_double(struct zm_str s, double *out);
