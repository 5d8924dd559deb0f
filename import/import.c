#include "import/import.h"

#include "geo/base/mem.h"
#include "import/child_channel.h"
#include "import/child_orders.h"
#include "import/child_process.h"
#include "import/head.h"
#include "import/sandbox.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ORDERS_BYTES_MAX = 4 << 20, SILENCE_EXTRA_S = 120, SILENCE_MAX_S = 86400, PATH_TEXT = 4200 };

struct zm_import {
    struct zm_child child;
    struct zm_buf message;
    struct zm_import_stats stats;
    uint64_t rows, rejects, last_row; /* counted here, out of checked batches */
    int silence_ms;                   /* a child that says nothing for so long hangs */
    enum zm_kind kind;
    bool opened, ended;
    char path[PATH_TEXT];
};

static void end_texts(struct zm_import_stats *s)
{
    s->sha256[sizeof s->sha256 - 1] = '\0';
    s->format[sizeof s->format - 1] = '\0';
    s->encoding[sizeof s->encoding - 1] = '\0';
    s->crs[sizeof s->crs - 1] = '\0';
    s->notes[sizeof s->notes - 1] = '\0';
}

static int take_stats(struct zm_import *in, struct zm_err *err)
{
    if (in->message.len != sizeof in->stats)
        return zm_fail(err, ZM_E_INTERNAL, "%s: the reader's report has a wrong size", in->path);
    memcpy(&in->stats, in->message.ptr, sizeof in->stats);
    end_texts(&in->stats);
    return 0;
}

/* The child's own error becomes ours. Its text is data: cut, and without control characters. */
static int take_error(const struct zm_import *in, struct zm_err *err)
{
    uint32_t code = ZM_E_INTERNAL;
    if (in->message.len < sizeof code)
        return zm_fail(err, ZM_E_INTERNAL, "%s: the reader failed without a reason", in->path);
    memcpy(&code, in->message.ptr, sizeof code);
    if (code < ZM_E_USAGE || code > ZM_E_INTERNAL)
        code = ZM_E_INTERNAL;
    char text[900];
    size_t n = 0;
    for (size_t i = sizeof code; i < in->message.len && n < sizeof text - 1; i++) {
        unsigned char c = (unsigned char)in->message.ptr[i];
        text[n++] = c < 0x20 || c == 0x7f ? ' ' : (char)c;
    }
    text[n] = '\0';
    return zm_fail(err, (enum zm_code)code, "%s", text);
}

/* The next message that is not an error; errors, death and silence of the child fail. */
static int listen_child(struct zm_import *in, enum zm_message *type, struct zm_err *err)
{
    enum zm_channel_state state;
    ZM_TRY(zm_channel_receive(in->child.fd, in->silence_ms, &state, type, &in->message, err));
    if (state == ZM_CHANNEL_CLOSED)
        return zm_child_obituary(&in->child, in->path, err);
    if (state == ZM_CHANNEL_SILENT)
        return zm_fail(err, ZM_E_INPUT, "%s: the reader said nothing for %d s and was stopped", in->path,
                       in->silence_ms / 1000);
    return *type == ZM_MESSAGE_ERROR ? take_error(in, err) : 0;
}

static int send_orders(struct zm_import *in, const struct zm_orders *orders, struct zm_err *err)
{
    struct zm_buf bytes;
    zm_buf_init(&bytes, ORDERS_BYTES_MAX);
    int rc = zm_orders_encode(orders, &bytes, err);
    if (rc == 0) {
        rc = zm_channel_send(in->child.fd, ZM_MESSAGE_ORDERS, zm_buf_str(&bytes), err);
        if (rc != 0)
            rc = zm_child_obituary(&in->child, in->path, err);
    }
    zm_buf_release(&bytes);
    return rc;
}

static int start(struct zm_import **out, const struct zm_source *source, enum zm_reader_mode mode,
                 const char *program, struct zm_err *err)
{
    struct zm_import *in = zm_calloc(1, sizeof *in);
    if (!in)
        return zm_fail_memory(err, sizeof *in);
    in->child.fd = in->child.slots_fd = -1;
    zm_buf_init(&in->message, ZM_MESSAGE_MAX);
    in->kind = source->kind;
    snprintf(in->path, sizeof in->path, "%.*s", ZM_FMT(source->path));
    struct stat st = {0};
    uint64_t bytes = stat(in->path, &st) == 0 ? (uint64_t)st.st_size : 0;
    uint64_t silence_s = zm_sandbox_cpu_seconds(bytes) + SILENCE_EXTRA_S;
    in->silence_ms = (int)(silence_s < SILENCE_MAX_S ? silence_s : SILENCE_MAX_S) * 1000;
    struct zm_orders orders = {mode, (int32_t)getpid(), *source};
    int rc = zm_child_start(&in->child, program, err);
    if (rc == 0)
        rc = send_orders(in, &orders, err);
    if (rc != 0) {
        zm_import_close(in);
        return rc;
    }
    *out = in;
    return 0;
}

