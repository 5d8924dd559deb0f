/* The exact branch of zm_orient: the determinant as a sum of numbers that do not overlap.
 *
 * (ax-cx)(by-cy) - (ay-cy)(bx-cx) expands to six products; each is a double and its rounding error (fma), and
 * the twelve numbers are added one by one into an expansion whose last part carries the sign. */
#include "geo/space/orient.h"

struct expansion {
    double part[12]; /* ascending in size, non-overlapping */
    unsigned n;
};

/* Adds one number; every rounding error stays behind as a part of its own. */
static void expansion_add(struct expansion *e, double value)
{
    for (unsigned i = 0; i < e->n; i++) {
        double sum = value + e->part[i];
        double virtual_part = sum - value;
        double error = (value - (sum - virtual_part)) + (e->part[i] - virtual_part);
        e->part[i] = error;
        value = sum;
    }
    e->part[e->n++] = value;
}

static void expansion_add_product(struct expansion *e, double a, double b)
{
    double product = a * b;
    expansion_add(e, fma(a, b, -product));
    expansion_add(e, product);
}

int zm_orient_exact(double ax, double ay, double bx, double by, double cx, double cy)
{
    struct expansion e = {.n = 0};
    expansion_add_product(&e, ax, by);
    expansion_add_product(&e, -ax, cy);
    expansion_add_product(&e, -cx, by);
    expansion_add_product(&e, -ay, bx);
    expansion_add_product(&e, ay, cx);
    expansion_add_product(&e, cy, bx);
    for (unsigned i = e.n; i-- > 0;) {
        if (e.part[i] != 0)
            return e.part[i] > 0 ? 1 : -1;
    }
    return 0;
}
