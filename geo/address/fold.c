#include "geo/address/fold.h"

#include "geo/address/numerals.h"
#include "geo/address/simplify_opencc.h"
#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/tables/han.h"

enum { DASH = 128 }; /* in mark[]: a dash form; never leaves this file */

static void each(struct zm_str chars, struct zm_fold_table *t, unsigned kind)
{
    const char *p = chars.ptr, *end = p + chars.len;
    for (unsigned len; p < end; p += len)
        t->kind[zm_utf8_next(p, end, &len)] |= (uint16_t)kind;
}

static void unmark(struct zm_str chars, struct zm_fold_table *t)
{
    const char *p = chars.ptr, *end = p + chars.len;
    for (unsigned len; p < end; p += len)
        t->mark[zm_utf8_next(p, end, &len)] &= (uint8_t)~ZM_MARK_BAD;
}

/* C0, C1, blanks, zero-width and direction marks, BOM, soft hyphen, variation selectors. */
static bool is_blank(uint32_t c)
{
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) ||
           c == 0x3000 || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F);
}

/* 一 (U+4E00) is one too: between two digits it is a dash somebody could not type. */
static bool is_dash(uint32_t c)
{
    static const uint16_t dashes[] = {'~',    '_',    0xB7,   0x2010, 0x2011, 0x2012, 0x2013,
                                      0x2014, 0x2015, 0x2212, 0x2500, 0x30FB, 0x4E00, 0xFE58,
                                      0xFE63, 0xFF0D, 0xFF3F, 0xFF5E, 0x301C};
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
        if (dashes[i] == c)
            return true;
    return false;
}

static void char_init(struct zm_fold_table *t, uint16_t c)
{
    uint32_t to = c;
    if (c >= 0xFF01 && c <= 0xFF5E) {
        to = c - 0xFEE0;
        t->mark[c] |= ZM_MARK_WIDE;
    }
    if (to >= 'a' && to <= 'z')
        to -= 'a' - 'A';
    if (is_blank(c))
        to = 0;
    if (is_dash(c))
        t->mark[c] |= DASH;
    t->to[c] = (uint16_t)to;
    if (c >= '0' && c <= '9')
        t->kind[c] |= ZM_CH_DIGIT;
    else if (c >= 'A' && c <= 'Z')
        t->kind[c] |= ZM_CH_ALPHA;
    else if (zm_is_han(c))
        t->kind[c] |= ZM_CH_HAN;
    else if (!is_blank(c) && !(c >= 'a' && c <= 'z'))
        t->kind[c] |= ZM_CH_PUNCT;
    if (zm_numeral_digit(c) >= 0)
        t->kind[c] |= ZM_CH_NUMERAL;
    bool symbol = t->kind[c] == ZM_CH_PUNCT && c >= 0x80;
    if (zm_is_han(c) && !zm_han_standard(c) && c != 0x3007)
        t->mark[c] |= ZM_MARK_RARE;
    else if (symbol && !t->mark[c])
        t->mark[c] |= ZM_MARK_BAD;
}

int zm_fold_table_new(struct zm_fold_table **out, struct zm_err *err)
{
    struct zm_fold_table *t = zm_calloc(1, sizeof *t);
    if (!t)
        return zm_fail_memory(err, sizeof *t);
    for (uint32_t c = 0; c <= 0xFFFF; c++)
        char_init(t, (uint16_t)c);
    unmark(ZM_STR("、，。；：“”‘’（）【】〔〕〖〗《》〈〉「」『』…№"), t);
    int rc = zm_simplify_table(t->to, err);
    if (rc) {
        zm_free(t);
        return rc;
    }
    t->kind[0] = 0; /* the sentinel behind a text */
    each(ZM_STR("([{<【〔〖《「『"), t, ZM_CH_OPEN);
    each(ZM_STR(")]}>】〕〗》」』"), t, ZM_CH_CLOSE);
    each(ZM_STR("甲乙丙丁戊东西南北中"), t, ZM_CH_STEM);
    each(ZM_STR("号弄巷支幢栋座楼层单室房组队#F院户"), t, ZM_CH_SLOT);
    *out = t;
    return 0;
}

/* One raw character: what it becomes (0 = deleted) and its marks. */
static uint32_t fold_one(const struct zm_fold_table *t, uint32_t raw, unsigned *mark)
{
    if (raw > 0xFFFF) {
        bool han = zm_is_han(raw);
        *mark = !han ? ZM_MARK_BAD : zm_han_standard(raw) ? 0 : ZM_MARK_RARE;
        return han ? raw : ZM_UTF8_BAD;
    }
    *mark = t->mark[raw];
    return t->to[raw];
}

/* Is the raw character at p an ASCII letter or digit once folded? */
static bool alnum_at(const struct zm_fold_table *t, const char *p, const char *end)
{
    unsigned len;
    uint32_t raw = p < end ? zm_utf8_next(p, end, &len) : 0;
    return raw <= 0xFFFF && t->to[raw] && (t->kind[t->to[raw]] & ZM_CH_ALNUM);
}

static int folded_init(struct zm_folded *f, size_t n, struct zm_arena *arena, struct zm_err *err)
{
    enum { SPARE = 8 }; /* zeros behind the text, so that look-ahead needs no bounds check */
    size_t room = n + SPARE;
    char *block = room > UINT32_MAX / 10 ? NULL : zm_arena_alloc(arena, room * 10);
    if (!block)
        return zm_fail(err, ZM_E_MEMORY, "no room in the arena to fold a text of %zu bytes", n);
    *f = (struct zm_folded){.cp = (uint32_t *)(void *)block, .n = 0};
    f->at = f->cp + room;
    f->len = (uint8_t *)(f->at + room);
    f->mark = f->len + room;
    return 0;
}

int zm_fold(struct zm_folded *out, const struct zm_fold_table *t, struct zm_str text, struct zm_arena *arena,
            struct zm_err *err)
{
    struct zm_folded f;
    ZM_TRY(folded_init(&f, text.len, arena, err));
    const char *p = text.ptr, *end = p + text.len;
    unsigned gap = 0, len;
    for (; p < end; p += len) {
        unsigned mark;
        uint32_t raw = zm_utf8_next(p, end, &len), cp = fold_one(t, raw, &mark);
        if (mark & DASH && f.n && !gap && (zm_fold_kind(t, f.cp[f.n - 1]) & ZM_CH_ALNUM) &&
            alnum_at(t, p + len, end)) {
            cp = '-';
            mark = ZM_MARK_DASH;
        }
        mark = (mark & (unsigned)~DASH) | (cp != raw ? ZM_MARK_CHANGED : 0u);
        f.seen |= mark;
        if (!cp) {
            gap = ZM_MARK_GAP;
            f.seen |= gap;
            continue;
        }
        f.cp[f.n] = cp;
        f.at[f.n] = (uint32_t)(p - text.ptr);
        f.len[f.n] = (uint8_t)len;
        f.mark[f.n++] = (uint8_t)(mark | gap);
        gap = 0;
    }
    f.mark[f.n] = (uint8_t)gap;
    f.at[f.n] = (uint32_t)text.len;
    *out = f;
    return 0;
}
