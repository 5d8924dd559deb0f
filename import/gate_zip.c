#include "geo/base/mem.h"
#include "geo/base/str.h"
#include "import/gate.h"
#include "import/gate_cells.h"

#include <string.h>
#include <zip.h>

enum {
    ENTRIES_MAX = 200,
    RATIO_MAX = 200,
    RATIO_FROM = 1 << 20,
    CHUNK = 1 << 16,
    GROWTH_MAX = 20,
    GRID_CELL_BYTES = 16
};

static const uint64_t inflated_max = UINT64_C(1) << 30, memory_max = UINT64_C(1) << 30,
                      growth_from = 64 << 20;

static bool is_odd_name(const char *name)
{
    return name[0] == '/' || strchr(name, '\\') || strstr(name, "../") || strcmp(name, "..") == 0 ||
           (strlen(name) >= 3 && strcmp(name + strlen(name) - 3, "/..") == 0);
}

static int check_entry(const zip_stat_t *st, const char *shown, struct zm_err *err)
{
    const zip_uint64_t need = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
    if ((st->valid & need) != need)
        return zm_fail(err, ZM_E_INPUT, "%s is refused: its list of parts is damaged", shown);
    if (is_odd_name(st->name))
        return zm_fail(err, ZM_E_INPUT, "%s is refused: a part is called %.100s", shown, st->name);
    if (st->encryption_method != ZIP_EM_NONE)
        return zm_fail(err, ZM_E_INPUT, "%s is refused: it is protected by a password", shown);
    if (st->size > RATIO_FROM && st->size / RATIO_MAX > st->comp_size)
        return zm_fail(err, ZM_E_INPUT,
                       "%s is refused: its part %.100s grows more than %d times when unpacked", shown,
                       st->name, RATIO_MAX);
    return 0;
}

static int check_directory(zip_t *zip, const char *shown, uint64_t *inflated, struct zm_err *err)
{
    zip_int64_t n = zip_get_num_entries(zip, 0);
    if (n > ENTRIES_MAX)
        return zm_fail(err, ZM_E_INPUT, "%s is refused: it has %lld parts, over %d", shown, (long long)n,
                       ENTRIES_MAX);
    uint64_t sum = 0;
    for (zip_int64_t i = 0; i < n; i++) {
        zip_stat_t st;
        zip_stat_init(&st);
        if (zip_stat_index(zip, (zip_uint64_t)i, 0, &st) != 0)
            return zm_fail(err, ZM_E_INPUT, "%s is refused: its list of parts is damaged", shown);
        ZM_TRY(check_entry(&st, shown, err));
        sum += st.size;
        if (st.size > inflated_max || sum > inflated_max)
            return zm_fail(err, ZM_E_INPUT, "%s is refused: unpacked it is over 1 GiB", shown);
    }
    *inflated = sum;
    return 0;
}

static enum zm_part part_of(const char *name)
{
    struct zm_str text = zm_str(name);
    if (zm_str_has(text, ZM_STR("haredStrings")))
        return ZM_PART_STRINGS;
    if (zm_str_has(text, ZM_STR("sheets/")) && zm_str_ends(text, ZM_STR(".xml")))
        return ZM_PART_SHEET;
    return ZM_PART_OTHER;
}

/* Memory a reader needs for the sheets seen so far; judged while unpacking, so that a bomb stops early. */
static int check_growth(const struct zm_cells *c, uint64_t inflated, const char *shown, struct zm_err *err)
{
    if (c->doctype)
        return zm_fail(err, ZM_E_INPUT, "%s is refused: a part declares a DOCTYPE", shown);
    uint64_t grid = c->grid + (uint64_t)c->max_row * c->max_column;
    if (c->text_bytes > growth_from && c->text_bytes / GROWTH_MAX > inflated)
        return zm_fail(err, ZM_E_INPUT, "%s is refused: its shared strings grow to %llu MB in its cells",
                       shown, (unsigned long long)(c->text_bytes >> 20));
    if (c->text_bytes + grid * GRID_CELL_BYTES > memory_max)
        return zm_fail(
            err, ZM_E_INPUT,
            "%s is refused: its sheets span %llu cells with %llu MB of text; split it or deliver CSV", shown,
            (unsigned long long)grid, (unsigned long long)(c->text_bytes >> 20));
    return 0;
}

static int scan_entry(zip_t *zip, zip_uint64_t index, enum zm_part part, uint64_t inflated,
                      struct zm_cells *cells, char *chunk, const char *shown, struct zm_err *err)
{
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    if (!file)
        return zm_fail(err, ZM_E_INPUT, "%s is refused: a part cannot be unpacked (%s)", shown,
                       zip_strerror(zip));
    zm_cells_begin(cells, part);
    int rc = 0;
    zip_int64_t n = 0;
    while (rc == 0 && (n = zip_fread(file, chunk, CHUNK)) > 0) {
        rc = zm_cells_feed(cells, chunk, (size_t)n, err);
        if (rc == 0)
            rc = check_growth(cells, inflated, shown, err);
    }
    if (rc == 0 && n < 0)
        rc = zm_fail(err, ZM_E_INPUT, "%s is refused: the part %.100s is damaged", shown,
                     zip_get_name(zip, index, 0));
    zip_fclose(file);
    zm_cells_end(cells);
    return rc;
}

/* Shared strings first: the lengths of the cells come from there. */
static int scan_parts(zip_t *zip, uint64_t inflated, struct zm_cells *cells, char *chunk, const char *shown,
                      struct zm_err *err)
{
    zip_uint64_t n = (zip_uint64_t)zip_get_num_entries(zip, 0);
    for (int pass = 0; pass < 2; pass++)
        for (zip_uint64_t i = 0; i < n; i++) {
            struct zm_str name = zm_str(zip_get_name(zip, i, 0));
            enum zm_part part = part_of(name.ptr);
            bool xml = zm_str_ends(name, ZM_STR(".xml")) || zm_str_ends(name, ZM_STR(".rels"));
            if ((part == ZM_PART_STRINGS) == (pass == 0) && (xml || part != ZM_PART_OTHER))
                ZM_TRY(scan_entry(zip, i, part, inflated, cells, chunk, shown, err));
        }
    return 0;
}

int zm_gate_zip(const char *path, const char *shown, uint64_t *inflated, uint64_t *cell_bytes,
                struct zm_err *err)
{
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (!zip) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        int rc = zm_fail(err, ZM_E_INPUT, "%s is refused: it is no whole ZIP file (%s)", shown,
                         zip_error_strerror(&why));
        zip_error_fini(&why);
        return rc;
    }
    struct zm_cells cells;
    zm_cells_init(&cells);
    uint64_t sum = 0;
    char *chunk = zm_alloc(CHUNK);
    int rc = chunk ? check_directory(zip, shown, &sum, err) : zm_fail_memory(err, CHUNK);
    if (rc == 0)
        rc = scan_parts(zip, sum, &cells, chunk, shown, err);
    if (rc == 0) {
        *inflated = sum;
        *cell_bytes = cells.text_bytes + cells.grid * GRID_CELL_BYTES;
    }
    zm_free(chunk);
    zm_cells_release(&cells);
    zip_discard(zip);
    return rc;
}
