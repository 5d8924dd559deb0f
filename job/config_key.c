#include "job/config_key.h"

#include "job/config_source.h"

static int bad(struct zm_err *err, struct zm_str key, struct zm_str value, const char *want)
{
    return zm_fail(err, ZM_E_USAGE, "%.*s = %.*s: %s", ZM_FMT(key), ZM_FMT(value), want);
}

static int job_key(struct zm_job *job, struct zm_str key, struct zm_str value, struct zm_err *err)
{
    uint64_t number;
    if (zm_str_eq(key, ZM_STR("city"))) {
        if (value.len != 6 || !zm_str_to_u64(value, &number) || number % 100 != 0)
            return bad(err, key, value, "must be a prefecture's six digits such as 330300");
        job->city = (uint32_t)number;
    } else if (zm_str_eq(key, ZM_STR("output"))) {
        job->output = value;
    } else if (zm_str_eq(key, ZM_STR("threads"))) {
        if (!zm_str_to_u64(value, &number) || number < 1 || number > ZM_THREADS_MAX)
            return bad(err, key, value, "must be a number from 1 to 16");
        job->threads = (unsigned)number;
    } else if (zm_str_eq(key, ZM_STR("gcj_inverse_approval"))) {
        job->gcj_inverse_approval = value;
    } else if (zm_str_eq(key, ZM_STR("map_review_no"))) {
        job->map_review_no = value;
    } else if (zm_str_eq(key, ZM_STR("publish"))) {
        job->copy_current = zm_str_eq(value, ZM_STR("copy"));
        if (!job->copy_current && !zm_str_eq(value, ZM_STR("symlink")))
            return bad(err, key, value, "must be symlink or copy");
    } else if (!zm_str_eq(key, ZM_STR("library")) && !zm_str_eq(key, ZM_STR("memory")) &&
               !zm_str_eq(key, ZM_STR("keep_raw"))) { /* of the library, which this version does not write */
        return zm_fail(err, ZM_E_USAGE, "unknown key %.*s in [job]", ZM_FMT(key));
    }
    return 0;
}

static int set_formats(struct zm_job *job, struct zm_str key, struct zm_str value, struct zm_err *err)
{
    job->gpkg = job->geojson = job->xlsx = job->html = false;
    for (struct zm_str rest = value; rest.ptr;) {
        struct zm_str format = zm_str_trim(zm_str_cut(&rest, ','));
        if (zm_str_eq(format, ZM_STR("gpkg")))
            job->gpkg = true;
        else if (zm_str_eq(format, ZM_STR("geojson")))
            job->geojson = true;
        else if (zm_str_eq(format, ZM_STR("xlsx")))
            job->xlsx = true;
        else if (zm_str_eq(format, ZM_STR("html")))
            job->html = true;
        else
            return bad(err, key, value, "formats are gpkg, geojson, xlsx and html");
    }
    return 0;
}

static int output_key(struct zm_job *job, struct zm_str key, struct zm_str value, struct zm_err *err)
{
    if (zm_str_eq(key, ZM_STR("formats")))
        return set_formats(job, key, value, err);
    if (zm_str_eq(key, ZM_STR("profile"))) {
        job->public_profile = zm_str_eq(value, ZM_STR("public"));
        return job->public_profile || zm_str_eq(value, ZM_STR("internal"))
                   ? 0
                   : bad(err, key, value, "must be internal or public");
    }
    if (zm_str_eq(key, ZM_STR("public_precision_m"))) {
        if (!zm_str_to_double(value, &job->public_precision_m) || job->public_precision_m < 1 ||
            job->public_precision_m > 10000)
            return bad(err, key, value, "must be metres from 1 to 10000");
        return 0;
    }
    if (zm_str_eq(key, ZM_STR("split")))
        return zm_str_eq(value, ZM_STR("none"))
                   ? 0
                   : bad(err, key, value, "this version writes one file for the city: none");
    return zm_fail(err, ZM_E_USAGE, "unknown key %.*s in [output]", ZM_FMT(key));
}

