/* Encodings: found out from the whole file, believed when declared only where the bytes agree, decoded
 * without loss. */
#include "geo/base/buf.h"
#include "import/encoding.h"

/* cmocka needs these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* 温州市鹿城区五马街道 in UTF-8 and GBK. */
#define NAME_UTF8                                                                                            \
    "\xE6\xB8\xA9\xE5\xB7\x9E\xE5\xB8\x82\xE9\xB9\xBF\xE5\x9F\x8E\xE5\x8C\xBA\xE4\xBA\x94\xE9\xA9\xAC"
#define NAME_GBK "\xCE\xC2\xD6\xDD\xCA\xD0\xC2\xB9\xB3\xC7\xC7\xF8\xCE\xE5\xC2\xED"

static const struct {
    struct zm_str bytes;
    const char *declared;
    int want; /* enum zm_encoding, -1 for an error */
    bool clean;
    unsigned bom;
    const char *message;
} cases[] = {
    {ZM_STR("id,a\n1,2\n"), "", ZM_ENC_UTF8, true, 0, NULL},
    {ZM_STR(NAME_UTF8 "\n"), "auto", ZM_ENC_UTF8, true, 0, NULL},
    {ZM_STR("\xEF\xBB\xBF" NAME_UTF8), "", ZM_ENC_UTF8, true, 3, NULL},
    {ZM_STR(NAME_UTF8 "\n\xFF"), "", ZM_ENC_UTF8, false, 0, NULL},
    {ZM_STR(NAME_UTF8 "\xE6\xB8"), "", ZM_ENC_UTF8, false, 0, NULL},
    {ZM_STR(NAME_UTF8 "\xE0\x80\x80"), "", ZM_ENC_UTF8, false, 0, NULL}, /* overlong */
    {ZM_STR(NAME_UTF8 "\xED\xA0\x80"), "", ZM_ENC_UTF8, false, 0, NULL}, /* a surrogate */
    {ZM_STR(NAME_UTF8 "\xE0\xA4\x81\xED\x9F\xBF\xF0\xA0\x80\x80\xC2\xB7"), "", ZM_ENC_UTF8, true, 0, NULL},
    {ZM_STR(NAME_GBK "\n"), "", ZM_ENC_GB18030, true, 0, NULL},
    {ZM_STR(NAME_GBK "\x81\x30\x81\x30"), "", ZM_ENC_GB18030, true, 0, NULL},
    {ZM_STR(NAME_GBK NAME_GBK "\xFF\n"), "", ZM_ENC_GB18030, false, 0, NULL},
    {ZM_STR("\xFF\xFEx\0"), "", ZM_ENC_UTF16LE, false, 2, NULL},
    {ZM_STR("\xFE\xFF\0x"), "", ZM_ENC_UTF16BE, false, 2, NULL},
    {ZM_STR("\0a\0,\0b\0\n\0"
            "1\0,\0"
            "2\0\n"),
     "", ZM_ENC_UTF16BE, false, 0, NULL},
    {ZM_STR("a,b\n1,\xE9\n"), "", -1, false, 0,
     "neither UTF-8 nor GB18030 (GBK) nor UTF-16: the first byte that fits none of "
     "them is in line 2"},
    /* declared */
    {ZM_STR(NAME_GBK), "GBK", ZM_ENC_GB18030, true, 0, NULL},
    {ZM_STR("id,a\n"), "gb2312", ZM_ENC_GB18030, true, 0, NULL},
    {ZM_STR("\xC2\xB7\n"), "GB18030", ZM_ENC_GB18030, true, 0, NULL}, /* 路 in GBK, U+00B7 in UTF-8 */
    {ZM_STR(NAME_GBK), "UTF-8", -1, false, 0,
     "declared as UTF-8, but its bytes are not; it looks like GB18030"},
    {ZM_STR(NAME_UTF8), "GB18030", -1, false, 0,
     "declared as GB18030, but its bytes are not; it looks like UTF-8"},
    {ZM_STR("\xFF\xFEx\0"), "utf8", -1, false, 0, "it looks like UTF-16LE"},
    {ZM_STR("\xEF\xBB\xBFx"), "GBK", -1, false, 0, "it looks like UTF-8"},
    {ZM_STR("\xFF\xFEx\0"), "UTF-16", ZM_ENC_UTF16LE, false, 2, NULL},
    {ZM_STR(NAME_UTF8 "\n\xFF\xFE"), "GBK", -1, false, 0, "it looks like UTF-8"},
    {ZM_STR("\x29\x6E\xFF\x5D"), "UTF-16LE", ZM_ENC_UTF16LE, false, 0, NULL},
    {ZM_STR("id,a\n1,2\n"), "UTF-16LE", -1, false, 0, "it looks like UTF-8"},
    {ZM_STR("x"), "Big5", -1, false, 0, "encoding = Big5 is unknown"},
};

