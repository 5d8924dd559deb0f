#include "geo/base/mem.h"
#include "samples/generate.h"

#include <math.h>

enum { PARTS_WITHOUT_TOWNS = 8, AREAS_MAX = 2048, COMMITTEES_MAX = 65536 };

/* South-west corner of the lattice and degrees per cell: all of it stays within 119.7-121.2 E, 27.1-28.6 N.
 */
static const double origin_lon = 119.80, origin_lat = 27.15;
static const double cell_lon = 1.28 / ZM_GEN_LATTICE, cell_lat = 1.40 / ZM_GEN_LATTICE;

void zm_gen_place(const struct zm_gen_world *w, double u, double v, double *lon, double *lat)
{
    /* Gradients stay below 0.8, so the warp folds nowhere and neighbours still share their edges. */
    double phase = (double)(w->seed & 0xFF);
    double du = 6.0 * sin(v / 20.7 + phase) + 3.0 * sin(v / 6.5 + u / 14.3 + phase);
    double dv = 5.0 * sin(u / 19.1 + phase) + 2.5 * sin(u / 5.9 + v / 16.1);
    *lon = origin_lon + (u + du) * cell_lon;
    *lat = origin_lat + (v + dv) * cell_lat;
}

void zm_gen_corner(const struct zm_gen_world *w, int u, int v, double *lon, double *lat)
{
    uint64_t h = zm_gen_mix(w->seed ^ ((uint64_t)(unsigned)u << 32 | (unsigned)v));
    double ju = (double)(h & 0xFFFF) / 65536.0 - 0.5, jv = (double)(h >> 16 & 0xFFFF) / 65536.0 - 0.5;
    zm_gen_place(w, u + 0.4 * ju, v + 0.4 * jv, lon, lat);
}

/* Cuts r among n divisions by weight, always across its longer side, so that none becomes a strip. */
static void split(struct zm_gen_rect r, const uint32_t *weight, unsigned n, struct zm_gen_rect *out,
                  struct zm_gen_rng *rng)
{
    if (n == 1) {
        out[0] = r;
        return;
    }
    uint64_t total = 0, left = 0;
    for (unsigned i = 0; i < n; i++)
        total += weight[i];
    unsigned k = 0;
    while (k < n - 1 && (k == 0 || left + weight[k] / 2 < total / 2))
        left += weight[k++];
    double share = (double)left / (double)total + (zm_gen_unit(rng) - 0.5) * 0.06;
    struct zm_gen_rect a = r, b = r;
    if (r.u1 - r.u0 > r.v1 - r.v0)
        a.u1 = b.u0 = r.u0 + (int)lround((r.u1 - r.u0) * share);
    else
        a.v1 = b.v0 = r.v0 + (int)lround((r.v1 - r.v0) * share);
    split(a, weight, k, out, rng);
    split(b, weight + k, n - k, out + k, rng);
}

/* The committee's name as a standard address has it, or empty if its name and code are not of one mind: clean
 * rows must give no rule a reason to speak. */
static struct zm_str committee_name(const struct zm_division *d)
{
    unsigned segment = (unsigned)(d->code % 1000);
    struct zm_str name = d->name, office = ZM_STR("委会");
    if (zm_str_ends(name, ZM_STR("村委会")))
        name.len -= office.len;
    bool urban = segment >= 1 && segment <= 199 && zm_str_ends(name, ZM_STR("社区"));
    bool rural = segment >= 200 && segment <= 399 && zm_str_ends(name, ZM_STR("村"));
    return urban || rural ? name : ZM_STR("");
}

static bool is_town(struct zm_str name, unsigned segment)
{
    return (segment < 100 && zm_str_ends(name, ZM_STR("街道"))) ||
           (segment >= 100 && segment < 200 && zm_str_ends(name, ZM_STR("镇"))) ||
           (segment >= 200 && segment < 400 && zm_str_ends(name, ZM_STR("乡")));
}

static void add_committees(struct zm_gen_world *w, struct zm_gen_area *area, uint64_t parent, unsigned part,
                           unsigned parts)
{
    area->first_committee = w->n_committees;
    unsigned seen = 0;
    for (uint32_t i = 0; i < w->divisions.n && w->n_committees < COMMITTEES_MAX; i++) {
        const struct zm_division *d = &w->divisions.rows[i];
        if (d->level != ZM_COMMITTEE || d->code / 1000 != parent || !zm_division_valid(d, ZM_GEN_AS_OF))
            continue;
        struct zm_str name = committee_name(d);
        if (name.len && seen++ % parts == part)
            w->committees[w->n_committees++] = (struct zm_gen_committee){d->code, name};
    }
    area->n_committees = w->n_committees - area->first_committee;
}

/* A county without towns (龙港市) is cut into parts that only we know of. */
static void add_parts(struct zm_gen_world *w, uint32_t county_at)
{
    struct zm_gen_county *c = &w->counties[county_at];
    for (unsigned k = 0; k < PARTS_WITHOUT_TOWNS && w->n_areas < AREAS_MAX; k++) {
        struct zm_gen_area *a = &w->areas[w->n_areas++];
        *a = (struct zm_gen_area){.county = c->code, .county_at = county_at};
        add_committees(w, a, (uint64_t)c->code * 1000 + 198, k, PARTS_WITHOUT_TOWNS);
    }
}

