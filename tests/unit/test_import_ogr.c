/* Formats read through OGR: written here with GDAL, read by the reader child, which is this program again. */
#include "geo/base/mem.h"
#include "import/dbf_text.h"
#include "import/import.h"
#include "import/ogr.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { TEXT_MAX = 4000 };

static char folder[] = "/tmp/zm-ogr-XXXXXX";

/* What came out of an import: cells of the named fields, "a|b;" a row, then "!reason" for each reject. */
struct outcome {
    int code;
    struct zm_err err;
    struct zm_import_stats stats;
    char text[TEXT_MAX];
};

static void add(struct outcome *o, const char *text, size_t len)
{
    size_t have = strlen(o->text);
    if (have + len + 1 < sizeof o->text) {
        memcpy(o->text + have, text, len);
        o->text[have + len] = '\0';
    }
}

static void add_batch(struct outcome *o, const struct zm_batch *b, const unsigned *fields, size_t n_fields)
{
    for (uint32_t r = 0; r < b->head->n_rows; r++)
        for (size_t f = 0; f < n_fields; f++) {
            struct zm_str cell = zm_batch_get(b, r, fields[f]);
            bool wkb = cell.len > 4 && cell.ptr[0] == 1 && cell.ptr[2] == 0;
            add(o, wkb ? "wkb" : cell.ptr, wkb ? 3 : cell.len);
            add(o, f + 1 < n_fields ? "|" : ";", 1);
        }
    for (uint32_t r = 0; r < b->head->n_rejects; r++) {
        const char *reason = zm_reason_name(b->rejects[r].reason);
        add(o, "!", 1);
        add(o, reason, strlen(reason));
    }
}

static struct outcome read_source(const struct zm_source *source, const unsigned *fields, size_t n_fields)
{
    struct outcome o = {0};
    struct zm_import *in;
    struct zm_batch batch;
    bool more = true;
    o.code = zm_import_open(&in, source, "/proc/self/exe", &o.err);
    if (o.code != 0)
        return o;
    void *block = zm_alloc(ZM_BATCH_BLOCK_BYTES);
    assert_non_null(block);
    while ((o.code = zm_import_next(in, block, &batch, &more, &o.err)) == 0 && more)
        add_batch(&o, &batch, fields, n_fields);
    o.stats = *zm_import_stats(in);
    zm_free(block);
    zm_import_close(in);
    return o;
}

static const unsigned place[] = {ZM_AF_SRC_KEY, ZM_AF_TEXT, ZM_AF_LON, ZM_AF_LAT};

static struct zm_source address_source(const char *path)
{
    return (struct zm_source){
        .name = ZM_STR("x"), .path = zm_str(path), .header_rows = 1, .datum = ZM_STR("EPSG:4490")};
}

/* A new dataset with one layer: columns 编号 and 地址 as text. */
static GDALDatasetH create(const char *driver, const char *name, char path[200])
{
    snprintf(path, 200, "%s/%s", folder, name);
    GDALDatasetH dataset = GDALCreate(GDALGetDriverByName(driver), path, 0, 0, 0, GDT_Unknown, NULL);
    assert_non_null(dataset);
    return dataset;
}

static OGRLayerH add_layer(GDALDatasetH dataset, const char *name, int epsg, OGRwkbGeometryType type,
                           const char *option)
{
    OGRSpatialReferenceH srs = epsg ? OSRNewSpatialReference(NULL) : NULL;
    if (srs) {
        assert_int_equal(OSRImportFromEPSG(srs, epsg), OGRERR_NONE);
        OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    }
    char *options[] = {(char *)(uintptr_t)option, NULL};
    OGRLayerH layer = GDALDatasetCreateLayer(dataset, name, srs, type, option ? options : NULL);
    assert_non_null(layer);
    static const char *const names[] = {"编号", "地址"};
    for (int i = 0; i < 2; i++) {
        OGRFieldDefnH field = OGR_Fld_Create(names[i], OFTString);
        OGR_Fld_SetWidth(field, 60);
        assert_int_equal(OGR_L_CreateField(layer, field, 1), OGRERR_NONE);
        OGR_Fld_Destroy(field);
    }
    if (srs)
        OSRRelease(srs);
    return layer;
}

