#include "geo/space/edges.h"

#include "geo/base/mem.h"
#include "geo/base/sort.h"
#include "geo/space/geo.h"

#include <math.h>

enum { MAX_EDGES = 1 << 26 };

void zm_edge_boxes_make(const struct zm_edge *edges, uint32_t n, struct zm_edge_box *boxes)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct zm_edge *e = &edges[i];
        struct zm_edge_box *b = &boxes[i / ZM_EDGE_RUN];
        if (i % ZM_EDGE_RUN == 0)
            *b = (struct zm_edge_box){e->ax, e->ay, e->ax, e->ay};
        b->min_x = fmin(b->min_x, fmin(e->ax, e->bx));
        b->min_y = fmin(b->min_y, fmin(e->ay, e->by));
        b->max_x = fmax(b->max_x, fmax(e->ax, e->bx));
        b->max_y = fmax(b->max_y, fmax(e->ay, e->by));
    }
}

/* The plane at the point's latitude, in which the search ranks edges. */
struct plane {
    double lon, lat, lon_m, lat_m;
};

static double outside(double v, double min, double max)
{
    return v < min ? min - v : v > max ? v - max : 0;
}

static double box_distance2(const struct plane *p, const struct zm_edge_box *b)
{
    double dx = outside(p->lon, b->min_x, b->max_x) * p->lon_m;
    double dy = outside(p->lat, b->min_y, b->max_y) * p->lat_m;
    return dx * dx + dy * dy;
}

