#include "import/sniff.h"

#include <errno.h>
#include <strings.h>
#include <unistd.h>

enum { HEAD_BYTES = 4096 };

static const char *const names[] = {"csv", "gpkg", "sqlite", "shp", "geojson", "xlsx"};

const char *zm_format_name(enum zm_format format)
{
    return (unsigned)format < sizeof names / sizeof *names ? names[format] : "";
}

/* What the ending of a name promises. */
struct promise {
    const char *ending;
    enum zm_format format;
};
static const struct promise promises[] = {
    {".csv", ZM_FORMAT_CSV},   {".tsv", ZM_FORMAT_CSV},         {".txt", ZM_FORMAT_CSV},
    {".gpkg", ZM_FORMAT_GPKG}, {".sqlite", ZM_FORMAT_SQLITE},   {".db", ZM_FORMAT_SQLITE},
    {".shp", ZM_FORMAT_SHP},   {".geojson", ZM_FORMAT_GEOJSON}, {".json", ZM_FORMAT_GEOJSON},
    {".xlsx", ZM_FORMAT_XLSX},
};

/* Contents that are known and never read, with what to do about them. */
struct refusal {
    struct zm_str magic;
    const char *what;
};
static const struct refusal refusals[] = {
    {ZM_STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "an old Office document (.xls); save it as .xlsx or as CSV"},
    {ZM_STR("%PDF-"), "a PDF document; ask the sender for the table it was made from"},
    {ZM_STR("\x1F\x8B"), "a gzip archive; unpack it first"},
    {ZM_STR("7z\xBC\xAF\x27\x1C"), "a 7z archive; unpack it first"},
    {ZM_STR("Rar!\x1A\x07"), "a RAR archive; unpack it first"},
    {ZM_STR("BZh"), "a bzip2 archive; unpack it first"},
    {ZM_STR("\xFD"
            "7zXZ"),
     "an xz archive; unpack it first"},
    {ZM_STR("\x7F"
            "ELF"),
     "a program"},
    {ZM_STR("\x89PNG\r\n"), "a picture"},
    {ZM_STR("\xFF\xD8\xFF"), "a picture"},
    {ZM_STR("PMTiles"), "a tile archive"},
};

static const char *ending_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    return dot ? dot : "";
}

/* The first characters of a text without byte order mark, blanks, and the zeros of UTF-16. */
static size_t plain_head(struct zm_str head, char *out, size_t cap)
{
    size_t n = 0;
    bool begun = false;
    for (size_t i = 0; i < head.len && n < cap; i++) {
        unsigned char c = (unsigned char)head.ptr[i];
        if (c == 0 || (i < 3 && (c == 0xFF || c == 0xFE || c == 0xEF || c == 0xBB || c == 0xBF)))
            continue;
        if (!begun && c <= ' ')
            continue;
        begun = true;
        out[n++] = (char)c;
    }
    return n;
}

/* '{' or '[' alone is no proof: a CSV may begin with "{id}". JSON goes on with a string, a bracket or its
 * end. */
static bool is_json(struct zm_str text)
{
    if (text.len == 0 || (text.ptr[0] != '{' && text.ptr[0] != '['))
        return false;
    struct zm_str rest = zm_str_trim(zm_str_sub(text, 1, text.len));
    return rest.len == 0 || strchr("\"{}[]", rest.ptr[0]) != NULL;
}

static bool is_xml(struct zm_str text)
{
    return text.len > 1 && text.ptr[0] == '<' &&
           (strchr("?!/", text.ptr[1]) || (text.ptr[1] | 0x20) >= 'a') && text.ptr[1] != '\0';
}

/* Text may hold a stray control byte (its row is rejected later); a tenth of them is no text. UTF-16 is
 * recognised by its mark or by zeros at every second place. */
static bool is_text(struct zm_str head)
{
    size_t odd_zeros = 0, even_zeros = 0, controls = 0;
    for (size_t i = 0; i < head.len; i++) {
        unsigned char c = (unsigned char)head.ptr[i];
        if (c == 0)
            *(i & 1 ? &odd_zeros : &even_zeros) += 1;
        else if (c < 0x09 || (c >= 0x0E && c < 0x20 && c != 0x1A && c != 0x1B))
            controls++;
    }
    bool marked =
        head.len >= 2 && (memcmp(head.ptr, "\xFF\xFE", 2) == 0 || memcmp(head.ptr, "\xFE\xFF", 2) == 0);
    bool wide = marked || odd_zeros > 8 * even_zeros || even_zeros > 8 * odd_zeros;
    size_t zeros = wide ? 0 : odd_zeros + even_zeros;
    /* The bytes of Han characters in UTF-16 look like controls at times, so marked text gets more room. */
    return (controls + zeros) * (wide ? 3 : 10) <= head.len;
}

