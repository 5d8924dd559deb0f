/* Roads under a hash of their name; each holds its edges in three views with boxes over runs of them. */
#include "geo/space/axes.h"

#include "geo/base/arena.h"
#include "geo/base/hash.h"
#include "geo/base/mem.h"
#include "geo/space/edges.h"
#include "geo/space/webdatum.h"

#include <math.h>

enum { MAX_ROADS = 1 << 22, MAX_NAME_BYTES = 64 << 20 };

struct road {
    struct zm_str name;
    uint32_t county;
};

struct zm_axes {
    struct zm_edge_set
        views[ZM_N_AXES_VIEWS]; /* owner = index of the road; the shifted ones exist once built */
    struct road *roads;         /* owned */
    uint32_t n_roads, cap_roads;
    struct zm_arena names;
    struct zm_table by_name; /* hash of the name -> index of the road */
    bool built;
};

int zm_axes_new(struct zm_axes **out, struct zm_err *err)
{
    struct zm_axes *a = zm_calloc(1, sizeof *a);
    if (!a)
        return zm_fail_memory(err, sizeof *a);
    zm_arena_init(&a->names, MAX_NAME_BYTES);
    zm_table_init(&a->by_name);
    *out = a;
    return 0;
}

void zm_axes_free(struct zm_axes *a)
{
    if (!a)
        return;
    for (int v = 0; v < ZM_N_AXES_VIEWS; v++)
        zm_edge_set_release(&a->views[v]);
    zm_free(a->roads);
    zm_arena_release(&a->names);
    zm_table_release(&a->by_name);
    zm_free(a);
}

static int push_road(struct zm_axes *a, uint32_t county, struct zm_str name, struct zm_err *err)
{
    if (a->n_roads == a->cap_roads) {
        uint32_t cap = a->cap_roads ? a->cap_roads * 2 : 64;
        if (cap > MAX_ROADS)
            return zm_fail(err, ZM_E_MEMORY, "there are more than %d named roads", MAX_ROADS);
        struct road *roads = zm_realloc(a->roads, cap * sizeof *roads);
        if (!roads)
            return zm_fail_memory(err, cap * sizeof *roads);
        a->roads = roads;
        a->cap_roads = cap;
    }
    struct zm_str copy = zm_arena_copy(&a->names, name);
    if (!copy.ptr)
        return zm_fail_memory(err, name.len);
    ZM_TRY(zm_table_add(&a->by_name, zm_hash(name), a->n_roads, err));
    a->roads[a->n_roads++] = (struct road){copy, county};
    return 0;
}

int zm_axes_add(struct zm_axes *a, uint32_t county, struct zm_str name, const struct zm_shape *shape,
                struct zm_err *err)
{
    if (a->built)
        return zm_fail(err, ZM_E_INTERNAL, "a road is added after the axes were built");
    if (shape->type != ZM_SHAPE_LINE)
        return zm_fail(err, ZM_E_INPUT, "the shape of road %.*s is no line", ZM_FMT(name));
    uint32_t at = 0, road;
    while (zm_table_next(&a->by_name, zm_hash(name), &at, &road)) {
        if (a->roads[road].county == county && zm_str_eq(a->roads[road].name, name))
            return zm_edge_set_add(&a->views[ZM_AXES_TRUE], road, shape, err);
    }
    ZM_TRY(push_road(a, county, name, err));
    return zm_edge_set_add(&a->views[ZM_AXES_TRUE], a->n_roads - 1, shape, err);
}

typedef void shift_fn(double lon, double lat, double *out_lon, double *out_lat);

/* The edges of a view, still unsorted: those of the true axes, each end shifted forward. */
static int shift_edges(struct zm_edge_set *to, const struct zm_edge_set *from, shift_fn *shift,
                       struct zm_err *err)
{
    to->edges = zm_alloc(from->n * sizeof *to->edges);
    to->owner = zm_alloc(from->n * sizeof *to->owner);
    if (!to->edges || !to->owner)
        return zm_fail_memory(err, from->n * (sizeof *to->edges + sizeof *to->owner));
    for (uint32_t i = 0; i < from->n; i++) {
        struct zm_edge *e = &to->edges[i];
        shift(from->edges[i].ax, from->edges[i].ay, &e->ax, &e->ay);
        shift(from->edges[i].bx, from->edges[i].by, &e->bx, &e->by);
        to->owner[i] = from->owner[i];
    }
    to->n = to->cap = from->n;
    return 0;
}

int zm_axes_build(struct zm_axes *a, struct zm_err *err)
{
    if (a->built)
        return zm_fail(err, ZM_E_INTERNAL, "axes are built twice");
    ZM_TRY(shift_edges(&a->views[ZM_AXES_GCJ02], &a->views[ZM_AXES_TRUE], zm_gcj_from_wgs, err));
    ZM_TRY(shift_edges(&a->views[ZM_AXES_BD09], &a->views[ZM_AXES_TRUE], zm_bd_from_wgs, err));
    for (int v = 0; v < ZM_N_AXES_VIEWS; v++)
        ZM_TRY(zm_edge_set_sort(&a->views[v], NULL, a->n_roads, err));
    a->built = true;
    return 0;
}

bool zm_axes_empty(const struct zm_axes *a)
{
    return a->n_roads == 0;
}

/* The next road of that name which may lie in the county. */
static bool next_road(const struct zm_axes *a, uint32_t county, struct zm_str name, uint64_t hash,
                      uint32_t *at, uint32_t *road)
{
    while (a->built && zm_table_next(&a->by_name, hash, at, road)) {
        const struct road *r = &a->roads[*road];
        if ((county == 0 || r->county == 0 || r->county == county) && zm_str_eq(r->name, name))
            return true;
    }
    return false;
}

bool zm_axes_has(const struct zm_axes *a, uint32_t county, struct zm_str name)
{
    uint32_t at = 0, road;
    return next_road(a, county, name, zm_hash(name), &at, &road);
}

static double view_distance_m(const struct zm_axes *a, enum zm_axes_view view, uint32_t county,
                              struct zm_str name, double lon, double lat)
{
    double best = NAN;
    uint64_t hash = zm_hash(name);
    uint32_t at = 0, road;
    while (next_road(a, county, name, hash, &at, &road))
        best = fmin(best, zm_edge_set_distance_m(&a->views[view], road, lon, lat));
    return best;
}

double zm_axes_distance_m(const struct zm_axes *a, uint32_t county, struct zm_str name, double lon,
                          double lat)
{
    return view_distance_m(a, ZM_AXES_TRUE, county, name, lon, lat);
}

void zm_axes_distances_m(const struct zm_axes *a, uint32_t county, struct zm_str name, double lon, double lat,
                         double out[ZM_N_AXES_VIEWS])
{
    for (int v = 0; v < ZM_N_AXES_VIEWS; v++)
        out[v] = view_distance_m(a, (enum zm_axes_view)v, county, name, lon, lat);
}
