/* GeoPackage, SQLite, Shapefile, GeoJSON and XLSX through GDAL's vector drivers, one driver a process. Only
 * for the reader child, inside the sandbox, and behind the gates. */
#pragma once

#include "geo/record/source.h"
#include "import/reader_file.h"
#include "import/row.h"
#include "import/sniff.h"

struct zm_ogr_options {
    const struct zm_delivery *file;
    enum zm_format format; /* all but ZM_FORMAT_CSV */
    const struct zm_source *source;
    bool head; /* for a draft: the kind is not known, and of several layers the first with rows is taken */
};

/* Borrows the options' pointers until close. Any failure that GDAL reports between open and the last row
 * fails the source, because its loops end there without a word. ZM_E_INPUT with file and reason; ZM_E_USAGE
 * for a layer or sheet that is not there, or not named where there are several (the message lists them). */
int zm_ogr_open(struct zm_row_reader *out, const struct zm_ogr_options *options, struct zm_err *err);
