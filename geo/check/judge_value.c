/* Values as such: lines that are no record, digits a spreadsheet destroyed, dates, coded values. */
#include "geo/base/date.h"
#include "geo/check/judge.h"

enum {
    SERIAL_FIRST = 36526, /* 2000-01-01 as a spreadsheet counts days */
    SERIAL_LAST = 55152,  /* 2050-12-31 */
    SERIAL_DIGITS = 5,
    EXACT_DIGITS = 15, /* a double holds no more decimal digits for sure */
    SHORT_CODE = 17,   /* up to here zeros behind the 15th digit may be chance */
    SHORT_CODE_ZEROS = 3
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes c off the front of s, with blanks before it. */
static bool take_character(struct zm_str *s, struct zm_str c)
{
    const struct zm_str wide_blank = ZM_STR("　");
    struct zm_str rest = zm_str_trim(*s);
    while (zm_str_starts(rest, wide_blank))
        rest = zm_str_trim(zm_str_sub(rest, wide_blank.len, rest.len));
    if (!zm_str_starts(rest, c))
        return false;
    *s = zm_str_sub(rest, c.len, rest.len);
    return true;
}

bool zm_is_totals(struct zm_str cell)
{
    static const struct zm_str first[] = {ZM_LIT("合"), ZM_LIT("小"), ZM_LIT("总"), ZM_LIT("共")};
    static const struct zm_str behind[] = {ZM_LIT(":"),  ZM_LIT("："), ZM_LIT(" "),
                                           ZM_LIT("　"), ZM_LIT("("),  ZM_LIT("（")};
    bool begins = false;
    for (size_t i = 0; i < sizeof first / sizeof *first && !begins; i++)
        begins = take_character(&cell, first[i]);
    if (!begins || !take_character(&cell, ZM_STR("计")))
        return false;
    if (!cell.len || is_digit(cell.ptr[0]))
        return true;
    for (size_t k = 0; k < sizeof behind / sizeof *behind; k++)
        if (zm_str_starts(cell, behind[k]))
            return true;
    return false;
}

/* Is cell one of the words of a '|' list? */
static bool in_list(struct zm_str list, struct zm_str cell)
{
    while (list.ptr)
        if (zm_str_eq(zm_str_cut(&list, '|'), cell))
            return true;
    return false;
}

/* All cells must be titles of their own columns: a road may well be called 街道, a whole row cannot be.
 * Constants of the mapping have no title and do not count. */
bool zm_is_header(const struct zm_check_worker *w, const struct zm_str cells[ZM_N_ADDRESS_FIELDS],
                  unsigned *field)
{
    unsigned hits = 0;
    for (unsigned f = 0; f < ZM_N_ADDRESS_FIELDS; f++) {
        if (!cells[f].len || !w->titles[f].len)
            continue;
        if (!in_list(w->titles[f], cells[f]))
            return false;
        if (!hits++)
            *field = f;
    }
    return hits > 0;
}

/* 3.3E+19 of what was a long code, or a code of 16 digits and more that ends in zeros from the 16th on. */
bool zm_digits_lost(struct zm_str s)
{
    size_t n = 0, digits = 0, last = 0;
    while (n < s.len && (is_digit(s.ptr[n]) || s.ptr[n] == '.')) {
        if (is_digit(s.ptr[n])) {
            digits++;
            if (s.ptr[n] != '0')
                last = digits;
        } else if (digits == 0 || zm_str_has(zm_str_sub(s, 0, n), ZM_STR("."))) {
            return false;
        }
        n++;
    }
    if (!digits)
        return false;
    if (n + 2 < s.len && (s.ptr[n] == 'E' || s.ptr[n] == 'e') && s.ptr[n + 1] == '+') {
        size_t k = n + 2;
        while (k < s.len && is_digit(s.ptr[k]))
            k++;
        return k == s.len;
    }
    if (n < s.len || digits != n || digits <= EXACT_DIGITS || last > EXACT_DIGITS || last == 0)
        return false;
    return digits > SHORT_CODE || digits - last >= SHORT_CODE_ZEROS;
}

/* "12月1日" inside s, as a spreadsheet shows 12-1 once it took it for a date. */
static bool find_month_day(struct zm_str s, struct zm_str *hit)
{
    const struct zm_str month = ZM_STR("月"), day = ZM_STR("日");
    for (size_t at = zm_str_find(s, month, 0); at != SIZE_MAX; at = zm_str_find(s, month, at + month.len)) {
        size_t begin = at, end = at + month.len;
        while (begin > 0 && at - begin < 2 && is_digit(s.ptr[begin - 1]))
            begin--;
        size_t first = end;
        while (end < s.len && end - first < 2 && is_digit(s.ptr[end]))
            end++;
        if (begin == at || end == first || !zm_str_starts(zm_str_sub(s, end, s.len), day))
            continue;
        *hit = zm_str_sub(s, begin, end + day.len);
        return true;
    }
    return false;
}

static bool is_month_name(struct zm_str s)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    char low[3];
    if (s.len < 3)
        return false;
    for (int i = 0; i < 3; i++)
        low[i] = (char)(s.ptr[i] | 0x20);
    for (size_t m = 0; m + 3 < sizeof months; m += 3)
        if (memcmp(months + m, low, 3) == 0)
            return true;
    return false;
}

