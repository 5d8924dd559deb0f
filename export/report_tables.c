/* The tables of the report: rules, places, corrections, changes. */
#include "export/report_write.h"
#include "geo/tables/text.h"

enum { LOUDEST_MAX = 10 };

static void put_rule_name(struct zm_html *h, const struct zm_report_rule *r)
{
    zm_html_printf(h, "<td class=\"rule\"><span class=\"chip %s\">", zm_severity_class(r->severity));
    zm_html_text(h, r->id);
    zm_html_raw(h, "</span> ");
    zm_html_text(h, r->title);
    zm_html_raw(h, "</td>");
}

/* Does a speak for more rows than b? Equal ones keep the order of the catalogue. */
static bool is_louder(const struct zm_report_rule *a, const struct zm_report_rule *b)
{
    return a->rows != b->rows ? a->rows > b->rows : a->findings > b->findings;
}

/* The loudest rules with open findings, loudest first; returns how many. */
static unsigned find_loudest(const struct zm_report_facts *f, const struct zm_report_rule *top[LOUDEST_MAX])
{
    unsigned n = 0;
    for (unsigned i = 0; i < f->n_rules; i++) {
        const struct zm_report_rule *r = &f->rules[i];
        if (r->findings == 0 || (n == LOUDEST_MAX && !is_louder(r, top[n - 1])))
            continue;
        unsigned at = n < LOUDEST_MAX ? n++ : n - 1;
        for (; at > 0 && is_louder(r, top[at - 1]); at--)
            top[at] = top[at - 1];
        top[at] = r;
    }
    return n;
}

void zm_report_put_loudest(struct zm_html *h, const struct zm_report_facts *f)
{
    const struct zm_report_rule *top[LOUDEST_MAX];
    unsigned n = find_loudest(f, top);
    if (n == 0)
        return;
    zm_html_section(h, "page.loudest", "page.loudest.note");
    zm_html_raw(h, "<ol class=\"loudest\">\n");
    for (unsigned i = 0; i < n; i++) {
        const struct zm_report_rule *r = top[i];
        const struct zm_bar_part part = {zm_severity_class(r->severity), r->rows};
        char rows[ZM_COUNT_CHARS];
        zm_html_printf(h, "<li><div><span class=\"chip %s\">", part.class_);
        zm_html_text(h, r->id);
        zm_html_raw(h, "</span> <b>");
        zm_html_text(h, r->title);
        zm_html_raw(h, "</b><span class=\"share\">");
        zm_html_fill(h, "page.loudest.rows", "%s", zm_html_grouped(r->rows, rows));
        zm_html_raw(h, " <em>");
        zm_html_share(h, r->rows, f->rows_in);
        zm_html_raw(h, "</em></span></div>");
        zm_html_bar(h, &part, 1, top[0]->rows);
        zm_html_raw(h, "<p>");
        zm_html_text(h, r->suggestion);
        zm_html_raw(h, "</p></li>\n");
    }
    zm_html_raw(h, "</ol>\n</section>\n");
}

void zm_report_put_rules(struct zm_html *h, const struct zm_report_facts *f)
{
    uint64_t most = 1;
    for (unsigned i = 0; i < f->n_rules; i++) {
        uint64_t rows = f->rules[i].rows + f->rules[i].fixed;
        most = rows > most ? rows : most;
    }
    zm_html_section(h, "page.rules", "page.rules.note");
    zm_html_raw(h, "<table class=\"rules\">\n<thead><tr>");
    zm_html_th(h, "page.rule", false);
    zm_html_th(h, "page.findings", true);
    zm_html_th(h, "page.rows", true);
    zm_html_th(h, "page.fixed.rows", true);
    zm_html_raw(h, "<th></th></tr></thead>\n<tbody>\n");
    for (unsigned i = 0; i < f->n_rules; i++) {
        const struct zm_report_rule *r = &f->rules[i];
        const struct zm_bar_part parts[] = {{zm_severity_class(r->severity), r->rows}, {"fixed", r->fixed}};
        if (r->findings == 0 && r->fixed == 0)
            continue;
        zm_html_raw(h, "<tr>");
        put_rule_name(h, r);
        zm_html_count_cell(h, r->findings);
        zm_html_count_cell(h, r->rows);
        zm_html_count_cell(h, r->fixed);
        zm_html_raw(h, "<td class=\"bars\">");
        zm_html_bar(h, parts, 2, most);
        zm_html_raw(h, "</td></tr>\n");
    }
    zm_html_raw(h, "</tbody>\n</table>\n</section>\n");
}

static uint64_t most_findings(const struct zm_report_place *places, unsigned n)
{
    uint64_t most = 1;
    for (unsigned i = 0; i < n; i++) {
        uint64_t sum = zm_severity_sum(&places[i].findings);
        most = sum > most ? sum : most;
    }
    return most;
}

