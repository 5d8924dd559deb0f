#include "job/reference.h"

#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/record/finding.h"
#include "geo/tables/text.h"

#include <stdio.h>

enum { NAME_SHOWN_MAX = 120 /* bytes: forty characters; no name of a road or division is longer */ };

/* One division or road source on its way into the reference. */
struct intake {
    struct zm_reference *reference;
    const struct zm_job *job;
    const struct zm_source *source;
    const struct zm_env *env;
    struct zm_shard_writer *findings;
    struct zm_crs *crs;
    struct zm_source_result *result;
};

static int add_finding(struct intake *in, enum zm_rule_id rule, uint64_t row, uint32_t county, uint8_t field,
                       struct zm_str args, bool fixed, struct zm_err *err)
{
    struct zm_rule_setting setting = zm_rule_set_get(&in->job->rules, rule, county);
    if (setting.severity == ZM_OFF)
        return 0;
    struct zm_finding f = {.row = row,
                           .source = in->source->index,
                           .county = county,
                           .rule = (uint16_t)rule,
                           .severity = (uint8_t)setting.severity,
                           .field = field,
                           .fixed = fixed,
                           .kind = (uint8_t)in->source->kind,
                           .args = args};
    return zm_shard_writer_finding(in->findings, &f, err);
}

/* The shape of a row in EPSG:4490; false if it has none that can be used. */
static int read_shape(struct intake *in, struct zm_str wkb, struct zm_shape *shape, bool *usable,
                      struct zm_err *err)
{
    struct zm_err why;
    *usable = false;
    enum zm_crs_state state = zm_crs_state(in->crs);
    if (wkb.len == 0 || (state != ZM_CRS_READY && state != ZM_CRS_CONVERTED))
        return 0;
    int rc = zm_shape_from_wkb(shape, wkb, &why);
    if (rc == ZM_E_MEMORY)
        return zm_fail(err, ZM_E_MEMORY, "%s", why.text);
    if (rc != 0)
        return 0;
    for (size_t i = 0; i < shape->n_points; i++) {
        if (!zm_crs_to_4490(in->crs, &shape->xy[2 * i], &shape->xy[2 * i + 1])) {
            zm_shape_release(shape);
            return 0;
        }
    }
    *usable = true;
    return 0;
}

/* 老涂村委会, 前沙村村民委员会, 鼓楼社区居委会: the committee's name, not the place's (ADR-008). */
static bool is_committee_of(struct zm_str name, struct zm_str place)
{
    static const char *const suffixes[] = {"委会",       "村委会",     "居委会",    "民委员会",
                                           "村民委员会", "居民委员会", "社区居委会"};
    if (zm_str_ends(name, ZM_STR("居委会")) &&
        zm_str_ends(place, ZM_STR("社区"))) /* 柴街居委会 of 柴街社区 */
        place.len -= strlen("社区");
    if (!zm_str_starts(name, place))
        return false;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (zm_str_eq(zm_str_sub(name, place.len, name.len), zm_str(suffixes[i])))
            return true;
    return false;
}

/* What a row says of a division against the table of divisions. */
static int check_division(struct intake *in, uint64_t row, struct zm_str code_text, uint64_t code,
                          struct zm_str name, struct zm_err *err)
{
    const struct zm_division *known = zm_division_at(&in->reference->divisions, code, in->env->as_of);
    uint32_t county = (uint32_t)(code >= 1000000000 ? code / 1000000 : code >= 1000000 ? code / 1000 : code);
    struct zm_str shown = zm_utf8_cut(name, NAME_SHOWN_MAX);
    char args[512];
    int n;
    if (!known) {
        n = snprintf(args, sizeof args, "%.*s%c%c", ZM_FMT(code_text), ZM_ARG_SEP, ZM_ARG_SEP);
        return add_finding(in, ZM_ADR_002, row, county, ZM_DF_CODE, zm_str_n(args, (size_t)n), false, err);
    }
    if (name.len == 0 || zm_str_eq(name, known->name))
        return 0;
    if (is_committee_of(name, known->name)) {
        n = snprintf(args, sizeof args, "%.*s%c%.*s", ZM_FMT(shown), ZM_ARG_SEP, ZM_FMT(known->name));
        return add_finding(in, ZM_ADR_008, row, county, ZM_DF_NAME, zm_str_n(args, (size_t)n), true, err);
    }
    n = snprintf(args, sizeof args, "%.*s%c%.*s%c%.*s", ZM_FMT(shown), ZM_ARG_SEP, ZM_FMT(code_text),
                 ZM_ARG_SEP, ZM_FMT(known->name));
    return add_finding(in, ZM_ADR_003, row, county, ZM_DF_NAME, zm_str_n(args, (size_t)n), false, err);
}

