/* The position: read as delivered, repaired where only its order or prefix is wrong, converted, located. */
#include "geo/base/mem.h"
#include "geo/check/angle.h"
#include "geo/check/judge.h"
#include "geo/space/geo.h"

#include <math.h>

enum { COARSE_CITY = 3303, DECIMALS = 5, DECIMALS_FAR_TOO_FEW = 2, DEEP_LEVEL = 3 };

/* Where Wenzhou lies, with islands (domain notes section 7); degrees. */
static const double city_west = 119.5, city_east = 122.0, city_south = 26.9, city_north = 28.7;

static const double county_tolerance_m = 200, town_share = 0.5; /* towns: 100 m of the default 200 */
static const double city_tolerance_m = 1000, converted_acc_m = 10;

/* A position on its way. */
struct position {
    struct zm_str x_text, y_text;
    unsigned x_field, y_field;
    double x, y; /* longitude or east, latitude or north */
    unsigned x_decimals, y_decimals;
    bool plain;         /* decimal numbers, not degrees and minutes */
    struct zm_crs *crs; /* what it is written in; NULL: a zone that does not exist */
};

static int say(struct zm_judge *j, struct zm_verdict v, struct zm_str a, struct zm_str b, struct zm_err *err)
{
    return zm_judge_say(j, v, 2, (struct zm_str[]){a, b}, err);
}

/* ADR-010. A room can be found through its door, so it is only information there. */
static int say_lost(struct zm_judge *j, const char *key, bool of_source, struct zm_err *err)
{
    struct zm_str reason = zm_str(key);
    struct zm_verdict v = {.rule = ZM_ADR_010, .field = ZM_FIELD_NONE};
    v.worst = j->a.level < DEEP_LEVEL ? ZM_WARNING : ZM_INFO;
    if (of_source)
        v.cause = reason;
    return zm_judge_say(j, v, 1, &reason, err);
}

static bool delivered(const struct zm_check_worker *w, unsigned field)
{
    return w->tally.delivered[field];
}

/* Picks the pair of columns that fits the declared datum; the other pair if that is all there is. */
static struct position pick(const struct zm_judge *j, bool projected)
{
    const struct zm_str *c = j->cells;
    bool metres = c[ZM_AF_EAST].len || c[ZM_AF_NORTH].len, degrees = c[ZM_AF_LON].len || c[ZM_AF_LAT].len;
    struct position p = {.x_field = ZM_AF_LON, .y_field = ZM_AF_LAT};
    if (metres && (projected || !degrees)) {
        p.x_field = ZM_AF_EAST;
        p.y_field = ZM_AF_NORTH;
    }
    p.x_text = c[p.x_field];
    p.y_text = c[p.y_field];
    return p;
}

/* Degrees or metres from the two cells. *key: why there is no position, NULL if there is one. */
static int read_position(struct zm_judge *j, struct position *p, bool projected, const char **key,
                         struct zm_err *err)
{
    *key = "position.empty";
    if (!p->x_text.len || !p->y_text.len)
        return 0;
    *key = "position.invalid";
    if (projected) {
        p->plain = true;
        if (!zm_str_to_double(p->x_text, &p->x) || !zm_str_to_double(p->y_text, &p->y))
            return 0;
    } else {
        enum zm_angle x = zm_angle_read(p->x_text, &p->x, &p->x_decimals);
        enum zm_angle y = zm_angle_read(p->y_text, &p->y, &p->y_decimals);
        bool over = x == ZM_ANGLE_OVERFLOW || y == ZM_ANGLE_OVERFLOW;
        if (over && zm_judge_on(j, ZM_CRD_009)) {
            bool of_x = x == ZM_ANGLE_OVERFLOW;
            unsigned n;
            struct zm_str field =
                zm_judge_text_of(&j->w->row, "field.address.%s",
                                 zm_kind_fields(ZM_KIND_ADDRESS, &n)[of_x ? p->x_field : p->y_field].name);
            struct zm_verdict v = {
                .rule = ZM_CRD_009, .field = of_x ? p->x_field : p->y_field, .worst = ZM_ERROR};
            ZM_TRY(say(j, v, field, of_x ? p->x_text : p->y_text, err));
        }
        if (over || x == ZM_ANGLE_INVALID || y == ZM_ANGLE_INVALID)
            return 0;
        p->plain = x == ZM_ANGLE_PLAIN && y == ZM_ANGLE_PLAIN;
    }
    *key = p->x == 0 && p->y == 0 ? "position.zero" : NULL;
    return 0;
}

