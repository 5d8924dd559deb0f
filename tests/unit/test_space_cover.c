/* The cover against GEOS: on generated divisions that share jagged edges, on points at random, on every
 * vertex and on edges, and on the real county polygons where they are at hand. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/space/cover_grid.h"
#include "geo/space/geo.h"

#include <gdal.h>
#include <geos_c.h>
#include <math.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_DIVISIONS = 128 };

static uint64_t random_state = 42;

static double random_unit(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) * 0x1p-53;
}

static uint32_t random_below(uint32_t n)
{
    return (uint32_t)(random_unit() * n);
}

static double six_decimals(double v)
{
    return round(v * 1e6) / 1e6;
}

/* A division in both worlds. */
struct division {
    uint64_t code;
    struct zm_shape shape;
    GEOSGeometry *geometry;
    const GEOSPreparedGeometry *prepared;
    double min_x, min_y, max_x, max_y;
};

struct world {
    GEOSContextHandle_t geos;
    struct division divisions[MAX_DIVISIONS];
    unsigned n;
    double min_x, min_y, max_x, max_y;
};

static void world_init(struct world *w)
{
    *w = (struct world){.min_x = 1e9, .min_y = 1e9, .max_x = -1e9, .max_y = -1e9};
    w->geos = GEOS_init_r();
}

static void world_release(struct world *w)
{
    for (unsigned i = 0; i < w->n; i++) {
        GEOSPreparedGeom_destroy_r(w->geos, w->divisions[i].prepared);
        GEOSGeom_destroy_r(w->geos, w->divisions[i].geometry);
        zm_shape_release(&w->divisions[i].shape);
    }
    GEOS_finish_r(w->geos);
}

static void world_add_wkb(struct world *w, uint64_t code, struct zm_str wkb)
{
    assert_true(w->n < MAX_DIVISIONS);
    struct division *d = &w->divisions[w->n++];
    *d = (struct division){.code = code, .min_x = 1e9, .min_y = 1e9, .max_x = -1e9, .max_y = -1e9};
    assert_int_equal(zm_shape_from_wkb(&d->shape, wkb, NULL), 0);
    GEOSWKBReader *reader = GEOSWKBReader_create_r(w->geos);
    d->geometry = GEOSWKBReader_read_r(w->geos, reader, (const unsigned char *)wkb.ptr, wkb.len);
    GEOSWKBReader_destroy_r(w->geos, reader);
    assert_non_null(d->geometry);
    d->prepared = GEOSPrepare_r(w->geos, d->geometry);
    for (size_t i = 0; i < d->shape.n_points; i++) {
        double x = d->shape.xy[2 * i], y = d->shape.xy[2 * i + 1];
        d->min_x = fmin(d->min_x, x);
        d->min_y = fmin(d->min_y, y);
        d->max_x = fmax(d->max_x, x);
        d->max_y = fmax(d->max_y, y);
    }
    w->min_x = fmin(w->min_x, d->min_x);
    w->min_y = fmin(w->min_y, d->min_y);
    w->max_x = fmax(w->max_x, d->max_x);
    w->max_y = fmax(w->max_y, d->max_y);
}

/* Little-endian WKB of one polygon; ring_ends as in zm_shape. */
static struct zm_str polygon_wkb(char *out, const double *xy, const uint32_t *ring_ends, uint32_t n_rings)
{
    const uint32_t type = 3;
    size_t begin = 0;
    char *p = out;
    *p++ = 1;
    memcpy(p, &type, 4), p += 4;
    memcpy(p, &n_rings, 4), p += 4;
    for (uint32_t r = 0; r < n_rings; r++) {
        uint32_t n = ring_ends[r] - (uint32_t)begin;
        memcpy(p, &n, 4), p += 4;
        memcpy(p, xy + 2 * begin, 16 * (size_t)n), p += 16 * (size_t)n;
        begin = ring_ends[r];
    }
    return zm_str_n(out, (size_t)(p - out));
}

/* What the cover must answer: the smallest code among the polygons that GEOS says cover the point. */
static uint64_t geos_locate(const struct world *w, double x, double y)
{
    uint64_t best = 0;
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(w->geos, x, y);
    for (unsigned i = 0; i < w->n; i++) {
        const struct division *d = &w->divisions[i];
        if (x < d->min_x || x > d->max_x || y < d->min_y || y > d->max_y || (best && d->code > best))
            continue;
        if (GEOSPreparedCovers_r(w->geos, d->prepared, point) == 1)
            best = d->code;
    }
    GEOSGeom_destroy_r(w->geos, point);
    return best;
}

