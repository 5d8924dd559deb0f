#include "geo/base/date.h"
#include "samples/generate.h"

#include <math.h>

/* What follows is called for every row: plain copying, no printf. */
static char *put(char *at, const char *text)
{
    size_t n = strlen(text);
    memcpy(at, text, n + 1);
    return at + n;
}

static char *put_str(char *at, struct zm_str s)
{
    memcpy(at, s.ptr, s.len);
    at[s.len] = '\0';
    return at + s.len;
}

static char *put_number(char *at, uint64_t value, unsigned width)
{
    char digits[20];
    unsigned n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (n < width)
        digits[n++] = '0';
    while (n)
        *at++ = digits[--n];
    *at = '\0';
    return at;
}

size_t zm_gen_fixed(double value, unsigned decimals, char *out)
{
    uint64_t scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    uint64_t fixed = (uint64_t)llround(fabs(value) * (double)scale);
    char *at = out;
    if (value < 0)
        *at++ = '-';
    at = put_number(at, fixed / scale, 1);
    if (decimals) {
        *at++ = '.';
        at = put_number(at, fixed % scale, decimals);
    }
    return (size_t)(at - out);
}

/* "锦绣苑", "云霞小区": two characters borrowed from the road names' stock. */
static void name_estate(unsigned seed, char *out)
{
    static const char chars[] = "锦绣云霞松柏梅兰春晖康宁瑞祥泰鸿";
    static const char *const generics[] = {"花苑", "小区", "公寓", "家园"};
    unsigned n = (sizeof chars - 1) / 3, a = seed % n, b = (a + 1 + seed / n % (n - 1)) % n;
    memcpy(out, chars + (size_t)3 * a, 3);
    memcpy(out + 3, chars + (size_t)3 * b, 3);
    put(out + 6, generics[seed % 4]);
}

/* GB/T 18521 style place code: county, town part, class 22100, serial. The last two digits are never 00,
 * because a spreadsheet that ran out of digits is what trailing zeros mean. */
static void fill_addr_code(struct zm_gen_row *row, const struct zm_gen_door *door, uint64_t number)
{
    char *at = put_number(row->addr_code, door->area->county, 6);
    at = put_number(at, door->area->town % 1000, 3);
    at = put(at, "22100");
    at = put_number(at, number / 99 % 10000, 4);
    put_number(at, number % 99 + 1, 2);
}

static void fill_door(struct zm_gen_row *row, const struct zm_gen_door *door)
{
    char *at;
    if (door->rural) {
        put(put_number(row->road, door->group, 1), "组");
    } else {
        put(row->road, door->road->name);
    }
    at = put_number(row->number, door->number, 1);
    if (door->sub) {
        *at++ = '-';
        at = put_number(at, door->sub, 1);
    }
    put(at, "号");
    if (door->estate)
        name_estate(door->estate, row->estate);
    if (!door->building)
        return;
    put(put_number(row->building, door->building, 1), "幢");
    put(put_number(row->unit, door->unit, 1), "单元");
    if (door->show_floor)
        put(put_number(row->floor, door->floor, 1), "层");
    put(put_number(row->room, door->room, 1), "室");
}

void zm_gen_row_fill(struct zm_gen_row *row, const struct zm_gen_door *door, uint64_t number)
{
    row->text[0] = row->estate[0] = row->building[0] = row->unit[0] = row->floor[0] = row->room[0] = '\0';
    row->tail[0] = row->town[0] = row->committee[0] = row->town9[0] = row->town3[0] = row->comm12[0] =
        row->valid_to[0] = '\0';
    row->lon_text[0] = row->lat_text[0] = row->east_prefix[0] = '\0';
    put_number(put(row->key, "WZ"), number, 9);
    put(row->head, "浙江省温州市");
    put_str(row->county, door->county->name);
    put_number(row->county6, door->area->county, 6);
    if (door->area->town) {
        put_str(row->town, door->area->town_name);
        put_number(row->town9, door->area->town, 9);
        put_number(row->town3, door->area->town % 1000, 3);
    }
    if (door->committee) {
        put_str(row->committee, door->committee->name);
        put_number(row->comm12, door->committee->code, 12);
    }
    fill_addr_code(row, door, number);
    fill_door(row, door);
    row->status = "在用";
    zm_date_format(door->valid_from, row->valid_from);
    zm_date_format(door->upd_date, row->upd_date);
    row->lon = door->lon;
    row->lat = door->lat;
    row->decimals = 7;
    row->swapped = row->no_point = row->totals = false;
}

size_t zm_gen_row_text(const struct zm_gen_row *row, char *out)
{
    if (row->text[0])
        return (size_t)(put(out, row->text) - out);
    const char *const pieces[] = {row->head, row->county, row->town,   row->committee,
                                  row->road, row->number, row->estate, row->building,
                                  row->unit, row->floor,  row->room,   row->tail};
    char *at = out;
    for (unsigned i = 0; i < sizeof pieces / sizeof *pieces; i++)
        at = put(at, pieces[i]);
    return (size_t)(at - out);
}
