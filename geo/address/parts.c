#include "geo/address/scan.h"
#include "geo/base/utf8.h"

/* Place of a label in the partial order large to small; 0 = has none. */
static unsigned rank_of(enum zm_label label)
{
    static const unsigned char ranks[ZM_N_LABELS] = {
        [ZM_LABEL_PROV] = 1,      [ZM_LABEL_CITY] = 2,     [ZM_LABEL_DISTRICT] = 3, [ZM_LABEL_TOWN] = 4,
        [ZM_LABEL_COMMUNITY] = 5, [ZM_LABEL_ROAD] = 6,     [ZM_LABEL_SUBROAD] = 7,  [ZM_LABEL_ROADNO] = 7,
        [ZM_LABEL_SUBROADNO] = 7, [ZM_LABEL_POI] = 8,      [ZM_LABEL_SUBPOI] = 8,   [ZM_LABEL_HOUSENO] = 9,
        [ZM_LABEL_CELLNO] = 10,   [ZM_LABEL_FLOORNO] = 11, [ZM_LABEL_ROOMNO] = 12,
    };
    return ranks[label];
}

static void part_put(struct zm_parsed *out, enum zm_label label, uint32_t begin, uint32_t end)
{
    if (begin >= end)
        return;
    if (out->n_parts == ZM_PARTS_MAX) { /* no room: the last part takes the rest */
        out->parts[ZM_PARTS_MAX - 1].end = end;
        out->parts[ZM_PARTS_MAX - 1].label = ZM_LABEL_OTHERINFO;
        return;
    }
    out->parts[out->n_parts++] = (struct zm_part){begin, end, label};
}

/* Bytes between the last part and begin are what folding deleted: they mean nothing. */
static void gap_put(struct zm_parsed *out, uint32_t begin)
{
    uint32_t end = out->n_parts ? out->parts[out->n_parts - 1].end : 0;
    part_put(out, ZM_LABEL_REDUNDANT, end, begin);
}

void zm_scan_part(struct zm_scan *s, enum zm_label label, uint32_t begin, uint32_t end)
{
    unsigned rank = rank_of(label);
    gap_put(s->out, s->f.at[begin]);
    part_put(s->out, label, s->f.at[begin], s->f.at[end - 1] + s->f.len[end - 1]);
    s->at = end;
    s->dash = false;
    if (!rank)
        return;
    if (rank >= s->rank)
        s->rank = rank;
    else if (!s->placed && !s->wrong_order.end)
        s->wrong_order = (struct zm_span){begin, end};
}

/* Of a division said twice the first is redundant, unless both stand together and are the same. */
void zm_scan_level(struct zm_scan *s, enum zm_division_level level, uint32_t begin, uint32_t end)
{
    static const enum zm_label labels[] = {[ZM_PROVINCE] = ZM_LABEL_PROV,
                                           [ZM_CITY] = ZM_LABEL_CITY,
                                           [ZM_COUNTY] = ZM_LABEL_DISTRICT,
                                           [ZM_TOWN] = ZM_LABEL_TOWN,
                                           [ZM_COMMITTEE] = ZM_LABEL_COMMUNITY};
    unsigned before = s->level_part[level];
    if (before) {
        struct zm_part *part = &s->out->parts[before - 1];
        bool same = part->end - part->begin == zm_scan_raw(s, begin, end).len;
        if (before == s->out->n_parts && same) {
            zm_scan_part(s, ZM_LABEL_REDUNDANT, begin, end);
            return;
        }
        part->label = ZM_LABEL_REDUNDANT;
        s->rank = 0;
    }
    zm_scan_part(s, labels[level], begin, end);
    s->level_part[level] = s->out->n_parts;
}

void zm_scan_finish_parts(struct zm_scan *s)
{
    gap_put(s->out, (uint32_t)s->text.len);
}

struct zm_str zm_scan_raw(const struct zm_scan *s, uint32_t begin, uint32_t end)
{
    if (begin >= end)
        return (struct zm_str){"", 0};
    return zm_str_sub(s->text, s->f.at[begin], s->f.at[end - 1] + s->f.len[end - 1]);
}

static char *room(struct zm_scan *s, size_t size)
{
    char *p = zm_arena_alloc(s->arena, size);
    s->no_memory |= !p;
    return p;
}

struct zm_str zm_scan_text(struct zm_scan *s, uint32_t begin, uint32_t end)
{
    if (s->f.seen == 0) /* folding changed nothing: the raw bytes are the text */
        return zm_scan_raw(s, begin, end);
    size_t len = 0;
    char *p = begin < end ? room(s, (size_t)(end - begin) * 4) : NULL;
    if (!p)
        return (struct zm_str){"", 0};
    for (uint32_t i = begin; i < end; i++)
        len += zm_utf8_put(s->f.cp[i], p + len);
    return (struct zm_str){p, len};
}

struct zm_str zm_scan_join(struct zm_scan *s, struct zm_str a, struct zm_str b)
{
    if (!a.len)
        return b;
    if (!b.len)
        return a;
    if (a.len + b.len >
        ZM_MEMBER_BYTES_MAX) { /* no address: what has no room is residue, and time stays linear */
        s->residue_chars += (uint32_t)b.len;
        return a;
    }
    char *p = room(s, a.len + b.len);
    if (!p)
        return (struct zm_str){"", 0};
    memcpy(p, a.ptr, a.len);
    memcpy(p + a.len, b.ptr, b.len);
    return (struct zm_str){p, a.len + b.len};
}

enum zm_word zm_word_at(const struct zm_scan *s, uint32_t i, uint32_t *len)
{
    *len = 0;
    return zm_kind_at(s, i) & ZM_CH_WORD ? zm_lexicon_match(&s->g->lexicon, s->f.cp + i, len) : ZM_WORD_NONE;
}

void zm_format_u64(char *out, uint64_t value)
{
    char digits[20];
    unsigned n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (n)
        *out++ = digits[--n];
    *out = 0;
}