static struct zm_cover *cover_of(const struct world *w, bool backwards)
{
    struct zm_cover *c;
    assert_int_equal(zm_cover_new(&c, NULL), 0);
    for (unsigned i = 0; i < w->n; i++) {
        const struct division *d = &w->divisions[backwards ? w->n - 1 - i : i];
        assert_int_equal(zm_cover_add(c, d->code, &d->shape, NULL), 0);
    }
    assert_int_equal(zm_cover_build(c, NULL), 0);
    return c;
}

static void same_as_geos(const struct world *w, const struct zm_cover *c, double x, double y)
{
    uint64_t expected = geos_locate(w, x, y), obtained = zm_cover_locate(c, x, y);
    if (expected != obtained)
        fail_msg("at %.17g %.17g: expected %llu, obtained %llu", x, y, (unsigned long long)expected,
                 (unsigned long long)obtained);
}

static void compare_random(const struct world *w, const struct zm_cover *c, int n)
{
    double wide = w->max_x - w->min_x, high = w->max_y - w->min_y;
    for (int i = 0; i < n; i++)
        same_as_geos(w, c, w->min_x + (random_unit() * 1.1 - 0.05) * wide,
                     w->min_y + (random_unit() * 1.1 - 0.05) * high);
}

/* Vertices, middles of edges, points level with a vertex and points a hair beside it. */
static void compare_critical(const struct world *w, const struct zm_cover *c, unsigned step)
{
    for (unsigned k = 0; k < w->n; k++) {
        const struct zm_shape *s = &w->divisions[k].shape;
        for (size_t i = 0; i + 1 < s->n_points; i += step) {
            double x = s->xy[2 * i], y = s->xy[2 * i + 1];
            same_as_geos(w, c, x, y);
            same_as_geos(w, c, (x + s->xy[2 * i + 2]) / 2, (y + s->xy[2 * i + 3]) / 2);
            same_as_geos(w, c, w->min_x + random_unit() * (w->max_x - w->min_x), y);
            same_as_geos(w, c, x, w->min_y + random_unit() * (w->max_y - w->min_y));
            same_as_geos(w, c, nextafter(x, 0), nextafter(y, 180));
        }
    }
}

enum { NODES = 7, JAGS = 12 };

/* Points of the jagged line from node (i, j) to its right (upright = 0) or upper neighbour: the same for both
 * sides. */
static double jag[2][NODES][NODES][JAGS + 1][2];

static void make_jags(void)
{
    double node[NODES][NODES][2];
    for (int i = 0; i < NODES; i++) {
        for (int j = 0; j < NODES; j++) {
            node[i][j][0] = six_decimals(120 + 0.1 * i + 0.02 * random_unit());
            node[i][j][1] = six_decimals(27 + 0.1 * j + 0.02 * random_unit());
        }
    }
    for (int upright = 0; upright < 2; upright++) {
        for (int i = 0; i < NODES; i++) {
            for (int j = 0; j < NODES; j++) {
                const double *a = node[i][j];
                const double *b =
                    node[upright || i + 1 == NODES ? i : i + 1][upright && j + 1 < NODES ? j + 1 : j];
                for (int k = 0; k <= JAGS; k++) {
                    double t = (double)k / JAGS, shake = k == 0 || k == JAGS ? 0 : 0.012;
                    double *p = jag[upright][i][j][k];
                    p[0] = six_decimals(a[0] + t * (b[0] - a[0]) +
                                        (upright ? shake * (random_unit() - 0.5) : 0));
                    p[1] = six_decimals(a[1] + t * (b[1] - a[1]) +
                                        (upright ? 0 : shake * (random_unit() - 0.5)));
                }
                /* A level or upright piece, where a ray could run along the edge. */
                jag[upright][i][j][5][!upright] = jag[upright][i][j][4][!upright];
            }
        }
    }
}

static size_t put_line(double *xy, size_t n, int upright, int i, int j, bool backwards)
{
    for (int k = 0; k < JAGS; k++) {
        const double *p = jag[upright][i][j][backwards ? JAGS - k : k];
        xy[2 * n] = p[0];
        xy[2 * n++ + 1] = p[1];
    }
    return n;
}

