/* The PROJ bridge. PROJ is only asked to undo a map projection; a change of datum is never left to it,
 * because what it knows between the old Chinese datums and CGCS2000 are ballpark operations without
 * parameters. */
#include "geo/base/mem.h"
#include "geo/space/crs.h"
#include "geo/space/webdatum.h"

#include <math.h>
#include <proj.h>
#include <stdio.h>

enum { MAX_DECLARED = 32 };

/* Data this far outside a projection's area of use are no data of that projection. */
#define AREA_MARGIN_DEG 6.0

enum way { WAY_NONE, WAY_SAME, WAY_GCJ, WAY_BD, WAY_PROJECTED };

struct zm_crs {
    char declared[MAX_DECLARED];
    bool approved, projected;
    enum zm_crs_state state;
    enum way way;
    char reason[256];
    PJ_CONTEXT *context; /* owned; NULL unless way is WAY_PROJECTED */
    PJ *to_degrees;      /* owned; east, north -> longitude, latitude of the same datum */
    double west, south, east, north;
};

/* Datums that agree with CGCS2000 to less than a metre, so that degrees are taken over as they are. */
static const char *const same_datums[] = {
    "China 2000",
    "CGCS2000",
    "World Geodetic System 1984",
    "European Terrestrial Reference System 1989",
    "International Terrestrial Reference Frame",
};

static bool is_same_datum(const char *name)
{
    for (size_t i = 0; i < sizeof same_datums / sizeof *same_datums; i++) {
        if (strncmp(name, same_datums[i], strlen(same_datums[i])) == 0)
            return true;
    }
    return false;
}

static int fail_crs(const struct zm_crs *c, const char *what, struct zm_err *err)
{
    return zm_fail(err, ZM_E_USAGE,
                   "datum = %s: %s (known are EPSG:4490, another EPSG code, GCJ-02, BD-09 and none)",
                   c->declared, what);
}

/* PROJ reports through return values; its log lines say the same again. */
static PJ_CONTEXT *open_context(void)
{
    PJ_CONTEXT *context = proj_context_create();
    if (context) {
        proj_context_set_enable_network(context, 0);
        proj_log_level(context, PJ_LOG_NONE);
    }
    return context;
}

/* Are the axes east and north in metres, in either order? What a polar or an old survey grid has is not. */
static bool has_metric_axes(PJ_CONTEXT *context, const PJ *crs)
{
    PJ *system = proj_crs_get_coordinate_system(context, crs);
    int n = system ? proj_cs_get_axis_count(context, system) : 0;
    bool east = false, north = false;
    for (int i = 0; i < n; i++) {
        const char *direction = NULL;
        double to_metres = 0;
        if (!proj_cs_get_axis_info(context, system, i, NULL, NULL, &direction, &to_metres, NULL, NULL,
                                   NULL) ||
            !direction || to_metres != 1.0)
            continue;
        east |= strcmp(direction, "east") == 0;
        north |= strcmp(direction, "north") == 0;
    }
    proj_destroy(system);
    return n == 2 && east && north;
}

/* The way back from the projection to degrees of its own datum, x = east and longitude first on both sides,
 * whatever axis order the authority gives (EPSG:4549 is north, east; EPSG:4490 is latitude, longitude). */
static int open_projection(struct zm_crs *c, PJ *crs, PJ *base, struct zm_err *err)
{
    if (!has_metric_axes(c->context, crs))
        return fail_crs(c, "its axes are not east and north in metres", err);
    PJ *raw = proj_create_crs_to_crs_from_pj(c->context, crs, base, NULL, NULL);
    if (raw) {
        c->to_degrees = proj_normalize_for_visualization(c->context, raw);
        proj_destroy(raw);
    }
    if (!c->to_degrees)
        return fail_crs(c, "PROJ cannot invert its projection", err);
    if (!proj_get_area_of_use(c->context, crs, &c->west, &c->south, &c->east, &c->north, NULL) ||
        c->west < -180 || c->west > c->east) {
        c->west = c->south = -180;
        c->east = c->north = 180;
    }
    c->way = WAY_PROJECTED;
    return 0;
}

static void refuse_old_datum(struct zm_crs *c, const char *datum)
{
    c->state = ZM_CRS_OLD_DATUM;
    snprintf(c->reason, sizeof c->reason,
             "%s is on the datum %s; without a parameter file only a ballpark operation leads from it to "
             "CGCS2000, "
             "which would leave points tens of metres off",
             c->declared, datum);
}

/* Decides by the datum of the CRS and opens its projection, if it has one. */
static int open_by_datum(struct zm_crs *c, PJ *crs, PJ *base, struct zm_err *err)
{
    PJ *datum = proj_crs_get_datum_forced(c->context, base);
    const char *name = datum ? proj_get_name(datum) : NULL;
    int rc = 0;
    if (!name)
        rc = fail_crs(c, "PROJ knows no datum of it", err);
    else if (!is_same_datum(name))
        refuse_old_datum(c, name);
    else if (c->projected)
        rc = open_projection(c, crs, base, err);
    proj_destroy(datum);
    return rc;
}

