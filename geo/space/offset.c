/* Evidence is kept up to a limit, and which of it is kept depends on its content alone: the entries with the
 * smallest hashes stay. So a sum over workers is the same whatever the order, the batch size or the number of
 * workers. */
#include "geo/space/offset.h"

#include "geo/base/hash.h"
#include "geo/base/mem.h"
#include "geo/base/sort.h"

#include <math.h>

enum { KEEP = 100000, ROOM = 2 * KEEP, MIN_EVIDENCE = 30 };

/* The median distance to the axis of the true datum must be under half of that as declared, and under this:
 * shops and doorplates stand some tens of metres beside the axis of their road. */
#define NEAR_AXIS_M 150.0
/* How far a median offset may lie from the published range (CRD-005, CRD-006). */
#define RANGE_SLACK_M 60.0

struct evidence {
    uint64_t hash;
    double value[ZM_N_AXES_VIEWS]; /* pair: east, north, unused; axis: distance in each view */
};

struct sample {
    struct evidence *kept; /* owned; unordered */
    uint32_t n, cap;
    uint64_t total; /* all evidence ever added */
    uint64_t limit; /* entries with a larger hash are not among the KEEP smallest */
};

struct zm_offset {
    struct sample pairs, axes;
};

int zm_offset_new(struct zm_offset **out, struct zm_err *err)
{
    struct zm_offset *o = zm_calloc(1, sizeof *o);
    if (!o)
        return zm_fail_memory(err, sizeof *o);
    o->pairs.limit = o->axes.limit = UINT64_MAX;
    *out = o;
    return 0;
}

void zm_offset_free(struct zm_offset *o)
{
    if (!o)
        return;
    zm_free(o->pairs.kept);
    zm_free(o->axes.kept);
    zm_free(o);
}

/* Cuts the sample to the KEEP smallest hashes. Entries of one hash have the same content, so that it does not
 * matter which of them go. */
static int trim(struct sample *s, struct zm_err *err)
{
    if (s->n <= KEEP)
        return 0;
    struct zm_pair *order = zm_alloc(s->n * sizeof *order);
    struct evidence *kept = zm_alloc(ROOM * sizeof *kept);
    int rc = order && kept ? 0 : zm_fail_memory(err, ROOM * sizeof *kept);
    for (uint32_t i = 0; rc == 0 && i < s->n; i++)
        order[i] = (struct zm_pair){s->kept[i].hash, i};
    if (rc == 0)
        rc = zm_sort(order, s->n, err);
    if (rc == 0) {
        for (uint32_t i = 0; i < KEEP; i++)
            kept[i] = s->kept[order[i].value];
        zm_free(s->kept);
        s->kept = kept;
        s->n = KEEP;
        s->cap = ROOM;
        s->limit = kept[KEEP - 1].hash;
        kept = NULL;
    }
    zm_free(order);
    zm_free(kept);
    return rc;
}

static int keep(struct sample *s, const struct evidence *e, struct zm_err *err)
{
    if (e->hash > s->limit)
        return 0;
    if (s->n == ROOM)
        ZM_TRY(trim(s, err));
    if (s->n == s->cap) {
        uint32_t cap = s->cap ? s->cap * 2 : 256;
        cap = cap > ROOM ? ROOM : cap;
        struct evidence *grown = zm_realloc(s->kept, cap * sizeof *grown);
        if (!grown)
            return zm_fail_memory(err, cap * sizeof *grown);
        s->kept = grown;
        s->cap = cap;
    }
    s->kept[s->n++] = *e;
    return 0;
}

static uint64_t hash_doubles(uint64_t seed, double a, double b)
{
    uint64_t bits[2];
    memcpy(&bits[0], &a, sizeof a);
    memcpy(&bits[1], &b, sizeof b);
    return zm_hash_mix(zm_hash_mix(seed, bits[0]), bits[1]);
}

int zm_offset_add_pair(struct zm_offset *o, double east_m, double north_m, struct zm_err *err)
{
    if (!isfinite(east_m) || !isfinite(north_m))
        return 0;
    struct evidence e = {hash_doubles(0, east_m, north_m), {east_m, north_m, 0}};
    ZM_TRY(keep(&o->pairs, &e, err));
    o->pairs.total++;
    return 0;
}

int zm_offset_add_axis(struct zm_offset *o, const struct zm_axes *a, uint32_t county, struct zm_str road,
                       double lon, double lat, struct zm_err *err)
{
    if (!isfinite(lon) || !isfinite(lat) || !zm_axes_has(a, county, road))
        return 0;
    struct evidence e = {.hash = hash_doubles(zm_hash_mix(zm_hash(road), county), lon, lat)};
    /* Once the sample is full most rows end here, before anything is measured. */
    if (e.hash <= o->axes.limit) {
        zm_axes_distances_m(a, county, road, lon, lat, e.value);
        if (!isfinite(e.value[ZM_AXES_TRUE]))
            return 0;
        ZM_TRY(keep(&o->axes, &e, err));
    }
    o->axes.total++;
    return 0;
}

static int merge(struct sample *into, const struct sample *from, struct zm_err *err)
{
    for (uint32_t i = 0; i < from->n; i++)
        ZM_TRY(keep(into, &from->kept[i], err));
    into->total += from->total;
    return 0;
}

