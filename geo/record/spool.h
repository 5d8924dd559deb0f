/* Records as bytes, for spool files within one run: the scalar front of the struct as it is in memory, then
 * its texts. Not a file format: only the program that wrote it, in the same run, reads it. */
#pragma once

#include "geo/base/buf.h"

/* Appends head (size bytes), then for each of the n texts its length, then the texts. */
int zm_spool_put(struct zm_buf *out, const void *head, size_t size, const struct zm_str *const *texts,
                 unsigned n, struct zm_err *err);

/* Reads back: copies head, points texts into spool, moves *at. False if spool ends before the record does.
 * texts point into *head's struct, so they are given by the caller after the head was copied. */
bool zm_spool_get_head(struct zm_str spool, size_t *at, void *head, size_t size);
bool zm_spool_get_texts(struct zm_str spool, size_t *at, struct zm_str *const *texts, unsigned n);
