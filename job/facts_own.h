/* Inside of the facts: gathered by facts.c, arranged for the page by facts_page.c. */
#pragma once

#include "geo/base/arena.h"
#include "geo/base/hash.h"
#include "job/facts.h"

enum {
    ZM_FACTS_COUNTIES = 128,
    ZM_FACTS_TOWNS = 4096,
    ZM_FACTS_SPOTS = 1 << 16,
    ZM_FACTS_OUTLINES = 4096,
    ZM_FACTS_EXAMPLES = 3, /* of a rule */
    ZM_FACTS_VERDICTS = 8, /* of a source */
    ZM_FACTS_TEXT = 240,   /* bytes of a text that is quoted */
    ZM_FACTS_BYTES = 8 << 20
};

struct zm_facts_source {
    struct zm_report_verdict verdicts[ZM_FACTS_VERDICTS];
    struct zm_report_reason reasons[2 * ZM_N_REASONS];
    unsigned n_verdicts, n_reasons;
};

struct zm_facts_rule {
    struct zm_report_example examples[ZM_FACTS_EXAMPLES];
    uint64_t hashes[ZM_FACTS_EXAMPLES]; /* of their arguments */
    unsigned n_examples;
};

struct zm_facts {
    const struct zm_job *job;             /* borrowed */
    const struct zm_divisions *divisions; /* borrowed */
    struct zm_arena arena;                /* owns the quoted texts */
    struct zm_buf message;                /* while it is made */
    struct zm_table town_index, spot_index;
    struct zm_report_place counties[ZM_FACTS_COUNTIES];
    struct zm_report_place *towns; /* owned; ZM_FACTS_TOWNS */
    struct zm_report_spot *spots;  /* owned; ZM_FACTS_SPOTS; lon and lat are sums until the page is made */
    unsigned n_counties, n_towns, n_spots;
    uint64_t unplaced, fixed;
    struct zm_severity_counts findings;
    struct zm_facts_source sources[ZM_SOURCES_MAX];
    struct zm_facts_rule rules[ZM_N_RULES];
    uint32_t last_town; /* addresses come town by town in many deliveries */
    struct zm_report_place *last_place;

    /* For the page. */
    struct zm_report_source page_sources[ZM_SOURCES_MAX];
    struct zm_report_rule page_rules[ZM_N_RULES];
    struct zm_report_change page_changes[ZM_SOURCES_MAX + ZM_PREVIOUS_SOURCES_MAX];
    struct zm_report_outline *outlines; /* owned; ZM_FACTS_OUTLINES */
    unsigned n_rules, n_changes, n_outlines;
};
