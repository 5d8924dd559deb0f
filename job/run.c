#include "job/run.h"

#include "export/publish.h"
#include "geo/base/hash.h"
#include "geo/base/mem.h"
#include "job/collate.h"
#include "job/deliver.h"
#include "job/facts.h"
#include "job/lock.h"
#include "job/readers.h"
#include "job/reference.h"
#include "job/report.h"

#include <stdio.h>

/* Everything a run holds from its first to its last stage. */
struct run {
    struct zm_job *job;
    const struct zm_run_options *options;
    const struct zm_env *env;
    struct zm_run_result *result;
    struct zm_readers readers;
    struct zm_shards *shards;
    struct zm_reference reference;
    struct zm_last_delivery last[ZM_SOURCES_MAX];
    struct zm_publication *publication; /* NULL: nothing is published */
    struct zm_facts *facts;             /* NULL: no report.html */
    struct zm_county_result *county;    /* the one being collated */
    bool skip[ZM_SOURCES_MAX];
    const char *out_dir;
    int lock;
};

static int read_reference(struct run *run, struct zm_err *err)
{
    struct zm_shard_writer *writer;
    ZM_TRY(zm_shard_writer_new(&writer, run->shards, err));
    int rc = zm_reference_init(&run->reference, run->job, &run->readers, run->env, writer, run->result, err);
    if (rc == 0)
        rc = zm_shard_writer_flush(writer, err);
    zm_shard_writer_free(writer);
    return rc;
}

/* Reads and judges every address source. Its own faults stay its own; only ours and the system's end the run.
 */
static int read_deliveries(struct run *run, struct zm_err *err)
{
    const struct zm_job *job = run->job;
    const struct zm_checker checker = {
        .divisions = &run->reference.divisions,
        .gazetteer = run->reference.gazetteer,
        .rules = &job->rules,
        .counties = zm_cover_empty(run->reference.counties) ? NULL : run->reference.counties,
        .towns = zm_cover_empty(run->reference.towns) ? NULL : run->reference.towns,
        .axes = zm_axes_empty(run->reference.axes) ? NULL : run->reference.axes,
        .city = job->city / 100,
        .as_of = run->env->as_of,
        .gcj_approved = job->gcj_inverse_approval.len > 0,
        .public_profile = job->public_profile};
    for (unsigned i = 0; i < job->n_sources; i++) {
        struct zm_source_result *own = &run->result->sources[i];
        if (job->sources[i].kind != ZM_KIND_ADDRESS)
            continue;
        int rc = zm_deliver(&checker, &job->sources[i], job->deliveries[i].manifest, &run->last[i],
                            &run->readers, job->threads, run->env, run->shards, own, &own->err);
        own->failed = rc == ZM_E_INPUT || rc == ZM_E_USAGE;
        if (rc != 0 && !own->failed) {
            if (err)
                zm_fail(err, own->err.code, "source %.*s: %.900s", ZM_FMT(job->sources[i].name),
                        own->err.text);
            return rc;
        }
    }
    return 0;
}

static void sum_sources(struct run *run)
{
    struct zm_run_result *result = run->result;
    uint64_t h = zm_hash_mix(zm_job_hash(run->job), run->env->as_of);
    for (unsigned i = 0; i < run->job->n_sources; i++) {
        const struct zm_source_result *own = &result->sources[i];
        result->n_failed += own->failed;
        result->n_quarantined += own->quarantined;
        run->skip[i] = own->quarantined || own->failed;
        if (run->job->sources[i].kind == ZM_KIND_ADDRESS) {
            result->rows_in += own->account.rows_in;
            result->accepted += own->account.accepted;
        }
        h = zm_hash_mix(h, zm_hash(zm_str(own->stats.sha256)));
    }
    snprintf(result->run_id, sizeof result->run_id, "%016llx", (unsigned long long)h);
}

