/* Gauss-Krüger zones of CGCS2000 (EPSG registry): 3-degree zones 25-45 are EPSG:4513.. with the zone number
 * before the easting and 4534.. without; 6-degree zones 13-23 are 4491.. and 4502... */
#include "geo/check/judge.h"

#include <stdio.h>

static const struct family {
    unsigned first, n, zone;
    bool has_prefix, six_degrees;
} families[] = {{4491, 11, 13, true, true},
                {4502, 11, 13, false, true},
                {4513, 21, 25, true, false},
                {4534, 21, 25, false, false}};

struct zm_grid zm_grid_of(struct zm_str declared)
{
    uint64_t code;
    if (!zm_str_starts(declared, ZM_STR("EPSG:")) ||
        !zm_str_to_u64(zm_str_sub(declared, 5, declared.len), &code))
        return (struct zm_grid){0};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        const struct family *f = &families[i];
        if (code >= f->first && code < f->first + f->n)
            return (struct zm_grid){f->zone + (unsigned)code - f->first, f->has_prefix, f->six_degrees};
    }
    return (struct zm_grid){0};
}

int zm_worker_zone_crs(struct zm_check_worker *w, unsigned zone, struct zm_crs **out, struct zm_err *err)
{
    const struct family *f = w->grid.six_degrees ? &families[0] : &families[2];
    *out = NULL;
    if (zone < f->zone || zone >= f->zone + f->n)
        return 0;
    if (!w->zone_crs[zone]) {
        char code[16];
        snprintf(code, sizeof code, "EPSG:%u", f->first + zone - f->zone);
        ZM_TRY(zm_crs_open(&w->zone_crs[zone], zm_str(code), w->checker->gcj_approved, err));
    }
    *out = w->zone_crs[zone];
    return 0;
}
