#include "geo/tables/rules.h"

#include "geo/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

enum column {
    C_ID,
    C_BUILT,
    C_PER,
    C_FIX,
    C_SCOPE,
    C_SEVERITY,
    C_THRESHOLD,
    C_UNIT,
    C_TITLE_ZH,
    C_TITLE_EN,
    C_MESSAGE_ZH,
    C_SUGGESTION_ZH,
    C_CONDITION_EN,
    C_SOURCE,
    N_COLUMNS
};

enum { OVERRIDES_MAX = 4096 };

static const char *const severity_names[] = {"off", "info", "warning", "error"};
static const char *const scope_names[] = {"row", "county", "city", "source"};

/* Written once by parse_all, then only read. */
static struct zm_rule catalogue[ZM_N_RULES];
static once_flag catalogue_once = ONCE_FLAG_INIT;

static int name_index(const char *const *names, int n, struct zm_str s)
{
    for (int i = 0; i < n; i++)
        if (zm_str_eq(zm_str(names[i]), s))
            return i;
    return -1;
}

static bool parse_flag(struct zm_str cell, const char *yes, const char *no, bool *out)
{
    *out = zm_str_eq(cell, zm_str(yes));
    return *out || zm_str_eq(cell, zm_str(no));
}

static bool parse_rule(struct zm_rule *rule, const struct zm_str *c)
{
    int scope = name_index(scope_names, 4, c[C_SCOPE]);
    if (scope < 0 || !zm_severity_parse(c[C_SEVERITY], &rule->severity))
        return false;
    rule->scope = (enum zm_scope)scope;
    rule->threshold = NAN;
    if (c[C_THRESHOLD].len && !zm_str_to_double(c[C_THRESHOLD], &rule->threshold))
        return false;
    rule->id = c[C_ID];
    rule->unit = c[C_UNIT];
    rule->title_zh = c[C_TITLE_ZH];
    rule->title_en = c[C_TITLE_EN];
    rule->message_zh = c[C_MESSAGE_ZH];
    rule->suggestion_zh = c[C_SUGGESTION_ZH];
    rule->condition_en = c[C_CONDITION_EN];
    rule->source = c[C_SOURCE];
    return parse_flag(c[C_BUILT], "1", "0", &rule->built) &&
           parse_flag(c[C_PER], "cause", "row", &rule->per_cause) &&
           parse_flag(c[C_FIX], "1", "0", &rule->fixes);
}

/* The table is part of the program: if it is broken, nothing the program says can be trusted. */
static void parse_all(void)
{
    struct zm_str rest = zm_tables_embedded("rules.tsv"), line, cells[N_COLUMNS];
    zm_tsv_line(&rest, &line);
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        bool ok = zm_tsv_line(&rest, &line) && zm_tsv_split(line, cells, N_COLUMNS) == N_COLUMNS;
        if (!ok || !parse_rule(&catalogue[i], cells)) {
            fprintf(stderr, "rules.tsv: rule %u cannot be read\n", i + 1);
            abort();
        }
    }
}

const struct zm_rule *zm_rules(void)
{
    call_once(&catalogue_once, parse_all);
    return catalogue;
}

bool zm_rule_find(struct zm_str id, enum zm_rule_id *out)
{
    const struct zm_rule *rules = zm_rules();
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        if (zm_str_eq(rules[i].id, id)) {
            *out = (enum zm_rule_id)i;
            return true;
        }
    }
    return false;
}

struct zm_str zm_severity_name(enum zm_severity s)
{
    return zm_str(severity_names[s]);
}

struct zm_str zm_scope_name(enum zm_scope s)
{
    return zm_str(scope_names[s]);
}

bool zm_severity_parse(struct zm_str s, enum zm_severity *out)
{
    int i = name_index(severity_names, 4, s);
    if (i >= 0)
        *out = (enum zm_severity)i;
    return i >= 0;
}

int zm_rule_set_init(struct zm_rule_set *s, struct zm_err *err)
{
    (void)err;
    const struct zm_rule *rules = zm_rules();
    *s = (struct zm_rule_set){0};
    for (unsigned i = 0; i < ZM_N_RULES; i++)
        s->city[i] = (struct zm_rule_setting){rules[i].severity, rules[i].threshold};
    return 0;
}

void zm_rule_set_release(struct zm_rule_set *s)
{
    zm_free(s->overrides);
    *s = (struct zm_rule_set){0};
}

/* Index of the first override that is not before (rule, county). They are kept sorted: every row of a
 * delivery asks for several rules. */
static uint32_t lower_bound(const struct zm_rule_set *s, enum zm_rule_id rule, uint32_t county)
{
    uint32_t low = 0, high = s->n_overrides;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct zm_rule_override *o = &s->overrides[middle];
        if (o->rule < rule || (o->rule == rule && o->county < county))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct zm_rule_override *find_override(const struct zm_rule_set *s, enum zm_rule_id rule,
                                              uint32_t county)
{
    uint32_t at = lower_bound(s, rule, county);
    struct zm_rule_override *o = s->overrides + at;
    return at < s->n_overrides && o->rule == rule && o->county == county ? o : NULL;
}

static int add_override(struct zm_rule_set *s, enum zm_rule_id rule, uint32_t county, struct zm_err *err)
{
    if (s->n_overrides == OVERRIDES_MAX)
        return zm_fail(err, ZM_E_USAGE, "more than %d rule settings for single counties", OVERRIDES_MAX);
    size_t size = (s->n_overrides + 1) * sizeof *s->overrides;
    struct zm_rule_override *grown = zm_realloc(s->overrides, size);
    if (!grown)
        return zm_fail_memory(err, size);
    s->overrides = grown;
    uint32_t at = lower_bound(s, rule, county);
    memmove(grown + at + 1, grown + at, (s->n_overrides - at) * sizeof *grown);
    grown[at] = (struct zm_rule_override){.rule = rule, .county = county};
    s->n_overrides++;
    return 0;
}

int zm_rule_set_change(struct zm_rule_set *s, enum zm_rule_id rule, uint32_t county,
                       const enum zm_severity *severity, const double *threshold, struct zm_err *err)
{
    struct zm_rule_setting *setting = &s->city[rule];
    if (county != 0) {
        if (!find_override(s, rule, county))
            ZM_TRY(add_override(s, rule, county, err));
        struct zm_rule_override *o = find_override(s, rule, county);
        o->has_severity |= severity != NULL;
        o->has_threshold |= threshold != NULL;
        setting = &o->setting;
    }
    if (severity)
        setting->severity = *severity;
    if (threshold)
        setting->threshold = *threshold;
    return 0;
}

struct zm_rule_setting zm_rule_set_get(const struct zm_rule_set *s, enum zm_rule_id rule, uint32_t county)
{
    struct zm_rule_setting setting = s->city[rule];
    const struct zm_rule_override *o = s->n_overrides ? find_override(s, rule, county) : NULL;
    if (o && o->has_severity)
        setting.severity = o->setting.severity;
    if (o && o->has_threshold)
        setting.threshold = o->setting.threshold;
    return setting;
}