static int open_epsg(struct zm_crs *c, struct zm_err *err)
{
    c->context = open_context();
    if (!c->context)
        return zm_fail(err, ZM_E_MEMORY, "PROJ cannot be started");
    if (!proj_context_get_database_path(c->context))
        return zm_fail(err, ZM_E_INPUT,
                       "PROJ's database proj.db cannot be read (package proj-data, or PROJ_DATA)");
    PJ *crs = proj_create(c->context, c->declared);
    if (!crs)
        return fail_crs(c, "PROJ does not know this code", err);
    PJ_TYPE type = proj_get_type(crs);
    c->projected = type == PJ_TYPE_PROJECTED_CRS;
    int rc;
    if (c->projected || type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS) {
        PJ *base = proj_crs_get_geodetic_crs(c->context, crs);
        rc = base ? open_by_datum(c, crs, base, err) : fail_crs(c, "PROJ knows no datum of it", err);
        proj_destroy(base);
    } else {
        rc = fail_crs(c, "it is neither a geographic nor a projected reference system", err);
    }
    proj_destroy(crs);
    return rc;
}

static bool is_epsg(struct zm_str s)
{
    uint64_t code;
    return zm_str_starts(s, ZM_STR("EPSG:")) && s.len <= 11 &&
           zm_str_to_u64(zm_str_sub(s, 5, s.len), &code) && code > 0;
}

static int open_declared(struct zm_crs *c, struct zm_str declared, struct zm_err *err)
{
    bool gcj = zm_str_eq(declared, ZM_STR("GCJ-02"));
    if (gcj || zm_str_eq(declared, ZM_STR("BD-09"))) {
        c->way = gcj ? WAY_GCJ : WAY_BD;
        c->state = c->approved ? ZM_CRS_CONVERTED : ZM_CRS_NO_APPROVAL;
        if (!c->approved)
            snprintf(c->reason, sizeof c->reason, "%s is converted back only with gcj_inverse_approval",
                     c->declared);
        return 0;
    }
    if (zm_str_eq(declared, ZM_STR("none"))) {
        c->state = ZM_CRS_NONE;
        c->way = WAY_NONE;
        snprintf(c->reason, sizeof c->reason, "the source is declared to have no coordinates");
        return 0;
    }
    c->state = ZM_CRS_READY;
    c->way = WAY_SAME;
    /* The two that nearly every source has need no look into PROJ's database. */
    if (zm_str_eq(declared, ZM_STR("EPSG:4490")) || zm_str_eq(declared, ZM_STR("EPSG:4326")))
        return 0;
    return is_epsg(declared) ? open_epsg(c, err) : fail_crs(c, "this is no datum", err);
}

int zm_crs_open(struct zm_crs **out, struct zm_str declared, bool approved, struct zm_err *err)
{
    declared = zm_str_trim(declared);
    struct zm_crs *c = zm_calloc(1, sizeof *c);
    if (!c)
        return zm_fail_memory(err, sizeof *c);
    snprintf(c->declared, sizeof c->declared, "%.*s", ZM_FMT(declared));
    c->approved = approved;
    int rc = open_declared(c, declared, err);
    if (rc != 0)
        zm_crs_close(c);
    else
        *out = c;
    return rc;
}

int zm_crs_clone(struct zm_crs **out, const struct zm_crs *crs, struct zm_err *err)
{
    return zm_crs_open(out, zm_str(crs->declared), crs->approved, err);
}

void zm_crs_close(struct zm_crs *crs)
{
    if (!crs)
        return;
    proj_destroy(crs->to_degrees);
    proj_context_destroy(crs->context);
    zm_free(crs);
}

enum zm_crs_state zm_crs_state(const struct zm_crs *crs)
{
    return crs->state;
}

const char *zm_crs_reason(const struct zm_crs *crs)
{
    return crs->reason;
}

bool zm_crs_projected(const struct zm_crs *crs)
{
    return crs->projected;
}

static bool unproject(struct zm_crs *crs, double *x, double *y)
{
    PJ_COORD p = proj_trans(crs->to_degrees, PJ_FWD, proj_coord(*x, *y, 0, 0));
    if (proj_errno(crs->to_degrees)) {
        proj_errno_reset(crs->to_degrees);
        return false;
    }
    if (!(p.xy.x >= crs->west - AREA_MARGIN_DEG && p.xy.x <= crs->east + AREA_MARGIN_DEG &&
          p.xy.y >= crs->south - AREA_MARGIN_DEG && p.xy.y <= crs->north + AREA_MARGIN_DEG))
        return false;
    *x = p.xy.x;
    *y = p.xy.y;
    return true;
}

bool zm_crs_to_4490(struct zm_crs *crs, double *x, double *y)
{
    if (!isfinite(*x) || !isfinite(*y) || (crs->state != ZM_CRS_READY && crs->state != ZM_CRS_CONVERTED))
        return false;
    if (crs->way == WAY_PROJECTED)
        return unproject(crs, x, y);
    if (!(fabs(*x) <= 180 && fabs(*y) <= 90))
        return false;
    if (crs->way == WAY_GCJ)
        zm_wgs_from_gcj(*x, *y, x, y);
    else if (crs->way == WAY_BD)
        zm_wgs_from_bd(*x, *y, x, y);
    return true;
}
