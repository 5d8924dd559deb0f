/* The CSV reader against what spreadsheets, editors and broken exports produce: every record is read or
 * refused. */
#include "geo/base/buf.h"
#include "geo/base/hash.h"
#include "geo/base/mem.h"
#include "import/csv.h"

/* cmocka needs these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int file_of(const void *bytes, size_t n)
{
    int fd = memfd_create("delivery.csv", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), (ssize_t)n);
    return fd;
}

/* Reads all of the bytes and writes what came of them: "row@line:cell|cell;" and "row@line!reason;", "E text"
 * on error. */
static void transcript(const void *bytes, size_t n, const struct zm_csv_options *options, struct zm_buf *out)
{
    struct zm_row_reader r;
    struct zm_err err = {0};
    int fd = file_of(bytes, n);
    zm_buf_reset(out);
    int rc = zm_csv_open(&r, fd, options, &err);
    for (unsigned i = 0; rc == 0 && i < r.n_columns; i++)
        assert_int_equal(zm_buf_printf(out, NULL, "%s%.*s", i ? "|" : "", ZM_FMT(r.columns[i])), 0);
    for (enum zm_row_state state = ZM_ROW_READ; rc == 0 && state != ZM_ROW_END;) {
        struct zm_raw_row row = {0};
        struct zm_reject reject = {0};
        rc = r.next(r.self, &row, &state, &reject, &err);
        if (rc != 0 || state == ZM_ROW_END)
            break;
        bool refused = state == ZM_ROW_REFUSED;
        assert_int_equal(
            zm_buf_printf(out, NULL, ";%llu@%llu%c", (unsigned long long)(refused ? reject.row : row.row),
                          (unsigned long long)(refused ? reject.line : row.line), refused ? '!' : ':'),
            0);
        if (refused)
            assert_int_equal(zm_buf_put(out, zm_str(zm_reason_name((enum zm_reason)reject.reason)), NULL), 0);
        for (unsigned i = 0; !refused && i < r.n_columns; i++) {
            assert_int_equal(zm_buf_put(out, i ? ZM_STR("|") : ZM_STR(""), NULL), 0);
            assert_int_equal(zm_buf_put(out, row.cells[i], NULL), 0);
        }
    }
    if (rc != 0)
        assert_int_equal(zm_buf_printf(out, NULL, ";E%d %s", (int)err.code, err.text), 0);
    if (r.close && (rc == 0 || out->ptr[0] != ';'))
        zm_row_reader_close(&r);
    close(fd);
}

struct example {
    struct zm_str text;
    const char *want;
    const char *error; /* part of the message, or NULL */
    unsigned header_rows;
};