/* Before and after of a pair in the wrong order. */
static int say_swapped(struct zm_judge *j, struct zm_verdict v, const struct position *p, struct zm_err *err)
{
    struct zm_arena *row = &j->w->row;
    return say(j, v, zm_judge_text_of(row, "%.*s, %.*s", ZM_FMT(p->x_text), ZM_FMT(p->y_text)),
               zm_judge_text_of(row, "%.*s, %.*s", ZM_FMT(p->y_text), ZM_FMT(p->x_text)), err);
}

static void swap(struct position *p)
{
    double x = p->x;
    p->x = p->y;
    p->y = x;
}

/* CRD-002: degrees in the wrong order. That a GeoJSON file has them so is also CRD-011, once for the source.
 */
static int repair_degrees(struct zm_judge *j, struct position *p, struct zm_err *err)
{
    if (p->y < 119 || p->y > 122 || p->x < 26 || p->x > 29)
        return 0;
    zm_swap_tally_add(&j->w->tally.swap, j->a.row, p->x_text, p->y_text);
    if (!zm_judge_on(j, ZM_CRD_002))
        return 0;
    swap(p);
    struct zm_verdict v = {.rule = ZM_CRD_002, .field = p->x_field, .worst = ZM_ERROR, .fixed = true};
    return say_swapped(j, v, p, err);
}

/* The easting without a zone number before it. */
static double without_zone(double v)
{
    return v >= 1e7 ? v - floor(v / 1e6) * 1e6 : v;
}

/* CRD-004: a zone number too many, missing, or another zone's, which means another meridian. */
static int repair_zone(struct zm_judge *j, struct position *p, struct zm_err *err)
{
    const struct zm_grid *grid = &j->w->grid;
    bool has_prefix = p->x >= 1e7;
    unsigned zone = has_prefix ? (unsigned)fmin(floor(p->x / 1e6), 999) : grid->zone;
    bool other = zone != grid->zone;
    if (!grid->zone || (has_prefix == grid->has_prefix && !other) || !zm_judge_on(j, ZM_CRD_004))
        return 0;
    if (other)
        ZM_TRY(zm_worker_zone_crs(j->w, zone, &p->crs, err));
    else
        p->x += (grid->has_prefix ? 1e6 : -1e6) * grid->zone;
    struct zm_verdict v = {
        .rule = ZM_CRD_004, .field = p->x_field, .worst = ZM_ERROR, .fixed = p->crs != NULL};
    struct zm_str read_as = zm_judge_text_of(&j->w->row, "%.2f", p->x);
    return zm_judge_say(j, v, 3, (struct zm_str[]){p->x_text, read_as, j->w->source->datum}, err);
}

/* CRD-003: north and east in each other's column. */
static int repair_metres(struct zm_judge *j, struct position *p, struct zm_err *err)
{
    double north = without_zone(p->y);
    if (north >= 0.4e6 && north <= 0.7e6 && p->x >= 2.9e6 && p->x <= 3.2e6 && zm_judge_on(j, ZM_CRD_003)) {
        swap(p);
        struct zm_verdict v = {.rule = ZM_CRD_003, .field = p->x_field, .worst = ZM_ERROR, .fixed = true};
        ZM_TRY(say_swapped(j, v, p, err));
    }
    return repair_zone(j, p, err);
}

/* CRD-008. A value that ends in 0 by chance loses decimals in most programs, so one coordinate alone must be
 * far too coarse before it counts. */
