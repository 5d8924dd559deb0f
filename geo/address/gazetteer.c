#include "geo/address/gazetteer_names.h"
#include "geo/base/mem.h"
#include "geo/base/utf8.h"

enum { NAME_CHARS_MAX = 64, NAMES_MAX = 1 << 23 };

/* A name as the folded text will have it. Returns 0 for one that is empty or too long to be a name. */
static uint32_t name_fold(const struct zm_fold_table *fold, struct zm_str name, uint32_t out[NAME_CHARS_MAX])
{
    const char *p = name.ptr, *end = p + name.len;
    uint32_t n = 0;
    for (unsigned len; p < end; p += len) {
        uint32_t raw = zm_utf8_next(p, end, &len);
        uint32_t cp = raw <= 0xFFFF ? fold->to[raw] : raw;
        if (!cp)
            continue;
        if (n == NAME_CHARS_MAX)
            return 0;
        out[n++] = cp;
    }
    return n;
}

static int name_add(struct zm_gazetteer *g, const uint32_t *cp, uint32_t n, const struct zm_name *name,
                    struct zm_err *err)
{
    if (g->n_names == NAMES_MAX)
        return zm_fail(err, ZM_E_MEMORY, "the gazetteer holds too many names (limit %d)", NAMES_MAX);
    if (g->n_names == g->cap_names) {
        uint32_t cap = g->cap_names ? g->cap_names * 2 : 4096;
        struct zm_name *grown = zm_realloc(g->names, cap * sizeof *grown);
        if (!grown)
            return zm_fail_memory(err, cap * sizeof *grown);
        g->names = grown;
        g->cap_names = cap;
    }
    ZM_TRY(zm_trie_add(&g->trie, cp, n, g->n_names, err));
    g->names[g->n_names++] = *name;
    return 0;
}

/* How many characters the generic at the end of a division's name has: 2 for 街道, 3 for 民族乡 and 畲族乡.
 */
static uint32_t generic_length(const uint32_t *cp, uint32_t n)
{
    if (n >= 4 && cp[n - 2] == 0x8857 && cp[n - 1] == 0x9053) /* 街道 */
        return 2;
    return n >= 5 && cp[n - 2] == 0x65CF ? 3 : 1; /* 族 */
}

/* The full name, and above the committees the short form too if two characters are left of it. */
static int division_add(struct zm_gazetteer *g, struct zm_name name, struct zm_err *err)
{
    uint32_t cp[NAME_CHARS_MAX], n = name_fold(g->fold, name.text, cp);
    if (n < 2)
        return 0;
    ZM_TRY(name_add(g, cp, n, &name, err));
    uint32_t rest = n - generic_length(cp, n);
    if (name.level == ZM_COMMITTEE || rest < 2)
        return 0;
    name.is_short = true;
    return name_add(g, cp, rest, &name, err);
}

static uint32_t county_of(uint64_t code)
{
    while (zm_division_level_of(code) > ZM_COUNTY)
        code = zm_division_parent(code);
    return zm_division_level_of(code) == ZM_COUNTY ? (uint32_t)code : 0;
}

static int divisions_add(struct zm_gazetteer *g, struct zm_err *err)
{
    for (uint32_t i = 0; i < g->divisions->n; i++) {
        const struct zm_division *d = &g->divisions->rows[i];
        bool placeholder = d->level == ZM_TOWN && zm_division_parent(d->code) == ZM_COUNTY_WITHOUT_TOWNS;
        if (placeholder || (d->valid_from && d->valid_from > g->as_of))
            continue;
        struct zm_name name = {.level = (uint8_t)d->level,
                               .retired = !zm_division_valid(d, g->as_of),
                               .county = county_of(d->code),
                               .code = d->code,
                               .parent = zm_division_parent(d->code),
                               .text = d->name,
                               .valid_to = d->valid_to};
        if (name.retired && !(name.code = d->successor) && zm_division_at(g->divisions, d->code, g->as_of))
            name.code = d->code; /* only the name changed */
        ZM_TRY(division_add(g, name, err));
    }
    return 0;
}

static int retired_add(struct zm_gazetteer *g, struct zm_err *err)
{
    for (uint32_t i = 0; i < g->retired.n; i++) {
        const struct zm_retired_name *r = &g->retired.rows[i];
        if (r->valid_to && r->valid_to > g->as_of)
            continue;
        struct zm_name name = {.level = (uint8_t)r->level,
                               .retired = true,
                               .county = r->county,
                               .code = r->successor,
                               .parent = r->county,
                               .text = r->name,
                               .valid_to = r->valid_to};
        ZM_TRY(division_add(g, name, err));
    }
    return 0;
}

