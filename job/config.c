#include "job/config.h"

#include "geo/base/hash.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int zm_job_init(struct zm_job *job, struct zm_err *err)
{
    memset(job, 0, sizeof *job);
    zm_arena_init(&job->arena, 16u << 20);
    job->city = 330300;
    job->output = ZM_STR("out");
    job->threads = 2;
    job->gpkg = job->geojson = job->xlsx = job->html = true;
    job->public_precision_m = 10;
    return zm_rule_set_init(&job->rules, err);
}

void zm_job_release(struct zm_job *job)
{
    zm_arena_release(&job->arena);
    zm_rule_set_release(&job->rules);
    job->n_sources = 0;
}

int zm_job_add_source(struct zm_job *job, const struct zm_source *source, const struct zm_delivery *delivery,
                      struct zm_err *err)
{
    if (job->n_sources == ZM_SOURCES_MAX)
        return zm_fail(err, ZM_E_USAGE, "a job has at most %d files to read", ZM_SOURCES_MAX);
    job->sources[job->n_sources] = *source;
    job->deliveries[job->n_sources++] = *delivery;
    return 0;
}

const char *zm_job_path(struct zm_job *job, struct zm_str path)
{
    if (path.len && path.ptr[0] == '/')
        return zm_arena_copy(&job->arena, path).ptr;
    char *full = zm_arena_alloc(&job->arena, job->folder.len + 1 + path.len + 1);
    if (!full)
        return NULL;
    size_t at = 0;
    if (job->folder.len) {
        memcpy(full, job->folder.ptr, job->folder.len);
        full[job->folder.len] = '/';
        at = job->folder.len + 1;
    }
    memcpy(full + at, path.ptr, path.len);
    return full;
}

/* The path as job.ini could have written it: without the job's folder in front. */
static struct zm_str relative(const struct zm_job *job, struct zm_str path)
{
    if (job->folder.len && zm_str_starts(path, job->folder) && path.len > job->folder.len)
        return zm_str_sub(path, job->folder.len + 1, path.len);
    return path;
}

/* The absolute pattern of a source's path. Only what job.ini writes is a pattern: brackets and stars in the
 * name of the job's own folder stand for themselves. NULL when memory is out. */
static const char *glob_pattern(struct zm_job *job, struct zm_str path)
{
    bool absolute = path.len && path.ptr[0] == '/';
    struct zm_str folder = absolute ? (struct zm_str){"", 0} : job->folder;
    char *pattern = zm_arena_alloc(&job->arena, 2 * folder.len + 1 + path.len + 1), *at = pattern;
    if (!pattern)
        return NULL;
    for (size_t i = 0; i < folder.len; i++) {
        if (strchr("*?[\\", folder.ptr[i]))
            *at++ = '\\';
        *at++ = folder.ptr[i];
    }
    if (folder.len)
        *at++ = '/';
    memcpy(at, path.ptr, path.len);
    return pattern;
}

/* One source a file: a glob with several matches makes police, police.2, police.3 in order of file name. */
static int expand(struct zm_job *job, const struct zm_source *source, const struct zm_delivery *delivery,
                  struct zm_err *err)
{
    const char *plain = zm_job_path(job, source->path), *pattern = glob_pattern(job, source->path);
    if (!plain || !pattern)
        return zm_fail_memory(err, source->path.len);
    /* A file called a[1].csv is that file, and not a1.csv; a path that matches nothing is named as it is. */
    glob_t found = {0};
    int status = access(plain, F_OK) == 0 ? GLOB_NOMATCH : glob(pattern, 0, NULL, &found);
    if (status != 0 && status != GLOB_NOMATCH)
        return zm_fail(err, ZM_E_INPUT, "[source.%.*s] path = %.*s cannot be listed", ZM_FMT(source->name),
                       ZM_FMT(source->path));
    int rc = 0;
    size_t n_files = status == 0 ? found.gl_pathc : 1;
    for (size_t i = 0; rc == 0 && i < n_files; i++) {
        struct zm_source one = *source;
        struct zm_delivery how = *delivery;
        one.path = zm_arena_copy(&job->arena, zm_str(status == 0 ? found.gl_pathv[i] : plain));
        how.title = relative(job, one.path);
        if (delivery->manifest.len)
            how.manifest = zm_str(zm_job_path(job, delivery->manifest));
        if (i > 0) {
            char name[64];
            int n = snprintf(name, sizeof name, "%.*s.%zu", ZM_FMT(source->name), i + 1);
            one.name = zm_arena_copy(&job->arena, (struct zm_str){name, (size_t)n});
        }
        if (!one.path.ptr || !one.name.ptr || (delivery->manifest.len && !how.manifest.ptr))
            rc = zm_fail_memory(err, sizeof one);
        else
            rc = zm_job_add_source(job, &one, &how, err);
    }
    if (status == 0)
        globfree(&found);
    return rc;
}

