/* Makes the grid of a cover: which edges touch which cell, and which codes hold each cell's corner. */
#include "geo/base/mem.h"
#include "geo/space/cover_grid.h"

#include <math.h>

enum { MIN_SIDE = 16, MAX_SIDE = 1024, MAX_REFS = 1 << 26, MAX_SET_WORDS = 1 << 26 };

/* The grid reaches a little beyond all edges, so that its left column lies outside every division, and so
 * that a cell is never so narrow that rounding matters beside it. */
#define MARGIN_DEG 1e-3

/* An edge is given to a cell it misses by less than this share of a cell: a thousand times what rounding can
 * do. */
#define CELL_SLACK 1e-6

static void extent(const struct zm_edge_set *s, struct zm_edge_box *out)
{
    struct zm_edge_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (uint32_t i = 0; i < s->n; i++) {
        const struct zm_edge *e = &s->edges[i];
        box.min_x = fmin(box.min_x, fmin(e->ax, e->bx));
        box.min_y = fmin(box.min_y, fmin(e->ay, e->by));
        box.max_x = fmax(box.max_x, fmax(e->ax, e->bx));
        box.max_y = fmax(box.max_y, fmax(e->ay, e->by));
    }
    *out = box;
}

static int make_lines(double **out, double *scale, uint32_t side, double min, double max, struct zm_err *err)
{
    double *lines = zm_alloc((side + 1) * sizeof *lines);
    if (!lines)
        return zm_fail_memory(err, (side + 1) * sizeof *lines);
    min -= MARGIN_DEG;
    max += MARGIN_DEG;
    for (uint32_t i = 0; i <= side; i++)
        lines[i] = min + (max - min) * i / side;
    *out = lines;
    *scale = side / (max - min);
    return 0;
}

/* Columns [first, last] of a row which the edge may touch. */
static void edge_columns(const struct zm_cover *c, const struct zm_edge *e, uint32_t row, uint32_t *first,
                         uint32_t *last)
{
    double pad_x = CELL_SLACK / c->scale_x, pad_y = CELL_SLACK / c->scale_y;
    double low = c->lines_y[row] - pad_y, high = c->lines_y[row + 1] + pad_y;
    double from = e->ax, to = e->bx;
    if (e->ay < low)
        from = e->ax + (low - e->ay) / (e->by - e->ay) * (e->bx - e->ax);
    else if (e->ay > high)
        from = e->ax + (high - e->ay) / (e->by - e->ay) * (e->bx - e->ax);
    if (e->by < low)
        to = e->ax + (low - e->ay) / (e->by - e->ay) * (e->bx - e->ax);
    else if (e->by > high)
        to = e->ax + (high - e->ay) / (e->by - e->ay) * (e->bx - e->ax);
    *first = zm_grid_line(c->lines_x, c->side, c->scale_x, fmin(from, to) - pad_x);
    *last = zm_grid_line(c->lines_x, c->side, c->scale_x, fmax(from, to) + pad_x);
}

/* Adds one edge to its cells: counts in begin[cell + 1], or, if refs are there, writes at begin[cell]++. */
static uint64_t mark_edge(struct zm_cover *c, uint32_t edge)
{
    const struct zm_edge *e = &c->set.edges[edge];
    double pad = CELL_SLACK / c->scale_y;
    uint32_t row = zm_grid_line(c->lines_y, c->side, c->scale_y, fmin(e->ay, e->by) - pad);
    uint32_t top = zm_grid_line(c->lines_y, c->side, c->scale_y, fmax(e->ay, e->by) + pad);
    uint64_t n = 0;
    for (; row <= top; row++) {
        uint32_t first, last;
        edge_columns(c, e, row, &first, &last);
        n += last - first + 1;
        for (uint32_t col = first; col <= last; col++) {
            uint32_t cell = row * c->side + col;
            if (c->refs)
                c->refs[c->begin[cell]++] = edge;
            else
                c->begin[cell + 1]++;
        }
    }
    return n;
}

/* Two walks over the edges: count, then place. Ascending edges give ascending refs in every cell. */
static int make_refs(struct zm_cover *c, struct zm_err *err)
{
    uint32_t cells = c->side * c->side;
    uint64_t n = 0;
    for (uint32_t i = 0; i < c->set.n; i++) {
        n += mark_edge(c, i);
        if (n > MAX_REFS)
            return zm_fail(err, ZM_E_MEMORY, "the edges of a cover touch more than %d cells", MAX_REFS);
    }
    for (uint32_t i = 0; i < cells; i++)
        c->begin[i + 1] += c->begin[i];
    c->refs = zm_alloc(n * sizeof *c->refs);
    if (!c->refs)
        return zm_fail_memory(err, n * sizeof *c->refs);
    for (uint32_t i = 0; i < c->set.n; i++)
        mark_edge(c, i);
    /* Every begin now stands at its end, which is the next one's begin. */
    memmove(c->begin + 1, c->begin, cells * sizeof *c->begin);
    c->begin[0] = 0;
    return 0;
}

