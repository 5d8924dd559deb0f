/* Text encodings of delivered files: UTF-8, GB18030 (which holds GBK and GB2312) and UTF-16, all to UTF-8. */
#pragma once

#include "geo/base/buf.h"
#include "geo/base/err.h"

enum zm_encoding { ZM_ENC_UTF8, ZM_ENC_GB18030, ZM_ENC_UTF16LE, ZM_ENC_UTF16BE };

const char *zm_encoding_name(enum zm_encoding encoding); /* "UTF-8" "GB18030" "UTF-16LE" "UTF-16BE" */

/* The names people write: UTF-8, utf8, GBK, GB2312, CP936, GB18030, UTF-16LE, UTF-16BE. False for any other.
 */
bool zm_encoding_parse(struct zm_str name, enum zm_encoding *out);

/* What the whole file said. */
struct zm_encoding_info {
    enum zm_encoding encoding;
    unsigned bom; /* bytes to skip at the start */
    bool clean;   /* no byte of the file is outside the encoding */
};

/* Reads all of fd (offset does not move) and decides; a file with a few bad bytes keeps the encoding of its
 * good ones. declared: source.encoding, "" or "auto" for no wish. ZM_E_INPUT when no encoding fits, or when
 * the bytes contradict the declared one (the message says what they look like); ZM_E_USAGE for a declared
 * name that is unknown. */
int zm_encoding_detect(int fd, const char *path, struct zm_str declared, struct zm_encoding_info *out,
                       struct zm_err *err);

/* A byte that stands in decoded text for a byte which is not of the encoding; never part of UTF-8. */
#define ZM_BAD_BYTE '\xff'

/* Turns bytes into UTF-8. open, decode..., close. */
struct zm_decoder {
    enum zm_encoding from;
    void *handle; /* of iconv; NULL for UTF-8 */
};
int zm_decoder_open(struct zm_decoder *d, enum zm_encoding from, struct zm_err *err);
void zm_decoder_close(struct zm_decoder *d);

/* Decodes the head of *in into out[0..cap) and moves *in behind what was used. Stops when out has under 8
 * bytes left or when *in ends within a character (then up to 3 bytes stay in *in, unless last). Returns the
 * bytes written. Bad bytes become ZM_BAD_BYTE and are counted in *n_bad. */
size_t zm_decode(struct zm_decoder *d, struct zm_str *in, char *out, size_t cap, bool last, uint64_t *n_bad);

/* Decodes a whole cell and appends it to out. *clean = false if it held bad bytes. Fails only when out is
 * full. */
int zm_decode_cell(struct zm_decoder *d, struct zm_str in, struct zm_buf *out, bool *clean,
                   struct zm_err *err);
