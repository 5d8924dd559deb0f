/* Numbers: one or more atoms (12, 12A, B106, 三), joiners between them, and the word that says what they
 * count. */
#include "geo/address/numerals.h"
#include "geo/address/scan.h"

enum {
    HAO = 0x53F7,
    NONG = 0x5F04,
    XIANG = 0x5DF7,
    ZHI_BRANCH = 0x652F,
    ZHUANG = 0x5E62,
    DONG = 0x680B,
    ZUO = 0x5EA7,
    LOU = 0x697C,
    CENG = 0x5C42,
    DAN = 0x5355,
    YUAN = 0x5143,
    SHI = 0x5BA4,
    FANG = 0x623F,
    ZU = 0x7EC4,
    DUI = 0x961F,
    TUAN = 0x56E2,
    XIAO = 0x5C0F,
    ZHI = 0x4E4B,
    FU = 0x9644,
    MI = 0x7C73,
    TO = 0x81F3,
    TO2 = 0x5230,
    COMMA = 0x3001,
    DI = 0x7B2C,
    DIXIA1 = 0x5730,
    DIXIA2 = 0x4E0B,
    MINUS = 0x8D1F,
    HU = 0x6237,
    GONG = 0x516C,
    LI = 0x91CC,
    MEN = 0x95E8,
};

static bool gap_at(const struct zm_scan *s, uint32_t i)
{
    return s->f.mark[i] & ZM_MARK_GAP;
}

/* The end of an atom at i, or i if there is none. An atom of letters alone is at most two of them. */
static uint32_t atom_end(const struct zm_scan *s, uint32_t i)
{
    uint32_t j = i;
    bool digit = false;
    while ((zm_kind_at(s, j) & ZM_CH_ALNUM) && (j == i || !gap_at(s, j))) {
        digit |= (zm_kind_at(s, j) & ZM_CH_DIGIT) != 0;
        j++;
    }
    return digit || j - i <= 2 ? j : i;
}

static uint32_t numeral_end(const struct zm_scan *s, uint32_t i, struct zm_number *n)
{
    uint32_t j = i, value;
    while (j - i <= 8 && (zm_kind_at(s, j) & ZM_CH_NUMERAL)) /* longer ones are no numbers */
        j++;
    if (j == i || !zm_numeral_value(s->f.cp + i, j - i, &value))
        return i;
    n->chinese = true;
    return j;
}

static bool is_heavenly(uint32_t cp)
{
    return cp == 0x7532 /* 甲 */ || cp == 0x4E59 /* 乙 */ || cp == 0x4E19 /* 丙 */ || cp == 0x4E01 /* 丁 */ ||
           cp == 0x620A /* 戊 */;
}

/* 甲单元, 西单元, 甲幢: one character that stands for a number. */
static uint32_t stem_end(const struct zm_scan *s, uint32_t i, struct zm_number *n)
{
    uint32_t next = zm_cp(s, i + 1);
    bool unit = next == DAN && zm_cp(s, i + 2) == YUAN,
         building = next == ZHUANG || next == DONG || next == ZUO;
    bool heavenly = is_heavenly(zm_cp(s, i));
    if (!(zm_kind_at(s, i) & ZM_CH_STEM) || !(unit || (building && heavenly)))
        return i;
    n->stem = true;
    return i + 1;
}

static char joiner_at(const struct zm_scan *s, uint32_t i)
{
    switch (zm_cp(s, i)) {
    case '-':
        return s->f.mark[i] & ZM_MARK_DASH && s->text.ptr[s->f.at[i]] == '~' ? '~' : '-';
    case ZHI:
    case FU:
        return '+';
    case TO:
    case TO2:
    case '~':
        return '~';
    case COMMA:
    case ',':
    case '/':
        return ',';
    default:
        return 0;
    }
}

/* Atoms and joiners from i on; returns the end. */
static uint32_t atoms_scan(const struct zm_scan *s, uint32_t i, struct zm_number *n)
{
    uint32_t j = atom_end(s, i);
    if (j == i)
        j = numeral_end(s, i, n);
    if (j == i)
        j = stem_end(s, i, n);
    if (j == i)
        return i;
    n->atoms[n->n_atoms++] = (struct zm_atom){i, j, 0};
    for (;;) {
        char joiner = n->chinese || n->stem ? 0 : joiner_at(s, j);
        uint32_t next = j + 1, end = joiner && !gap_at(s, next) ? atom_end(s, next) : next;
        if (!joiner || end == next)
            return j;
        if (n->n_atoms == ZM_ATOMS_MAX || end - i > ZM_NUMBER_CHARS_MAX - 2)
            return i;
        n->atoms[n->n_atoms++] = (struct zm_atom){next, end, joiner};
        j = end;
    }
}

