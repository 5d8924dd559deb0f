/* A run: every source of a job read, understood, judged, and published. */
#pragma once

#include "geo/base/env.h"
#include "geo/check/checker.h"
#include "import/import.h"
#include "job/config.h"
#include "job/previous.h"

struct zm_run_options {
    const char *program; /* this executable, for the reader child */
    bool publish;        /* false: `check` and `run --dry-run` */
    /* Called for each finding in published order; n_rows rows share it. May be NULL. */
    int (*on_finding)(void *self, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err);
    void *self;
};

/* What became of one source. */
struct zm_source_result {
    struct zm_account account;
    struct zm_import_stats stats;
    struct zm_delivery_base base;   /* to compare the next delivery with */
    struct zm_delivery_base before; /* what this one was compared with */
    bool failed;                    /* could not be read: err says why */
    bool quarantined;               /* a dataset rule speaks against it */
    struct zm_err err;
    uint64_t n_points; /* accepted rows with a point */
    uint64_t findings; /* open ones, causes counted once */
};

/* Counts of findings by rule over all sources. */
struct zm_rule_result {
    uint64_t rows;                    /* rows that an open finding speaks of */
    uint64_t findings;                /* open findings, causes counted once */
    uint64_t fixed;                   /* rows the program corrected */
    uint64_t errors, warnings, infos; /* open rows by severity in force */
    enum zm_severity worst;           /* of its open findings, those of a whole source included */
};

struct zm_county_result {
    uint32_t county;
    uint64_t addresses, points, findings;
};

struct zm_run_result {
    char run_id[17];
    struct zm_source_result sources[ZM_SOURCES_MAX];
    struct zm_rule_result rules[ZM_N_RULES];
    struct zm_county_result counties[128];
    struct zm_previous previous; /* what the last publication counted */
    unsigned n_counties, n_failed, n_quarantined;
    uint64_t rows_in, accepted;
    enum zm_severity worst; /* of the open findings */
    bool published;
};

/* Locks the output folder (ZM_E_LOCKED), reads, judges, publishes. A source that cannot be read is reported
 * in its result and stops no other, but then nothing is published and the old publication stays. result is
 * large: heap. */
int zm_run(struct zm_job *job, const struct zm_run_options *options, const struct zm_env *env,
           struct zm_run_result *result, struct zm_err *err);
