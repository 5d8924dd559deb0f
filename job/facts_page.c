/* From what was gathered to the plain struct the page is made of. */
#include "geo/tables/text.h"
#include "job/facts_own.h"

#include <stdlib.h>

static void list_reasons(struct zm_facts_source *own, const uint64_t counts[ZM_N_REASONS], bool rejected)
{
    for (unsigned r = 0; r < ZM_N_REASONS; r++)
        if (counts[r])
            own->reasons[own->n_reasons++] = (struct zm_report_reason){
                zm_text_of("reason.", zm_str(zm_reason_name((enum zm_reason)r))), counts[r], rejected};
}

static void list_source(struct zm_facts *f, unsigned i, const struct zm_source_result *r)
{
    const struct zm_source *s = &f->job->sources[i];
    const struct zm_account *a = &r->account;
    struct zm_facts_source *own = &f->sources[i];
    own->n_reasons = 0;
    list_reasons(own, a->rejected, true);
    list_reasons(own, a->quarantined, false);
    f->page_sources[i] =
        (struct zm_report_source){.name = s->name,
                                  .kind = zm_text_of("kind.", zm_str(zm_kind_name(s->kind))),
                                  .path = f->job->public_profile ? ZM_STR("") : f->job->deliveries[i].title,
                                  .datum = s->datum,
                                  .quarantined = r->quarantined,
                                  .rows_in = a->rows_in,
                                  .accepted = a->accepted,
                                  .merged = a->merged,
                                  .rejected = zm_account_rejected(a),
                                  .quarantined_rows = zm_account_quarantined(a),
                                  .points = r->n_points,
                                  .findings = r->findings,
                                  .reasons = own->reasons,
                                  .verdicts = own->verdicts,
                                  .n_reasons = own->n_reasons,
                                  .n_verdicts = own->n_verdicts};
}

static void list_rules(struct zm_facts *f, const struct zm_run_result *result)
{
    const struct zm_rule *rules = zm_rules();
    f->n_rules = 0;
    for (unsigned i = 0; i < ZM_N_RULES; i++) {
        const struct zm_rule_result *r = &result->rules[i];
        const struct zm_previous_rule *before = &result->previous.rules[i];
        if (r->findings == 0 && r->fixed == 0 && before->findings == 0)
            continue;
        f->page_rules[f->n_rules++] = (struct zm_report_rule){.id = rules[i].id,
                                                              .title = rules[i].title_zh,
                                                              .suggestion = rules[i].suggestion_zh,
                                                              .severity = r->worst,
                                                              .findings = r->findings,
                                                              .rows = r->rows,
                                                              .fixed = r->fixed,
                                                              .before_findings = before->findings,
                                                              .before_rows = before->rows,
                                                              .examples = f->rules[i].examples,
                                                              .n_examples = f->rules[i].n_examples};
    }
}

static const struct zm_previous_source *find_previous(const struct zm_previous *p, struct zm_str name)
{
    for (unsigned i = 0; i < p->n_sources; i++)
        if (zm_str_eq(zm_str(p->sources[i].name), name))
            return &p->sources[i];
    return NULL;
}

/* Sources of this run by name, then those that only the last publication had. */
static void list_changes(struct zm_facts *f, const struct zm_run_result *result)
{
    const struct zm_previous *p = &result->previous;
    static const struct zm_previous_source none = {.name = ""};
    f->n_changes = 0;
    for (unsigned i = 0; i < f->job->n_sources; i++) {
        const struct zm_report_source *s = &f->page_sources[i];
        const struct zm_previous_source *found = find_previous(p, s->name), *before = found ? found : &none;
        f->page_changes[f->n_changes++] = (struct zm_report_change){.name = s->name,
                                                                    .is_new = !found,
                                                                    .before_rows = before->rows_in,
                                                                    .rows = s->rows_in,
                                                                    .before_accepted = before->accepted,
                                                                    .accepted = s->accepted,
                                                                    .before_findings = before->findings,
                                                                    .findings = s->findings};
    }
    for (unsigned k = 0; k < p->n_sources; k++) {
        const struct zm_previous_source *before = &p->sources[k];
        bool gone = true;
        for (unsigned i = 0; i < f->job->n_sources; i++)
            gone = gone && !zm_str_eq(f->job->sources[i].name, zm_str(before->name));
        if (gone)
            f->page_changes[f->n_changes++] = (struct zm_report_change){.name = zm_str(before->name),
                                                                        .gone = true,
                                                                        .before_rows = before->rows_in,
                                                                        .before_accepted = before->accepted,
                                                                        .before_findings = before->findings};
    }
}

