/* The keys of a [source.NAME] section. */
#pragma once

#include "job/config_key.h"

int zm_config_source_begin(struct zm_config *c, struct zm_str name, struct zm_err *err);
int zm_config_source_key(struct zm_config *c, struct zm_str key, struct zm_str value, struct zm_err *err);
/* Checks the section as a whole and adds the source to the job. */
int zm_config_source_end(struct zm_config *c, struct zm_err *err);
