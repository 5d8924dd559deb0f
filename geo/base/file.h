/* Small file work: read whole files, make folders, sync and rename so that a crash leaves old or new, never
 * half. */
#pragma once

#include "geo/base/buf.h"

/* Appends the whole regular file to out; fails if it is longer than out->max. */
int zm_file_read(const char *path, struct zm_buf *out, struct zm_err *err);

/* Writes and fsyncs path.tmp, then renames it to path and fsyncs the folder. */
int zm_file_write_atomic(const char *path, struct zm_str content, struct zm_err *err);

int zm_file_sync(const char *path, struct zm_err *err);  /* fsync a file or folder */
int zm_dir_make(const char *path, struct zm_err *err);   /* mkdir -p, mode 0755 */
int zm_dir_remove(const char *path, struct zm_err *err); /* rm -r; absent is fine; follows no link */
