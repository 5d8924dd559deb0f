/* The dataset rules: what a whole delivery says that no single row can. */
#include "geo/base/mem.h"
#include "geo/check/judge.h"

#include <math.h>

enum {
    MISSING_PERCENT = 20, /* IMP-004 */
    EMPTY_POINTS = 30     /* IMP-006, percentage points */
};

static struct zm_str count_text(struct zm_check_worker *w, uint64_t n)
{
    return zm_judge_text_of(&w->row, "%llu", (unsigned long long)n);
}

static struct zm_str metres_text(struct zm_check_worker *w, double m)
{
    return zm_judge_text_of(&w->row, "%.0f", m);
}

static double threshold_of(const struct zm_check_worker *w, enum zm_rule_id rule, double otherwise)
{
    double threshold = zm_rule_set_get(w->checker->rules, rule, 0).threshold;
    return isnan(threshold) ? otherwise : threshold;
}

/* What the judges below need, so that their parameter lists stay short. */
struct hearing {
    struct zm_check_worker *w;
    const struct zm_check_sink *sink;
    const struct zm_delivery_facts *facts;
    const struct zm_delivery_base *base;
    bool *quarantine;
};

static int say(const struct hearing *h, struct zm_verdict v, unsigned n, const struct zm_str *args,
               struct zm_err *err)
{
    return zm_judge_say_source(h->w, h->sink, v, n, args, h->quarantine, err);
}

