/* Lengths on the ellipsoid by the two radii of curvature: a street's length needs no geodesic. */
#include "geo/space/geo.h"

#include <math.h>

/* CGCS2000: GB/T 22021; a and 1/f are those of GRS80. */
#define SEMI_MAJOR_M 6378137.0
#define FLATTENING   (1.0 / 298.257222101)
#define DEGREE       0.017453292519943295

void zm_degree_m(double lat, double *lon_m, double *lat_m)
{
    double e2 = FLATTENING * (2 - FLATTENING);
    double s = sin(lat * DEGREE);
    double w2 = 1 - e2 * s * s;
    double normal = SEMI_MAJOR_M / sqrt(w2);
    *lon_m = normal * cos(lat * DEGREE) * DEGREE;
    *lat_m = normal * (1 - e2) / w2 * DEGREE;
}

double zm_distance_m(double lon1, double lat1, double lon2, double lat2)
{
    double lon_m, lat_m;
    double d_lon = lon2 - lon1;
    if (d_lon > 180)
        d_lon -= 360;
    else if (d_lon < -180)
        d_lon += 360;
    zm_degree_m((lat1 + lat2) / 2, &lon_m, &lat_m);
    return hypot(d_lon * lon_m, (lat2 - lat1) * lat_m);
}

/* The foot is found in the plane at the point's latitude, its distance at the latitude between the two. */
double zm_segment_distance_m(double lon, double lat, double a_lon, double a_lat, double b_lon, double b_lat)
{
    double lon_m, lat_m;
    zm_degree_m(lat, &lon_m, &lat_m);
    double dx = (b_lon - a_lon) * lon_m, dy = (b_lat - a_lat) * lat_m;
    double px = (lon - a_lon) * lon_m, py = (lat - a_lat) * lat_m;
    double length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? (px * dx + py * dy) / length2 : 0;
    if (t < 0)
        t = 0;
    else if (t > 1)
        t = 1;
    return zm_distance_m(lon, lat, a_lon + t * (b_lon - a_lon), a_lat + t * (b_lat - a_lat));
}
