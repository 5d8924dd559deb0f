#include "export/gpkg_schema.h"

/* clang-format off */
static const char base_sql[] =
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL,srs_id INTEGER NOT NULL PRIMARY KEY,"
        "organization TEXT NOT NULL,organization_coordsys_id INTEGER NOT NULL,definition  TEXT NOT NULL,"
        "description TEXT);"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY,data_type TEXT NOT NULL,identifier TEXT UNIQUE,"
        "description TEXT DEFAULT '',last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),"
        "min_x DOUBLE, min_y DOUBLE,max_x DOUBLE, max_y DOUBLE,srs_id INTEGER,"
        "CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));"
    "CREATE TABLE gpkg_ogr_contents(table_name TEXT NOT NULL PRIMARY KEY,feature_count INTEGER DEFAULT NULL);"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL,column_name TEXT NOT NULL,"
        "geometry_type_name TEXT NOT NULL,srs_id INTEGER NOT NULL,z TINYINT NOT NULL,m TINYINT NOT NULL,"
        "CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),CONSTRAINT uk_gc_table_name UNIQUE (table_name),"
        "CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),"
        "CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));"
    "CREATE TABLE gpkg_extensions (table_name TEXT,column_name TEXT,extension_name TEXT NOT NULL,"
        "definition TEXT NOT NULL,scope TEXT NOT NULL,"
        "CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));"
    "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL,column_name TEXT NOT NULL,name TEXT UNIQUE,title TEXT,"
        "description TEXT,mime_type TEXT,constraint_name TEXT,"
        "CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),CONSTRAINT gdc_tn UNIQUE (table_name, name));"
    "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL,constraint_type TEXT NOT NULL,value TEXT,"
        "min NUMERIC,min_is_inclusive BOOLEAN,max NUMERIC,max_is_inclusive BOOLEAN,description TEXT,"
        "CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));"
    "CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,"
        "md_scope TEXT NOT NULL DEFAULT 'dataset',md_standard_uri TEXT NOT NULL,"
        "mime_type TEXT NOT NULL DEFAULT 'text/xml',metadata TEXT NOT NULL DEFAULT '');"
    "CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL,table_name TEXT,column_name TEXT,"
        "row_id_value INTEGER,timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),"
        "md_file_id INTEGER NOT NULL,md_parent_id INTEGER,"
        "CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),"
        "CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));"
    /* As QGIS 3.22 makes it; it finds a style only with '' as schema and catalog. */
    "CREATE TABLE \"layer_styles\" ( \"id\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
        " \"f_table_catalog\" TEXT(256), \"f_table_schema\" TEXT(256), \"f_table_name\" TEXT(256),"
        " \"f_geometry_column\" TEXT(256), \"styleName\" TEXT(30), \"styleQML\" TEXT, \"styleSLD\" TEXT,"
        " \"useAsDefault\" BOOLEAN, \"description\" TEXT, \"owner\" TEXT(30), \"ui\" TEXT(30),"
        " \"update_time\" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));"
    "INSERT INTO gpkg_spatial_ref_sys VALUES"
        "('Undefined Cartesian SRS',-1,'NONE',-1,'undefined','undefined Cartesian coordinate reference system'),"
        "('Undefined geographic SRS',0,'NONE',0,'undefined','undefined geographic coordinate reference system'),"
        "('WGS 84 geodetic',4326,'EPSG',4326,'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,"
        "298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,"
        "AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],"
        "AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]',"
        "'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid'),"
        "('China Geodetic Coordinate System 2000',4490,'EPSG',4490,'GEOGCS[\"China Geodetic Coordinate System 2000\","
        "DATUM[\"China_2000\",SPHEROID[\"CGCS2000\",6378137,298.257222101,AUTHORITY[\"EPSG\",\"1024\"]],"
        "AUTHORITY[\"EPSG\",\"1043\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],"
        "UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AXIS[\"Latitude\",NORTH],"
        "AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4490\"]]',NULL);"
    "INSERT INTO gpkg_extensions VALUES"
        "('gpkg_data_columns',NULL,'gpkg_schema','http://www.geopackage.org/spec121/#extension_schema','read-write'),"
        "('gpkg_data_column_constraints',NULL,'gpkg_schema','http://www.geopackage.org/spec121/#extension_schema',"
        "'read-write'),"
        "('gpkg_metadata',NULL,'gpkg_metadata','http://www.geopackage.org/spec120/#extension_metadata','read-write'),"
        "('gpkg_metadata_reference',NULL,'gpkg_metadata','http://www.geopackage.org/spec120/#extension_metadata',"
        "'read-write');";

/* $ stands for the name of the layer. */
static const char index_sql[] =
    "CREATE VIRTUAL TABLE \"rtree_$_geom\" USING rtree(id, minx, maxx, miny, maxy);"
    "INSERT INTO gpkg_extensions VALUES('$','geom','gpkg_rtree_index',"
        "'http://www.geopackage.org/spec120/#extension_rtree','write-only');";

