/* A file that is written once, mostly at its end: buffered, every return checked, write-back started early so
 * that the fsync of publishing finds little left to do. */
#pragma once

#include "geo/base/err.h"
#include "geo/base/str.h"

#include <stdint.h>

/* Caller's struct: open, put..., close; or abandon at any time after open. */
struct zm_outfile {
    int fd;
    char *path;      /* owned; for messages */
    char *buffer;    /* owned */
    size_t buffered; /* bytes waiting in buffer */
    uint64_t end;    /* size of the file, the waiting bytes included */
    uint64_t asked;  /* write-back was asked for up to here */
};

/* Creates path (must not exist), or continues an existing file at its end. Errors are ZM_E_OUTPUT and name
 * the file. */
int zm_outfile_create(struct zm_outfile *f, const char *path, struct zm_err *err);
int zm_outfile_continue(struct zm_outfile *f, const char *path, struct zm_err *err);

int zm_outfile_put(struct zm_outfile *f, struct zm_str bytes, struct zm_err *err);

/* Overwrites bytes that were put before. */
int zm_outfile_patch(struct zm_outfile *f, uint64_t offset, struct zm_str bytes, struct zm_err *err);

int zm_outfile_close(struct zm_outfile *f, struct zm_err *err);
void zm_outfile_abandon(struct zm_outfile *f); /* a second time, or after close, is fine */
