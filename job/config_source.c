#include "job/config_source.h"

#include "geo/base/date.h"

static int bad(struct zm_err *err, struct zm_str key, struct zm_str value, const char *want)
{
    return zm_fail(err, ZM_E_USAGE, "%.*s = %.*s: %s", ZM_FMT(key), ZM_FMT(value), want);
}

int zm_config_source_begin(struct zm_config *c, struct zm_str name, struct zm_err *err)
{
    if (name.len == 0 || name.len > 40)
        return zm_fail(err, ZM_E_USAGE, "a source's name has 1 to 40 characters");
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", name.ptr[i]))
            return zm_fail(err, ZM_E_USAGE, "a source's name is made of a-z, 0-9, _ and -: %.*s",
                           ZM_FMT(name));
    c->source = (struct zm_source){.name = zm_arena_copy(&c->job->arena, name),
                                   .kind = ZM_N_KINDS,
                                   .header_rows = 1,
                                   .class_ = ZM_CLASS_INTERNAL,
                                   .rank = 100,
                                   .maps = c->maps,
                                   .values = c->values};
    c->delivery = (struct zm_delivery){.max_retire = 0.02};
    c->in_source = true;
    return c->source.name.ptr ? 0 : zm_fail_memory(err, name.len);
}

static int need_kind(struct zm_config *c, struct zm_str key, struct zm_str field_name, unsigned *field,
                     struct zm_err *err)
{
    if (c->source.kind == ZM_N_KINDS)
        return zm_fail(err, ZM_E_USAGE, "%.*s stands before kind: put kind first", ZM_FMT(key));
    if (!zm_field_find(c->source.kind, field_name, field))
        return zm_fail(err, ZM_E_USAGE, "%.*s: kind %s has no field %.*s", ZM_FMT(key),
                       zm_kind_name(c->source.kind), ZM_FMT(field_name));
    return 0;
}

static int set_map(struct zm_config *c, struct zm_str key, struct zm_str value, bool constant,
                   struct zm_err *err)
{
    struct zm_str rest = key;
    unsigned field;
    zm_str_cut(&rest, '.');
    ZM_TRY(need_kind(c, key, rest, &field, err));
    for (unsigned i = 0; i < c->source.n_maps; i++)
        if (c->maps[i].field == field)
            return zm_fail(err, ZM_E_USAGE, "%.*s: the field has a map or a constant already", ZM_FMT(key));
    if (value.len == 0)
        return bad(err, key, value, "is empty; leave the line out");
    c->maps[c->source.n_maps++] =
        constant ? (struct zm_map){field, {NULL, 0}, value} : (struct zm_map){field, value, {NULL, 0}};
    return 0;
}

/* values.FIELD.FROM = TO. FROM may hold dots; the field may not. */
static int set_value(struct zm_config *c, struct zm_str key, struct zm_str value, struct zm_err *err)
{
    struct zm_str from = key;
    unsigned field;
    zm_str_cut(&from, '.');
    struct zm_str field_name = zm_str_cut(&from, '.');
    ZM_TRY(need_kind(c, key, field_name, &field, err));
    if (from.len == 0)
        return zm_fail(err, ZM_E_USAGE, "%.*s: write values.FIELD.DELIVERED = MEANING", ZM_FMT(key));
    if (c->source.n_values == sizeof c->values / sizeof c->values[0])
        return zm_fail(err, ZM_E_USAGE, "%.*s: more than 256 values in one source", ZM_FMT(key));
    c->values[c->source.n_values++] = (struct zm_value_map){field, from, value};
    return 0;
}

static int set_class(struct zm_config *c, struct zm_str key, struct zm_str value, struct zm_err *err)
{
    int index = zm_enum_index("public|internal|restricted", value);
    if (index < 0)
        return bad(err, key, value, "must be public, internal or restricted");
    c->source.class_ = (enum zm_class)index;
    return 0;
}

static int set_number(struct zm_str key, struct zm_str value, unsigned low, unsigned high, unsigned *out,
                      struct zm_err *err)
{
    uint64_t number;
    if (!zm_str_to_u64(value, &number) || number < low || number > high)
        return zm_fail(err, ZM_E_USAGE, "%.*s = %.*s: must be a number from %u to %u", ZM_FMT(key),
                       ZM_FMT(value), low, high);
    *out = (unsigned)number;
    return 0;
}