/* A checkerboard of divisions with codes in no order; the middle ones have a hole which another division
 * fills. */
static void make_world(struct world *w)
{
    world_init(w);
    make_jags();
    for (int i = 0; i + 1 < NODES; i++) {
        for (int j = 0; j + 1 < NODES; j++) {
            double xy[2 * (4 * JAGS + 6)];
            char wkb[sizeof xy + 64];
            size_t n = put_line(xy, 0, 0, i, j, false);
            n = put_line(xy, n, 1, i + 1, j, false);
            n = put_line(xy, n, 0, i, j + 1, true);
            n = put_line(xy, n, 1, i, j, true);
            xy[2 * n] = xy[0];
            xy[2 * n++ + 1] = xy[1];
            double cx = six_decimals(120.06 + 0.1 * i), cy = six_decimals(27.06 + 0.1 * j);
            double hole[] = {cx, cy, cx + 0.01, cy, cx + 0.01, cy + 0.01, cx, cy + 0.01, cx, cy};
            memcpy(xy + 2 * n, hole, sizeof hole);
            uint32_t ends[] = {(uint32_t)n, (uint32_t)n + 5}, hole_end = 5;
            uint64_t code = 330300 + (uint64_t)((i * 17 + j * 29) % 36);
            world_add_wkb(w, code, polygon_wkb(wkb, xy, ends, 2));
            if ((i + j) % 3 == 0)
                world_add_wkb(w, 330400 - code % 100, polygon_wkb(wkb, hole, &hole_end, 1));
        }
    }
}

static void test_generated(void **state)
{
    (void)state;
    for (int seed = 1; seed <= 3; seed++) {
        random_state = (uint64_t)seed * 7919;
        struct world w;
        make_world(&w);
        struct zm_cover *c = cover_of(&w, false), *back = cover_of(&w, true);
        compare_random(&w, c, 10000);
        compare_critical(&w, c, 1);
        for (int i = 0; i < 10000; i++) {
            const struct zm_shape *s = &w.divisions[random_below(w.n)].shape;
            size_t k = random_below(s->n_points);
            double x = i % 2 ? s->xy[2 * k] : 120 + random_unit(),
                   y = i % 2 ? s->xy[2 * k + 1] : 27 + random_unit();
            assert_int_equal(zm_cover_locate(c, x, y), zm_cover_locate(back, x, y));
        }
        zm_cover_free(c);
        zm_cover_free(back);
        world_release(&w);
    }
}

/* The nearest edge through the boxes is the nearest of all. */
static void test_distance(void **state)
{
    (void)state;
    struct world w;
    make_world(&w);
    struct zm_cover *c = cover_of(&w, false);
    for (int i = 0; i < 5000; i++) {
        const struct division *d = &w.divisions[random_below(w.n)];
        double x = d->min_x - 0.05 + random_unit() * 0.2, y = d->min_y - 0.05 + random_unit() * 0.2;
        double obtained = zm_cover_distance_m(c, d->code, x, y), expected = INFINITY;
        uint32_t begin = 0;
        for (uint32_t part = 0; part < d->shape.n_parts; begin = d->shape.ends[part++]) {
            for (uint32_t k = begin; k + 1 < d->shape.ends[part]; k++) {
                const double *xy = d->shape.xy + 2 * (size_t)k;
                expected = fmin(expected, zm_segment_distance_m(x, y, xy[0], xy[1], xy[2], xy[3]));
            }
        }
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(w.geos, x, y);
        if (GEOSPreparedCovers_r(w.geos, d->prepared, point) == 1)
            expected = 0;
        GEOSGeom_destroy_r(w.geos, point);
        if (!(fabs(obtained - expected) <= 1e-3 + 1e-3 * expected))
            fail_msg("at %.9g %.9g: expected %.6f m, obtained %.6f m", x, y, expected, obtained);
    }
    assert_true(isnan(zm_cover_distance_m(c, 110000, 120.5, 27.5)));
    assert_true(isnan(zm_cover_distance_m(c, w.divisions[0].code, NAN, 27.5)));
    assert_true(zm_cover_has(c, w.divisions[0].code));
    assert_false(zm_cover_has(c, 110000));
    zm_cover_free(c);
    world_release(&w);
}

/* Vertices and points exactly on grid lines, where the walk's infinitely small step decides: overlapping
 * triangles between the crossings of the cover's own grid. */
