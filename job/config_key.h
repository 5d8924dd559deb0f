/* One `key = value` of one section, given to the job. The ini reader calls this; nothing else does. */
#pragma once

#include "job/config.h"

/* What is being filled while job.ini is read: the job, and the source of the current section. */
struct zm_config {
    struct zm_job *job;
    struct zm_source source;
    struct zm_delivery delivery;
    struct zm_map maps[ZM_FIELDS_MAX];
    struct zm_value_map values[256];
    bool in_source;
};

/* A section begins; an unknown one is ZM_E_USAGE. Closes the section before it. */
int zm_config_section(struct zm_config *c, struct zm_str section, struct zm_err *err);
int zm_config_key(struct zm_config *c, struct zm_str section, struct zm_str key, struct zm_str value,
                  struct zm_err *err);
/* Closes the last section. */
int zm_config_end(struct zm_config *c, struct zm_err *err);