static int on_address(void *self, const struct zm_address *a, struct zm_err *err)
{
    struct run *run = self;
    run->county->addresses++;
    run->county->points += a->pos_src != ZM_POS_NONE;
    if (run->env->progress && run->county->addresses % 16384 == 0)
        run->env->progress(run->env->self, "publish", run->county->addresses, 0);
    if (run->facts)
        ZM_TRY(zm_facts_address(run->facts, a, err));
    return run->publication ? zm_publish_address(run->publication, a, err) : 0;
}

static int on_finding(void *self, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err)
{
    struct run *run = self;
    struct zm_rule_result *rule = &run->result->rules[f->rule];
    if (f->fixed) {
        rule->fixed += n_rows;
    } else {
        rule->findings++;
        rule->rows += n_rows;
        rule->errors += f->severity == ZM_ERROR ? n_rows : 0;
        rule->warnings += f->severity == ZM_WARNING ? n_rows : 0;
        rule->infos += f->severity == ZM_INFO ? n_rows : 0;
        run->county->findings++;
        run->result->sources[f->source].findings++;
        if ((enum zm_severity)f->severity > rule->worst)
            rule->worst = (enum zm_severity)f->severity;
        if ((enum zm_severity)f->severity > run->result->worst)
            run->result->worst = (enum zm_severity)f->severity;
    }
    if (run->options->on_finding)
        ZM_TRY(run->options->on_finding(run->options->self, f, n_rows, err));
    if (run->facts)
        ZM_TRY(zm_facts_finding(run->facts, f, n_rows, err));
    return run->publication ? zm_publish_finding(run->publication, f, n_rows, err) : 0;
}

static int on_finding_row(void *self, uint32_t source, uint64_t row, struct zm_err *err)
{
    struct run *run = self;
    return run->publication ? zm_publish_finding_row(run->publication, source, row, err) : 0;
}

/* One line of the log for a rejected row: file, row, line, field, reason. */
static void log_reject(const struct run *run, const struct zm_rejected *r)
{
    const struct zm_job *job = run->job;
    char text[1200], line[40] = "", field[80] = "";
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(job->sources[r->source].kind, &n);
    if (r->reject.line)
        snprintf(line, sizeof line, " (line %llu)", (unsigned long long)r->reject.line);
    if (r->reject.field < n)
        snprintf(field, sizeof field, ", field %s", fields[r->reject.field].name);
    snprintf(text, sizeof text, "source %.*s: %.*s row %llu%s%s: rejected, %s",
             ZM_FMT(job->sources[r->source].name), ZM_FMT(job->deliveries[r->source].title),
             (unsigned long long)r->reject.row, line, field,
             zm_reason_english((enum zm_reason)r->reject.reason));
    run->env->log(run->env->self, "warning", text);
}

/* Every rejected row to the publication, the first few of each source to the log. */
static int collate_rejected(struct run *run, struct zm_err *err)
{
    enum { LOGGED_MAX = 5 };
    struct zm_rejected *list;
    size_t n, of_source = 0;
    ZM_TRY(zm_shards_rejected(run->shards, &list, &n, err));
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        of_source = i > 0 && list[i].source == list[i - 1].source ? of_source + 1 : 0;
        bool expected = list[i].reject.reason == ZM_REASON_TOTALS || list[i].reject.reason == ZM_REASON_EMPTY;
        if (run->env->log && of_source < LOGGED_MAX && !expected)
            log_reject(run, &list[i]);
        if (run->publication)
            rc = zm_publish_reject(run->publication, list[i].source, &list[i].reject, err);
    }
    zm_free(list);
    return rc;
}

static int begin_publication(struct run *run, struct zm_err *err)
{
    const struct zm_job *job = run->job;
    const struct zm_publish_options options = {.out_dir = run->out_dir,
                                               .run_id = run->result->run_id,
                                               .as_of = run->env->as_of,
                                               .public_profile = job->public_profile,
                                               .public_precision_m = job->public_precision_m,
                                               .gpkg = job->gpkg,
                                               .geojson = job->geojson,
                                               .xlsx = job->xlsx,
                                               .copy_current = job->copy_current,
                                               .threads = job->threads,
                                               .keep = 3,
                                               .sources = job->sources,
                                               .n_sources = job->n_sources};
    if (job->html)
        ZM_TRY(zm_facts_new(&run->facts, job, &run->reference.divisions, err));
    return zm_publish_begin(&run->publication, &options, run->env, err);
}

