/* Folders of a publication: .gen-RUN while it is written, gen-RUN when it is whole, and `current`, which
 * moves last. Whatever fails, `current` and what it shows stay as they were. */
#pragma once

#include "geo/base/env.h"
#include "geo/base/err.h"

#include <stdbool.h>

/* Makes out_dir and an empty out_dir/.gen-RUN; what a killed run left under that name is removed. */
int zm_generation_stage(const char *out_dir, const char *run_id, struct zm_err *err);

/* Removes the staging folder. For clean-up: never fails aloud. */
void zm_generation_drop(const char *out_dir, const char *run_id);

/* Syncs every file of the staging folder, makes them read-only, renames the folder to gen-RUN, points
 * `current` at it (a link, or with copy a folder of its own) and syncs out_dir. */
int zm_generation_publish(const char *out_dir, const char *run_id, bool copy, const struct zm_env *env,
                          struct zm_err *err);

/* Removes generations older than the keep newest besides run_id, and what killed runs left. A failure is only
 * logged. */
void zm_generation_prune(const char *out_dir, const char *run_id, unsigned keep, const struct zm_env *env);
