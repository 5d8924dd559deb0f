/* What the tests of geo/check share: a small invented city under real names, rows written as
 * "text=… ¦ county6=330302", and what came of them. Every failure of the set-up fails the test. */
#pragma once

#include "geo/base/mem.h"
#include "geo/check/checker.h"
#include "geo/tables/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FX_FINDINGS_MAX = 4096, FX_TEXT_MAX = 4 << 20 };

struct fx_address {
    struct zm_address a;
    bool quarantined;
};

struct fx {
    struct zm_divisions divisions;
    struct zm_gazetteer *gazetteer;
    struct zm_rule_set rules;
    struct zm_cover *counties, *towns;
    struct zm_axes *axes;
    struct zm_checker checker;
    struct zm_source source;
    struct zm_map maps[2];
    struct zm_check_worker *worker;
    struct zm_check_sink sink;
    struct zm_account account;
    struct zm_arena texts; /* copies of what the sink was given */
    struct zm_finding findings[FX_FINDINGS_MAX];
    unsigned n_findings;
    struct fx_address last;
    unsigned n_addresses;
    void *block;
};

static inline int fx_on_address(void *self, const struct zm_address *a, bool quarantined, struct zm_err *err)
{
    struct fx *fx = self;
    (void)err;
    fx->last = (struct fx_address){*a, quarantined};
    struct zm_str *texts[ZM_ADDRESS_TEXTS];
    zm_address_texts(&fx->last.a, texts);
    for (int i = 0; i < ZM_ADDRESS_TEXTS; i++)
        *texts[i] = zm_arena_copy(&fx->texts, *texts[i]);
    fx->n_addresses++;
    return 0;
}

static inline int fx_on_finding(void *self, const struct zm_finding *f, struct zm_err *err)
{
    struct fx *fx = self;
    (void)err;
    assert_true(fx->n_findings < FX_FINDINGS_MAX);
    struct zm_finding *copy = &fx->findings[fx->n_findings++];
    *copy = *f;
    copy->args = zm_arena_copy(&fx->texts, f->args);
    copy->cause = zm_arena_copy(&fx->texts, f->cause);
    copy->text = zm_arena_copy(&fx->texts, f->text);
    return 0;
}

static inline void fx_ok(int rc, const struct zm_err *err)
{
    if (rc)
        fail_msg("%s", err->text);
}

static inline void fx_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.9f is not %.9f", got, want);
}

/* WKB of a box, little endian. */
static inline void fx_add_box(struct zm_cover *cover, uint64_t code, double w, double s, double e, double n)
{
    struct zm_err err;
    struct zm_shape shape;
    unsigned char wkb[13 + 5 * 16] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0};
    const double xy[10] = {w, s, e, s, e, n, w, n, w, s};
    memcpy(wkb + 13, xy, sizeof xy);
    fx_ok(zm_shape_from_wkb(&shape, zm_str_n((const char *)wkb, sizeof wkb), &err), &err);
    fx_ok(zm_cover_add(cover, code, &shape, &err), &err);
    zm_shape_release(&shape);
}

/* Boxes roughly where the counties are; 五马街道 and 松台街道 are the only towns. */
static inline void fx_make_covers(struct fx *fx)
{
    static const struct {
        uint32_t code;
        double w, s, e, n;
    } counties[] = {
        {330302, 120.50, 27.98, 120.75, 28.05}, {330303, 120.75, 27.85, 120.95, 28.05},
        {330304, 120.40, 27.85, 120.75, 27.98}, {330305, 120.95, 27.70, 121.30, 28.05},
        {330324, 120.40, 28.05, 120.85, 28.50}, {330326, 120.30, 27.62, 120.70, 27.70},
        {330327, 120.30, 27.20, 120.50, 27.62}, {330328, 119.80, 27.70, 120.30, 28.05},
        {330329, 119.60, 27.20, 120.30, 27.70}, {330381, 120.30, 27.70, 120.95, 27.85},
        {330382, 120.85, 28.05, 121.30, 28.50}, {330383, 120.50, 27.55, 120.70, 27.62},
    };
    struct zm_err err;
    fx_ok(zm_cover_new(&fx->counties, &err), &err);
    fx_ok(zm_cover_new(&fx->towns, &err), &err);
    for (size_t i = 0; i < sizeof counties / sizeof *counties; i++)
        fx_add_box(fx->counties, counties[i].code, counties[i].w, counties[i].s, counties[i].e,
                   counties[i].n);
    fx_add_box(fx->towns, 330302006, 120.64, 28.00, 120.67, 28.03);
    fx_add_box(fx->towns, 330302026, 120.60, 28.00, 120.64, 28.03);
    fx_ok(zm_cover_build(fx->counties, &err), &err);
    fx_ok(zm_cover_build(fx->towns, &err), &err);
}

