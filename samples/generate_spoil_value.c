#include "samples/generate_spoil.h"

/* Well inside another county: farther from the stated one than any threshold. */
void zm_gen_spoil_elsewhere(const struct zm_gen_world *w, const struct zm_gen_door *door,
                            struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    zm_gen_place_elsewhere(w, door->area->county, rng, &row->lon, &row->lat);
}

void zm_gen_spoil_no_point(const struct zm_gen_world *w, const struct zm_gen_door *door,
                           struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door, (void)rng;
    row->no_point = true;
}

/* In the sea, more than ten kilometres east of the city's last cell. */
void zm_gen_spoil_outside(const struct zm_gen_world *w, const struct zm_gen_door *door,
                          struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    row->lon = 121.25 + 0.5 * zm_gen_unit(rng);
    row->lat = 27.3 + zm_gen_unit(rng);
}

void zm_gen_spoil_dates(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                        struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    switch (zm_gen_below(rng, 3)) {
    case 0:
        row->status = "注销";
        snprintf(row->valid_to, sizeof row->valid_to, "1999-12-31");
        break;
    case 1:
        row->status = "注销";
        break;
    default:
        snprintf(row->upd_date, sizeof row->upd_date, "2031-01-0%u", 1 + zm_gen_below(rng, 9));
    }
}

void zm_gen_spoil_swap(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                       struct zm_gen_rng *rng)
{
    (void)w, (void)door, (void)rng;
    row->swapped = true;
}

/* East with the number of its zone in front, as EPSG:4528 writes it, declared EPSG:4549. */
void zm_gen_spoil_zone_prefix(const struct zm_gen_world *w, const struct zm_gen_door *door,
                              struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door, (void)rng;
    snprintf(row->east_prefix, sizeof row->east_prefix, "40");
}

void zm_gen_spoil_decimals(const struct zm_gen_world *w, const struct zm_gen_door *door,
                           struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    row->decimals = 3 + zm_gen_below(rng, 2);
}

static void degrees_minutes(double value, unsigned extra_minutes, char out[40])
{
    unsigned degrees = (unsigned)value;
    double minutes = (value - degrees) * 60;
    char seconds[40];
    unsigned n = (unsigned)zm_gen_fixed((minutes - (unsigned)minutes) * 60, 2, seconds);
    seconds[n < 8 ? n : 8] = '\0';
    snprintf(out, 40, "%u°%02u′%.8s″", degrees, (unsigned)minutes + extra_minutes, seconds);
}

void zm_gen_spoil_minutes(const struct zm_gen_world *w, const struct zm_gen_door *door,
                          struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door, (void)rng;
    degrees_minutes(row->lon, 60, row->lon_text);
    degrees_minutes(row->lat, 0, row->lat_text);
}

void zm_gen_spoil_digits_lost(const struct zm_gen_world *w, const struct zm_gen_door *door,
                              struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w;
    if (zm_gen_below(rng, 2))
        snprintf(row->addr_code, sizeof row->addr_code, "%u%03u221000%05u", door->area->county,
                 door->area->town % 1000, 0u);
    else
        snprintf(row->addr_code, sizeof row->addr_code, "%u.%05uE+19", door->area->county / 100000,
                 door->area->county % 100000);
}

void zm_gen_spoil_totals(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                         struct zm_gen_rng *rng)
{
    (void)w, (void)door, (void)rng;
    row->totals = true;
}

/* 006 that became a number: 6. */
void zm_gen_spoil_zeros_lost(const struct zm_gen_world *w, const struct zm_gen_door *door,
                             struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)rng;
    snprintf(row->town3, sizeof row->town3, "%u", door->area->town % 1000);
}