/* "ADR-023" or "ADR-023@330381". */
static int rule_of(struct zm_str name, enum zm_rule_id *rule, uint32_t *county, struct zm_err *err)
{
    struct zm_str rest = name;
    struct zm_str id = zm_str_cut(&rest, '@');
    uint64_t code = 0;
    if (!zm_rule_find(id, rule))
        return zm_fail(err, ZM_E_USAGE, "there is no rule %.*s; `zhengming rules` lists them", ZM_FMT(id));
    if (rest.ptr && (rest.len != 6 || !zm_str_to_u64(rest, &code)))
        return zm_fail(err, ZM_E_USAGE, "behind @ stands a county's six digits: %.*s", ZM_FMT(name));
    *county = (uint32_t)code;
    return 0;
}

static int rule_key(struct zm_job *job, struct zm_str name, struct zm_str key, struct zm_str value,
                    struct zm_err *err)
{
    enum zm_rule_id rule;
    uint32_t county;
    ZM_TRY(rule_of(name, &rule, &county, err));
    if (zm_str_eq(key, ZM_STR("severity"))) {
        enum zm_severity severity;
        if (!zm_severity_parse(value, &severity))
            return bad(err, key, value, "must be error, warning, info or off");
        return zm_rule_set_change(&job->rules, rule, county, &severity, NULL, err);
    }
    if (zm_str_eq(key, ZM_STR("threshold"))) {
        double threshold;
        if (!zm_str_to_double(value, &threshold) || threshold < 0)
            return bad(err, key, value, "must be a number, 0 or more");
        return zm_rule_set_change(&job->rules, rule, county, NULL, &threshold, err);
    }
    return zm_fail(err, ZM_E_USAGE, "unknown key %.*s in a [rule] section", ZM_FMT(key));
}

/* This version does not sync; it knows the keys so that a job written for later versions is read and guarded.
 */
static int sync_key(struct zm_str key, struct zm_err *err)
{
    char name[32];
    if (key.len < sizeof name) {
        memcpy(name, key.ptr, key.len);
        name[key.len] = '\0';
        if (zm_enum_index("url|adapter|token_file|max_deletes|on_exit", zm_str(name)) >= 0)
            return 0;
    }
    return zm_fail(err, ZM_E_USAGE, "unknown key %.*s in a [sync] section", ZM_FMT(key));
}

static bool section_is(struct zm_str section, struct zm_str family, struct zm_str *name)
{
    if (!zm_str_starts(section, family))
        return false;
    *name = zm_str_sub(section, family.len, section.len);
    return true;
}

int zm_config_section(struct zm_config *c, struct zm_str section, struct zm_err *err)
{
    struct zm_str name;
    enum zm_rule_id rule;
    uint32_t county;
    ZM_TRY(zm_config_source_end(c, err));
    if (zm_str_eq(section, ZM_STR("job")) || zm_str_eq(section, ZM_STR("output")))
        return 0;
    if (section_is(section, ZM_STR("source."), &name))
        return zm_config_source_begin(c, name, err);
    if (section_is(section, ZM_STR("rule."), &name))
        return rule_of(name, &rule, &county, err);
    if (section_is(section, ZM_STR("sync."), &name)) {
        c->job->has_sync = true;
        return 0;
    }
    return zm_fail(err, ZM_E_USAGE, "unknown section [%.*s]", ZM_FMT(section));
}

int zm_config_key(struct zm_config *c, struct zm_str section, struct zm_str key, struct zm_str value,
                  struct zm_err *err)
{
    struct zm_str name;
    struct zm_str kept = zm_arena_copy(&c->job->arena, value), kept_key = zm_arena_copy(&c->job->arena, key);
    if (!kept.ptr || !kept_key.ptr)
        return zm_fail_memory(err, value.len);
    if (c->in_source)
        return zm_config_source_key(c, kept_key, kept, err);
    if (zm_str_eq(section, ZM_STR("job")))
        return job_key(c->job, kept_key, kept, err);
    if (zm_str_eq(section, ZM_STR("output")))
        return output_key(c->job, kept_key, kept, err);
    if (section_is(section, ZM_STR("rule."), &name))
        return rule_key(c->job, name, kept_key, kept, err);
    return sync_key(kept_key, err);
}

int zm_config_end(struct zm_config *c, struct zm_err *err)
{
    return zm_config_source_end(c, err);
}
