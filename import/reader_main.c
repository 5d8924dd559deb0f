/* The reader child from its first instruction to its exit status. */
#include "geo/base/arena.h"
#include "import/child_channel.h"
#include "import/child_orders.h"
#include "import/csv.h"
#include "import/gate.h"
#include "import/head.h"
#include "import/import.h"
#include "import/mapping.h"
#include "import/ogr.h"
#include "import/sandbox.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { ORDERS_ARENA_MAX = 64 << 20, NOTES_MAX = 2047, HEAP_BYTES = 384 << 20 };

struct reader {
    struct zm_orders orders;
    struct zm_arena arena;
    struct zm_buf message;
    struct zm_delivery file;
    struct zm_row_reader rows;
    struct zm_mapping *mapping;
    struct zm_import_stats stats;
    struct zm_buf notes;
    char *slots;
    bool free_slot[ZM_SLOTS];
};

static int take_orders(struct reader *r, struct zm_err *err)
{
    enum zm_channel_state state;
    enum zm_message type;
    ZM_TRY(zm_channel_receive(ZM_CHANNEL_FD, -1, &state, &type, &r->message, err));
    if (state != ZM_CHANNEL_MESSAGE || type != ZM_MESSAGE_ORDERS)
        return zm_fail(err, ZM_E_INTERNAL, "the reader got no orders");
    ZM_TRY(zm_orders_decode(&r->orders, &r->arena, zm_buf_str(&r->message), err));
    /* The parent may have died before the death signal was asked for. */
    if (getppid() != r->orders.parent)
        return zm_fail(err, ZM_E_INTERNAL, "the reader has lost its parent");
    return 0;
}

static int map_slots(struct reader *r, struct zm_err *err)
{
    size_t bytes = (size_t)ZM_SLOTS * ZM_BATCH_BLOCK_BYTES;
    void *slots = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ZM_SLOTS_FD, 0);
    if (slots == MAP_FAILED)
        return zm_fail_errno(err, ZM_E_INTERNAL, errno, "the reader cannot map its slots");
    r->slots = slots;
    for (unsigned i = 0; i < ZM_SLOTS; i++)
        r->free_slot[i] = true;
    return 0;
}

/* A note that does not fit is left out: notes are for the log, the account does not rest on them. */
static void note(struct reader *r, struct zm_str text)
{
    if (text.len == 0 || r->notes.len + text.len + 1 > r->notes.max)
        return;
    if (zm_buf_put(&r->notes, text, NULL) == 0 && text.ptr[text.len - 1] != '\n')
        (void)zm_buf_putc(&r->notes, '\n', NULL);
}

static int lock_in(struct reader *r, struct zm_err *err)
{
    bool landlocked;
    ZM_TRY(zm_delivery_find(&r->file, r->orders.source.path, err));
    ZM_TRY(zm_sandbox_limit(r->file.bytes, err));
    ZM_TRY(zm_sandbox_lock(r->file.part_fds, r->file.n_parts, &landlocked, err));
    if (!landlocked)
        note(r,
             ZM_STR("warning: this kernel has no Landlock: the reader is not kept from reading other files"));
    return zm_sandbox_limit_heap(HEAP_BYTES, err);
}

static int pass_shapefile(const struct zm_delivery *file, struct zm_err *err)
{
    const char *dbf = zm_delivery_part(file, ".dbf");
    if (!dbf)
        return zm_fail(err, ZM_E_INPUT,
                       "%s has no .dbf beside it: deliver .shp, .shx, .dbf and .prj together", file->given);
    return zm_gate_shp(file->parts[0], zm_delivery_part(file, ".shx"), dbf, err);
}

