/* What report.html needs to know beyond the counts of a run: counted while the records pass in published
 * order, so that the page depends on nothing else. Every list is bounded. */
#pragma once

#include "export/report_html.h"
#include "geo/record/address.h"
#include "geo/record/finding.h"
#include "geo/tables/division.h"
#include "job/reference.h"

struct zm_facts;

/* job and divisions are borrowed until zm_facts_free. */
int zm_facts_new(struct zm_facts **out, const struct zm_job *job, const struct zm_divisions *divisions,
                 struct zm_err *err);
void zm_facts_free(struct zm_facts *f);

/* The records that follow are of this county. */
int zm_facts_county(struct zm_facts *f, uint32_t county, struct zm_err *err);
int zm_facts_address(struct zm_facts *f, const struct zm_address *a, struct zm_err *err);
int zm_facts_finding(struct zm_facts *f, const struct zm_finding *finding, uint64_t n_rows,
                     struct zm_err *err);

/* Adds what the result and the covers know, and renders the page. */
int zm_facts_put_html(struct zm_facts *f, const struct zm_run_result *result,
                      const struct zm_reference *reference, const struct zm_env *env, struct zm_buf *out,
                      struct zm_err *err);
