#include "samples/generate_spoil.h"

static const struct {
    uint32_t county;
    const char *name;
} retired[] = {
    {330304, "瓯海县"}, {330305, "洞头县"}, {330381, "瑞安县"}, {330382, "乐清县"}, {330383, "苍南县龙港镇"}};

const char *zm_gen_retired_county(uint32_t county)
{
    for (unsigned i = 0; i < sizeof retired / sizeof *retired; i++) {
        if (retired[i].county == county)
            return retired[i].name;
    }
    return NULL;
}

static void no_codes(struct zm_gen_row *row)
{
    row->county6[0] = row->town9[0] = row->town3[0] = row->comm12[0] = '\0';
}

/* No number and nothing behind it; or no town and no committee, in the text and in the codes. */
void zm_gen_spoil_missing(const struct zm_gen_world *w, const struct zm_gen_door *door,
                          struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w;
    if (door->area->town && zm_gen_below(rng, 2)) {
        row->town[0] = row->committee[0] = row->town9[0] = row->town3[0] = row->comm12[0] = '\0';
        return;
    }
    row->number[0] = row->estate[0] = row->building[0] = row->unit[0] = row->floor[0] = row->room[0] = '\0';
}

/* A code the table does not have; or a town's name with one character wrong and no code to say which was
 * meant. */
void zm_gen_spoil_unknown_division(const struct zm_gen_world *w, const struct zm_gen_door *door,
                                   struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w;
    if (zm_gen_below(rng, 2)) {
        snprintf(row->town9, sizeof row->town9, "%u%u", door->area->county, 590 + zm_gen_below(rng, 9));
        row->comm12[0] = '\0';
        return;
    }
    no_codes(row);
    memcpy(row->town, "璺", 3);
}

static const struct zm_gen_area *sibling(const struct zm_gen_world *w, const struct zm_gen_door *door,
                                         struct zm_gen_rng *rng)
{
    unsigned own = (unsigned)(door->area - w->areas) - door->county->first_area;
    unsigned step = 1 + zm_gen_below(rng, door->county->n_areas - 1);
    return &w->areas[door->county->first_area + (own + step) % door->county->n_areas];
}

/* The text names one town, the code means its neighbour. */
void zm_gen_spoil_other_code(const struct zm_gen_world *w, const struct zm_gen_door *door,
                             struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    snprintf(row->town9, sizeof row->town9, "%u", sibling(w, door, rng)->town);
    row->comm12[0] = '\0';
}

void zm_gen_spoil_retired(const struct zm_gen_world *w, const struct zm_gen_door *door,
                          struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)rng;
    const char *name = zm_gen_retired_county(door->area->county);
    if (name)
        snprintf(row->county, sizeof row->county, "%s", name);
}

/* A committee's code under another town than the row's own; the text does not speak of the committee. */
void zm_gen_spoil_broken_prefix(const struct zm_gen_world *w, const struct zm_gen_door *door,
                                struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    const struct zm_gen_area *other = sibling(w, door, rng);
    uint64_t code =
        other->n_committees ? w->committees[other->first_committee].code : (uint64_t)other->town * 1000 + 201;
    snprintf(row->comm12, sizeof row->comm12, "%llu", (unsigned long long)code);
    row->committee[0] = '\0';
}

static void replace_end(char piece[ZM_GEN_PIECE], const char *from, const char *to)
{
    struct zm_str s = zm_str(piece);
    if (zm_str_ends(s, zm_str(from)))
        snprintf(piece + s.len - strlen(from), ZM_GEN_PIECE - (s.len - strlen(from)), "%s", to);
}

/* 五马镇 beside a code whose segment is a subdistrict's. */
void zm_gen_spoil_town_generic(const struct zm_gen_world *w, const struct zm_gen_door *door,
                               struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door, (void)rng;
    struct zm_str town = zm_str(row->town);
    if (zm_str_ends(town, ZM_STR("街道")))
        replace_end(row->town, "街道", "镇");
    else if (zm_str_ends(town, ZM_STR("镇")))
        replace_end(row->town, "镇", "街道");
    else
        replace_end(row->town, "乡", "镇");
}

void zm_gen_spoil_committee_generic(const struct zm_gen_world *w, const struct zm_gen_door *door,
                                    struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door, (void)rng;
    if (zm_str_ends(zm_str(row->committee), ZM_STR("社区")))
        replace_end(row->committee, "社区", "村");
    else
        replace_end(row->committee, "村", "社区");
}

void zm_gen_spoil_committee_office(const struct zm_gen_world *w, const struct zm_gen_door *door,
                                   struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    bool brief = zm_gen_below(rng, 2) != 0;
    if (zm_str_ends(zm_str(row->committee), ZM_STR("社区")))
        replace_end(row->committee, "社区", brief ? "社区居委会" : "社区居民委员会");
    else
        replace_end(row->committee, "村", brief ? "村委会" : "村民委员会");
}

/* A development zone where the town should stand. */
void zm_gen_spoil_zone(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                       struct zm_gen_rng *rng)
{
    (void)w, (void)door, (void)rng;
    snprintf(row->town, sizeof row->town, "温州经济技术开发区");
    row->committee[0] = row->town9[0] = row->comm12[0] = '\0';
}
