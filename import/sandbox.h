/* The walls of the reader child. Order: zm_sandbox_limit, then zm_sandbox_lock, and only then is the
 * delivered file opened. After the lock the process can read the given files and the system's libraries,
 * write nothing, open no socket, start no program and look at no other process. */
#pragma once

#include "geo/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Limits of memory, processor seconds (by the size of the delivered file), open files; no core, no file
 * written. Without effect on memory under sanitizers. */
int zm_sandbox_limit(uint64_t file_bytes, struct zm_err *err);

/* Heap of the process from now on, at most. Without effect under sanitizers. */
int zm_sandbox_limit_heap(uint64_t bytes, struct zm_err *err);

/* Processor seconds that zm_sandbox_limit allows for a file. */
uint64_t zm_sandbox_cpu_seconds(uint64_t file_bytes);

/* fds: O_PATH or readable descriptors of the only files beside the system's that may still be opened.
 * *landlocked = false if this kernel has no Landlock; everything else is an error. */
int zm_sandbox_lock(const int *fds, unsigned n, bool *landlocked, struct zm_err *err);

/* The two halves of the lock. */
int zm_landlock_restrict(const int *fds, unsigned n, bool *landlocked, struct zm_err *err);
int zm_seccomp_restrict(struct zm_err *err);
