/* Records as bytes, for spool files within one run: the scalar front of the struct as it is in memory, then
 * its texts. Not a file format: only the program that wrote it, in the same run, reads it. */
#pragma once

#include "geo/base/buf.h"

/* The texts of a record are told by their places: offsets of its struct zm_str members. */

/* Appends its own size, the first size bytes of record, for each of the n texts its length, then the texts.
 */
int zm_spool_put(struct zm_buf *out, const void *record, size_t size, const uint16_t *texts, unsigned n,
                 struct zm_err *err);

/* Reads back: fills record, with texts that point into spool, and moves *at. False if spool ends before the
 * record does. */
bool zm_spool_get(struct zm_str spool, size_t *at, void *record, size_t size, const uint16_t *texts,
                  unsigned n);

/* Fills only the first size bytes and moves *at behind the whole record. */
bool zm_spool_peek(struct zm_str spool, size_t *at, void *record, size_t size);
