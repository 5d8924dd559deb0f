/* What a worker counts over its whole source: sums and lowest rows, so that the order of merging means
 * nothing. */
#include "geo/check/judge.h"

enum {
    ANGLE_VALUES = 100, /* CRD-009: fewer values prove nothing */
    ANGLE_DISTINCT = 20 /* different seconds there must be */
};

static void keep_example(char out[ZM_ANGLE_EXAMPLE], struct zm_str value)
{
    size_t len = value.len < ZM_ANGLE_EXAMPLE ? value.len : ZM_ANGLE_EXAMPLE - 1;
    memcpy(out, value.ptr, len);
    out[len] = '\0';
}

/* Value of two digits, or -1. */
static int two_digits(const char *s)
{
    bool digits = s[0] >= '0' && s[0] <= '9' && s[1] >= '0' && s[1] <= '9';
    return digits ? (s[0] - '0') * 10 + (s[1] - '0') : -1;
}

void zm_angle_tally_add(struct zm_angle_tally *t, uint64_t row, struct zm_str value)
{
    size_t point = zm_str_find(value, ZM_STR("."), 0);
    if (point == SIZE_MAX || value.len < point + 5)
        return;
    int minutes = two_digits(value.ptr + point + 1), seconds = two_digits(value.ptr + point + 3);
    if (minutes < 0 || seconds < 0)
        return;
    t->n++;
    t->n_over += minutes >= 60 || seconds >= 60;
    t->seconds[seconds >> 6] |= UINT64_C(1) << (seconds & 63);
    if (!t->example_row || row < t->example_row) {
        keep_example(t->example, value);
        t->example_row = row;
    }
}

void zm_angle_tally_merge(struct zm_angle_tally *into, const struct zm_angle_tally *from)
{
    into->n += from->n;
    into->n_over += from->n_over;
    into->seconds[0] |= from->seconds[0];
    into->seconds[1] |= from->seconds[1];
    if (from->example_row && (!into->example_row || from->example_row < into->example_row)) {
        memcpy(into->example, from->example, sizeof into->example);
        into->example_row = from->example_row;
    }
}

/* Decimal degrees have a 60..99 in one of these places in 64 of 100 values; a hundred without one are no
 * accident. */
bool zm_angle_tally_suspicious(const struct zm_angle_tally *t)
{
    int distinct = __builtin_popcountll(t->seconds[0]) + __builtin_popcountll(t->seconds[1]);
    return t->n >= ANGLE_VALUES && t->n_over == 0 && distinct >= ANGLE_DISTINCT;
}

void zm_swap_tally_add(struct zm_swap_tally *t, uint64_t row, struct zm_str x, struct zm_str y)
{
    t->n++;
    if (t->example_row && row >= t->example_row)
        return;
    keep_example(t->x, x);
    keep_example(t->y, y);
    t->example_row = row;
}

void zm_swap_tally_merge(struct zm_swap_tally *into, const struct zm_swap_tally *from)
{
    uint64_t n = into->n + from->n;
    if (from->example_row && (!into->example_row || from->example_row < into->example_row))
        *into = *from;
    into->n = n;
}
