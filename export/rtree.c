#include "export/rtree.h"

#include "export/cell.h"
#include "geo/base/mem.h"
#include "geo/base/sort.h"

#include <math.h>

enum {
    NODE_CELLS = 51, /* RTREE_MAXCELLS */
    CELL_BYTES = 24,
    NODE_BYTES = 4 + NODE_CELLS * CELL_BYTES,
    LEVELS_MAX = 8, /* 51^8 points and more */
    HILBERT_BITS = 16
};

static const size_t points_max = (size_t)24 << 27;

struct point {
    double x, y;
    uint32_t fid;
    uint32_t node; /* the leaf it lies in */
};

struct box {
    float min_x, max_x, min_y, max_y;
};

/* One level of nodes; the children of node i are those of the level below from n_below * i / n on. */
struct level {
    struct box *boxes; /* owned */
    size_t n;
    uint64_t first; /* number of its first node */
};

struct packing {
    struct zm_rtree *tree;
    struct zm_pair *order; /* owned; value = index of the point */
    size_t n_points;
    struct level levels[LEVELS_MAX]; /* 0 = leaves, n_levels - 1 = root */
    unsigned n_levels;
};

void zm_rtree_init(struct zm_rtree *t)
{
    *t = (struct zm_rtree){.min_x = 0};
    zm_buf_init(&t->points, points_max);
}

void zm_rtree_release(struct zm_rtree *t)
{
    zm_buf_release(&t->points);
}

uint64_t zm_rtree_count(const struct zm_rtree *t)
{
    return t->points.len / sizeof(struct point);
}

static struct point *points_of(struct zm_rtree *t)
{
    return (struct point *)(void *)t->points.ptr;
}

int zm_rtree_add(struct zm_rtree *t, uint64_t fid, double x, double y, struct zm_err *err)
{
    struct point p = {.x = x, .y = y, .fid = (uint32_t)fid};
    bool first = t->points.len == 0;
    if (fid > UINT32_MAX)
        return zm_fail(err, ZM_E_OUTPUT, "a layer holds at most 4294967295 rows");
    ZM_TRY(zm_buf_put(&t->points, zm_str_n((const char *)&p, sizeof p), err));
    t->min_x = first || x < t->min_x ? x : t->min_x;
    t->max_x = first || x > t->max_x ? x : t->max_x;
    t->min_y = first || y < t->min_y ? y : t->min_y;
    t->max_y = first || y > t->max_y ? y : t->max_y;
    return 0;
}

/* Place on the Hilbert curve of a 65,536 x 65,536 grid: neighbours on the curve are neighbours on the map. */
static uint32_t hilbert(uint32_t x, uint32_t y)
{
    uint32_t d = 0;
    for (uint32_t s = UINT32_C(1) << (HILBERT_BITS - 1); s; s >>= 1) {
        uint32_t rx = (x & s) != 0, ry = (y & s) != 0;
        d = d << 2 | ((3 * rx) ^ ry);
        if (ry)
            continue;
        if (rx) {
            x = s - 1 - (x & (s - 1));
            y = s - 1 - (y & (s - 1));
        }
        uint32_t swapped = x;
        x = y;
        y = swapped;
    }
    return d;
}

static uint32_t grid(double value, double min, double max)
{
    return max > min ? (uint32_t)((value - min) / (max - min) * ((1 << HILBERT_BITS) - 1)) : 0;
}

/* The index holds float32 bounds: outwards, or a search could miss a point on an edge. */
static float below(double value)
{
    float f = (float)value;
    return (double)f > value ? nextafterf(f, -INFINITY) : f;
}

static float above(double value)
{
    float f = (float)value;
    return (double)f < value ? nextafterf(f, INFINITY) : f;
}

static struct box point_box(const struct point *p)
{
    return (struct box){below(p->x), above(p->x), below(p->y), above(p->y)};
}

