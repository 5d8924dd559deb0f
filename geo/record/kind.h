/* The kinds of records agencies deliver, and the fields of each. The field names are those of job.ini's
 * map.FIELD and of docs/formats.md; their Chinese titles are in text.tsv under field.KIND.NAME. */
#pragma once

#include "geo/base/str.h"

enum zm_kind {
    ZM_KIND_ADDRESS,
    ZM_KIND_ROAD,
    ZM_KIND_DIVISION,
    ZM_KIND_PLATE,
    ZM_KIND_PLACE,
    ZM_KIND_BUILDING,
    ZM_KIND_BUILTUP,
    ZM_KIND_LINE,
    ZM_KIND_STAKE,
    ZM_KIND_INSPECTION,
    ZM_KIND_AGREEMENT,
    ZM_KIND_UNIT,
    ZM_KIND_PLAN,
    ZM_KIND_SIGN,
    ZM_N_KINDS
};

enum zm_address_field {
    ZM_AF_SRC_KEY,
    ZM_AF_TEXT,
    ZM_AF_COUNTY6,
    ZM_AF_COUNTY,
    ZM_AF_TOWN9,
    ZM_AF_TOWN,
    ZM_AF_COMM12,
    ZM_AF_COMMITTEE,
    ZM_AF_LON,
    ZM_AF_LAT,
    ZM_AF_EAST,
    ZM_AF_NORTH,
    ZM_AF_HEIGHT,
    ZM_AF_HEIGHT_DATUM,
    ZM_AF_STATUS,
    ZM_AF_VALID_FROM,
    ZM_AF_VALID_TO,
    ZM_AF_UPD_DATE,
    ZM_AF_LEVEL,
    ZM_AF_ADDR_CODE,
    ZM_AF_POSTCODE,
    ZM_AF_CLASS3,
    ZM_AF_POS_SRC,
    ZM_AF_ACC_M,
    ZM_AF_BUILDING_ID,
    ZM_AF_FLOORS,
    ZM_AF_NOTE,
    ZM_N_ADDRESS_FIELDS
};

enum zm_road_field {
    ZM_RF_SRC_KEY,
    ZM_RF_NAME,
    ZM_RF_COUNTY6,
    ZM_RF_GEOM,
    ZM_RF_CLASS,
    ZM_RF_WIDTH_M,
    ZM_N_ROAD_FIELDS
};

enum zm_division_field {
    ZM_DF_CODE,
    ZM_DF_NAME,
    ZM_DF_VALID_FROM,
    ZM_DF_VALID_TO,
    ZM_DF_SUCCESSOR,
    ZM_DF_GEOM,
    ZM_N_DIVISION_FIELDS
};

enum { ZM_FIELDS_MAX = 32, ZM_FIELD_NONE = 0xFF };

enum zm_field_type {
    ZM_TYPE_TEXT,
    ZM_TYPE_CODE,   /* digits of fixed length (see digits): leading zeros matter */
    ZM_TYPE_NUMBER, /* decimal number */
    ZM_TYPE_DATE,
    ZM_TYPE_ENUM, /* coded value, see values */
    ZM_TYPE_GEOM  /* ISO WKB, little or big endian, x = east or longitude first */
};

struct zm_field {
    const char *name;
    enum zm_field_type type;
    uint8_t digits;     /* ZM_TYPE_CODE: length of the code, 0 = free */
    const char *values; /* ZM_TYPE_ENUM: "active|planned|retired", else NULL */
    const char
        *synonyms; /* usual column titles, '|' between them, for `map` and for deliveries without mapping */
};

/* Fields of a kind, in the order of its enum; n is 0 for a kind this version does not read. */
const struct zm_field *zm_kind_fields(enum zm_kind kind, unsigned *n);
const char *zm_kind_name(enum zm_kind kind); /* "address" */
bool zm_kind_parse(struct zm_str name, enum zm_kind *out);
bool zm_field_find(enum zm_kind kind, struct zm_str name, unsigned *out);

/* Index of value in a '|' list, or -1. */
int zm_enum_index(const char *values, struct zm_str value);