static void list_outlines(struct zm_facts *f, const struct zm_cover *cover, bool are_counties)
{
    uint32_t n = zm_cover_n_codes(cover);
    for (uint32_t i = 0; i < n && f->n_outlines < ZM_FACTS_OUTLINES; i++) {
        struct zm_report_outline *o = &f->outlines[f->n_outlines++];
        uint64_t code = zm_cover_edges(cover, i, &o->edges, &o->n_edges);
        const struct zm_division *d = zm_division_at(f->divisions, code, 0);
        o->name = d ? d->name : ZM_STR("");
        o->county = are_counties;
    }
}

static int by_code(const void *left, const void *right)
{
    const struct zm_report_place *a = left, *b = right;
    return a->code < b->code ? -1 : a->code > b->code;
}

/* Towns stand under their counties; the index by place is no longer valid after this. */
static void order_towns(struct zm_facts *f)
{
    qsort(f->towns, f->n_towns, sizeof *f->towns, by_code);
    zm_table_release(&f->town_index);
    zm_table_init(&f->town_index);
    f->last_town = 0;
}

static void centre_spots(struct zm_facts *f)
{
    for (unsigned i = 0; i < f->n_spots; i++) {
        const uint64_t *c = f->spots[i].findings.n;
        double n = (double)(c[ZM_INFO] + c[ZM_WARNING] + c[ZM_ERROR]);
        f->spots[i].lon /= n;
        f->spots[i].lat /= n;
    }
}

static void sum_rows(const struct zm_facts *f, struct zm_report_facts *page)
{
    for (unsigned i = 0; i < f->job->n_sources; i++) {
        const struct zm_report_source *s = &f->page_sources[i];
        if (f->job->sources[i].kind != ZM_KIND_ADDRESS)
            continue;
        page->merged += s->merged;
        page->rejected += s->rejected;
        page->quarantined += s->quarantined_rows;
    }
}

int zm_facts_put_html(struct zm_facts *f, const struct zm_run_result *result,
                      const struct zm_reference *reference, const struct zm_env *env, struct zm_buf *out,
                      struct zm_err *err)
{
    const struct zm_job *job = f->job;
    const struct zm_division *city = zm_division_at(f->divisions, job->city / 100, 0);
    for (unsigned i = 0; i < job->n_sources; i++)
        list_source(f, i, &result->sources[i]);
    list_rules(f, result);
    list_changes(f, result);
    order_towns(f);
    centre_spots(f);
    struct zm_report_facts page = {
        .city = city ? city->name : ZM_STR(""),
        .run_id = zm_str(result->run_id),
        .mark = zm_text(job->public_profile ? "notice.public" : "notice.internal"),
        .as_of = env->as_of,
        .public_profile = job->public_profile,
        .rows_in = result->rows_in,
        .accepted = result->accepted,
        .fixed = f->fixed,
        .findings = f->findings,
        .sources = f->page_sources,
        .rules = f->page_rules,
        .counties = f->counties,
        .towns = f->towns,
        .changes = f->page_changes,
        .previous_run = zm_str(result->previous.run),
        .previous_as_of = zm_str(result->previous.as_of),
        .n_sources = job->n_sources,
        .n_rules = f->n_rules,
        .n_counties = f->n_counties,
        .n_towns = f->n_towns,
        .n_changes = f->n_changes,
        .unplaced = f->unplaced,
    };
    sum_rows(f, &page);
    /* A map picture may be shown in public only with its review number. */
    if (!job->public_profile || job->map_review_no.len) {
        f->n_outlines = 0;
        list_outlines(f, reference->counties, true);
        list_outlines(f, reference->towns, false);
        page.map_review_no = job->map_review_no;
        page.outlines = f->outlines;
        page.n_outlines = f->n_outlines;
        page.spots = f->spots;
        page.n_spots = f->n_spots;
    }
    return zm_report_html_put(out, &page, err);
}
