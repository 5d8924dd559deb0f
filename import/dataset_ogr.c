#include "import/dataset_ogr.h"

#include "import/shp_index.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { INDEX_BYTES_MAX = 256 << 20 };

static void CPL_STDCALL note_failure(CPLErr level, CPLErrorNum number, const char *text)
{
    (void)number;
    struct zm_ogr_failures *f = CPLGetErrorHandlerUserData();
    if (level >= CE_Failure && f->n++ == 0)
        snprintf(f->first, sizeof f->first, "%s", text);
    else if (level == CE_Warning && !f->warning[0])
        snprintf(f->warning, sizeof f->warning, "%s", text);
}

void zm_ogr_listen(struct zm_ogr_failures *f)
{
    CPLPushErrorHandlerEx(note_failure, f);
}

void zm_ogr_unlisten(void)
{
    CPLPopErrorHandler();
}

static const char *driver_of(enum zm_format format)
{
    switch (format) {
    case ZM_FORMAT_GPKG:
        return "GPKG";
    case ZM_FORMAT_SQLITE:
        return "SQLite";
    case ZM_FORMAT_SHP:
        return "ESRI Shapefile";
    case ZM_FORMAT_GEOJSON:
        return "GeoJSON";
    case ZM_FORMAT_XLSX:
        return "XLSX";
    default:
        return "";
    }
}

static void configure(void)
{
    static const char *const options[][2] = {
        {"GDAL_DRIVER_PATH", "disable"},      {"GDAL_PAM_ENABLED", "NO"},
        {"OGR_XLSX_FIELD_TYPES", "STRING"},   {"OGR_XLSX_HEADERS", "DISABLE"},
        {"OGR_GEOJSON_MAX_OBJ_SIZE", "50"},   {"CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none"},
        {"OGR_ORGANIZE_POLYGONS", "DEFAULT"}, {"SQLITE_USE_OGR_VFS", "NO"},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        CPLSetConfigOption(options[i][0], options[i][1]);
    OSRSetPROJEnableNetwork(0);
}

static void keep_driver(const char *name)
{
    GDALAllRegister();
    for (int i = GDALGetDriverCount() - 1; i >= 0; i--) {
        GDALDriverH driver = GDALGetDriver(i);
        if (strcmp(GDALGetDriverShortName(driver), name) == 0)
            continue;
        GDALDeregisterDriver(driver);
        GDALDestroyDriver(driver);
    }
}

/* A file system in memory, where the parts of a Shapefile can lie beside an index that was made here. */
#define MEMORY_STEM "/vsimem/delivery"

/* Everything is copied: GDAL looks for the parts of a Shapefile in one folder. */
static int copy_parts(const struct zm_delivery *file, struct zm_err *err)
{
    static const char *const suffixes[] = {".shp", ".dbf", ".prj"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const char *part = zm_delivery_part(file, suffixes[i]);
        char to[32];
        snprintf(to, sizeof to, MEMORY_STEM "%s", suffixes[i]);
        if (part && CPLCopyFile(to, part) != 0)
            return zm_fail(err, ZM_E_INPUT, "%s has no .shx beside it, and is too large to have one made",
                           part);
    }
    return 0;
}

static int make_index(const struct zm_delivery *file, struct zm_err *err)
{
    struct zm_buf index;
    zm_buf_init(&index, INDEX_BYTES_MAX);
    int rc = zm_shp_index(file->parts[0], &index, err);
    VSILFILE *to = rc == 0 ? VSIFOpenL(MEMORY_STEM ".shx", "wb") : NULL;
    if (rc == 0 && (!to || VSIFWriteL(index.ptr, 1, index.len, to) != index.len))
        rc = zm_fail_memory(err, index.len);
    if (to && VSIFCloseL(to) != 0 && rc == 0)
        rc = zm_fail_memory(err, index.len);
    zm_buf_release(&index);
    return rc == 0 ? copy_parts(file, err) : rc;
}

static int place_shapefile(const struct zm_delivery *file, const char **path, struct zm_err *err)
{
    *path = file->parts[0];
    if (zm_delivery_part(file, ".shx"))
        return 0;
    *path = MEMORY_STEM ".shp";
    return make_index(file, err);
}

static char **siblings_of(const struct zm_delivery *file)
{
    char **names = NULL;
    for (unsigned i = 0; i < file->n_parts; i++)
        names = CSLAddString(names, CPLGetFilename(file->parts[i]));
    return names;
}

static const char *const *open_options(enum zm_format format)
{
    static const char *const gpkg[] = {"IMMUTABLE=YES", NULL}, *const shp[] = {"ENCODING=", NULL};
    static const char *const sqlite[] = {"LIST_VIRTUAL_OGR=NO", NULL}, *const none[] = {NULL};
    switch (format) {
    case ZM_FORMAT_GPKG:
        return gpkg;
    case ZM_FORMAT_SHP:
        return shp; /* bytes as they are: the .cpg is often missing, and as often wrong */
    case ZM_FORMAT_SQLITE:
        return sqlite;
    default:
        return none;
    }
}

int zm_ogr_dataset(GDALDatasetH *out, const struct zm_ogr_options *options, const struct zm_ogr_failures *f,
                   struct zm_err *err)
{
    const struct zm_delivery *file = options->file;
    const char *driver = driver_of(options->format), *path = file->parts[0];
    configure();
    keep_driver(driver);
    if (options->format == ZM_FORMAT_SHP)
        ZM_TRY(place_shapefile(file, &path, err));
    const char *drivers[] = {driver, NULL};
    bool in_memory = path != file->parts[0];
    char **siblings = in_memory ? NULL : siblings_of(file);
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                      drivers, open_options(options->format), (const char *const *)siblings);
    CSLDestroy(siblings);
    if (!dataset)
        return zm_fail(
            err, ZM_E_INPUT, "%s cannot be read as %s: %s", file->given, zm_format_name(options->format),
            f->n && !strstr(f->first, "not recognized") ? f->first
                                                        : "no table of this format is found in it");
    *out = dataset;
    return 0;
}