struct entry {
    struct zm_source source;
    struct zm_delivery delivery;
};

static int by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return zm_str_cmp(x->source.name, y->source.name);
}

int zm_job_finish(struct zm_job *job, struct zm_err *err)
{
    unsigned n_given = job->n_sources;
    struct entry *entries = zm_arena_alloc(&job->arena, ZM_SOURCES_MAX * sizeof *entries);
    if (!entries)
        return zm_fail_memory(err, ZM_SOURCES_MAX * sizeof *entries);
    for (unsigned i = 0; i < n_given; i++)
        entries[i] = (struct entry){job->sources[i], job->deliveries[i]};
    job->n_sources = 0;
    for (unsigned i = 0; i < n_given; i++)
        ZM_TRY(expand(job, &entries[i].source, &entries[i].delivery, err));
    for (unsigned i = 0; i < job->n_sources; i++)
        entries[i] = (struct entry){job->sources[i], job->deliveries[i]};
    qsort(entries, job->n_sources, sizeof *entries, by_name);
    for (unsigned i = 0; i < job->n_sources; i++) {
        job->sources[i] = entries[i].source;
        job->deliveries[i] = entries[i].delivery;
        job->sources[i].index = i;
        if (job->has_sync && job->sources[i].class_ == ZM_CLASS_RESTRICTED)
            return zm_fail(err, ZM_E_USAGE,
                           "[source.%.*s] is restricted and the job has a [sync] section: restricted data "
                           "never meets a network",
                           ZM_FMT(job->sources[i].name));
        if (job->public_profile && job->sources[i].class_ == ZM_CLASS_RESTRICTED)
            return zm_fail(err, ZM_E_USAGE, "[source.%.*s] is restricted and the profile is public",
                           ZM_FMT(job->sources[i].name));
    }
    return 0;
}

static uint64_t mix_text(uint64_t h, struct zm_str s)
{
    return zm_hash_mix(h, zm_hash(s));
}

static uint64_t mix_source(uint64_t h, const struct zm_source *s, const struct zm_delivery *d)
{
    const struct zm_str texts[] = {s->name, d->title, s->sheet, s->layer, s->encoding, s->datum, d->scope};
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++)
        h = mix_text(h, texts[i]);
    h = zm_hash_mix(h, (uint64_t)s->kind << 48 | (uint64_t)s->class_ << 40 | (uint64_t)s->header_rows << 32 |
                           s->date);
    h = zm_hash_mix(h, (uint64_t)s->full << 32 | s->rank);
    for (unsigned i = 0; i < s->n_maps; i++)
        h = mix_text(mix_text(zm_hash_mix(h, s->maps[i].field), s->maps[i].column), s->maps[i].constant);
    for (unsigned i = 0; i < s->n_values; i++)
        h = mix_text(mix_text(zm_hash_mix(h, s->values[i].field), s->values[i].from), s->values[i].to);
    return h;
}

uint64_t zm_job_hash(const struct zm_job *job)
{
    uint64_t precision, h = mix_text(job->city, zm_str(ZM_VERSION));
    memcpy(&precision, &job->public_precision_m, sizeof precision);
    h = zm_hash_mix(h, (uint64_t)job->gpkg | (uint64_t)job->geojson << 1 |
                           (uint64_t)job->public_profile << 2 |
                           (uint64_t)(job->gcj_inverse_approval.len > 0) << 3 | (uint64_t)job->xlsx << 4 |
                           (uint64_t)job->html << 5);
    h = mix_text(h, job->map_review_no);
    h = zm_hash_mix(h, precision);
    for (unsigned r = 0; r < ZM_N_RULES; r++) {
        uint64_t threshold;
        memcpy(&threshold, &job->rules.city[r].threshold, sizeof threshold);
        h = zm_hash_mix(zm_hash_mix(h, (uint64_t)job->rules.city[r].severity), threshold);
    }
    uint64_t overrides = 0; /* summed, so that the order of sections does not count */
    for (unsigned i = 0; i < job->rules.n_overrides; i++) {
        const struct zm_rule_override *o = &job->rules.overrides[i];
        uint64_t threshold;
        memcpy(&threshold, &o->setting.threshold, sizeof threshold);
        overrides += zm_hash_mix(
            zm_hash_mix((uint64_t)o->rule << 32 | o->county, (uint64_t)o->setting.severity), threshold);
    }
    h = zm_hash_mix(h, overrides);
    for (unsigned i = 0; i < job->n_sources; i++)
        h = mix_source(h, &job->sources[i], &job->deliveries[i]);
    return h;
}
