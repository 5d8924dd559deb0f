#include "job/deliver.h"

#include "geo/base/file.h"
#include "geo/base/mem.h"

#include <pthread.h>
#include <strings.h>

/* What the workers share. The lock guards import, done, first_err and progress. */
struct crew {
    const struct zm_env *env;
    const struct zm_source *source;
    struct zm_import *import;
    pthread_mutex_t lock;
    bool done;
    struct zm_err first_err; /* code ZM_OK: none */
    uint64_t rows;           /* handed out, for progress */
};

struct hand {
    struct crew *crew;
    struct zm_check_worker *worker;
    struct zm_shard_writer *writer;
    void *block;
    struct zm_account account;
    uint64_t n_points;
    pthread_t thread;
    bool started;
};

static int sink_address(void *self, const struct zm_address *a, bool quarantined, struct zm_err *err)
{
    struct hand *h = self;
    if (quarantined)
        return 0;
    h->n_points += a->pos_src != ZM_POS_NONE;
    return zm_shard_writer_address(h->writer, a, err);
}

static int sink_finding(void *self, const struct zm_finding *f, struct zm_err *err)
{
    struct hand *h = self;
    return zm_shard_writer_finding(h->writer, f, err);
}

static void keep_error(struct crew *c, const struct zm_err *err)
{
    if (c->first_err.code == ZM_OK)
        c->first_err = *err;
    c->done = true;
}

/* The next batch for this hand; false when there is no more work. */
static bool take_batch(struct hand *h, struct zm_batch *batch)
{
    struct crew *c = h->crew;
    struct zm_err err;
    bool more = false;
    pthread_mutex_lock(&c->lock);
    if (!c->done) {
        int rc = zm_env_stopped(c->env) ? zm_fail(&err, ZM_E_STOPPED, "stopped by a signal")
                                        : zm_import_next(c->import, h->block, batch, &more, &err);
        if (rc != 0) {
            keep_error(c, &err);
            more = false;
        } else if (!more) {
            c->done = true;
        } else {
            c->rows += batch->head->n_rows;
            if (c->env->progress)
                c->env->progress(c->env->self, c->source->name.ptr, c->rows, 0);
        }
    }
    pthread_mutex_unlock(&c->lock);
    return more;
}

static int keep_rejects(struct hand *h, const struct zm_batch *batch, struct zm_err *err)
{
    for (uint32_t i = 0; i < batch->head->n_rejects; i++)
        ZM_TRY(zm_shard_writer_reject(h->writer, h->crew->source->index, &batch->rejects[i], err));
    return 0;
}

static void *work(void *arg)
{
    struct hand *h = arg;
    struct zm_check_sink sink = {sink_address, sink_finding, h};
    struct zm_batch batch;
    struct zm_err err;
    while (take_batch(h, &batch)) {
        if (zm_check_batch(h->worker, &batch, &sink, &h->account, &err) != 0 ||
            keep_rejects(h, &batch, &err) != 0) {
            pthread_mutex_lock(&h->crew->lock);
            keep_error(h->crew, &err);
            pthread_mutex_unlock(&h->crew->lock);
            break;
        }
    }
    return NULL;
}

static int hand_init(struct hand *h, struct crew *crew, const struct zm_checker *checker,
                     struct zm_shards *shards, struct zm_err *err)
{
    h->crew = crew;
    h->block = zm_alloc(ZM_BATCH_BLOCK_BYTES);
    if (!h->block)
        return zm_fail_memory(err, ZM_BATCH_BLOCK_BYTES);
    ZM_TRY(zm_check_worker_new(&h->worker, checker, crew->source, err));
    return zm_shard_writer_new(&h->writer, shards, err);
}

/* All hands but the first get a thread; the first works here. A thread that cannot be had is done without. */
static void work_all(struct hand *hands, unsigned n)
{
    for (unsigned i = 1; i < n; i++)
        hands[i].started = pthread_create(&hands[i].thread, NULL, work, &hands[i]) == 0;
    work(&hands[0]);
    for (unsigned i = 1; i < n; i++)
        if (hands[i].started)
            pthread_join(hands[i].thread, NULL);
}

