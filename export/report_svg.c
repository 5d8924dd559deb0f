/* The map of the report: outlines of divisions and the open findings in circles, as inline SVG without text
 * of anybody but the names of divisions. */
#include "export/report_write.h"
#include "geo/base/mem.h"
#include "geo/tables/text.h"

#include <math.h>
#include <stdlib.h>

/* Pixels of the map's box; finer than a pixel nothing is drawn. */
enum { WIDTH = 1000, HEIGHT_MIN = 320, HEIGHT_MAX = 800, MARGIN = 16 };
enum { BIN = 20 }; /* pixels; findings closer than this share a circle */
enum { SEGMENTS_MAX = 60000, LABELS_MAX = 64 };

/* A finding farther than this from the others' median does not stretch a map without outlines. */
#define SPREAD_DEG 1.5

struct view {
    double west, north;      /* degrees at the left upper corner inside the margin */
    double scale_x, scale_y; /* pixels per degree */
    int height;
};

struct pixel {
    int x, y;
};

static struct pixel to_pixel(const struct view *v, double lon, double lat, int step)
{
    double x = MARGIN + (lon - v->west) * v->scale_x, y = MARGIN + (v->north - lat) * v->scale_y;
    return (struct pixel){(int)lround(x / step) * step, (int)lround(y / step) * step};
}

static void stretch(struct zm_edge_box *box, double x, double y)
{
    box->min_x = fmin(box->min_x, x);
    box->max_x = fmax(box->max_x, x);
    box->min_y = fmin(box->min_y, y);
    box->max_y = fmax(box->max_y, y);
}

static struct zm_edge_box outline_extent(const struct zm_report_facts *f)
{
    struct zm_edge_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (unsigned i = 0; i < f->n_outlines; i++)
        for (uint32_t k = 0; k < f->outlines[i].n_edges; k++)
            stretch(&box, f->outlines[i].edges[k].ax, f->outlines[i].edges[k].ay);
    return box;
}

/* Around the spot in the middle of the list by place, so that one lost point does not shrink the city to a
 * dot. The middle is found by counting: spots are few. */
static struct zm_edge_box spot_extent(const struct zm_report_facts *f)
{
    struct zm_edge_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    double lon = 0, lat = 0;
    uint64_t weight = 0, sum = 0;
    for (unsigned i = 0; i < f->n_spots; i++)
        sum += zm_severity_sum(&f->spots[i].findings);
    for (unsigned i = 0; i < f->n_spots && weight * 2 <= sum; i++) {
        weight += zm_severity_sum(&f->spots[i].findings);
        lon = f->spots[i].lon;
        lat = f->spots[i].lat;
    }
    for (unsigned i = 0; i < f->n_spots; i++)
        if (fabs(f->spots[i].lon - lon) < SPREAD_DEG && fabs(f->spots[i].lat - lat) < SPREAD_DEG)
            stretch(&box, f->spots[i].lon, f->spots[i].lat);
    return box;
}

static struct view make_view(struct zm_edge_box box)
{
    const double least_deg = 0.01;
    double wide = fmax(box.max_x - box.min_x, least_deg), high = fmax(box.max_y - box.min_y, least_deg);
    double squeeze = cos((box.min_y + box.max_y) / 2 * 3.14159265358979323846 / 180);
    double scale = fmin((WIDTH - 2 * MARGIN) / (wide * squeeze), (HEIGHT_MAX - 2 * MARGIN) / high);
    double x_room = (WIDTH - 2 * MARGIN) - wide * squeeze * scale;
    struct view v = {.west = box.min_x - x_room / 2 / (squeeze * scale),
                     .north = box.max_y,
                     .scale_x = squeeze * scale,
                     .scale_y = scale,
                     .height = (int)ceil(high * scale) + 2 * MARGIN};
    if (v.height < HEIGHT_MIN) {
        v.north += (HEIGHT_MIN - v.height) / 2.0 / scale;
        v.height = HEIGHT_MIN;
    }
    return v;
}

/* A path being written: moves in one direction are one segment. */
struct path {
    struct zm_html *h; /* NULL: only counting */
    struct pixel at, run;
    bool open;
    unsigned segments;
};

static void path_flush(struct path *p)
{
    if (p->run.x == 0 && p->run.y == 0)
        return;
    if (p->h)
        zm_html_printf(p->h, p->run.y < 0 ? "%d%d" : "%d %d", p->run.x, p->run.y);
    p->segments++;
    p->run = (struct pixel){0, 0};
    p->open = true;
}

