#include "export/report_html.h"

#include "export/report_write.h"
#include "geo/base/date.h"
#include "geo/tables/text.h"

extern const char zm_embedded_report_css[], zm_embedded_report_css_end[];

static void put_head(struct zm_html *h, const struct zm_report_facts *f)
{
    zm_html_raw(h, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                   "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, "
                   "initial-scale=1\">\n<title>");
    zm_html_fill(h, "page.title", "%.*s", ZM_FMT(f->city));
    zm_html_raw(h, "</title>\n<style>\n");
    const struct {
        const char *begin, *end;
    } css = {zm_embedded_report_css, zm_embedded_report_css_end};
    if (h->rc == 0)
        h->rc = zm_buf_put(h->out, zm_str_n(css.begin, (size_t)(css.end - css.begin)), h->err);
    zm_html_raw(h, "</style>\n</head>\n<body>\n<header>\n<div><h1>");
    zm_html_fill(h, "page.title", "%.*s", ZM_FMT(f->city));
    char as_of[11];
    zm_date_format(f->as_of, as_of);
    zm_html_raw(h, "</h1>\n<p class=\"run\">");
    zm_html_fill(h, "page.run", "%s\x1f%.*s\x1f%s", as_of, ZM_FMT(f->run_id), ZM_VERSION);
    zm_html_printf(h, "</p></div>\n<p class=\"mark%s\">", f->public_profile ? " open" : "");
    zm_html_text(h, f->mark);
    zm_html_raw(h, "</p>\n</header>\n<main>\n");
}

static void put_tile(struct zm_html *h, const char *class_, const char *key, uint64_t n, uint64_t whole)
{
    zm_html_printf(h, "<div class=\"tile %s\"><b>", class_);
    zm_html_count(h, n);
    zm_html_raw(h, "</b><span>");
    zm_html_key(h, key);
    if (whole) {
        zm_html_raw(h, " <em>");
        zm_html_share(h, n, whole);
        zm_html_raw(h, "</em>");
    }
    zm_html_raw(h, "</span></div>\n");
}

static void put_quarantined(struct zm_html *h, const struct zm_report_facts *f)
{
    bool any = false;
    for (unsigned i = 0; i < f->n_sources; i++) {
        if (!f->sources[i].quarantined)
            continue;
        if (!any)
            zm_html_raw(h, "<p class=\"alarm\">");
        any = true;
        zm_html_fill(h, "page.verdict.source", "%.*s\x1f%.*s", ZM_FMT(f->sources[i].name),
                     ZM_FMT(f->sources[i].kind));
    }
    if (any)
        zm_html_raw(h, "</p>\n");
}

/* What a head of office reads: is it good, how much of it, and where is it stuck. */
static void put_verdict(struct zm_html *h, const struct zm_report_facts *f)
{
    const struct zm_bar_part fates[] = {{"accepted", f->accepted},
                                        {"merged", f->merged},
                                        {"rejected", f->rejected},
                                        {"quarantined", f->quarantined}};
    char all[ZM_COUNT_CHARS], errors[ZM_COUNT_CHARS], fixed[ZM_COUNT_CHARS];
    uint64_t open = zm_severity_sum(&f->findings);
    zm_html_raw(h, "<section class=\"verdict\">\n<p class=\"lead\">");
    zm_html_fill(h, open ? "page.verdict.open" : "page.verdict.clean", "%s\x1f%s\x1f%s",
                 zm_html_grouped(open, all), zm_html_grouped(f->findings.n[ZM_ERROR], errors),
                 zm_html_grouped(f->fixed, fixed));
    zm_html_raw(h, "</p>\n");
    put_quarantined(h, f);
    zm_html_raw(h, "<div class=\"tiles\">\n");
    put_tile(h, "", "page.rows_in", f->rows_in, 0);
    put_tile(h, "accepted", "page.accepted", f->accepted, f->rows_in);
    if (f->merged)
        put_tile(h, "merged", "page.merged", f->merged, f->rows_in);
    put_tile(h, "rejected", "page.rejected", f->rejected, f->rows_in);
    put_tile(h, "quarantined", "page.quarantined", f->quarantined, f->rows_in);
    zm_html_raw(h, "</div>\n<p class=\"account\">");
    zm_html_bar(h, fates, 4, f->rows_in);
    zm_html_raw(h, "</p>\n<div class=\"tiles\">\n");
    put_tile(h, "error", "page.errors", f->findings.n[ZM_ERROR], 0);
    put_tile(h, "warning", "page.warnings", f->findings.n[ZM_WARNING], 0);
    put_tile(h, "info", "page.infos", f->findings.n[ZM_INFO], 0);
    put_tile(h, "fixed", "page.fixed", f->fixed, 0);
    zm_html_raw(h, "</div>\n</section>\n");
}

