/* The report of the last publication as JSON, and what of it the next report keeps. */
#pragma once

#include "job/previous.h"

#include <jansson.h>

/* *report = NULL if there is no publication; else the caller's, to json_decref. */
int zm_report_load(const char *out_dir, json_t **report, struct zm_err *err);

/* The member `previous` of report.json: null, or the counts. Returns a new reference, NULL when memory is
 * out. */
json_t *zm_previous_json(const struct zm_previous *p);