/* Codes that differ in name but not in numbers: geographic, degrees, sub-metre apart. */
static bool is_geographic_4490(struct zm_str crs)
{
    static const char *const same[] = {"EPSG:4490", "EPSG:4326", "EPSG:4480", "EPSG:4979", "OGC:CRS84"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (zm_str_eq(crs, zm_str(same[i])))
            return true;
    return false;
}

/* CRD-001: nobody says what the coordinates are, or file and declaration contradict each other. A file in
 * GCJ-02 or BD-09 cannot say so, there is no code for them. */
static int judge_declaration(const struct hearing *h, struct zm_err *err)
{
    struct zm_str declared = h->w->source->datum, says = h->facts->crs;
    bool coordinates = h->facts->has_geometry || h->w->tally.n_points;
    bool silent = !declared.len && !says.len && coordinates;
    bool epsg = zm_str_starts(declared, ZM_STR("EPSG:")) && zm_str_starts(says, ZM_STR("EPSG:"));
    bool contradict = epsg && h->facts->has_geometry && !zm_str_eq(declared, says) &&
                      !(is_geographic_4490(declared) && is_geographic_4490(says));
    if (!silent && !contradict)
        return 0;
    struct zm_verdict v = {.rule = ZM_CRD_001, .field = ZM_FIELD_NONE, .worst = ZM_ERROR};
    return say(h, v, 2, (struct zm_str[]){declared, says}, err);
}

/* CRD-007: coordinates in Beijing54, Xian80 or another datum that needs parameters nobody gave us. */
static int judge_old_datum(const struct hearing *h, struct zm_err *err)
{
    struct zm_check_worker *w = h->w;
    if (!w->crs || zm_crs_state(w->crs) != ZM_CRS_OLD_DATUM || !w->tally.n_points)
        return 0;
    struct zm_verdict v = {
        .rule = ZM_CRD_007, .field = ZM_FIELD_NONE, .worst = ZM_ERROR, .cause = w->source->datum};
    return say(h, v, 2, (struct zm_str[]){w->source->datum, ZM_STR("crs.old_datum")}, err);
}

/* CRD-005, CRD-006: the points fit the roads only if they are web-map coordinates. */
static int judge_offset(const struct hearing *h, struct zm_err *err)
{
    struct zm_check_worker *w = h->w;
    struct zm_offset_report report;
    if (!w->crs || zm_crs_state(w->crs) != ZM_CRS_READY)
        return 0;
    ZM_TRY(zm_offset_judge(w->offset, &report, err));
    bool gcj = report.verdict == ZM_OFFSET_GCJ02;
    if (!gcj && report.verdict != ZM_OFFSET_BD09)
        return 0;
    struct zm_str args[3] = {count_text(w, report.n), metres_text(w, report.median_m),
                             metres_text(w, gcj ? report.median_gcj_m : report.median_bd_m)};
    struct zm_verdict v = {.rule = gcj ? ZM_CRD_005 : ZM_CRD_006, .field = ZM_FIELD_NONE, .worst = ZM_ERROR};
    return say(h, v, 3, args, err);
}

/* CRD-009 over the whole column. */
static int judge_angles(const struct hearing *h, struct zm_err *err)
{
    static const uint8_t fields[2] = {ZM_AF_LON, ZM_AF_LAT};
    static const char *const keys[2] = {"field.address.lon", "field.address.lat"};
    const struct zm_angle_tally *angle = h->w->tally.angle;
    /* Both columns come from one program: one of them alone is chance. */
    if (!zm_angle_tally_suspicious(&angle[0]) || !zm_angle_tally_suspicious(&angle[1]))
        return 0;
    for (int i = 0; i < 2; i++) {
        struct zm_verdict v = {.rule = ZM_CRD_009, .field = fields[i], .worst = ZM_ERROR};
        ZM_TRY(say(h, v, 2, (struct zm_str[]){zm_str(keys[i]), zm_str(angle[i].example)}, err));
    }
    return 0;
}

/* CRD-011: RFC 7946 wants longitude first. The rows were repaired one by one (CRD-002); the sender must
 * repair his program. */
static int judge_axis(const struct hearing *h, struct zm_err *err)
{
    const struct zm_tally *t = &h->w->tally;
    if (!h->w->axis_of_geometry || !t->swap.n || t->swap.n * 2 < t->n_points)
        return 0;
    struct zm_verdict v = {.rule = ZM_CRD_011, .field = ZM_AF_LON, .worst = ZM_ERROR};
    return say(h, v, 2, (struct zm_str[]){zm_str(t->swap.x), zm_str(t->swap.y)}, err);
}

/* IMP-004: as many rows as an old or new worksheet holds (with and without its header), or far fewer than
 * before. A delta may well be shorter than the last one, so that is an error only of a full delivery. */
static int judge_rows(const struct hearing *h, struct zm_err *err)
{
    static const uint64_t limits[] = {65536, 1048576};
    uint64_t n = h->facts->n_rows;
    struct zm_verdict v = {.rule = ZM_IMP_004, .field = ZM_FIELD_NONE, .worst = ZM_ERROR};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (n == limits[i] || n == limits[i] - 1)
            return say(h, v, 2, (struct zm_str[]){count_text(h->w, n), count_text(h->w, limits[i])}, err);
    uint64_t before = h->base ? h->base->n_rows : 0;
    double percent = threshold_of(h->w, ZM_IMP_004, MISSING_PERCENT);
    if (!before || (double)n >= (double)before * (1 - percent / 100))
        return 0;
    if (!h->w->source->full)
        v.worst = ZM_WARNING;
    return say(h, v, 2, (struct zm_str[]){count_text(h->w, n), count_text(h->w, before)}, err);
}

/* IMP-006: a column that used to be filled is not any more. */
static int judge_empties(const struct hearing *h, const struct zm_delivery_base *now, struct zm_err *err)
{
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(ZM_KIND_ADDRESS, &n);
    double points = threshold_of(h->w, ZM_IMP_006, EMPTY_POINTS);
    if (!h->base || !h->base->n_rows || !now->n_rows)
        return 0;
    for (unsigned f = 0; f < ZM_N_ADDRESS_FIELDS; f++) {
        double before = h->base->empty_share[f], after = now->empty_share[f];
        if (isnan(before))
            continue;
        if (isnan(after))
            after = 1;
        if ((after - before) * 100 <= points)
            continue;
        struct zm_str args[3] = {zm_judge_text_of(&h->w->row, "field.address.%s", fields[f].name),
                                 zm_judge_text_of(&h->w->row, "%.0f", before * 100),
                                 zm_judge_text_of(&h->w->row, "%.0f", after * 100)};
        struct zm_verdict v = {.rule = ZM_IMP_006, .field = f, .worst = ZM_ERROR};
        ZM_TRY(say(h, v, 3, args, err));
    }
    return 0;
}

/* What the next delivery will be compared with. */
static void describe(const struct zm_tally *t, uint64_t n_rows, struct zm_delivery_base *now)
{
    now->n_rows = n_rows;
    for (unsigned f = 0; f < ZM_FIELDS_MAX; f++) {
        bool known = f < ZM_N_ADDRESS_FIELDS && t->delivered[f] && t->n_rows;
        now->empty_share[f] = known ? (double)t->empty[f] / (double)t->n_rows : NAN;
    }
}

int zm_check_source(struct zm_check_worker *w, const struct zm_delivery_facts *facts,
                    const struct zm_delivery_base *base, const struct zm_check_sink *sink, bool *quarantine,
                    struct zm_delivery_base *now, struct zm_err *err)
{
    bool stop = false;
    struct zm_delivery_base here;
    struct hearing h = {.w = w, .sink = sink, .facts = facts, .base = base, .quarantine = &stop};
    zm_arena_reset(&w->row);
    describe(&w->tally, facts->n_rows, &here);
    ZM_TRY(judge_declaration(&h, err));
    ZM_TRY(judge_offset(&h, err));
    ZM_TRY(judge_old_datum(&h, err));
    ZM_TRY(judge_angles(&h, err));
    ZM_TRY(judge_axis(&h, err));
    ZM_TRY(judge_rows(&h, err));
    ZM_TRY(judge_empties(&h, &here, err));
    *quarantine = stop;
    *now = here;
    return 0;
}