static void test_on_grid_lines(void **state)
{
    (void)state;
    enum { SIDE = 16, TRIANGLES = 15 };
    static const double frame[] = {120, 27, 121, 27, 121, 28, 120, 28, 120, 27};
    const uint32_t frame_end = 5, triangle_end = 4;
    for (int round = 0; round < 40; round++) {
        struct world w;
        char wkb[512];
        world_init(&w);
        world_add_wkb(&w, 900, polygon_wkb(wkb, frame, &frame_end, 1));
        struct zm_cover *c = cover_of(&w, false);
        assert_int_equal(c->side, SIDE);
        for (int i = 0; i < TRIANGLES; i++) {
            double xy[8];
            for (size_t k = 0; k < 3; k++) {
                xy[2 * k] = c->lines_x[1 + random_below(SIDE - 1)];
                xy[2 * k + 1] = c->lines_y[1 + random_below(SIDE - 1)];
            }
            xy[6] = xy[0];
            xy[7] = xy[1];
            if (zm_orient(xy[0], xy[1], xy[2], xy[3], xy[4], xy[5]) != 0)
                world_add_wkb(&w, 100 + (uint64_t)(i * 37 % 100), polygon_wkb(wkb, xy, &triangle_end, 1));
        }
        zm_cover_free(c);
        c = cover_of(&w, false);
        assert_int_equal(c->side, SIDE); /* the same lines as before */
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                double x = c->lines_x[i], y = c->lines_y[j];
                same_as_geos(&w, c, x, y);
                same_as_geos(&w, c, (x + c->lines_x[i + 1]) / 2, y);
                same_as_geos(&w, c, x, (y + c->lines_y[j + 1]) / 2);
                same_as_geos(&w, c, x + random_unit() * 0.06, y + random_unit() * 0.06);
            }
        }
        zm_cover_free(c);
        world_release(&w);
    }
}

static void read_counties(struct world *w, GDALDatasetH file)
{
    OGRLayerH layer = GDALDatasetGetLayer(file, 0);
    OGRFeatureH feature;
    int code_field = -1;
    while ((feature = OGR_L_GetNextFeature(layer))) {
        if (code_field < 0)
            code_field = OGR_F_GetFieldIndex(feature, "adcode");
        if (code_field < 0)
            code_field = OGR_F_GetFieldIndex(feature, "code");
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        int size = OGR_G_WkbSize(geometry);
        unsigned char *wkb = malloc((size_t)size);
        assert_int_equal(OGR_G_ExportToIsoWkb(geometry, wkbNDR, wkb), OGRERR_NONE);
        uint64_t code =
            code_field < 0 ? 900000 + w->n : (uint64_t)OGR_F_GetFieldAsInteger64(feature, code_field);
        world_add_wkb(w, code, zm_str_n((const char *)wkb, (size_t)size));
        free(wkb);
        OGR_F_Destroy(feature);
    }
}

static void print_speed(const struct world *w, const struct zm_cover *c)
{
    enum { POINTS = 1000000 };
    uint64_t sum = 0;
    clock_t begin = clock();
    for (int i = 0; i < POINTS; i++)
        sum += zm_cover_locate(c, w->min_x + random_unit() * (w->max_x - w->min_x),
                               w->min_y + random_unit() * (w->max_y - w->min_y));
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    print_message("%d points in %u counties: %.2f million points a second (checksum %llu)\n", POINTS, w->n,
                  POINTS / seconds / 1e6, (unsigned long long)sum);
}

static void test_counties(void **state)
{
    (void)state;
    char path[4096];
    const char *folder = getenv("ZM_REAL_DATA");
    snprintf(path, sizeof path, "%s/boundaries/counties_amap2020_fullres_gcj02.geojson",
             folder ? folder : ZM_SOURCE_DIR "/../shared/data");
    GDALAllRegister();
    GDALDatasetH file = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
    if (!file) {
        print_message("skipped: %s is not there\n", path);
        skip();
        return;
    }
    struct world w;
    world_init(&w);
    read_counties(&w, file);
    GDALClose(file);
    assert_int_equal(w.n, 39);
    struct zm_cover *c = cover_of(&w, false);
    compare_random(&w, c, 100000);
    compare_critical(&w, c, 3);
    print_speed(&w, c);
    zm_cover_free(c);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generated),
        cmocka_unit_test(test_on_grid_lines),

        cmocka_unit_test(test_distance),

        cmocka_unit_test(test_counties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
