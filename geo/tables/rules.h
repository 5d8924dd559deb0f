/* The rule catalogue (rules.tsv) and the settings a job makes on it. */
#pragma once

#include "geo/tables/rule_id.h" /* enum zm_rule_id: ZM_ADR_001 ..., ZM_N_RULES; made at build from rules.tsv */
#include "geo/tables/tables.h"

enum zm_severity { ZM_OFF, ZM_INFO, ZM_WARNING, ZM_ERROR };
enum zm_scope { ZM_SCOPE_ROW, ZM_SCOPE_COUNTY, ZM_SCOPE_CITY, ZM_SCOPE_SOURCE };

/* One row of rules.tsv. All texts borrow from the embedded table. Messages have places {0}, {1}, ... for the
 * arguments of a finding. */
struct zm_rule {
    struct zm_str id; /* "ADR-001" */
    bool built;       /* does this program judge it? */
    bool per_cause;   /* rows that share a cause are one finding with a count */
    bool fixes;       /* the program corrects the value; the finding is kept as history, not as work */
    enum zm_scope scope;
    enum zm_severity severity;
    double threshold;   /* NaN if the rule has none */
    struct zm_str unit; /* of the threshold: "m", "%", "" */
    struct zm_str title_zh, title_en, message_zh, suggestion_zh, condition_en, source;
};

/* The catalogue as built in; index = enum zm_rule_id. Never fails: a broken rules.tsv fails a unit test and
 * the first call aborts the program with a message. */
const struct zm_rule *zm_rules(void);

/* By id ("ADR-013", case as written); false if there is none. */
bool zm_rule_find(struct zm_str id, enum zm_rule_id *out);

struct zm_str zm_severity_name(enum zm_severity s); /* "error" "warning" "info" "off" */
struct zm_str zm_scope_name(enum zm_scope s);       /* "row" "county" "city" "source" */
bool zm_severity_parse(struct zm_str s, enum zm_severity *out);

/* Severity and threshold in force, with the overrides of job.ini ([rule.ADR-023], [rule.ADR-023@330381]). */
struct zm_rule_set {
    struct zm_rule_setting {
        enum zm_severity severity;
        double threshold;
    } city[ZM_N_RULES];
    struct zm_rule_override {
        enum zm_rule_id rule;
        uint32_t county;                  /* 330381 */
        bool has_severity, has_threshold; /* what is not set here stays as in city, whichever was set first */
        struct zm_rule_setting setting;
    } * overrides; /* owned; sorted by rule, then county */
    uint32_t n_overrides;
};

int zm_rule_set_init(struct zm_rule_set *s, struct zm_err *err); /* the defaults of the catalogue */
void zm_rule_set_release(struct zm_rule_set *s);

/* Changes one rule for all (county 0) or one county. severity NULL or threshold NULL = keep. */
int zm_rule_set_change(struct zm_rule_set *s, enum zm_rule_id rule, uint32_t county,
                       const enum zm_severity *severity, const double *threshold, struct zm_err *err);
struct zm_rule_setting zm_rule_set_get(const struct zm_rule_set *s, enum zm_rule_id rule, uint32_t county);
