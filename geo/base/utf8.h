/* UTF-8 as RFC 3629 has it: no surrogates, nothing over U+10FFFF, no overlong forms. */
#pragma once

#include "geo/base/str.h"

#define ZM_UTF8_BAD 0xFFFDu

/* The code point at ptr (end > ptr) and its length in bytes (1..4). Bad bytes give ZM_UTF8_BAD and length 1;
 * a real U+FFFD gives the same value with length 3. */
uint32_t zm_utf8_next(const char *ptr, const char *end, unsigned *len);

/* Writes 1..4 bytes and returns how many; out must hold 4. A value that is no code point becomes U+FFFD. */
unsigned zm_utf8_put(uint32_t code, char *out);

/* Byte offset of the first bad byte, or SIZE_MAX if all of s is valid. */
size_t zm_utf8_check(struct zm_str s);

/* At most max bytes of s, never half a character. */
struct zm_str zm_utf8_cut(struct zm_str s, size_t max);

/* Number of code points; bad bytes count one each. */
size_t zm_utf8_count(struct zm_str s);

/* Is it a Han character (URO, extensions A to H, compatibility ideographs, 〇)? */
bool zm_is_han(uint32_t code);