static const struct example examples[] = {
    {ZM_STR("a,b\n1,2\n"), "a|b;1@2:1|2", NULL, 1},
    {ZM_STR("\xEF\xBB\xBF"
            "a,b\r\n1,2\r\n3,4"),
     "a|b;1@2:1|2;2@3:3|4", NULL, 1},
    {ZM_STR("a,b\r1,2\r3,4\r"), "a|b;1@2:1|2;2@3:3|4", NULL, 1},
    {ZM_STR("a;b\n1;2\n"), "a|b;1@2:1|2", NULL, 1},
    {ZM_STR("a\tb\n1\t2\n"), "a|b;1@2:1|2", NULL, 1},
    {ZM_STR("a|b\n1|2\n"), "a|b;1@2:1|2", NULL, 1},
    {ZM_STR("sep=;\r\na,x;b\r\n1;2\r\n"), "a,x|b;1@3:1|2", NULL, 1},
    {ZM_STR("\"sep=|\"\na|b\n1|2\n"), "a|b;1@3:1|2", NULL, 1},
    /* quotes */
    {ZM_STR("a,b\n\"x,y\",\"he said \"\"hi\"\"\"\n"), "a|b;1@2:x,y|he said \"hi\"", NULL, 1},
    {ZM_STR("a,b\n\"x\r\ny\",2\n3,4\n"), "a|b;1@2:x\r\ny|2;2@4:3|4", NULL, 1},
    {ZM_STR("a,b\n=\"001\",\"=\"\"002\"\"\"\n"), "a|b;1@2:001|002", NULL, 1},
    {ZM_STR("a,b\n\"x\" ,2\n"), "a|b;1@2:x|2", NULL, 1},
    {ZM_STR("a,b\n\"\",\"\"\n"), "a|b;1@2:|", NULL, 1},
    {ZM_STR("a,b\n1,5\"6\n2,3\n"), "a|b;1@2!bad_quotes;2@3:2|3", NULL, 1},
    {ZM_STR("a,b\n\"x\"y,2\n3,4\n"), "a|b;1@2!bad_quotes;2@3:3|4", NULL, 1},
    /* a stray quote is closed by the next one, rows later: only its own line is lost */
    {ZM_STR("a,b\n\"1,2\n3,4\n\"5\",6\n7,8\n"), "a|b;1@2!bad_quotes;2@3:3|4;3@4:5|6;4@5:7|8", NULL, 1},
    {ZM_STR("a,b\n1,2\n3,\"4\n5,6\n"), "a|b;1@2:1|2;E2", "line 3: a quote opened", 1},
    {ZM_STR("a,b\n1,\"2\"\"\n"), "a|b;E2", "line 2: a quote opened", 1},
    /* counts */
    {ZM_STR("a,b\n1\n1,2,3\n1,2,\n1,2,,,\n"), "a|b;1@2!ragged;2@3!ragged;3@4:1|2;4@5:1|2", NULL, 1},
    {ZM_STR("a,b,,\n1,2\n1,2,3\n"), "a|b||;1@2:1|2||;2@3:1|2|3|", NULL, 1},
    {ZM_STR("a,b\n\n1,2\n\r\n\n3,4\n\n"), "a|b;1@3:1|2;2@6:3|4", NULL, 1},
    {ZM_STR("a,b\n,\n"), "a|b;1@2:|", NULL, 1},
    {ZM_STR("a\n1\n2"), "a;1@2:1;2@3:2", NULL, 1},
    {ZM_STR("a,b\n1,2\n3,"), "a|b;1@2:1|2;2@3:3|", NULL, 1},
    {ZM_STR("a,b\n"), "a|b", NULL, 1},
    /* bytes */
    {ZM_STR("a,b\n1,x\0y\n2,3\n"), "a|b;1@2!nul;2@3:2|3", NULL, 1},
    {ZM_STR("a,b\n\"x\0y\",1\n2,3\n"), "a|b;1@2!nul;2@3:2|3", NULL, 1},
    {ZM_STR("地址,b\n温州市鹿城区五马街,x\xFFy\n温州,3\n"), "地址|b;1@2!bad_encoding;2@3:温州|3", NULL, 1},
    {ZM_STR("\xB5\xD8\xD6\xB7,b\n\xCE\xC2\xD6\xDD,1\n"), "地址|b;1@2:温州|1", NULL, 1},
    /* the second byte of 潀 (0x9D 0x7C) is a '|' */
    {ZM_STR("\xB5\xD8\xD6\xB7|b\n\x9D\x7C|1\n"), "地址|b;1@2:潀|1", NULL, 1},
    {ZM_STR("\xFF\xFE"
            "a\0,\0b\0\n\0"
            "\x29\x6E,\0\x31\0\n\0"),
     "a|b;1@2:温|1", NULL, 1},
    {ZM_STR("a\0,\0b\0\r\0\n\0"
            "1\0,\0002\0\r\0\n\0"),
     "a|b;1@2:1|2", NULL, 1},
    /* headers */
    {ZM_STR("\"门牌\n号\",\" a \r\n b \"\n1,2\n"), "门牌号|a b;1@4:1|2", NULL, 1},
    {ZM_STR("名称,坐标,\n,经度,纬度\nx,1,2\n"), "名称|坐标/经度|坐标/纬度;1@3:x|1|2", NULL, 2},
    {ZM_STR("\n\n"), "E2", "no header", 1},
    {ZM_STR(",,\n1,2,3\n"), "E2", "no column name", 1},
    {ZM_STR("a,x\"y\n1,2\n"), "E2", "header cannot be read", 1},
    {ZM_STR("a,b\n"), "E2", "no header", 2},
};