static void put_place(struct zm_html *h, const struct zm_report_place *p, bool points, uint64_t most)
{
    zm_html_raw(h, "<tr><td>");
    zm_html_text(h, p->name);
    if (p->code)
        zm_html_printf(h, " <small>%u</small>", (unsigned)p->code);
    zm_html_raw(h, "</td>");
    zm_html_count_cell(h, p->addresses);
    if (points)
        zm_html_count_cell(h, p->points);
    zm_html_count_cell(h, zm_severity_sum(&p->findings));
    zm_html_raw(h, "<td class=\"bars\">");
    zm_html_severity_bar(h, &p->findings, most);
    zm_html_raw(h, "</td></tr>\n");
}

static void put_place_head(struct zm_html *h, struct zm_str title, bool points)
{
    zm_html_raw(h, "<thead><tr><th>");
    zm_html_text(h, title);
    zm_html_raw(h, "</th>");
    zm_html_th(h, "page.addresses", true);
    if (points)
        zm_html_th(h, "page.points", true);
    zm_html_th(h, "page.findings", true);
    zm_html_raw(h, "<th></th></tr></thead>\n<tbody>\n");
}

void zm_report_put_counties(struct zm_html *h, const struct zm_report_facts *f)
{
    if (f->n_counties == 0)
        return;
    uint64_t most = most_findings(f->counties, f->n_counties);
    zm_html_section(h, "page.counties", "page.counties.note");
    zm_html_raw(h, "<table>\n");
    put_place_head(h, zm_text("page.county"), true);
    for (unsigned i = 0; i < f->n_counties; i++)
        put_place(h, &f->counties[i], true, most);
    zm_html_raw(h, "</tbody>\n</table>\n</section>\n");
}

