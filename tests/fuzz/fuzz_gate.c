/* The readers of what others wrote that run before any library does: cells of a workbook, orders of a child.
 * Cells are counted alike whatever the size of the pieces they come in. */
#include "import/child_orders.h"
#include "import/gate_cells.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void scan(struct zm_cells *c, const char *bytes, size_t size, size_t piece)
{
    zm_cells_init(c);
    for (int part = ZM_PART_STRINGS; part <= ZM_PART_SHEET; part++) {
        zm_cells_begin(c, (enum zm_part)part);
        for (size_t at = 0; at < size; at += piece)
            if (zm_cells_feed(c, bytes + at, piece < size - at ? piece : size - at, NULL) != 0)
                break;
        zm_cells_end(c);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct zm_cells whole, pieces;
    scan(&whole, bytes, size, size + 1);
    scan(&pieces, bytes, size, 3);
    if (whole.text_bytes != pieces.text_bytes || whole.grid != pieces.grid || whole.doctype != pieces.doctype)
        abort();
    zm_cells_release(&whole);
    zm_cells_release(&pieces);
    struct zm_arena arena;
    struct zm_orders orders;
    zm_arena_init(&arena, 1 << 20);
    (void)zm_orders_decode(&orders, &arena, zm_str_n(bytes, size), NULL);
    zm_arena_release(&arena);
    return 0;
}