static int judge_decimals(struct zm_judge *j, const struct position *p, struct zm_err *err)
{
    double least = zm_judge_threshold(j, ZM_CRD_008, DECIMALS);
    bool x_fewer = p->x_decimals <= p->y_decimals;
    unsigned few = x_fewer ? p->x_decimals : p->y_decimals, more = x_fewer ? p->y_decimals : p->x_decimals;
    if (few >= least || (more >= least && few > DECIMALS_FAR_TOO_FEW))
        return 0;
    struct zm_verdict v = {.rule = ZM_CRD_008, .field = x_fewer ? p->x_field : p->y_field, .worst = ZM_ERROR};
    return say(j, v, x_fewer ? p->x_text : p->y_text, zm_judge_text_of(&j->w->row, "%u", few), err);
}

/* Metres the point lies outside the city; 0 inside. */
static double outside_m(const struct zm_judge *j)
{
    const struct zm_check_worker *w = j->w;
    const struct zm_address *a = &j->a;
    if (!w->city_covered) {
        if (w->checker->city != COARSE_CITY)
            return 0;
        double lon = fmin(fmax(a->lon, city_west), city_east),
               lat = fmin(fmax(a->lat, city_south), city_north);
        return zm_distance_m(a->lon, a->lat, lon, lat);
    }
    if (a->point_county && zm_division_parent(a->point_county) == w->checker->city)
        return 0;
    double least = INFINITY;
    for (unsigned i = 0; i < w->n_city_counties; i++)
        least = fmin(least, zm_cover_distance_m(w->checker->counties, w->city_counties[i], a->lon, a->lat));
    return least;
}

/* ADR-011. The coarse box has no tolerance: it is one. */
static int judge_city(struct zm_judge *j, bool *outside, struct zm_err *err)
{
    double away_m = outside_m(j);
    double tolerance = j->w->city_covered ? zm_judge_threshold(j, ZM_ADR_011, city_tolerance_m) : 0;
    *outside = away_m > tolerance && zm_judge_on(j, ZM_ADR_011);
    if (!*outside)
        return 0;
    struct zm_arena *row = &j->w->row;
    struct zm_str args[3] = {zm_judge_text_of(row, "%.6f", j->a.lon), zm_judge_text_of(row, "%.6f", j->a.lat),
                             zm_judge_text_of(row, "%.1f", away_m / 1000)};
    struct zm_verdict v = {.rule = ZM_ADR_011, .field = ZM_FIELD_NONE, .worst = ZM_ERROR};
    return zm_judge_say(j, v, 3, args, err);
}

/* ADR-009 against one cover. */
static int judge_inside(struct zm_judge *j, const struct zm_cover *cover, uint32_t stated, uint32_t found,
                        double tolerance_m, enum zm_severity worst, bool *misplaced, struct zm_err *err)
{
    if (!cover || !stated || stated == found || !zm_cover_has(cover, stated))
        return 0;
    double away_m = zm_cover_distance_m(cover, stated, j->a.lon, j->a.lat);
    if (!(away_m > tolerance_m))
        return 0;
    *misplaced = true;
    struct zm_str there = zm_judge_name(j, found);
    struct zm_str args[3] = {zm_judge_name(j, stated), zm_judge_text_of(&j->w->row, "%.0f", away_m),
                             there.len ? there : ZM_STR("division.none")};
    struct zm_verdict v = {.rule = ZM_ADR_009, .field = ZM_FIELD_NONE, .worst = worst};
    return zm_judge_say(j, v, 3, args, err);
}

/* Outside the city is also outside every county: the wider statement is enough. */
static int locate(struct zm_judge *j, struct zm_err *err)
{
    const struct zm_checker *c = j->w->checker;
    struct zm_address *a = &j->a;
    bool outside = false, misplaced = false;
    if (c->counties)
        a->point_county = (uint32_t)zm_cover_locate(c->counties, a->lon, a->lat);
    if (c->towns)
        a->point_town = (uint32_t)zm_cover_locate(c->towns, a->lon, a->lat);
    ZM_TRY(judge_city(j, &outside, err));
    if (outside || !zm_judge_on(j, ZM_ADR_009))
        return 0;
    double tolerance_m = zm_judge_threshold(j, ZM_ADR_009, county_tolerance_m);
    ZM_TRY(judge_inside(j, c->counties, a->tuple.county, a->point_county, tolerance_m, ZM_ERROR, &misplaced,
                        err));
    if (misplaced)
        return 0;
    return judge_inside(j, c->towns, a->tuple.town, a->point_town, tolerance_m * town_share, ZM_WARNING,
                        &misplaced, err);
}

