/* What an operator reads after `run` or `check`: Chinese, from the tables, ending with the next step. */
#pragma once

#include "cli/cli.h"
#include "job/run.h"

#include <stdio.h>

/* Sources with their row accounts, rules with counts, then verdict and next step. out_dir NULL: nothing was
 * published. */
void zm_print_summary(FILE *to, const struct zm_job *job, const struct zm_run_result *result,
                      const char *out_dir);

/* {"schema_version":1,"published":...,"exit_status":...,"report":{...}[,"findings":[...]]} and LF. findings:
 * JSON array text, or empty. */
int zm_print_json(FILE *to, const struct zm_job *job, const struct zm_run_result *result,
                  const struct zm_env *env, int status, struct zm_str findings, struct zm_err *err);

/* A finding in a clerk's words, appended to out: the message of its rule with its arguments. */
int zm_finding_message(struct zm_buf *out, const struct zm_finding *f, struct zm_err *err);

/* Why sources failed, and what reading them had to note; a warning that concerns every file is said once. */
void zm_say_sources(const struct zm_cli *cli, const struct zm_job *job, const struct zm_run_result *result);

/* The exit status of a run: the first source that failed, findings at or above fail_on, a quarantined source.
 */
int zm_run_status(const struct zm_job *job, const struct zm_run_result *result, enum zm_severity fail_on);