/* A division row: its name against the table, its polygon into the cover. *reason: why the row is rejected.
 */
static int take_division(struct intake *in, const struct zm_batch *b, uint32_t r, int *reason,
                         struct zm_err *err)
{
    struct zm_str code_text = zm_str_trim(zm_batch_get(b, r, ZM_DF_CODE));
    struct zm_str wkb = zm_batch_get(b, r, ZM_DF_GEOM);
    uint64_t code;
    if (!zm_str_to_u64(code_text, &code) || zm_division_level_of(code) == 0) {
        *reason = ZM_REASON_EMPTY;
        return 0;
    }
    ZM_TRY(check_division(in, b->rows[r], code_text, code, zm_str_trim(zm_batch_get(b, r, ZM_DF_NAME)), err));
    enum zm_division_level level = zm_division_level_of(code);
    struct zm_cover *cover = level == ZM_COUNTY ? in->reference->counties : in->reference->towns;
    if (level != ZM_COUNTY && level != ZM_TOWN)
        return 0;
    struct zm_shape shape;
    bool usable;
    ZM_TRY(read_shape(in, wkb, &shape, &usable, err));
    if (!usable) {
        bool lost = wkb.len && zm_crs_state(in->crs) == ZM_CRS_READY;
        *reason = lost ? (int)ZM_REASON_BAD_GEOMETRY : *reason;
        return 0;
    }
    int rc = shape.type == ZM_SHAPE_POLYGON ? zm_cover_add(cover, code, &shape, err) : 0;
    if (shape.type != ZM_SHAPE_POLYGON)
        *reason = ZM_REASON_BAD_GEOMETRY;
    zm_shape_release(&shape);
    return rc;
}

static int take_road(struct intake *in, const struct zm_batch *b, uint32_t r, int *reason, struct zm_err *err)
{
    struct zm_str name = zm_str_trim(zm_batch_get(b, r, ZM_RF_NAME));
    uint64_t county = 0;
    zm_str_to_u64(zm_str_trim(zm_batch_get(b, r, ZM_RF_COUNTY6)), &county);
    if (name.len == 0 || name.len > NAME_SHOWN_MAX) {
        *reason = ZM_REASON_EMPTY;
        return 0;
    }
    ZM_TRY(zm_gazetteer_add_road(in->reference->gazetteer, (uint32_t)county, name, err));
    struct zm_shape shape;
    bool usable;
    ZM_TRY(read_shape(in, zm_batch_get(b, r, ZM_RF_GEOM), &shape, &usable, err));
    if (!usable)
        return 0;
    int rc = shape.type == ZM_SHAPE_LINE
                 ? zm_axes_add(in->reference->axes, (uint32_t)county, name, &shape, err)
                 : 0;
    if (shape.type != ZM_SHAPE_LINE)
        *reason = ZM_REASON_BAD_GEOMETRY;
    zm_shape_release(&shape);
    return rc;
}

static int take_batch(struct intake *in, const struct zm_batch *batch, struct zm_err *err)
{
    struct zm_account *account = &in->result->account;
    for (uint32_t r = 0; r < batch->head->n_rows; r++) {
        int reason = -1;
        if (in->source->kind == ZM_KIND_DIVISION)
            ZM_TRY(take_division(in, batch, r, &reason, err));
        else
            ZM_TRY(take_road(in, batch, r, &reason, err));
        if (reason < 0) {
            account->accepted++;
            continue;
        }
        struct zm_reject reject = {.row = batch->rows[r], .reason = (uint32_t)reason, .field = ZM_FIELD_NONE};
        account->rejected[reason]++;
        ZM_TRY(zm_shard_writer_reject(in->findings, in->source->index, &reject, err));
    }
    for (uint32_t i = 0; i < batch->head->n_rejects; i++) {
        account->rejected[batch->rejects[i].reason]++;
        ZM_TRY(zm_shard_writer_reject(in->findings, in->source->index, &batch->rejects[i], err));
    }
    account->rows_in += batch->head->n_rows + batch->head->n_rejects;
    return 0;
}

