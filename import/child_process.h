/* The reader child as a process: started, watched, reaped. */
#pragma once

#include "geo/base/err.h"

#include <sys/types.h>

struct zm_child {
    pid_t pid;    /* 0 = none, or reaped */
    int fd;       /* our end of the socket pair */
    int slots_fd; /* memfd of ZM_SLOTS blocks, sealed against shrinking: it cannot be cut under our feet */
    void *slots;  /* the same, mapped for reading */
};

/* Runs `program reader` with a clean environment and no other open file than its channel. The kernel kills
 * the child when the thread that called this ends. */
int zm_child_start(struct zm_child *c, const char *program, struct zm_err *err);

/* The channel is closed: waits for the end of the process and says as an error on path why it ended. */
int zm_child_obituary(struct zm_child *c, const char *path, struct zm_err *err);

/* Kills it if it still runs, leaves no zombie, releases everything. */
void zm_child_stop(struct zm_child *c);