/* "1-Dec" or "Dec-12" inside s. */
static bool find_english_date(struct zm_str s, struct zm_str *hit)
{
    const struct zm_str dash = ZM_STR("-");
    for (size_t at = zm_str_find(s, dash, 0); at != SIZE_MAX; at = zm_str_find(s, dash, at + 1)) {
        size_t begin = at, end = at + 1;
        if (begin > 0 && is_digit(s.ptr[begin - 1]) && is_month_name(zm_str_sub(s, end, s.len))) {
            begin -= begin > 1 && is_digit(s.ptr[begin - 2]) ? 2 : 1;
            *hit = zm_str_sub(s, begin, end + 3);
            return true;
        }
        if (begin >= 3 && end < s.len && is_digit(s.ptr[end]) &&
            is_month_name(zm_str_sub(s, begin - 3, begin))) {
            end += end + 1 < s.len && is_digit(s.ptr[end + 1]) ? 2 : 1;
            *hit = zm_str_sub(s, begin - 3, end);
            return true;
        }
    }
    return false;
}

/* The days since 1900 of a date of this half-century; no door has such a number. */
static bool is_serial(struct zm_str s)
{
    uint64_t value;
    return s.len == SERIAL_DIGITS && zm_str_to_u64(s, &value) && value >= SERIAL_FIRST &&
           value <= SERIAL_LAST;
}

/* A lone run of five digits that ends the text where a door's number should stand. */
static bool find_serial(struct zm_str text, struct zm_str *hit)
{
    struct zm_str s = zm_str_trim(text);
    if (zm_str_ends(s, ZM_STR("号")))
        s = zm_str_sub(s, 0, s.len - ZM_STR("号").len);
    if (s.len <= SERIAL_DIGITS)
        return false;
    struct zm_str run = zm_str_sub(s, s.len - SERIAL_DIGITS, s.len);
    char before = s.ptr[s.len - SERIAL_DIGITS - 1];
    if (!is_serial(run) || (unsigned char)before < 0x80)
        return false;
    *hit = run;
    return true;
}

static int say_value(struct zm_judge *j, enum zm_rule_id rule, unsigned field, struct zm_str value,
                     struct zm_err *err)
{
    return zm_judge_say(j, (struct zm_verdict){.rule = rule, .field = field, .worst = ZM_ERROR}, 1, &value,
                        err);
}

/* Codes are looked at for lost digits, everything a number may stand in for dates. */
static int judge_spreadsheet(struct zm_judge *j, struct zm_err *err)
{
    static const uint8_t codes[] = {ZM_AF_SRC_KEY,   ZM_AF_COUNTY6,  ZM_AF_TOWN9,      ZM_AF_COMM12,
                                    ZM_AF_ADDR_CODE, ZM_AF_POSTCODE, ZM_AF_BUILDING_ID};
    static const uint8_t numbers[] = {ZM_AF_TEXT, ZM_AF_BUILDING_ID, ZM_AF_FLOORS, ZM_AF_ADDR_CODE};
    struct zm_str hit;
    for (size_t i = 0; i < sizeof codes; i++)
        if (j->cells[codes[i]].len && zm_digits_lost(j->cells[codes[i]]))
            ZM_TRY(say_value(j, ZM_IMP_002, codes[i], j->cells[codes[i]], err));
    for (size_t i = 0; i < sizeof numbers; i++) {
        struct zm_str cell = j->cells[numbers[i]];
        if (cell.len && (find_month_day(cell, &hit) || find_english_date(cell, &hit)))
            ZM_TRY(say_value(j, ZM_IMP_001, numbers[i], hit, err));
    }
    return 0;
}

/* After parsing: a serial day counts only where the number of a door was read, or where nothing else was. */
int zm_judge_number(struct zm_judge *j, struct zm_err *err)
{
    const struct zm_tuple *t = &j->a.tuple;
    struct zm_str hit = t->number;
    bool lone = !t->number.len && !t->building.len && !t->estate.len && !t->room.len;
    if (is_serial(t->number) || (lone && find_serial(j->a.text, &hit)))
        return say_value(j, ZM_IMP_001, ZM_AF_TEXT, hit, err);
    return 0;
}

