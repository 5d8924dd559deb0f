/* The evidence on a source's datum: real shops (GCJ-02) against real roads. */
/* cmocka.h needs the four before it. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "geo/space/offset.h"
#include "geo/space/webdatum.h"

#include <gdal.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>

static GDALDatasetH open_real(const char *name)
{
    char path[4096];
    const char *folder = getenv("ZM_REAL_DATA");
    snprintf(path, sizeof path, "%s/%s", folder ? folder : ZM_SOURCE_DIR "/../shared/data", name);
    return GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
}

static struct {
    uint32_t county;
    char name[64];
} roads[16384];
static size_t n_roads;

static struct zm_axes *read_roads(GDALDatasetH file)
{
    struct zm_axes *a;
    assert_int_equal(zm_axes_new(&a, NULL), 0);
    OGRLayerH layer = GDALDatasetGetLayer(file, 0);
    OGRFeatureH feature;
    n_roads = 0;
    while ((feature = OGR_L_GetNextFeature(layer))) {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        int size = OGR_G_WkbSize(geometry);
        unsigned char *wkb = malloc((size_t)size);
        OGR_G_ExportToIsoWkb(geometry, wkbNDR, wkb);
        struct zm_shape s;
        assert_int_equal(zm_shape_from_wkb(&s, zm_str_n((const char *)wkb, (size_t)size), NULL), 0);
        free(wkb);
        uint32_t county = (uint32_t)OGR_F_GetFieldAsInteger(feature, OGR_F_GetFieldIndex(feature, "county"));
        const char *name = OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "name"));
        assert_int_equal(zm_axes_add(a, county, zm_str(name), &s, NULL), 0);
        zm_shape_release(&s);
        assert_true(n_roads < sizeof roads / sizeof *roads);
        roads[n_roads].county = county;
        snprintf(roads[n_roads++].name, sizeof roads[0].name, "%s", name);
        OGR_F_Destroy(feature);
    }
    assert_int_equal(zm_axes_build(a, NULL), 0);
    return a;
}

static uint32_t county_in(const char *address)
{
    static const struct {
        const char *name;
        uint32_t code;
    } counties[] = {{"鹿城", 330302}, {"龙湾", 330303}, {"瓯海", 330304}, {"洞头", 330305},
                    {"永嘉", 330324}, {"平阳", 330326}, {"苍南", 330327}, {"文成", 330328},
                    {"泰顺", 330329}, {"瑞安", 330381}, {"乐清", 330382}, {"龙港", 330383}};
    for (size_t i = 0; i < sizeof counties / sizeof *counties; i++) {
        if (strstr(address, counties[i].name))
            return counties[i].code;
    }
    return 0;
}

/* The longest road name of that county in the address: crude, but it needs no parser. */
static const char *road_in(const char *address, uint32_t county)
{
    const char *best = NULL;
    for (size_t i = 0; i < n_roads; i++) {
        if (roads[i].county == county && strstr(address, roads[i].name) &&
            (!best || strlen(roads[i].name) > strlen(best)))
            best = roads[i].name;
    }
    return best;
}

struct shops {
    int all, with_road;
    struct zm_offset *as_declared, *put_back;
};

static void add_shop(struct shops *s, const struct zm_axes *a, OGRFeatureH feature)
{
    const char *address = OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "address"));
    double lon = OGR_F_GetFieldAsDouble(feature, OGR_F_GetFieldIndex(feature, "lon_gcj02"));
    double lat = OGR_F_GetFieldAsDouble(feature, OGR_F_GetFieldIndex(feature, "lat_gcj02"));
    s->all++;
    uint32_t county = county_in(address);
    const char *road = county ? road_in(address, county) : NULL;
    if (!road)
        return;
    s->with_road++;
    double back_lon, back_lat;
    assert_int_equal(zm_offset_add_axis(s->as_declared, a, county, zm_str(road), lon, lat, NULL), 0);
    zm_wgs_from_gcj(lon, lat, &back_lon, &back_lat);
    assert_int_equal(zm_offset_add_axis(s->put_back, a, county, zm_str(road), back_lon, back_lat, NULL), 0);
}

/* The shops are GCJ-02: declared as EPSG:4490 they must look like GCJ-02, and put back they must look true.
 */
static void test_real_shops(void **state)
{
    (void)state;
    GDALAllRegister();
    GDALDatasetH road_file = open_real("roads/roads_named_wgs84.geojson");
    GDALDatasetH shop_file = open_real("points/coffee_shops_wenzhou_gcj02.csv");
    if (!road_file || !shop_file) {
        print_message("skipped: the real roads and shops are not there\n");
        skip();
        return;
    }
    struct zm_axes *a = read_roads(road_file);
    struct shops s = {0};
    assert_int_equal(zm_offset_new(&s.as_declared, NULL), 0);
    assert_int_equal(zm_offset_new(&s.put_back, NULL), 0);
    OGRLayerH layer = GDALDatasetGetLayer(shop_file, 0);
    for (OGRFeatureH f; (f = OGR_L_GetNextFeature(layer)); OGR_F_Destroy(f))
        add_shop(&s, a, f);
    GDALClose(road_file);
    GDALClose(shop_file);
    struct zm_offset_report r;
    assert_int_equal(zm_offset_judge(s.as_declared, &r, NULL), 0);
    print_message("%d of %d shops name a road of the file; declared as EPSG:4490 their medians are %.1f m, "
                  "if GCJ-02 %.1f m, if BD-09 %.1f m\n",
                  s.with_road, s.all, r.median_m, r.median_gcj_m, r.median_bd_m);
    assert_true(s.with_road >= 30);
    assert_int_equal(r.verdict, ZM_OFFSET_GCJ02);
    assert_true(r.median_gcj_m < 80);
    assert_int_equal(zm_offset_judge(s.put_back, &r, NULL), 0);
    print_message("put back from GCJ-02: median %.1f m\n", r.median_m);
    assert_int_equal(r.verdict, ZM_OFFSET_TRUE);
    assert_true(r.median_m < 80);
    zm_offset_free(s.as_declared);
    zm_offset_free(s.put_back);
    zm_axes_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_real_shops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