static void path_edge(struct path *p, struct pixel a, struct pixel b)
{
    struct pixel d = {b.x - a.x, b.y - a.y};
    if (d.x == 0 && d.y == 0)
        return;
    if (!p->open || p->at.x != a.x || p->at.y != a.y) {
        path_flush(p);
        if (p->h)
            zm_html_printf(p->h, "M%d %dl", a.x, a.y);
        p->open = true;
    } else if (p->run.x * d.y != p->run.y * d.x || p->run.x * d.x + p->run.y * d.y <= 0) {
        path_flush(p);
        if (p->h)
            zm_html_raw(p->h, " ");
    }
    p->run.x += d.x;
    p->run.y += d.y;
    p->at = b;
}

/* Neighbours share their border's vertices, and rounding treats each alike, so simplified borders still meet.
 */
static unsigned draw_outline(struct zm_html *h, const struct view *v, const struct zm_report_outline *o,
                             int step)
{
    struct path p = {.h = h};
    for (uint32_t i = 0; i < o->n_edges; i++)
        path_edge(&p, to_pixel(v, o->edges[i].ax, o->edges[i].ay, step),
                  to_pixel(v, o->edges[i].bx, o->edges[i].by, step));
    path_flush(&p);
    return p.segments;
}

/* The finest step, in pixels, at which all outlines together stay small enough for a page. */
static int choose_step(const struct view *v, const struct zm_report_facts *f)
{
    for (int step = 1; step < BIN; step *= 2) {
        unsigned segments = 0;
        for (unsigned i = 0; i < f->n_outlines; i++)
            segments += draw_outline(NULL, v, &f->outlines[i], step);
        if (segments <= SEGMENTS_MAX)
            return step;
    }
    return BIN;
}

static void put_outlines(struct zm_html *h, const struct view *v, const struct zm_report_facts *f)
{
    int step = choose_step(v, f);
    for (int county = 1; county >= 0; county--)
        for (unsigned i = 0; i < f->n_outlines; i++) {
            if (f->outlines[i].county != (county == 1))
                continue;
            zm_html_printf(h, "<path class=\"%s\" d=\"", county ? "county" : "town");
            draw_outline(h, v, &f->outlines[i], step);
            zm_html_raw(h, "\"/>\n");
        }
}

