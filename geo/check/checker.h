/* The streaming judges: a batch of delivered rows in, addresses and findings out. One pass; no malloc, query
 * or lock per record. The checker is read-only and shared; each worker has its own zm_check_worker. */
#pragma once

#include "geo/address/parser.h"
#include "geo/record/account.h"
#include "geo/record/address.h"
#include "geo/record/finding.h"
#include "geo/record/source.h"
#include "geo/space/cover.h"
#include "geo/space/crs.h"
#include "geo/space/offset.h"

/* What all rows are judged against. All borrowed. cover, towns and axes may be NULL. */
struct zm_checker {
    const struct zm_divisions *divisions;
    const struct zm_gazetteer *gazetteer; /* frozen */
    const struct zm_rule_set *rules;
    const struct zm_cover *counties, *towns;
    const struct zm_axes *axes;
    uint32_t city;  /* 3303 */
    uint32_t as_of; /* yyyymmdd */
    bool gcj_approved;
    bool public_profile; /* ADR/CRD rules of the public profile speak (CRD-013) */
};

struct zm_check_worker;
int zm_check_worker_new(struct zm_check_worker **out, const struct zm_checker *checker,
                        const struct zm_source *source, struct zm_err *err);
void zm_check_worker_free(struct zm_check_worker *w);

/* Where a worker's results go. Called on the worker's thread, in row order. The address borrows from the
 * worker and is gone after the call. A row that is quarantined (an open row-local error) comes with
 * quarantined = true. */
struct zm_check_sink {
    int (*address)(void *self, const struct zm_address *a, bool quarantined, struct zm_err *err);
    int (*finding)(void *self, const struct zm_finding *f, struct zm_err *err);
    void *self;
};

/* Judges all rows of the batch, adds to the account (accepted, rejected, quarantined; rows_in too). */
int zm_check_batch(struct zm_check_worker *w, const struct zm_batch *batch, const struct zm_check_sink *sink,
                   struct zm_account *account, struct zm_err *err);

/* Merges what a worker gathered about its source as a whole (columns that look like DD.MMSS, decimals,
 * empties, datum evidence) into another worker of the same source. */
int zm_check_worker_merge(struct zm_check_worker *into, const struct zm_check_worker *from,
                          struct zm_err *err);

/* What the last accepted delivery of this source looked like, from the previous publication. n_rows 0 = none.
 */
struct zm_delivery_base {
    uint64_t n_rows;
    double empty_share[ZM_FIELDS_MAX]; /* 0..1 by field of the kind; NaN = not delivered */
};

/* What reading the file told (filled by job/ from import's statistics). */
struct zm_delivery_facts {
    uint64_t n_rows;
    bool has_geometry, has_crs;
    struct zm_str crs; /* "EPSG:4326" as the file says, or empty */
};

/* The dataset rules (CRD-001, 005, 006, 007, 009; IMP-004, 006), after the last row. *quarantine: an open
 * error speaks against the whole source. *now: this delivery's own numbers, to be the next one's base. */
int zm_check_source(struct zm_check_worker *w, const struct zm_delivery_facts *facts,
                    const struct zm_delivery_base *base, const struct zm_check_sink *sink, bool *quarantine,
                    struct zm_delivery_base *now, struct zm_err *err);
