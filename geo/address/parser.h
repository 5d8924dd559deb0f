/* Text -> labelled parts -> canonical tuple. Pure: no files, no SQL, no lock; linear in the length of the
 * text. The interface is final; the grammar behind it will be joined by a learned model. */
#pragma once

#include "geo/address/gazetteer.h"
#include "geo/address/label.h"
#include "geo/base/arena.h"
#include "geo/record/tuple.h"
#include "geo/tables/rules.h"

enum { ZM_PARTS_MAX = 256, ZM_REMARKS_MAX = 32 };

/* A part of the raw text; parts are in order and every byte of the text is in exactly one. */
struct zm_part {
    uint32_t begin, end; /* byte offsets into the raw text */
    enum zm_label label;
};

/* What the parser noticed about the text, in the terms of the rule catalogue. */
struct zm_remark {
    enum zm_rule_id rule;
    uint32_t begin, end; /* of the raw text it speaks of */
    struct zm_str
        args; /* for the rule's message, ZM_ARG_SEP between them; see docs/rules/ for their meaning */
    struct zm_str cause; /* what rows with this remark share (a retired name, an unknown town), else empty */
};

/* Everything borrows from the text or from the arena given to zm_parse. */
struct zm_parsed {
    struct zm_part parts[ZM_PARTS_MAX];
    unsigned n_parts;
    struct zm_remark remarks[ZM_REMARKS_MAX]; /* when full, later ones are dropped */
    unsigned n_remarks;
    struct zm_tuple tuple;
    struct zm_str county_text, town_text,
        committee_text; /* as stated in the text, raw spelling; empty if not stated */
    struct zm_str standard; /* the standard address made from the tuple: 浙江省温州市鹿城区…路12号1幢… */
    struct zm_str poi, note;
    float score; /* 0..1 */
};

/* What the caller knows besides the text: codes and names from other columns of the row. 0 or empty =
 * unknown. */
struct zm_context {
    uint32_t county, town;
    uint64_t committee;
    uint32_t city; /* 3303: the city a text without prefixes is in */
};

/* Never fails on any bytes; ZM_E_MEMORY if the arena's limit is reached. g must be frozen. context may be
 * NULL. */
int zm_parse(struct zm_parsed *out, const struct zm_gazetteer *g, struct zm_str text,
             const struct zm_context *context, struct zm_arena *arena, struct zm_err *err);

/* The standard text of a tuple ("浙江省温州市鹿城区五马街道…路12号之1…"), in the arena. */
int zm_tuple_standard(struct zm_str *out, const struct zm_tuple *tuple, const struct zm_gazetteer *g,
                      struct zm_arena *arena, struct zm_err *err);
