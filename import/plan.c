#include "import/plan.h"

#include "geo/base/utf8.h"
#include "import/header.h"
#include "import/personal.h"

#include <stdio.h>

/* Is the title a value: a telephone or identity number, a code, a coordinate, a door? */
static bool is_value(struct zm_str title)
{
    enum { RUN_MAX = 5, DIGITS_MAX = 10 }; /* EPSG:4490 and CGCS2000_120 are titles */
    unsigned n_run = 0, n_digits = 0, len;
    for (size_t i = 0; i < title.len; i += len) {
        uint32_t code = zm_utf8_next(title.ptr + i, title.ptr + title.len, &len);
        bool digit = (code >= '0' && code <= '9') || (code >= 0xFF10 && code <= 0xFF19);
        bool door = n_run && zm_str_starts(zm_str_sub(title, i, title.len), ZM_STR("号"));
        n_run = digit ? n_run + 1 : 0;
        n_digits += digit;
        if (door || n_run > RUN_MAX || n_digits > DIGITS_MAX)
            return true;
    }
    return false;
}

/* A file without a header, or with header_rows set wrong, has people and addresses where titles should be;
 * those must not reach a log. */
static bool titles_are_data(const struct zm_row_reader *r)
{
    for (unsigned i = 0; i < r->n_columns; i++)
        if (is_value(r->columns[i]))
            return true;
    return false;
}

/* "a, b, c" of all named columns, cut with dots when there are many. */
static void list_columns(const struct zm_row_reader *r, char *out, size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    if (titles_are_data(r)) {
        snprintf(out, cap, "not shown, for they look like a row of data: is header_rows right?");
        return;
    }
    for (unsigned i = 0; i < r->n_columns; i++) {
        struct zm_str name = r->columns[i];
        if (name.len == 0)
            continue;
        if (n + name.len + 8 > cap) {
            snprintf(out + n, cap - n, ", ...");
            return;
        }
        n += (size_t)snprintf(out + n, cap - n, "%s%.*s", n ? ", " : "", ZM_FMT(name));
    }
}

static int fail_column(const struct zm_plan *p, unsigned field, struct zm_str column, int found,
                       struct zm_err *err)
{
    char list[600];
    const char *name = p->kind_fields[field].name;
    if (found == ZM_COLUMN_AMBIGUOUS)
        return zm_fail(err, ZM_E_USAGE,
                       "%s has several columns called \"%.*s\" (for map.%s); rename them in the file",
                       p->path, ZM_FMT(column), name);
    list_columns(p->reader, list, sizeof list);
    return zm_fail(err, ZM_E_USAGE, "%s has no column \"%.*s\" (for map.%s); its columns are: %s", p->path,
                   ZM_FMT(column), name, list);
}

static int find_column(struct zm_plan *p, unsigned field, struct zm_str name, int *out, struct zm_err *err)
{
    int found = zm_column_find(p->reader->columns, p->reader->n_columns, name);
    if (found < 0)
        return fail_column(p, field, name, found, err);
    p->used[found] = true;
    *out = p->personal[found] ? ZM_COLUMN_NONE : found;
    return 0;
}

static unsigned count_braces(struct zm_str text)
{
    unsigned n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '{';
    return n;
}

static int fail_template(const struct zm_plan *p, const struct zm_map *map, struct zm_err *err)
{
    return zm_fail(err, ZM_E_USAGE,
                   "%s: map.%s = %.*s: a { is not closed, a } is not opened, or they hold nothing", p->path,
                   p->kind_fields[map->field].name, ZM_FMT(map->column));
}

/* "{街道}{路名}号" -> parts. A personal column leaves its text part and nothing else. */
static int parse_template(struct zm_plan *p, const struct zm_map *map, struct zm_target *t,
                          struct zm_err *err)
{
    struct zm_str rest = map->column;
    t->parts = zm_arena_alloc(p->arena, sizeof *t->parts * (count_braces(rest) + 1));
    if (!t->parts)
        return zm_fail_memory(err, rest.len);
    while (rest.len) {
        struct zm_template_part part = {.column = ZM_COLUMN_NONE};
        size_t open = zm_str_find(rest, ZM_STR("{"), 0);
        part.text = zm_str_sub(rest, 0, open);
        if (zm_str_has(part.text, ZM_STR("}")))
            return fail_template(p, map, err);
        if (open != SIZE_MAX) {
            size_t close = zm_str_find(rest, ZM_STR("}"), open);
            struct zm_str name = zm_str_trim(zm_str_sub(rest, open + 1, close));
            if (close == SIZE_MAX || name.len == 0 || zm_str_has(name, ZM_STR("{")))
                return fail_template(p, map, err);
            ZM_TRY(find_column(p, map->field, name, &part.column, err));
            rest = zm_str_sub(rest, close + 1, rest.len);
        } else {
            rest = zm_str_sub(rest, rest.len, rest.len);
        }
        t->parts[t->n_parts++] = part;
    }
    t->from = ZM_FROM_TEMPLATE;
    return 0;
}

