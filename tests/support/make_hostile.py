#!/usr/bin/env python3
"""Makes files that must not be read, or not be believed, for tests/property/hostile.test.

Usage: make_hostile.py FOLDER PORT. Each case is one line of FOLDER/cases.tsv: argument, verdict, words.
verdict is "refused" (the program ends with status 2 or 3 and says one of the words, separated by '|'), "rows"
(the file is read, some of its rows perhaps not: status 0 or 1), or "any" (status 0 to 3, and no harm done). PORT is a port of this machine that nobody
may connect to; FOLDER/secret.csv is a file that nobody may read.
"""
import io
import json
import os
import sqlite3
import struct
import sys
import zipfile

folder, port = sys.argv[1], int(sys.argv[2])
cases = []


def path(name):
    return os.path.join(folder, name)


def case(name, verdict, words, content=None):
    if content is not None:
        with open(path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
    cases.append((name if name.startswith(("/", "http", "PG:")) else path(name), verdict, words))


# Files that are read through another name.
secret = "温州市鹿城区五马街道SECRET-TOKEN路1号"
with open(path("secret.csv"), "w", encoding="utf-8") as file:
    file.write("编号,地址\n1,%s\n" % secret)
vrt = '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>%s</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
for suffix in "csv", "xlsx", "shp", "gpkg", "geojson":
    case("vrt." + suffix, "refused", "XML", vrt % path("secret.csv"))
case("vrt_net.csv", "refused", "XML", vrt % ("/vsicurl/http://127.0.0.1:%d/x.csv" % port))
case("entity.csv", "refused", "XML",
     '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file://%s">]><a>&x;</a>' % path("secret.csv"))
case("/vsicurl/http://127.0.0.1:%d/x.csv" % port, "refused", "plain files")
case("http://127.0.0.1:%d/x.geojson" % port, "refused", "plain files")
case("PG:host=127.0.0.1 port=%d" % port, "refused", "plain files")
os.symlink(path("secret.csv"), path("link.csv"))
case("link.csv", "refused", "symbolic link")
os.mkdir(path("folder.csv"))
case("folder.csv", "refused", "folder")
os.mkfifo(path("pipe.csv"))
case("pipe.csv", "refused", "pipe")
case("/dev/zero", "refused", "device")
case("absent.csv", "refused", "No such file")


# GeoPackage and SQLite.
def gpkg(name, *extra, rows=1):
    db = sqlite3.connect(path(name))
    db.execute("PRAGMA application_id=1196444487")
    db.execute("PRAGMA user_version=10300")
    for sql in (
        "CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,"
        " organization_coordsys_id INTEGER, definition TEXT, description TEXT)",
        "CREATE TABLE gpkg_contents(table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,"
        " last_change TEXT, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER)",
        "CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, geometry_type_name TEXT,"
        " srs_id INTEGER, z INTEGER, m INTEGER)",
        "CREATE TABLE address(fid INTEGER PRIMARY KEY, 编号 TEXT, 地址 TEXT, geom POINT)",
        "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id) VALUES('address','features','address',0)",
        "INSERT INTO gpkg_geometry_columns VALUES('address','geom','POINT',0,0,0)",
    ):
        db.execute(sql)
    point = b"GP\0\1" + struct.pack("<i", 0) + struct.pack("<BIdd", 1, 1, 120.65, 28.01)
    for i in range(rows):
        db.execute("INSERT INTO address(编号, 地址, geom) VALUES(?,?,?)", (str(i), "温州市鹿城区%d号" % i, point))
    for sql in extra:
        if callable(sql):
            sql(db)
        else:
            db.execute(sql)
    db.commit()
    db.close()
    return path(name)


def contents(table):
    return "INSERT INTO gpkg_contents(table_name, data_type, identifier) VALUES('%s','attributes','%s')" % (table, table)


def virtual(name, declaration):
    """A virtual table of a module that this SQLite does not have, as a file made elsewhere would hold it."""
    def write(db):
        db.execute("PRAGMA writable_schema=ON")
        db.execute("INSERT INTO sqlite_master VALUES('table',?,?,0,?)",
                   (name.strip('"'), name.strip('"'), "CREATE VIRTUAL TABLE %s USING %s" % (name, declaration)))
        db.execute(contents(name.strip('"')))
    return write


gpkg("good.gpkg")
case("good.gpkg", "rows", "")
gpkg("virtual_text.gpkg", virtual("leak", "VirtualText('%s','UTF-8',1,COMMA)" % path("secret.csv")))
case("virtual_text.gpkg", "refused", "virtual table")
gpkg("unknown_module.gpkg", virtual("odd", "no_such_module(1,2,3)"))
case("unknown_module.gpkg", "refused", "virtual table")
gpkg("rtree_disguise.gpkg", virtual("odd", "VirtualText('%s') -- USING rtree(" % path("secret.csv")))
case("rtree_disguise.gpkg", "refused", "virtual table")
gpkg("rtree_name.gpkg", virtual('"odd USING rtree("', "VirtualText('%s')" % path("secret.csv")))
case("rtree_name.gpkg", "refused", "virtual table")
gpkg("recursive_view.gpkg", "CREATE VIEW endless AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r)"
     " SELECT n FROM r", contents("endless"))
case("recursive_view.gpkg", "refused", "view")
gpkg("blob_view.gpkg", "CREATE VIEW leak AS SELECT BlobFromFile('%s') AS b" % path("secret.csv"), contents("leak"))
case("blob_view.gpkg", "refused", "view")
gpkg("trigger.gpkg", "CREATE TRIGGER bomb AFTER INSERT ON address BEGIN DELETE FROM address; END")
case("trigger.gpkg", "refused", "trigger")
gpkg("computed.gpkg", "CREATE TABLE t(a INTEGER, b AS (hex(zeroblob(1000000000))))", contents("t"))
case("computed.gpkg", "refused", "computed columns")
whole = open(gpkg("big.gpkg", rows=3000), "rb").read()
case("truncated.gpkg", "refused", "cut off", whole[: len(whole) // 2])
case("header_only.gpkg", "refused", "cut off|damaged", whole[:60])
case("damaged.gpkg", "refused", "damaged|malformed|reports", whole[:4096] + b"\xff" * 8192 + whole[12288:])
with open(path("hot.gpkg"), "wb") as file:
    file.write(whole)
with open(path("hot.gpkg-wal"), "wb") as file:
    file.write(b"\x37\x7f\x06\x82" + bytes(1000))
case("hot.gpkg", "refused", "unfinished changes")
wkb = b"GP\0\1" + struct.pack("<i", 0) + struct.pack("<BII", 1, 2, 0xFFFFFFF0)
gpkg("wkb_count.gpkg", lambda db: db.execute("UPDATE address SET geom=?", (wkb,)))
case("wkb_count.gpkg", "any", "")
nested = b"GP\0\1" + struct.pack("<i", 0) + struct.pack("<BII", 1, 7, 1) * 100000
gpkg("wkb_nested.gpkg", lambda db: db.execute("UPDATE address SET geom=?", (nested,)))
case("wkb_nested.gpkg", "any", "")
plain = sqlite3.connect(path("views.sqlite"))
plain.execute("CREATE VIEW v AS SELECT 1 AS 地址")
plain.commit()
plain.close()
case("views.sqlite", "refused", "view")

# Workbooks.
CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName='
    '"/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>')
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = ('<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="%s"><sheets>'
            '<sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>' % OFFICE)
RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>')
PART_RELS = RELS % "".join('<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>' % (i, OFFICE, kind, target) for
                           i, kind, target in ((1, "worksheet", "worksheets/sheet1.xml"),
                                               (2, "sharedStrings", "sharedStrings.xml")))
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'


def inline(ref, text):
    return '<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (ref, text)


def column(i):
    name = ""
    while i:
        i, rest = divmod(i - 1, 26)
        name = chr(65 + rest) + name
    return name


def xlsx(rows, strings="", head="", extra=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", CONTENT_TYPES)
        book.writestr("_rels/.rels", RELS % ('<Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/>'
                                             % OFFICE))
        book.writestr("xl/workbook.xml", WORKBOOK)
        book.writestr("xl/_rels/workbook.xml.rels", PART_RELS)
        book.writestr("xl/worksheets/sheet1.xml", head + SHEET % rows)
        book.writestr("xl/sharedStrings.xml", STRINGS % strings)
        if not any(name == "xl/styles.xml" for name, _ in extra):
            book.writestr("xl/styles.xml", '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>')
        for name, content in extra:
            book.writestr(name, content)
    return out.getvalue()


title = '<row r="1">%s</row>' % (inline("A1", "编号") + inline("B1", "地址"))
good = title + '<row r="2">%s</row>' % (inline("A2", "1") + inline("B2", "温州市鹿城区五马街1号"))
case("good.xlsx", "rows", "", xlsx(good))
case("sheet_bomb.xlsx", "refused", "grows",
     xlsx(title + '<row r="2"><c r="A2"><v>1</v></c></row>' * 2000000))
case("string_bomb.xlsx", "refused", "shared strings grow",
     xlsx(title + "".join('<row r="%d"><c r="B%d" t="s"><v>0</v></c></row>' % (i, i) for i in range(2, 100002)),
          "<si><t>%s</t></si>" % ("x" * 20000)))
case("grid_bomb.xlsx", "refused", "span",
     xlsx(title + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
case("columns_257.xlsx", "refused", "columns",
     xlsx('<row r="1">%s</row>' % "".join(inline(column(i) + "1", "c%d" % i) for i in range(1, 258))))
laughs = ('<!DOCTYPE l [<!ENTITY a "ha">' + "".join('<!ENTITY %s "%s">' % (b, "&%s;" % a * 10)
                                                    for a, b in zip("abcdefghi", "bcdefghij")) + "]>")
case("laughs.xlsx", "refused", "DOCTYPE", xlsx(title + "<row><c><v>&j;</v></c></row>", head=laughs))
case("entity.xlsx", "refused", "DOCTYPE",
     xlsx(good, head='<!DOCTYPE a [<!ENTITY x SYSTEM "file://%s">]>' % path("secret.csv")))
case("doctype_utf16.xlsx", "refused", "DOCTYPE|damaged|reports",
     xlsx(good, extra=[("xl/styles.xml", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"))]))
case("dotdot.xlsx", "refused", "is called", xlsx(good, extra=[("../../pwned.xml", "x")]))
case("many_parts.xlsx", "refused", "parts", xlsx(good, extra=[("x%d.xml" % i, "<a/>") for i in range(300)]))
book = xlsx(good)
case("truncated.xlsx", "refused", "ZIP|zip", book[: len(book) // 2])
locked = bytearray(book)
for mark, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
    at = locked.find(mark)
    while at >= 0:
        locked[at + offset] |= 1
        at = locked.find(mark, at + 4)
case("password.xlsx", "refused", "password|ZIP|unpacked", bytes(locked))
lying = bytearray(xlsx(title + "<row><c><v>1</v></c></row>" * 100000))
at = lying.find(b"xl/worksheets/sheet1.xml", lying.find(b"PK\1\2")) - 46
struct.pack_into("<I", lying, at + 24, 100)
case("lying_size.xlsx", "refused", "damaged|ZIP|unpacked|reports", bytes(lying))
case("workbook.csv", "refused", "xlsx", book)
case("text.xlsx", "refused", "csv", "编号,地址\n1,温州市鹿城区五马街1号\n")
case("old.xls", "refused", "xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
case("paper.csv", "refused", "PDF|pdf", b"%PDF-1.4\n" + bytes(2000))

# GeoJSON and Shapefile.
case("deep.geojson", "refused", "", '{"type":"FeatureCollection","features":' + "[" * 200000 + "]" * 200000 + "}")
feature = {"type": "Feature", "properties": {"地址": "温州市鹿城区1号"}, "geometry": {"type": "Point", "coordinates": [120.6, 28]}}
text = json.dumps({"type": "FeatureCollection", "features": [feature] * 500})
case("truncated.geojson", "refused", "", text[: len(text) // 2])
case("deep_coordinates.geojson", "refused", "",
     '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"地址":"x"},"geometry":{"type":"Polygon",'
     '"coordinates":' + "[" * 5000 + "]" * 5000 + "}}]}")
feature["properties"]["地址"] = "温州市\0鹿城区"
case("nul.geojson", "refused", "NUL", json.dumps({"type": "FeatureCollection", "features": [feature]}))
feature["properties"]["地址"] = "x" * (60 << 20)
case("big_property.geojson", "any", "", json.dumps({"type": "FeatureCollection", "features": [feature]}))


def shapefile(name, shp=None, dbf=None, shx=True):
    record = struct.pack(">II", 1, 10) + struct.pack("<Idd", 1, 120.65, 28.01)
    def head(words):
        return struct.pack(">IIIIIII", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<II", 1000, 1) + struct.pack("<8d", *[0.0] * 8)
    field = b"ADDRESS\0\0\0\0" + b"C" + bytes(4) + bytes([40, 0]) + bytes(14)
    table = struct.pack("<BBBBIHH", 3, 126, 1, 1, 1, 65, 41) + bytes(20) + field + b"\x0d" + b" " + b"1".ljust(40) + b"\x1a"
    files = {".shp": shp if shp is not None else head(50 + 14) + record, ".dbf": table if dbf is None else dbf}
    if shx:
        files[".shx"] = head(50 + 4) + struct.pack(">II", 50, 10)
    for suffix, content in files.items():
        if content:
            with open(path(name + suffix), "wb") as file:
                file.write(content)


shapefile("good")
case("good.shp", "rows", "")
shapefile("no_dbf", dbf=b"")
case("no_dbf.shp", "refused", ".dbf")
shapefile("truncated_shp", shp=struct.pack(">I", 9994) + bytes(40))
case("truncated_shp.shp", "refused", "")
huge = struct.pack("<BBBBIHH", 3, 126, 1, 1, 0xFFFFFFFF, 65, 65535) + bytes(20)
shapefile("huge_dbf", dbf=huge + b"ADDRESS\0\0\0\0C" + bytes(4) + bytes([255, 0]) + bytes(14) + b"\x0d")
case("huge_dbf.shp", "refused", "")
shapefile("huge_part", shp=struct.pack(">IIIIIII", 9994, 0, 0, 0, 0, 0, 64) + struct.pack("<II", 1000, 5) + bytes(64)
          + struct.pack(">II", 1, 0x7FFFFFF0) + struct.pack("<I4dII", 5, 0, 0, 1, 1, 0x7FFFFFFF, 0x7FFFFFFF), shx=False)
case("huge_part.shp", "any", "")

# Text.
line = "%s,温州市鹿城区五马街道五马街%s号\n"
head = "编号,地址\n"
body = "".join(line % (i, i) for i in range(1, 50))
case("empty.csv", "refused", "empty", b"")
case("big_field.csv", "rows", "long_field", head + body + '50,"' + "x" * (30 << 20) + '"\n')
case("columns_257.csv", "refused", "columns", ",".join("c%d" % i for i in range(257)) + "\n")
case("nul.csv", "rows", "\"nul\"", (head + body).encode() + b"50,a\0b\n")
case("broken_utf8.csv", "rows", "bad_encoding", (head + body).encode() + b"50,\xe6\xb8\xff\xfe\n")
case("open_quote.csv", "any", "", head + body + '50,"温州市鹿城区\n' + body)
case("no_line_end.csv", "any", "", "x" * (40 << 20))
case("quotes.csv", "any", "", head + '"' * (8 << 20))
case("binary.csv", "refused", "", bytes(range(256)) * 4000)

with open(path("cases.tsv"), "w", encoding="utf-8") as file:
    for row in cases:
        file.write("\t".join(row) + "\n")
