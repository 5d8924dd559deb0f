/* Questions to a built cover; the grid is explained in cover_grid.h and made in cover_build.c. */
#include "geo/space/cover.h"

#include "geo/base/mem.h"
#include "geo/base/sort.h"
#include "geo/space/cover_grid.h"

#include <math.h>

enum { MAX_CODES = 1 << 20 };

int zm_cover_new(struct zm_cover **out, struct zm_err *err)
{
    struct zm_cover *c = zm_calloc(1, sizeof *c);
    if (!c)
        return zm_fail_memory(err, sizeof *c);
    *out = c;
    return 0;
}

void zm_cover_free(struct zm_cover *c)
{
    if (!c)
        return;
    zm_edge_set_release(&c->set);
    zm_free(c->codes);
    zm_free(c->lines_x);
    zm_free(c->lines_y);
    zm_free(c->begin);
    zm_free(c->refs);
    zm_free(c->corner);
    zm_free(c->sets);
    zm_free(c);
}

/* Index of a code, or n_codes. Before build the codes stand as they came. */
static uint32_t find_code(const struct zm_cover *c, uint64_t code)
{
    uint32_t low = 0, high = c->n_codes;
    if (!c->built) {
        while (low < high && c->codes[low] != code)
            low++;
        return low;
    }
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (c->codes[mid] < code)
            low = mid + 1;
        else
            high = mid;
    }
    return low < c->n_codes && c->codes[low] == code ? low : c->n_codes;
}

static int add_code(struct zm_cover *c, uint64_t code, struct zm_err *err)
{
    if (c->n_codes == c->cap_codes) {
        uint32_t cap = c->cap_codes ? c->cap_codes * 2 : 64;
        if (cap > MAX_CODES)
            return zm_fail(err, ZM_E_MEMORY, "a cover has more than %d divisions", MAX_CODES);
        uint64_t *codes = zm_realloc(c->codes, cap * sizeof *codes);
        if (!codes)
            return zm_fail_memory(err, cap * sizeof *codes);
        c->codes = codes;
        c->cap_codes = cap;
    }
    c->codes[c->n_codes++] = code;
    return 0;
}

int zm_cover_add(struct zm_cover *c, uint64_t code, const struct zm_shape *shape, struct zm_err *err)
{
    if (c->built || code == 0)
        return zm_fail(err, ZM_E_INTERNAL, "a division is added without a code or after the cover was built");
    if (shape->type != ZM_SHAPE_POLYGON)
        return zm_fail(err, ZM_E_INPUT, "the shape of division %llu is no polygon", (unsigned long long)code);
    uint32_t index = find_code(c, code);
    if (index == c->n_codes)
        ZM_TRY(add_code(c, code, err));
    return zm_edge_set_add(&c->set, index, shape, err);
}

/* Sorts the codes; rank[old index] = new index. */
static int rank_codes(struct zm_cover *c, uint32_t *rank, struct zm_err *err)
{
    struct zm_pair *pairs = zm_alloc(c->n_codes * sizeof *pairs);
    if (!pairs)
        return zm_fail_memory(err, c->n_codes * sizeof *pairs);
    for (uint32_t i = 0; i < c->n_codes; i++)
        pairs[i] = (struct zm_pair){c->codes[i], i};
    int rc = zm_sort(pairs, c->n_codes, err);
    for (uint32_t i = 0; rc == 0 && i < c->n_codes; i++) {
        c->codes[i] = pairs[i].key;
        rank[pairs[i].value] = i;
    }
    zm_free(pairs);
    return rc;
}

int zm_cover_build(struct zm_cover *c, struct zm_err *err)
{
    if (c->built)
        return zm_fail(err, ZM_E_INTERNAL, "a cover is built twice");
    uint32_t *rank = zm_alloc(c->n_codes * sizeof *rank);
    if (!rank)
        return zm_fail_memory(err, c->n_codes * sizeof *rank);
    int rc = rank_codes(c, rank, err);
    c->built = true;
    if (rc == 0)
        rc = zm_edge_set_sort(&c->set, rank, c->n_codes, err);
    zm_free(rank);
    if (rc == 0 && c->set.n)
        rc = zm_cover_build_grid(c, err);
    if (rc != 0)
        c->side = 0;
    return rc;
}

uint32_t zm_cover_n_codes(const struct zm_cover *c)
{
    return c->built ? c->n_codes : 0;
}

uint64_t zm_cover_edges(const struct zm_cover *c, uint32_t i, const struct zm_edge **edges, uint32_t *n)
{
    *edges = c->set.edges + c->set.first[i];
    *n = c->set.first[i + 1] - c->set.first[i];
    return c->codes[i];
}

bool zm_cover_has(const struct zm_cover *c, uint64_t code)
{
    return find_code(c, code) < c->n_codes;
}

bool zm_cover_empty(const struct zm_cover *c)
{
    return c->n_codes == 0;
}

/* A point in its cell. */
struct place {
    double x, y;
    double corner_x, corner_y;
    uint32_t cell;
};

