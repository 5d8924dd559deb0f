/* The two layers everything else is judged against, as GeoJSON: division polygons and road axes. */
#include "samples/generate.h"

static int put_corner(const struct zm_gen_world *w, struct zm_gen_file *f, int u, int v, struct zm_err *err)
{
    char text[96];
    double lon, lat;
    zm_gen_corner(w, u, v, &lon, &lat);
    size_t n = 0;
    text[n++] = '[';
    n += zm_gen_fixed(lon, 7, text + n);
    text[n++] = ',';
    n += zm_gen_fixed(lat, 7, text + n);
    text[n++] = ']';
    return zm_gen_put(f, text, n, err);
}

/* Every lattice vertex on the way, counterclockwise: neighbours write the same vertices, so there is no gap.
 */
static int put_ring(const struct zm_gen_world *w, struct zm_gen_file *f, struct zm_gen_rect r,
                    struct zm_err *err)
{
    int width = r.u1 - r.u0, height = r.v1 - r.v0, around = 2 * (width + height);
    for (int i = 0; i <= around; i++) {
        int k = i % around, u, v;
        if (k < width)
            u = r.u0 + k, v = r.v0;
        else if (k < width + height)
            u = r.u1, v = r.v0 + (k - width);
        else if (k < 2 * width + height)
            u = r.u1 - (k - width - height), v = r.v1;
        else
            u = r.u0, v = r.v1 - (k - 2 * width - height);
        if (i)
            ZM_TRY(zm_gen_put(f, ",", 1, err));
        ZM_TRY(put_corner(w, f, u, v, err));
    }
    return 0;
}

static int put_division(const struct zm_gen_world *w, struct zm_gen_file *f, uint32_t code,
                        struct zm_str name, struct zm_gen_rect rect, struct zm_err *err)
{
    ZM_TRY(zm_gen_printf(f, err,
                         "{\"type\":\"Feature\",\"properties\":{\"code\":\"%u\",\"name\":\"%.*s\"},"
                         "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[",
                         code, ZM_FMT(name)));
    ZM_TRY(put_ring(w, f, rect, err));
    return zm_gen_printf(f, err, "]]}}");
}

static int put_divisions(const struct zm_gen_world *w, struct zm_gen_file *f, struct zm_err *err)
{
    const char *between = "";
    ZM_TRY(zm_gen_printf(f, err, "{\"type\":\"FeatureCollection\",\"name\":\"division\",\"features\":[\n"));
    for (uint32_t i = 0; i < w->n_counties; i++) {
        const struct zm_gen_county *c = &w->counties[i];
        ZM_TRY(zm_gen_printf(f, err, "%s", between));
        ZM_TRY(put_division(w, f, c->code, c->name, c->rect, err));
        between = ",\n";
    }
    for (uint32_t i = 0; i < w->n_areas; i++) {
        const struct zm_gen_area *a = &w->areas[i];
        if (a->town == 0)
            continue;
        ZM_TRY(zm_gen_printf(f, err, "%s", between));
        ZM_TRY(put_division(w, f, a->town, a->town_name, a->rect, err));
    }
    return zm_gen_printf(f, err, "\n]}\n");
}

int zm_gen_write_divisions(const struct zm_gen_world *w, const char *path, struct zm_err *err)
{
    struct zm_gen_file f;
    int rc = zm_gen_file_open(&f, path, "UTF-8", false, err);
    if (rc == 0)
        rc = put_divisions(w, &f, err);
    int closed = zm_gen_file_close(&f, rc == 0 ? err : NULL);
    return rc ? rc : closed;
}

static int put_roads(const struct zm_gen_world *w, struct zm_gen_file *f, struct zm_err *err)
{
    ZM_TRY(zm_gen_printf(f, err, "{\"type\":\"FeatureCollection\",\"name\":\"road\",\"features\":["));
    for (uint32_t i = 0; i < w->n_roads; i++) {
        const struct zm_gen_road *r = &w->roads[i];
        ZM_TRY(zm_gen_printf(
            f, err,
            "%s\n{\"type\":\"Feature\",\"properties\":{\"id\":\"R%05u\",\"county\":\"%u\",\"name\":\"%s\"},"
            "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[",
            i ? "," : "", i + 1, w->areas[r->area].county, r->name));
        for (unsigned k = 0; k < r->n; k++)
            ZM_TRY(zm_gen_printf(f, err, "%s[%.7f,%.7f]", k ? "," : "", r->xy[(size_t)2 * k],
                                 r->xy[(size_t)2 * k + 1]));
        ZM_TRY(zm_gen_printf(f, err, "]}}"));
    }
    return zm_gen_printf(f, err, "\n]}\n");
}

int zm_gen_write_roads(const struct zm_gen_world *w, const char *path, struct zm_err *err)
{
    struct zm_gen_file f;
    int rc = zm_gen_file_open(&f, path, "UTF-8", false, err);
    if (rc == 0)
        rc = put_roads(w, &f, err);
    int closed = zm_gen_file_close(&f, rc == 0 ? err : NULL);
    return rc ? rc : closed;
}
