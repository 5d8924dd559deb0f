/* Degrees as people write them: 120.654321, 120°39′15.6″, E120°39'15", 东经120度39分15秒. */
#pragma once

#include "geo/base/str.h"

enum zm_angle {
    ZM_ANGLE_INVALID,
    ZM_ANGLE_PLAIN,   /* a decimal number */
    ZM_ANGLE_DMS,     /* degrees, minutes and perhaps seconds */
    ZM_ANGLE_OVERFLOW /* the same with minutes or seconds of 60 or more: nobody knows what was meant */
};

/* s is trimmed and not empty. *decimals: places behind the point; for minutes and seconds the decimals of a
 * degree that say as much (a second is 31 m, about 3 places). Outputs are set for PLAIN and DMS only. */
enum zm_angle zm_angle_read(struct zm_str s, double *degrees, unsigned *decimals);
