"""Looks at a publication with everything but our own code: validate_gpkg, SQLite, OGR, the json module.
Usage: layers_check.py PUBLICATION SCRATCH_FOLDER, or with - as scratch folder to hold only the manifest against the files."""
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
STYLES = os.path.join(os.environ["ZM_SOURCE_DIR"], "export", "styles")
failures = []


def expect(condition, what):
    if not condition:
        failures.append(what)


def ask(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def check_structure(path):
    run = subprocess.run(["/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg", path], capture_output=True,
                         text=True)
    expect(run.returncode == 0, f"{path}: validate_gpkg: {run.stdout}{run.stderr}")
    expect(ask(path, "PRAGMA integrity_check") == [("ok",)], f"{path}: integrity_check")
    expect(ask(path, "PRAGMA foreign_key_check") == [], f"{path}: foreign_key_check")
    expect(not ask(path, "SELECT 1 FROM gpkg_contents WHERE last_change NOT LIKE '%T00:00:00.000Z'"),
           f"{path}: a time that is not as_of")
    for suffix in ("-wal", "-shm", "-journal"):
        expect(not os.path.exists(path + suffix), f"{path}{suffix} lies beside the file")


def schema(path):
    return dict(ask(path, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


def check_schema(path, scratch):
    """Every trigger and every gpkg_ table is what this GDAL itself writes for the same layers."""
    reference = os.path.join(scratch, "reference.gpkg")
    if os.path.exists(reference):
        os.unlink(reference)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4490)
    made = gdal.GetDriverByName("GPKG").Create(reference, 0, 0, 0, gdal.GDT_Unknown, options=["VERSION=1.3"])
    made.AddFieldDomain(ogr.CreateCodedFieldDomain("d", "", ogr.OFTString, ogr.OFSTNone, {"a": "b"}))
    made.SetMetadataItem("RUN", "x")
    for name, kind in ask(path, "SELECT table_name, data_type FROM gpkg_contents WHERE table_name <> 'layer_styles'"):
        spatial = kind == "features"
        made.CreateLayer(name, srs if spatial else None, ogr.wkbPoint if spatial else ogr.wkbNone,
                         options=["GEOMETRY_NAME=geom", "FID=fid"] if spatial else ["FID=fid"])
    made = None
    ours, theirs = schema(path), schema(reference)
    layers = {row[0] for row in ask(path, "SELECT table_name FROM gpkg_contents")}
    for name, sql in theirs.items():
        if name in layers or name.startswith(("gpkg_tile_", "sqlite_")):
            continue
        expect(ours.get(name) == sql, f"{path}: {name} is not as GDAL makes it: {ours.get(name)}")
    extra = set(ours) - set(theirs) - layers - {"layer_styles", "sqlite_sequence"}
    expect(not extra, f"{path}: GDAL makes no {extra}")


def count(layer):
    return sum(1 for _ in layer)


def check_index(path, name):
    expect(ask(path, f"SELECT rtreecheck('rtree_{name}_geom')") == [("ok",)], f"{path}: rtreecheck")
    points = ask(path, f"SELECT count(*) FROM \"{name}\" WHERE geom IS NOT NULL")[0][0]
    indexed = ask(path, f"SELECT count(*) FROM rtree_{name}_geom")[0][0]
    expect(points == indexed, f"{path}: {points} points, {indexed} in the index")
    data = ogr.Open(path)
    layer = data.GetLayerByName(name)
    expect(layer.TestCapability(ogr.OLCFastSpatialFilter), f"{path}: OGR sees no spatial index")
    if not points:
        return
    min_x, max_x, min_y, max_y = layer.GetExtent()
    xs = [min_x + (max_x - min_x) * k / 7 for k in range(8)]
    ys = [min_y + (max_y - min_y) * k / 7 for k in range(8)]
    places = [(f.geometry().GetX(), f.geometry().GetY()) for f in layer if f.geometry()]
    for i in range(7):
        for j in range(7):
            layer.SetSpatialFilterRect(xs[i], ys[j], xs[i + 1], ys[j + 1])
            expected = sum(xs[i] <= x <= xs[i + 1] and ys[j] <= y <= ys[j + 1] for x, y in places)
            expect(count(layer) == expected, f"{path}: filter {i},{j} finds {count(layer)} of {expected}")


def check_editable(path, name, scratch):
    """A copy is edited as QGIS would, and stays sound."""
    copy = os.path.join(scratch, "edited.gpkg")
    shutil.copyfile(path, copy)
    data = ogr.Open(copy, update=1)
    layer = data.GetLayerByName(name)
    before = layer.GetFeatureCount()
    point = ogr.CreateGeometryFromWkt("POINT (120.9 27.7)")
    layer.StartTransaction()
    for fid in range(1, min(before, 300) + 1, 2):
        layer.DeleteFeature(fid)
    for _ in range(500):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(point)
        layer.CreateFeature(feature)
    if before > 1:
        moved = layer.GetFeature(2)
        moved.SetGeometry(point)
        layer.SetFeature(moved)
    layer.CommitTransaction()
    expected = layer.GetFeatureCount()
    data = layer = None
    removed = (min(before, 300) + 1) // 2
    expect(expected == before - removed + 500, f"{copy}: {expected} features after {before} - {removed} + 500")
    rows = ask(copy, f"SELECT count(*), max(fid) FROM \"{name}\"")[0]
    expect(rows == (expected, before + 500), f"{copy}: rows and last fid {rows}")
    check_structure_after_edit(copy, name)


def check_structure_after_edit(copy, name):
    expect(ask(copy, "PRAGMA integrity_check") == [("ok",)], f"{copy}: integrity_check after edits")
    expect(ask(copy, f"SELECT rtreecheck('rtree_{name}_geom')") == [("ok",)], f"{copy}: rtreecheck after edits")


def check_style(path, name):
    rows = ask(path, f"SELECT f_table_catalog, f_table_schema, f_geometry_column, useAsDefault, styleQML"
                     f" FROM layer_styles WHERE f_table_name = '{name}'")
    spatial = name in ("address", "finding")
    expect(len(rows) == 1 and rows[0][:4] == ("", "", "geom" if spatial else "", 1), f"{path}: layer_styles {rows and rows[0][:4]}")
    with open(os.path.join(STYLES, f"{name}.qml"), encoding="utf-8") as file:
        expect(rows[0][4] == file.read(), f"{path}: the embedded style is not {name}.qml")
    titles = dict(ask(path, f"SELECT column_name, title FROM gpkg_data_columns WHERE table_name = '{name}'"))
    aliases = {a.get("field"): a.get("name") for a in xml.etree.ElementTree.fromstring(rows[0][4]).iter("alias")}
    for column, title in titles.items():
        expect(aliases.get(column) == title, f"{name}.qml: alias of {column} is {aliases.get(column)}, not {title}")
    values = dict(ask(path, "SELECT value, description FROM gpkg_data_column_constraints"
                            " WHERE constraint_name = 'severity'"))
    for category in xml.etree.ElementTree.fromstring(rows[0][4]).iter("category"):
        value, label = category.get("value"), category.get("label")
        expect(values.get(value) == label, f"{name}.qml: {value} is labelled {label}, not {values.get(value)}")


def check_lines(publication, base, name):
    lines_path = os.path.join(publication, f"{base}.{name}.geojsonl")
    gpkg = ogr.Open(os.path.join(publication, f"{base}.gpkg"))
    layer = gpkg.GetLayerByName(name)
    with open(lines_path, encoding="utf-8") as file:
        features = [json.loads(line) for line in file]
    expect(len(features) == layer.GetFeatureCount(), f"{lines_path}: {len(features)} lines")
    for number, (line, feature) in enumerate(zip(features, layer), 1):
        where = f"{lines_path}:{number}"
        expect(set(line) == {"type", "id", "geometry", "properties"} and line["type"] == "Feature", f"{where}: {line}")
        expect(line["id"] == number == feature.GetFID(), f"{where}: id {line['id']}")
        expected = {k: v for k, v in feature.items().items() if v is not None}
        properties = line["properties"]
        for key, value in expected.items():
            same = properties.get(key) == (value.replace("/", "-") if re.fullmatch(r"\d{4}/\d\d/\d\d", str(value)) else value)
            expect(same, f"{where}: {key} is {properties.get(key)!r}, not {value!r}")
        expect(set(properties) == set(expected), f"{where}: members {set(properties) ^ set(expected)}")
        place = feature.geometry()
        expect((line["geometry"] is None) == (place is None), f"{where}: geometry {line['geometry']}")
        if place:
            lon, lat = line["geometry"]["coordinates"]
            expect(abs(lon - place.GetX()) < 6e-8 and abs(lat - place.GetY()) < 6e-8, f"{where}: {lon}, {lat}")
            expect(73 < lon < 136 and 3 < lat < 54, f"{where}: {lon}, {lat} is not lon, lat in China")
        if len(failures) > 20:
            return
    collection_path = os.path.join(publication, f"{base}.{name}.geojson")
    if os.path.exists(collection_path):
        with open(collection_path, encoding="utf-8") as file:
            collection = json.load(file)
        expect(collection == {"type": "FeatureCollection", "features": features}, f"{collection_path}: other features")


def check_manifest(publication):
    with open(os.path.join(publication, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    names = [f["name"] for f in manifest["files"]]
    expect(manifest["schema_version"] == 1 and manifest["run"] and names == sorted(names), f"manifest: {names}")
    there = {os.path.relpath(os.path.join(parent, name), publication)
             for parent, _, found in os.walk(publication + "/") for name in found}
    expect(set(names) == there - {"manifest.json"}, f"manifest lists {names}")
    for entry in manifest["files"]:
        with open(os.path.join(publication, entry["name"]), "rb") as file:
            content = file.read()
        expect(len(content) == entry["bytes"], f"manifest: {entry['name']} has {len(content)} bytes")
        expect(hashlib.sha256(content).hexdigest() == entry["sha256"], f"manifest: digest of {entry['name']}")


def check_layers(publication, scratch):
    os.makedirs(scratch, exist_ok=True)
    for base, name in (("addresses", "address"), ("findings", "finding")):
        path = os.path.join(publication, f"{base}.gpkg")
        check_structure(path)
        check_schema(path, scratch)
        check_index(path, name)
        check_editable(path, name, scratch)
        check_style(path, name)
        check_lines(publication, base, name)
    for table in ("finding_row", "fixed", "rejected"):
        check_style(os.path.join(publication, "findings.gpkg"), table)


def main():
    publication, scratch = sys.argv[1:3]
    check_manifest(publication)
    if scratch != "-":
        check_layers(publication, scratch)
    for failure in failures[:20]:
        print(f"FAILED {failure}")
    print(f"{publication}: {len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
