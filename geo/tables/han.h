/* Which Han characters a place name may be written with. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Is it one of the 8,105 characters of the General Standard Chinese Characters Table (State Council, 2013),
 * or one of the local characters of Wenzhou's approved names (han8105.tsv)? False for everything that is no
 * Han character. */
bool zm_han_standard(uint32_t code);
