#include "geo/base/sort.h"

#include "geo/base/mem.h"

#include <string.h>

enum { DIGITS = 8, BUCKETS = 256 };

void zm_sort_pairs(struct zm_pair *pairs, struct zm_pair *scratch, size_t n)
{
    static const size_t zero[DIGITS][BUCKETS];
    size_t count[DIGITS][BUCKETS];
    memcpy(count, zero, sizeof count);
    for (size_t i = 0; i < n; i++)
        for (unsigned d = 0; d < DIGITS; d++)
            count[d][pairs[i].key >> (8 * d) & 0xFF]++;

    struct zm_pair *from = pairs, *to = scratch;
    for (unsigned d = 0; d < DIGITS && n > 0; d++) {
        if (count[d][from[0].key >> (8 * d) & 0xFF] == n)
            continue; /* all keys share this digit */
        size_t start = 0;
        for (unsigned b = 0; b < BUCKETS; b++) {
            size_t c = count[d][b];
            count[d][b] = start;
            start += c;
        }
        for (size_t i = 0; i < n; i++)
            to[count[d][from[i].key >> (8 * d) & 0xFF]++] = from[i];
        struct zm_pair *swap = from;
        from = to;
        to = swap;
    }
    if (from != pairs)
        memcpy(pairs, from, n * sizeof *pairs);
}

int zm_sort(struct zm_pair *pairs, size_t n, struct zm_err *err)
{
    if (n < 2)
        return 0;
    struct zm_pair *scratch = zm_alloc(n * sizeof *scratch);
    if (!scratch)
        return zm_fail_memory(err, n * sizeof *scratch);
    zm_sort_pairs(pairs, scratch, n);
    zm_free(scratch);
    return 0;
}
