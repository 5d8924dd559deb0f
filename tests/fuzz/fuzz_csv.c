/* Any bytes as a delivered text file: sniffed, decoded, split and mapped. What comes out must keep the
 * reader's promises. */
#include "geo/base/utf8.h"
#include "import/csv.h"
#include "import/mapping.h"
#include "import/sniff.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_batch(const struct zm_batch *b, uint64_t *last)
{
    for (uint32_t r = 0; r < b->head->n_rows; r++) {
        must(b->rows[r] > *last);
        *last = b->rows[r];
        for (unsigned f = 0; f < ZM_N_ADDRESS_FIELDS; f++) {
            struct zm_str s = zm_batch_get(b, r, f);
            must(s.len <= ZM_CELL_BYTES_MAX && zm_utf8_check(s) == SIZE_MAX &&
                 (!s.len || !memchr(s.ptr, 0, s.len)));
        }
    }
}

/* Rows read and rows refused are all rows; a batch never holds what its own check refuses. */
static void read_all(struct zm_mapping *m, char *block)
{
    struct zm_batch_builder builder;
    unsigned n;
    uint64_t seen = 0, last = 0;
    const uint8_t *fields = zm_mapping_fields(m, &n);
    zm_batch_init(&builder, block, ZM_BATCH_BLOCK_BYTES, ZM_KIND_ADDRESS, fields, n);
    for (bool more = true; more;) {
        struct zm_batch batch;
        struct zm_err err = {0};
        zm_batch_reset(&builder);
        if (zm_mapping_fill(m, &builder, &more, &err) != 0) {
            must(err.code == ZM_E_INPUT && err.text[0]);
            return;
        }
        must(zm_batch_view(&batch, block, zm_batch_finish(&builder), NULL) == 0);
        check_batch(&batch, &last);
        seen += batch.head->n_rows + batch.head->n_rejects;
    }
    must(seen == zm_mapping_counts(m)->rows_in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[] = {"", "", "", "UTF-8", "GBK", "UTF-16LE", "UTF-16BE", "auto"};
    static const char delimiters[] = {0, 0, ',', '\t'};
    static char *block;
    if (size < 1)
        return 0;
    if (!block)
        block = malloc(ZM_BATCH_BLOCK_BYTES);
    struct zm_map map = {.field = ZM_AF_TEXT, .column = ZM_STR("{a}{b}")};
    struct zm_source source = {.kind = ZM_KIND_ADDRESS, .maps = &map, .n_maps = data[0] >> 7};
    struct zm_csv_options options = {.path = "fuzz.csv",
                                     .encoding = zm_str(encodings[data[0] & 7]),
                                     .header_rows = 1 + (data[0] >> 3 & 1),
                                     .delimiter = delimiters[data[0] >> 4 & 3]};
    struct zm_row_reader reader;
    struct zm_mapping *m;
    enum zm_format format;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
    (void)zm_sniff(fd, "fuzz.csv", &format, NULL);
    if (zm_csv_open(&reader, fd, &options, NULL) == 0) {
        if (zm_mapping_new(&m, &source, &reader, "fuzz.csv", NULL) == 0) {
            read_all(m, block);
            zm_mapping_free(m);
        }
        zm_row_reader_close(&reader);
    }
    close(fd);
    return 0;
}
