#include "geo/base/mem.h"
#include "samples/generate.h"

#include <proj.h>

struct zm_gen_projection {
    PJ_CONTEXT *context;
    PJ *transform;
};

int zm_gen_projection_open(struct zm_gen_projection **out, struct zm_err *err)
{
    struct zm_gen_projection *p = zm_calloc(1, sizeof *p);
    if (!p)
        return zm_fail_memory(err, sizeof *p);
    p->context = proj_context_create();
    proj_context_set_enable_network(p->context, 0);
    PJ *raw = proj_create_crs_to_crs(p->context, "EPSG:4490", "EPSG:4549", NULL);
    p->transform = raw ? proj_normalize_for_visualization(p->context, raw) : NULL;
    proj_destroy(raw);
    if (!p->transform) {
        zm_gen_projection_close(p);
        return zm_fail(err, ZM_E_INTERNAL, "PROJ has no way from EPSG:4490 to EPSG:4549");
    }
    *out = p;
    return 0;
}

void zm_gen_projection_close(struct zm_gen_projection *p)
{
    if (!p)
        return;
    proj_destroy(p->transform);
    proj_context_destroy(p->context);
    zm_free(p);
}

void zm_gen_project(struct zm_gen_projection *p, double lon, double lat, double *east, double *north)
{
    PJ_COORD c = proj_trans(p->transform, PJ_FWD, proj_coord(lon, lat, 0, 0));
    *east = c.xy.x;
    *north = c.xy.y;
}
