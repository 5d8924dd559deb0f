/* What the program and its reader child say to each other: framed messages over a socket pair, and a few
 * slots of shared memory for batches. The parent trusts nothing it receives here: sizes are capped, texts are
 * ended, and a block is copied out of a slot before it is checked. */
#pragma once

#include "geo/base/buf.h"
#include "geo/record/batch.h"

enum {
    ZM_CHANNEL_FD = 3, /* the child's end of the socket pair */
    ZM_SLOTS_FD = 4,   /* memfd with the slots */
    ZM_SLOTS = 3,
    ZM_MESSAGE_MAX = 4 << 20
};

enum zm_message {
    ZM_MESSAGE_ORDERS = 1, /* parent to child, once: child_orders.h */
    ZM_MESSAGE_FREE,       /* parent to child: uint32_t slot may be filled again */
    ZM_MESSAGE_OPENED,     /* child to parent: struct zm_import_stats, what the header told */
    ZM_MESSAGE_HEAD,       /* child to parent: the columns and first rows, for a draft */
    ZM_MESSAGE_BATCH,      /* child to parent: struct zm_slot_used */
    ZM_MESSAGE_END,        /* child to parent: struct zm_import_stats, final */
    ZM_MESSAGE_ERROR       /* child to parent: uint32_t zm_code, then the text */
};

struct zm_slot_used {
    uint32_t slot, size; /* bytes of the block in use */
};

/* Sends one message whole. Fails with ZM_E_INPUT if the other side is gone. */
int zm_channel_send(int fd, enum zm_message type, struct zm_str payload, struct zm_err *err);

enum zm_channel_state { ZM_CHANNEL_MESSAGE, ZM_CHANNEL_CLOSED, ZM_CHANNEL_SILENT };

/* Waits for one message. CLOSED: the other side is gone, also in the middle of a message. SILENT: nothing
 * came for timeout_ms (-1 waits for ever). payload is overwritten. Fails on a frame that makes no sense. */
int zm_channel_receive(int fd, int timeout_ms, enum zm_channel_state *state, enum zm_message *type,
                       struct zm_buf *payload, struct zm_err *err);
