#include "geo/base/date.h"

#include <stdio.h>

static bool take_number(struct zm_str *s, size_t max_digits, uint32_t *out)
{
    size_t n = 0;
    uint32_t value = 0;
    while (n < s->len && n < max_digits && s->ptr[n] >= '0' && s->ptr[n] <= '9')
        value = value * 10 + (uint32_t)(s->ptr[n++] - '0');
    *s = zm_str_sub(*s, n, s->len);
    *out = value;
    return n > 0;
}

static bool take(struct zm_str *s, struct zm_str mark)
{
    if (!zm_str_starts(*s, mark))
        return false;
    *s = zm_str_sub(*s, mark.len, s->len);
    return true;
}

static bool is_day(uint32_t year, uint32_t month, uint32_t day)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (uint32_t)(month == 2 && leap);
}

bool zm_date_parse(struct zm_str s, uint32_t *out)
{
    uint32_t year, month, day;
    s = zm_str_trim(s);
    if (!take_number(&s, 4, &year))
        return false;
    if (take(&s, ZM_STR("-"))) {
        if (!take_number(&s, 2, &month) || !take(&s, ZM_STR("-")) || !take_number(&s, 2, &day))
            return false;
    } else if (take(&s, ZM_STR("/"))) {
        if (!take_number(&s, 2, &month) || !take(&s, ZM_STR("/")) || !take_number(&s, 2, &day))
            return false;
    } else if (take(&s, ZM_STR("年"))) {
        if (!take_number(&s, 2, &month) || !take(&s, ZM_STR("月")) || !take_number(&s, 2, &day) ||
            !take(&s, ZM_STR("日")))
            return false;
    } else if (s.len < 4 || !take_number(&s, 2, &month) || !take_number(&s, 2, &day)) {
        return false;
    }
    if ((s.len && s.ptr[0] != 'T' && s.ptr[0] != ' ') || !is_day(year, month, day))
        return false;
    *out = year * 10000 + month * 100 + day;
    return true;
}

void zm_date_format(uint32_t date, char out[11])
{
    out[0] = '\0';
    if (date)
        snprintf(out, 11, "%04u-%02u-%02u", date / 10000 % 10000, date / 100 % 100, date % 100);
}