static int file_of(struct zm_str bytes)
{
    int fd = memfd_create("text", MFD_CLOEXEC);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
    return fd;
}

static void finds_encodings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_encoding_info info = {0};
        struct zm_err err = {0};
        int fd = file_of(cases[i].bytes);
        int rc = zm_encoding_detect(fd, "f.csv", zm_str(cases[i].declared), &info, &err);
        close(fd);
        if (cases[i].want < 0) {
            if (rc == 0 || !strstr(err.text, cases[i].message))
                fail_msg("case %zu: %s", i, rc ? err.text : zm_encoding_name(info.encoding));
        } else if (rc != 0 || (int)info.encoding != cases[i].want || info.clean != cases[i].clean ||
                   info.bom != cases[i].bom) {
            fail_msg("case %zu: %s %s clean %d bom %u", i, err.text, zm_encoding_name(info.encoding),
                     info.clean, info.bom);
        }
    }
}

/* The verdict must not depend on where the pieces of a big file end. */
static void finds_the_line_in_a_big_file(void **state)
{
    (void)state;
    struct zm_buf text;
    struct zm_encoding_info info;
    struct zm_err err = {0};
    zm_buf_init(&text, 8 << 20);
    for (int i = 0; i < 50000; i++)
        assert_int_equal(zm_buf_put(&text, ZM_STR(NAME_UTF8 "1\n"), NULL), 0);
    int fd = file_of(zm_buf_str(&text));
    assert_int_equal(zm_encoding_detect(fd, "f", ZM_STR(""), &info, &err), 0);
    assert_true(info.encoding == ZM_ENC_UTF8 && info.clean);
    close(fd);
    zm_buf_reset(&text);
    for (int i = 0; i < 50000; i++)
        assert_int_equal(zm_buf_put(&text, ZM_STR("plain text in lines\n"), NULL), 0);
    assert_int_equal(zm_buf_put(&text, ZM_STR("\xFF\xFF\n"), NULL), 0);
    fd = file_of(zm_buf_str(&text));
    assert_int_not_equal(zm_encoding_detect(fd, "f", ZM_STR(""), &info, &err), 0);
    assert_non_null(strstr(err.text, "line 50001"));
    close(fd);
    zm_buf_release(&text);
}

static const struct {
    enum zm_encoding from;
    struct zm_str in;
    const char *want;
    unsigned n_bad;
} decodes[] = {
    {ZM_ENC_GB18030, ZM_STR(NAME_GBK), NAME_UTF8, 0},
    {ZM_ENC_GB18030, ZM_STR("\x9D\x7C|"), "\xE6\xBD\x80|", 0},
    {ZM_ENC_GB18030, ZM_STR("\xAA\xA1"), "\xEE\x80\x80", 0}, /* private use passes: ADR-012 judges it */
    {ZM_ENC_GB18030, ZM_STR("a\x81\nb"), "a\xFF\nb", 1},
    {ZM_ENC_GB18030, ZM_STR("a\xCE"), "a\xFF", 1},
    {ZM_ENC_GB18030, ZM_STR("\x95\x32\x82\x36"), "\xF0\xA0\x80\x80", 0},
    {ZM_ENC_UTF8,
     ZM_STR("a\xFF"
            "b" NAME_UTF8 "\xE6"),
     "a\xFF"
     "b" NAME_UTF8 "\xFF",
     2},
    {ZM_ENC_UTF16LE, ZM_STR("\x29\x6E,\0"), "\xE6\xB8\xA9,", 0},
    {ZM_ENC_UTF16LE, ZM_STR("\x00\xD8,\0"), "\xFF,", 1},
    {ZM_ENC_UTF16BE, ZM_STR("\x6E\x29\0"), "\xE6\xB8\xA9\xFF", 1},
};