static int sniff_zip(struct zm_str head, const char *path, enum zm_format *out, struct zm_err *err)
{
    if (zm_str_has(head, ZM_STR("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")))
        return zm_fail(err, ZM_E_INPUT, "%s is an OpenDocument table (.ods); save it as .xlsx or as CSV",
                       path);
    /* An Office file begins with its list of parts or with one of the folders of a workbook. */
    static const struct zm_str first[] = {ZM_STR("[Content_Types].xml"), ZM_STR("xl/"), ZM_STR("_rels/"),
                                          ZM_STR("docProps/")};
    struct zm_str entry = zm_str_sub(head, 30, head.len);
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        if (zm_str_starts(entry, first[i])) {
            *out = ZM_FORMAT_XLSX;
            return 0;
        }
    }
    return zm_fail(err, ZM_E_INPUT, "%s is a zip archive, not a workbook; unpack it first", path);
}

static int sniff_binary(struct zm_str head, const char *path, enum zm_format *out, bool *known,
                        struct zm_err *err)
{
    static const struct zm_str sqlite = ZM_STR("SQLite format 3\0");
    *known = true;
    if (zm_str_starts(head, ZM_STR("PK\x03\x04")) || zm_str_starts(head, ZM_STR("PK\x05\x06")))
        return sniff_zip(head, path, out, err);
    if (zm_str_starts(head, sqlite)) {
        /* The application id of a GeoPackage: "GPKG", or "GP10" and "GP11" before version 1.2. */
        struct zm_str id = zm_str_sub(head, 68, 72);
        bool mark =
            zm_str_eq(id, ZM_STR("GPKG")) || zm_str_eq(id, ZM_STR("GP10")) || zm_str_eq(id, ZM_STR("GP11"));
        *out = mark || strcasecmp(ending_of(path), ".gpkg") == 0 ? ZM_FORMAT_GPKG : ZM_FORMAT_SQLITE;
        return 0;
    }
    if (zm_str_starts(head, ZM_STR("\0\0\x27\x0A"))) {
        if (strcasecmp(ending_of(path), ".shx") == 0)
            return zm_fail(err, ZM_E_INPUT, "%s is the index of a Shapefile; name its .shp", path);
        *out = ZM_FORMAT_SHP;
        return 0;
    }
    if (strcasecmp(ending_of(path), ".dbf") == 0)
        return zm_fail(err, ZM_E_INPUT, "%s is the table of a Shapefile; name its .shp", path);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (zm_str_starts(head, refusals[i].magic))
            return zm_fail(err, ZM_E_INPUT, "%s is %s", path, refusals[i].what);
    *known = false;
    return 0;
}

static int sniff_text(struct zm_str head, const char *path, enum zm_format *out, struct zm_err *err)
{
    char plain[64];
    struct zm_str text = {plain, plain_head(head, plain, sizeof plain)};
    if (is_xml(text))
        return zm_fail(
            err, ZM_E_INPUT,
            "%s is XML or HTML (a VRT, a web page or an XML table under another name), which is not read; "
            "export it as CSV, GeoPackage or .xlsx",
            path);
    if (!is_text(head))
        return zm_fail(err, ZM_E_INPUT, "%s is a binary file of an unknown kind", path);
    *out = is_json(text) ? ZM_FORMAT_GEOJSON : ZM_FORMAT_CSV;
    return 0;
}

static int check_promise(const char *path, enum zm_format found, struct zm_err *err)
{
    const char *ending = ending_of(path);
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++) {
        if (strcasecmp(ending, promises[i].ending) != 0 || promises[i].format == found)
            continue;
        bool both_sqlite = promises[i].format == ZM_FORMAT_SQLITE && found == ZM_FORMAT_GPKG;
        if (!both_sqlite)
            return zm_fail(
                err, ZM_E_INPUT,
                "%s is named like %s, but its content is %s; give it its right ending, or save it again as "
                "%s",
                path, zm_format_name(promises[i].format), zm_format_name(found),
                zm_format_name(promises[i].format));
    }
    return 0;
}

int zm_sniff(int fd, const char *path, enum zm_format *out, struct zm_err *err)
{
    char bytes[HEAD_BYTES];
    ssize_t n;
    do {
        n = pread(fd, bytes, sizeof bytes, 0);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot read %s", path);
    if (n == 0)
        return zm_fail(err, ZM_E_INPUT, "%s is empty (0 bytes)", path);
    struct zm_str head = {bytes, (size_t)n};
    enum zm_format found = ZM_FORMAT_CSV;
    bool known;
    ZM_TRY(sniff_binary(head, path, &found, &known, err));
    if (!known)
        ZM_TRY(sniff_text(head, path, &found, err));
    ZM_TRY(check_promise(path, found, err));
    *out = found;
    return 0;
}