static void add_towns(struct zm_gen_world *w, uint32_t county_at)
{
    struct zm_gen_county *c = &w->counties[county_at];
    c->first_area = w->n_areas;
    for (uint32_t i = 0; i < w->divisions.n && w->n_areas < AREAS_MAX; i++) {
        const struct zm_division *d = &w->divisions.rows[i];
        if (d->level != ZM_TOWN || d->code / 1000 != c->code || !zm_division_valid(d, ZM_GEN_AS_OF) ||
            !is_town(d->name, (unsigned)(d->code % 1000)))
            continue;
        struct zm_gen_area *a = &w->areas[w->n_areas++];
        *a = (struct zm_gen_area){
            .county = c->code, .town = (uint32_t)d->code, .county_at = county_at, .town_name = d->name};
        add_committees(w, a, d->code, 0, 1);
    }
    if (w->n_areas == c->first_area)
        add_parts(w, county_at);
    c->n_areas = w->n_areas - c->first_area;
}

static int lay_out(struct zm_gen_world *w, struct zm_err *err)
{
    static const struct zm_gen_rect all = {0, 0, ZM_GEN_LATTICE, ZM_GEN_LATTICE};
    struct zm_gen_rng rng = {zm_gen_mix(w->seed)};
    uint32_t weight[AREAS_MAX] = {0};
    struct zm_gen_rect rect[AREAS_MAX];
    for (uint32_t i = 0; i < w->n_counties; i++)
        weight[i] = w->counties[i].n_areas;
    split(all, weight, w->n_counties, rect, &rng);
    for (uint32_t i = 0; i < w->n_counties; i++)
        w->counties[i].rect = rect[i];
    for (uint32_t i = 0; i < AREAS_MAX; i++)
        weight[i] = 1;
    for (uint32_t i = 0; i < w->n_counties; i++) {
        const struct zm_gen_county *c = &w->counties[i];
        split(c->rect, weight, c->n_areas, rect, &rng);
        for (uint32_t k = 0; k < c->n_areas; k++) {
            w->areas[c->first_area + k].rect = rect[k];
            if (rect[k].u1 - rect[k].u0 < 10 || rect[k].v1 - rect[k].v0 < 10)
                return zm_fail(err, ZM_E_INTERNAL, "the lattice is too coarse for county %u", c->code);
        }
    }
    return 0;
}

/* A registry stands in the order in which houses were built, not in the order of places: neighbours in a file
 * are far apart on the map. So lots are taken with a stride near the golden section that has no factor in
 * common with n. */
static uint64_t stride_for(uint64_t n)
{
    uint64_t stride = (uint64_t)((double)n * 0.6180339887498949) | 1;
    for (;; stride++) {
        uint64_t a = n, b = stride;
        while (b) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 1)
            return stride;
    }
}

int zm_gen_world_init(struct zm_gen_world *w, uint32_t city, uint64_t seed, uint64_t n_doors,
                      struct zm_err *err)
{
    *w = (struct zm_gen_world){.seed = zm_gen_mix(seed), .n_doors = n_doors ? n_doors : 1};
    w->n_lots = (w->n_doors + ZM_GEN_DOORS_PER_LOT - 1) / ZM_GEN_DOORS_PER_LOT;
    w->lot_stride = stride_for(w->n_lots);
    ZM_TRY(zm_divisions_init(&w->divisions, err));
    w->counties = zm_calloc(100, sizeof *w->counties);
    w->areas = zm_calloc(AREAS_MAX, sizeof *w->areas);
    w->committees = zm_calloc(COMMITTEES_MAX, sizeof *w->committees);
    if (!w->counties || !w->areas || !w->committees)
        return zm_fail_memory(err, COMMITTEES_MAX * sizeof *w->committees);
    for (uint32_t i = 0; i < w->divisions.n && w->n_counties < 100; i++) {
        const struct zm_division *d = &w->divisions.rows[i];
        if (d->level != ZM_COUNTY || d->code / 100 != city || !zm_division_valid(d, ZM_GEN_AS_OF))
            continue;
        w->counties[w->n_counties] = (struct zm_gen_county){.code = (uint32_t)d->code, .name = d->name};
        add_towns(w, w->n_counties++);
    }
    if (w->n_counties == 0)
        return zm_fail(err, ZM_E_USAGE, "--city %u00: the division table has no counties for it", city);
    ZM_TRY(lay_out(w, err));
    return zm_gen_roads_init(w, err);
}

void zm_gen_world_release(struct zm_gen_world *w)
{
    zm_divisions_release(&w->divisions);
    zm_free(w->counties);
    zm_free(w->areas);
    zm_free(w->committees);
    zm_free(w->roads);
    *w = (struct zm_gen_world){0};
}
