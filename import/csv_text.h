/* The text of a CSV file as a sliding window of UTF-8, and the record at its start. Inside of csv.c. */
#pragma once

#include "import/encoding.h"
#include "import/row.h"

#include <sys/types.h>

enum {
    ZM_CSV_RECORD_MAX = 4 << 20, /* bytes; a longer record is refused without being held */
    ZM_CSV_STEP = 512 << 10,     /* bytes read at a time: what stays in the second-level cache */
};

struct zm_csv_text {
    int fd; /* borrowed */
    const char *path;
    struct zm_encoding_info encoding;
    struct zm_decoder decoder;
    off_t at;           /* next byte of the file */
    char *raw;          /* owned; undecoded bytes, only for encodings other than UTF-8 */
    struct zm_str left; /* of raw, not yet decoded */
    char *buf;          /* owned */
    size_t begin, end;  /* buf[begin..end) is text not yet consumed; 8 zero bytes follow */
    bool ended;         /* the file has nothing behind buf[end] */
    bool bad_bytes;     /* ZM_BAD_BYTE may occur in the window, or bytes that are no UTF-8 */
    uint64_t line;      /* of buf[begin], from 1 */
};

/* What a record is. Slices point into the window and hold until the next call. */
enum zm_csv_found { ZM_CSV_END, ZM_CSV_RECORD, ZM_CSV_REFUSED };
struct zm_csv_record {
    struct zm_str cells[ZM_COLUMNS_MAX];
    unsigned n;            /* cells of the record, may be over ZM_COLUMNS_MAX: then only the first are kept */
    unsigned last_text;    /* 1 + index of the last cell that is not empty, however many there are */
    uint64_t line;         /* where it begins */
    enum zm_reason reason; /* ZM_CSV_REFUSED */
    unsigned column;       /* where the reason lies, or ZM_COLUMNS_MAX */
};

int zm_csv_text_open(struct zm_csv_text *t, int fd, const char *path, struct zm_str encoding,
                     struct zm_err *err);
void zm_csv_text_close(struct zm_csv_text *t);

/* Reads on so that more text is in the window; no change once the file has ended or the window is full. */
int zm_csv_text_more(struct zm_csv_text *t, struct zm_err *err);
static inline bool zm_csv_text_full(const struct zm_csv_text *t)
{
    return t->end - t->begin >= ZM_CSV_RECORD_MAX;
}

/* Consumes the next record. ZM_E_INPUT if a quote is never closed. */
int zm_csv_record_next(struct zm_csv_text *t, char delimiter, struct zm_csv_record *out,
                       enum zm_csv_found *found, struct zm_err *err);