static bool find_cell(const struct zm_cover *c, double x, double y, struct place *out)
{
    uint32_t side = c->side;
    if (side == 0 ||
        !(x >= c->lines_x[0] && x < c->lines_x[side] && y >= c->lines_y[0] && y < c->lines_y[side]))
        return false;
    uint32_t col = zm_grid_line(c->lines_x, side, c->scale_x, x);
    uint32_t row = zm_grid_line(c->lines_y, side, c->scale_y, y);
    *out = (struct place){x, y, c->lines_x[col], c->lines_y[row], row * side + col};
    return true;
}

static bool between(double v, double a, double b)
{
    return a < b ? a <= v && v <= b : b <= v && v <= a;
}

/* Is the point on an edge that does not straddle its horizontal: on a level edge, or at an upper end? */
static bool on_level_edge(const struct zm_edge *e, double x, double y)
{
    if (e->ay == y && e->by == y)
        return between(x, e->ax, e->bx);
    return (e->ax == x && e->ay == y) || (e->bx == x && e->by == y);
}

enum walk { WALK_KEEPS, WALK_TURNS, WALK_ON_EDGE };

/* What an edge does to the walk from the cell's corner over (corner_x, y) to the point. */
static enum walk walk_edge(const struct zm_edge *e, const struct place *p)
{
    bool level = zm_edge_straddles_y(e, p->y), upright = zm_edge_straddles_x(e, p->corner_x);
    if (!level && on_level_edge(e, p->x, p->y))
        return WALK_ON_EDGE;
    if (!level && !upright)
        return WALK_KEEPS;
    bool turns = false;
    int turning_side = zm_edge_side(e, p->corner_x, p->y);
    if (level) {
        int point_side = zm_orient(e->ax, e->ay, e->bx, e->by, p->x, p->y);
        if (point_side == 0)
            return WALK_ON_EDGE;
        turns = point_side != turning_side;
    }
    if (upright)
        turns ^= turning_side != zm_edge_side(e, p->corner_x, p->corner_y);
    return turns ? WALK_TURNS : WALK_KEEPS;
}

/* Is the point inside or on an edge of the code whose edges in this cell are refs [at, end)? */
static bool inside_group(const struct zm_cover *c, const struct place *p, uint32_t at, uint32_t end,
                         bool corner_inside)
{
    bool inside = corner_inside;
    for (; at < end; at++) {
        enum walk w = walk_edge(&c->set.edges[c->refs[at]], p);
        if (w == WALK_ON_EDGE)
            return true;
        inside ^= w == WALK_TURNS;
    }
    return inside;
}

static uint32_t group_end(const struct zm_cover *c, uint32_t at, uint32_t end)
{
    uint32_t code_end = c->set.first[c->set.owner[c->refs[at]] + 1];
    while (at < end && c->refs[at] < code_end)
        at++;
    return at;
}

/* Goes through the codes with edges in the cell and those around its corner together, in ascending order: the
 * first that holds the point is the smallest. */
uint64_t zm_cover_locate(const struct zm_cover *c, double lon, double lat)
{
    struct place p;
    if (!find_cell(c, lon, lat, &p))
        return 0;
    const uint32_t *set = &c->sets[c->corner[p.cell]], *set_end = set + 1 + *set;
    set++;
    uint32_t at = c->begin[p.cell], end = c->begin[p.cell + 1];
    while (at < end) {
        uint32_t code = c->set.owner[c->refs[at]];
        if (set < set_end && *set < code)
            return c->codes[*set];
        bool corner_inside = set < set_end && *set == code;
        uint32_t next = group_end(c, at, end);
        if (inside_group(c, &p, at, next, corner_inside))
            return c->codes[code];
        set += corner_inside;
        at = next;
    }
    return set < set_end ? c->codes[*set] : 0;
}

static bool contains(const struct zm_cover *c, uint32_t code, double lon, double lat)
{
    struct place p;
    if (!find_cell(c, lon, lat, &p))
        return false;
    const uint32_t *set = &c->sets[c->corner[p.cell]];
    bool corner_inside = false;
    for (uint32_t i = 1; i <= *set; i++)
        corner_inside |= set[i] == code;
    uint32_t at = c->begin[p.cell], end = c->begin[p.cell + 1];
    while (at < end && c->refs[at] < c->set.first[code])
        at++;
    uint32_t stop = at;
    while (stop < end && c->refs[stop] < c->set.first[code + 1])
        stop++;
    return inside_group(c, &p, at, stop, corner_inside);
}

double zm_cover_distance_m(const struct zm_cover *c, uint64_t code, double lon, double lat)
{
    uint32_t index = find_code(c, code);
    if (index == c->n_codes || c->side == 0 || !isfinite(lon) || !isfinite(lat))
        return NAN;
    if (contains(c, index, lon, lat))
        return 0;
    return zm_edge_set_distance_m(&c->set, index, lon, lat);
}