/* County by county, in order, to the counters and to the layers. */
static int collate(struct run *run, struct zm_err *err)
{
    const struct zm_collate_visitor visitor = {on_address, on_finding, on_finding_row, run};
    uint32_t counties[128];
    unsigned n = zm_shards_counties(run->shards, counties, 128);
    for (unsigned i = 0; i < n; i++) {
        if (zm_env_stopped(run->env))
            return zm_fail(err, ZM_E_STOPPED, "stopped by a signal");
        run->county = &run->result->counties[run->result->n_counties++];
        run->county->county = counties[i];
        if (run->facts)
            ZM_TRY(zm_facts_county(run->facts, counties[i], err));
        ZM_TRY(zm_collate(run->shards, counties[i], run->skip, &visitor, err));
    }
    return collate_rejected(run, err);
}

static int publish_page(struct run *run, struct zm_err *err)
{
    struct zm_buf page;
    zm_buf_init(&page, ZM_REPORT_PAGE_MAX);
    int rc = zm_facts_put_html(run->facts, run->result, &run->reference, run->env, &page, err);
    if (rc == 0)
        rc = zm_publish_page(run->publication, "report.html", zm_buf_str(&page), err);
    zm_buf_release(&page);
    return rc;
}

static int finish_publication(struct run *run, struct zm_err *err)
{
    struct zm_buf report;
    if (run->facts)
        ZM_TRY(publish_page(run, err));
    zm_buf_init(&report, ZM_REPORT_BYTES_MAX);
    int rc = zm_report_write(run->job, run->result, run->env, &report, err);
    if (rc == 0)
        rc = zm_publish_finish(run->publication, zm_buf_str(&report), err);
    zm_buf_release(&report);
    if (rc != 0)
        return rc;
    zm_publish_free(run->publication);
    run->publication = NULL;
    run->result->published = true;
    return 0;
}

static int run_stages(struct run *run, struct zm_err *err)
{
    zm_readers_init(&run->readers, run->job, run->options->program);
    ZM_TRY(zm_shards_new(&run->shards, run->options->publish ? run->out_dir : NULL, err));
    if (run->job->output.len)
        ZM_TRY(zm_report_last(run->job, run->out_dir, run->last, err));
    ZM_TRY(read_reference(run, err));
    ZM_TRY(read_deliveries(run, err));
    sum_sources(run);
    ZM_TRY(zm_previous_read(run->out_dir, run->result->run_id, &run->result->previous, err));
    bool publish = run->options->publish && run->result->n_failed == 0;
    if (publish)
        ZM_TRY(begin_publication(run, err));
    ZM_TRY(collate(run, err));
    return publish ? finish_publication(run, err) : 0;
}

int zm_run(struct zm_job *job, const struct zm_run_options *options, const struct zm_env *env,
           struct zm_run_result *result, struct zm_err *err)
{
    struct run *run = zm_calloc(1, sizeof *run);
    if (!run)
        return zm_fail_memory(err, sizeof *run);
    *run = (struct run){.job = job, .options = options, .env = env, .result = result, .lock = -1};
    memset(result, 0, sizeof *result);
    run->out_dir = zm_job_path(job, job->output);
    int rc = run->out_dir ? 0 : zm_fail_memory(err, job->output.len);
    if (rc == 0 && options->publish)
        rc = zm_lock(run->out_dir, &run->lock, err);
    if (rc == 0)
        rc = run_stages(run, err);
    zm_readers_release(&run->readers);
    zm_publish_abort(run->publication);
    zm_facts_free(run->facts);
    zm_reference_release(&run->reference);
    zm_shards_free(run->shards);
    zm_unlock(run->lock);
    zm_free(run);
    return rc;
}
