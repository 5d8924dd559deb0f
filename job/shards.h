/* The unit of work is the county: what the workers found, spooled by county, so that publishing needs only
 * one county in memory at a time. The spools are files without a name: nothing is left behind by a killed
 * run. */
#pragma once

#include "geo/base/buf.h"
#include "geo/record/address.h"
#include "geo/record/batch.h"
#include "geo/record/finding.h"

struct zm_shards; /* shared by all workers */

/* folder: where the spools may grow (the output's own file system); NULL keeps them in memory (`check`). */
int zm_shards_new(struct zm_shards **out, const char *folder, struct zm_err *err);
void zm_shards_free(struct zm_shards *s);

/* One a worker. Buffers a little for each county, then appends to the county's spool under a lock. */
struct zm_shard_writer;
int zm_shard_writer_new(struct zm_shard_writer **out, struct zm_shards *s, struct zm_err *err);
void zm_shard_writer_free(struct zm_shard_writer *w); /* what was not flushed is lost */
int zm_shard_writer_address(struct zm_shard_writer *w, const struct zm_address *a, struct zm_err *err);
int zm_shard_writer_finding(struct zm_shard_writer *w, const struct zm_finding *f, struct zm_err *err);
/* A row the reader rejected. */
int zm_shard_writer_reject(struct zm_shard_writer *w, uint32_t source, const struct zm_reject *reject,
                           struct zm_err *err);
int zm_shard_writer_flush(struct zm_shard_writer *w, struct zm_err *err);

/* After all writers have flushed: the counties that have records, ascending (0 first). */
unsigned zm_shards_counties(const struct zm_shards *s, uint32_t *counties, unsigned max);

/* One county's spool mapped into memory, for reading. */
struct zm_shard {
    struct zm_str addresses, findings; /* encoded records, in no order */
};
int zm_shard_open(const struct zm_shards *s, uint32_t county, struct zm_shard *out, struct zm_err *err);
void zm_shard_close(struct zm_shard *shard);

/* A rejected row; rejects have no county, so all lie in one spool. */
struct zm_rejected {
    uint32_t source;
    struct zm_reject reject;
};

/* After all writers have flushed: all rejected rows, by source and row. The array is the caller's, to
 * zm_free. */
int zm_shards_rejected(const struct zm_shards *s, struct zm_rejected **out, size_t *n, struct zm_err *err);
