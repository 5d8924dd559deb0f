/* Lengths on the CGCS2000 ellipsoid, good to 0.1 % up to 10 km. Degrees in, metres out. */
#pragma once

double zm_distance_m(double lon1, double lat1, double lon2, double lat2);
/* Distance from a point to the segment a-b. */
double zm_segment_distance_m(double lon, double lat, double a_lon, double a_lat, double b_lon, double b_lat);
/* Metres per degree at a latitude. */
void zm_degree_m(double lat, double *lon_m, double *lat_m);
