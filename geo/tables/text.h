/* Every Chinese text a clerk or operator reads that is not a rule's: titles of layers and fields, coded
 * values, reasons, summaries, next steps. One table, text.tsv: key, zh. */
#pragma once

#include "geo/tables/tables.h"

/* The text of a key ("field.address.lon", "reason.ragged"). A key that is missing gives the key itself; a
 * unit test fails for every key the code uses and the table lacks. Borrowed, lives for ever. */
struct zm_str zm_text(const char *key);

/* "key" + suffix, for families such as "field.address." + name. A key that is missing gives the name. */
struct zm_str zm_text_of(const char *family, struct zm_str name);

/* Appends one argument of a finding as a clerk reads it: keys of this table ("position.empty"; "county,town"
 * for the family "missing.") become their texts with 、 between them, anything else stays as it is. */
struct zm_buf;
int zm_text_argument(struct zm_buf *out, struct zm_str arg, struct zm_err *err);

/* Fills the places {0}..{9} of a template with args, which are separated by ZM_ARG_SEP, and appends the
 * result to out. Each argument is shown with zm_text_argument; one that is missing is empty. A part in [ ] is
 * left out when a place in it is empty: "gone[, now {1}]". */
#define ZM_ARG_SEP '\x1f'
int zm_text_fill(struct zm_buf *out, struct zm_str template_zh, struct zm_str args, struct zm_err *err);