/* Codes that hold the sweep's present corner, ascending. */
struct sweep {
    uint32_t *codes; /* n_codes */
    uint32_t n;
};

static void sweep_turn(struct sweep *s, uint32_t code)
{
    uint32_t i = 0;
    while (i < s->n && s->codes[i] < code)
        i++;
    if (i < s->n && s->codes[i] == code) {
        s->n--;
        memmove(s->codes + i, s->codes + i + 1, (s->n - i) * sizeof *s->codes);
    } else {
        memmove(s->codes + i + 1, s->codes + i, (s->n - i) * sizeof *s->codes);
        s->codes[i] = code;
        s->n++;
    }
}

/* The place of the sweep's set in sets; written unless it is the empty set or the last one again. */
static int save_set(struct zm_cover *c, const struct sweep *s, uint32_t *last, struct zm_err *err)
{
    if (s->n == 0) {
        *last = 0;
        return 0;
    }
    const uint32_t *old = c->sets + *last;
    if (*old == s->n && memcmp(old + 1, s->codes, s->n * sizeof *s->codes) == 0)
        return 0;
    uint32_t need = c->n_sets + 1 + s->n;
    if (need > MAX_SET_WORDS)
        return zm_fail(err, ZM_E_MEMORY, "the divisions of a cover overlap too much");
    if (need > c->cap_sets) {
        uint32_t cap = need * 2;
        uint32_t *sets = zm_realloc(c->sets, cap * sizeof *sets);
        if (!sets)
            return zm_fail_memory(err, cap * sizeof *sets);
        c->sets = sets;
        c->cap_sets = cap;
    }
    *last = c->n_sets;
    c->sets[c->n_sets] = s->n;
    memcpy(c->sets + c->n_sets + 1, s->codes, s->n * sizeof *s->codes);
    c->n_sets = need;
    return 0;
}

/* Walks the bottom line of a row from corner to corner, turning codes around at the edges between two
 * corners. */
static int sweep_row(struct zm_cover *c, uint32_t row, struct sweep *s, struct zm_err *err)
{
    double y = c->lines_y[row];
    uint32_t last = 0;
    s->n = 0;
    for (uint32_t col = 0; col < c->side; col++) {
        uint32_t cell = row * c->side + col;
        ZM_TRY(save_set(c, s, &last, err));
        c->corner[cell] = last;
        for (uint32_t i = c->begin[cell]; i < c->begin[cell + 1]; i++) {
            const struct zm_edge *e = &c->set.edges[c->refs[i]];
            if (zm_edge_straddles_y(e, y) &&
                zm_edge_side(e, c->lines_x[col], y) != zm_edge_side(e, c->lines_x[col + 1], y))
                sweep_turn(s, c->set.owner[c->refs[i]]);
        }
    }
    return 0;
}

static int make_corners(struct zm_cover *c, struct zm_err *err)
{
    struct sweep s = {.codes = zm_alloc((size_t)(c->n_codes + 1) * sizeof *s.codes)};
    c->sets = zm_calloc(64, sizeof *c->sets); /* the empty set stands at 0 */
    int rc = s.codes && c->sets ? 0 : zm_fail_memory(err, (size_t)c->n_codes * sizeof *s.codes);
    c->n_sets = 1;
    c->cap_sets = 64;
    for (uint32_t row = 0; rc == 0 && row < c->side; row++)
        rc = sweep_row(c, row, &s, err);
    zm_free(s.codes);
    return rc;
}

int zm_cover_build_grid(struct zm_cover *c, struct zm_err *err)
{
    struct zm_edge_box box;
    extent(&c->set, &box);
    /* Four cells an edge keep most cells free of edges without spending more on the grid than on the edges.
     */
    uint32_t side = MIN_SIDE;
    while (side < MAX_SIDE && (uint64_t)side * side < 4 * (uint64_t)c->set.n)
        side *= 2;
    c->side = side;
    ZM_TRY(make_lines(&c->lines_x, &c->scale_x, side, box.min_x, box.max_x, err));
    ZM_TRY(make_lines(&c->lines_y, &c->scale_y, side, box.min_y, box.max_y, err));
    size_t cells = (size_t)side * side;
    c->begin = zm_calloc(cells + 1, sizeof *c->begin);
    c->corner = zm_alloc(cells * sizeof *c->corner);
    if (!c->begin || !c->corner)
        return zm_fail_memory(err, 2 * cells * sizeof *c->begin);
    ZM_TRY(make_refs(c, err));
    return make_corners(c, err);
}