static inline void fx_init(struct fx *fx)
{
    struct zm_err err;
    memset(fx, 0, sizeof *fx);
    fx_ok(zm_divisions_init(&fx->divisions, &err), &err);
    fx_ok(zm_gazetteer_new(&fx->gazetteer, &fx->divisions, 20250630, &err), &err);
    fx_ok(zm_gazetteer_add_road(fx->gazetteer, 330302, ZM_STR("公园路"), &err), &err);
    fx_ok(zm_gazetteer_freeze(fx->gazetteer, &err), &err);
    fx_ok(zm_rule_set_init(&fx->rules, &err), &err);
    fx_make_covers(fx);
    zm_arena_init(&fx->texts, FX_TEXT_MAX);
    fx->block = malloc(ZM_BATCH_BLOCK_BYTES);
    assert_non_null(fx->block);
    fx->checker = (struct zm_checker){.divisions = &fx->divisions,
                                      .gazetteer = fx->gazetteer,
                                      .rules = &fx->rules,
                                      .counties = fx->counties,
                                      .towns = fx->towns,
                                      .city = 3303,
                                      .as_of = 20250630};
    fx->source = (struct zm_source){.name = ZM_STR("test"),
                                    .kind = ZM_KIND_ADDRESS,
                                    .path = ZM_STR("test.csv"),
                                    .datum = ZM_STR("EPSG:4490")};
    fx->sink = (struct zm_check_sink){fx_on_address, fx_on_finding, fx};
}

/* A fresh worker with the checker and source as they are now; forgets what came before. */
static inline void fx_begin(struct fx *fx)
{
    struct zm_err err;
    zm_check_worker_free(fx->worker);
    fx->worker = NULL;
    fx_ok(zm_check_worker_new(&fx->worker, &fx->checker, &fx->source, &err), &err);
    zm_arena_reset(&fx->texts);
    fx->n_findings = fx->n_addresses = 0;
    fx->account = (struct zm_account){0};
}

static inline void fx_release(struct fx *fx)
{
    zm_check_worker_free(fx->worker);
    zm_axes_free(fx->axes);
    zm_cover_free(fx->counties);
    zm_cover_free(fx->towns);
    zm_rule_set_release(&fx->rules);
    zm_gazetteer_free(fx->gazetteer);
    zm_divisions_release(&fx->divisions);
    zm_arena_release(&fx->texts);
    free(fx->block);
}

/* Cells of "field=value ¦ field=value"; keys that begin with '@' are left to the caller. */
static inline void fx_cells(struct zm_str row, struct zm_str cells[ZM_N_ADDRESS_FIELDS],
                            bool present[ZM_N_ADDRESS_FIELDS])
{
    const struct zm_str bar = ZM_STR(" ¦ ");
    while (row.len) {
        size_t end = zm_str_find(row, bar, 0);
        struct zm_str pair = zm_str_sub(row, 0, end == SIZE_MAX ? row.len : end);
        row = end == SIZE_MAX ? (struct zm_str){"", 0} : zm_str_sub(row, end + bar.len, row.len);
        size_t eq = zm_str_find(pair, ZM_STR("="), 0);
        unsigned field = 0;
        if (pair.len && pair.ptr[0] == '@')
            continue;
        if (eq == SIZE_MAX || !zm_field_find(ZM_KIND_ADDRESS, zm_str_sub(pair, 0, eq), &field))
            fail_msg("no field in \"%.*s\"", ZM_FMT(pair));
        cells[field] = zm_str_sub(pair, eq + 1, pair.len);
        present[field] = true;
    }
}

