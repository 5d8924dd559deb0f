/* What the last publication counted, to compare this one with. */
#pragma once

#include "geo/base/err.h"
#include "geo/tables/rules.h"

enum { ZM_PREVIOUS_SOURCES_MAX = 256 };

struct zm_previous {
    char run[17], as_of[11]; /* run is empty: there is none */
    unsigned n_sources;
    struct zm_previous_source {
        char name[64];
        uint64_t rows_in, accepted, findings;
    } sources[ZM_PREVIOUS_SOURCES_MAX];
    struct zm_previous_rule {
        uint64_t findings, rows;
    } rules[ZM_N_RULES];
};

/* Reads it from the report of the current publication. If that is of the very run run_id, what that run was
 * compared with is taken instead, so that repeating a run gives the same bytes. A folder without publication
 * gives none; a report that cannot be read is ZM_E_INPUT. */
int zm_previous_read(const char *out_dir, const char *run_id, struct zm_previous *out, struct zm_err *err);
