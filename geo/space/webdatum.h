/* GCJ-02 and BD-09. Formulas as widely published (a = 6378245.0, ee = 0.00669342162296594323); degrees
 * throughout. Outside China the shift is zero. Forward shifts serve detection; inverses only where the job
 * has an approval. */
#pragma once

void zm_gcj_from_wgs(double lon, double lat, double *gcj_lon, double *gcj_lat);
void zm_bd_from_wgs(double lon, double lat, double *bd_lon, double *bd_lat);
/* Fixed-point iteration until the forward shift of the result is within 1e-9 degrees of the input. */
void zm_wgs_from_gcj(double gcj_lon, double gcj_lat, double *lon, double *lat);
void zm_wgs_from_bd(double bd_lon, double bd_lat, double *lon, double *lat);
