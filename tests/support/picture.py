#!/usr/bin/python3
"""Renders a publication with the styles that are inside its GeoPackages: picture.py OUT/current PICTURE.png [DIVISIONS]
Needs PyQGIS; README's picture is made with it."""
import os, sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import (QgsApplication, QgsFillSymbol, QgsMapRendererSequentialJob, QgsMapSettings, QgsSingleSymbolRenderer,
                       QgsVectorLayer, QgsCoordinateReferenceSystem)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

def main(current, picture, divisions):
    app = QgsApplication([], False)
    app.initQgis()
    layers = []
    for name, layer in (("findings", "finding"), ("addresses", "address")):
        vector = QgsVectorLayer(f"{current}/{name}.gpkg|layername={layer}", layer, "ogr")
        assert vector.isValid(), name
        layers.append(vector)
    if divisions:
        ground = QgsVectorLayer(divisions, "divisions", "ogr")
        ground.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(
            {"color": "#f7f5ef", "outline_color": "#b9b2a0", "outline_width": "0.2"})))
        layers.append(ground)
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4549"))
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(1100, 800))
    extent = settings.fullExtent()
    extent.scale(1.03)
    settings.setExtent(extent)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [e.message for e in job.errors()]
    assert job.renderedImage().save(picture), picture
    app.exitQgis()

if len(sys.argv) < 3:
    sys.exit(__doc__)
main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
