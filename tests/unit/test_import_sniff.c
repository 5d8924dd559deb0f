/* Formats by their bytes: what is accepted under which name, and what is refused with which words. */
#include "import/sniff.h"

/* cmocka needs these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define ZIP_ENTRY "PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0"
#define SQLITE                                                                                               \
    "SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20\0\0\0\x01\0\0\0\x01"                                      \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define OLE "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

static const struct {
    const char *name;
    struct zm_str bytes;
    int want; /* enum zm_format, or -1 */
    const char *message;
} cases[] = {
    {"a.csv", ZM_STR("id,地址\n1,五马街\n"), ZM_FORMAT_CSV, NULL},
    {"a.txt", ZM_STR("x"), ZM_FORMAT_CSV, NULL},
    {"a", ZM_STR("{id},{b}\n1,2\n"), ZM_FORMAT_CSV, NULL},
    {"a.csv",
     ZM_STR("\xFF\xFE"
            "a\0,\0b\0\n\0"),
     ZM_FORMAT_CSV, NULL},
    {"a.csv", ZM_STR("\xB5\xD8\xD6\xB7,b\n"), ZM_FORMAT_CSV, NULL},
    {"a.csv", ZM_STR("a,b\n1,x\0y and the rest of a long enough line\n"), ZM_FORMAT_CSV, NULL},
    {"a.geojson", ZM_STR("\xEF\xBB\xBF\n { \"type\": 1}"), ZM_FORMAT_GEOJSON, NULL},
    {"a.json", ZM_STR("[]"), ZM_FORMAT_GEOJSON, NULL},
    {"a.xlsx", ZM_STR(ZIP_ENTRY "[Content_Types].xml"), ZM_FORMAT_XLSX, NULL},
    {"a.xlsx", ZM_STR(ZIP_ENTRY "xl/workbook.xml"), ZM_FORMAT_XLSX, NULL},
    {"a.shp", ZM_STR("\0\0\x27\x0A\0\0\0\0"), ZM_FORMAT_SHP, NULL},
    {"a.gpkg", ZM_STR(SQLITE "GPKG"), ZM_FORMAT_GPKG, NULL},
    {"a.gpkg", ZM_STR(SQLITE "GP10"), ZM_FORMAT_GPKG, NULL},
    {"a.gpkg", ZM_STR(SQLITE "\0\0\0\0"), ZM_FORMAT_GPKG, NULL},
    {"a.sqlite", ZM_STR(SQLITE "\0\0\0\0"), ZM_FORMAT_SQLITE, NULL},
    {"a.db", ZM_STR(SQLITE "GPKG"), ZM_FORMAT_GPKG, NULL},
    {"a.csv", ZM_STR(""), -1, "is empty (0 bytes)"},
    {"a.csv", ZM_STR(ZIP_ENTRY "[Content_Types].xml"), -1, "named like csv, but its content is xlsx"},
    {"a.xlsx", ZM_STR("id,b\n"), -1, "named like xlsx, but its content is csv"},
    {"a.geojson", ZM_STR("\"a string\""), -1, "named like geojson, but its content is csv"},
    {"a.csv", ZM_STR("{\"type\": 1}"), -1, "named like csv, but its content is geojson"},
    {"a.zip", ZM_STR(ZIP_ENTRY "roads.shp"), -1, "is a zip archive"},
    {"a.ods", ZM_STR(ZIP_ENTRY "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), -1, "OpenDocument"},
    {"a.zip", ZM_STR("PK\x05\x06\0\0"), -1, "is a zip archive"},
    {"a.csv", ZM_STR("<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>"), -1, "is XML or HTML"},
    {"a.gpkg", ZM_STR("\xEF\xBB\xBF  <?xml version='1.0'?>"), -1, "is XML or HTML"},
    {"a.xls", ZM_STR("<html><table>"), -1, "is XML or HTML"},
    {"a.csv", ZM_STR("\xFF\xFE<\0O\0G\0R\0"), -1, "is XML or HTML"},
    {"a.xls", ZM_STR(OLE), -1, "old Office document"},
    {"a.shx", ZM_STR("\0\0\x27\x0A\0\0\0\0"), -1, "index of a Shapefile"},
    {"a.dbf", ZM_STR("\x03\x7B\x01\x01"), -1, "table of a Shapefile"},
    {"a.pdf", ZM_STR("%PDF-1.4"), -1, "PDF"},
    {"a.csv.gz", ZM_STR("\x1F\x8B\x08\0"), -1, "gzip"},
    {"a.dat", ZM_STR("\x01\x02\x03\x04\x05\x06\x07\x08"), -1, "binary file of an unknown kind"},
};

static void knows_formats(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum zm_format format = ZM_FORMAT_CSV;
        struct zm_err err = {0};
        int fd = memfd_create("sniff", MFD_CLOEXEC);
        assert_int_equal(write(fd, cases[i].bytes.ptr, cases[i].bytes.len), (ssize_t)cases[i].bytes.len);
        int rc = zm_sniff(fd, cases[i].name, &format, &err);
        close(fd);
        if ((rc == 0) != (cases[i].want >= 0) || (rc == 0 && (int)format != cases[i].want))
            fail_msg("case %zu (%s): %s %s", i, cases[i].name, rc ? "refused:" : zm_format_name(format),
                     err.text);
        if (rc != 0 && (err.code != ZM_E_INPUT || !strstr(err.text, cases[i].message) ||
                        !strstr(err.text, cases[i].name)))
            fail_msg("case %zu: %s", i, err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(knows_formats)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
