/* Chinese numerals in number slots: 二十三 = 23, 一〇五 = 105, 两百零六 = 206. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* 0..9 of a digit, 10, 100, 1000 of 十 百 千, -1 of anything else. */
int zm_numeral_digit(uint32_t cp);

/* The value of n numerals; false if they make no number (百十) or one over 99999. Both ways of writing are
 * read: by position (一〇五) and by place value (一百零五). */
bool zm_numeral_value(const uint32_t *cp, uint32_t n, uint32_t *out);
