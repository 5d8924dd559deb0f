/* A job: job.ini as the program understands it (docs/operations.md has the keys, design section 5 the
 * contract). */
#pragma once

#include "geo/base/arena.h"
#include "geo/record/source.h"
#include "geo/tables/rules.h"

enum { ZM_SOURCES_MAX = 256, ZM_THREADS_MAX = 16 };

/* What a source says beyond what the reader needs. */
struct zm_delivery {
    struct zm_str scope;    /* 330381: what a full delivery covers; empty = the city */
    double max_retire;      /* share 0..1 */
    struct zm_str manifest; /* path of a .sha256 file, or empty */
    struct zm_str title;    /* path as job.ini writes it, for reports */
};

struct zm_job {
    struct zm_arena arena; /* owns every text below */
    struct zm_str folder;  /* of job.ini; relative paths start here */
    uint32_t city;         /* 330300 */
    struct zm_str output;  /* folder of the publications; empty: there are none, as for `check` */
    unsigned threads;
    struct zm_str gcj_inverse_approval; /* reference of the approval; empty = none */
    struct zm_str map_review_no;
    bool copy_current;              /* publish = copy */
    bool gpkg, geojson, xlsx, html; /* [output] formats */
    bool public_profile;
    double public_precision_m;
    bool has_sync; /* any [sync.*] section */
    struct zm_rule_set rules;
    struct zm_source sources[ZM_SOURCES_MAX];      /* ordered by name; index = place in this list */
    struct zm_delivery deliveries[ZM_SOURCES_MAX]; /* same index */
    unsigned n_sources;
};

/* The defaults, without sources. Release also after a failed load. */
int zm_job_init(struct zm_job *job, struct zm_err *err);
void zm_job_release(struct zm_job *job);

/* Reads job.ini over the defaults. Every error names file and line. */
int zm_job_load(struct zm_job *job, const char *path, struct zm_err *err);

/* Adds a source whose texts live in job->arena; it gets its index in zm_job_finish. */
int zm_job_add_source(struct zm_job *job, const struct zm_source *source, const struct zm_delivery *delivery,
                      struct zm_err *err);

/* Resolves path globs (one source a file), orders the sources by name, and checks what only the whole can
 * show. */
int zm_job_finish(struct zm_job *job, struct zm_err *err);

/* An absolute or folder-relative path as a C string in the arena; NULL when memory is out. */
const char *zm_job_path(struct zm_job *job, struct zm_str path);

/* Hash of everything in the job that can change a published byte; threads and paths of work are left out. */
uint64_t zm_job_hash(const struct zm_job *job);
