/* The parts of the OGR reader: failures heard, dataset and layer opened, coordinate system named. */
#pragma once

#include "import/ogr.h"

#include <gdal.h>
#include <ogr_api.h>

/* What GDAL said while it was listened to. */
struct zm_ogr_failures {
    unsigned n; /* of CE_Failure and CE_Fatal */
    char first[400];
    char warning[200]; /* the first CE_Warning */
};

/* The calling thread's errors go to f until zm_ogr_unlisten. */
void zm_ogr_listen(struct zm_ogr_failures *f);
void zm_ogr_unlisten(void);

/* Opens the file with the one driver of its format; all other drivers are gone for this process. */
int zm_ogr_dataset(GDALDatasetH *out, const struct zm_ogr_options *options, const struct zm_ogr_failures *f,
                   struct zm_err *err);

/* The layer or sheet that the source names, or the only one with rows. */
int zm_ogr_layer(OGRLayerH *out, GDALDatasetH dataset, const struct zm_ogr_options *options,
                 struct zm_err *err);

/* "EPSG:n" as the layer says, "" if it says nothing that has a number; and what a point's coordinates are. */
void zm_ogr_crs(OGRLayerH layer, const struct zm_ogr_options *options, char crs[32],
                enum zm_point_as *point_as);
