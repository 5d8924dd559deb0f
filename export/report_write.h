/* Writing HTML: markup goes in as literals, everything else only through the functions that escape. */
#pragma once

#include "export/report_html.h"

/* The first error stays in rc and turns every later call into nothing, so that a page reads like a page. */
struct zm_html {
    struct zm_buf *out;   /* borrowed */
    struct zm_buf filled; /* a text of the tables while it is filled */
    struct zm_err *err;
    int rc;
};

void zm_html_init(struct zm_html *h, struct zm_buf *out, struct zm_err *err);
void zm_html_release(struct zm_html *h);

/* Our own markup, as it stands. */
void zm_html_raw(struct zm_html *h, const char *markup);
void zm_html_printf(struct zm_html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Text of anybody: <>&"' become entities; what would not show or would turn the line around (controls,
 * zero-width and bidirectional characters) is shown as [U+202E]; bad bytes as U+FFFD. Holds in attributes
 * too. */
void zm_html_text(struct zm_html *h, struct zm_str text);

/* A text of the tables; fill: with ZM_ARG_SEP between the arguments that fmt makes. */
void zm_html_key(struct zm_html *h, const char *key);
void zm_html_fill(struct zm_html *h, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* 12,345 */
enum { ZM_COUNT_CHARS = 32 };
const char *zm_html_grouped(uint64_t n, char out[ZM_COUNT_CHARS]);
void zm_html_count(struct zm_html *h, uint64_t n);
void zm_html_count_cell(struct zm_html *h, uint64_t n);

/* "12.3%" of whole; "0%" of nothing. */
void zm_html_share(struct zm_html *h, uint64_t part, uint64_t whole);

/* A header cell: the text of the key, right-aligned above numbers. */
void zm_html_th(struct zm_html *h, const char *key, bool number);

/* Opens a section with its title and, under it, a line of explanation (key may be NULL). */
void zm_html_section(struct zm_html *h, const char *title_key, const char *note_key);

/* A bar of parts side by side; the bar is as long as its parts have of max. */
struct zm_bar_part {
    const char *class_; /* of report.css */
    uint64_t n;
};
void zm_html_bar(struct zm_html *h, const struct zm_bar_part *parts, unsigned n_parts, uint64_t max);
void zm_html_severity_bar(struct zm_html *h, const struct zm_severity_counts *c, uint64_t max);

uint64_t zm_severity_sum(const struct zm_severity_counts *c);
const char *zm_severity_class(enum zm_severity s); /* of report.css */

/* The sections of report_tables.c and report_svg.c. */
void zm_report_put_loudest(struct zm_html *h, const struct zm_report_facts *f);
void zm_report_put_rules(struct zm_html *h, const struct zm_report_facts *f);
void zm_report_put_counties(struct zm_html *h, const struct zm_report_facts *f);
void zm_report_put_towns(struct zm_html *h, const struct zm_report_facts *f);
void zm_report_put_examples(struct zm_html *h, const struct zm_report_facts *f);
void zm_report_put_changes(struct zm_html *h, const struct zm_report_facts *f);
void zm_report_put_map(struct zm_html *h, const struct zm_report_facts *f);