static const char index_triggers[] =
    "CREATE TRIGGER \"rtree_$_geom_insert\" AFTER INSERT ON \"$\" WHEN (new.\"geom\" NOT NULL AND NOT"
        " ST_IsEmpty(NEW.\"geom\")) BEGIN INSERT OR REPLACE INTO \"rtree_$_geom\" VALUES (NEW.\"fid\","
        "ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"),ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")); END;"
    "CREATE TRIGGER \"rtree_$_geom_update1\" AFTER UPDATE OF \"geom\" ON \"$\" WHEN OLD.\"fid\" = NEW.\"fid\" AND"
        " (NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\")) BEGIN INSERT OR REPLACE INTO \"rtree_$_geom\" VALUES"
        " (NEW.\"fid\",ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"),ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\"));"
        " END;"
    "CREATE TRIGGER \"rtree_$_geom_update2\" AFTER UPDATE OF \"geom\" ON \"$\" WHEN OLD.\"fid\" = NEW.\"fid\" AND"
        " (NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\")) BEGIN DELETE FROM \"rtree_$_geom\" WHERE id = OLD.\"fid\";"
        " END;"
    "CREATE TRIGGER \"rtree_$_geom_update3\" AFTER UPDATE ON \"$\" WHEN OLD.\"fid\" != NEW.\"fid\" AND (NEW.\"geom\""
        " NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\")) BEGIN DELETE FROM \"rtree_$_geom\" WHERE id = OLD.\"fid\"; INSERT"
        " OR REPLACE INTO \"rtree_$_geom\" VALUES (NEW.\"fid\",ST_MinX(NEW.\"geom\"),"
        " ST_MaxX(NEW.\"geom\"),ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")); END;"
    "CREATE TRIGGER \"rtree_$_geom_update4\" AFTER UPDATE ON \"$\" WHEN OLD.\"fid\" != NEW.\"fid\" AND (NEW.\"geom\""
        " ISNULL OR ST_IsEmpty(NEW.\"geom\")) BEGIN DELETE FROM \"rtree_$_geom\" WHERE id IN (OLD.\"fid\","
        " NEW.\"fid\"); END;"
    "CREATE TRIGGER \"rtree_$_geom_delete\" AFTER DELETE ON \"$\" WHEN old.\"geom\" NOT NULL BEGIN DELETE FROM"
        " \"rtree_$_geom\" WHERE id = OLD.\"fid\"; END;";

static const char count_triggers[] =
    "CREATE TRIGGER \"trigger_insert_feature_count_$\" AFTER INSERT ON \"$\" BEGIN UPDATE gpkg_ogr_contents SET"
        " feature_count = feature_count + 1 WHERE lower(table_name) = lower('$'); END;"
    "CREATE TRIGGER \"trigger_delete_feature_count_$\" AFTER DELETE ON \"$\" BEGIN UPDATE gpkg_ogr_contents SET"
        " feature_count = feature_count - 1 WHERE lower(table_name) = lower('$'); END;";
/* clang-format on */

const char *zm_gpkg_base_sql(void)
{
    return base_sql;
}

/* Appends a template with every $ replaced. */
static int fill(struct zm_buf *out, const char *template, const char *name, struct zm_err *err)
{
    struct zm_str rest = zm_str(template);
    ZM_TRY(zm_buf_put(out, zm_str_cut(&rest, '$'), err));
    while (rest.ptr) {
        ZM_TRY(zm_buf_put(out, zm_str(name), err));
        ZM_TRY(zm_buf_put(out, zm_str_cut(&rest, '$'), err));
    }
    return 0;
}

int zm_gpkg_table_sql(struct zm_buf *out, const struct zm_layer *layer, bool public_profile,
                      struct zm_err *err)
{
    static const char *const types[] = {"TEXT", "DATE", "INTEGER", "REAL"};
    ZM_TRY(fill(out, "CREATE TABLE \"$\" ( \"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", layer->name,
                err));
    if (layer->spatial)
        ZM_TRY(zm_buf_put(out, ZM_STR(", \"geom\" POINT"), err));
    for (unsigned i = 0; i < layer->n_columns; i++) {
        const struct zm_column *c = &layer->columns[i];
        if (public_profile && c->internal)
            continue;
        ZM_TRY(zm_buf_printf(out, err, ", \"%s\" %s", c->name, types[c->type]));
    }
    ZM_TRY(zm_buf_put(out, ZM_STR(");"), err));
    if (layer->spatial)
        ZM_TRY(fill(out, index_sql, layer->name, err));
    return zm_buf_putc(out, '\0', err);
}

int zm_gpkg_trigger_sql(struct zm_buf *out, const struct zm_layer *layer, struct zm_err *err)
{
    if (layer->spatial)
        ZM_TRY(fill(out, index_triggers, layer->name, err));
    ZM_TRY(fill(out, count_triggers, layer->name, err));
    return zm_buf_putc(out, '\0', err);
}