/* The sender's own checksum file: its first word must be the file's SHA-256. */
static int check_manifest(struct zm_str manifest, const struct zm_source_result *result, struct zm_err *err)
{
    struct zm_buf text;
    if (manifest.len == 0)
        return 0;
    zm_buf_init(&text, 65536);
    int rc = zm_file_read(manifest.ptr, &text, err);
    if (rc == 0 && !(text.len >= 64 && strncasecmp(text.ptr, result->stats.sha256, 64) == 0))
        rc = zm_fail(err, ZM_E_INPUT, "the file is not the one its manifest %s speaks of: its SHA-256 is %s",
                     manifest.ptr, result->stats.sha256);
    zm_buf_release(&text);
    return rc;
}

/* The dataset rules, and what the source's verdict makes of its rows. */
static int judge_source(struct hand *hands, unsigned n, const struct zm_last_delivery *last,
                        struct zm_source_result *result, struct zm_err *err)
{
    struct zm_check_sink sink = {sink_address, sink_finding, &hands[0]};
    const struct zm_import_stats *stats = &result->stats;
    /* The same file again is judged as it was then, so that a repeated run says the same. */
    bool again = strcmp(last->sha256, stats->sha256) == 0;
    const struct zm_delivery_base *base = again ? &last->before : &last->base;
    struct zm_delivery_facts facts = {stats->rows_in, stats->has_geometry, stats->crs[0] != '\0',
                                      zm_str(stats->crs)};
    for (unsigned i = 1; i < n; i++)
        ZM_TRY(zm_check_worker_merge(hands[0].worker, hands[i].worker, err));
    ZM_TRY(zm_check_source(hands[0].worker, &facts, base, &sink, &result->quarantined, &result->base, err));
    for (unsigned i = 0; i < n; i++) {
        zm_account_add(&result->account, &hands[i].account);
        result->n_points += hands[i].n_points;
        ZM_TRY(zm_shard_writer_flush(hands[i].writer, err));
    }
    result->before = *base;
    if (result->quarantined) {
        result->account.quarantined[ZM_REASON_SOURCE] += result->account.accepted;
        result->account.accepted = 0;
        if (base->n_rows)
            result->base = *base; /* the next delivery is compared with the last good one */
    }
    result->account.personal_columns = stats->personal_columns;
    result->account.personal_values = stats->personal_values;
    if (result->account.rows_in != stats->rows_in || !zm_account_balances(&result->account))
        return zm_fail(err, ZM_E_INTERNAL,
                       "the row account of this source does not balance: %llu read, %llu judged",
                       (unsigned long long)stats->rows_in, (unsigned long long)result->account.rows_in);
    return 0;
}

int zm_deliver(const struct zm_checker *checker, const struct zm_source *source, struct zm_str manifest,
               const struct zm_last_delivery *last, struct zm_readers *readers, unsigned threads,
               const struct zm_env *env, struct zm_shards *shards, struct zm_source_result *result,
               struct zm_err *err)
{
    struct crew crew = {.env = env, .source = source, .first_err = {ZM_OK, ""}};
    struct hand hands[ZM_THREADS_MAX] = {{.crew = &crew}}; /* the first works on the calling thread */
    int rc = 0;
    pthread_mutex_init(&crew.lock, NULL);
    for (unsigned i = 0; rc == 0 && i < threads; i++)
        rc = hand_init(&hands[i], &crew, checker, shards, err);
    if (rc == 0)
        rc = zm_readers_open(readers, source->index, &crew.import, err);
    if (rc == 0) {
        work_all(hands, threads);
        result->stats = *zm_import_stats(crew.import);
        rc = (int)crew.first_err.code;
        if (rc != 0 && err)
            *err = crew.first_err;
    }
    if (rc == 0)
        rc = check_manifest(manifest, result, err);
    if (rc == 0)
        rc = judge_source(hands, threads, last, result, err);
    zm_import_close(crew.import);
    for (unsigned i = 0; i < threads; i++) {
        zm_check_worker_free(hands[i].worker);
        zm_shard_writer_free(hands[i].writer);
        zm_free(hands[i].block);
    }
    pthread_mutex_destroy(&crew.lock);
    return rc;
}
