#include "geo/address/lexicon.h"

#include "geo/base/utf8.h"
#include "geo/tables/tables.h"

/* The classes of generics.tsv, in the order of enum zm_word. */
static const char *const class_names[] = {
    "",          "province", "city",     "county",   "country", "region",  "devzone",    "town",
    "committee", "body",     "road",     "road_end", "alley",   "estate",  "estate_end", "poi",
    "poi_end",   "assist",   "crossing", "level",    "filler",  "not_road"};

static enum zm_word class_of(struct zm_str name)
{
    for (size_t i = 1; i < sizeof class_names / sizeof *class_names; i++)
        if (zm_str_eq(name, zm_str(class_names[i])))
            return (enum zm_word)i;
    return ZM_WORD_NONE;
}

static int word_add(struct zm_trie *t, struct zm_fold_table *fold, struct zm_str text, enum zm_word word,
                    struct zm_err *err)
{
    uint32_t cp[16], n = 0;
    const char *p = text.ptr, *end = p + text.len;
    for (unsigned len; p < end && n < 16; p += len)
        cp[n++] = zm_utf8_next(p, end, &len);
    if (n)
        fold->kind[cp[0]] |= ZM_CH_WORD;
    return zm_trie_add(t, cp, n, (uint32_t)word, err);
}

static int words_add(struct zm_trie *t, struct zm_fold_table *fold, struct zm_err *err)
{
    struct zm_str rest = zm_tables_embedded("generics.tsv"), line, cells[2] = {{NULL, 0}};
    zm_tsv_line(&rest, &line);
    while (zm_tsv_line(&rest, &line)) {
        zm_tsv_split(line, cells, 2);
        enum zm_word word = class_of(cells[1]);
        if (word == ZM_WORD_NONE)
            return zm_fail(err, ZM_E_USAGE, "generics.tsv: no class %.*s", ZM_FMT(cells[1]));
        ZM_TRY(word_add(t, fold, cells[0], word, err));
    }
    return 0;
}

int zm_lexicon_init(struct zm_trie *t, struct zm_fold_table *fold, struct zm_err *err)
{
    zm_trie_init(t);
    int rc = words_add(t, fold, err);
    if (!rc)
        rc = zm_trie_freeze(t, err);
    if (rc)
        zm_trie_release(t);
    return rc;
}

enum zm_word zm_lexicon_match(const struct zm_trie *t, const uint32_t *cp, uint32_t *len)
{
    enum zm_word word = ZM_WORD_NONE;
    uint32_t node = 0;
    *len = 0;
    for (uint32_t i = 0; (node = zm_trie_step(t, node, cp[i])) != 0; i++) {
        if (!t->nodes[node].n_values)
            continue;
        word = (enum zm_word)t->values[t->nodes[node].value];
        *len = i + 1;
    }
    return word;
}