/* Tables that programs keep beside the data. */
static bool is_system_layer(const char *name)
{
    static const char *const names[] = {"layer_styles", "qgis_projects", "spatial_ref_sys",
                                        "geometry_columns"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return strncasecmp(name, "gpkg_", 5) == 0 || strncasecmp(name, "rtree_", 6) == 0;
}

static void list_layers(GDALDatasetH dataset, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset) && n + 100 < size; i++) {
        const char *name = OGR_L_GetName(GDALDatasetGetLayer(dataset, i));
        if (!is_system_layer(name))
            n += (size_t)snprintf(out + n, size - n, "%s%.80s", n ? ", " : "", name);
    }
}

static int named_layer(OGRLayerH *out, GDALDatasetH dataset, const struct zm_ogr_options *options,
                       struct zm_str wish, struct zm_err *err)
{
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        const char *name = OGR_L_GetName(layer);
        if (zm_str_eq(zm_str(name), wish) && !is_system_layer(name)) {
            *out = layer;
            return 0;
        }
    }
    char names[600];
    list_layers(dataset, names, sizeof names);
    return zm_fail(err, ZM_E_USAGE, "%s has no %s %.*s; it has: %s", options->file->given,
                   options->format == ZM_FORMAT_XLSX ? "sheet" : "layer", ZM_FMT(wish), names);
}

int zm_ogr_layer(OGRLayerH *out, GDALDatasetH dataset, const struct zm_ogr_options *options,
                 struct zm_err *err)
{
    bool sheets = options->format == ZM_FORMAT_XLSX;
    struct zm_str wish = sheets ? options->source->sheet : options->source->layer;
    if (wish.len)
        return named_layer(out, dataset, options, wish, err);
    OGRLayerH with_rows = NULL, empty = NULL;
    unsigned n_with_rows = 0;
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        if (is_system_layer(OGR_L_GetName(layer)))
            continue;
        bool rows = OGR_L_GetFeatureCount(layer, 1) > 0;
        n_with_rows += rows;
        if (rows && !with_rows)
            with_rows = layer;
        if (!rows && !empty)
            empty = layer;
    }
    if (!with_rows && !empty)
        return zm_fail(err, ZM_E_INPUT, "%s holds no table", options->file->given);
    if (n_with_rows > 1 && !options->head) {
        char names[600];
        list_layers(dataset, names, sizeof names);
        return zm_fail(err, ZM_E_USAGE, "%s has several %s, and %s = is not given: %s", options->file->given,
                       sheets ? "sheets" : "layers", sheets ? "sheet" : "layer", names);
    }
    *out = with_rows ? with_rows : empty;
    return 0;
}

/* The EPSG number a system states of itself, 0 if it states none. */
static int stated_epsg(OGRSpatialReferenceH srs)
{
    const char *authority = OSRGetAuthorityName(srs, NULL), *code = OSRGetAuthorityCode(srs, NULL);
    uint64_t number;
    bool stated = authority && code && strcmp(authority, "EPSG") == 0 &&
                  zm_str_to_u64(zm_str(code), &number) && number <= INT32_MAX;
    return stated ? (int)number : 0;
}

static int epsg_of(OGRSpatialReferenceH srs)
{
    enum { CONFIDENT = 90 }; /* of 100: all but the name agree */
    int stated = stated_epsg(srs);
    if (stated)
        return stated;
    /* A .prj carries names and numbers, no code: PROJ looks for the one system that has them all. */
    int n = 0, *confidence = NULL, found = 0;
    OGRSpatialReferenceH *matches = OSRFindMatches(srs, NULL, &n, &confidence);
    if (n > 0 && confidence[0] >= CONFIDENT)
        found = stated_epsg(matches[0]);
    OSRFreeSRSArray(matches);
    CPLFree(confidence);
    return found;
}

/* The declared datum decides; only without one does the file's own statement count. */
static bool is_projected(struct zm_str datum, OGRSpatialReferenceH srs)
{
    uint64_t code;
    if (!zm_str_starts(datum, ZM_STR("EPSG:")) || !zm_str_to_u64(zm_str_sub(datum, 5, datum.len), &code) ||
        code > INT32_MAX)
        return datum.len == 0 && srs && OSRIsProjected(srs);
    OGRSpatialReferenceH declared = OSRNewSpatialReference(NULL);
    bool projected = OSRImportFromEPSG(declared, (int)code) == OGRERR_NONE && OSRIsProjected(declared);
    OSRDestroySpatialReference(declared);
    return projected;
}

void zm_ogr_crs(OGRLayerH layer, const struct zm_ogr_options *options, char crs[32],
                enum zm_point_as *point_as)
{
    enum { WGS84 = 4326 };
    OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer);
    int code = srs ? epsg_of(srs) : 0;
    crs[0] = '\0';
    /* Without a crs member GeoJSON is WGS 84 by definition (RFC 7946, 4), which nobody stated. */
    if (code && !(code == WGS84 && options->format == ZM_FORMAT_GEOJSON))
        snprintf(crs, 32, "EPSG:%d", code);
    *point_as = is_projected(options->source->datum, srs) ? ZM_POINT_EASTNORTH : ZM_POINT_LONLAT;
}
