/* report.json: what a run says about itself, and what the next run needs to know of it. */
#pragma once

#include "geo/base/buf.h"
#include "job/run.h"

enum { ZM_REPORT_BYTES_MAX = 64 << 20 };

/* Appends the report as JSON text. Only inputs, config and as-of show in it: no clock, no threads, no paths
 * of work. */
int zm_report_write(const struct zm_job *job, const struct zm_run_result *result, const struct zm_env *env,
                    struct zm_buf *out, struct zm_err *err);

/* What the last publication says of a source. */
struct zm_last_delivery {
    char sha256[65];              /* of the delivered file; "" = none */
    struct zm_delivery_base base; /* to compare a new delivery with */
    struct zm_delivery_base
        before; /* what that one was compared with: the base if the same file comes again */
};

/* Reads it for every source of the job out of the report in the output folder. A folder without publication
 * gives empty bases; a report that cannot be read is ZM_E_INPUT. */
int zm_report_last(const struct zm_job *job, const char *out_dir,
                   struct zm_last_delivery last[ZM_SOURCES_MAX], struct zm_err *err);