/* One row through the judges, as a batch of its own. */
static inline int fx_try_row(struct fx *fx, uint64_t number, struct zm_str row, struct zm_err *err)
{
    struct zm_str cells[ZM_N_ADDRESS_FIELDS] = {{0}};
    bool present[ZM_N_ADDRESS_FIELDS] = {0};
    uint8_t fields[ZM_FIELDS_MAX];
    unsigned n = 0;
    struct zm_batch_builder builder;
    struct zm_batch batch;
    fx_cells(row, cells, present);
    for (unsigned f = 0; f < ZM_N_ADDRESS_FIELDS; f++)
        if (present[f])
            fields[n++] = (uint8_t)f;
    zm_batch_init(&builder, fx->block, ZM_BATCH_BLOCK_BYTES, ZM_KIND_ADDRESS, fields, n);
    assert_true(zm_batch_begin(&builder, number));
    for (unsigned k = 0; k < n; k++)
        assert_true(zm_batch_cell(&builder, cells[fields[k]]));
    zm_batch_commit(&builder);
    size_t size = zm_batch_finish(&builder);
    ZM_TRY(zm_batch_view(&batch, fx->block, size, err));
    return zm_check_batch(fx->worker, &batch, &fx->sink, &fx->account, err);
}

static inline void fx_row(struct fx *fx, uint64_t number, const char *row)
{
    struct zm_err err;
    fx_ok(fx_try_row(fx, number, zm_str(row), &err), &err);
}

/* A single row on a fresh worker. */
static inline void fx_one(struct fx *fx, const char *row)
{
    fx_begin(fx);
    fx_row(fx, 1, row);
}

static inline const struct zm_finding *fx_find(const struct fx *fx, enum zm_rule_id rule)
{
    for (unsigned i = 0; i < fx->n_findings; i++)
        if (fx->findings[i].rule == rule)
            return &fx->findings[i];
    return NULL;
}

/* Fails with the list of what was found instead. */
static inline void fx_fail(const struct fx *fx, const char *what)
{
    char list[2048] = "";
    size_t at = 0;
    for (unsigned i = 0; i < fx->n_findings && at < sizeof list - 128; i++)
        at += (size_t)snprintf(list + at, sizeof list - at, "\n  %.*s%s [%.*s]",
                               ZM_FMT(zm_rules()[fx->findings[i].rule].id),
                               fx->findings[i].fixed ? " fixed" : "", (int)fx->findings[i].args.len % 80,
                               fx->findings[i].args.ptr);
    fail_msg("%s; found:%s", what, at ? list : " nothing");
}

/* The finding of a rule, whose joined arguments ('|' for the separator) must be args unless args is NULL. */
static inline const struct zm_finding *fx_expect(const struct fx *fx, enum zm_rule_id rule, const char *args)
{
    char what[256];
    const struct zm_finding *f = fx_find(fx, rule);
    snprintf(what, sizeof what, "%.*s expected", ZM_FMT(zm_rules()[rule].id));
    if (!f) {
        fx_fail(fx, what);
        return NULL;
    }
    if (!args)
        return f;
    char got[512];
    snprintf(got, sizeof got, "%.*s", ZM_FMT(f->args));
    for (char *c = got; *c; c++)
        if (*c == ZM_ARG_SEP)
            *c = '|';
    assert_string_equal(got, args);
    return f;
}

static inline void fx_expect_none(const struct fx *fx, enum zm_rule_id rule)
{
    char what[256];
    snprintf(what, sizeof what, "%.*s must not speak", ZM_FMT(zm_rules()[rule].id));
    if (fx_find(fx, rule))
        fx_fail(fx, what);
}

static inline void fx_expect_silence(const struct fx *fx)
{
    if (fx->n_findings)
        fx_fail(fx, "no finding expected");
}
