/* The encoding of a .dbf, which has no reliable place to state it: judged by its bytes. */
#pragma once

#include "import/encoding.h"

/* declared: source.encoding, "" or "auto" for no wish. A cell may be cut within its last character: fields
 * have fixed widths. ZM_E_USAGE for a declared name that is unknown, ZM_E_INPUT for a file that is no .dbf.
 */
int zm_dbf_encoding(const char *path, struct zm_str declared, enum zm_encoding *out, struct zm_err *err);