static struct box box_join(struct box a, struct box b)
{
    return (struct box){fminf(a.min_x, b.min_x), fmaxf(a.max_x, b.max_x), fminf(a.min_y, b.min_y),
                        fmaxf(a.max_y, b.max_y)};
}

/* Child i of a level: a point for the leaves, else a node of the level below. */
static struct box child_box(const struct packing *p, unsigned level, size_t i)
{
    if (level == 0)
        return point_box(&points_of(p->tree)[p->order[i].value]);
    return p->levels[level - 1].boxes[i];
}

static uint64_t child_id(const struct packing *p, unsigned level, size_t i)
{
    if (level == 0)
        return points_of(p->tree)[p->order[i].value].fid;
    return p->levels[level - 1].first + i;
}

static size_t children_of(const struct packing *p, unsigned level)
{
    return level == 0 ? p->n_points : p->levels[level - 1].n;
}

static int sort_points(struct packing *p, struct zm_err *err)
{
    const struct zm_rtree *t = p->tree;
    const struct point *points = points_of(p->tree);
    p->order = zm_alloc(p->n_points * sizeof *p->order);
    if (!p->order)
        return zm_fail_memory(err, p->n_points * sizeof *p->order);
    for (size_t i = 0; i < p->n_points; i++) {
        uint32_t x = grid(points[i].x, t->min_x, t->max_x), y = grid(points[i].y, t->min_y, t->max_y);
        p->order[i] = (struct zm_pair){.key = hilbert(x, y), .value = i};
    }
    return zm_sort(p->order, p->n_points, err);
}

/* Bounds of one level of nodes. Children are dealt out evenly, so that no node is left nearly empty: SQLite
 * would dissolve it at the first deletion. */
static int build_level(struct packing *p, struct zm_err *err)
{
    unsigned at = p->n_levels;
    size_t n_children = children_of(p, at), n = (n_children + NODE_CELLS - 1) / NODE_CELLS;
    struct level level = {.n = n ? n : 1};
    if (at == LEVELS_MAX)
        return zm_fail(err, ZM_E_INTERNAL, "the spatial index is too deep");
    level.boxes = zm_calloc(level.n, sizeof *level.boxes);
    if (!level.boxes)
        return zm_fail_memory(err, level.n * sizeof *level.boxes);
    for (size_t node = 0; node < n; node++) {
        size_t from = n_children * node / n, to = n_children * (node + 1) / n;
        struct box box = child_box(p, at, from);
        for (size_t i = from + 1; i < to; i++)
            box = box_join(box, child_box(p, at, i));
        level.boxes[node] = box;
    }
    p->levels[p->n_levels++] = level;
    return 0;
}

/* Nodes are numbered from the root down, so that they can be written in ascending order. */
static void number_levels(struct packing *p)
{
    uint64_t next = 1;
    for (unsigned level = p->n_levels; level-- > 0; next += p->levels[level].n)
        p->levels[level].first = next;
}

static unsigned char *put_bits(unsigned char *at, uint64_t bits, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (unsigned char)(bits >> (8 * (bytes - 1 - i)));
    return at + bytes;
}

static unsigned char *put_float(unsigned char *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_bits(at, bits, 4);
}

/* The bytes of a node. Filling a leaf also tells its points where they are, for the table of row ids. */
static void fill_node(const struct packing *p, unsigned level, size_t node, unsigned char image[NODE_BYTES])
{
    size_t n_children = children_of(p, level), n = p->levels[level].n;
    size_t from = n_children * node / n, to = n_children * (node + 1) / n;
    memset(image, 0, NODE_BYTES);
    put_bits(image, level + 1 == p->n_levels ? level : 0, 2);
    unsigned char *at = put_bits(image + 2, to - from, 2);
    for (size_t i = from; i < to; i++) {
        struct box box = child_box(p, level, i);
        at = put_bits(at, child_id(p, level, i), 8);
        at = put_float(at, box.min_x);
        at = put_float(at, box.max_x);
        at = put_float(at, box.min_y);
        at = put_float(at, box.max_y);
        if (level == 0)
            points_of(p->tree)[p->order[i].value].node = (uint32_t)(p->levels[0].first + node);
    }
}

