/* What rows are judged against: divisions, the gazetteer, the cover of division polygons, road axes. Built
 * from the embedded tables and from the job's sources of kind division and road. */
#pragma once

#include "geo/check/checker.h"
#include "job/readers.h"
#include "job/run.h"
#include "job/shards.h"

struct zm_reference {
    struct zm_divisions divisions;
    struct zm_gazetteer *gazetteer;
    struct zm_cover *counties, *towns;
    struct zm_axes *axes;
};

/* Reads the job's division and road sources; what is wrong with their rows goes to findings, what is wrong
 * with a whole file to its result. */
int zm_reference_init(struct zm_reference *r, struct zm_job *job, struct zm_readers *readers,
                      const struct zm_env *env, struct zm_shard_writer *findings,
                      struct zm_run_result *result, struct zm_err *err);
void zm_reference_release(struct zm_reference *r);
