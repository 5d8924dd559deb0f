/* report.html: what a run found, as one page for people. Self-contained: no script, no reference to anything
 * outside; every text is escaped (addresses are hostile). The bytes depend on the facts alone. */
#pragma once

#include "geo/base/buf.h"
#include "geo/space/edges.h"
#include "geo/tables/rules.h"

enum { ZM_REPORT_PAGE_MAX = 32 << 20 };

/* Index = enum zm_severity; [ZM_OFF] is always 0. */
struct zm_severity_counts {
    uint64_t n[ZM_ERROR + 1];
};

/* Rows with one fate, and why. */
struct zm_report_reason {
    struct zm_str text;
    uint64_t rows;
    bool rejected; /* else quarantined */
};

/* What a rule says of a source as a whole: its datum, its size, its columns. */
struct zm_report_verdict {
    struct zm_str id, title, message; /* message is empty where findings must not be quoted */
    enum zm_severity severity;
    bool fixed;
};

struct zm_report_source {
    struct zm_str name, kind, path, datum; /* path and datum may be empty */
    bool quarantined;
    uint64_t rows_in, accepted, merged, rejected, quarantined_rows, points, findings;
    const struct zm_report_reason *reasons;
    const struct zm_report_verdict *verdicts;
    unsigned n_reasons, n_verdicts;
};

/* One automatic correction. */
struct zm_report_example {
    struct zm_str source, before, after;
    struct zm_str message; /* if not empty: shown instead of before and after */
    uint64_t row;
};

/* A rule that spoke in this run or the one before. */
struct zm_report_rule {
    struct zm_str id, title, suggestion;
    enum zm_severity severity; /* worst of its open findings; ZM_OFF if it has none */
    uint64_t findings, rows, fixed, before_findings, before_rows;
    const struct zm_report_example *examples;
    unsigned n_examples;
};

/* A county, or a town of the county before it in code order. */
struct zm_report_place {
    uint32_t code; /* 0 = unknown */
    struct zm_str name;
    uint64_t addresses, points;
    struct zm_severity_counts findings; /* open */
};

/* The rings of a division, edge after edge, in degrees. */
struct zm_report_outline {
    struct zm_str name; /* shown on the map; may be empty */
    const struct zm_edge *edges;
    uint32_t n_edges;
    bool county; /* else a town */
};

/* Open findings that lie close together. */
struct zm_report_spot {
    double lon, lat; /* their mean, EPSG:4490 */
    struct zm_severity_counts findings;
};

/* One source, in the last publication and in this one. */
struct zm_report_change {
    struct zm_str name;
    bool is_new, gone;
    uint64_t before_rows, rows, before_accepted, accepted, before_findings, findings;
};

/* All borrowed. A list that is empty leaves its section out. */
struct zm_report_facts {
    struct zm_str city, run_id, mark; /* mark: 内部使用 不得公开 */
    struct zm_str map_review_no;
    uint32_t as_of;
    bool public_profile;
    uint64_t rows_in, accepted, merged, rejected, quarantined; /* of the address sources */
    uint64_t fixed;                                            /* corrections of rows */
    struct zm_severity_counts findings;                        /* open, causes counted once */
    const struct zm_report_source *sources;
    const struct zm_report_rule *rules; /* in the order of the catalogue */
    const struct zm_report_place *counties, *towns;
    const struct zm_report_outline *outlines;
    const struct zm_report_spot *spots;
    const struct zm_report_change *changes;
    struct zm_str previous_run, previous_as_of; /* empty: there is no publication to compare with */
    unsigned n_sources, n_rules, n_counties, n_towns, n_outlines, n_spots, n_changes;
    uint64_t unplaced; /* open findings without a place on the map */
};

/* Appends the page. */
int zm_report_html_put(struct zm_buf *out, const struct zm_report_facts *facts, struct zm_err *err);
