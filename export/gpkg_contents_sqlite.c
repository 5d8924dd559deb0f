#include "export/gpkg_contents.h"
#include "export/style.h"
#include "geo/base/date.h"
#include "geo/tables/text.h"

#include <stdio.h>

/* The time of every entry: midnight of as_of. */
static struct zm_str time_of(const struct zm_gpkg_about *about, char out[32])
{
    char date[11];
    zm_date_format(about->as_of ? about->as_of : 19700101, date);
    return zm_str_n(out, (size_t)snprintf(out, 32, "%sT00:00:00.000Z", date));
}

/* Who may see the file: the first thing a reader of the layer's properties finds. */
static struct zm_str profile_text(const struct zm_gpkg_about *about)
{
    return zm_text(about->public_profile ? "profile.public" : "profile.internal");
}

/* The registration that makes a table a layer, with the Chinese title GIS programs list it under. */
static int put_contents(struct zm_sql *s, const struct zm_layer *layer, const struct zm_gpkg_about *about,
                        struct zm_err *err)
{
    char time[32];
    struct zm_cell cells[] = {
        zm_cell_text(zm_str(layer->name)),
        zm_cell_text(layer->spatial ? ZM_STR("features") : ZM_STR("attributes")),
        zm_cell_text(zm_text_of("layer.", zm_str(layer->name))),
        zm_cell_text(profile_text(about)),
        zm_cell_text(time_of(about, time)),
        zm_cell_int(layer->spatial ? 4490 : 0),
    };
    ZM_TRY(
        zm_sql_run(s,
                   "INSERT INTO gpkg_contents(table_name,data_type,identifier,description,last_change,srs_id)"
                   " VALUES(?1,?2,?3,?4,?5,?6)",
                   cells, 6, err));
    ZM_TRY(zm_sql_run(s, "INSERT INTO gpkg_ogr_contents VALUES(?1,0)", cells, 1, err));
    if (!layer->spatial)
        return 0;
    return zm_sql_run(s, "INSERT INTO gpkg_geometry_columns VALUES(?1,'geom','POINT',4490,0,0)", cells, 1,
                      err);
}

/* GDAL's column "name" is UNIQUE over the whole file, so the Chinese name goes to "title" alone. */
static int put_columns(struct zm_sql *s, const struct zm_layer *layer, const struct zm_gpkg_about *about,
                       struct zm_err *err)
{
    for (unsigned i = 0; i < layer->n_columns; i++) {
        const struct zm_column *c = &layer->columns[i];
        if (about->public_profile && c->internal)
            continue;
        struct zm_cell cells[] = {zm_cell_text(zm_str(layer->name)), zm_cell_text(zm_str(c->name)),
                                  zm_cell_text(zm_text_of(layer->titles, zm_str(c->name))),
                                  zm_cell_text(zm_str(c->domain ? c->domain : ""))};
        ZM_TRY(zm_sql_run(s,
                          "INSERT INTO gpkg_data_columns(table_name,column_name,title,constraint_name)"
                          " VALUES(?1,?2,?3,?4)",
                          cells, 4, err));
    }
    return 0;
}

/* QGIS takes a style only if schema and catalog are '' and the geometry column is named ('' for a table). */
static int put_style(struct zm_sql *s, const struct zm_layer *layer, const struct zm_gpkg_about *about,
                     struct zm_err *err)
{
    char time[32];
    struct zm_str name = zm_str(layer->name);
    struct zm_cell cells[] = {
        zm_cell_text(name), zm_cell_text(zm_text_of(layer->spatial ? "style." : "layer.", name)),
        zm_cell_text(zm_style(layer->name)), zm_cell_text(time_of(about, time)), zm_cell_int(layer->spatial)};
    return zm_sql_run(
        s,
        "INSERT INTO layer_styles(f_table_catalog,f_table_schema,f_table_name,f_geometry_column,"
        "styleName,styleQML,styleSLD,useAsDefault,description,owner,update_time)"
        " VALUES('','',?1,iif(?5,'geom',''),?2,?3,'',1,?2,'zhengming',?4)",
        cells, 5, err);
}

int zm_gpkg_describe(struct zm_sql *s, const struct zm_layer *layer, const struct zm_gpkg_about *about,
                     struct zm_err *err)
{
    ZM_TRY(put_contents(s, layer, about, err));
    ZM_TRY(put_columns(s, layer, about, err));
    return put_style(s, layer, about, err);
}

/* The values of a domain, all with one prepared statement. */
static int put_value(struct zm_sql *s, sqlite3_stmt **insert, struct zm_str domain, struct zm_str value,
                     struct zm_str title, struct zm_err *err)
{
    struct zm_cell cells[] = {zm_cell_text(domain), zm_cell_text(value), zm_cell_text(title)};
    return zm_sql_again(
        s, insert,
        "INSERT INTO gpkg_data_column_constraints(constraint_name,constraint_type,value,description)"
        " VALUES(?1,'enum',?2,?3)",
        cells, 3, err);
}

