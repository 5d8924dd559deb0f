/* WKB in two walks over the same bytes: the first counts and refuses, the second copies into memory of the
 * right size, so that no count in the file decides how much is allocated. */
#include "geo/space/shape.h"

#include "geo/base/mem.h"

#include <math.h>

enum wkb_type { WKB_POINT = 1, WKB_LINE, WKB_POLYGON, WKB_MULTI_POINT, WKB_MULTI_LINE, WKB_MULTI_POLYGON };

/* EWKB marks dimensions and an SRID in the high bits, ISO adds 1000, 2000 or 3000. */
#define EWKB_Z     0x80000000u
#define EWKB_M     0x40000000u
#define EWKB_SRID  0x20000000u
#define EWKB_FLAGS (EWKB_Z | EWKB_M | EWKB_SRID)

struct reader {
    const unsigned char *at, *end;
    bool swapped;       /* big endian, set by the nearest head */
    unsigned doubles;   /* a point has 2, 3 or 4 */
    struct zm_shape *s; /* xy and ends are NULL in the counting walk */
    struct zm_err *err;
};

static int bad(struct reader *r, const char *what)
{
    return zm_fail(r->err, ZM_E_INPUT, "bad WKB geometry: %s", what);
}

static int read_u32(struct reader *r, uint32_t *out)
{
    if (r->end - r->at < 4)
        return bad(r, "it ends too early");
    uint32_t v;
    memcpy(&v, r->at, 4);
    *out = r->swapped ? __builtin_bswap32(v) : v;
    r->at += 4;
    return 0;
}

static double read_double(struct reader *r)
{
    uint64_t bits;
    memcpy(&bits, r->at, 8);
    if (r->swapped)
        bits = __builtin_bswap64(bits);
    r->at += 8;
    double v;
    memcpy(&v, &bits, 8);
    return v;
}

static int read_head(struct reader *r, enum wkb_type *type)
{
    if (r->at == r->end)
        return bad(r, "it ends too early");
    unsigned char order = *r->at++;
    if (order > 1)
        return bad(r, "the byte order is neither 0 nor 1");
    r->swapped = (order == 1) != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    uint32_t word;
    ZM_TRY(read_u32(r, &word));
    uint32_t base = word & ~EWKB_FLAGS;
    uint32_t iso = base / 1000;
    bool has_z = (word & EWKB_Z) || iso == 1 || iso == 3;
    bool has_m = (word & EWKB_M) || iso == 2 || iso == 3;
    base %= 1000;
    if (iso > 3 || base < WKB_POINT || base > WKB_MULTI_POLYGON)
        return bad(r, "its type is none of point, line, polygon and their multi types");
    if (word & EWKB_SRID) {
        uint32_t srid;
        ZM_TRY(read_u32(r, &srid));
    }
    r->doubles = 2u + has_z + has_m;
    *type = (enum wkb_type)base;
    return 0;
}

/* n points, each checked; what lies behind x and y is dropped. */
static int read_points(struct reader *r, uint32_t n)
{
    size_t point_bytes = sizeof(double) * r->doubles;
    if (n > (size_t)(r->end - r->at) / point_bytes)
        return bad(r, "it counts more points than it has bytes");
    struct zm_shape *s = r->s;
    if (n > UINT32_MAX / 4 - s->n_points)
        return bad(r, "it has too many points");
    for (uint32_t i = 0; i < n; i++) {
        double x = read_double(r), y = read_double(r);
        r->at += point_bytes - 16;
        if (!isfinite(x) || !isfinite(y))
            return bad(r, "a coordinate is not a finite number");
        if (s->xy) {
            s->xy[2 * (size_t)(s->n_points + i)] = x;
            s->xy[2 * (size_t)(s->n_points + i) + 1] = y;
        }
    }
    s->n_points += n;
    return 0;
}

/* One line or ring; an empty one leaves no part. */
static int read_part(struct reader *r, uint32_t n)
{
    ZM_TRY(read_points(r, n));
    if (n == 0)
        return 0;
    struct zm_shape *s = r->s;
    if (s->ends)
        s->ends[s->n_parts] = s->n_points;
    s->n_parts++;
    return 0;
}

static int read_simple(struct reader *r, enum wkb_type type)
{
    uint32_t n = 1, rings = 1;
    if (type == WKB_POINT)
        return read_part(r, 1);
    if (type == WKB_POLYGON)
        ZM_TRY(read_u32(r, &rings));
    for (uint32_t i = 0; i < rings; i++) {
        ZM_TRY(read_u32(r, &n));
        ZM_TRY(read_part(r, n));
    }
    return 0;
}

static int read_geometry(struct reader *r)
{
    enum wkb_type type, member;
    uint32_t n;
    ZM_TRY(read_head(r, &type));
    bool multi = type >= WKB_MULTI_POINT;
    enum wkb_type simple = multi ? type - (WKB_MULTI_POINT - WKB_POINT) : type;
    r->s->type = simple == WKB_POINT ? ZM_SHAPE_POINT : simple == WKB_LINE ? ZM_SHAPE_LINE : ZM_SHAPE_POLYGON;
    if (!multi)
        return read_simple(r, simple);
    ZM_TRY(read_u32(r, &n));
    for (uint32_t i = 0; i < n; i++) {
        bool swapped = r->swapped;
        ZM_TRY(read_head(r, &member));
        if (member != simple)
            return bad(r, "a member of a multi type has another type");
        ZM_TRY(read_simple(r, member));
        r->swapped = swapped;
    }
    return 0;
}

static int walk(struct zm_shape *s, struct zm_str wkb, struct zm_err *err)
{
    const unsigned char *bytes = (const unsigned char *)wkb.ptr;
    if (wkb.len == 0)
        return zm_fail(err, ZM_E_INPUT, "bad WKB geometry: it is empty");
    struct reader r = {.at = bytes, .end = bytes + wkb.len, .s = s, .err = err};
    ZM_TRY(read_geometry(&r));
    if (r.at != r.end)
        return bad(&r, "bytes are left over behind it");
    if (s->n_points == 0)
        return bad(&r, "it has no point");
    return 0;
}

int zm_shape_from_wkb(struct zm_shape *out, struct zm_str wkb, struct zm_err *err)
{
    struct zm_shape s = {0};
    ZM_TRY(walk(&s, wkb, err));
    size_t xy_bytes = 2 * (size_t)s.n_points * sizeof *s.xy, ends_bytes = s.n_parts * sizeof *s.ends;
    s.xy = zm_alloc(xy_bytes);
    s.ends = zm_alloc(ends_bytes);
    if (!s.xy || !s.ends) {
        zm_shape_release(&s);
        return zm_fail_memory(err, xy_bytes + ends_bytes);
    }
    s.n_points = s.n_parts = 0;
    int rc = walk(&s, wkb, err);
    if (rc != 0)
        zm_shape_release(&s);
    else
        *out = s;
    return rc;
}

void zm_shape_release(struct zm_shape *s)
{
    zm_free(s->xy);
    zm_free(s->ends);
    *s = (struct zm_shape){0};
}
