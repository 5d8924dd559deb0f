/* The shifts of the domestic web maps. Forward is a closed formula; back is its fixed-point iteration: both
 * shifts change by less than 3 % of a step, so each turn gains one and a half digits or more. */
#include "geo/space/webdatum.h"

#include <math.h>
#include <stdbool.h>

#define PI           3.14159265358979323846
#define SEMI_MAJOR_M 6378245.0 /* Krassovsky, as the formula has it */
#define ECC2         0.00669342162296594323
#define BD_PERIOD    (PI * 3000.0 / 180.0)

enum { MAX_TURNS = 30 };

typedef void forward_fn(double lon, double lat, double *out_lon, double *out_lat);

/* The box inside which the maps shift; outside they show WGS 84 as it is. */
static bool in_china(double lon, double lat)
{
    return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

static double waves(double v, double a_amp, double a_div, double b_amp, double b_div)
{
    return (20 * sin(v * PI) + 40 * sin(v / 3 * PI)) * 2 / 3 +
           (a_amp * sin(v / a_div * PI) + b_amp * sin(v / b_div * PI)) * 2 / 3;
}

void zm_gcj_from_wgs(double lon, double lat, double *gcj_lon, double *gcj_lat)
{
    *gcj_lon = lon;
    *gcj_lat = lat;
    if (!in_china(lon, lat))
        return;
    double x = lon - 105, y = lat - 35;
    double ripple = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
    double north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) + ripple +
                   waves(y, 160, 12, 320, 30);
    double east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + ripple +
                  waves(x, 150, 12, 300, 30);
    double rad = lat / 180 * PI;
    double w2 = 1 - ECC2 * sin(rad) * sin(rad);
    double w = sqrt(w2);
    *gcj_lat = lat + north * 180 / (SEMI_MAJOR_M * (1 - ECC2) / (w2 * w) * PI);
    *gcj_lon = lon + east * 180 / (SEMI_MAJOR_M / w * cos(rad) * PI);
}

void zm_bd_from_wgs(double lon, double lat, double *bd_lon, double *bd_lat)
{
    *bd_lon = lon;
    *bd_lat = lat;
    if (!in_china(lon, lat))
        return;
    double x, y;
    zm_gcj_from_wgs(lon, lat, &x, &y);
    double z = sqrt(x * x + y * y) + 0.00002 * sin(y * BD_PERIOD);
    double theta = atan2(y, x) + 0.000003 * cos(x * BD_PERIOD);
    *bd_lon = z * cos(theta) + 0.0065;
    *bd_lat = z * sin(theta) + 0.006;
}

/* At the border of the box some shifted points have no origin; there the last turn is as good as any. */
static void invert(forward_fn *forward, double to_lon, double to_lat, double *lon, double *lat)
{
    double x = to_lon, y = to_lat;
    for (int turn = 0; turn < MAX_TURNS; turn++) {
        double fx, fy;
        forward(x, y, &fx, &fy);
        double dx = to_lon - fx, dy = to_lat - fy;
        if (fabs(dx) <= 1e-9 && fabs(dy) <= 1e-9)
            break;
        x += dx;
        y += dy;
    }
    *lon = x;
    *lat = y;
}

void zm_wgs_from_gcj(double gcj_lon, double gcj_lat, double *lon, double *lat)
{
    invert(zm_gcj_from_wgs, gcj_lon, gcj_lat, lon, lat);
}

void zm_wgs_from_bd(double bd_lon, double bd_lat, double *lon, double *lat)
{
    invert(zm_bd_from_wgs, bd_lon, bd_lat, lon, lat);
}