/* A domain belongs into the file if a column of its layers has it. */
static int is_used(struct zm_sql *s, const char *domain, bool *out, struct zm_err *err)
{
    char sql[128];
    int64_t n = 0;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM gpkg_data_columns WHERE constraint_name='%s'", domain);
    ZM_TRY(zm_sql_integer(s, sql, &n, err));
    *out = n > 0;
    return 0;
}

static int put_domains(struct zm_sql *s, sqlite3_stmt **insert, struct zm_err *err)
{
    for (unsigned i = 0; i < zm_n_domains; i++) {
        char family[64];
        bool used;
        ZM_TRY(is_used(s, zm_domains[i].name, &used, err));
        snprintf(family, sizeof family, "%s.", zm_domains[i].name);
        struct zm_str rest = used ? zm_str(zm_domains[i].values) : (struct zm_str){NULL, 0};
        while (rest.ptr) {
            struct zm_str value = zm_str_cut(&rest, '|');
            ZM_TRY(put_value(s, insert, zm_str(zm_domains[i].name), value, zm_text_of(family, value), err));
        }
    }
    return 0;
}

/* The names of the divisions that are valid on as_of, so that a reader sees them where the rows hold codes.
 */
static int put_divisions(struct zm_sql *s, sqlite3_stmt **insert, const struct zm_gpkg_about *about,
                         struct zm_err *err)
{
    static const char *const domains[] = {[ZM_COUNTY] = "county", [ZM_TOWN] = "town"};
    const struct zm_divisions *d = about->divisions;
    bool used[ZM_TOWN + 1] = {false};
    uint64_t last = 0;
    for (unsigned level = ZM_COUNTY; level <= ZM_TOWN; level++)
        ZM_TRY(is_used(s, domains[level], &used[level], err));
    for (uint32_t i = 0; d && i < d->n; i++) {
        const struct zm_division *row = &d->rows[i];
        if (row->level > ZM_TOWN || !used[row->level] || row->code == last)
            continue;
        if (about->as_of && !zm_division_valid(row, about->as_of))
            continue;
        char code[24];
        int n = snprintf(code, sizeof code, "%llu", (unsigned long long)row->code);
        ZM_TRY(put_value(s, insert, zm_str(domains[row->level]), zm_str_n(code, (size_t)n), row->name, err));
        last = row->code;
    }
    return 0;
}

/* In the form GDAL reads, so that ogrinfo and QGIS show it. */
static int put_metadata(struct zm_sql *s, const struct zm_gpkg_about *about, struct zm_err *err)
{
    char xml[1024], time[32];
    struct zm_str profile = profile_text(about);
    int n = snprintf(xml, sizeof xml,
                     "<GDALMultiDomainMetadata>\n  <Metadata>\n"
                     "    <MDI key=\"RUN\">%s</MDI>\n"
                     "    <MDI key=\"PROFILE\">%.*s</MDI>\n"
                     "    <MDI key=\"CRS\">EPSG:4490 (CGCS2000), longitude before latitude, degrees</MDI>\n"
                     "  </Metadata>\n</GDALMultiDomainMetadata>\n",
                     about->run_id, ZM_FMT(profile));
    struct zm_cell cells[] = {zm_cell_text(zm_str_n(xml, (size_t)n)), zm_cell_text(time_of(about, time))};
    ZM_TRY(zm_sql_run(s, "INSERT INTO gpkg_metadata VALUES(1,'dataset','http://gdal.org','text/xml',?1)",
                      cells, 1, err));
    return zm_sql_run(s, "INSERT INTO gpkg_metadata_reference VALUES('geopackage',NULL,NULL,NULL,?1,1,NULL)",
                      cells + 1, 1, err);
}

int zm_gpkg_describe_file(struct zm_sql *s, const struct zm_gpkg_about *about, struct zm_err *err)
{
    char time[32];
    struct zm_cell cells[] = {zm_cell_text(time_of(about, time))};
    sqlite3_stmt *insert = NULL;
    int rc = put_domains(s, &insert, err);
    if (rc == 0)
        rc = put_divisions(s, &insert, about, err);
    sqlite3_finalize(insert);
    ZM_TRY(rc);
    ZM_TRY(put_metadata(s, about, err));
    return zm_sql_run(
        s,
        "INSERT INTO gpkg_contents(table_name,data_type,identifier,description,last_change,srs_id)"
        " VALUES('layer_styles','attributes','layer_styles','',?1,0)",
        cells, 1, err);
}
