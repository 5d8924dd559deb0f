/* Folding: the text as comparable code points, each with the raw bytes it came from.
 *
 * Full-width forms become ASCII, lower case upper, blanks and controls go, dash forms between alphanumerics
 * become
 * '-', traditional characters simplified ones. Han characters are never normalised in any other way. */
#pragma once

#include "geo/base/arena.h"
#include "geo/base/err.h"

/* What a folded character is; bits, so that a set of kinds is one test. */
enum {
    ZM_CH_DIGIT = 1,
    ZM_CH_ALPHA = 2,
    ZM_CH_HAN = 4,
    ZM_CH_NUMERAL = 8, /* 一二…十百: also ZM_CH_HAN */
    ZM_CH_PUNCT = 16,  /* separates parts: comma, slash, ... */
    ZM_CH_OPEN = 32,   /* opens a note: ( [ { 【 and the like */
    ZM_CH_CLOSE = 64,
    ZM_CH_SLOT = 128, /* may stand behind a number and say what it counts: 号 幢 层 ... */
    ZM_CH_WORD = 256, /* a word of the lexicon begins with it */
    ZM_CH_STEM = 512, /* 甲 乙 东 西: stands for a number before 单元 */
    ZM_CH_ALNUM = ZM_CH_DIGIT | ZM_CH_ALPHA,
};

/* What folding did at a character. */
enum {
    ZM_MARK_GAP = 1,      /* deleted characters stand before it: numbers do not reach over them */
    ZM_MARK_WIDE = 2,     /* was a full-width form */
    ZM_MARK_DASH = 4,     /* was another dash */
    ZM_MARK_BAD = 8,      /* private use, a stray byte, or a symbol no address holds */
    ZM_MARK_CHANGED = 32, /* is another character now: case, width, dash, simplified */
    ZM_MARK_RARE = 16,    /* a Han character outside the standard table */
};

struct zm_fold_table {
    uint16_t to[65536];   /* raw -> folded; 0 = deleted */
    uint16_t kind[65536]; /* of the folded character, ZM_CH_* */
    uint8_t mark[65536];  /* of the raw character, ZM_MARK_*, without GAP and DASH */
};

/* The table is a megabyte of plain data: make it once, share it between threads. Free with zm_free. */
int zm_fold_table_new(struct zm_fold_table **out, struct zm_err *err);

struct zm_folded {
    uint32_t *cp;  /* n characters, then zeros: cp[n] may be read */
    uint32_t *at;  /* raw byte offset of each */
    uint8_t *len;  /* raw bytes of each */
    uint8_t *mark; /* ZM_MARK_* of each; mark[n] has GAP if deleted characters end the text */
    uint32_t n;
    unsigned seen; /* all marks together */
};

/* Any bytes; ZM_E_MEMORY if the arena's limit is reached. text must be under 4 GiB. */
int zm_fold(struct zm_folded *out, const struct zm_fold_table *t, struct zm_str text, struct zm_arena *arena,
            struct zm_err *err);

static inline unsigned zm_fold_kind(const struct zm_fold_table *t, uint32_t cp)
{
    return cp <= 0xFFFF ? t->kind[cp] : (unsigned)ZM_CH_HAN;
}
