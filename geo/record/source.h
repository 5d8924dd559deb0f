/* What job.ini says of one delivery. Filled by job/ (or by `check`), read by import/ and check/. */
#pragma once

#include "geo/record/kind.h"

enum zm_class { ZM_CLASS_PUBLIC, ZM_CLASS_INTERNAL, ZM_CLASS_RESTRICTED };

/* map.FIELD = COLUMN | {COL}text{COL}; const.FIELD = VALUE. */
struct zm_map {
    unsigned field;       /* of the kind */
    struct zm_str column; /* a column's name, or a template if it contains '{' ; ptr NULL for a constant */
    struct zm_str constant;
};

/* values.FIELD.FROM = TO: what a delivered value means. */
struct zm_value_map {
    unsigned field;
    struct zm_str from, to;
};

struct zm_source {
    struct zm_str name; /* section name: [source.NAME]; [a-z0-9_-], at most 40 bytes */
    enum zm_kind kind;
    struct zm_str path;                   /* one file (job/ resolves the glob: one zm_source a file) */
    struct zm_str sheet, layer, encoding; /* empty = auto */
    unsigned header_rows;                 /* 1..3 */
    enum zm_class class_;
    struct zm_str
        datum;     /* "EPSG:4490" "GCJ-02" "BD-09" "EPSG:n" "none"; empty = what the file says (check only) */
    bool full;     /* delivery = full */
    unsigned rank; /* 1 wins */
    uint32_t date; /* of the delivery, yyyymmdd; 0 = unknown */
    unsigned
        batch_rows; /* rows of a batch at most; 0 = as many as it holds. The result does not depend on it */
    uint32_t index; /* position among the sources of the job, ordered by name */
    struct zm_map *maps; /* borrowed from the job's arena, as all texts here */
    unsigned n_maps;
    struct zm_value_map *values;
    unsigned n_values;
};