/* A datum that cannot be used costs the source its shapes; one finding says so. */
static int report_datum(struct intake *in, struct zm_err *err)
{
    char args[600];
    int n;
    switch (zm_crs_state(in->crs)) {
    case ZM_CRS_NO_APPROVAL:
        return add_finding(in, ZM_ADR_010, 0, 0, ZM_FIELD_NONE, ZM_STR("position.no_approval"), false, err);
    case ZM_CRS_OLD_DATUM:
        n = snprintf(args, sizeof args, "%.*s%c%.400s",
                     ZM_FMT(zm_utf8_cut(in->source->datum, NAME_SHOWN_MAX)), ZM_ARG_SEP,
                     zm_crs_reason(in->crs));
        return add_finding(in, ZM_CRD_007, 0, 0, ZM_FIELD_NONE, zm_str_n(args, (size_t)n), false, err);
    default:
        return 0;
    }
}

static int read_source(struct intake *in, struct zm_readers *readers, void *block, struct zm_err *err)
{
    struct zm_import *import = NULL;
    struct zm_batch batch;
    bool more = true;
    int rc = zm_crs_open(&in->crs, in->source->datum, in->job->gcj_inverse_approval.len > 0, err);
    if (rc == 0)
        rc = report_datum(in, err);
    if (rc == 0)
        rc = zm_readers_open(readers, in->source->index, &import, err);
    while (rc == 0) {
        rc = zm_env_stopped(in->env) ? zm_fail(err, ZM_E_STOPPED, "stopped by a signal")
                                     : zm_import_next(import, block, &batch, &more, err);
        if (rc != 0 || !more)
            break;
        rc = take_batch(in, &batch, err);
    }
    if (import)
        in->result->stats = *zm_import_stats(import);
    in->result->account.personal_columns = in->result->stats.personal_columns;
    in->result->account.personal_values = in->result->stats.personal_values;
    zm_import_close(import);
    zm_crs_close(in->crs);
    in->crs = NULL;
    return rc;
}

static int read_sources(struct zm_reference *r, struct zm_job *job, struct zm_readers *readers,
                        const struct zm_env *env, struct zm_shard_writer *findings,
                        struct zm_run_result *result, struct zm_err *err)
{
    void *block = zm_alloc(ZM_BATCH_BLOCK_BYTES);
    if (!block)
        return zm_fail_memory(err, ZM_BATCH_BLOCK_BYTES);
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < job->n_sources; i++) {
        struct zm_source_result *own = &result->sources[i];
        struct intake in = {r, job, &job->sources[i], env, findings, NULL, own};
        if (!zm_readers_is_reference(in.source->kind))
            continue;
        rc = read_source(&in, readers, block, &own->err);
        if (rc == ZM_E_INPUT || rc == ZM_E_USAGE) { /* this source's own fault: the others are still read */
            own->failed = true;
            rc = 0;
        } else if (rc != 0 && err) {
            *err = own->err;
        }
    }
    zm_free(block);
    return rc;
}

int zm_reference_init(struct zm_reference *r, struct zm_job *job, struct zm_readers *readers,
                      const struct zm_env *env, struct zm_shard_writer *findings,
                      struct zm_run_result *result, struct zm_err *err)
{
    memset(r, 0, sizeof *r);
    ZM_TRY(zm_divisions_init(&r->divisions, err));
    int rc = zm_gazetteer_new(&r->gazetteer, &r->divisions, env->as_of, err);
    if (rc == 0)
        rc = zm_cover_new(&r->counties, err);
    if (rc == 0)
        rc = zm_cover_new(&r->towns, err);
    if (rc == 0)
        rc = zm_axes_new(&r->axes, err);
    if (rc == 0)
        rc = read_sources(r, job, readers, env, findings, result, err);
    if (rc == 0)
        rc = zm_gazetteer_freeze(r->gazetteer, err);
    if (rc == 0)
        rc = zm_cover_build(r->counties, err);
    if (rc == 0)
        rc = zm_cover_build(r->towns, err);
    if (rc == 0)
        rc = zm_axes_build(r->axes, err);
    if (rc != 0)
        zm_reference_release(r);
    return rc;
}

void zm_reference_release(struct zm_reference *r)
{
    zm_axes_free(r->axes);
    zm_cover_free(r->towns);
    zm_cover_free(r->counties);
    zm_gazetteer_free(r->gazetteer);
    zm_divisions_release(&r->divisions);
    memset(r, 0, sizeof *r);
}