static void add_row(OGRLayerH layer, const char *key, const char *text, const char *wkt)
{
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGR_F_SetFieldString(feature, 0, key);
    OGR_F_SetFieldString(feature, 1, text);
    OGRGeometryH geometry = NULL;
    char copy[300], *at = copy;
    snprintf(copy, sizeof copy, "%s", wkt ? wkt : "");
    if (wkt && OGR_G_CreateFromWkt(&at, NULL, &geometry) == OGRERR_NONE)
        OGR_F_SetGeometryDirectly(feature, geometry);
    assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
    OGR_F_Destroy(feature);
}

static void test_points_of_every_format(void **state)
{
    (void)state;
    static const struct {
        const char *driver, *name, *format, *encoding, *crs, *option;
    } cases[] = {
        {"GPKG", "p.gpkg", "gpkg", "", "EPSG:4490", NULL},
        {"GeoJSON", "p.geojson", "geojson", "", "EPSG:4490", NULL},
        {"ESRI Shapefile", "p.shp", "shp", "UTF-8", "EPSG:4490", "ENCODING=UTF-8"},
        {"ESRI Shapefile", "g.shp", "shp", "GB18030", "EPSG:4490", "ENCODING=GBK"},
        {"SQLite", "p.sqlite", "sqlite", "", "EPSG:4490", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[200];
        GDALDatasetH dataset = create(cases[i].driver, cases[i].name, path);
        OGRLayerH layer = add_layer(dataset, "p", 4490, wkbPoint, cases[i].option);
        add_row(layer, "001", "温州市五马街1号", "POINT(120.651234567 28.0123)");
        add_row(layer, "002", "没有坐标", NULL);
        GDALClose(dataset);
        struct zm_source source = address_source(path);
        struct outcome o = read_source(&source, place, 4);
        if (o.code != 0)
            fail_msg("%s: %s", path, o.err.text);
        assert_string_equal(o.text, "001|温州市五马街1号|120.651234567|28.0123;002|没有坐标||;");
        assert_string_equal(o.stats.format, cases[i].format);
        assert_string_equal(o.stats.encoding, cases[i].encoding);
        assert_string_equal(o.stats.crs, cases[i].crs);
        assert_true(o.stats.has_geometry);
    }
}

/* The declared datum says whether numbers are metres; without one, the file does. */
static void test_projected_points(void **state)
{
    (void)state;
    static const unsigned fields[] = {ZM_AF_EAST, ZM_AF_NORTH, ZM_AF_LON};
    char path[200];
    GDALDatasetH dataset = create("GPKG", "e.gpkg", path);
    add_row(add_layer(dataset, "e", 4549, wkbPoint, NULL), "1", "x", "POINT(563000.25 3100000.5)");
    GDALClose(dataset);
    struct zm_source source = address_source(path);
    source.datum = ZM_STR("EPSG:4549");
    struct outcome o = read_source(&source, fields, 3);
    assert_string_equal(o.text, "563000.25|3100000.5|;");
    assert_string_equal(o.stats.crs, "EPSG:4549");
    source.datum = (struct zm_str){"", 0};
    o = read_source(&source, fields, 3);
    assert_string_equal(o.text, "563000.25|3100000.5|;");
    source.datum = ZM_STR("GCJ-02");
    o = read_source(&source, fields, 3);
    assert_string_equal(o.text, "||563000.25;");
}

/* Shapes of the kind's type only, flat, whole; what is none rejects its row. */
static void test_shapes(void **state)
{
    (void)state;
    static const unsigned fields[] = {ZM_DF_CODE, ZM_DF_GEOM};
    char path[200];
    GDALDatasetH dataset = create("GPKG", "d.gpkg", path);
    OGRLayerH layer = add_layer(dataset, "d", 4490, wkbUnknown, NULL);
    add_row(layer, "330302", "a", "POLYGON((120 28,121 28,121 29,120 28))");
    add_row(layer, "330303", "b", "MULTIPOLYGON Z(((120 28 1,121 28 2,121 29 3,120 28 1)))");
    add_row(layer, "330304", "c", "CURVEPOLYGON((120 28,121 28,121 29,120 28))");
    add_row(layer, "330305", "d", "POINT(120 28)");
    add_row(layer, "330324", "e", "POLYGON EMPTY");
    add_row(layer, "330326", "f", NULL);
    add_row(layer, "330327", "g", "LINESTRING(120 28,121 28)");
    GDALClose(dataset);
    struct zm_source source = address_source(path);
    struct zm_map maps[] = {{ZM_DF_CODE, ZM_STR("编号"), {NULL, 0}}};
    source.kind = ZM_KIND_DIVISION;
    source.maps = maps;
    source.n_maps = 1;
    struct outcome o = read_source(&source, fields, 2);
    assert_int_equal(o.code, 0);
    assert_string_equal(
        o.text, "330302|wkb;330303|wkb;330304|wkb;!bad_geometry!bad_geometry!bad_geometry!bad_geometry");
    assert_int_equal(o.stats.rows_in, 7);
    assert_int_equal(o.stats.rejected[ZM_REASON_BAD_GEOMETRY], 4);
}

static void test_fid_on_request(void **state)
{
    (void)state;
    char path[200];
    GDALDatasetH dataset = create("GPKG", "fid.gpkg", path);
    OGRLayerH layer = add_layer(dataset, "f", 4490, wkbPoint, NULL);
    add_row(layer, "a", "甲", "POINT(120 28)");
    add_row(layer, "b", "乙", "POINT(121 28)");
    GDALClose(dataset);
    struct zm_source source = address_source(path);
    struct zm_map maps[] = {{ZM_AF_SRC_KEY, ZM_STR("{fid}-{编号}"), {NULL, 0}},
                            {ZM_AF_TEXT, ZM_STR("地址"), {NULL, 0}}};
    source.maps = maps;
    source.n_maps = 2;
    struct outcome o = read_source(&source, place, 4);
    assert_string_equal(o.text, "1-a|甲|120|28;2-b|乙|121|28;");
    assert_null(strstr(o.stats.notes, "fid"));
}

static void test_layers_must_be_named(void **state)
{
    (void)state;
    char path[200];
    GDALDatasetH dataset = create("GPKG", "two.gpkg", path);
    add_row(add_layer(dataset, "first", 4490, wkbPoint, NULL), "1", "一", "POINT(1 2)");
    add_row(add_layer(dataset, "second", 4490, wkbPoint, NULL), "2", "二", "POINT(3 4)");
    add_row(add_layer(dataset, "layer_styles", 0, wkbNone, NULL), "9", "style", NULL);
    add_layer(dataset, "empty", 4490, wkbPoint, NULL);
    GDALClose(dataset);
    struct zm_source source = address_source(path);
    struct outcome o = read_source(&source, place, 4);
    assert_int_equal(o.code, ZM_E_USAGE);
    assert_non_null(strstr(o.err.text, "first, second, empty"));
    source.layer = ZM_STR("second");
    o = read_source(&source, place, 4);
    assert_string_equal(o.text, "2|二|3|4;");
    source.layer = ZM_STR("third");
    o = read_source(&source, place, 4);
    assert_int_equal(o.code, ZM_E_USAGE);
    source.layer = ZM_STR("layer_styles");
    o = read_source(&source, place, 4);
    assert_int_equal(o.code, ZM_E_USAGE);
}

/* Without .shx and .prj; then without .dbf. */
static void test_shapefile_parts(void **state)
{
    (void)state;
    char path[200], part[210];
    GDALDatasetH dataset = create("ESRI Shapefile", "s.shp", path);
    OGRLayerH layer = add_layer(dataset, "s", 4490, wkbPoint, "ENCODING=UTF-8");
    add_row(layer, "1", "甲", "POINT(120.5 28)");
    add_row(layer, "2", "乙", "POINT(120.6 28)");
    GDALClose(dataset);
    static const char *const lost[] = {"shx", "prj", "cpg"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(part, sizeof part, "%s/s.%s", folder, lost[i]);
        assert_int_equal(unlink(part), 0);
    }
    struct zm_source source = address_source(path);
    struct outcome o = read_source(&source, place, 4);
    assert_int_equal(o.code, 0);
    assert_string_equal(o.text, "1|甲|120.5|28;2|乙|120.6|28;");
    assert_string_equal(o.stats.crs, "");
    assert_int_equal(access(part, F_OK), -1);
    snprintf(part, sizeof part, "%s/s.dbf", folder);
    assert_int_equal(unlink(part), 0);
    o = read_source(&source, place, 4);
    assert_int_equal(o.code, ZM_E_INPUT);
    assert_non_null(strstr(o.err.text, ".dbf"));
}

/* Codes keep their zeros, numbers look as in Excel, empty rows are none. */
static void test_sheets(void **state)
{
    (void)state;
    static const unsigned fields[] = {ZM_AF_SRC_KEY, ZM_AF_TEXT, ZM_AF_LON};
    char path[200];
    GDALDatasetH dataset = create("XLSX", "s.xlsx", path);
    OGRLayerH layer = GDALDatasetCreateLayer(dataset, "地址", NULL, wkbNone, NULL);
    assert_non_null(layer);
    static const char *const names[] = {"编号", "地址", "经度"};
    for (int i = 0; i < 3; i++) {
        OGRFieldDefnH field = OGR_Fld_Create(names[i], i == 2 ? OFTReal : OFTString);
        assert_int_equal(OGR_L_CreateField(layer, field, 1), OGRERR_NONE);
        OGR_Fld_Destroy(field);
    }
    for (int i = 0; i < 3; i++) {
        OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        if (i != 1) {
            OGR_F_SetFieldString(feature, 0, "0012");
            OGR_F_SetFieldString(feature, 1, "温州市五马街1号");
            OGR_F_SetFieldDouble(feature, 2, 120.65000000000001);
        }
        assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
        OGR_F_Destroy(feature);
    }
    GDALClose(dataset);
    struct zm_source source = address_source(path);
    struct outcome o = read_source(&source, fields, 3);
    if (o.code != 0)
        fail_msg("%s", o.err.text);
    assert_string_equal(o.text, "0012|温州市五马街1号|120.65;0012|温州市五马街1号|120.65;");
    assert_int_equal(o.stats.rows_in, 2);
    source.sheet = ZM_STR("Sheet9");
    o = read_source(&source, fields, 3);
    assert_int_equal(o.code, ZM_E_USAGE);
    assert_non_null(strstr(o.err.text, "地址"));
}

/* A failure in the middle fails the source: OGR's own loop would end there without a word. */
static void test_damage_is_heard(void **state)
{
    (void)state;
    char path[200];
    snprintf(path, sizeof path, "%s/bad.geojson", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("{\"type\":\"FeatureCollection\",\"features\":[", file);
    for (int i = 0; i < 1000; i++)
        fprintf(file,
                "{\"type\":\"Feature\",\"properties\":{\"地址\":\"a%d\"},\"geometry\":{\"type\":\"Point\","
                "\"coordinates\":[120,%s]}},",
                i, i == 900 ? "\"x\"" : "28");
    fputs("{\"type\":\"Feature\",\"properties\":{},\"geometry\":null}]}", file);
    assert_int_equal(fclose(file), 0);
    struct zm_source source = address_source(path);
    struct outcome o = read_source(&source, place, 4);
    assert_int_equal(o.code, ZM_E_INPUT);
    assert_non_null(strstr(o.err.text, "bad.geojson"));
}

static void test_long_cells_reject_their_row(void **state)
{
    (void)state;
    char path[200];
    GDALDatasetH dataset = create("GPKG", "long.gpkg", path);
    OGRLayerH layer = add_layer(dataset, "l", 4490, wkbPoint, NULL);
    OGRFieldDefnH field = OGR_Fld_Create("备注", OFTString);
    assert_int_equal(OGR_L_CreateField(layer, field, 1), OGRERR_NONE);
    OGR_Fld_Destroy(field);
    char *text = malloc(ZM_CELL_BYTES_MAX + 2);
    assert_non_null(text);
    for (size_t len = ZM_CELL_BYTES_MAX; len <= ZM_CELL_BYTES_MAX + 1; len++) {
        OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        memset(text, 'x', len);
        text[len] = '\0';
        OGR_F_SetFieldString(feature, 0, "1");
        OGR_F_SetFieldString(feature, 1, "y");
        OGR_F_SetFieldString(feature, 2, text);
        assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
        OGR_F_Destroy(feature);
    }
    free(text);
    GDALClose(dataset);
    struct zm_source source = address_source(path);
    struct outcome o = read_source(&source, place, 4);
    assert_int_equal(o.code, 0);
    assert_int_equal(o.stats.rows_in, 2);
    assert_int_equal(o.stats.rejected[ZM_REASON_LONG_FIELD], 1);
}

static void test_dbf_encoding(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *declared;
        int code;
        enum zm_encoding encoding;
    } cases[] = {
        {"ascii     ", "", 0, ZM_ENC_UTF8},
        {"\xce\xc2\xd6\xdd      ", "", 0, ZM_ENC_GB18030},
        {"\xce\xc2\xd6\xdd\xce\xc2\xd6\xdd\xce\xc2", "", 0, ZM_ENC_GB18030},
        {"\xe6\xb8\xa9\xe5\xb7\x9e    ", "auto", 0, ZM_ENC_UTF8},
        {"\xe6\xb8\xa9\xe5\xb7\x9e\xe5\xb8\x82\xe6", "", 0, ZM_ENC_UTF8}, /* cut within its last character */
        {"\xe6\xb8\xa9\xe5\xb7\x9e    ", "GBK", 0, ZM_ENC_GB18030},
        {"ascii     ", "EBCDIC", ZM_E_USAGE, ZM_ENC_UTF8},
    };
    char path[200];
    snprintf(path, sizeof path, "%s/e.dbf", folder);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char head[65] = {3, 126, 1, 1, 1, 0, 0, 0, 65, 0, 11, 0};
        memcpy(head + 32, "NAME", 4);
        head[32 + 11] = 'C';
        head[32 + 16] = 10;
        head[64] = 0x0d;
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(head, 1, sizeof head, file), sizeof head);
        fprintf(file, " %.10s\x1a", cases[i].cell);
        assert_int_equal(fclose(file), 0);
        enum zm_encoding encoding = ZM_ENC_UTF16LE;
        assert_int_equal(zm_dbf_encoding(path, zm_str(cases[i].declared), &encoding, NULL), cases[i].code);
        if (cases[i].code == 0)
            assert_int_equal(encoding, cases[i].encoding);
    }
}

