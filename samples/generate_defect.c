#include "samples/generate.h"
#include "samples/generate_spoil.h"

enum {
    P = 1u << ZM_GEN_POLICE,
    H = 1u << ZM_GEN_HOUSING,
    L = 1u << ZM_GEN_PLANNING,
    T = 1u << ZM_GEN_TOWNSHIP,
    G = 1u << ZM_GEN_PARTNER,
    WHOLE_TEXT = P | L | G, /* one text column: anything can stand in it */
    ALL = P | H | L | T | G
};

/* What a door must have before the defect makes sense. */
enum need { ANY, TOWN, SUBDISTRICT, COMMITTEE, RENAMED };

static const struct defect {
    const char *rule;
    double rate;
    unsigned sources;
    enum need need;
    zm_gen_spoil *spoil;
} defects[] = {
    {"ADR-001", 0.002, ALL, ANY, zm_gen_spoil_missing},
    {"ADR-002", 0.002, P | L, TOWN, zm_gen_spoil_unknown_division},
    {"ADR-003", 0.002, P | L, TOWN, zm_gen_spoil_other_code},
    {"ADR-004", 0.002, ALL, RENAMED, zm_gen_spoil_retired},
    {"ADR-005", 0.002, P, TOWN, zm_gen_spoil_broken_prefix},
    {"ADR-006", 0.002, P, TOWN, zm_gen_spoil_town_generic},
    {"ADR-007", 0.002, P, COMMITTEE, zm_gen_spoil_committee_generic},
    {"ADR-008", 0.002, ALL, COMMITTEE, zm_gen_spoil_committee_office},
    {"ADR-009", 0.002, ALL, ANY, zm_gen_spoil_elsewhere},
    {"ADR-010", 0.002, ALL, ANY, zm_gen_spoil_no_point},
    {"ADR-011", 0.002, ALL, ANY, zm_gen_spoil_outside},
    {"ADR-012", 0.002, ALL, ANY, zm_gen_spoil_character},
    {"ADR-013", 0.002, ALL, ANY, zm_gen_spoil_width},
    {"ADR-014", 0.002, ALL, ANY, zm_gen_spoil_numeral},
    {"ADR-015", 0.002, ALL, ANY, zm_gen_spoil_dash},
    {"ADR-016", 0.002, ALL, ANY, zm_gen_spoil_building_word},
    {"ADR-017", 0.002, ALL, ANY, zm_gen_spoil_unit},
    {"ADR-018", 0.002, WHOLE_TEXT, ANY, zm_gen_spoil_order},
    {"ADR-019", 0.002, WHOLE_TEXT, ANY, zm_gen_spoil_residue},
    {"ADR-020", 0.002, WHOLE_TEXT, ANY, zm_gen_spoil_vague},
    {"ADR-032", 0.002, ALL, ANY, zm_gen_spoil_floor},
    {"ADR-035", 0.002, P, ANY, zm_gen_spoil_dates},
    {"ADR-039", 0.002, WHOLE_TEXT, TOWN, zm_gen_spoil_zone},
    {"CRD-002", 0.002, P | T | G, ANY, zm_gen_spoil_swap},
    {"CRD-003", 0.005, H, ANY, zm_gen_spoil_swap},
    {"CRD-004", 0.005, H, ANY, zm_gen_spoil_zone_prefix},
    {"CRD-008", 0.002, P | T, ANY, zm_gen_spoil_decimals},
    {"CRD-009", 0.001, P, ANY, zm_gen_spoil_minutes},
    {"IMP-001", 0.005, H | T, ANY, zm_gen_spoil_date_number},
    {"IMP-002", 0.002, P, ANY, zm_gen_spoil_digits_lost},
    {"IMP-003", 0.005, H, SUBDISTRICT, zm_gen_spoil_zeros_lost},
    {"IMP-005", 0.001, P | H | T | G, ANY, zm_gen_spoil_totals},
};
enum { N_DEFECTS = sizeof defects / sizeof *defects };
_Static_assert(N_DEFECTS <= sizeof((struct zm_gen_rates *)0)->rate / sizeof(double),
               "struct zm_gen_rates is too small");

void zm_gen_rates_init(struct zm_gen_rates *r, bool clean)
{
    *r = (struct zm_gen_rates){0};
    for (unsigned i = 0; i < N_DEFECTS && !clean; i++)
        r->rate[i] = defects[i].rate;
}

bool zm_gen_rates_set(struct zm_gen_rates *r, const char *rule, double rate)
{
    for (unsigned i = 0; i < N_DEFECTS; i++) {
        if (strcmp(defects[i].rule, rule) == 0) {
            r->rate[i] = rate;
            return true;
        }
    }
    return false;
}

int zm_gen_defect_pick(const struct zm_gen_rates *r, enum zm_gen_source_id source, double unit)
{
    for (unsigned i = 0; i < N_DEFECTS; i++) {
        if (!(defects[i].sources >> source & 1))
            continue;
        if (unit < r->rate[i])
            return (int)i;
        unit -= r->rate[i];
    }
    return -1;
}

const char *zm_gen_defect_rule(int defect)
{
    return defects[defect].rule;
}

static bool suits(const struct zm_gen_door *door, enum need need)
{
    switch (need) {
    case TOWN:
        return door->area->town != 0;
    case SUBDISTRICT:
        return door->area->town != 0 && door->area->town % 1000 < 100;
    case COMMITTEE:
        return door->committee && !door->rural;
    case RENAMED:
        return zm_gen_retired_county(door->area->county) != NULL;
    default:
        return true;
    }
}

uint64_t zm_gen_defect_door(const struct zm_gen_world *w, int defect, struct zm_gen_rng *rng)
{
    if (defects[defect].need == ANY)
        return UINT64_MAX;
    for (unsigned attempt = 0; attempt < 10000; attempt++) {
        uint64_t index = zm_gen_next(rng) % w->n_doors;
        struct zm_gen_door door;
        zm_gen_door_at(w, index, &door);
        if (suits(&door, defects[defect].need))
            return index;
    }
    return UINT64_MAX;
}

void zm_gen_defect_apply(const struct zm_gen_world *w, int defect, const struct zm_gen_door *door,
                         struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    defects[defect].spoil(w, door, row, rng);
}
