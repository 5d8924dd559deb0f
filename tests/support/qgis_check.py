"""Opens every layer of a publication as QGIS does and looks at it: default style, Chinese aliases, coded values,
labels, and a rendered picture. Usage: qgis_check.py PUBLICATION PICTURE_FOLDER. Exit 77 without PyQGIS."""
import os
import re
import sqlite3
import sys

try:
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor
    from qgis.core import QgsApplication, QgsMapRendererSequentialJob, QgsMapSettings, QgsVectorLayer
except ImportError as error:
    print(f"skipped: no PyQGIS: {error}")
    sys.exit(77)

HAN = re.compile("[\u4e00-\u9fff]")
CODED = {"level", "status", "pos_src", "severity", "state", "county", "town"}
failures = []


def expect(condition, what):
    if not condition:
        failures.append(what)


def titles(path, table):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return dict(db.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = ?", (table,)))


def check_fields(layer, where, path, table):
    expected = titles(path, table)
    for index, field in enumerate(layer.fields()):
        name = field.name()
        if name == "fid":
            continue
        alias = layer.attributeAlias(index)
        expect(HAN.search(alias or ""), f"{where}.{name}: no Chinese alias, but {alias!r}")
        expect(alias == expected.get(name), f"{where}.{name}: alias {alias!r}, title {expected.get(name)!r}")
        if name in CODED:
            setup = layer.editorWidgetSetup(index)
            expect(setup.type() == "ValueMap", f"{where}.{name}: widget {setup.type()}, not ValueMap")
            text = repr(setup.config())
            expect(HAN.search(text), f"{where}.{name}: values without Chinese: {text[:80]}")


def render(layer, picture):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setOutputSize(QSize(600, 600))
    settings.setDestinationCrs(layer.crs())
    extent = layer.extent()
    extent.grow(max(extent.width(), extent.height(), 0.01) * 0.05)
    settings.setExtent(extent)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    expect(not job.errors(), f"{picture}: {[e.message for e in job.errors()]}")
    image = job.renderedImage()
    image.save(picture)
    return image


def near(pixel, color):
    return all(abs(a - b) <= 12 for a, b in zip(pixel.getRgb()[:3], color.getRgb()[:3]))


def check_picture(layer, where, picture):
    image = render(layer, picture)
    pixels = [image.pixelColor(x, y) for x in range(600) for y in range(600)]
    drawn = sum(1 for p in pixels if not near(p, QColor(255, 255, 255)))
    expect(drawn > 50, f"{where}: only {drawn} pixels are drawn")
    used = {f["severity"] for f in layer.getFeatures() if f.hasGeometry()}
    known = {c.value(): c.symbol().color() for c in layer.renderer().categories()}
    expect(used <= set(known), f"{where}: no category for {used - set(known)}")
    for value in used & set(known):
        expect(any(near(p, known[value]) for p in pixels), f"{where}: the colour of {value} is not in the picture")


def check_layer(path, table, pictures):
    where = f"{os.path.basename(path)}:{table}"
    layer = QgsVectorLayer(f"{path}|layername={table}", table, "ogr")
    expect(layer.isValid(), f"{where}: QGIS cannot open it")
    if not layer.isValid():
        return
    expect(layer.crs().authid() == "EPSG:4490", f"{where}: CRS {layer.crs().authid()}")
    # What the browser and a double click do; the provider alone keeps its default symbol.
    message, good = layer.loadDefaultStyle()
    expect(good, f"{where}: {message}")
    expect(layer.renderer().type() == "categorizedSymbol", f"{where}: renderer {layer.renderer().type()}")
    expect(layer.labelsEnabled(), f"{where}: no labels")
    expect(HAN.search(layer.mapTipTemplate()) or "%" in layer.mapTipTemplate(), f"{where}: no map tip")
    check_fields(layer, where, path, table)
    if any(f.hasGeometry() for f in layer.getFeatures()):
        check_picture(layer, where, os.path.join(pictures, f"{table}.png"))
    print(f"{where}: {layer.featureCount()} features, {layer.renderer().type()}")


def check_table(path, table):
    where = f"{os.path.basename(path)}:{table}"
    layer = QgsVectorLayer(f"{path}|layername={table}", table, "ogr")
    expect(layer.isValid(), f"{where}: QGIS cannot open it")
    layer.loadDefaultStyle()
    check_fields(layer, where, path, table)
    print(f"{where}: {layer.featureCount()} rows")


def main():
    publication, pictures = sys.argv[1:3]
    os.makedirs(pictures, exist_ok=True)
    QgsApplication.setPrefixPath("/usr", True)
    app = QgsApplication([], False)
    app.initQgis()
    for name, tables in (("addresses.gpkg", ["address"]), ("findings.gpkg", ["finding"])):
        path = os.path.join(publication, name)
        expect(os.path.exists(path), f"{path} is missing")
        for table in tables if os.path.exists(path) else []:
            check_layer(path, table, pictures)
    for table in ("finding_row", "fixed", "rejected"):
        check_table(os.path.join(publication, "findings.gpkg"), table)
    for failure in failures:
        print(f"FAILED {failure}")
    sys.stdout.flush()
    os._exit(1 if failures else 0)  # QGIS offscreen may crash while it tears down


main()