static int plan_map(struct zm_plan *p, const struct zm_map *map, struct zm_err *err)
{
    if (map->field >= p->n_kind_fields)
        return zm_fail(err, ZM_E_INTERNAL, "%s: a mapping names field %u", p->path, map->field);
    struct zm_target *t = &p->targets[map->field];
    const char *name = p->kind_fields[map->field].name;
    if (t->from != ZM_FROM_NOTHING)
        return zm_fail(err, ZM_E_USAGE, "%s: the field %s is given twice; a template {A}{B} joins columns",
                       p->path, name);
    if (!map->column.ptr) {
        t->from = ZM_FROM_CONST;
        t->constant = map->constant;
        return 0;
    }
    if (t->type == ZM_TYPE_GEOM)
        return zm_fail(err, ZM_E_USAGE, "%s: the field %s comes from the file's geometry, not from a column",
                       p->path, name);
    bool whole = zm_column_find(p->reader->columns, p->reader->n_columns, map->column) >= 0;
    if (!whole && zm_str_has(map->column, ZM_STR("{")))
        return parse_template(p, map, t, err);
    ZM_TRY(find_column(p, map->field, map->column, &t->column, err));
    t->from = t->column == ZM_COLUMN_NONE ? ZM_FROM_NOTHING : ZM_FROM_COLUMN;
    return 0;
}

/* Finds a column by the field's own name or one of its usual titles, the first title first. */
static int plan_title(struct zm_plan *p, struct zm_target *t, struct zm_err *err)
{
    const struct zm_field *f = &p->kind_fields[t->field];
    struct zm_str titles = zm_str(f->synonyms), name = zm_str(f->name);
    for (;;) {
        int found = zm_column_find(p->reader->columns, p->reader->n_columns, name);
        if (found == ZM_COLUMN_AMBIGUOUS)
            return fail_column(p, t->field, name, found, err);
        if (found >= 0 && !p->used[found] && !p->personal[found]) {
            p->used[found] = true;
            t->column = found;
            t->from = ZM_FROM_COLUMN;
            return 0;
        }
        if (!titles.ptr)
            return 0;
        name = zm_str_cut(&titles, '|');
    }
}

static void plan_from(struct zm_plan *p, const char *field, enum zm_origin from)
{
    unsigned f;
    if (zm_field_find(p->source->kind, zm_str(field), &f) && p->targets[f].from == ZM_FROM_NOTHING)
        p->targets[f].from = from;
}

/* A mapped column goes before the file's geometry, the geometry before columns that only their titles
 * suggest. */
static void plan_geometry(struct zm_plan *p)
{
    if (p->reader->point_as == ZM_POINT_LONLAT) {
        plan_from(p, "lon", ZM_FROM_X);
        plan_from(p, "lat", ZM_FROM_Y);
    } else if (p->reader->point_as == ZM_POINT_EASTNORTH) {
        plan_from(p, "east", ZM_FROM_X);
        plan_from(p, "north", ZM_FROM_Y);
    } else if (p->reader->has_geometry) {
        plan_from(p, "geom", ZM_FROM_GEOM);
    }
}

