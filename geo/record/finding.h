/* A finding: what a rule says against a row, a source, or a cause that many rows share. Bad data ends here.
 */
#pragma once

#include "geo/base/buf.h"
#include "geo/tables/rules.h"

struct zm_finding {
    uint64_t row;    /* 0 = the source as a whole */
    double lon, lat; /* EPSG:4490; both 0 = no place */
    uint32_t source;
    uint32_t county, town; /* where it belongs: 330302, 330302006; 0 = unknown */
    uint16_t rule;         /* enum zm_rule_id */
    uint8_t severity;      /* in force for this county */
    uint8_t field;         /* of the source's kind, or ZM_FIELD_NONE */
    uint8_t fixed;         /* corrected by the program: args are before and after; history, not work */
    uint8_t kind;          /* enum zm_kind of the subject */
    struct zm_str args;    /* ZM_ARG_SEP between them; fill the places of the rule's message */
    struct zm_str cause;   /* what rows have in common; empty = the row itself. Findings with equal rule,
                              source,   county and cause are published as one with a count */
    struct zm_str text;    /* the row's raw text, for the reader */
};

int zm_finding_encode(const struct zm_finding *f, struct zm_buf *out, struct zm_err *err);
bool zm_finding_decode(struct zm_finding *out, struct zm_str spool, size_t *at);
