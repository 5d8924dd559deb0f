#include "export/packed.h"

/* GeoPackage binary header (12-128r18, 2.1.3), little-endian, no envelope, srs 4490; then ISO WKB of a point.
 */
enum { GEOM_BYTES = 29 };
static const unsigned char geom_head[13] = {'G', 'P', 0, 1, 0x8a, 0x11, 0, 0, 1, 1, 0, 0, 0};
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "points are written as the machine has them");

/* A packed row: this, then the record. */
struct head {
    uint32_t layer, bytes;
    uint32_t has_point, reserved;
    double x, y;
};

static struct zm_cell point_cell(char at[GEOM_BYTES], double x, double y)
{
    memcpy(at, geom_head, sizeof geom_head);
    memcpy(at + sizeof geom_head, &x, sizeof x);
    memcpy(at + sizeof geom_head + sizeof x, &y, sizeof y);
    return zm_cell_blob(zm_str_n(at, GEOM_BYTES));
}

int zm_packed_put(struct zm_buf *out, unsigned layer, const struct zm_layer *description,
                  const struct zm_row *row, struct zm_err *err)
{
    struct head head = {.layer = layer, .has_point = row->has_point, .x = row->lon, .y = row->lat};
    struct zm_cell cells[ZM_ROW_CELLS_MAX + 2];
    char geom[GEOM_BYTES];
    unsigned n = 0;
    cells[n++].type = ZM_CELL_NULL;
    if (description->spatial)
        cells[n++] =
            row->has_point ? point_cell(geom, row->lon, row->lat) : (struct zm_cell){.type = ZM_CELL_NULL};
    memcpy(cells + n, row->cells, row->n_cells * sizeof *cells);
    size_t begin = out->len;
    ZM_TRY(zm_buf_put(out, zm_str_n((const char *)&head, sizeof head), err));
    int rc = zm_record_put(out, cells, n + row->n_cells, err);
    if (rc != 0) {
        out->len = begin;
        return rc;
    }
    head.bytes = (uint32_t)(out->len - begin - sizeof head);
    memcpy(out->ptr + begin, &head, sizeof head);
    return 0;
}

struct zm_packed_row zm_packed_next(struct zm_str *rows)
{
    struct head head;
    memcpy(&head, rows->ptr, sizeof head);
    struct zm_packed_row row = {.layer = head.layer,
                                .has_point = head.has_point != 0,
                                .lon = head.x,
                                .lat = head.y,
                                .record = zm_str_n(rows->ptr + sizeof head, head.bytes)};
    *rows = zm_str_sub(*rows, sizeof head + head.bytes, rows->len);
    return row;
}

int zm_packed_open(const struct zm_packed_row *packed, const struct zm_layer *description, struct zm_row *row,
                   struct zm_err *err)
{
    unsigned own = description->spatial ? 2 : 1; /* fid and point are no cells of the row */
    zm_row_start(row);
    ZM_TRY(zm_record_get(packed->record, own, row->cells, ZM_ROW_CELLS_MAX, &row->n_cells, err));
    row->has_point = packed->has_point;
    row->lon = packed->lon;
    row->lat = packed->lat;
    return 0;
}
