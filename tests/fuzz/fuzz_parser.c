/* Any bytes: the parser covers every byte with one part, and stays in the time and memory of its arena. */
#include "geo/address/parser.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct zm_gazetteer *gazetteer_make(void)
{
    static struct zm_divisions divisions;
    struct zm_gazetteer *g = NULL;
    struct zm_err err;
    if (zm_divisions_init(&divisions, &err) || zm_gazetteer_new(&g, &divisions, 20250630, &err) ||
        zm_gazetteer_add_road(g, 330302, ZM_STR("公园路"), &err) || zm_gazetteer_freeze(g, &err)) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    return g;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zm_gazetteer *g;
    static struct zm_parsed parsed;
    static const struct zm_context context = {.county = 330302, .city = 3303};
    if (!g)
        g = gazetteer_make();
    struct zm_arena arena;
    zm_arena_init(&arena, (size_t)4 << 20);
    if (size <= 65536) {
        struct zm_err err;
        if (zm_parse(&parsed, g, zm_str_n((const char *)data, size), &context, &arena, &err))
            abort();
        uint32_t at = 0;
        for (unsigned i = 0; i < parsed.n_parts; i++) {
            if (parsed.parts[i].begin != at || parsed.parts[i].end <= at)
                abort();
            at = parsed.parts[i].end;
        }
        if (at != size)
            abort();
    }
    zm_arena_release(&arena);
    return 0;
}
