/* Any bytes: folded characters keep the order and the bounds of the raw bytes they came from. */
#include "geo/address/fold.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zm_fold_table *table;
    struct zm_err err;
    if (!table && zm_fold_table_new(&table, &err)) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    struct zm_arena arena;
    struct zm_folded f;
    zm_arena_init(&arena, size * 16 + 1024);
    if (zm_fold(&f, table, zm_str_n((const char *)data, size), &arena, &err))
        abort();
    uint32_t end = 0;
    for (uint32_t i = 0; i < f.n; i++) {
        if (f.at[i] < end || !f.cp[i])
            abort();
        end = f.at[i] + f.len[i];
    }
    if (end > size || f.cp[f.n])
        abort();
    zm_arena_release(&arena);
    return 0;
}
