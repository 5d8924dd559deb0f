/* Reading a written publication back before it is shown: structure, counts, digests. */
#pragma once

#include "export/digest.h"
#include "export/layer.h"

#include <limits.h>

/* One file to read back. The caller fills everything above digest. */
struct zm_readback {
    char path[PATH_MAX];
    const char *name; /* borrowed; as the manifest has it */
    enum zm_readback_kind {
        ZM_READBACK_TEXT,
        ZM_READBACK_LINES,
        ZM_READBACK_GPKG,
        ZM_READBACK_WORKBOOK
    } kind;
    const struct zm_layer *const *layers; /* GPKG: borrowed */
    unsigned n_layers;
    const uint64_t *layer_rows; /* borrowed; LINES and WORKBOOK: one number */
    uint64_t points;            /* in the first layer */
    uint64_t rows;              /* for the manifest */
    struct zm_digest digest;
    struct zm_readback_outcome {
        int rc;
        struct zm_err err;
    } digested, checked;
};

/* Reads all files back, up to threads of them at a time. ZM_E_OUTPUT names the first that is not what was
 * written. */
int zm_readback_all(struct zm_readback *files, unsigned n, unsigned threads, struct zm_err *err);
