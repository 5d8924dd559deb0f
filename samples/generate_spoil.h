/* The defects themselves: each turns a clean row into one that its rule must find. */
#pragma once

#include "samples/generate.h"

typedef void zm_gen_spoil(const struct zm_gen_world *w, const struct zm_gen_door *door,
                          struct zm_gen_row *row, struct zm_gen_rng *rng);

/* How a county was called before it was renamed ("瓯海县"), or NULL. */
const char *zm_gen_retired_county(uint32_t county);

/* Divisions and codes (generate_spoil_division.c). */
zm_gen_spoil zm_gen_spoil_missing, zm_gen_spoil_unknown_division, zm_gen_spoil_other_code,
    zm_gen_spoil_retired, zm_gen_spoil_broken_prefix, zm_gen_spoil_town_generic,
    zm_gen_spoil_committee_generic, zm_gen_spoil_committee_office, zm_gen_spoil_zone;

/* The text (generate_spoil_text.c). */
zm_gen_spoil zm_gen_spoil_character, zm_gen_spoil_width, zm_gen_spoil_numeral, zm_gen_spoil_dash,
    zm_gen_spoil_building_word, zm_gen_spoil_unit, zm_gen_spoil_order, zm_gen_spoil_residue,
    zm_gen_spoil_vague, zm_gen_spoil_floor, zm_gen_spoil_date_number;

/* Places and other values (generate_spoil_value.c). */
zm_gen_spoil zm_gen_spoil_elsewhere, zm_gen_spoil_no_point, zm_gen_spoil_outside, zm_gen_spoil_dates,
    zm_gen_spoil_swap, zm_gen_spoil_zone_prefix, zm_gen_spoil_decimals, zm_gen_spoil_minutes,
    zm_gen_spoil_digits_lost, zm_gen_spoil_zeros_lost, zm_gen_spoil_totals;
