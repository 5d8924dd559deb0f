#include "samples/generate_spoil.h"

/* The parts a room needs, where the door has none. */
static void give_room(struct zm_gen_row *row)
{
    if (!row->building[0])
        snprintf(row->building, sizeof row->building, "3幢");
    if (!row->unit[0])
        snprintf(row->unit, sizeof row->unit, "2单元");
    if (!row->room[0])
        snprintf(row->room, sizeof row->room, "302室");
    row->floor[0] = '\0';
}

/* An estate named with a character of the private use area, or with one outside the 8,105 standard ones. */
void zm_gen_spoil_character(const struct zm_gen_world *w, const struct zm_gen_door *door,
                            struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    snprintf(row->estate, sizeof row->estate, "锦%s花苑",
             zm_gen_below(rng, 2) ? "\xEE\x80\x80" : "\xF0\xA0\xAE\xB7");
}

static void widen_digits(char piece[ZM_GEN_PIECE])
{
    char narrow[ZM_GEN_PIECE];
    size_t at = 0;
    memcpy(narrow, piece, sizeof narrow);
    for (const char *p = narrow; *p && at < ZM_GEN_PIECE - 4; p++) {
        if (*p >= '0' && *p <= '9') {
            piece[at++] = '\xEF'; /* U+FF10 and on */
            piece[at++] = '\xBC';
            piece[at++] = (char)(0x90 + (*p - '0'));
        } else {
            piece[at++] = *p;
        }
    }
    piece[at] = '\0';
}

static void append(char piece[ZM_GEN_PIECE], const char *text)
{
    size_t n = strlen(piece);
    snprintf(piece + n, ZM_GEN_PIECE - n, "%s", text);
}

void zm_gen_spoil_width(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                        struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    static const char *const blanks[] = {" ", "\xE3\x80\x80",
                                         "\xE2\x80\x8B"}; /* space, U+3000, zero-width space */
    unsigned kind = zm_gen_below(rng, 4);
    if (kind == 3) {
        widen_digits(row->number);
        return;
    }
    /* Behind the first character: a reader may rightly trim the ends of a cell. */
    size_t first = (unsigned char)row->road[0] < 0x80 ? 1 : 3, n = strlen(blanks[kind]);
    memmove(row->road + first + n, row->road + first, strlen(row->road + first) + 1);
    memcpy(row->road + first, blanks[kind], n);
}

/* 二十三号 */
void zm_gen_spoil_numeral(const struct zm_gen_world *w, const struct zm_gen_door *door,
                          struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    unsigned n = 2 + zm_gen_below(rng, 97);
    const char *tens = n >= 20 ? digits[n / 10] : "";
    snprintf(row->number, sizeof row->number, "%s%s%s号", tens, n >= 10 ? "十" : "", digits[n % 10]);
}

void zm_gen_spoil_dash(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                       struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    static const char *const dashes[] = {"—", "–", "－"};
    unsigned n = 1 + zm_gen_below(rng, 300), sub = 1 + zm_gen_below(rng, 9);
    snprintf(row->number, sizeof row->number, "%u%s%u号", n, dashes[zm_gen_below(rng, 3)], sub);
}

void zm_gen_spoil_building_word(const struct zm_gen_world *w, const struct zm_gen_door *door,
                                struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    give_room(row);
    snprintf(row->building, sizeof row->building, "%u%s", 1 + zm_gen_below(rng, 30),
             zm_gen_below(rng, 2) ? "栋" : "号楼");
}

void zm_gen_spoil_unit(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                       struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    give_room(row);
    if (zm_gen_below(rng, 2))
        snprintf(row->unit, sizeof row->unit, "甲单元");
    else
        snprintf(row->room, sizeof row->room, "302A室");
}

/* The county twice, or the town before its county. */
void zm_gen_spoil_order(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                        struct zm_gen_rng *rng)
{
    (void)w;
    char county[ZM_GEN_PIECE];
    memcpy(county, row->county, sizeof county);
    if (door->area->town && zm_gen_below(rng, 2)) {
        memcpy(row->county, row->town, sizeof row->county);
        memcpy(row->town, county, sizeof row->town);
    } else {
        append(row->county, county);
    }
}

void zm_gen_spoil_residue(const struct zm_gen_world *w, const struct zm_gen_door *door,
                          struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    static const char *const tails[] = {"不详不详", "7788991122"};
    snprintf(row->tail, sizeof row->tail, "%s", tails[zm_gen_below(rng, 2)]);
}

void zm_gen_spoil_vague(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                        struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    static const char *const words[] = {"附近", "对面", "旁边"};
    snprintf(row->tail, sizeof row->tail, "%s", words[zm_gen_below(rng, 3)]);
}

void zm_gen_spoil_floor(const struct zm_gen_world *w, const struct zm_gen_door *door, struct zm_gen_row *row,
                        struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    give_room(row);
    unsigned floor = 2 + zm_gen_below(rng, 20);
    snprintf(row->floor, sizeof row->floor, "%u层", floor);
    snprintf(row->room, sizeof row->room, "%u01室", floor + 1 + zm_gen_below(rng, 5));
}

/* What a spreadsheet makes of 12-1 in a number column. */
void zm_gen_spoil_date_number(const struct zm_gen_world *w, const struct zm_gen_door *door,
                              struct zm_gen_row *row, struct zm_gen_rng *rng)
{
    (void)w, (void)door;
    static const char *const months[] = {"Jan", "Mar", "Oct", "Dec"};
    if (zm_gen_below(rng, 2))
        snprintf(row->number, sizeof row->number, "%u月%u日", 1 + zm_gen_below(rng, 12),
                 1 + zm_gen_below(rng, 28));
    else
        snprintf(row->number, sizeof row->number, "%u-%s", 1 + zm_gen_below(rng, 28),
                 months[zm_gen_below(rng, 4)]);
}