int zm_offset_merge(struct zm_offset *into, const struct zm_offset *from, struct zm_err *err)
{
    ZM_TRY(merge(&into->pairs, &from->pairs, err));
    return merge(&into->axes, &from->axes, err);
}

/* The bits of a double in an order of integers that is the order of the numbers. */
static uint64_t sort_key(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof v);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double from_sort_key(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Median of what get takes from each entry; the mean of the middle two where their number is even. */
typedef double value_fn(const struct evidence *e);

static int median(const struct sample *s, value_fn *get, double *out, struct zm_err *err)
{
    struct zm_pair *values = zm_alloc(s->n * sizeof *values);
    if (!values)
        return zm_fail_memory(err, s->n * sizeof *values);
    for (uint32_t i = 0; i < s->n; i++)
        values[i] = (struct zm_pair){sort_key(get(&s->kept[i])), i};
    int rc = zm_sort(values, s->n, err);
    if (rc == 0)
        *out = (from_sort_key(values[(s->n - 1) / 2].key) + from_sort_key(values[s->n / 2].key)) / 2;
    zm_free(values);
    return rc;
}

/* Where the offset of a web datum lies over this city, in metres east and north. */
struct range {
    double min_e, max_e, min_n, max_n;
};
static const struct range gcj_range = {390, 461, -374, -336};
static const struct range bd_range = {1030, 1104, 254, 339};

static double beyond(double v, double min, double max)
{
    return v < min ? min - v : v > max ? v - max : 0;
}

static double range_distance(const struct range *r, const struct evidence *e)
{
    return hypot(beyond(e->value[0], r->min_e, r->max_e), beyond(e->value[1], r->min_n, r->max_n));
}

static double pair_east(const struct evidence *e)
{
    return e->value[0];
}
static double pair_north(const struct evidence *e)
{
    return e->value[1];
}
static double pair_length(const struct evidence *e)
{
    return hypot(e->value[0], e->value[1]);
}
static double pair_gcj(const struct evidence *e)
{
    return range_distance(&gcj_range, e);
}
static double pair_bd(const struct evidence *e)
{
    return range_distance(&bd_range, e);
}
static double axis_true(const struct evidence *e)
{
    return e->value[ZM_AXES_TRUE];
}
static double axis_gcj(const struct evidence *e)
{
    return e->value[ZM_AXES_GCJ02];
}
static double axis_bd(const struct evidence *e)
{
    return e->value[ZM_AXES_BD09];
}

static int judge_pairs(const struct sample *s, struct zm_offset_report *r, struct zm_err *err)
{
    struct evidence middle = {0};
    ZM_TRY(median(s, pair_east, &middle.value[0], err));
    ZM_TRY(median(s, pair_north, &middle.value[1], err));
    ZM_TRY(median(s, pair_length, &r->median_m, err));
    ZM_TRY(median(s, pair_gcj, &r->median_gcj_m, err));
    ZM_TRY(median(s, pair_bd, &r->median_bd_m, err));
    if (range_distance(&gcj_range, &middle) <= RANGE_SLACK_M)
        r->verdict = ZM_OFFSET_GCJ02;
    else if (range_distance(&bd_range, &middle) <= RANGE_SLACK_M)
        r->verdict = ZM_OFFSET_BD09;
    else if (pair_length(&middle) <= NEAR_AXIS_M)
        r->verdict = ZM_OFFSET_TRUE;
    return 0;
}

static int judge_axes(const struct sample *s, struct zm_offset_report *r, struct zm_err *err)
{
    ZM_TRY(median(s, axis_true, &r->median_m, err));
    ZM_TRY(median(s, axis_gcj, &r->median_gcj_m, err));
    ZM_TRY(median(s, axis_bd, &r->median_bd_m, err));
    bool like_gcj = r->median_gcj_m < 0.5 * r->median_m && r->median_gcj_m < NEAR_AXIS_M;
    bool like_bd = r->median_bd_m < 0.5 * r->median_m && r->median_bd_m < NEAR_AXIS_M;
    if (like_gcj && r->median_gcj_m <= r->median_bd_m)
        r->verdict = ZM_OFFSET_GCJ02;
    else if (like_bd)
        r->verdict = ZM_OFFSET_BD09;
    else if (r->median_m < NEAR_AXIS_M)
        r->verdict = ZM_OFFSET_TRUE;
    return 0;
}

int zm_offset_judge(struct zm_offset *o, struct zm_offset_report *out, struct zm_err *err)
{
    struct zm_offset_report r = {.median_m = NAN, .median_gcj_m = NAN, .median_bd_m = NAN};
    ZM_TRY(trim(&o->pairs, err));
    ZM_TRY(trim(&o->axes, err));
    bool by_pairs = o->pairs.total >= MIN_EVIDENCE;
    if (by_pairs || o->pairs.total > o->axes.total)
        r.n = o->pairs.total;
    else
        r.n = o->axes.total;
    if (by_pairs)
        ZM_TRY(judge_pairs(&o->pairs, &r, err));
    else if (o->axes.total >= MIN_EVIDENCE)
        ZM_TRY(judge_axes(&o->axes, &r, err));
    *out = r;
    return 0;
}
