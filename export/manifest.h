/* manifest.json: every file of a publication with its SHA-256, rows and bytes. */
#pragma once

#include "export/digest.h"
#include "geo/base/buf.h"

struct zm_manifest_file {
    char name[128];
    uint64_t rows; /* features or table rows; 0 for a report */
    struct zm_digest digest;
};

struct zm_manifest {
    const char *run_id; /* borrowed */
    uint32_t as_of;
    bool public_profile;
    uint64_t withheld;              /* addresses the public profile leaves out; stated only there */
    struct zm_manifest_file *files; /* borrowed; put brings them into order */
    unsigned n_files;
};

/* Appends the text, files by name, 2 spaces of indent, LF at the end. */
int zm_manifest_put(struct zm_buf *out, const struct zm_manifest *m, struct zm_err *err);
