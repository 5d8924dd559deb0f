/* Where each field of the kind comes from: the answer to job.ini's maps, or to the titles of the columns.
 * Inside of mapping.c. */
#pragma once

#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/record/source.h"
#include "import/row.h"

enum zm_origin {
    ZM_FROM_NOTHING,
    ZM_FROM_CONST,
    ZM_FROM_COLUMN,
    ZM_FROM_TEMPLATE,
    ZM_FROM_X,
    ZM_FROM_Y,
    ZM_FROM_GEOM
};

/* A piece of a template: the text before a column, then the column (ZM_COLUMN_NONE: only text). */
struct zm_template_part {
    struct zm_str text;
    int column;
};

struct zm_target {
    enum zm_origin from;
    unsigned field;
    enum zm_field_type type;
    int column;
    struct zm_str constant;
    struct zm_template_part *parts; /* in the arena */
    unsigned n_parts;
    const struct zm_value_map *values; /* of the source; those of this field are used */
    unsigned n_values;                 /* 0 if none of them is of this field */
};

struct zm_plan {
    const struct zm_source *source;
    const struct zm_row_reader *reader;
    const char *path;
    struct zm_arena *arena;
    const struct zm_field *kind_fields;
    unsigned n_kind_fields;
    struct zm_target targets[ZM_FIELDS_MAX]; /* by field of the kind; ZM_FROM_NOTHING for an absent one */
    bool personal[ZM_COLUMNS_MAX];           /* the column's title names a person; it maps to nothing */
    bool used[ZM_COLUMNS_MAX];
    bool automatic; /* the source names no column: titles decided */
};

/* source, reader, path, arena are set; fills the rest. Errors as zm_mapping_new. */
int zm_plan_make(struct zm_plan *p, struct zm_err *err);

/* As zm_mapping_notes. */
int zm_plan_notes(const struct zm_plan *p, struct zm_buf *out, struct zm_err *err);