/* 司前镇 for 司前畲族镇: usual short names that are no cut of the full one (synonyms.tsv, kind division). */
static int short_name_add(struct zm_gazetteer *g, struct zm_str variant, struct zm_str full,
                          struct zm_err *err)
{
    uint32_t cp[NAME_CHARS_MAX], n = name_fold(g->fold, variant, cp);
    for (uint32_t i = 0; i < g->divisions->n; i++) {
        const struct zm_division *d = &g->divisions->rows[i];
        if (d->level != ZM_TOWN || !zm_str_eq(d->name, full) || !zm_division_valid(d, g->as_of))
            continue;
        struct zm_name name = {.level = (uint8_t)d->level,
                               .is_short = true,
                               .county = county_of(d->code),
                               .code = d->code,
                               .parent = zm_division_parent(d->code),
                               .text = d->name};
        ZM_TRY(name_add(g, cp, n, &name, err));
    }
    return 0;
}

static int short_names_add(struct zm_gazetteer *g, struct zm_err *err)
{
    struct zm_str rest = zm_tables_embedded("synonyms.tsv"), line, cells[3] = {{NULL, 0}};
    while (zm_tsv_line(&rest, &line)) {
        zm_tsv_split(line, cells, 3);
        if (zm_str_eq(cells[2], ZM_STR("division")))
            ZM_TRY(short_name_add(g, cells[0], cells[1], err));
    }
    return 0;
}

int zm_gazetteer_new(struct zm_gazetteer **out, const struct zm_divisions *d, uint32_t as_of,
                     struct zm_err *err)
{
    struct zm_gazetteer *g = zm_calloc(1, sizeof *g);
    if (!g)
        return zm_fail_memory(err, sizeof *g);
    g->divisions = d;
    g->as_of = as_of;
    zm_trie_init(&g->trie);
    zm_table_init(&g->roads);
    int rc = zm_fold_table_new(&g->fold, err);
    if (!rc)
        rc = zm_lexicon_init(&g->lexicon, g->fold, err);
    if (!rc)
        rc = zm_retired_names_init(&g->retired, err);
    if (!rc)
        rc = divisions_add(g, err);
    if (!rc)
        rc = retired_add(g, err);
    if (!rc)
        rc = short_names_add(g, err);
    if (rc)
        zm_gazetteer_free(g);
    else
        *out = g;
    return rc;
}

void zm_gazetteer_free(struct zm_gazetteer *g)
{
    if (!g)
        return;
    zm_table_release(&g->roads);
    zm_trie_release(&g->trie);
    zm_trie_release(&g->lexicon);
    zm_retired_names_release(&g->retired);
    zm_free(g->fold);
    zm_free(g->names);
    zm_free(g);
}

/* Has this road been added already? Agencies deliver a road in as many segments as it has crossings. */
static bool road_is_known(const struct zm_gazetteer *g, uint64_t hash, uint32_t county, const uint32_t *cp,
                          uint32_t n)
{
    uint32_t at = 0, k;
    while (zm_table_next(&g->roads, hash, &at, &k)) {
        const struct zm_trie_key *key = &g->trie.keys[k];
        if (g->names[key->value].county == county && key->len == n &&
            memcmp(g->trie.text + key->text, cp, n * sizeof *cp) == 0)
            return true;
    }
    return false;
}

/* The meaning of a road needs no text, so nothing of the caller's is kept: the trie has the characters. */
int zm_gazetteer_add_road(struct zm_gazetteer *g, uint32_t county, struct zm_str name, struct zm_err *err)
{
    uint32_t cp[NAME_CHARS_MAX], n = name_fold(g->fold, name, cp);
    if (g->frozen)
        return zm_fail(err, ZM_E_INTERNAL, "the gazetteer is frozen and takes no more roads");
    if (n < 2 || cp[0] > 0xFFFF)
        return 0;
    uint64_t hash = zm_hash_mix(county, zm_hash((struct zm_str){(const char *)cp, n * sizeof *cp}));
    if (road_is_known(g, hash, county, cp, n))
        return 0;
    struct zm_name road = {.level = ZM_NAME_ROAD, .county = county};
    ZM_TRY(name_add(g, cp, n, &road, err));
    return zm_table_add(&g->roads, hash, g->trie.n_keys - 1, err);
}

int zm_gazetteer_freeze(struct zm_gazetteer *g, struct zm_err *err)
{
    if (g->frozen)
        return 0;
    ZM_TRY(zm_trie_freeze(&g->trie, err));
    zm_table_release(&g->roads);
    g->frozen = true;
    return 0;
}

struct zm_str zm_gazetteer_name(const struct zm_gazetteer *g, uint64_t code)
{
    const struct zm_division *d = code ? zm_division_at(g->divisions, code, g->as_of) : NULL;
    return d ? d->name : (struct zm_str){"", 0};
}

struct zm_str zm_gazetteer_full_name(const struct zm_gazetteer *g, uint64_t code, char *out, size_t cap)
{
    struct zm_str names[ZM_COMMITTEE] = {{NULL, 0}};
    unsigned n = 0;
    size_t len = 0;
    for (; n < ZM_COMMITTEE && zm_division_level_of(code) >= ZM_COUNTY; code = zm_division_parent(code))
        names[n++] = zm_gazetteer_name(g, code);
    while (n--) {
        if (len + names[n].len > cap)
            break;
        if (names[n].len)
            memcpy(out + len, names[n].ptr, names[n].len);
        len += names[n].len;
    }
    return (struct zm_str){out, len};
}
