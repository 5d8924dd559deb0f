/* planning.gpkg through GDAL, as a planning bureau's desktop GIS would write it. */
#include "geo/base/mem.h"
#include "samples/generate.h"

#include <cpl_conv.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

enum field { KEY, TEXT, COUNTY6, TOWN9, UPD_DATE, N_FIELDS };
enum { ROWS_PER_TRANSACTION = 20000 };

struct gpkg {
    GDALDatasetH dataset;
    OGRLayerH layer;
    OGRFeatureH feature;
    struct zm_gen_projection *projection;
    unsigned rows;
};

static int gpkg_row(void *self, const struct zm_gen_row *row, struct zm_err *err)
{
    struct gpkg *g = self;
    char text[ZM_GEN_TEXT];
    double x, y;
    zm_gen_row_text(row, text);
    zm_gen_project(g->projection, row->lon, row->lat, &x, &y);
    OGR_F_SetFID(g->feature, OGRNullFID);
    OGR_F_SetFieldString(g->feature, KEY, row->key);
    OGR_F_SetFieldString(g->feature, TEXT, text);
    OGR_F_SetFieldString(g->feature, COUNTY6, row->county6);
    OGR_F_SetFieldString(g->feature, TOWN9, row->town9);
    OGR_F_SetFieldString(g->feature, UPD_DATE, row->upd_date);
    OGRGeometryH point = row->no_point ? NULL : OGR_G_CreateGeometry(wkbPoint);
    if (point) /* whole millimetres: the last bits of a sine differ from processor to processor */
        OGR_G_SetPoint_2D(point, 0, round(x * 1000) / 1000, round(y * 1000) / 1000);
    OGR_F_SetGeometryDirectly(g->feature, point);
    if (OGR_L_CreateFeature(g->layer, g->feature) != OGRERR_NONE)
        return zm_fail(err, ZM_E_OUTPUT, "GDAL cannot write a feature: %s", CPLGetLastErrorMsg());
    if (++g->rows % ROWS_PER_TRANSACTION != 0)
        return 0;
    if (GDALDatasetCommitTransaction(g->dataset) != OGRERR_NONE ||
        GDALDatasetStartTransaction(g->dataset, FALSE) != OGRERR_NONE)
        return zm_fail(err, ZM_E_OUTPUT, "GDAL cannot commit: %s", CPLGetLastErrorMsg());
    return 0;
}

static void gpkg_abandon(void *self)
{
    struct gpkg *g = self;
    if (g->feature)
        OGR_F_Destroy(g->feature);
    if (g->dataset)
        GDALClose(g->dataset);
    zm_gen_projection_close(g->projection);
    zm_free(g);
}

static int gpkg_close(void *self, struct zm_err *err)
{
    struct gpkg *g = self;
    int rc = 0;
    if (GDALDatasetCommitTransaction(g->dataset) != OGRERR_NONE)
        rc = zm_fail(err, ZM_E_OUTPUT, "GDAL cannot commit: %s", CPLGetLastErrorMsg());
    gpkg_abandon(g);
    return rc;
}

static int create_layer(struct gpkg *g, struct zm_err *err)
{
    static const char *const names[N_FIELDS] = {"编号", "地址全称", "县区代码", "镇街代码", "采集日期"};
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(srs, 4549);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    g->layer = GDALDatasetCreateLayer(g->dataset, "address", srs, wkbPoint, NULL);
    OSRRelease(srs);
    if (!g->layer)
        return zm_fail(err, ZM_E_OUTPUT, "GDAL cannot create the layer: %s", CPLGetLastErrorMsg());
    for (unsigned i = 0; i < N_FIELDS; i++) {
        OGRFieldDefnH field = OGR_Fld_Create(names[i], OFTString);
        OGRErr failed = OGR_L_CreateField(g->layer, field, TRUE);
        OGR_Fld_Destroy(field);
        if (failed != OGRERR_NONE)
            return zm_fail(err, ZM_E_OUTPUT, "GDAL cannot create the field %s", names[i]);
    }
    g->feature = OGR_F_Create(OGR_L_GetLayerDefn(g->layer));
    return 0;
}

int zm_gen_gpkg_open(struct zm_gen_writer *out, const char *path, struct zm_err *err)
{
    /* The only time in a GeoPackage; pinned, so that a seed always gives the same bytes. */
    CPLSetConfigOption("OGR_CURRENT_DATE", "2025-06-30T00:00:00.000Z");
    GDALAllRegister();
    GDALDriverH driver = GDALGetDriverByName("GPKG");
    struct gpkg *g = zm_calloc(1, sizeof *g);
    if (!g)
        return zm_fail_memory(err, sizeof *g);
    remove(path);
    g->dataset = driver ? GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL) : NULL;
    int rc = g->dataset ? create_layer(g, err) : zm_fail(err, ZM_E_OUTPUT, "GDAL cannot create %s", path);
    if (rc == 0)
        rc = zm_gen_projection_open(&g->projection, err);
    if (rc == 0 && GDALDatasetStartTransaction(g->dataset, FALSE) != OGRERR_NONE)
        rc = zm_fail(err, ZM_E_OUTPUT, "GDAL cannot begin a transaction in %s", path);
    if (rc != 0) {
        gpkg_abandon(g);
        return rc;
    }
    *out = (struct zm_gen_writer){gpkg_row, gpkg_close, gpkg_abandon, g};
    return 0;
}
