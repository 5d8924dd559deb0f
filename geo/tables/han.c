#include "geo/tables/han.h"

#include "geo/base/utf8.h"
#include "geo/tables/tables.h"

#include <threads.h>

/* The table's characters lie in planes 0 and 2; one bit a code point up to the end of plane 2. */
enum { CODES = 0x30000 };

/* Written once by fill, then only read. */
static uint64_t bits[CODES / 64];
static once_flag bits_once = ONCE_FLAG_INIT;

static void fill(void)
{
    struct zm_str rest = zm_tables_embedded("han8105.tsv"), line;
    zm_tsv_line(&rest, &line);
    while (zm_tsv_line(&rest, &line)) {
        const char *end = line.ptr + line.len;
        unsigned len;
        for (const char *p = line.ptr; p < end; p += len) {
            uint32_t code = zm_utf8_next(p, end, &len);
            if (code < CODES && zm_is_han(code))
                bits[code >> 6] |= UINT64_C(1) << (code & 63);
        }
    }
}

bool zm_han_standard(uint32_t code)
{
    call_once(&bits_once, fill);
    return code < CODES && (bits[code >> 6] >> (code & 63) & 1);
}