static double edge_distance2(const struct plane *p, const struct zm_edge *e)
{
    double dx = (e->bx - e->ax) * p->lon_m, dy = (e->by - e->ay) * p->lat_m;
    double px = (p->lon - e->ax) * p->lon_m, py = (p->lat - e->ay) * p->lat_m;
    double length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? (px * dx + py * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    double x = px - t * dx, y = py - t * dy;
    return x * x + y * y;
}

struct best {
    double distance2;
    uint32_t edge;
};

static void search_run(const struct zm_edge *edges, uint32_t n, uint32_t run, const struct plane *p,
                       struct best *best)
{
    uint32_t end = run * ZM_EDGE_RUN + ZM_EDGE_RUN;
    for (uint32_t i = run * ZM_EDGE_RUN; i < end && i < n; i++) {
        double d2 = edge_distance2(p, &edges[i]);
        if (d2 < best->distance2)
            *best = (struct best){d2, i};
    }
}

double zm_edges_distance_m(const struct zm_edge *edges, const struct zm_edge_box *boxes, uint32_t n,
                           double lon, double lat)
{
    if (n == 0 || !isfinite(lon) || !isfinite(lat))
        return NAN;
    struct plane p = {.lon = lon, .lat = lat};
    zm_degree_m(lat, &p.lon_m, &p.lat_m);
    uint32_t runs = zm_edge_runs(n), nearest = 0;
    double nearest2 = INFINITY;
    for (uint32_t i = 0; i < runs; i++) {
        double d2 = box_distance2(&p, &boxes[i]);
        if (d2 < nearest2) {
            nearest2 = d2;
            nearest = i;
        }
    }
    /* The run with the nearest box first: after it hardly any other box can win. */
    struct best best = {INFINITY, 0};
    search_run(edges, n, nearest, &p, &best);
    for (uint32_t i = 0; i < runs; i++) {
        if (i != nearest && box_distance2(&p, &boxes[i]) < best.distance2)
            search_run(edges, n, i, &p, &best);
    }
    const struct zm_edge *e = &edges[best.edge];
    return zm_segment_distance_m(lon, lat, e->ax, e->ay, e->bx, e->by);
}

void zm_edge_set_release(struct zm_edge_set *s)
{
    zm_free(s->edges);
    zm_free(s->owner);
    zm_free(s->first);
    zm_free(s->boxes);
    zm_free(s->first_box);
    *s = (struct zm_edge_set){0};
}

static int reserve(struct zm_edge_set *s, uint32_t extra, struct zm_err *err)
{
    if (extra > MAX_EDGES - s->n)
        return zm_fail(err, ZM_E_MEMORY, "the shapes have more than %d edges", MAX_EDGES);
    if (s->n + extra <= s->cap)
        return 0;
    uint32_t cap = s->cap ? s->cap : 256;
    while (cap < s->n + extra)
        cap *= 2;
    struct zm_edge *edges = zm_realloc(s->edges, cap * sizeof *edges);
    if (!edges)
        return zm_fail_memory(err, cap * sizeof *edges);
    s->edges = edges;
    uint32_t *owner = zm_realloc(s->owner, cap * sizeof *owner);
    if (!owner)
        return zm_fail_memory(err, cap * sizeof *owner);
    s->owner = owner;
    s->cap = cap;
    return 0;
}

static void push(struct zm_edge_set *s, uint32_t owner, const double *a, const double *b)
{
    if (a[0] == b[0] && a[1] == b[1])
        return;
    s->edges[s->n] = (struct zm_edge){a[0], a[1], b[0], b[1]};
    s->owner[s->n++] = owner;
}

int zm_edge_set_add(struct zm_edge_set *s, uint32_t owner, const struct zm_shape *shape, struct zm_err *err)
{
    for (uint32_t i = 0; i < shape->n_points; i++) {
        double x = shape->xy[2 * (size_t)i], y = shape->xy[2 * (size_t)i + 1];
        if (!(fabs(x) <= 180 && fabs(y) <= 90))
            return zm_fail(err, ZM_E_INPUT, "a shape has the point %.9g %.9g, which is not in degrees", x, y);
    }
    ZM_TRY(reserve(s, shape->n_points, err));
    uint32_t begin = 0;
    for (uint32_t part = 0; part < shape->n_parts; part++) {
        uint32_t end = shape->ends[part];
        for (uint32_t i = begin; i + 1 < end; i++)
            push(s, owner, &shape->xy[2 * (size_t)i], &shape->xy[2 * (size_t)(i + 1)]);
        if (shape->type == ZM_SHAPE_POLYGON && end > begin)
            push(s, owner, &shape->xy[2 * (size_t)(end - 1)], &shape->xy[2 * (size_t)begin]);
        begin = end;
    }
    return 0;
}

/* Puts the edges in the order of the sorted pairs (key = owner's rank, value = old place). */
static int permute(struct zm_edge_set *s, const struct zm_pair *pairs, struct zm_err *err)
{
    struct zm_edge *edges = zm_alloc(s->n * sizeof *edges);
    if (!edges)
        return zm_fail_memory(err, s->n * sizeof *edges);
    for (uint32_t i = 0; i < s->n; i++) {
        edges[i] = s->edges[pairs[i].value];
        s->owner[i] = (uint32_t)pairs[i].key;
    }
    zm_free(s->edges);
    s->edges = edges;
    s->cap = s->n;
    return 0;
}

static int make_boxes(struct zm_edge_set *s, struct zm_err *err)
{
    uint32_t n_boxes = 0, at = 0;
    for (uint32_t k = 0; k <= s->n_owners; k++) {
        while (at < s->n && s->owner[at] < k)
            at++;
        s->first[k] = at;
    }
    for (uint32_t k = 0; k < s->n_owners; k++) {
        s->first_box[k] = n_boxes;
        n_boxes += zm_edge_runs(s->first[k + 1] - s->first[k]);
    }
    s->boxes = zm_alloc(n_boxes * sizeof *s->boxes);
    if (!s->boxes)
        return zm_fail_memory(err, n_boxes * sizeof *s->boxes);
    for (uint32_t k = 0; k < s->n_owners; k++)
        zm_edge_boxes_make(s->edges + s->first[k], s->first[k + 1] - s->first[k], s->boxes + s->first_box[k]);
    return 0;
}

int zm_edge_set_sort(struct zm_edge_set *s, const uint32_t *rank, uint32_t n_owners, struct zm_err *err)
{
    struct zm_pair *pairs = zm_alloc(s->n * sizeof *pairs);
    if (!pairs)
        return zm_fail_memory(err, s->n * sizeof *pairs);
    for (uint32_t i = 0; i < s->n; i++)
        pairs[i] = (struct zm_pair){rank ? rank[s->owner[i]] : s->owner[i], i};
    int rc = zm_sort(pairs, s->n, err);
    if (rc == 0)
        rc = permute(s, pairs, err);
    zm_free(pairs);
    if (rc != 0)
        return rc;
    s->n_owners = n_owners;
    s->first = zm_alloc((n_owners + 1) * sizeof *s->first);
    s->first_box = zm_alloc((n_owners + 1) * sizeof *s->first_box);
    if (!s->first || !s->first_box)
        return zm_fail_memory(err, 2 * ((size_t)n_owners + 1) * sizeof *s->first);
    return make_boxes(s, err);
}

double zm_edge_set_distance_m(const struct zm_edge_set *s, uint32_t owner, double lon, double lat)
{
    uint32_t begin = s->first[owner];
    return zm_edges_distance_m(s->edges + begin, s->boxes + s->first_box[owner], s->first[owner + 1] - begin,
                               lon, lat);
}
