/* A scanner over the XML of a workbook's parts, fed in pieces: it counts what a reader would have to hold in
 * memory, before any XML library sees the part. It believes only the shape of tags, so it never needs memory
 * of its own beyond one number a shared string. */
#pragma once

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zm_part { ZM_PART_OTHER, ZM_PART_STRINGS, ZM_PART_SHEET };

struct zm_cells {
    uint32_t *lengths; /* owned; bytes of each shared string */
    uint32_t n_strings, cap;
    uint64_t text_bytes; /* of all cells, shared strings counted for each use */
    uint64_t grid;       /* cells of the rectangles that the sheets span */
    bool doctype;
    /* Of the part being scanned. */
    enum zm_part part;
    char tag[128];
    uint32_t tag_len, column, max_column, row, max_row;
    uint64_t value, run;
    bool in_tag, in_item, in_value, shared;
};

void zm_cells_init(struct zm_cells *c);
void zm_cells_release(struct zm_cells *c);
void zm_cells_begin(struct zm_cells *c, enum zm_part part);
int zm_cells_feed(struct zm_cells *c, const char *bytes, size_t n, struct zm_err *err);
void zm_cells_end(struct zm_cells *c);