/* A table for each county that has towns, headed by its name. */
void zm_report_put_towns(struct zm_html *h, const struct zm_report_facts *f)
{
    if (f->n_towns == 0)
        return;
    uint64_t most = most_findings(f->towns, f->n_towns);
    zm_html_section(h, "page.towns", "page.towns.note");
    zm_html_raw(h, "<div class=\"towns\">\n");
    for (unsigned i = 0; i < f->n_counties; i++) {
        bool any = false;
        for (unsigned t = 0; t < f->n_towns; t++) {
            if (f->towns[t].code / 1000 != f->counties[i].code)
                continue;
            if (!any) {
                zm_html_raw(h, "<table>\n");
                put_place_head(h, f->counties[i].name, false);
            }
            any = true;
            put_place(h, &f->towns[t], false, most);
        }
        if (any)
            zm_html_raw(h, "</tbody>\n</table>\n");
    }
    zm_html_raw(h, "</div>\n</section>\n");
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The part of s that differs from other: what is equal at both ends is left out, cut between characters. */
static void find_change(struct zm_str s, struct zm_str other, size_t *from, size_t *to)
{
    size_t shorter = s.len < other.len ? s.len : other.len, head = 0, tail = 0;
    while (head < shorter && s.ptr[head] == other.ptr[head])
        head++;
    while (head > 0 && head < s.len && is_continuation(s.ptr[head]))
        head--;
    while (tail < shorter - head && s.ptr[s.len - 1 - tail] == other.ptr[other.len - 1 - tail])
        tail++;
    while (tail > 0 && is_continuation(s.ptr[s.len - tail]))
        tail--;
    *from = head;
    *to = s.len - tail;
}

static void put_change(struct zm_html *h, struct zm_str s, struct zm_str other, const char *tag)
{
    size_t from, to;
    find_change(s, other, &from, &to);
    zm_html_raw(h, "<td class=\"text\">");
    zm_html_text(h, zm_str_sub(s, 0, from));
    if (from < to) {
        zm_html_printf(h, "<%s>", tag);
        zm_html_text(h, zm_str_sub(s, from, to));
        zm_html_printf(h, "</%s>", tag);
    }
    zm_html_text(h, zm_str_sub(s, to, s.len));
    zm_html_raw(h, "</td>");
}

static void put_examples_of(struct zm_html *h, const struct zm_report_rule *r)
{
    for (unsigned i = 0; i < r->n_examples; i++) {
        const struct zm_report_example *e = &r->examples[i];
        zm_html_raw(h, "<tr>");
        if (i == 0) {
            zm_html_printf(h, "<td class=\"rule\" rowspan=\"%u\"><span class=\"chip fixed\">", r->n_examples);
            zm_html_text(h, r->id);
            zm_html_raw(h, "</span> ");
            zm_html_text(h, r->title);
            zm_html_raw(h, "</td>");
        }
        if (e->message.len) {
            zm_html_raw(h, "<td class=\"text\" colspan=\"2\">");
            zm_html_text(h, e->message);
            zm_html_raw(h, "</td>");
        } else {
            put_change(h, e->before, e->after, "del");
            put_change(h, e->after, e->before, "ins");
        }
        zm_html_raw(h, "<td class=\"where\">");
        if (e->row)
            zm_html_fill(h, "page.example.row", "%.*s\x1f%llu", ZM_FMT(e->source),
                         (unsigned long long)e->row);
        else
            zm_html_text(h, e->source);
        zm_html_raw(h, "</td></tr>\n");
    }
}

void zm_report_put_examples(struct zm_html *h, const struct zm_report_facts *f)
{
    bool any = false;
    for (unsigned i = 0; i < f->n_rules; i++) {
        if (f->rules[i].n_examples == 0)
            continue;
        if (!any) {
            zm_html_section(h, "page.examples", "page.examples.note");
            zm_html_raw(h, "<table class=\"examples\">\n<thead><tr>");
            zm_html_th(h, "page.rule", false);
            zm_html_th(h, "page.before", false);
            zm_html_th(h, "page.after", false);
            zm_html_th(h, "page.example", false);
            zm_html_raw(h, "</tr></thead>\n");
        }
        any = true;
        zm_html_raw(h, "<tbody>\n");
        put_examples_of(h, &f->rules[i]);
        zm_html_raw(h, "</tbody>\n");
    }
    if (any)
        zm_html_raw(h, "</table>\n</section>\n");
}

/* Before, now, and the difference; of findings more is worse. */
static void put_difference(struct zm_html *h, uint64_t before, uint64_t now, bool judged)
{
    zm_html_count_cell(h, before);
    zm_html_count_cell(h, now);
    if (before == now) {
        zm_html_raw(h, "<td class=\"n zero\">0</td>");
        return;
    }
    bool more = now > before;
    zm_html_printf(h, "<td class=\"n%s\">%s",
                   !judged ? ""
                   : more  ? " worse"
                           : " better",
                   more ? "+" : "\xE2\x88\x92");
    zm_html_count(h, more ? now - before : before - now);
    zm_html_raw(h, "</td>");
}

static void put_changes_head(struct zm_html *h, const char *key, const char *const *groups, unsigned n)
{
    zm_html_raw(h, "<table class=\"changes\">\n<thead><tr><th rowspan=\"2\">");
    zm_html_key(h, key);
    zm_html_raw(h, "</th>");
    for (unsigned i = 0; i < n; i++) {
        zm_html_raw(h, "<th class=\"group\" colspan=\"3\">");
        zm_html_key(h, groups[i]);
        zm_html_raw(h, "</th>");
    }
    zm_html_raw(h, "</tr><tr>");
    for (unsigned i = 0; i < n; i++) {
        zm_html_th(h, "page.last", true);
        zm_html_th(h, "page.now", true);
        zm_html_th(h, "page.difference", true);
    }
    zm_html_raw(h, "</tr></thead>\n<tbody>\n");
}

static void put_source_changes(struct zm_html *h, const struct zm_report_facts *f)
{
    static const char *const groups[] = {"page.rows_in", "page.accepted", "page.findings"};
    put_changes_head(h, "page.source", groups, 3);
    for (unsigned i = 0; i < f->n_changes; i++) {
        const struct zm_report_change *c = &f->changes[i];
        zm_html_raw(h, "<tr><td>");
        zm_html_text(h, c->name);
        if (c->is_new || c->gone) {
            zm_html_raw(h, " <span class=\"chip info\">");
            zm_html_key(h, c->is_new ? "page.source.new" : "page.source.gone");
            zm_html_raw(h, "</span>");
        }
        zm_html_raw(h, "</td>");
        put_difference(h, c->before_rows, c->rows, false);
        put_difference(h, c->before_accepted, c->accepted, false);
        put_difference(h, c->before_findings, c->findings, true);
        zm_html_raw(h, "</tr>\n");
    }
    zm_html_raw(h, "</tbody>\n</table>\n");
}

void zm_report_put_changes(struct zm_html *h, const struct zm_report_facts *f)
{
    static const char *const groups[] = {"page.findings", "page.rows"};
    if (f->previous_run.len == 0)
        return;
    zm_html_section(h, "page.changes", NULL);
    zm_html_raw(h, "<p class=\"note\">");
    zm_html_fill(h, "page.changes.note", "%.*s\x1f%.*s", ZM_FMT(f->previous_as_of), ZM_FMT(f->previous_run));
    zm_html_raw(h, "</p>\n");
    put_source_changes(h, f);
    put_changes_head(h, "page.rule", groups, 2);
    for (unsigned i = 0; i < f->n_rules; i++) {
        const struct zm_report_rule *r = &f->rules[i];
        if (r->findings == 0 && r->before_findings == 0)
            continue;
        zm_html_raw(h, "<tr>");
        put_rule_name(h, r);
        put_difference(h, r->before_findings, r->findings, true);
        put_difference(h, r->before_rows, r->rows, true);
        zm_html_raw(h, "</tr>\n");
    }
    zm_html_raw(h, "</tbody>\n</table>\n</section>\n");
}