/* Within this process, where a leak would be seen. It ends with one driver left, so it is the last test. */
static void test_failing_memory(void **state)
{
    (void)state;
    char path[200];
    GDALDatasetH dataset = create("GPKG", "memory.gpkg", path);
    OGRLayerH layer = add_layer(dataset, "m", 4490, wkbLineString, NULL);
    add_row(layer, "1", "x", "LINESTRING(120 28,121 28)");
    GDALClose(dataset);
    struct zm_source source = address_source(path);
    source.kind = ZM_KIND_ROAD;
    struct zm_delivery file;
    assert_int_equal(zm_delivery_find(&file, source.path, NULL), 0);
    struct zm_ogr_options options = {&file, ZM_FORMAT_GPKG, &source, false};
    int rc = ZM_E_MEMORY, failures = 0;
    for (long k = 1; rc != 0; k++, failures++) {
        struct zm_row_reader reader;
        struct zm_raw_row row;
        struct zm_reject reject;
        enum zm_row_state found = ZM_ROW_END;
        zm_mem_fail_at(k);
        rc = zm_ogr_open(&reader, &options, NULL);
        if (rc == 0) {
            rc = reader.next(reader.self, &row, &found, &reject, NULL);
            zm_row_reader_close(&reader);
        }
        zm_mem_fail_at(0);
        assert_true(rc == ZM_E_MEMORY || (rc == 0 && found == ZM_ROW_READ));
    }
    assert_true(failures > 2);
    zm_delivery_release(&file);
}

static int remove_folder(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    GDALDestroyDriverManager();
    return system(command);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "reader") == 0)
        return zm_reader_main();
    if (!mkdtemp(folder))
        return 1;
    GDALAllRegister();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_of_every_format),
        cmocka_unit_test(test_projected_points),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_fid_on_request),
        cmocka_unit_test(test_layers_must_be_named),
        cmocka_unit_test(test_shapefile_parts),
        cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_damage_is_heard),
        cmocka_unit_test(test_long_cells_reject_their_row),
        cmocka_unit_test(test_dbf_encoding),
        cmocka_unit_test(test_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