static int pass_gate(const struct reader *r, enum zm_format format, struct zm_err *err)
{
    const char *path = r->file.parts[0], *shown = r->file.given;
    if (format == ZM_FORMAT_GPKG || format == ZM_FORMAT_SQLITE)
        return zm_gate_sqlite(path, shown, format == ZM_FORMAT_GPKG, err);
    if (format == ZM_FORMAT_GEOJSON)
        ZM_TRY(zm_gate_json(r->file.fd, shown, err));
    if (format == ZM_FORMAT_SHP)
        ZM_TRY(pass_shapefile(&r->file, err));
    if (format == ZM_FORMAT_GEOJSON || format == ZM_FORMAT_SHP)
        return zm_sandbox_limit_heap(HEAP_BYTES + 2 * r->file.bytes, err);
    if (format != ZM_FORMAT_XLSX)
        return 0;
    uint64_t inflated, cells;
    ZM_TRY(zm_gate_zip(path, shown, &inflated, &cells, err));
    /* OGR holds the whole sheet: the text of its cells, a slot a cell, the shared strings. */
    return zm_sandbox_limit_heap(HEAP_BYTES + 3 * cells + 2 * inflated, err);
}

static int open_rows(struct reader *r, struct zm_err *err)
{
    const struct zm_source *source = &r->orders.source;
    bool head = r->orders.mode == ZM_READER_HEAD;
    enum zm_format format;
    ZM_TRY(zm_delivery_open(&r->file, err));
    ZM_TRY(zm_sniff(r->file.fd, r->file.given, &format, err));
    snprintf(r->stats.format, sizeof r->stats.format, "%s", zm_format_name(format));
    ZM_TRY(pass_gate(r, format, err));
    if (format == ZM_FORMAT_CSV) {
        struct zm_csv_options options = {r->file.given, source->encoding, source->header_rows, 0};
        ZM_TRY(zm_csv_open(&r->rows, r->file.fd, &options, err));
    } else {
        struct zm_ogr_options options = {&r->file, format, source, head};
        ZM_TRY(zm_ogr_open(&r->rows, &options, err));
    }
    memcpy(r->stats.encoding, r->rows.encoding, sizeof r->stats.encoding);
    memcpy(r->stats.crs, r->rows.crs, sizeof r->stats.crs);
    r->stats.has_geometry = r->rows.has_geometry;
    r->stats.bytes = r->file.bytes;
    note(r, zm_str(r->rows.notes));
    return 0;
}

static int send_stats(struct reader *r, enum zm_message type, struct zm_err *err)
{
    const struct zm_mapping_counts *counts = zm_mapping_counts(r->mapping);
    r->stats.rows_in = counts->rows_in;
    memcpy(r->stats.rejected, counts->rejected, sizeof r->stats.rejected);
    r->stats.personal_columns = counts->personal_columns;
    r->stats.personal_values = counts->personal_values;
    if (r->notes.len)
        memcpy(r->stats.notes, r->notes.ptr, r->notes.len);
    return zm_channel_send(ZM_CHANNEL_FD, type, zm_str_n((const char *)&r->stats, sizeof r->stats), err);
}

/* A slot to fill; waits until the parent gives one back. */
static int take_slot(struct reader *r, uint32_t *slot, struct zm_err *err)
{
    for (;;) {
        for (uint32_t i = 0; i < ZM_SLOTS; i++)
            if (r->free_slot[i]) {
                r->free_slot[i] = false;
                *slot = i;
                return 0;
            }
        enum zm_channel_state state;
        enum zm_message type;
        uint32_t freed = ZM_SLOTS;
        ZM_TRY(zm_channel_receive(ZM_CHANNEL_FD, -1, &state, &type, &r->message, err));
        if (state == ZM_CHANNEL_MESSAGE && type == ZM_MESSAGE_FREE && r->message.len == sizeof freed)
            memcpy(&freed, r->message.ptr, sizeof freed);
        if (freed >= ZM_SLOTS)
            return zm_fail(err, ZM_E_INTERNAL, "the reader lost its parent");
        r->free_slot[freed] = true;
    }
}

