#include "geo/check/angle.h"

#include <math.h>

/* A degree is 60 minutes or 3,600 seconds: so many decimal places of a degree a whole one is worth. */
enum { MINUTE_PLACES = 2, SECOND_PLACES = 3, DIGITS_MAX = 18 };

static bool take(struct zm_str *s, struct zm_str mark)
{
    if (!zm_str_starts(*s, mark))
        return false;
    *s = zm_str_sub(*s, mark.len, s->len);
    return true;
}

static bool take_any(struct zm_str *s, const char *const *marks, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (take(s, zm_str(marks[i])))
            return true;
    return false;
}

/* Digits with an optional fraction; false if there are none. */
static bool take_number(struct zm_str *s, double *value, unsigned *places)
{
    size_t n = 0, point = SIZE_MAX;
    while (n < s->len && n < DIGITS_MAX) {
        char c = s->ptr[n];
        if (c == '.' && point == SIZE_MAX)
            point = n;
        else if (c < '0' || c > '9')
            break;
        n++;
    }
    if (!zm_str_to_double(zm_str_sub(*s, 0, n), value))
        return false;
    *places = point == SIZE_MAX ? 0 : (unsigned)(n - point - 1);
    *s = zm_str_sub(*s, n, s->len);
    return true;
}

static unsigned places_of(struct zm_str plain)
{
    size_t point = zm_str_find(plain, ZM_STR("."), 0);
    if (point == SIZE_MAX)
        return 0;
    unsigned places = 0;
    while (point + 1 + places < plain.len && plain.ptr[point + 1 + places] >= '0' &&
           plain.ptr[point + 1 + places] <= '9')
        places++;
    bool exponent = point + 1 + places < plain.len; /* 1.2065E+02 keeps its digits, but moves the point */
    return exponent && places >= 2 ? places - 2 : places;
}

enum zm_angle zm_angle_read(struct zm_str s, double *degrees, unsigned *decimals)
{
    static const char *const hemispheres[] = {"东经", "北纬", "E", "N", "e", "n"};
    static const char *const degree_marks[] = {"°", "度", "º", "˚"};
    static const char *const minute_marks[] = {"′", "'", "’", "分"};
    static const char *const second_marks[] = {"″", "\"", "”", "''", "′′", "秒"};
    double d, minutes = 0, seconds = 0, plain;
    unsigned places, minute_places, second_places;

    if (zm_str_to_double(s, &plain)) {
        *degrees = plain;
        *decimals = places_of(s);
        return ZM_ANGLE_PLAIN;
    }
    take_any(&s, hemispheres, 6);
    if (!take_number(&s, &d, &places))
        return ZM_ANGLE_INVALID;
    if (take_any(&s, degree_marks, 4) && s.len && take_number(&s, &minutes, &minute_places)) {
        if (!take_any(&s, minute_marks, 4))
            return ZM_ANGLE_INVALID;
        places = MINUTE_PLACES + minute_places;
        if (s.len && take_number(&s, &seconds, &second_places)) {
            take_any(&s, second_marks, 6);
            places = SECOND_PLACES + second_places;
        }
        take_any(&s, hemispheres, 6);
        if (s.len)
            return ZM_ANGLE_INVALID;
        if (minutes >= 60 || seconds >= 60)
            return ZM_ANGLE_OVERFLOW;
        *degrees = d + minutes / 60 + seconds / 3600;
        *decimals = places;
        return ZM_ANGLE_DMS;
    }
    take_any(&s, hemispheres, 6);
    if (s.len)
        return ZM_ANGLE_INVALID;
    *degrees = d;
    *decimals = places;
    return ZM_ANGLE_PLAIN;
}
