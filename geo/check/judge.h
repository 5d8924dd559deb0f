/* What the judges of this room share: one row under judgement, how they speak about it, and what a worker
 * keeps of its source. For this room only; checker.h is the way in. */
#pragma once

#include "geo/base/arena.h"
#include "geo/check/checker.h"

/* A slice of a literal in a static table, where the compound literal of ZM_STR may not stand. */
#define ZM_LIT(literal)                                                                                      \
    {                                                                                                        \
        "" literal, sizeof(literal) - 1                                                                      \
    }

enum {
    ZM_ROW_VERDICTS_MAX = 64, /* later ones on the same row are dropped: it is rejected work anyway */
    ZM_NAME_MEMO = 256,       /* remembered readings of county, town and committee columns; a power of two */
    ZM_CITY_COUNTIES_MAX = 64,
    ZM_ANGLE_EXAMPLE = 32,
    ZM_NO_TOWN_COUNTY = 330383, /* 龙港市: committees hang directly under the county (docs/sources.md) */
    ZM_ZONES = 64               /* more than there are in China */
};

/* What one judge says about the row; becomes a finding when the row's county is known. */
struct zm_verdict {
    enum zm_rule_id rule;
    unsigned field;         /* of the kind, or ZM_FIELD_NONE */
    enum zm_severity worst; /* the catalogue's severity is lowered to this for the milder case of a rule */
    bool fixed;             /* our reading was corrected: args are before and after */
    struct zm_str args;     /* filled by zm_judge_say */
    struct zm_str cause;    /* what rows have in common, or empty */
};

/* A division code as one column states it. */
struct zm_stated {
    enum zm_stated_state {
        ZM_STATED_ABSENT,
        ZM_STATED_VALID,
        ZM_STATED_RETIRED, /* known, but no longer valid at the record's date */
        ZM_STATED_UNKNOWN  /* in no table, or no code at all */
    } state;
    struct zm_str cell;
    uint64_t code;                      /* in full; 0 if the cell is no code */
    uint64_t effective;                 /* what it means today: itself or its only successor; 0 = unknown */
    const struct zm_division *division; /* row of code, or NULL */
};

enum { ZM_STATED_COUNTY, ZM_STATED_TOWN, ZM_STATED_COMMITTEE, ZM_N_STATED };

/* The column of each level's code and name. */
extern const uint8_t zm_code_fields[ZM_N_STATED], zm_name_fields[ZM_N_STATED];

/* Codes the name columns (county, town, committee) were read as. */
struct zm_named {
    uint64_t code[ZM_N_STATED]; /* 0 = not stated, or no such name */
};

/* Everything about the row in hand. All texts borrow from the batch or the worker's arena. */
struct zm_judge {
    struct zm_check_worker *w;
    const struct zm_check_sink *sink;
    struct zm_str cells[ZM_N_ADDRESS_FIELDS]; /* trimmed; words for "nothing" are empty. text: as delivered */
    struct zm_stated stated[ZM_N_STATED];
    struct zm_named named;
    struct zm_address a;
    struct zm_verdict verdicts[ZM_ROW_VERDICTS_MAX];
    unsigned n_verdicts;
};

/* Does a column of degrees look like DD.MMSS? Gathered over the whole source. */
struct zm_angle_tally {
    uint64_t n;           /* values with four decimals or more */
    uint64_t n_over;      /* of these, minutes or seconds of 60 or more */
    uint64_t seconds[2];  /* bit set of the values 0..99 seen in the places of the seconds */
    uint64_t example_row; /* lowest row, so that the example does not depend on who read it; 0 = none */
    char example[ZM_ANGLE_EXAMPLE];
};

/* Positions delivered as latitude, longitude. The example is the lowest row's. */
struct zm_swap_tally {
    uint64_t n, example_row;
    char x[ZM_ANGLE_EXAMPLE], y[ZM_ANGLE_EXAMPLE];
};

/* Plain sums, merged over workers in any order. */
struct zm_tally {
    uint64_t n_rows;   /* totals lines left out */
    uint64_t n_points; /* rows that stated any position */
    uint64_t empty[ZM_N_ADDRESS_FIELDS];
    bool delivered[ZM_N_ADDRESS_FIELDS];
    struct zm_angle_tally angle[2]; /* lon, lat */
    struct zm_swap_tally swap;
};

/* How the eastings of a CGCS2000 Gauss-Krüger code are written. */
struct zm_grid {
    unsigned zone;   /* 20, 40...; 0 = not such a code */
    bool has_prefix; /* declared with the zone number before the easting: EPSG:4528, not 4549 */
    bool six_degrees;
};

/* The reading of one combination of name columns, kept because neighbouring rows share it. */
struct zm_name_memo {
    uint64_t key; /* 0 = empty */
    struct zm_named named;
};

/* The last code a level was asked for. */
struct zm_recent_code {
    uint64_t code;
    uint32_t date;
    const struct zm_division *division;
};