/* Dates nobody means: placeholders databases write for "no date". */
static bool is_no_date(struct zm_str s)
{
    return zm_str_starts(s, ZM_STR("0000")) || zm_str_starts(s, ZM_STR("1900-01-0")) ||
           zm_str_starts(s, ZM_STR("1899-12-3")) || zm_str_starts(s, ZM_STR("9999"));
}

static int say_lifecycle(struct zm_judge *j, unsigned field, enum zm_severity worst, struct zm_str from,
                         struct zm_str to, const char *key, struct zm_err *err)
{
    struct zm_verdict v = {.rule = ZM_ADR_035, .field = field, .worst = worst};
    return zm_judge_say(j, v, 3, (struct zm_str[]){from, to, zm_str(key)}, err);
}

/* A date that cannot be read is said, not dropped: the row goes on without it. */
static int read_date(struct zm_judge *j, unsigned field, uint32_t *out, struct zm_err *err)
{
    struct zm_str cell = j->cells[field], none = {"", 0};
    *out = 0;
    if (!cell.len || is_no_date(cell) || zm_date_parse(cell, out))
        return 0;
    bool from = field == ZM_AF_VALID_FROM;
    return say_lifecycle(j, field, ZM_WARNING, from ? cell : none, from ? none : cell, "lifecycle.unreadable",
                         err);
}

/* ADR-035. A planned address may begin in the future, a retired one must have ended. */
static int judge_dates(struct zm_judge *j, struct zm_err *err)
{
    struct zm_address *a = &j->a;
    uint32_t today = j->w->checker->as_of;
    struct zm_str from = j->cells[ZM_AF_VALID_FROM], to = j->cells[ZM_AF_VALID_TO], none = {"", 0};
    ZM_TRY(read_date(j, ZM_AF_VALID_FROM, &a->valid_from, err));
    ZM_TRY(read_date(j, ZM_AF_VALID_TO, &a->valid_to, err));
    ZM_TRY(read_date(j, ZM_AF_UPD_DATE, &a->upd_date, err));
    if (a->valid_from && a->valid_to && a->valid_to < a->valid_from)
        ZM_TRY(say_lifecycle(j, ZM_AF_VALID_TO, ZM_ERROR, from, to, "lifecycle.reversed", err));
    if (a->status == ZM_STATUS_RETIRED && !a->valid_to)
        ZM_TRY(say_lifecycle(j, ZM_AF_VALID_TO, ZM_ERROR, from, none, "lifecycle.no_date", err));
    bool planned = a->status == ZM_STATUS_PLANNED;
    if (a->valid_from > today && !planned)
        ZM_TRY(say_lifecycle(j, ZM_AF_VALID_FROM, ZM_ERROR, from, none, "lifecycle.future", err));
    if (a->upd_date > today)
        ZM_TRY(say_lifecycle(j, ZM_AF_UPD_DATE, ZM_ERROR, from, j->cells[ZM_AF_UPD_DATE], "lifecycle.future",
                             err));
    if (a->status == ZM_STATUS_RETIRED && a->valid_to > today)
        ZM_TRY(say_lifecycle(j, ZM_AF_VALID_TO, ZM_ERROR, from, to, "lifecycle.future", err));
    return 0;
}

int zm_judge_values(struct zm_judge *j, struct zm_err *err)
{
    static const uint8_t statuses[] = {ZM_STATUS_ACTIVE, ZM_STATUS_PLANNED, ZM_STATUS_RETIRED};
    unsigned n;
    const struct zm_field *fields = zm_kind_fields(ZM_KIND_ADDRESS, &n);
    struct zm_address *a = &j->a;
    int status = zm_enum_index(fields[ZM_AF_STATUS].values, j->cells[ZM_AF_STATUS]);
    a->status = status < 0 ? ZM_STATUS_UNKNOWN : statuses[status];
    a->src_key = j->cells[ZM_AF_SRC_KEY];
    a->addr_code = j->cells[ZM_AF_ADDR_CODE];
    a->postcode = j->cells[ZM_AF_POSTCODE];
    a->class3 = j->cells[ZM_AF_CLASS3];
    a->building_id = j->cells[ZM_AF_BUILDING_ID];
    a->note = j->cells[ZM_AF_NOTE];
    double acc_m;
    if (zm_str_to_double(j->cells[ZM_AF_ACC_M], &acc_m) && acc_m > 0 && acc_m < 1e6)
        a->acc_m = (float)acc_m;
    ZM_TRY(judge_spreadsheet(j, err));
    return judge_dates(j, err);
}
