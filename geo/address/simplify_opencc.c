#include "geo/address/simplify_opencc.h"

#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/tables/han.h"

#include <opencc/opencc.h>

enum { FIRST = 0x3400, LAST = 0x9FFF };

/* All candidates in one text, a line feed behind each, so that no phrase rule can join two of them. */
static size_t candidates_put(char *text)
{
    size_t n = 0;
    for (uint32_t code = FIRST; code <= LAST; code++) {
        if (!zm_is_han(code) || zm_han_standard(code))
            continue;
        n += zm_utf8_put(code, text + n);
        text[n++] = '\n';
    }
    return n;
}

static void candidates_take(uint16_t *map, const char *text, size_t size)
{
    const char *p = text, *end = text + size;
    for (uint32_t code = FIRST; code <= LAST; code++) {
        if (!zm_is_han(code) || zm_han_standard(code))
            continue;
        const char *line = memchr(p, '\n', (size_t)(end - p));
        if (!line)
            return;
        unsigned len;
        uint32_t simple = p < line ? zm_utf8_next(p, line, &len) : 0;
        if (simple && simple <= 0xFFFF && p + len == line && zm_is_han(simple))
            map[code] = (uint16_t)simple;
        p = line + 1;
    }
}

/* OpenCC says "not open" with a pointer of -1. */
static bool is_open(opencc_t converter)
{
    return converter && (intptr_t)converter != -1;
}

int zm_simplify_table(uint16_t *map, struct zm_err *err)
{
    size_t size = (size_t)(LAST - FIRST + 1) * 4;
    char *text = zm_alloc(size), *simple = NULL;
    int rc = 0;
    opencc_t converter = NULL;
    if (!text) {
        rc = zm_fail_memory(err, size);
        goto out;
    }
    converter = opencc_open("t2s.json");
    if (!is_open(converter)) {
        rc = zm_fail(err, ZM_E_INPUT, "cannot open OpenCC's t2s.json: %s", opencc_error());
        goto out;
    }
    simple = opencc_convert_utf8(converter, text, candidates_put(text));
    if (!simple) {
        rc = zm_fail(err, ZM_E_INTERNAL, "OpenCC cannot convert its characters: %s", opencc_error());
        goto out;
    }
    candidates_take(map, simple, strlen(simple));
out:
    if (simple)
        opencc_convert_utf8_free(simple);
    if (is_open(converter))
        opencc_close(converter);
    zm_free(text);
    return rc;
}
