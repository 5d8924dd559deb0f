/* The delivered file as the reader child finds it: one regular file, named without any trick, and its parts.
 */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

#include <limits.h>
#include <stdint.h>

enum { ZM_PARTS_MAX = 5 }; /* .shp and its .dbf .shx .prj .cpg */

struct zm_delivery {
    char given[PATH_MAX];               /* as ordered, for messages */
    char parts[ZM_PARTS_MAX][PATH_MAX]; /* absolute, without links; the file itself first */
    int part_fds[ZM_PARTS_MAX];         /* O_PATH: names for the sandbox, no access yet */
    unsigned n_parts;
    int fd;             /* of the file, for reading; -1 until zm_delivery_open */
    uint64_t bytes;     /* of all parts */
    int64_t changed_ns; /* latest change of any part when it was found */
};

/* Looks at names only: refuses links, folders, pipes, devices, and names that GDAL would take for a command
 * ("/vsi...", "http://...", "PG:..."). ZM_E_INPUT with the reason. */
int zm_delivery_find(struct zm_delivery *d, struct zm_str path, struct zm_err *err);

/* Opens the file. Call it inside the sandbox. */
int zm_delivery_open(struct zm_delivery *d, struct zm_err *err);

/* After reading: fails if a part was changed while it was read. */
int zm_delivery_verify(const struct zm_delivery *d, struct zm_err *err);

/* SHA-256 over the parts in the order of their suffixes, as hex with a NUL. */
int zm_delivery_sha256(const struct zm_delivery *d, char out[65], struct zm_err *err);

/* The part with a suffix such as ".dbf" (any case), or NULL. */
const char *zm_delivery_part(const struct zm_delivery *d, const char *suffix);

void zm_delivery_release(struct zm_delivery *d);