/* A converted point says so whatever the sender calls it, and is never more exact than the conversion. */
static void state_origin(struct zm_judge *j, bool converted)
{
    static const uint8_t origins[] = {ZM_POS_SURVEYED, ZM_POS_GRAPHIC, ZM_POS_PICKED, ZM_POS_IMPORTED,
                                      ZM_POS_CONVERTED};
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(ZM_KIND_ADDRESS, &n);
    int origin = zm_enum_index(fields[ZM_AF_POS_SRC].values, j->cells[ZM_AF_POS_SRC]);
    j->a.pos_src = converted ? ZM_POS_CONVERTED : origin < 0 ? ZM_POS_IMPORTED : origins[origin];
    if (converted)
        j->a.acc_m = fmaxf(j->a.acc_m, (float)converted_acc_m);
}

/* From numbers to a place. Points of converted sources are no evidence about the datum: they were moved by
 * us. */
static int place(struct zm_judge *j, struct position *p, enum zm_crs_state state, struct zm_err *err)
{
    struct zm_check_worker *w = j->w;
    bool projected = zm_crs_projected(w->crs);
    /* Degrees under a projected datum or metres under a geographic one: the declaration is wrong for all such
     * rows, and nothing may be repaired on its word. */
    bool degrees = fabs(p->x) <= 180 && fabs(p->y) <= 180;
    if (degrees == projected)
        return say_lost(j, "position.unprojectable", true, err);
    p->crs = w->crs;
    ZM_TRY(projected ? repair_metres(j, p, err) : repair_degrees(j, p, err));
    if (!projected && fabs(p->y) > 90)
        return say_lost(j, "position.invalid", false, err);
    if (!projected)
        ZM_TRY(judge_decimals(j, p, err));
    double lon = p->x, lat = p->y;
    if (!p->crs || !zm_crs_to_4490(p->crs, &lon, &lat))
        return say_lost(j, "position.unprojectable", false, err);
    j->a.lon = lon;
    j->a.lat = lat;
    state_origin(j, state == ZM_CRS_CONVERTED);
    ZM_TRY(locate(j, err));
    if (state == ZM_CRS_READY && w->checker->axes && j->a.tuple.road.len)
        return zm_offset_add_axis(w->offset, w->checker->axes, j->a.tuple.county, j->a.tuple.road, lon, lat,
                                  err);
    return 0;
}

int zm_judge_point(struct zm_judge *j, struct zm_err *err)
{
    struct zm_check_worker *w = j->w;
    enum zm_crs_state state = w->crs ? zm_crs_state(w->crs) : ZM_CRS_NONE;
    bool projected = w->crs && zm_crs_projected(w->crs);
    struct position p = pick(j, projected);
    if (p.x_text.len || p.y_text.len)
        w->tally.n_points++;
    if (state == ZM_CRS_NONE) /* said once for the source, by its datum or by CRD-001 */
        return 0;
    if (!delivered(w, p.x_field) && !delivered(w, p.y_field))
        return say_lost(j, "position.empty", true, err);
    if (state == ZM_CRS_NO_APPROVAL || state == ZM_CRS_OLD_DATUM) {
        const char *why = state == ZM_CRS_OLD_DATUM ? "position.old_datum" : "position.no_approval";
        bool stated = p.x_text.len && p.y_text.len;
        return say_lost(j, stated ? why : "position.empty", stated, err);
    }
    const char *lost;
    ZM_TRY(read_position(j, &p, projected, &lost, err));
    if (!projected && p.plain) {
        zm_angle_tally_add(&w->tally.angle[0], j->a.row, p.x_text);
        zm_angle_tally_add(&w->tally.angle[1], j->a.row, p.y_text);
    }
    if (lost && zm_judge_said(j, ZM_CRD_009)) /* already told why */
        return 0;
    return lost ? say_lost(j, lost, false, err) : place(j, &p, state, err);
}