static void reads_examples(void **state)
{
    (void)state;
    struct zm_buf got;
    zm_buf_init(&got, 1 << 20);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        struct zm_csv_options options = {.path = "f.csv", .header_rows = e->header_rows};
        transcript(e->text.ptr, e->text.len, &options, &got);
        assert_int_equal(zm_buf_putc(&got, '\0', NULL), 0);
        const char *text = got.ptr + (got.ptr[0] == ';' ? 1 : 0);
        if (e->error) {
            if (strncmp(text, e->want, strlen(e->want)) != 0 || !strstr(text, e->error))
                fail_msg("example %zu: got %s", i, text);
        } else if (strcmp(text, e->want) != 0) {
            fail_msg("example %zu: want %s, got %s", i, e->want, text);
        }
    }
    zm_buf_release(&got);
}

/* Every text above must come out the same when the window ends anywhere: a long first record pushes it along.
 */
static void reads_across_window_ends(void **state)
{
    (void)state;
    enum { STEP = 512 << 10 };
    static const char tail[] = "x,\"y\r\nz\"\r\n\"a\"\"b\",=\"01\"\r\n\"bad\"q,1\r\n7,8\r\n";
    static const char want[] = ":x|y\r\nz;";
    struct zm_buf text, got;
    zm_buf_init(&text, 4 << 20);
    zm_buf_init(&got, 4 << 20);
    for (size_t shift = 0; shift < sizeof tail + 2; shift++) {
        struct zm_csv_options options = {.path = "f.csv", .header_rows = 1, .delimiter = ','};
        zm_buf_reset(&text);
        assert_int_equal(zm_buf_put(&text, ZM_STR("k,v\n"), NULL), 0);
        while (text.len + 100 < STEP - shift)
            assert_int_equal(zm_buf_printf(&text, NULL, "%094d,1\n", 5), 0);
        while (text.len + 3 < STEP - shift)
            assert_int_equal(zm_buf_put(&text, ZM_STR("\r\n"), NULL), 0);
        assert_int_equal(zm_buf_put(&text, zm_str(tail), NULL), 0);
        transcript(text.ptr, text.len, &options, &got);
        assert_true(zm_str_has(zm_buf_str(&got), zm_str(want)));
        assert_true(zm_str_has(zm_buf_str(&got), ZM_STR(":a\"b|01;")));
        assert_true(zm_str_has(zm_buf_str(&got), ZM_STR("!bad_quotes;")));
        assert_true(zm_str_ends(zm_buf_str(&got), ZM_STR(":7|8")));
    }
    zm_buf_release(&text);
    zm_buf_release(&got);
}

static void refuses_long_fields(void **state)
{
    (void)state;
    static const struct {
        size_t length;
        const char *open, *close, *want;
    } cases[] = {
        {64 << 10, "", "", ":x"},
        {(64 << 10) + 1, "", "", "!long_field"},
        {(64 << 10) + 1, "\"", "\"", "!long_field"},
        {5 << 20, "", "", "!long_field"},
        {30 << 20, "\"", "\"", "!long_field"},
    };
    struct zm_buf text, got;
    zm_buf_init(&text, 64 << 20);
    zm_buf_init(&got, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_csv_options options = {.path = "f.csv", .header_rows = 1};
        char *at;
        zm_buf_reset(&text);
        assert_int_equal(zm_buf_printf(&text, NULL, "a,b\n1,%s", cases[i].open), 0);
        assert_int_equal(zm_buf_reserve(&text, cases[i].length, &at, NULL), 0);
        memset(at, 'x', cases[i].length);
        for (size_t k = 1000; cases[i].open[0] && k < cases[i].length; k += 1000)
            at[k] = '\n';
        text.len += cases[i].length;
        assert_int_equal(zm_buf_printf(&text, NULL, "%s\n3,4\n", cases[i].close), 0);
        transcript(text.ptr, text.len, &options, &got);
        assert_true(zm_str_has(zm_buf_str(&got), zm_str(cases[i].want + (cases[i].want[0] == ':'))));
        size_t breaks = cases[i].open[0] ? (cases[i].length - 1) / 1000 : 0;
        char want[64];
        snprintf(want, sizeof want, ";2@%zu:3|4", breaks + 3);
        if (!zm_str_ends(zm_buf_str(&got), zm_str(want)))
            fail_msg("case %zu: want %s, got %.80s", i, want, got.ptr);
    }
    zm_buf_release(&text);
    zm_buf_release(&got);
}

