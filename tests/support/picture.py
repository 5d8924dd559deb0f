#!/usr/bin/python3
"""Renders a publication with the styles that are inside its GeoPackages: picture.py OUT/current PICTURE.png [INBOX [COUNTY]]
INBOX holds divisions.geojson and roads.geojson as ground; COUNTY (330302) is what the picture shows.
Needs PyQGIS; README's picture is made with it."""
import os, sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import (QgsApplication, QgsCoordinateTransform, QgsFillSymbol, QgsLineSymbol, QgsMapRendererSequentialJob, QgsMapSettings, QgsSingleSymbolRenderer,
                       QgsVectorLayer, QgsCoordinateReferenceSystem)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

def ground(path, symbol):
    layer = QgsVectorLayer(path, os.path.basename(path), "ogr")
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    return layer

def main(current, picture, inbox, county):
    app = QgsApplication([], False)
    app.initQgis()
    layers = []
    for name, layer in (("findings", "finding"), ("addresses", "address")):
        vector = QgsVectorLayer(f"{current}/{name}.gpkg|layername={layer}", layer, "ogr")
        assert vector.isValid(), name
        layers.append(vector)
    shown = layers[1]
    if county:
        shown.setSubsetString(f"county = '{county}' AND point_county = '{county}'")
        layers[0].setSubsetString(f"county = '{county}'")
    else:
        shown.setSubsetString("point_county IS NOT NULL") # points typed far away would make the map small
    extent = shown.extent()
    if inbox:
        layers.append(ground(f"{inbox}/roads.geojson", QgsLineSymbol.createSimple({"color": "#c9c2b2", "width": "0.5"})))
        layers.append(ground(f"{inbox}/divisions.geojson", QgsFillSymbol.createSimple(
            {"color": "#f7f5ef", "outline_color": "#b9b2a0", "outline_width": "0.3"})))
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4549"))
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(1100, 800))
    extent = QgsCoordinateTransform(shown.crs(), settings.destinationCrs(), settings.transformContext()).transform(extent)
    extent.scale(1.1)
    settings.setExtent(extent)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [e.message for e in job.errors()]
    assert job.renderedImage().save(picture), picture
    app.exitQgis()

if len(sys.argv) < 3:
    sys.exit(__doc__)
main(*(sys.argv[1:] + [None, None])[:4])
