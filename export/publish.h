/* Publishing: rows in order -> layers in a staging folder -> read back and counted -> fsynced -> renamed ->
 * `current` moved last. Whatever happens before the last rename, the old publication stays whole.
 *
 * Order of calls: begin, add rows (addresses in published order, findings in published order), finish; or
 * abort at any time. finish does everything from closing the layers to moving `current`. */
#pragma once

#include "geo/base/env.h"
#include "geo/record/account.h"
#include "geo/record/address.h"
#include "geo/record/finding.h"
#include "geo/record/source.h"

struct zm_publication;

/* What the whole publication says about itself. All borrowed. */
struct zm_publish_options {
    const char *out_dir; /* "out": holds gen-RUN folders and the link `current` */
    const char *run_id;  /* 16 hex digits: hash of inputs, config, base, as-of */
    uint32_t as_of;
    bool public_profile;
    double public_precision_m;
    bool gpkg, geojson, xlsx; /* formats */
    bool copy_current;        /* publish = copy: `current` is a folder, swapped by renaming, not a symlink */
    unsigned threads;         /* 1 or more; the bytes do not depend on it */
    unsigned keep;            /* generations kept besides the new one */
    const struct zm_source *sources;
    unsigned n_sources;
};

int zm_publish_begin(struct zm_publication **out, const struct zm_publish_options *options,
                     const struct zm_env *env, struct zm_err *err);
/* fid is the order of calls, from 1. */
int zm_publish_address(struct zm_publication *p, const struct zm_address *a, struct zm_err *err);
/* An open finding of n_rows rows, to the layer of findings; its rows follow with zm_publish_finding_row. Or,
 * with fixed = 1, one automatic correction of one row, to the table of corrections; no rows follow. */
int zm_publish_finding(struct zm_publication *p, const struct zm_finding *f, uint64_t n_rows,
                       struct zm_err *err);
int zm_publish_finding_row(struct zm_publication *p, uint32_t source, uint64_t row, struct zm_err *err);
/* A row the reader rejected, to the table of rejected rows. */
int zm_publish_reject(struct zm_publication *p, uint32_t source, const struct zm_reject *reject,
                      struct zm_err *err);

/* A page for people beside the layers, such as report.html; at most ZM_PUBLISH_PAGES, name borrowed. */
enum { ZM_PUBLISH_PAGES = 4 };
int zm_publish_page(struct zm_publication *p, const char *name, struct zm_str text, struct zm_err *err);

/* report_json: the finished report (job/ makes it) to stand as report.json in the publication. */
int zm_publish_finish(struct zm_publication *p, struct zm_str report_json, struct zm_err *err);
void zm_publish_abort(struct zm_publication *p); /* also frees; NULL is fine */
void zm_publish_free(struct zm_publication *p);  /* after finish */

/* Path of the current publication's file, for the next run's base; false if there is none. */
bool zm_publish_current(const char *out_dir, const char *file, char *path, size_t size);