/* A quote opened and never closed must not eat a big file, nor be mistaken for one long field. */
static void names_the_line_of_an_open_quote(void **state)
{
    (void)state;
    struct zm_csv_options options = {.path = "f.csv", .header_rows = 1};
    struct zm_buf text, got;
    zm_buf_init(&text, 64 << 20);
    zm_buf_init(&got, 1 << 20);
    assert_int_equal(zm_buf_put(&text, ZM_STR("a,b\n1,2\n3,\"4\n"), NULL), 0);
    while (text.len < 6 << 20)
        assert_int_equal(zm_buf_put(&text, ZM_STR("5,6\n"), NULL), 0);
    transcript(text.ptr, text.len, &options, &got);
    assert_true(zm_str_has(zm_buf_str(&got), ZM_STR("f.csv line 3: a quote opened")));
    zm_buf_release(&text);
    zm_buf_release(&got);
}

static void refuses_257_columns(void **state)
{
    (void)state;
    struct zm_csv_options options = {.path = "f.csv", .header_rows = 1};
    struct zm_buf text, got;
    zm_buf_init(&text, 1 << 20);
    zm_buf_init(&got, 1 << 20);
    for (unsigned n = 256; n <= 257; n++) {
        zm_buf_reset(&text);
        for (unsigned i = 0; i < n; i++)
            assert_int_equal(zm_buf_printf(&text, NULL, "c%u%c", i, i + 1 < n ? ',' : '\n'), 0);
        transcript(text.ptr, text.len, &options, &got);
        assert_int_equal(zm_str_has(zm_buf_str(&got), ZM_STR("257 columns, more than 256")), n == 257);
    }
    zm_buf_release(&text);
    zm_buf_release(&got);
}

static void survives_failing_memory(void **state)
{
    (void)state;
    static const char text[] = "a,b\n1,2\n";
    struct zm_csv_options options = {.path = "f.csv", .header_rows = 1};
    int failed = 0, rc = 1;
    for (long k = 1; rc != 0 && k < 100; k++) {
        struct zm_row_reader r = {0};
        struct zm_err err = {0};
        int fd = file_of(text, sizeof text - 1);
        zm_mem_fail_at(k);
        rc = zm_csv_open(&r, fd, &options, &err);
        zm_mem_fail_at(0);
        if (rc == 0)
            zm_row_reader_close(&r);
        else
            assert_true(err.text[0] != '\0');
        failed += rc != 0;
        close(fd);
    }
    assert_int_equal(rc, 0);
    assert_true(failed >= 3);
}

static uint32_t draw(uint32_t *state, uint32_t n)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 16) % n;
}

