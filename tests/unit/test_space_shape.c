/* WKB: what is read, what is refused, and that no byte behind the end is ever touched. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/base/mem.h"
#include "geo/space/shape.h"

#include <stdlib.h>

/* Hex with blanks for reading, and shorthands for the doubles: 0 1 2 as %0 %1 %2, NaN as %n, infinity as %i,
 * all little endian. */
static size_t from_hex(const char *hex, unsigned char *out)
{
    static const struct {
        char name;
        const char *hex;
    } doubles[] = {{'0', "0000000000000000"},
                   {'1', "000000000000f03f"},
                   {'2', "0000000000000040"},
                   {'n', "000000000000f87f"},
                   {'i', "000000000000f07f"}};
    size_t n = 0;
    for (; *hex; hex++) {
        if (*hex == ' ')
            continue;
        if (*hex == '%') {
            hex++;
            for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
                if (doubles[i].name == *hex)
                    n += from_hex(doubles[i].hex, out + n);
            }
            continue;
        }
        char byte[3] = {hex[0], hex[1], 0};
        out[n++] = (unsigned char)strtoul(byte, NULL, 16);
        hex++;
    }
    return n;
}

/* Reads from a heap block of exactly that size, so that AddressSanitizer sees any byte too far. */
static int read_exact(struct zm_shape *s, const unsigned char *bytes, size_t n, struct zm_err *err)
{
    unsigned char *copy = malloc(n + !n);
    memcpy(copy, bytes, n);
    int rc = zm_shape_from_wkb(s, zm_str_n((const char *)copy, n), err);
    free(copy);
    return rc;
}

static const struct {
    const char *name, *wkb;
    enum zm_shape_type type;
    uint32_t n_points, n_parts;
    double last_x, last_y;
} good[] = {
    {"point", "01 01000000 %1 %2", ZM_SHAPE_POINT, 1, 1, 1, 2},
    {"big endian", "00 00000001 3ff0000000000000 4000000000000000", ZM_SHAPE_POINT, 1, 1, 1, 2},
    {"iso z", "01 e9030000 %1 %2 %0", ZM_SHAPE_POINT, 1, 1, 1, 2},
    {"iso m", "01 d1070000 %1 %2 %0", ZM_SHAPE_POINT, 1, 1, 1, 2},
    {"iso zm, z is NaN", "01 b90b0000 %1 %2 %n %0", ZM_SHAPE_POINT, 1, 1, 1, 2},
    {"ewkb z", "01 01000080 %1 %2 %0", ZM_SHAPE_POINT, 1, 1, 1, 2},
    {"ewkb zm and srid", "01 010000e0 8a110000 %1 %2 %0 %0", ZM_SHAPE_POINT, 1, 1, 1, 2},
    {"line", "01 02000000 02000000 %0 %0 %2 %1", ZM_SHAPE_LINE, 2, 1, 2, 1},
    {"polygon, hole", "01 03000000 02000000 03000000 %0%0%1%0%1%1 03000000 %0%0%1%0%1%2", ZM_SHAPE_POLYGON, 6,
     2, 1, 2},
    {"multipoint", "01 04000000 02000000 01 01000000 %1%1 01 01000000 %2%1", ZM_SHAPE_POINT, 2, 2, 2, 1},
    {"multiline, mixed order", "00 00000005 00000001 01 02000000 02000000 %0%0%2%1", ZM_SHAPE_LINE, 2, 1, 2,
     1},
    {"multipolygon, z inside", "01 06000000 01000000 01 03000080 01000000 01000000 %2%2%0", ZM_SHAPE_POLYGON,
     1, 1, 2, 2},
    {"empty ring is no part", "01 03000000 02000000 01000000 %2%1 00000000", ZM_SHAPE_POLYGON, 1, 1, 2, 1},
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        unsigned char bytes[512] = {0};
        struct zm_shape s;
        struct zm_err err = {0};
        if (read_exact(&s, bytes, from_hex(good[i].wkb, bytes), &err) != 0)
            fail_msg("%s: %s", good[i].name, err.text);
        if (s.type != good[i].type || s.n_points != good[i].n_points || s.n_parts != good[i].n_parts ||
            s.ends[s.n_parts - 1] != s.n_points || s.xy[2 * s.n_points - 2] != good[i].last_x ||
            s.xy[2 * s.n_points - 1] != good[i].last_y)
            fail_msg("%s: type %d, %u points, %u parts", good[i].name, (int)s.type, s.n_points, s.n_parts);
        zm_shape_release(&s);
        assert_null(s.xy);
    }
}

static const struct {
    const char *wkb, *says;
} bad[] = {
    {"", "empty"},
    {"02 01000000 %1 %2", "byte order"},
    {"01 00000000 %1 %2", "type"},
    {"01 07000000 00000000", "type"}, /* geometry collection */
    {"01 0a000000 00000000", "type"}, /* curve polygon */
    {"01 a10f0000 %1 %2", "type"},    /* 4001 */
    {"01 01000010 %1 %2", "type"},    /* an unknown flag */
    {"01 01000000 %n %n", "finite"},  /* how an empty point is written */
    {"01 01000000 %1 %i", "finite"},
    {"01 01000000 %1 %2 00", "left over"},
    {"01 02000000 ffffffff %1 %2", "more points"},
    {"01 02000000 00000000", "no point"},
    {"01 03000000 00000000", "no point"},
    {"01 03000000 ffffffff", "too early"},
    {"01 06000000 ffffffff", "too early"},
    {"01 06000000 01000000 01 02000000 01000000 %1%1", "another type"},
    {"01 06000000 01000000 01 06000000 00000000", "another type"},
};

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        unsigned char bytes[512] = {0};
        struct zm_shape s = {.n_points = 77};
        struct zm_err err = {0};
        assert_int_equal(read_exact(&s, bytes, from_hex(bad[i].wkb, bytes), &err), ZM_E_INPUT);
        if (!strstr(err.text, bad[i].says))
            fail_msg("%s: expected '%s', obtained '%s'", bad[i].wkb, bad[i].says, err.text);
        assert_int_equal(s.n_points, 77);
    }
}

/* Each good shape cut at every byte is refused; each byte turned around is refused or read, never more. */
static void test_damaged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        unsigned char bytes[512] = {0};
        size_t n = from_hex(good[i].wkb, bytes);
        struct zm_shape s;
        for (size_t cut = 0; cut < n; cut++)
            assert_int_equal(read_exact(&s, bytes, cut, NULL), ZM_E_INPUT);
        for (size_t k = 0; k < n; k++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                bytes[k] ^= (unsigned char)(1u << bit);
                if (read_exact(&s, bytes, n, NULL) == 0)
                    zm_shape_release(&s);
                bytes[k] ^= (unsigned char)(1u << bit);
            }
        }
    }
}

static void test_failing_memory(void **state)
{
    (void)state;
    unsigned char bytes[512] = {0};
    size_t n = from_hex(good[8].wkb, bytes);
    for (long k = 1; k <= 2; k++) {
        struct zm_shape s;
        zm_mem_fail_at(k);
        assert_int_equal(read_exact(&s, bytes, n, NULL), ZM_E_MEMORY);
        zm_mem_fail_at(0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
