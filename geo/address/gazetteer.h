/* Known names, frozen into a trie: divisions (current, retired, usual short forms) and roads by county.
 * Build once per job, then read from any number of threads. */
#pragma once

#include "geo/tables/division.h"

struct zm_gazetteer;

/* d is borrowed and must outlive the gazetteer. as_of decides which names are current and which retired. */
int zm_gazetteer_new(struct zm_gazetteer **out, const struct zm_divisions *d, uint32_t as_of,
                     struct zm_err *err);
void zm_gazetteer_free(struct zm_gazetteer *g);

/* Before freeze. The name is copied. county 0 = anywhere in the city. Doubles are ignored. */
int zm_gazetteer_add_road(struct zm_gazetteer *g, uint32_t county, struct zm_str name, struct zm_err *err);
int zm_gazetteer_freeze(struct zm_gazetteer *g, struct zm_err *err);