/* The child's first answer, which must be of type want. */
static int hear_first(struct zm_import *in, enum zm_message want, struct zm_err *err)
{
    enum zm_message type = ZM_MESSAGE_ERROR;
    ZM_TRY(listen_child(in, &type, err));
    if (type != want)
        return zm_fail(err, ZM_E_INTERNAL, "%s: the reader did not answer its orders", in->path);
    return 0;
}

static int hear_opened(struct zm_import *in, struct zm_err *err)
{
    ZM_TRY(hear_first(in, ZM_MESSAGE_OPENED, err));
    in->opened = true;
    return take_stats(in, err);
}

int zm_import_start(struct zm_import **out, const struct zm_source *source, const char *program,
                    struct zm_err *err)
{
    return start(out, source, ZM_READER_ROWS, program, err);
}

int zm_import_open(struct zm_import **out, const struct zm_source *source, const char *program,
                   struct zm_err *err)
{
    struct zm_import *in;
    ZM_TRY(start(&in, source, ZM_READER_ROWS, program, err));
    int rc = hear_opened(in, err);
    if (rc != 0) {
        zm_import_close(in);
        return rc;
    }
    *out = in;
    return 0;
}

int zm_import_head(const char *path, const char *program, struct zm_buf *out, struct zm_err *err)
{
    const struct zm_source source = {
        .name = ZM_STR("draft"), .path = zm_str(path), .header_rows = 1, .kind = ZM_KIND_ADDRESS};
    struct zm_import *in;
    ZM_TRY(start(&in, &source, ZM_READER_HEAD, program, err));
    int rc = hear_first(in, ZM_MESSAGE_HEAD, err);
    if (rc == 0)
        rc = zm_buf_put(out, zm_buf_str(&in->message), err);
    zm_import_close(in);
    return rc;
}

/* Every row is in exactly one place and numbers only rise: what the account later adds up rests on it. */
static int count_batch(struct zm_import *in, const struct zm_batch *batch, struct zm_err *err)
{
    const struct zm_batch_head *head = batch->head;
    if (head->kind != in->kind)
        return zm_fail(err, ZM_E_INTERNAL, "%s: the reader sent records of another kind", in->path);
    if (head->n_rows) {
        if (batch->rows[0] <= in->last_row)
            return zm_fail(err, ZM_E_INTERNAL, "%s: the reader sent a row twice", in->path);
        in->last_row = batch->rows[head->n_rows - 1];
    }
    in->rows += head->n_rows;
    in->rejects += head->n_rejects;
    return 0;
}

static int take_batch(struct zm_import *in, void *block, struct zm_batch *out, struct zm_err *err)
{
    struct zm_slot_used used;
    if (in->message.len != sizeof used)
        return zm_fail(err, ZM_E_INTERNAL, "%s: the reader announced a batch in a wrong way", in->path);
    memcpy(&used, in->message.ptr, sizeof used);
    if (used.slot >= ZM_SLOTS || used.size > ZM_BATCH_BLOCK_BYTES)
        return zm_fail(err, ZM_E_INTERNAL, "%s: the reader announced a batch that cannot be", in->path);
    /* Copy first, check the copy: the child can still write to the slot. */
    memcpy(block, (const char *)in->child.slots + (size_t)used.slot * ZM_BATCH_BLOCK_BYTES, used.size);
    struct zm_batch batch;
    ZM_TRY(zm_batch_view(&batch, block, used.size, err));
    ZM_TRY(count_batch(in, &batch, err));
    /* A child that has sent its last batch may be gone already; any other death is heard at the next listen.
     */
    (void)zm_channel_send(in->child.fd, ZM_MESSAGE_FREE, zm_str_n((const char *)&used.slot, sizeof used.slot),
                          NULL);
    *out = batch;
    return 0;
}

static int take_end(struct zm_import *in, struct zm_err *err)
{
    ZM_TRY(take_stats(in, err));
    uint64_t rejected = 0;
    for (unsigned i = 0; i < ZM_N_REASONS; i++)
        rejected += in->stats.rejected[i];
    if (in->stats.rows_in != in->rows + in->rejects || rejected != in->rejects)
        return zm_fail(err, ZM_E_INTERNAL, "%s: the reader's rows do not add up", in->path);
    in->ended = true;
    return 0;
}

int zm_import_next(struct zm_import *in, void *block, struct zm_batch *out, bool *more, struct zm_err *err)
{
    enum zm_message type = ZM_MESSAGE_END;
    if (!in->opened)
        ZM_TRY(hear_opened(in, err));
    if (!in->ended)
        ZM_TRY(listen_child(in, &type, err));
    if (type == ZM_MESSAGE_BATCH) {
        ZM_TRY(take_batch(in, block, out, err));
        *more = true;
        return 0;
    }
    if (type != ZM_MESSAGE_END)
        return zm_fail(err, ZM_E_INTERNAL, "%s: the reader lost its place", in->path);
    if (!in->ended)
        ZM_TRY(take_end(in, err));
    *more = false;
    return 0;
}

const struct zm_import_stats *zm_import_stats(const struct zm_import *in)
{
    return &in->stats;
}

void zm_import_close(struct zm_import *in)
{
    if (!in)
        return;
    zm_child_stop(&in->child);
    zm_buf_release(&in->message);
    zm_free(in);
}
