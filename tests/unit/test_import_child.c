/* The wall between the program and its reader: this test program is the parent, and, called again with the
 * argument `reader`, a good or a bad child. What the child does stands in the name of the source. */
#include "geo/base/mem.h"
#include "import/child_channel.h"
#include "import/child_orders.h"
#include "import/import.h"
#include "import/reader_file.h"
#include "import/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/zm-import-XXXXXX";

static void write_file(const char *name, const char *content, char path[200])
{
    snprintf(path, 200, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Bad children. */

static void answer(enum zm_message type, const void *payload, size_t size)
{
    if (zm_channel_send(ZM_CHANNEL_FD, type, zm_str_n(payload, size), NULL) != 0)
        _exit(9);
}

static void answer_text(const char *text)
{
    char message[600];
    uint32_t code = ZM_E_INPUT;
    memcpy(message, &code, sizeof code);
    size_t len = (size_t)snprintf(message + sizeof code, sizeof message - sizeof code, "%s", text);
    answer(ZM_MESSAGE_ERROR, message, sizeof code + len);
}

static bool has_files_behind(int from, int own)
{
    for (int fd = from + 1; fd < 64; fd++)
        if (fd != own && fcntl(fd, F_GETFD) >= 0)
            return true;
    return false;
}

/* Writes down everything that worked and must not have. */
static void probe(const char *path)
{
    static char text[500] = "could:";
    static const char other[] = "/etc/hostname";
    int fd = open(path, O_PATH | O_CLOEXEC);
    bool landlocked = false;
    struct zm_err err = {0};
    if (zm_sandbox_limit(1, &err) != 0 || zm_sandbox_lock(&fd, 1, &landlocked, &err) != 0) {
        answer_text(err.text);
        return;
    }
#define MUST_FAIL(name, worked)                                                                              \
    if (worked)                                                                                              \
    strcat(text, " " name)
    char made[220], *const argv[] = {NULL};
    snprintf(made, sizeof made, "%s.made", path);
    MUST_FAIL("socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
    MUST_FAIL("unix-socket", socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
    MUST_FAIL("fork", fork() >= 0);
    MUST_FAIL("execve", execve("/bin/true", argv, argv) == 0);
    MUST_FAIL("ptrace", ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
    MUST_FAIL("kill", kill(getppid(), 0) == 0);
    MUST_FAIL("create", open(made, O_WRONLY | O_CREAT, 0600) >= 0);
    MUST_FAIL("write-open", open(path, O_RDWR) >= 0);
    MUST_FAIL("truncate", truncate(path, 0) == 0);
    MUST_FAIL("unlink", unlink(path) == 0);
    MUST_FAIL("rename", rename(path, made) == 0);
    MUST_FAIL("mkdir", mkdir(made, 0700) == 0);
    MUST_FAIL("chmod", chmod(path, 0777) == 0);
    MUST_FAIL("memfd", memfd_create("x", 0) >= 0);
    MUST_FAIL("raise-limit", setrlimit(RLIMIT_FSIZE, &(struct rlimit){1, 1}) == 0);
    MUST_FAIL("read-other", landlocked && open(other, O_RDONLY) >= 0);
    MUST_FAIL("environment", getenv("OGR_SKIP") || getenv("SPATIALITE_SECURITY") || getenv("ZM_TEST_SECRET"));
    MUST_FAIL("inherited-file", has_files_behind(ZM_SLOTS_FD, fd));
#undef MUST_FAIL
    if (open(path, O_RDONLY) < 0)
        strcat(text, " not-read");
    answer_text(text);
}

static void send_block(uint32_t slot, uint32_t size)
{
    struct zm_import_stats stats = {.rows_in = 1};
    struct zm_slot_used used = {slot, size};
    answer(ZM_MESSAGE_OPENED, &stats, sizeof stats);
    answer(ZM_MESSAGE_BATCH, &used, sizeof used);
    answer(ZM_MESSAGE_END, &stats, sizeof stats);
}

/* One good row in slot 0. */
static void send_row(uint64_t row, uint64_t rows_in)
{
    static const uint8_t fields[] = {ZM_AF_TEXT};
    size_t bytes = (size_t)ZM_SLOTS * ZM_BATCH_BLOCK_BYTES;
    char *slots = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ZM_SLOTS_FD, 0);
    struct zm_batch_builder b;
    if (slots == MAP_FAILED)
        _exit(9);
    zm_batch_init(&b, slots, ZM_BATCH_BLOCK_BYTES, ZM_KIND_ADDRESS, fields, 1);
    zm_batch_begin(&b, row);
    zm_batch_cell(&b, ZM_STR("x"));
    zm_batch_commit(&b);
    struct zm_import_stats stats = {.rows_in = rows_in};
    struct zm_slot_used used = {0, (uint32_t)zm_batch_finish(&b)};
    answer(ZM_MESSAGE_OPENED, &stats, sizeof stats);
    answer(ZM_MESSAGE_BATCH, &used, sizeof used);
    answer(ZM_MESSAGE_BATCH, &used, sizeof used);
    answer(ZM_MESSAGE_END, &stats, sizeof stats);
}

static void send_late_end(void)
{
    struct zm_import_stats stats = {.rows_in = 7};
    memset(stats.format, 'x', sizeof stats.format); /* without a NUL */
    answer(ZM_MESSAGE_OPENED, &stats, sizeof stats);
    answer(ZM_MESSAGE_END, &stats, sizeof stats);
}

static void spin(void)
{
    setrlimit(RLIMIT_CPU, &(struct rlimit){1, 2});
    for (volatile unsigned n = 0;; n++)
        continue;
}

static int bad_child(const struct zm_orders *orders)
{
    char name[32], path[200];
    snprintf(name, sizeof name, "%.*s", ZM_FMT(orders->source.name));
    snprintf(path, sizeof path, "%.*s", ZM_FMT(orders->source.path));
    if (strcmp(name, "mute") == 0)
        _exit(7);
    if (strcmp(name, "segv") == 0) {
        signal(SIGSEGV, SIG_DFL);
        raise(SIGSEGV);
    }
    if (strcmp(name, "abort") == 0) {
        signal(SIGABRT, SIG_DFL);
        raise(SIGABRT);
    }
    if (strcmp(name, "spin") == 0)
        spin();
    if (strcmp(name, "probe") == 0)
        probe(path);
    if (strcmp(name, "slot") == 0)
        send_block(99, 100);
    if (strcmp(name, "size") == 0)
        send_block(0, UINT32_MAX);
    if (strcmp(name, "zeros") == 0)
        send_block(0, 4096);
    if (strcmp(name, "twice") == 0)
        send_row(5, 2);
    if (strcmp(name, "sum") == 0)
        send_late_end();
    if (strcmp(name, "frame") == 0)
        (void)!write(ZM_CHANNEL_FD, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    if (strcmp(name, "half") == 0)
        (void)!write(ZM_CHANNEL_FD, "\x03\0\0\0\0\x01\0\0xx", 10);
    if (strcmp(name, "error") == 0)
        answer(ZM_MESSAGE_ERROR, "\x09\0\0\0evil\x1b[31m\nline", 19);
    return 0;
}

/* Peeks at the orders to see whether this child is to be good; a good one reads them itself. */
static int reader(void)
{
    static char peeked[1 << 16];
    struct zm_arena arena;
    struct zm_orders orders;
    ssize_t n = recv(ZM_CHANNEL_FD, peeked, sizeof peeked, MSG_PEEK);
    if (n < 8)
        return 9;
    zm_arena_init(&arena, 1 << 20);
    if (zm_orders_decode(&orders, &arena, zm_str_n(peeked + 8, (size_t)n - 8), NULL) != 0)
        return 9;
    if (zm_str_eq(orders.source.name, ZM_STR("good"))) {
        zm_arena_release(&arena);
        return zm_reader_main();
    }
    int rc = bad_child(&orders);
    zm_arena_release(&arena);
    return rc;
}

/* The parent's side. */

static int read_all(const char *name, const char *path, struct zm_import_stats *stats, uint64_t *rows,
                    struct zm_err *err)
{
    struct zm_source source = {
        .name = zm_str(name), .path = zm_str(path), .header_rows = 1, .datum = ZM_STR("none")};
    struct zm_import *in;
    struct zm_batch batch;
    bool more = true;
    *rows = 0;
    int rc = zm_import_open(&in, &source, "/proc/self/exe", err);
    if (rc != 0)
        return rc;
    void *block = zm_alloc(ZM_BATCH_BLOCK_BYTES);
    rc = block ? 0 : zm_fail_memory(err, ZM_BATCH_BLOCK_BYTES);
    while (rc == 0 && (rc = zm_import_next(in, block, &batch, &more, err)) == 0 && more)
        *rows += batch.head->n_rows;
    *stats = *zm_import_stats(in);
    zm_free(block);
    zm_import_close(in);
    return rc;
}

static void assert_no_children(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void test_good_child_reads(void **state)
{
    (void)state;
    char path[200];
    write_file("good.csv", "编号,地址\n1,温州市五马街1号\n2,x\"y\n3,温州市五马街3号\n", path);
    struct zm_import_stats stats;
    struct zm_err err = {0};
    uint64_t rows;
    assert_int_equal(read_all("good", path, &stats, &rows, &err), 0);
    assert_int_equal(rows, 2);
    assert_int_equal(stats.rows_in, 3);
    assert_int_equal(stats.rejected[ZM_REASON_BAD_QUOTES], 1);
    assert_string_equal(stats.format, "csv");
    assert_string_equal(stats.encoding, "UTF-8");
    assert_int_equal(strlen(stats.sha256), 64);
    assert_no_children();
}

/* More batches than slots, and a parent that leaves in the middle. */
static void test_many_batches_and_early_close(void **state)
{
    (void)state;
    char path[200];
    snprintf(path, sizeof path, "%s/many.csv", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("编号,地址\n", file);
    for (int i = 0; i < 100000; i++)
        fprintf(file, "%d,温州市五马街%d号\n", i, i);
    assert_int_equal(fclose(file), 0);
    struct zm_import_stats stats;
    struct zm_err err = {0};
    uint64_t rows;
    assert_int_equal(read_all("good", path, &stats, &rows, &err), 0);
    assert_int_equal(rows, 100000);
    struct zm_source source = {
        .name = ZM_STR("good"), .path = zm_str(path), .header_rows = 1, .datum = ZM_STR("none")};
    struct zm_import *in;
    assert_int_equal(zm_import_open(&in, &source, "/proc/self/exe", &err), 0);
    zm_import_close(in);
    assert_no_children();
}

/* Two children at once: the one started first waits with full slots, and what is wrong with it is heard only
 * when it is asked. */
static void test_started_ahead(void **state)
{
    (void)state;
    char path[200];
    snprintf(path, sizeof path, "%s/many.csv", folder); /* of the test before */
    struct zm_source good = {
        .name = ZM_STR("good"), .path = zm_str(path), .header_rows = 1, .datum = ZM_STR("none")};
    struct zm_source missing = good;
    missing.path = ZM_STR("/no/such/file.csv");
    struct zm_import *first, *second;
    struct zm_batch batch;
    struct zm_err err = {0};
    bool more = true;
    uint64_t rows = 0;
    void *block = zm_alloc(ZM_BATCH_BLOCK_BYTES);
    assert_non_null(block);
    assert_int_equal(zm_import_start(&first, &good, "/proc/self/exe", &err), 0);
    assert_int_equal(zm_import_start(&second, &missing, "/proc/self/exe", &err), 0);
    assert_int_equal(zm_import_next(second, block, &batch, &more, &err), ZM_E_INPUT);
    assert_non_null(strstr(err.text, "/no/such/file.csv"));
    zm_import_close(second);
    assert_int_equal(zm_import_start(&second, &good, "/proc/self/exe", &err), 0);
    while (zm_import_next(first, block, &batch, &more, &err) == 0 && more)
        rows += batch.head->n_rows;
    assert_false(more);
    assert_int_equal(rows, 100000);
    assert_string_equal(zm_import_stats(first)->encoding, "UTF-8");
    zm_import_close(second); /* never asked */
    zm_import_close(first);
    zm_free(block);
    assert_no_children();
}

static void test_bad_children_fail_the_source(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int code;
        const char *words;
    } cases[] = {
        {"mute", ZM_E_INPUT, "without a word (status 7)"},
        {"segv", ZM_E_INPUT, "signal 11"},
        {"abort", ZM_E_INPUT, "limit of memory"},
        {"spin", ZM_E_INPUT, "processor time"},
        {"half", ZM_E_INPUT, "without a word"},
        {"slot", ZM_E_INTERNAL, "cannot be"},
        {"size", ZM_E_INTERNAL, "cannot be"},
        {"zeros", ZM_E_INTERNAL, ""},
        {"twice", ZM_E_INTERNAL, "twice"},
        {"sum", ZM_E_INTERNAL, "do not add up"},
        {"frame", ZM_E_INTERNAL, "no message"},
        {"error", ZM_E_INTERNAL, "evil [31m line"},
    };
    char path[200];
    write_file("bad.csv", "编号,地址\n1,x\n", path);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zm_import_stats stats;
        struct zm_err err = {0};
        uint64_t rows;
        int code = read_all(cases[i].name, path, &stats, &rows, &err);
        if (code != cases[i].code || !strstr(err.text, cases[i].words))
            fail_msg("%s: %d %s", cases[i].name, code, err.text);
        assert_no_children();
    }
}

static void test_sandbox_denies_everything_else(void **state)
{
    (void)state;
    char path[200];
    write_file("probe.csv", "编号,地址\n1,x\n", path);
    setenv("OGR_SKIP", "CSV", 1);
    setenv("SPATIALITE_SECURITY", "relaxed", 1);
    setenv("ZM_TEST_SECRET", "1", 1);
    int leak = open(path, O_RDONLY); /* without CLOEXEC, as a careless library would */
    struct zm_import_stats stats;
    struct zm_err err = {0};
    uint64_t rows;
    assert_int_equal(read_all("probe", path, &stats, &rows, &err), ZM_E_INPUT);
    assert_string_equal(err.text, "could:");
    close(leak);
}

static void test_missing_program(void **state)
{
    (void)state;
    struct zm_source source = {.name = ZM_STR("x"), .path = ZM_STR("/tmp/x.csv"), .header_rows = 1};
    struct zm_import *in;
    struct zm_err err = {0};
    assert_int_equal(zm_import_open(&in, &source, "/no/such/program", &err), ZM_E_INTERNAL);
    assert_non_null(strstr(err.text, "/no/such/program"));
    assert_no_children();
}

static void test_failing_memory(void **state)
{
    (void)state;
    char path[200];
    write_file("memory.csv", "编号,地址\n1,温州市五马街1号\n", path);
    int failures = 0;
    for (long k = 1; k < 40; k++) {
        struct zm_import_stats stats;
        struct zm_err err = {0};
        uint64_t rows;
        zm_mem_fail_at(k);
        int rc = read_all("good", path, &stats, &rows, &err);
        zm_mem_fail_at(0);
        assert_no_children();
        if (rc == 0)
            break;
        assert_int_equal(rc, ZM_E_MEMORY);
        failures++;
    }
    assert_true(failures > 2);
}

static void test_orders_survive_the_way(void **state)
{
    (void)state;
    struct zm_map maps[] = {{1, ZM_STR("{街道}{路}"), {NULL, 0}}, {14, {NULL, 0}, ZM_STR("")}};
    struct zm_value_map values[] = {{14, ZM_STR("在用"), ZM_STR("active")}};
    struct zm_orders in = {ZM_READER_ROWS,
                           42,
                           {.name = ZM_STR("a"),
                            .kind = ZM_KIND_ROAD,
                            .path = ZM_STR("/x/y.csv"),
                            .header_rows = 2,
                            .datum = ZM_STR("EPSG:4490"),
                            .full = true,
                            .date = 20250630,
                            .maps = maps,
                            .n_maps = 2,
                            .values = values,
                            .n_values = 1}};
    struct zm_buf bytes;
    struct zm_arena arena;
    struct zm_orders out;
    zm_buf_init(&bytes, 1 << 16);
    zm_arena_init(&arena, 1 << 20);
    assert_int_equal(zm_orders_encode(&in, &bytes, NULL), 0);
    assert_int_equal(zm_orders_decode(&out, &arena, zm_buf_str(&bytes), NULL), 0);
    assert_int_equal(out.parent, 42);
    assert_int_equal(out.source.header_rows, 2);
    assert_true(zm_str_eq(out.source.datum, ZM_STR("EPSG:4490")));
    assert_true(zm_str_eq(out.source.maps[0].column, maps[0].column));
    assert_null(out.source.maps[1].column.ptr);
    assert_non_null(out.source.maps[1].constant.ptr);
    assert_true(zm_str_eq(out.source.values[0].to, ZM_STR("active")));
    for (size_t cut = 0; cut < bytes.len; cut++)
        assert_int_equal(zm_orders_decode(&out, &arena, zm_str_n(bytes.ptr, cut), NULL), ZM_E_INTERNAL);
    zm_arena_release(&arena);
    zm_buf_release(&bytes);
}

static void test_names_that_are_refused(void **state)
{
    (void)state;
    char path[200], link[200];
    write_file("true.csv", "a\n", path);
    snprintf(link, sizeof link, "%s/link.csv", folder);
    assert_int_equal(symlink(path, link), 0);
    const struct {
        const char *path, *words;
    } cases[] = {
        {link, "symbolic link"},          {folder, "folder"},
        {"/dev/null", "device"},          {"/vsicurl/http://x/y.csv", "plain files"},
        {"PG:dbname=x", "plain"},         {"http://x/y.geojson", "plain"},
        {"/no/such.csv", "No such file"}, {"/tmp/vsi/../vsizip/x", "plain files"},
    };
    struct zm_delivery d;
    struct zm_err err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err = (struct zm_err){0};
        int code = zm_delivery_find(&d, zm_str(cases[i].path), &err);
        if (code != ZM_E_INPUT || !strstr(err.text, cases[i].words))
            fail_msg("%s: %d %s", cases[i].path, code, err.text);
        zm_delivery_release(&d);
    }
    assert_int_equal(zm_delivery_find(&d, zm_str(path), &err), 0);
    assert_int_equal(d.n_parts, 1);
    assert_int_equal(zm_delivery_open(&d, &err), 0);
    assert_int_equal(zm_delivery_verify(&d, &err), 0);
    write_file("true.csv", "a\nb\n", path);
    assert_int_equal(zm_delivery_verify(&d, &err), ZM_E_INPUT);
    zm_delivery_release(&d);
}

static void test_sha256(void **state)
{
    (void)state;
    char path[200], hex[65];
    write_file("abc.csv", "abc", path);
    struct zm_delivery d;
    assert_int_equal(zm_delivery_find(&d, zm_str(path), NULL), 0);
    assert_int_equal(zm_delivery_sha256(&d, hex, NULL), 0);
    /* FIPS 180-2, appendix B.1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    zm_delivery_release(&d);
}

static int remove_folder(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "reader") == 0)
        return reader();
    if (!mkdtemp(folder))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_child_reads),
        cmocka_unit_test(test_many_batches_and_early_close),
        cmocka_unit_test(test_started_ahead),
        cmocka_unit_test(test_bad_children_fail_the_source),
        cmocka_unit_test(test_sandbox_denies_everything_else),
        cmocka_unit_test(test_missing_program),
        cmocka_unit_test(test_failing_memory),
        cmocka_unit_test(test_orders_survive_the_way),
        cmocka_unit_test(test_names_that_are_refused),
        cmocka_unit_test(test_sha256),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