static int set_share(struct zm_str key, struct zm_str value, double *out, struct zm_err *err)
{
    double percent;
    if (!zm_str_ends(value, ZM_STR("%")) ||
        !zm_str_to_double(zm_str_sub(value, 0, value.len - 1), &percent) || percent < 0 || percent > 100)
        return bad(err, key, value, "must be a percentage such as 2%");
    *out = percent / 100;
    return 0;
}

/* Keys whose value is kept as it is. */
static struct zm_str *text_key(struct zm_config *c, struct zm_str key)
{
    const struct {
        struct zm_str key;
        struct zm_str *slot;
    } texts[] = {
        {ZM_STR("path"), &c->source.path},           {ZM_STR("sheet"), &c->source.sheet},
        {ZM_STR("layer"), &c->source.layer},         {ZM_STR("encoding"), &c->source.encoding},
        {ZM_STR("datum"), &c->source.datum},         {ZM_STR("scope"), &c->delivery.scope},
        {ZM_STR("manifest"), &c->delivery.manifest},
    };
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (zm_str_eq(key, texts[i].key))
            return texts[i].slot;
    return NULL;
}

int zm_config_source_key(struct zm_config *c, struct zm_str key, struct zm_str value, struct zm_err *err)
{
    struct zm_str *text = text_key(c, key);
    if (text) {
        *text = value;
        return 0;
    }
    if (zm_str_starts(key, ZM_STR("map.")))
        return set_map(c, key, value, false, err);
    if (zm_str_starts(key, ZM_STR("const.")))
        return set_map(c, key, value, true, err);
    if (zm_str_starts(key, ZM_STR("values.")))
        return set_value(c, key, value, err);
    if (zm_str_eq(key, ZM_STR("kind"))) {
        if (!zm_kind_parse(value, &c->source.kind))
            return bad(err, key, value, "there is no such kind of source");
        unsigned n;
        zm_kind_fields(c->source.kind, &n);
        return n ? 0
                 : bad(err, key, value,
                       "this version does not read that kind yet; it reads address, road and division");
    }
    if (zm_str_eq(key, ZM_STR("class")))
        return set_class(c, key, value, err);
    if (zm_str_eq(key, ZM_STR("header_rows")))
        return set_number(key, value, 1, 3, &c->source.header_rows, err);
    if (zm_str_eq(key, ZM_STR("rank")))
        return set_number(key, value, 1, 1000, &c->source.rank, err);
    if (zm_str_eq(key, ZM_STR("max_retire")))
        return set_share(key, value, &c->delivery.max_retire, err);
    if (zm_str_eq(key, ZM_STR("date")))
        return zm_date_parse(value, &c->source.date)
                   ? 0
                   : bad(err, key, value, "must be a date such as 2025-06-30");
    if (zm_str_eq(key, ZM_STR("delivery"))) {
        c->source.full = zm_str_eq(value, ZM_STR("full"));
        return c->source.full || zm_str_eq(value, ZM_STR("delta"))
                   ? 0
                   : bad(err, key, value, "must be delta or full");
    }
    return zm_fail(err, ZM_E_USAGE, "unknown key %.*s in a [source] section", ZM_FMT(key));
}

int zm_config_source_end(struct zm_config *c, struct zm_err *err)
{
    struct zm_source *s = &c->source;
    if (!c->in_source)
        return 0;
    c->in_source = false;
    if (s->kind == ZM_N_KINDS)
        return zm_fail(err, ZM_E_USAGE, "[source.%.*s] has no kind", ZM_FMT(s->name));
    if (s->path.len == 0)
        return zm_fail(err, ZM_E_USAGE, "[source.%.*s] has no path", ZM_FMT(s->name));
    if (s->datum.len == 0)
        return zm_fail(
            err, ZM_E_USAGE,
            "[source.%.*s] has no datum: write EPSG:4490, GCJ-02, BD-09, EPSG:n or none; it is never guessed",
            ZM_FMT(s->name));
    struct zm_map *maps = zm_arena_alloc(&c->job->arena, s->n_maps * sizeof *maps);
    struct zm_value_map *values = zm_arena_alloc(&c->job->arena, s->n_values * sizeof *values);
    if (!maps || !values)
        return zm_fail_memory(err, sizeof c->values);
    memcpy(maps, c->maps, s->n_maps * sizeof *maps);
    memcpy(values, c->values, s->n_values * sizeof *values);
    s->maps = maps;
    s->values = values;
    return zm_job_add_source(c->job, s, &c->delivery, err);
}
