/* From spools in no order to records in published order: county, source, row; findings with a common cause as
 * one. */
#pragma once

#include "job/shards.h"

/* Who receives the records; any function may be NULL. */
struct zm_collate_visitor {
    int (*address)(void *self, const struct zm_address *a, struct zm_err *err);
    /* n_rows: how many rows the finding speaks of (1 for a row, 0 for a source as a whole). */
    int (*finding)(void *self, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err);
    int (*finding_row)(void *self, uint32_t source, uint64_t row,
                       struct zm_err *err); /* rows of the open finding before */
    void *self;
};

/* skip[source] = true: the addresses of that source are left out (it is quarantined or could not be read). */
int zm_collate(const struct zm_shards *shards, uint32_t county, const bool *skip,
               const struct zm_collate_visitor *visitor, struct zm_err *err);