/* A delivery of keys and notes says nothing of its kind: there must be more. */
static int check_any(const struct zm_plan *p, struct zm_err *err)
{
    char list[600];
    for (unsigned f = 0; f < p->n_kind_fields; f++) {
        struct zm_str name = zm_str(p->kind_fields[f].name);
        enum zm_origin from = p->targets[f].from;
        if (from != ZM_FROM_NOTHING && from != ZM_FROM_CONST && !zm_str_eq(name, ZM_STR("src_key")) &&
            !zm_str_eq(name, ZM_STR("note")))
            return 0;
    }
    unsigned n_named = 0;
    for (unsigned i = 0; i < p->reader->n_columns; i++)
        n_named += p->reader->columns[i].len > 0;
    list_columns(p->reader, list, sizeof list);
    /* A title above the table, or a merged header, leaves most columns without a name. */
    bool odd = n_named * 2 <= p->reader->n_columns && p->reader->n_columns > 1;
    return zm_fail(
        err, p->automatic ? ZM_E_INPUT : ZM_E_USAGE,
        "%s: no column is known as a field of kind %s; name them with map.FIELD = COLUMN (`zhengming map` "
        "drafts it); its columns are: %s%s",
        p->path, zm_kind_name(p->source->kind), list,
        odd ? "; most columns have no name: is header_rows right?" : "");
}

int zm_plan_make(struct zm_plan *p, struct zm_err *err)
{
    const struct zm_source *s = p->source;
    p->kind_fields = zm_kind_fields(s->kind, &p->n_kind_fields);
    if (p->n_kind_fields == 0)
        return zm_fail(err, ZM_E_USAGE, "%s: deliveries of kind %s are not read by this version", p->path,
                       zm_kind_name(s->kind));
    for (unsigned f = 0; f < p->n_kind_fields; f++) {
        bool mapped = false;
        for (unsigned i = 0; i < s->n_values; i++)
            mapped = mapped || s->values[i].field == f;
        p->targets[f] = (struct zm_target){.field = f,
                                           .type = p->kind_fields[f].type,
                                           .column = ZM_COLUMN_NONE,
                                           .values = s->values,
                                           .n_values = mapped ? s->n_values : 0};
    }
    for (unsigned i = 0; i < p->reader->n_columns; i++)
        p->personal[i] = zm_personal_column(p->reader->columns[i]);
    p->automatic = true;
    for (unsigned i = 0; i < s->n_maps; i++) {
        p->automatic = p->automatic && !s->maps[i].column.ptr;
        ZM_TRY(plan_map(p, &s->maps[i], err));
    }
    plan_geometry(p);
    for (unsigned f = 0; p->automatic && f < p->n_kind_fields; f++)
        if (p->targets[f].from == ZM_FROM_NOTHING && p->targets[f].type != ZM_TYPE_GEOM)
            ZM_TRY(plan_title(p, &p->targets[f], err));
    return check_any(p, err);
}

/* Adds "title: a", then ", b"; a list that would fill out ends with dots. */
static int note_item(struct zm_buf *out, const char *title, unsigned n, const char *field,
                     struct zm_str column, struct zm_err *err)
{
    enum { ROOM = 300 };
    if (out->max - out->len < ROOM)
        return 0;
    ZM_TRY(zm_buf_printf(out, err, "%s%s%s%.*s", n ? ", " : title, field, field[0] ? " = " : "",
                         ZM_FMT(zm_utf8_cut(column, 120))));
    return out->max - out->len < ROOM ? zm_buf_put(out, ZM_STR(", ..."), err) : 0;
}

int zm_plan_notes(const struct zm_plan *p, struct zm_buf *out, struct zm_err *err)
{
    unsigned n_titles = 0, n_unused = 0, n_personal = 0;
    bool hidden = titles_are_data(p->reader);
    for (unsigned f = 0; p->automatic && !hidden && f < p->n_kind_fields; f++) {
        const struct zm_target *t = &p->targets[f];
        if (t->from == ZM_FROM_COLUMN)
            ZM_TRY(note_item(out, "columns understood by their titles: ", n_titles++, p->kind_fields[f].name,
                             p->reader->columns[t->column], err));
    }
    if (n_titles)
        ZM_TRY(zm_buf_putc(out, '\n', err));
    for (unsigned i = 0; i < p->reader->n_columns; i++) {
        n_personal += p->personal[i];
        if (!hidden && !p->used[i] && !p->personal[i] && p->reader->columns[i].len)
            ZM_TRY(note_item(out, "columns not used: ", n_unused++, "", p->reader->columns[i], err));
    }
    if (n_unused)
        ZM_TRY(zm_buf_putc(out, '\n', err));
    return n_personal ? zm_buf_printf(out, err, "personal columns left out: %u\n", n_personal) : 0;
}
