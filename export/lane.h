/* A lane carries packed rows from the caller to one consumer, on a thread of its own or at once. The
 * consumer sees the same bytes in the same order either way. */
#pragma once

#include "geo/base/buf.h"

/* Takes a block of whole items. Called by one thread at a time, in order; never again after it failed. */
typedef int zm_lane_consume(void *self, struct zm_str block, struct zm_err *err);

struct zm_lane;

int zm_lane_open(struct zm_lane **out, zm_lane_consume *consume, void *self, bool threaded,
                 struct zm_err *err);

/* Appends a whole item; passes the block on when it is large enough, waiting for room. Returns the consumer's
 * error. */
int zm_lane_put(struct zm_lane *lane, struct zm_str item, struct zm_err *err);

/* Passes on the rest, waits for the consumer and frees the lane, also on failure. */
int zm_lane_close(struct zm_lane *lane, struct zm_err *err);
void zm_lane_abort(struct zm_lane *lane); /* drops the rest; NULL is fine */
