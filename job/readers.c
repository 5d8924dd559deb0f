#include "job/readers.h"

bool zm_readers_is_reference(enum zm_kind kind)
{
    return kind == ZM_KIND_DIVISION || kind == ZM_KIND_ROAD;
}

/* The first source from place from on that is (or is not) a reference; n_sources if there is none. */
static unsigned find(const struct zm_job *job, unsigned from, bool reference)
{
    for (; from < job->n_sources; from++) {
        enum zm_kind kind = job->sources[from].kind;
        if (reference ? zm_readers_is_reference(kind) : kind == ZM_KIND_ADDRESS)
            break;
    }
    return from;
}

static unsigned source_after(const struct zm_job *job, unsigned source)
{
    if (!zm_readers_is_reference(job->sources[source].kind))
        return find(job, source + 1, false);
    unsigned next = find(job, source + 1, true);
    return next < job->n_sources ? next : find(job, 0, false);
}

/* A child that cannot be started is tried again in its turn, where the error belongs to its source. */
static void start_ahead(struct zm_readers *r, unsigned source)
{
    r->ahead_source = source;
    if (source >= r->job->n_sources ||
        zm_import_start(&r->ahead, &r->job->sources[source], r->program, NULL) != 0)
        r->ahead = NULL;
}

void zm_readers_init(struct zm_readers *r, const struct zm_job *job, const char *program)
{
    *r = (struct zm_readers){.job = job, .program = program};
    unsigned first = find(job, 0, true);
    start_ahead(r, first < job->n_sources ? first : find(job, 0, false));
}

void zm_readers_release(struct zm_readers *r)
{
    zm_import_close(r->ahead);
    r->ahead = NULL;
}

int zm_readers_open(struct zm_readers *r, unsigned source, struct zm_import **out, struct zm_err *err)
{
    struct zm_import *import = r->ahead;
    r->ahead = NULL;
    if (import && r->ahead_source != source) {
        zm_import_close(import);
        import = NULL;
    }
    if (!import)
        ZM_TRY(zm_import_start(&import, &r->job->sources[source], r->program, err));
    start_ahead(r, source_after(r->job, source));
    *out = import;
    return 0;
}
