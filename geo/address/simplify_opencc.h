/* Traditional to simplified characters, one by one, through OpenCC's t2s. */
#pragma once

#include "geo/base/err.h"

#include <stdint.h>

/* Sets map[c] to the simplified form of every BMP Han character c that has exactly one of its own in the BMP;
 * leaves all other entries as they are. Characters that are themselves standard (zm_han_standard) stay, since
 * OpenCC would make 干 of the surname 乾. map has 65536 entries. */
int zm_simplify_table(uint16_t *map, struct zm_err *err);