/* Appends a random cell to *text as RFC 4180 writes it, and its content to *plain; counts its line breaks. */
static void write_cell(uint32_t *state, struct zm_buf *text, struct zm_buf *plain, uint64_t *lines)
{
    static const struct zm_str atoms[] = {ZM_STR("a"),  ZM_STR("\""), ZM_STR(","),  ZM_STR("\r\n"),
                                          ZM_STR("温"), ZM_STR("\n"), ZM_STR("潀"), ZM_STR(" "),
                                          ZM_STR("12"), ZM_STR("𠀀"), ZM_STR("=a")};
    size_t before = plain->len;
    bool quoted = draw(state, 3) == 0;
    for (uint32_t n = draw(state, 12); n > 0; n--) {
        struct zm_str atom = atoms[draw(state, sizeof atoms / sizeof *atoms)];
        quoted = quoted || strchr("\",\r\n=", atom.ptr[0]);
        *lines += zm_str_has(atom, ZM_STR("\n"));
        assert_int_equal(zm_buf_put(plain, atom, NULL), 0);
    }
    struct zm_str cell = zm_str_sub(zm_buf_str(plain), before, plain->len);
    if (quoted)
        assert_int_equal(zm_buf_putc(text, '"', NULL), 0);
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] == '"')
            assert_int_equal(zm_buf_putc(text, '"', NULL), 0);
        assert_int_equal(zm_buf_putc(text, cell.ptr[i], NULL), 0);
    }
    if (quoted)
        assert_int_equal(zm_buf_putc(text, '"', NULL), 0);
}

static void encode(const char *to, struct zm_str text, struct zm_buf *out)
{
    iconv_t handle = iconv_open(to, "UTF-8");
    char *at, *from = (char *)text.ptr;
    size_t left = text.len * 2 + 16;
    zm_buf_reset(out);
    assert_int_equal(zm_buf_reserve(out, left, &at, NULL), 0);
    size_t room = left;
    assert_int_equal(iconv(handle, &from, &text.len, &at, &left), 0);
    out->len = room - left;
    iconv_close(handle);
}

/* Three MiB of random cells, over many windows, in three encodings: every cell and every line number comes
 * back. */
static void reads_back_what_was_written(void **state)
{
    (void)state;
    enum { N_COLUMNS = 5, N_ROWS = 40000 };
    static const char *const encodings[] = {"UTF-8", "GB18030", "UTF-16LE"};
    struct zm_buf text, plain, want, file, got;
    uint32_t seed = 20250630;
    uint64_t line = 2;
    struct zm_buf *all[] = {&text, &plain, &want, &file, &got};
    for (size_t i = 0; i < 5; i++)
        zm_buf_init(all[i], 64 << 20);
    assert_int_equal(zm_buf_put(&text, ZM_STR("c0,c1,c2,c3,c4\r\n"), NULL), 0);
    assert_int_equal(zm_buf_put(&want, ZM_STR("c0|c1|c2|c3|c4"), NULL), 0);
    for (unsigned row = 1; row <= N_ROWS; row++) {
        assert_int_equal(zm_buf_printf(&want, NULL, ";%u@%llu:", row, (unsigned long long)line), 0);
        for (unsigned c = 0; c < N_COLUMNS; c++) {
            zm_buf_reset(&plain);
            write_cell(&seed, &text, &plain, &line);
            assert_int_equal(zm_buf_put(&text,
                                        c + 1 < N_COLUMNS ? ZM_STR(",")
                                        : row % 3         ? ZM_STR("\n")
                                                          : ZM_STR("\r\n"),
                                        NULL),
                             0);
            assert_int_equal(zm_buf_put(&want, c ? ZM_STR("|") : ZM_STR(""), NULL), 0);
            assert_int_equal(zm_buf_put(&want, zm_buf_str(&plain), NULL), 0);
        }
        line++;
    }
    assert_true(text.len > 2 << 20);
    for (size_t e = 0; e < sizeof encodings / sizeof *encodings; e++) {
        struct zm_csv_options options = {
            .path = "f.csv", .encoding = zm_str(encodings[e]), .header_rows = 1, .delimiter = ','};
        encode(encodings[e], zm_buf_str(&text), &file);
        transcript(file.ptr, file.len, &options, &got);
        size_t at = 0;
        while (at < got.len && at < want.len && got.ptr[at] == want.ptr[at])
            at++;
        if (at < want.len)
            fail_msg("%s at %zu: want %.80s, got %.80s", encodings[e], at, want.ptr + at, got.ptr + at);
        assert_int_equal(got.len, want.len);
        assert_memory_equal(got.ptr, want.ptr, want.len);
    }
    for (size_t i = 0; i < 5; i++)
        zm_buf_release(all[i]);
}