static void put_source_notes(struct zm_html *h, const struct zm_report_source *s)
{
    if (s->n_reasons + s->n_verdicts == 0)
        return;
    zm_html_raw(h, "<tr class=\"why\"><td colspan=\"9\"><ul>");
    for (unsigned i = 0; i < s->n_verdicts; i++) {
        const struct zm_report_verdict *v = &s->verdicts[i];
        zm_html_printf(h, "<li><span class=\"chip %s\">",
                       v->fixed ? "fixed" : zm_severity_class(v->severity));
        zm_html_text(h, v->id);
        zm_html_raw(h, "</span> ");
        zm_html_text(h, v->message.len ? v->message : v->title);
        zm_html_raw(h, "</li>");
    }
    for (unsigned i = 0; i < s->n_reasons; i++) {
        char rows[ZM_COUNT_CHARS];
        zm_html_raw(h, "<li>");
        zm_html_fill(h, s->reasons[i].rejected ? "page.reason.rejected" : "page.reason.quarantined",
                     "%s\x1f%.*s", zm_html_grouped(s->reasons[i].rows, rows), ZM_FMT(s->reasons[i].text));
        zm_html_raw(h, "</li>");
    }
    zm_html_raw(h, "</ul></td></tr>\n");
}

static void put_source(struct zm_html *h, const struct zm_report_source *s)
{
    const struct zm_bar_part fates[] = {{"accepted", s->accepted},
                                        {"merged", s->merged},
                                        {"rejected", s->rejected},
                                        {"quarantined", s->quarantined_rows}};
    zm_html_raw(h, "<tbody>\n<tr class=\"source\"><td><b>");
    zm_html_text(h, s->name);
    zm_html_raw(h, "</b> ");
    zm_html_text(h, s->kind);
    if (s->quarantined) {
        zm_html_raw(h, " <span class=\"chip error\">");
        zm_html_key(h, "page.quarantined.all");
        zm_html_raw(h, "</span>");
    }
    zm_html_raw(h, "<small>");
    zm_html_text(h, s->path);
    if (s->path.len && s->datum.len)
        zm_html_raw(h, " · ");
    zm_html_text(h, s->datum);
    zm_html_raw(h, "</small></td>");
    const uint64_t numbers[] = {s->rows_in,          s->accepted, s->merged,  s->rejected,
                                s->quarantined_rows, s->points,   s->findings};
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        zm_html_count_cell(h, numbers[i]);
    zm_html_raw(h, "<td class=\"bars\">");
    zm_html_bar(h, fates, 4, s->rows_in);
    zm_html_raw(h, "</td></tr>\n");
    put_source_notes(h, s);
    zm_html_raw(h, "</tbody>\n");
}

static void put_sources(struct zm_html *h, const struct zm_report_facts *f)
{
    static const char *const heads[] = {"page.rows_in",     "page.accepted", "page.merged",  "page.rejected",
                                        "page.quarantined", "page.points",   "page.findings"};
    zm_html_section(h, "page.sources", "page.sources.note");
    zm_html_raw(h, "<table class=\"sources\">\n<thead><tr>");
    zm_html_th(h, "page.source", false);
    for (unsigned i = 0; i < sizeof heads / sizeof *heads; i++)
        zm_html_th(h, heads[i], true);
    zm_html_th(h, "page.account", false);
    zm_html_raw(h, "</tr></thead>\n");
    for (unsigned i = 0; i < f->n_sources; i++)
        put_source(h, &f->sources[i]);
    zm_html_raw(h, "</table>\n</section>\n");
}

int zm_report_html_put(struct zm_buf *out, const struct zm_report_facts *facts, struct zm_err *err)
{
    struct zm_html h;
    zm_html_init(&h, out, err);
    put_head(&h, facts);
    put_verdict(&h, facts);
    put_sources(&h, facts);
    zm_report_put_map(&h, facts);
    zm_report_put_loudest(&h, facts);
    zm_report_put_changes(&h, facts);
    zm_report_put_rules(&h, facts);
    zm_report_put_counties(&h, facts);
    zm_report_put_examples(&h, facts);
    zm_report_put_towns(&h, facts);
    zm_html_raw(&h, "</main>\n<footer><p>");
    zm_html_key(&h, facts->public_profile ? "page.footer.public" : "page.footer");
    zm_html_raw(&h, "</p></footer>\n</body>\n</html>\n");
    zm_html_release(&h);
    return h.rc;
}
