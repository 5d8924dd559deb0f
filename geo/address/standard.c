/* The standard text of a tuple. What it writes, the parser reads back as the same tuple. */
#include "geo/address/gazetteer_names.h"
#include "geo/address/parser.h"

struct out {
    char *ptr;
    size_t len, cap;
    char last; /* byte written */
};

static void put(struct out *o, struct zm_str s)
{
    if (o->ptr && s.len)
        memcpy(o->ptr + o->len, s.ptr, s.len);
    o->len += s.len;
    if (s.len)
        o->last = s.ptr[s.len - 1];
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* Two texts that would run together as one number (市场B7 and 507) get a blank between them. */
static void put_apart(struct out *o, struct zm_str s)
{
    if (s.len && is_alnum(s.ptr[0]) && is_alnum(o->last))
        put(o, ZM_STR(" "));
}

static bool digits_value(struct zm_str s, uint64_t *value)
{
    return s.len <= 9 && zm_str_to_u64(s, value);
}

/* Would a-b be read as a range (37-41)? */
static bool reads_as_range(struct zm_str a, struct zm_str b)
{
    uint64_t x, y;
    return digits_value(a, &x) && digits_value(b, &y) && y > x && (y - x) % 2 == 0;
}

static bool has_char(struct zm_str s, char c)
{
    return s.len && memchr(s.ptr, c, s.len);
}

/* A list is written with 、 */
static void put_list(struct out *o, struct zm_str s)
{
    for (struct zm_str rest = s, item; rest.ptr;) {
        item = zm_str_cut(&rest, ',');
        put(o, item);
        if (rest.ptr)
            put(o, ZM_STR("、"));
    }
}

static void put_number(struct out *o, const struct zm_tuple *t)
{
    bool list = has_char(t->number, ','), range = !list && has_char(t->number, '-');
    if (!t->number.len)
        return;
    put_apart(o, t->number);
    if (range) {
        struct zm_str second = t->number, first = zm_str_cut(&second, '-');
        put(o, first);
        put(o, reads_as_range(first, second) ? ZM_STR("-") : ZM_STR("至"));
        put(o, second);
    } else {
        put_list(o, t->number);
    }
    bool plain = !list && !range && !reads_as_range(t->number, t->sub);
    if (t->sub.len && plain) {
        put(o, ZM_STR("-"));
        put(o, t->sub);
    }
    put(o, ZM_STR("号"));
    if (t->sub.len && !plain) {
        put(o, ZM_STR("之"));
        put(o, t->sub);
    }
}

/* 5号 and 顶楼 have their own word. */
static bool has_word(struct zm_str s)
{
    return zm_str_ends(s, ZM_STR("号")) || zm_str_ends(s, ZM_STR("层")) || zm_str_ends(s, ZM_STR("楼")) ||
           zm_str_ends(s, ZM_STR("室"));
}

/* Each of a list with its word: 302室303室. */
static void put_counted(struct out *o, struct zm_str s, struct zm_str word)
{
    for (struct zm_str rest = s, item; s.len && rest.ptr;) {
        item = zm_str_cut(&rest, ',');
        put_apart(o, item);
        put(o, item);
        if (!has_word(item))
            put(o, word);
    }
}

static bool all_letters(struct zm_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'A' || s.ptr[i] > 'Z')
            return false;
    return s.len <= 2;
}

static void put_tuple(struct out *o, const struct zm_tuple *t, const struct zm_gazetteer *g)
{
    uint64_t city = zm_division_parent(t->county);
    put(o, zm_gazetteer_name(g, zm_division_parent(city)));
    put(o, zm_gazetteer_name(g, city));
    put(o, zm_gazetteer_name(g, t->county));
    put(o, zm_gazetteer_name(g, t->town));
    put(o, zm_gazetteer_name(g, t->committee));
    put(o, t->village);
    put(o, t->road);
    put(o, t->lane);
    put_number(o, t);
    put(o, t->estate);
    put_counted(o, t->building, all_letters(t->building) ? ZM_STR("座") : ZM_STR("幢"));
    put_counted(o, t->unit, ZM_STR("单元"));
    if (t->floor.len && t->floor.ptr[0] == '-') {
        put(o, ZM_STR("地下"));
        put_counted(o, zm_str_sub(t->floor, 1, t->floor.len), ZM_STR("层"));
    } else {
        put_counted(o, t->floor, ZM_STR("层"));
    }
    put_counted(o, t->room, ZM_STR("室"));
}

int zm_tuple_standard(struct zm_str *out, const struct zm_tuple *tuple, const struct zm_gazetteer *g,
                      struct zm_arena *arena, struct zm_err *err)
{
    struct out o = {0}; /* once to count, once to write */
    put_tuple(&o, tuple, g);
    o.cap = o.len;
    o.ptr = zm_arena_alloc(arena, o.cap + 1);
    if (!o.ptr)
        return zm_fail(err, ZM_E_MEMORY, "no room in the arena for a standard address of %zu bytes", o.cap);
    o.len = 0;
    o.last = 0;
    put_tuple(&o, tuple, g);
    *out = (struct zm_str){o.ptr, o.len};
    return 0;
}
