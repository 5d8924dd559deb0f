/* The nearest valid name of a mistyped one. Called for names no table knows, so it may look at a whole
 * county. */
#include "geo/address/gazetteer_names.h"
#include "geo/base/utf8.h"
#include "geo/tables/tables.h"

enum { CHARS_MAX = 16 };

/* The character for which cp is taken by look or by sound, or cp itself (synonyms.tsv, kind alike). */
static struct zm_str usual(struct zm_str character)
{
    struct zm_str rest = zm_tables_embedded("synonyms.tsv"), line, cells[3] = {{NULL, 0}};
    while (zm_tsv_line(&rest, &line)) {
        zm_tsv_split(line, cells, 3);
        if (zm_str_eq(cells[2], ZM_STR("alike")) && zm_str_eq(cells[0], character))
            return cells[1];
    }
    return character;
}

static bool look_alike(uint32_t a, uint32_t b)
{
    char a_text[4], b_text[4];
    struct zm_str a_utf8 = {a_text, zm_utf8_put(a, a_text)}, b_utf8 = {b_text, zm_utf8_put(b, b_text)};
    return zm_str_eq(usual(a_utf8), usual(b_utf8));
}

static uint32_t generic_at(const uint32_t *cp, uint32_t n)
{
    bool street = n > 2 && cp[n - 2] == 0x8857 && cp[n - 1] == 0x9053;
    bool community = n > 2 && cp[n - 2] == 0x793E && cp[n - 1] == 0x533A;
    return street || community ? n - 2 : n - 1;
}

/* How many characters two names share at their beginning, or, with step -1, at their end. */
static uint32_t shared(const uint32_t *a, const uint32_t *b, uint32_t max, int step)
{
    uint32_t n = 0;
    for (; n < max && *a == *b; n++) {
        a += step;
        b += step;
    }
    return n;
}

/* 0 = equal, 1 = a look-alike, 2 = another generic, 3 = one other character, 4 = one more or less, 9 =
 * further. */
static unsigned distance(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb)
{
    uint32_t least = na < nb ? na : nb, head = shared(a, b, least, 1);
    uint32_t tail = shared(a + na - 1, b + nb - 1, least - head, -1);
    uint32_t da = na - head - tail, db = nb - head - tail;
    if (da + db == 0)
        return 0;
    if (head >= 2 && head == generic_at(a, na) && head == generic_at(b, nb))
        return 2;
    if (da == 1 && db == 1)
        return look_alike(a[head], b[head]) ? 1 : 3;
    return da + db == 1 && na > 2 && nb > 2 ? 4 : 9;
}

static uint32_t name_chars(struct zm_str name, uint32_t out[CHARS_MAX])
{
    const char *p = name.ptr, *end = p + name.len;
    uint32_t n = 0;
    for (unsigned len; p < end && n < CHARS_MAX; p += len)
        out[n++] = zm_utf8_next(p, end, &len);
    return p < end ? 0 : n;
}

/* First row whose code is not below code. */
static uint32_t lower_bound(const struct zm_divisions *d, uint64_t code)
{
    uint32_t lo = 0, hi = d->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (d->rows[mid].code < code)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

const struct zm_division *zm_gazetteer_nearest(const struct zm_gazetteer *g, uint64_t parent,
                                               const uint32_t *cp, uint32_t n)
{
    const struct zm_divisions *d = g->divisions;
    const struct zm_division *best = NULL;
    unsigned best_distance = 9;
    bool tie = false;
    if (n < 2 || n > CHARS_MAX)
        return NULL;
    uint64_t span =
        zm_division_level_of(parent) == ZM_CITY ? 100 : 1000; /* 3303 has 330302, 330302 has 330302006 */
    for (uint32_t i = lower_bound(d, parent * span); i < d->n && d->rows[i].code < (parent + 1) * span; i++) {
        uint32_t name[CHARS_MAX] = {0}, len = name_chars(d->rows[i].name, name);
        unsigned now = len > 1 && zm_division_valid(&d->rows[i], g->as_of) ? distance(cp, n, name, len) : 9;
        if (now > 2 && n < 5 && zm_division_level_of(parent) == ZM_TOWN)
            now = 9; /* 宋埠社区 is not 宋桥社区: villages have many names that differ in one character */
        if (now < best_distance) {
            best = &d->rows[i];
            best_distance = now;
            tie = false;
        } else if (now == best_distance) {
            tie = true;
        }
    }
    return tie || best_distance == 9 ? NULL : best;
}
