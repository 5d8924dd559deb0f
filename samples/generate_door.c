#include "geo/space/geo.h"
#include "samples/generate.h"

#include <math.h>

enum { DOORS_PER_LOT = ZM_GEN_DOORS_PER_LOT, DOOR_STEP_M = 12 };

/* Along the axis to share t (0..1) of its points, then side_m metres to its left. */
static void beside_axis(const struct zm_gen_road *road, double t, double side_m, double *lon, double *lat)
{
    double at = t * (road->n - 1);
    unsigned i = (unsigned)at;
    if (i > road->n - 2)
        i = road->n - 2;
    const double *a = road->xy + (size_t)2 * i, *b = a + 2;
    double f = at - i, mx, my;
    zm_degree_m(a[1], &mx, &my);
    double dx = (b[0] - a[0]) * mx, dy = (b[1] - a[1]) * my, length = hypot(dx, dy);
    *lon = a[0] + (b[0] - a[0]) * f - side_m * dy / length / mx;
    *lat = a[1] + (b[1] - a[1]) * f + side_m * dx / length / my;
}

static uint32_t some_day(uint64_t h, unsigned first_year, unsigned years)
{
    return (first_year + (unsigned)(h % years)) * 10000 + (1 + (unsigned)(h >> 8) % 12) * 100 + 1 +
           (unsigned)(h >> 16) % 28;
}

/* Eight doors of one lot are one building's rooms, eight houses on the road, or eight houses of a village
 * group. */
static void fill_numbers(struct zm_gen_door *d, uint64_t lot, unsigned j, uint64_t h)
{
    unsigned first = (unsigned)lot * DOORS_PER_LOT + 1, kind = (unsigned)(h % 10);
    bool village = d->committee && zm_str_ends(d->committee->name, ZM_STR("村"));
    d->number = first;
    if (kind >= 6) {
        d->building = 1 + (unsigned)(h >> 12) % 6;
        d->unit = 1 + j / 4;
        d->floor = 1 + (unsigned)(h >> 16) % 16 + j % 4 / 2;
        d->room = d->floor * 100 + 1 + j % 2;
        d->show_floor = (h >> 24) % 4 == 0;
        d->estate = (h >> 28) % 3 == 0 ? 1 + (unsigned)(h >> 32) % 4000 : 0;
    } else if (kind == 5 && village) {
        d->rural = true;
        d->group = 1 + (unsigned)(h >> 12) % 9;
        d->number = first + j;
    } else if (kind == 4) {
        d->sub = j; /* N号, N-1号 ... N-7号: one shop front after the other */
    } else {
        d->number = first + j;
    }
}

void zm_gen_door_at(const struct zm_gen_world *w, uint64_t index, struct zm_gen_door *out)
{
    uint64_t block = index / DOORS_PER_LOT * w->lot_stride % w->n_lots, lots = w->n_lots / w->n_roads + 1;
    unsigned j = (unsigned)(index % DOORS_PER_LOT);
    uint64_t lot = block / w->n_roads, h = zm_gen_mix(w->seed ^ zm_gen_mix(block));
    struct zm_gen_door d = {.road = &w->roads[block % w->n_roads]};
    d.area = &w->areas[d.road->area];
    d.county = &w->counties[d.area->county_at];
    if (d.area->n_committees)
        d.committee = &w->committees[d.area->first_committee + (h >> 40) % d.area->n_committees];
    fill_numbers(&d, lot, j, h);
    bool one_place = d.building != 0;
    double at = (double)(lot % lots) * DOORS_PER_LOT + (one_place ? 0.5 * DOORS_PER_LOT : j + 0.5);
    double t = at * fmin(DOOR_STEP_M / d.road->length_m, 1.0 / ((double)lots * DOORS_PER_LOT));
    double side = (8.0 + (double)(h >> 52) / 4096.0 * 14.0) * (d.number % 2 ? 1.0 : -1.0);
    beside_axis(d.road, t, side, &d.lon, &d.lat);
    uint64_t days = zm_gen_mix(h + j);
    d.valid_from = some_day(days, 2001, 20);
    d.upd_date = some_day(days >> 20, 2022, 3);
    *out = d;
}

void zm_gen_place_elsewhere(const struct zm_gen_world *w, uint32_t county, struct zm_gen_rng *rng,
                            double *lon, double *lat)
{
    const struct zm_gen_road *road = &w->roads[zm_gen_below(rng, w->n_roads)];
    for (unsigned i = 0; i < 1000 && w->areas[road->area].county == county; i++)
        road = &w->roads[zm_gen_below(rng, w->n_roads)];
    beside_axis(road, zm_gen_unit(rng), 12.0, lon, lat);
}