struct zm_check_worker {
    const struct zm_checker *checker;
    const struct zm_source *source;
    struct zm_crs *crs; /* NULL: nobody said which datum */
    struct zm_offset *offset;
    struct zm_grid grid;
    struct zm_crs *zone_crs[ZM_ZONES]; /* of the other zones that rows used, see CRD-004 */
    bool axis_of_geometry;             /* positions come from GeoJSON geometry: a swap is also CRD-011 */
    uint32_t city_counties[ZM_CITY_COUNTIES_MAX]; /* counties of the city that the cover holds */
    unsigned n_city_counties;
    bool city_covered;                         /* the cover holds every one of them */
    struct zm_tsv sensitive;                   /* only in the public profile */
    struct zm_str titles[ZM_N_ADDRESS_FIELDS]; /* a repeated header has these words; '|' between several */
    struct zm_arena keep;                      /* lives as long as the worker */
    struct zm_arena row;                       /* reset for every row */
    struct zm_parsed parsed;                   /* of the text */
    struct zm_parsed names;                    /* of the name columns */
    struct zm_name_memo memo[ZM_NAME_MEMO];
    struct zm_recent_code recent[ZM_N_STATED];
    struct zm_tally tally;
    struct zm_judge judge;
};

/* Speaks: args are joined in the row's arena. The same rule with the same arguments is said once a row. */
int zm_judge_say(struct zm_judge *j, struct zm_verdict v, unsigned n_args, const struct zm_str *args,
                 struct zm_err *err);

bool zm_judge_said(const struct zm_judge *j, enum zm_rule_id rule);

/* Severity and threshold in force for the row's county, as far as it is known by now. */
struct zm_rule_setting zm_judge_setting(const struct zm_judge *j, enum zm_rule_id rule);
bool zm_judge_on(const struct zm_judge *j, enum zm_rule_id rule);
double zm_judge_threshold(const struct zm_judge *j, enum zm_rule_id rule, double otherwise);

/* Hands the verdicts to the sink as findings, sets the address's severity and rules. *quarantine: an open
 * error of a row-local rule is among them. */
int zm_judge_close(struct zm_judge *j, bool *quarantine, struct zm_err *err);

/* A finding about the source as a whole. *quarantine is set, never cleared, by an error of
 * a dataset rule. */
int zm_judge_say_source(struct zm_check_worker *w, const struct zm_check_sink *sink, struct zm_verdict v,
                        unsigned n_args, const struct zm_str *args, bool *quarantine, struct zm_err *err);

/* Text in the row's arena; ptr NULL if memory is out. */
struct zm_str zm_judge_text_of(struct zm_arena *arena, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Name of a division whatever its time, or empty. */
struct zm_str zm_judge_name(const struct zm_judge *j, uint64_t code);

/* The judges, in the order they are called. */
bool zm_is_totals(struct zm_str cell);   /* 合计, 小计：, 总计12 */
bool zm_digits_lost(struct zm_str cell); /* 3.3E+19, or a long code that ends in zeros */
bool zm_is_header(const struct zm_check_worker *w, const struct zm_str cells[ZM_N_ADDRESS_FIELDS],
                  unsigned *field);
int zm_judge_values(struct zm_judge *j,
                    struct zm_err *err); /* fills src_key, status, dates, codes that are texts */
int zm_judge_number(struct zm_judge *j, struct zm_err *err); /* IMP-001 where a number should stand */
int zm_judge_codes(struct zm_judge *j,
                   struct zm_err *err); /* reads code and name columns into stated, named */
/* Names that were understood only now that the text has told their county: 墨池社区 alone is in no certain
 * town. */
int zm_judge_names_again(struct zm_judge *j, struct zm_err *err);
struct zm_context zm_judge_context(const struct zm_judge *j);   /* what the columns say, for the parser */
int zm_judge_parse(struct zm_judge *j, struct zm_err *err);     /* text -> tuple, standard, remarks */
int zm_judge_divisions(struct zm_judge *j, struct zm_err *err); /* ADR-002..007 */
int zm_judge_levels(struct zm_judge *j, struct zm_err *err);    /* ADR-001, ADR-032 by floors */
int zm_judge_point(struct zm_judge *j, struct zm_err *err);     /* ADR-009..011, CRD-002..004, 008, 009 */
int zm_judge_public(struct zm_judge *j, struct zm_err *err);    /* CRD-013 */
/* A remark of the parser becomes a verdict on that field. Of name columns only what is said of names counts.
 */
int zm_judge_remark(struct zm_judge *j, const struct zm_remark *remark, unsigned field, struct zm_err *err);

struct zm_grid zm_grid_of(struct zm_str declared);
/* The same projection in another zone, with zone numbers; *out NULL if there is none. Borrowed from the
 * worker. */
int zm_worker_zone_crs(struct zm_check_worker *w, unsigned zone, struct zm_crs **out, struct zm_err *err);
void zm_angle_tally_add(struct zm_angle_tally *t, uint64_t row, struct zm_str value);
void zm_swap_tally_add(struct zm_swap_tally *t, uint64_t row, struct zm_str x, struct zm_str y);
void zm_swap_tally_merge(struct zm_swap_tally *into, const struct zm_swap_tally *from);
void zm_angle_tally_merge(struct zm_angle_tally *into, const struct zm_angle_tally *from);
bool zm_angle_tally_suspicious(const struct zm_angle_tally *t);
