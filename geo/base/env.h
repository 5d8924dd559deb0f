/* What the outside world gives a run, in one struct, so that a test can replace it and a seed can replay it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct zm_env {
    uint32_t as_of;              /* yyyymmdd: every written time comes from it */
    bool (*stopped)(void *self); /* has SIGINT or SIGTERM asked us to stop? asked between batches */
    void (*progress)(void *self, const char *stage, uint64_t done, uint64_t total); /* total 0 = unknown */
    void (*log)(void *self, const char *level,
                const char *text); /* level: "error" "warning" "note" "debug" */
    int (*rename)(const char *from, const char *to);
    void *self;
};

/* Is there a wish to stop? NULL env or NULL function: no. */
static inline bool zm_env_stopped(const struct zm_env *env)
{
    return env && env->stopped && env->stopped(env->self);
}
