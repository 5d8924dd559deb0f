/* Personal information that must not leave the reader child (PIPL art. 4, 6: only what the task needs).
 * Columns are known by their titles, values by their form. Neither is ever logged. */
#pragma once

#include "geo/base/str.h"

/* Does the title name a person, a telephone or an identity document? 姓名, 联系电话, 身份证号, phone,
 * id_card, shenfenzheng. */
bool zm_personal_column(struct zm_str title);

/* The length of s after every resident identity number (GB 11643-1999: 17 digits and a check character, with
 * a possible birth date) and every mainland mobile number (1[3-9] and 9 digits) has been left out, written to
 * out[0..s.len). Digits may be full-width; a mobile number may be grouped 3-4-4 with blanks or hyphens, and
 * lead with +86. A run of digits with any other length (codes of 12 or 20 digits, decimals) is no hit.
 * *n_removed counts the hits; out is written only if there are any, else s.len is returned and s stays as it
 * is. */
size_t zm_personal_remove(struct zm_str s, char *out, unsigned *n_removed);