/* Does 号 at i begin a name rather than end a number: 一号桥, 2号门, 1号路? */
static bool hao_is_name(const struct zm_scan *s, uint32_t i)
{
    uint32_t len;
    enum zm_word word = zm_word_at(s, i + 1, &len);
    if (word == ZM_WORD_ROAD)
        return true;
    switch (zm_cp(s, i + 1)) {
    case 0x6865: /* 桥 */
    case 0x7EBF: /* 线 */
    case 0x95F8: /* 闸 */
    case 0x4ED3: /* 仓 */
    case MEN:
        return true;
    default:
        return word == ZM_WORD_POI;
    }
}

/* The slot word at i: its length, 0 if there is none. */
static uint32_t slot_at(const struct zm_scan *s, uint32_t i, enum zm_counted *slot)
{
    uint32_t next = zm_cp(s, i + 1);
    switch (zm_cp(s, i)) {
    case HAO:
        *slot = next == LOU && zm_cp(s, i + 2) != CENG ? ZM_SLOT_BUILDING : ZM_SLOT_NUMBER;
        if (*slot == ZM_SLOT_NUMBER && hao_is_name(s, i))
            return 0;
        return *slot == ZM_SLOT_BUILDING ? 2 : 1;
    case NONG:
        *slot = ZM_SLOT_LANE;
        return 1;
    case XIANG:
        *slot = ZM_SLOT_LANE;
        return s->last == ZM_LAST_ROAD || s->last == ZM_LAST_LANE ? 1 : 0;
    case ZHI_BRANCH:
        *slot = ZM_SLOT_LANE;
        return next == NONG || next == XIANG ? 2 : 0;
    case ZHUANG:
    case DONG:
    case ZUO:
    case '#':
        *slot = ZM_SLOT_BUILDING;
        return zm_cp(s, i) == '#' && next == LOU ? 2 : 1;
    case LOU:
    case CENG:
        *slot = ZM_SLOT_FLOOR;
        return 1;
    case DAN:
        *slot = ZM_SLOT_UNIT;
        return next == YUAN ? 2 : 0;
    case SHI:
    case FANG:
    case HU:
        *slot = ZM_SLOT_ROOM;
        return zm_cp(s, i) == FANG && next == 0x95F4 ? 2 : 1; /* 房间 */
    case ZU:
    case DUI:
        *slot = ZM_SLOT_GROUP;
        return next == TUAN ? 0 : 1;
    case XIAO:
        *slot = ZM_SLOT_GROUP;
        return next == ZU ? 2 : 0;
    case MI:
        *slot = ZM_SLOT_DISTANCE;
        return 1;
    case GONG:
        *slot = ZM_SLOT_DISTANCE;
        return next == LI ? 2 : 0;
    default:
        return 0;
    }
}

/* What may stand behind 号: 之1, 附1号, -1, A. Moves n->end. */
static void tail_scan(const struct zm_scan *s, struct zm_number *n)
{
    uint32_t i = n->end, joiner = zm_cp(s, i),
             next = joiner == ZHI || joiner == FU || joiner == '-' ? i + 1 : i;
    if (n->chinese || n->n_atoms == ZM_ATOMS_MAX || gap_at(s, i) || gap_at(s, next))
        return;
    uint32_t end = atom_end(s, next);
    enum zm_counted slot;
    bool letter = next == i && end == i + 1 && (zm_kind_at(s, i) & ZM_CH_ALPHA);
    if (end == next || (next == i && !letter))
        return;
    uint32_t word = slot_at(s, end, &slot);
    bool hao = word == 1 && slot == ZM_SLOT_NUMBER && !letter;
    if ((word && !hao) || (joiner_at(s, end) && !hao))
        return;
    if (letter && zm_cp(s, end) == 0x533A) /* A区 is a zone of an estate */
        return;
    if (joiner == '-' && end - next > 2 && !hao) /* 12号-302 is a room */
        return;
    if (letter)
        n->atoms[n->n_atoms - 1].end = end; /* 号 in the middle is left out of the text */
    else
        n->atoms[n->n_atoms++] = (struct zm_atom){next, end, '+'};
    n->end = end + (hao ? 1 : 0);
}

