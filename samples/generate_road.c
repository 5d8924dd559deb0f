#include "geo/base/hash.h"
#include "geo/base/mem.h"
#include "geo/space/geo.h"
#include "samples/generate.h"

#include <math.h>

enum { ROADS_PER_AREA_MAX = 30, ROADS_PER_AREA_MIN = 2, DOORS_PER_ROAD = 48 };

/* Characters of invented names: none is a direction, a numeral or a generic, so that a name cannot be read as
 * anything but a name. */
static const char stem_chars[] =
    "锦绣云霞松柏梅兰菊春晖康宁瑞祥福泰鸿运明德仁义礼智信诚嘉茂盛繁华翠竹碧波清泉"
    "晨曦星辰朝阳金鹏凤鹤鸣安雅韵丰润景怡文博";
enum { STEM_CHARS = (sizeof stem_chars - 1) / 3 };
static const char *const generics[] = {"路", "街", "巷", "大道"};

struct names {
    struct zm_table taken; /* county and name, and stems of divisions */
};

/* The name of a division without its generic, as people also say it: no road shall bear it. */
static struct zm_str stem_of(struct zm_str name)
{
    static const char *const suffixes[] = {"街道", "社区", "村委会", "村", "镇", "乡", "区", "县", "市"};
    for (unsigned i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        struct zm_str s = zm_str(suffixes[i]);
        if (name.len > s.len + 3 && zm_str_ends(name, s))
            return zm_str_sub(name, 0, name.len - s.len);
    }
    return name;
}

static bool taken(const struct names *names, uint64_t hash)
{
    uint32_t at = 0, value;
    return zm_table_next(&names->taken, hash, &at, &value);
}

static int reserve_divisions(const struct zm_gen_world *w, struct names *names, struct zm_err *err)
{
    for (uint32_t i = 0; i < w->divisions.n; i++)
        ZM_TRY(zm_table_add(&names->taken, zm_hash(stem_of(w->divisions.rows[i].name)), 0, err));
    return 0;
}

static int name_road(struct names *names, uint32_t county, char out[24], struct zm_gen_rng *rng,
                     struct zm_err *err)
{
    for (unsigned attempt = 0; attempt < 10000; attempt++) {
        unsigned a = zm_gen_below(rng, STEM_CHARS), b = zm_gen_below(rng, STEM_CHARS);
        const char *generic = generics[zm_gen_below(rng, 4)];
        if (a == b)
            continue;
        memcpy(out, stem_chars + (size_t)a * 3, 3);
        memcpy(out + 3, stem_chars + (size_t)b * 3, 3);
        uint64_t stem = zm_hash(zm_str_n(out, 6));
        memcpy(out + 6, generic, strlen(generic) + 1);
        uint64_t whole = zm_hash_mix(county, zm_hash(zm_str(out)));
        if (taken(names, stem) || taken(names, whole))
            continue;
        return zm_table_add(&names->taken, whole, 0, err);
    }
    return zm_fail(err, ZM_E_INTERNAL, "no road name left in county %u", county);
}

/* An axis across the area, two cells or more from its edge: a door beside it is in the area whatever the
 * jitter. */
static void lay_axis(const struct zm_gen_world *w, const struct zm_gen_area *area, unsigned k,
                     struct zm_gen_road *road, struct zm_gen_rng *rng)
{
    struct zm_gen_rect r = {area->rect.u0 + 2, area->rect.v0 + 2, area->rect.u1 - 2, area->rect.v1 - 2};
    bool along_u = k % 2 == 0;
    double from = along_u ? r.u0 : r.v0, to = along_u ? r.u1 : r.v1;
    double low = along_u ? r.v0 : r.u0, high = along_u ? r.v1 : r.u1;
    double length = fmin(to - from, 4 + 5 * zm_gen_unit(rng));
    double start = from + (to - from - length) * zm_gen_unit(rng);
    double across = low + 0.5 + (high - low - 1.0) * zm_gen_unit(rng);
    double drift = fmin(fmin(across - low, high - across), 1.5) * (2 * zm_gen_unit(rng) - 1);
    road->n = ZM_GEN_ROAD_POINTS;
    for (unsigned i = 0; i < road->n; i++) {
        double t = (double)i / (road->n - 1);
        double p = start + length * t, q = across + drift * t;
        double *xy = road->xy + (size_t)2 * i;
        zm_gen_place(w, along_u ? p : q, along_u ? q : p, xy, xy + 1);
        if (i)
            road->length_m += zm_distance_m(xy[-2], xy[-1], xy[0], xy[1]);
    }
}

int zm_gen_roads_init(struct zm_gen_world *w, struct zm_err *err)
{
    uint64_t wanted = w->n_doors / ((uint64_t)w->n_areas * DOORS_PER_ROAD);
    unsigned each = wanted < ROADS_PER_AREA_MIN   ? ROADS_PER_AREA_MIN
                    : wanted > ROADS_PER_AREA_MAX ? ROADS_PER_AREA_MAX
                                                  : (unsigned)wanted;
    struct names names;
    int rc = 0;
    w->roads = zm_calloc((size_t)w->n_areas * each, sizeof *w->roads);
    if (!w->roads)
        return zm_fail_memory(err, (size_t)w->n_areas * each * sizeof *w->roads);
    zm_table_init(&names.taken);
    rc = reserve_divisions(w, &names, err);
    struct zm_gen_rng rng = {zm_gen_mix(w->seed + 1)};
    for (uint32_t i = 0; i < w->n_areas && rc == 0; i++) {
        w->areas[i].first_road = w->n_roads;
        w->areas[i].n_roads = each;
        for (unsigned k = 0; k < each && rc == 0; k++) {
            struct zm_gen_road *road = &w->roads[w->n_roads++];
            road->area = i;
            rc = name_road(&names, w->areas[i].county, road->name, &rng, err);
            lay_axis(w, &w->areas[i], k, road, &rng);
        }
    }
    zm_table_release(&names.taken);
    return rc;
}