/* One hash over all cells of a real file, and its counts; false if the file is not there. */
static bool digest(const char *name, uint64_t *hash, uint64_t *rows, uint64_t *refused, struct zm_err *err)
{
    const char *root = getenv("ZM_REAL_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", root ? root : ZM_SOURCE_DIR "/../shared/data", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct zm_csv_options options = {.path = path, .header_rows = 1};
    struct zm_row_reader r;
    int rc = zm_csv_open(&r, fd, &options, err);
    *hash = *rows = *refused = 0;
    for (enum zm_row_state state = ZM_ROW_READ; rc == 0;) {
        struct zm_raw_row row;
        struct zm_reject reject;
        rc = r.next(r.self, &row, &state, &reject, err);
        if (rc != 0 || state == ZM_ROW_END) {
            zm_row_reader_close(&r);
            break;
        }
        *(state == ZM_ROW_READ ? rows : refused) += 1;
        for (unsigned i = 0; state == ZM_ROW_READ && i < r.n_columns; i++)
            *hash = zm_hash_mix(*hash, zm_hash(row.cells[i]));
    }
    close(fd);
    return true;
}

/* The same table in five encodings reads the same; the table that lost characters on its way has as many
 * rows. */
static void reads_real_files(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint64_t rows, refused; /* records as Python's csv module counts them; refused ones among them */
    } files[] = {
        {"messy/csv/derived_villages_3303_utf8bom.csv", 3685, 0},
        {"messy/csv/derived_villages_3303_gb18030.csv", 3685, 0},
        {"messy/csv/derived_villages_3303_gbk_crlf.csv", 3685, 0},
        {"messy/csv/derived_villages_3303_utf16le.csv", 3685, 0},
        {"messy/csv/derived_villages_3303_gb2312_lossy.csv", 3685, 0},
        {"messy/csv/gdal_header_with_line_break.csv", 3, 0},
        {"messy/csv/gdal_inf_nan.csv", 4, 0},
        {"messy/csv/gdal_double_quotes_in_middle_of_field.csv", 1, 1},
        {"divisions/areas_2023_4cities.csv", 39, 0},
        {"divisions/streets_2023_4cities.csv", 630, 0},
        {"divisions/villages_2023_4cities.csv", 11490, 0},
        {"points/coffee_shops_wenzhou_gcj02.csv", 76, 0},
        {"points/geonames_cities500_bbox.csv", 287, 0},
        {"roads/road_names_by_county.csv", 1648, 0},
        {"address/wenzhou_addresses_give.csv", 2520, 0},
    };
    uint64_t hash, rows, refused, first = 0;
    struct zm_err err = {0};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!digest(files[i].name, &hash, &rows, &refused, &err)) {
            print_message("real data is absent (ZM_REAL_DATA); skipped\n");
            skip();
        }
        if (err.text[0] || rows + refused != files[i].rows || refused != files[i].refused)
            fail_msg("%s: %llu rows, %llu refused %s", files[i].name, (unsigned long long)rows,
                     (unsigned long long)refused, err.text);
        first = i == 0 ? hash : first;
        if (i < 4 && hash != first)
            fail_msg("%s: not the same text", files[i].name);
    }
    assert_true(digest("messy/csv/gdal_unbalanced_double_quotes.csv", &hash, &rows, &refused, &err));
    assert_non_null(strstr(err.text, "line 2: a quote opened"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_examples),
        cmocka_unit_test(reads_across_window_ends),
        cmocka_unit_test(reads_back_what_was_written),
        cmocka_unit_test(refuses_long_fields),
        cmocka_unit_test(names_the_line_of_an_open_quote),
        cmocka_unit_test(refuses_257_columns),
        cmocka_unit_test(survives_failing_memory),
        cmocka_unit_test(reads_real_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
