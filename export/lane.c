#include "export/lane.h"

#include "geo/base/mem.h"

#include <pthread.h>

enum { BLOCKS = 4, BLOCK_BYTES = 1 << 20, BLOCK_MAX = 64 << 20 };

/* A ring: blocks[made % BLOCKS] is the caller's, the ones from taken to made wait for the consumer. */
struct zm_lane {
    zm_lane_consume *consume;
    void *self;
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct zm_buf blocks[BLOCKS];
    unsigned long made, taken;
    bool ended;
    int rc;
    struct zm_err err;
};

/* The consumer's thread. A block is used outside the lock: the ring keeps the caller away from it until it is
 * taken. After an error the rest is thrown away, so that the caller never waits for room in vain. */
static void *run(void *arg)
{
    struct zm_lane *lane = arg;
    pthread_mutex_lock(&lane->lock);
    for (;;) {
        while (lane->taken == lane->made && !lane->ended)
            pthread_cond_wait(&lane->changed, &lane->lock);
        if (lane->taken == lane->made)
            break;
        struct zm_buf *block = &lane->blocks[lane->taken % BLOCKS];
        struct zm_err err = {.code = ZM_OK};
        int rc = lane->rc;
        pthread_mutex_unlock(&lane->lock);
        if (rc == 0)
            rc = lane->consume(lane->self, zm_buf_str(block), &err);
        zm_buf_reset(block);
        pthread_mutex_lock(&lane->lock);
        if (rc != 0 && lane->rc == 0) {
            lane->rc = rc;
            lane->err = err;
        }
        lane->taken++;
        pthread_cond_signal(&lane->changed);
    }
    pthread_mutex_unlock(&lane->lock);
    return NULL;
}

int zm_lane_open(struct zm_lane **out, zm_lane_consume *consume, void *self, bool threaded,
                 struct zm_err *err)
{
    struct zm_lane *lane = zm_calloc(1, sizeof *lane);
    if (!lane)
        return zm_fail_memory(err, sizeof *lane);
    lane->consume = consume;
    lane->self = self;
    lane->threaded = threaded;
    for (unsigned i = 0; i < BLOCKS; i++)
        zm_buf_init(&lane->blocks[i], BLOCK_MAX);
    pthread_mutex_init(&lane->lock, NULL);
    pthread_cond_init(&lane->changed, NULL);
    int rc = threaded ? pthread_create(&lane->thread, NULL, run, lane) : 0;
    if (rc != 0) {
        lane->threaded = false;
        zm_lane_abort(lane);
        return zm_fail_errno(err, ZM_E_MEMORY, rc, "cannot start a writer thread");
    }
    *out = lane;
    return 0;
}

static struct zm_buf *filling(struct zm_lane *lane)
{
    return &lane->blocks[lane->made % BLOCKS];
}

static int failed(const struct zm_lane *lane, struct zm_err *err)
{
    if (lane->rc != 0 && err)
        *err = lane->err;
    return lane->rc;
}

/* Hands the filled block over. At most BLOCKS - 1 wait: a fast caller is slowed to the speed of the disk, and
 * memory stays bounded. */
static int pass_on(struct zm_lane *lane, struct zm_err *err)
{
    if (!lane->threaded) {
        struct zm_buf *block = filling(lane);
        if (lane->rc == 0)
            lane->rc = lane->consume(lane->self, zm_buf_str(block), &lane->err);
        zm_buf_reset(block);
        return failed(lane, err);
    }
    pthread_mutex_lock(&lane->lock);
    lane->made++;
    pthread_cond_signal(&lane->changed);
    while (lane->made - lane->taken >= BLOCKS)
        pthread_cond_wait(&lane->changed, &lane->lock);
    int rc = failed(lane, err);
    pthread_mutex_unlock(&lane->lock);
    return rc;
}

int zm_lane_put(struct zm_lane *lane, struct zm_str item, struct zm_err *err)
{
    struct zm_buf *block = filling(lane);
    ZM_TRY(zm_buf_put(block, item, err));
    return block->len < BLOCK_BYTES ? 0 : pass_on(lane, err);
}

/* Lets the thread take what waits and end. */
static void end(struct zm_lane *lane)
{
    if (!lane->threaded)
        return;
    pthread_mutex_lock(&lane->lock);
    lane->ended = true;
    pthread_cond_signal(&lane->changed);
    pthread_mutex_unlock(&lane->lock);
    pthread_join(lane->thread, NULL);
    lane->threaded = false;
}

int zm_lane_close(struct zm_lane *lane, struct zm_err *err)
{
    int rc = filling(lane)->len ? pass_on(lane, err) : 0;
    end(lane);
    if (rc == 0)
        rc = failed(lane, err);
    zm_lane_abort(lane);
    return rc;
}

void zm_lane_abort(struct zm_lane *lane)
{
    if (!lane)
        return;
    if (lane->threaded) {
        pthread_mutex_lock(&lane->lock);
        if (lane->rc == 0)
            lane->rc = ZM_E_STOPPED; /* blocks that wait are dropped, not written */
        pthread_mutex_unlock(&lane->lock);
    }
    end(lane);
    for (unsigned i = 0; i < BLOCKS; i++)
        zm_buf_release(&lane->blocks[i]);
    pthread_cond_destroy(&lane->changed);
    pthread_mutex_destroy(&lane->lock);
    zm_free(lane);
}