static int send_batches(struct reader *r, struct zm_err *err)
{
    unsigned n_fields;
    const uint8_t *fields = zm_mapping_fields(r->mapping, &n_fields);
    for (bool more = true; more;) {
        struct zm_batch_builder batch;
        struct zm_slot_used used;
        ZM_TRY(take_slot(r, &used.slot, err));
        char *block = r->slots + (size_t)used.slot * ZM_BATCH_BLOCK_BYTES;
        zm_batch_init(&batch, block, ZM_BATCH_BLOCK_BYTES, r->orders.source.kind, fields, n_fields);
        if (r->orders.source.batch_rows && r->orders.source.batch_rows < ZM_BATCH_ROWS_MAX)
            batch.rows_max = r->orders.source.batch_rows;
        ZM_TRY(zm_mapping_fill(r->mapping, &batch, &more, err));
        if (batch.head.n_rows == 0 && batch.head.n_rejects == 0) {
            r->free_slot[used.slot] = true;
            continue;
        }
        used.size = (uint32_t)zm_batch_finish(&batch);
        ZM_TRY(zm_channel_send(ZM_CHANNEL_FD, ZM_MESSAGE_BATCH, zm_str_n((const char *)&used, sizeof used),
                               err));
    }
    return 0;
}

static int read_rows(struct reader *r, struct zm_err *err)
{
    ZM_TRY(zm_mapping_new(&r->mapping, &r->orders.source, &r->rows, r->file.given, err));
    struct zm_buf notes;
    zm_buf_init(&notes, NOTES_MAX);
    if (zm_mapping_notes(r->mapping, &notes, NULL) == 0)
        note(r, zm_buf_str(&notes));
    zm_buf_release(&notes);
    ZM_TRY(send_stats(r, ZM_MESSAGE_OPENED, err));
    ZM_TRY(send_batches(r, err));
    ZM_TRY(zm_delivery_sha256(&r->file, r->stats.sha256, err));
    ZM_TRY(zm_delivery_verify(&r->file, err));
    return send_stats(r, ZM_MESSAGE_END, err);
}

static int read_head(struct reader *r, struct zm_err *err)
{
    struct zm_head head;
    struct zm_buf bytes;
    zm_buf_init(&bytes, ZM_HEAD_BYTES_MAX);
    ZM_TRY(zm_head_collect(&head, &r->rows, r->stats.format, &r->arena, err));
    int rc = zm_head_encode(&head, &bytes, err);
    if (rc == 0)
        rc = zm_channel_send(ZM_CHANNEL_FD, ZM_MESSAGE_HEAD, zm_buf_str(&bytes), err);
    zm_buf_release(&bytes);
    return rc;
}

static int work(struct reader *r, struct zm_err *err)
{
    ZM_TRY(take_orders(r, err));
    ZM_TRY(map_slots(r, err));
    ZM_TRY(lock_in(r, err));
    ZM_TRY(open_rows(r, err));
    return r->orders.mode == ZM_READER_HEAD ? read_head(r, err) : read_rows(r, err);
}

static void send_error(const struct zm_err *err)
{
    char message[sizeof(uint32_t) + sizeof err->text];
    uint32_t code = err->code;
    size_t len = strnlen(err->text, sizeof err->text);
    memcpy(message, &code, sizeof code);
    memcpy(message + sizeof code, err->text, len);
    (void)zm_channel_send(ZM_CHANNEL_FD, ZM_MESSAGE_ERROR, zm_str_n(message, sizeof code + len), NULL);
}

int zm_reader_main(void)
{
    /* The terminal sends its signals to the whole group; the parent decides what they mean, and its death is
     * ours. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    struct reader r = {.file.fd = -1};
    struct zm_err err = {0};
    zm_arena_init(&r.arena, ORDERS_ARENA_MAX);
    zm_buf_init(&r.message, ZM_MESSAGE_MAX);
    zm_buf_init(&r.notes, NOTES_MAX);
    int rc = work(&r, &err);
    if (rc != 0)
        send_error(&err);
    if (r.mapping)
        zm_mapping_free(r.mapping);
    zm_row_reader_close(&r.rows);
    zm_delivery_release(&r.file);
    zm_buf_release(&r.notes);
    zm_buf_release(&r.message);
    zm_arena_release(&r.arena);
    return zm_code_exit((enum zm_code)rc);
}
