#include "import/geometry_ogr.h"

#include "geo/record/batch.h"

#include <math.h>

enum { DEPTH_MAX = 4, LINE_POINTS_MIN = 2, RING_POINTS_MIN = 4 };

enum zm_want zm_ogr_wanted(enum zm_kind kind)
{
    switch (kind) {
    case ZM_KIND_ADDRESS:
    case ZM_KIND_PLATE:
    case ZM_KIND_STAKE:
        return ZM_WANT_POINT;
    case ZM_KIND_ROAD:
    case ZM_KIND_LINE:
        return ZM_WANT_LINE;
    case ZM_KIND_DIVISION:
        return ZM_WANT_AREA;
    default:
        return ZM_WANT_ANY;
    }
}

bool zm_ogr_point(OGRGeometryH geometry, double *x, double *y)
{
    if (!geometry || OGR_G_IsEmpty(geometry))
        return false;
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    if (type == wkbMultiPoint && OGR_G_GetGeometryCount(geometry) == 1) {
        geometry = OGR_G_GetGeometryRef(geometry, 0);
        type = wkbPoint;
    }
    if (type != wkbPoint || OGR_G_IsEmpty(geometry))
        return false;
    *x = OGR_G_GetX(geometry, 0);
    *y = OGR_G_GetY(geometry, 0);
    return isfinite(*x) && isfinite(*y);
}

static bool is_wanted(OGRwkbGeometryType type, enum zm_want want)
{
    bool line = type == wkbLineString || type == wkbMultiLineString;
    bool area = type == wkbPolygon || type == wkbMultiPolygon;
    switch (want) {
    case ZM_WANT_LINE:
        return line;
    case ZM_WANT_AREA:
        return area;
    case ZM_WANT_ANY:
        return line || area;
    default:
        return false;
    }
}

static bool are_points_sound(OGRGeometryH part, int least)
{
    int n = OGR_G_GetPointCount(part);
    for (int i = 0; i < n; i++)
        if (!isfinite(OGR_G_GetX(part, i)) || !isfinite(OGR_G_GetY(part, i)))
            return false;
    return n >= least;
}

/* Multi -> polygon -> ring, or multi -> line: nothing lies deeper in a type that is wanted. */
static bool is_sound(OGRGeometryH geometry, bool in_polygon, int depth)
{
    int parts = OGR_G_GetGeometryCount(geometry);
    if (parts == 0)
        return are_points_sound(geometry, in_polygon ? RING_POINTS_MIN : LINE_POINTS_MIN);
    bool polygon = wkbFlatten(OGR_G_GetGeometryType(geometry)) == wkbPolygon;
    for (int i = 0; i < parts; i++)
        if (depth == DEPTH_MAX || !is_sound(OGR_G_GetGeometryRef(geometry, i), polygon, depth + 1))
            return false;
    return true;
}

static int put_wkb(OGRGeometryH geometry, enum zm_want want, struct zm_buf *out, bool *sound,
                   struct zm_err *err)
{
    OGR_G_FlattenTo2D(geometry);
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    *sound = is_wanted(type, want) && !OGR_G_IsEmpty(geometry) && is_sound(geometry, false, 0);
    int size = *sound ? OGR_G_WkbSize(geometry) : 0;
    if (size <= 0 || size > ZM_GEOM_BYTES_MAX) {
        *sound = false;
        return 0;
    }
    char *at;
    ZM_TRY(zm_buf_reserve(out, (size_t)size, &at, err));
    *sound = OGR_G_ExportToIsoWkb(geometry, wkbNDR, (unsigned char *)at) == OGRERR_NONE;
    out->len += *sound ? (size_t)size : 0;
    return 0;
}

int zm_ogr_wkb(OGRGeometryH geometry, enum zm_want want, struct zm_buf *out, bool *sound, struct zm_err *err)
{
    if (!geometry) {
        *sound = false;
        return 0;
    }
    if (!OGR_G_HasCurveGeometry(geometry, 0))
        return put_wkb(geometry, want, out, sound, err);
    OGRGeometryH linear = OGR_G_GetLinearGeometry(geometry, 0, NULL);
    if (!linear) {
        *sound = false;
        return 0;
    }
    int rc = put_wkb(linear, want, out, sound, err);
    OGR_G_DestroyGeometry(linear);
    return rc;
}
