/* JSON text, appended in bulk. Documents with structure are built with jansson; this is for lines by the
 * million. */
#pragma once

#include "geo/base/buf.h"

/* Appends "s" with quotes and escapes (RFC 8259). Bad UTF-8 bytes become U+FFFD; U+2028/2029 and C0 are
 * escaped. */
int zm_json_put_string(struct zm_buf *b, struct zm_str s, struct zm_err *err);

/* Writes value with at most decimals (0..9) digits behind the point, rounded half away from zero, trailing
 * zeros cut, no exponent; |value| must be under 1e9. Returns the length; out must hold 32 bytes. No NUL. */
unsigned zm_format_fixed(double value, unsigned decimals, char *out);