/* A row of a shadow table: the integer key and one value. */
static int add_row(struct zm_btree *b, struct zm_buf *record, uint64_t key, struct zm_cell value,
                   struct zm_err *err)
{
    struct zm_cell cells[2] = {{.type = ZM_CELL_NULL}, value};
    zm_buf_reset(record);
    ZM_TRY(zm_record_put(record, cells, 2, err));
    return zm_btree_add(b, key, zm_buf_str(record), err);
}

static int write_nodes(const struct packing *p, struct zm_btree *b, struct zm_buf *record, struct zm_err *err)
{
    unsigned char image[NODE_BYTES];
    for (unsigned level = p->n_levels; level-- > 0;) {
        for (size_t node = 0; node < p->levels[level].n; node++) {
            fill_node(p, level, node, image);
            struct zm_cell blob = zm_cell_blob(zm_str_n((const char *)image, sizeof image));
            ZM_TRY(add_row(b, record, p->levels[level].first + node, blob, err));
        }
    }
    return zm_btree_finish(b, err);
}

/* The parent of every node but the root, in ascending order of nodes. */
static int write_parents(const struct packing *p, struct zm_btree *b, struct zm_buf *record,
                         struct zm_err *err)
{
    for (unsigned level = p->n_levels - 1; level-- > 0;) {
        const struct level *up = &p->levels[level + 1];
        size_t n = p->levels[level].n;
        for (size_t parent = 0; parent < up->n; parent++) {
            for (size_t i = n * parent / up->n; i < n * (parent + 1) / up->n; i++)
                ZM_TRY(add_row(b, record, p->levels[level].first + i,
                               zm_cell_int((int64_t)(up->first + parent)), err));
        }
    }
    return zm_btree_finish(b, err);
}

/* The leaf of every point, in ascending order of fid, which is the order they were added in. */
static int write_rowids(const struct packing *p, struct zm_btree *b, struct zm_buf *record,
                        struct zm_err *err)
{
    const struct point *points = points_of(p->tree);
    for (size_t i = 0; i < p->n_points; i++)
        ZM_TRY(add_row(b, record, points[i].fid, zm_cell_int(points[i].node), err));
    return zm_btree_finish(b, err);
}

typedef int write_table(const struct packing *p, struct zm_btree *b, struct zm_buf *record,
                        struct zm_err *err);

static int write_one(const struct packing *p, struct zm_pager *pager, uint32_t root, write_table *write,
                     struct zm_err *err)
{
    struct zm_btree tree;
    struct zm_buf record;
    zm_btree_init(&tree, pager, root);
    zm_buf_init(&record, 1 << 16);
    int rc = write(p, &tree, &record, err);
    zm_buf_release(&record);
    zm_btree_release(&tree);
    return rc;
}

int zm_rtree_write(struct zm_rtree *t, struct zm_pager *pager, const struct zm_rtree_tables *tables,
                   struct zm_err *err)
{
    struct packing p = {.tree = t, .n_points = zm_rtree_count(t)};
    int rc = p.n_points ? sort_points(&p, err) : 0;
    if (rc != 0)
        goto out;
    do {
        rc = build_level(&p, err);
    } while (rc == 0 && p.levels[p.n_levels - 1].n > 1);
    if (rc != 0)
        goto out;
    number_levels(&p);
    /* Nodes first: writing the leaves tells each point its node. */
    rc = write_one(&p, pager, tables->node, write_nodes, err);
    if (rc == 0)
        rc = write_one(&p, pager, tables->rowid, write_rowids, err);
    if (rc == 0)
        rc = write_one(&p, pager, tables->parent, write_parents, err);
out:
    for (unsigned i = 0; i < p.n_levels; i++)
        zm_free(p.levels[i].boxes);
    zm_free(p.order);
    return rc;
}
