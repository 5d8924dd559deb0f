/* The readers of a run's sources. While one source is drained, the child of the one that is read next already
 * opens its file; it waits when its slots are full. */
#pragma once

#include "import/import.h"
#include "job/config.h"

/* Caller's struct: init, open in the order of reading, release at any time. The children die with the thread
 * that called init and open. */
struct zm_readers {
    const struct zm_job *job; /* borrowed */
    const char *program;      /* borrowed; this executable */
    struct zm_import *ahead;  /* started, not yet asked for; NULL = none */
    unsigned ahead_source;
};

/* Starts the first child. */
void zm_readers_init(struct zm_readers *r, const struct zm_job *job, const char *program);
void zm_readers_release(struct zm_readers *r);

/* Divisions and roads are read first, then addresses: the order of job->sources within both. */
bool zm_readers_is_reference(enum zm_kind kind);

/* The import of a source, the caller's to close. What is wrong with the file its first zm_import_next says.
 */
int zm_readers_open(struct zm_readers *r, unsigned source, struct zm_import **out, struct zm_err *err);
