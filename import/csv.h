/* Delimited text: RFC 4180 plus what Excel writes (a sep= line, a byte order mark, CRLF, CR or LF, ="001"
 * cells, empty columns behind the header). Nothing is lost without a word: every record is read or refused
 * with row and line. */
#pragma once

#include "import/row.h"

struct zm_csv_options {
    const char *path;       /* for messages */
    struct zm_str encoding; /* as declared; empty = find out */
    unsigned header_rows;   /* 1..3 */
    char delimiter;         /* 0 = find out: , ; TAB | */
};

/* fd: a regular file, borrowed until close; read with pread. Fills *out with the header read.
 * ZM_E_INPUT, naming file and line: no text, no header, more than ZM_COLUMNS_MAX columns, encoding
 * (encoding.h). Later, from next(): a quote that is never closed. Lines without any character are no records.
 * Refused records: ragged, long_field (also a record over 4 MiB), nul, bad_encoding, bad_quotes. A record
 * with bad quotes ends at its first line break, so that a stray quote cannot swallow its neighbours. */
int zm_csv_open(struct zm_row_reader *out, int fd, const struct zm_csv_options *options, struct zm_err *err);
