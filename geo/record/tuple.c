#include "geo/record/tuple.h"

#include "geo/base/hash.h"

static const char *const text_names[ZM_TUPLE_TEXTS] = {
    "road", "village", "lane", "number", "sub", "estate", "building", "unit", "floor", "room",
};

void zm_tuple_texts(struct zm_tuple *t, struct zm_str *out[ZM_TUPLE_TEXTS])
{
    struct zm_str *const all[ZM_TUPLE_TEXTS] = {
        &t->road,   &t->village,  &t->lane, &t->number, &t->sub,
        &t->estate, &t->building, &t->unit, &t->floor,  &t->room,
    };
    memcpy(out, all, sizeof all);
}

/* As above, by value, for tuples that must not change. */
static void texts_of(const struct zm_tuple *t, struct zm_str out[ZM_TUPLE_TEXTS])
{
    const struct zm_str all[ZM_TUPLE_TEXTS] = {
        t->road, t->village, t->lane, t->number, t->sub, t->estate, t->building, t->unit, t->floor, t->room,
    };
    memcpy(out, all, sizeof all);
}

const char *zm_tuple_text_name(unsigned i)
{
    return i < ZM_TUPLE_TEXTS ? text_names[i] : "";
}

bool zm_tuple_eq(const struct zm_tuple *a, const struct zm_tuple *b)
{
    struct zm_str x[ZM_TUPLE_TEXTS], y[ZM_TUPLE_TEXTS];
    if (a->county != b->county || a->town != b->town || a->committee != b->committee)
        return false;
    texts_of(a, x);
    texts_of(b, y);
    for (unsigned i = 0; i < ZM_TUPLE_TEXTS; i++)
        if (!zm_str_eq(x[i], y[i]))
            return false;
    return true;
}

/* Splits a run of digits off the front; leading zeros do not count for its size. */
static struct zm_str take_digits(struct zm_str *s)
{
    size_t n = 0, zeros = 0;
    while (n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9')
        n++;
    while (zeros < n && s->ptr[zeros] == '0')
        zeros++;
    struct zm_str digits = zm_str_sub(*s, zeros, n);
    *s = zm_str_sub(*s, n, s->len);
    return digits;
}

int zm_number_cmp(struct zm_str a, struct zm_str b)
{
    struct zm_str rest_a = a, rest_b = b;
    while (rest_a.len && rest_b.len) {
        struct zm_str x = take_digits(&rest_a), y = take_digits(&rest_b);
        if (x.len != y.len)
            return x.len < y.len ? -1 : 1;
        int order = zm_str_cmp(x, y);
        if (order)
            return order;
        if (!rest_a.len || !rest_b.len)
            break;
        if (rest_a.ptr[0] != rest_b.ptr[0])
            return (unsigned char)rest_a.ptr[0] < (unsigned char)rest_b.ptr[0] ? -1 : 1;
        rest_a = zm_str_sub(rest_a, 1, rest_a.len);
        rest_b = zm_str_sub(rest_b, 1, rest_b.len);
    }
    if (rest_a.len != rest_b.len)
        return rest_a.len ? 1 : -1;
    return zm_str_cmp(a, b); /* "07" and "7" are equal in value, not in text */
}

int zm_tuple_cmp(const struct zm_tuple *a, const struct zm_tuple *b)
{
    enum { ROAD, VILLAGE, LANE, NUMBER, SUB, ESTATE };
    if (a->county != b->county)
        return a->county < b->county ? -1 : 1;
    if (a->town != b->town)
        return a->town < b->town ? -1 : 1;
    if (a->committee != b->committee)
        return a->committee < b->committee ? -1 : 1;
    struct zm_str x[ZM_TUPLE_TEXTS], y[ZM_TUPLE_TEXTS];
    texts_of(a, x);
    texts_of(b, y);
    for (unsigned i = 0; i < ZM_TUPLE_TEXTS; i++) {
        bool is_name = i == ROAD || i == VILLAGE || i == ESTATE;
        int order = is_name ? zm_str_cmp(x[i], y[i]) : zm_number_cmp(x[i], y[i]);
        if (order)
            return order;
    }
    return 0;
}

uint64_t zm_tuple_key(const struct zm_tuple *t)
{
    struct zm_str texts[ZM_TUPLE_TEXTS];
    texts_of(t, texts);
    uint64_t key = zm_hash_mix(t->committee, (uint64_t)t->county << 32 | t->town);
    for (unsigned i = 0; i < ZM_TUPLE_TEXTS; i++)
        if (texts[i].len) /* the member's place is part of its hash: road 12 is not number 12 */
            key = zm_hash_mix(key + i, zm_hash(texts[i]));
    return key;
}

unsigned zm_tuple_level(const struct zm_tuple *t)
{
    if (t->room.len)
        return 5;
    if (t->floor.len)
        return 4;
    if (t->unit.len)
        return 3;
    if (t->building.len)
        return 2;
    return t->number.len || t->estate.len ? 1 : 0;
}