/* What may stand before a number: 第, and for a basement 地下, 负 or a minus. Returns where the number
 * begins. */
static uint32_t prefix_scan(const struct zm_scan *s, uint32_t i, struct zm_number *n)
{
    uint32_t cp = zm_cp(s, i);
    bool word = cp == DIXIA1 && zm_cp(s, i + 1) == DIXIA2;
    if (cp == DI)
        return i + 1;
    n->below = word || cp == MINUS || cp == '-';
    return i + (word ? 2 : n->below ? 1 : 0);
}

bool zm_scan_number(const struct zm_scan *s, uint32_t at, struct zm_number *out)
{
    struct zm_number n = {.begin = at};
    n.body = prefix_scan(s, at, &n);
    n.body_end = atoms_scan(s, n.body, &n);
    if (n.body_end == n.body || n.body_end - n.body > ZM_NUMBER_CHARS_MAX - 2)
        return false;
    uint32_t last = n.body_end - 1, word = 0;
    bool letters = n.n_atoms == 1 && !n.chinese && !n.stem;
    for (uint32_t i = n.body; i < n.body_end && letters; i++)
        letters = !(zm_kind_at(s, i) & ZM_CH_DIGIT);
    n.end = n.body_end;
    if (!gap_at(s, n.body_end) || n.chinese || !letters)
        word = slot_at(s, n.body_end, &n.slot);
    if (word) {
        n.word = zm_cp(s, n.body_end);
        n.end += word;
        if (letters && n.word == LOU)
            n.slot = ZM_SLOT_BUILDING;
    } else {
        n.slot = ZM_SLOT_NONE;
    }
    if (!word && last > n.body && zm_cp(s, last) == 'F' && (zm_kind_at(s, last - 1) & ZM_CH_DIGIT) &&
        n.n_atoms == 1) {
        n.slot = ZM_SLOT_FLOOR; /* 3F */
        n.atoms[0].end--;
        n.body_end--;
    }
    if ((n.below && n.slot != ZM_SLOT_FLOOR) || (n.body > at && n.slot == ZM_SLOT_NONE))
        return false;
    if (n.slot == ZM_SLOT_NONE && (n.chinese || letters))
        return false;
    if (letters && n.slot != ZM_SLOT_BUILDING && n.slot != ZM_SLOT_UNIT && n.slot != ZM_SLOT_FLOOR)
        return false;
    if (n.slot == ZM_SLOT_NUMBER)
        tail_scan(s, &n);
    *out = n;
    return true;
}

static size_t put_char(char *out, size_t n, uint32_t cp)
{
    if (n < ZM_NUMBER_CHARS_MAX && cp < 0x80)
        out[n++] = (char)cp;
    return n;
}

struct zm_str zm_number_text(struct zm_scan *s, const struct zm_number *n, unsigned from, unsigned to)
{
    if (n->stem)
        return zm_scan_text(s, n->body, n->body_end);
    char out[ZM_NUMBER_CHARS_MAX + 1];
    size_t len = 0;
    uint32_t value;
    if (n->below)
        out[len++] = '-';
    if (n->chinese && zm_numeral_value(s->f.cp + n->body, n->body_end - n->body, &value)) {
        char digits[12];
        unsigned k = 0;
        do
            digits[k++] = (char)('0' + value % 10);
        while ((value /= 10) != 0);
        while (k)
            out[len++] = digits[--k];
    }
    for (unsigned a = from; a < to && !n->chinese; a++) {
        if (a > from)
            len = put_char(out, len, n->atoms[a].joiner == ',' ? ',' : '-');
        for (uint32_t i = n->atoms[a].begin; i < n->atoms[a].end; i++)
            if (zm_kind_at(s, i) & ZM_CH_ALNUM)
                len = put_char(out, len, zm_cp(s, i));
    }
    struct zm_str copy = zm_arena_copy(s->arena, (struct zm_str){out, len});
    s->no_memory |= !copy.ptr;
    return copy.ptr ? copy : (struct zm_str){"", 0};
}
