/* An address as the program understands it: what check/ makes of a delivered row and export/ publishes. */
#pragma once

#include "geo/base/buf.h"
#include "geo/record/tuple.h"
#include "geo/tables/rules.h"

enum zm_status { ZM_STATUS_UNKNOWN, ZM_STATUS_ACTIVE, ZM_STATUS_PLANNED, ZM_STATUS_RETIRED };
enum zm_pos_src {
    ZM_POS_NONE,
    ZM_POS_SURVEYED,
    ZM_POS_GRAPHIC,
    ZM_POS_PICKED,
    ZM_POS_IMPORTED,
    ZM_POS_CONVERTED
};

/* A set of rules, one bit each. */
struct zm_rule_bits {
    uint64_t word[4];
};
_Static_assert(ZM_N_RULES <= 256, "zm_rule_bits holds 256 rules");
static inline void zm_rule_bits_set(struct zm_rule_bits *b, unsigned rule)
{
    b->word[rule >> 6] |= UINT64_C(1) << (rule & 63);
}
static inline bool zm_rule_bits_has(const struct zm_rule_bits *b, unsigned rule)
{
    return b->word[rule >> 6] >> (rule & 63) & 1;
}

struct zm_address {
    uint64_t row;                      /* 1-based data record of its source */
    uint64_t key;                      /* zm_tuple_key of tuple */
    double lon, lat;                   /* EPSG:4490 degrees; meaningful only if pos_src != ZM_POS_NONE */
    float acc_m;                       /* accuracy of the point in metres, 0 = not stated */
    float score;                       /* confidence of the parse, 0..1 */
    uint32_t source;                   /* zm_source.index */
    uint32_t point_county, point_town; /* division the point lies in, 0 = none or not covered */
    uint32_t valid_from, valid_to, upd_date;
    uint8_t level;                     /* 0..5, see zm_tuple_level */
    uint8_t status, pos_src, severity; /* enums above; severity = worst open finding */
    struct zm_rule_bits rules;         /* every rule with a finding on this row, fixed ones included */
    struct zm_tuple tuple;
    struct zm_str src_key;  /* the sender's own id */
    struct zm_str text;     /* raw, as delivered, UTF-8 */
    struct zm_str standard; /* standard text made from the tuple, without poi and note */
    struct zm_str poi;      /* name of a shop or institution behind the door, if any */
    struct zm_str addr_code, postcode, class3, building_id, note;
};

enum { ZM_ADDRESS_TEXTS = 19 }; /* 9 of its own and 10 of the tuple */
void zm_address_texts(struct zm_address *a, struct zm_str *out[ZM_ADDRESS_TEXTS]);

/* Appends the address to a spool buffer, and reads it back (texts borrow from the buffer).
 * decode moves *at behind the record; false if the bytes are no record. */
int zm_address_encode(const struct zm_address *a, struct zm_buf *out, struct zm_err *err);
bool zm_address_decode(struct zm_address *out, struct zm_str spool, size_t *at);
/* Reads only the numbers and codes, which is all that its place in an order needs; no text is set. */
bool zm_address_peek(struct zm_address *out, struct zm_str spool, size_t *at);

/* The county whose shard the row belongs to: of the tuple, else of the point, else 0. */
static inline uint32_t zm_address_county(const struct zm_address *a)
{
    return a->tuple.county ? a->tuple.county : a->point_county;
}