/* Centre of area by the shoelace over all edges of the division, relative to its first vertex. */
static struct pixel centre_of(const struct view *v, const struct zm_report_outline *o)
{
    double x0 = o->edges[0].ax, y0 = o->edges[0].ay, area = 0, x = 0, y = 0;
    for (uint32_t i = 0; i < o->n_edges; i++) {
        const struct zm_edge *e = &o->edges[i];
        double ax = e->ax - x0, ay = e->ay - y0, bx = e->bx - x0, by = e->by - y0;
        double cross = ax * by - bx * ay;
        area += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    if (area == 0)
        return to_pixel(v, x0, y0, 1);
    return to_pixel(v, x0 + x / (3 * area), y0 + y / (3 * area), 1);
}

/* Names of counties, where they do not lie upon each other. */
static void put_labels(struct zm_html *h, const struct view *v, const struct zm_report_facts *f)
{
    enum { HALF_WIDE = 42, HIGH = 20 };
    struct pixel taken[LABELS_MAX];
    unsigned n = 0;
    for (unsigned i = 0; i < f->n_outlines && n < LABELS_MAX; i++) {
        const struct zm_report_outline *o = &f->outlines[i];
        if (!o->county || o->n_edges == 0 || o->name.len == 0)
            continue;
        struct pixel at = centre_of(v, o);
        bool free = true;
        for (unsigned k = 0; k < n; k++)
            free = free && (abs(taken[k].x - at.x) >= 2 * HALF_WIDE || abs(taken[k].y - at.y) >= HIGH);
        if (!free)
            continue;
        taken[n++] = at;
        zm_html_printf(h, "<text x=\"%d\" y=\"%d\">", at.x, at.y);
        zm_html_text(h, o->name);
        zm_html_raw(h, "</text>\n");
    }
}

struct bin {
    double x, y; /* weighted sums of pixels */
    struct zm_severity_counts findings;
};

static void put_circle(struct zm_html *h, const struct bin *b, uint64_t most)
{
    uint64_t n = zm_severity_sum(&b->findings);
    double radius = 2.5 + 9.5 * sqrt((double)n / (double)most);
    enum zm_severity worst = b->findings.n[ZM_ERROR]     ? ZM_ERROR
                             : b->findings.n[ZM_WARNING] ? ZM_WARNING
                                                         : ZM_INFO;
    zm_html_printf(h, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>",
                   zm_severity_class(worst), b->x / (double)n, b->y / (double)n, radius);
    char counts[3][ZM_COUNT_CHARS];
    zm_html_fill(h, "page.map.spot", "%s\x1f%s\x1f%s", zm_html_grouped(b->findings.n[ZM_ERROR], counts[0]),
                 zm_html_grouped(b->findings.n[ZM_WARNING], counts[1]),
                 zm_html_grouped(b->findings.n[ZM_INFO], counts[2]));
    zm_html_raw(h, "</title></circle>\n");
}

/* Returns the findings that lie outside the map. */
static uint64_t fill_bins(const struct view *v, const struct zm_report_facts *f, struct bin *bins,
                          int columns, int rows)
{
    uint64_t outside = 0;
    for (unsigned i = 0; i < f->n_spots; i++) {
        const struct zm_report_spot *s = &f->spots[i];
        uint64_t n = zm_severity_sum(&s->findings);
        double x = MARGIN + (s->lon - v->west) * v->scale_x, y = MARGIN + (v->north - s->lat) * v->scale_y;
        if (!(x >= 0 && x < WIDTH && y >= 0 && y < v->height)) {
            outside += n;
            continue;
        }
        int column = (int)x / BIN, row = (int)y / BIN;
        struct bin *b = &bins[(row < rows ? row : rows - 1) * columns + column];
        b->x += x * (double)n;
        b->y += y * (double)n;
        for (unsigned k = ZM_INFO; k <= ZM_ERROR; k++)
            b->findings.n[k] += s->findings.n[k];
    }
    return outside;
}

/* Mild ones first, so that errors lie on top. */
static void put_circles(struct zm_html *h, const struct bin *bins, size_t n)
{
    uint64_t most = 1;
    for (size_t i = 0; i < n; i++) {
        uint64_t sum = zm_severity_sum(&bins[i].findings);
        most = sum > most ? sum : most;
    }
    for (int pass = ZM_INFO; pass <= ZM_ERROR; pass++)
        for (size_t i = 0; i < n; i++) {
            const uint64_t *c = bins[i].findings.n;
            int worst = c[ZM_ERROR] ? ZM_ERROR : c[ZM_WARNING] ? ZM_WARNING : c[ZM_INFO] ? ZM_INFO : ZM_OFF;
            if (worst == pass)
                put_circle(h, &bins[i], most);
        }
}

static void put_legend(struct zm_html *h, const struct zm_report_facts *f, uint64_t outside)
{
    static const char *const severities[] = {"severity.error", "severity.warning", "severity.info"};
    zm_html_raw(h, "<p class=\"legend\">");
    for (unsigned i = 0; i < 3; i++) {
        zm_html_printf(h, "<i class=\"dot %s\"></i>", zm_severity_class((enum zm_severity)(ZM_ERROR - i)));
        zm_html_key(h, severities[i]);
        zm_html_raw(h, " ");
    }
    char unplaced[ZM_COUNT_CHARS], away[ZM_COUNT_CHARS];
    zm_html_raw(h, "<span>");
    zm_html_fill(h, "page.map.legend", "%s\x1f%s", zm_html_grouped(f->unplaced, unplaced),
                 outside ? zm_html_grouped(outside, away) : "");
    if (f->map_review_no.len)
        zm_html_fill(h, "page.map.review", "%.*s", ZM_FMT(f->map_review_no));
    zm_html_raw(h, "</span></p>\n");
}

void zm_report_put_map(struct zm_html *h, const struct zm_report_facts *f)
{
    if (h->rc != 0 || f->n_spots + f->n_outlines == 0)
        return;
    struct zm_edge_box box = outline_extent(f);
    if (!(box.min_x < box.max_x))
        box = spot_extent(f);
    struct view v = make_view(box);
    int columns = WIDTH / BIN, rows = v.height / BIN + 1;
    size_t n_bins = (size_t)columns * (size_t)rows;
    struct bin *bins = zm_calloc(n_bins, sizeof *bins);
    if (!bins) {
        h->rc = zm_fail_memory(h->err, n_bins * sizeof *bins);
        return;
    }
    uint64_t outside = fill_bins(&v, f, bins, columns, rows);
    zm_html_section(h, "page.map", "page.map.note");
    zm_html_printf(h, "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n", WIDTH, v.height);
    put_outlines(h, &v, f);
    put_circles(h, bins, n_bins);
    put_labels(h, &v, f);
    zm_html_raw(h, "</svg>\n");
    put_legend(h, f, outside);
    zm_html_raw(h, "</section>\n");
    zm_free(bins);
}
