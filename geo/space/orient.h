/* Exact orientation of three points: the one predicate every cover decision rests on. */
#pragma once

#include <math.h>

/* The sign of (b - a) x (c - a), computed without any rounding. */
int zm_orient_exact(double ax, double ay, double bx, double by, double cx, double cy);

/* 1 if a, b, c turn left, -1 if they turn right, 0 if they are collinear. Exact for finite degrees: the sign
 * of the rounded determinant is taken only where it is larger than its error bound (Shewchuk, Adaptive
 * Precision Floating-Point Arithmetic, 1997). */
static inline int zm_orient(double ax, double ay, double bx, double by, double cx, double cy)
{
    double left = (ax - cx) * (by - cy);
    double right = (ay - cy) * (bx - cx);
    double det = left - right;
    double bound = 3.3306690738754716e-16 * (fabs(left) + fabs(right));
    if (det > bound)
        return 1;
    if (det < -bound)
        return -1;
    return zm_orient_exact(ax, ay, bx, by, cx, cy);
}
