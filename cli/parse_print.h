/* How `parse` prints what the parser understood. */
#pragma once

#include "geo/address/parser.h"
#include "geo/base/buf.h"

/* One JSON object and LF (design section 5). Bad bytes show as U+FFFD; offsets count raw bytes. */
int zm_print_parsed_json(struct zm_buf *out, struct zm_str text, const struct zm_parsed *p,
                         struct zm_err *err);
/* Some lines for people, and an empty one. */
int zm_print_parsed_text(struct zm_buf *out, struct zm_str text, const struct zm_parsed *p,
                         struct zm_err *err);
