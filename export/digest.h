/* SHA-256 of published files. */
#pragma once

#include "geo/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* One pass over a file: its digest as 64 hex digits and NUL, its size, and how many LF it has. */
struct zm_digest {
    char sha256[65];
    uint64_t bytes, lines;
};
int zm_digest_file(const char *path, struct zm_digest *out, struct zm_err *err);
