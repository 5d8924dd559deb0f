/* Calendar dates as the integer yyyymmdd (20250630); 0 is "no date". Comparable with < and >. */
#pragma once

#include "geo/base/str.h"

/* Reads 2025-06-30, 2025/6/30, 20250630, 2025年6月30日, and any of these followed by a time of day ("T..." or
 * " ..."). False if it is none of these or no day of the calendar (years 1900..2199). */
bool zm_date_parse(struct zm_str s, uint32_t *out);

/* Writes "2025-06-30" and NUL, or "" for 0. */
void zm_date_format(uint32_t date, char out[11]);