/* Whole, and cut in two at every place: the parts must join to the same text. */
static void decodes_in_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof decodes / sizeof *decodes; i++) {
        struct zm_str in = decodes[i].in;
        for (size_t cut = 0; cut <= in.len; cut++) {
            struct zm_decoder d;
            char raw[128], out[256];
            uint64_t n_bad = 0;
            assert_int_equal(zm_decoder_open(&d, decodes[i].from, NULL), 0);
            struct zm_str part = zm_str_sub(in, 0, cut);
            size_t n = zm_decode(&d, &part, out, sizeof out, false, &n_bad);
            memcpy(raw, part.ptr, part.len);
            memcpy(raw + part.len, in.ptr + cut, in.len - cut);
            part = (struct zm_str){raw, part.len + in.len - cut};
            n += zm_decode(&d, &part, out + n, sizeof out - n, true, &n_bad);
            out[n] = '\0';
            if (strcmp(out, decodes[i].want) != 0 || n_bad != decodes[i].n_bad || part.len != 0)
                fail_msg("case %zu cut at %zu: %s, %u bad", i, cut, out, (unsigned)n_bad);
            zm_decoder_close(&d);
        }
    }
}

/* A small room is filled, never overrun, and nothing is lost between the calls. */
static void decodes_into_little_room(void **state)
{
    (void)state;
    for (enum zm_encoding from = ZM_ENC_UTF8; from <= ZM_ENC_GB18030; from++) {
        struct zm_decoder d;
        char out[1024];
        size_t n = 0;
        uint64_t n_bad = 0;
        struct zm_str in = from == ZM_ENC_UTF8 ? ZM_STR(NAME_UTF8 NAME_UTF8) : ZM_STR(NAME_GBK NAME_GBK);
        assert_int_equal(zm_decoder_open(&d, from, NULL), 0);
        for (int calls = 0; in.len; calls++) {
            assert_true(calls < 100);
            n += zm_decode(&d, &in, out + n, 9, true, &n_bad);
        }
        assert_int_equal(n, 2 * (sizeof NAME_UTF8 - 1));
        assert_memory_equal(out, NAME_UTF8 NAME_UTF8, n);
        assert_int_equal(n_bad, 0);
        zm_decoder_close(&d);
    }
}

static void decodes_cells(void **state)
{
    (void)state;
    struct zm_decoder d;
    struct zm_buf out;
    bool clean;
    zm_buf_init(&out, 1 << 16);
    assert_int_equal(zm_decoder_open(&d, ZM_ENC_GB18030, NULL), 0);
    assert_int_equal(zm_decode_cell(&d, ZM_STR(NAME_GBK), &out, &clean, NULL), 0);
    assert_true(clean && zm_str_eq(zm_buf_str(&out), ZM_STR(NAME_UTF8)));
    zm_buf_reset(&out);
    assert_int_equal(zm_decode_cell(&d, ZM_STR("\xCE"), &out, &clean, NULL), 0);
    assert_false(clean);
    zm_decoder_close(&d);
    zm_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_encodings),   cmocka_unit_test(finds_the_line_in_a_big_file),
        cmocka_unit_test(decodes_in_pieces), cmocka_unit_test(decodes_into_little_room),
        cmocka_unit_test(decodes_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
