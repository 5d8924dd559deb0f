#include "geo/address/numerals.h"

int zm_numeral_digit(uint32_t cp)
{
    switch (cp) {
    case 0x3007: /* 〇 */
    case 0x96F6: /* 零 */
        return 0;
    case 0x4E00: /* 一 */
    case 0x58F9: /* 壹 */
        return 1;
    case 0x4E8C: /* 二 */
    case 0x4E24: /* 两 */
    case 0x8D30: /* 贰 */
        return 2;
    case 0x4E09: /* 三 */
    case 0x53C1: /* 叁 */
        return 3;
    case 0x56DB: /* 四 */
        return 4;
    case 0x4E94: /* 五 */
        return 5;
    case 0x516D: /* 六 */
        return 6;
    case 0x4E03: /* 七 */
        return 7;
    case 0x516B: /* 八 */
        return 8;
    case 0x4E5D: /* 九 */
        return 9;
    case 0x5341: /* 十 */
        return 10;
    case 0x767E: /* 百 */
        return 100;
    case 0x5343: /* 千 */
        return 1000;
    default:
        return -1;
    }
}

static bool by_position(const uint32_t *cp, uint32_t n, uint32_t *out)
{
    uint32_t value = 0;
    if (n > 5)
        return false;
    for (uint32_t i = 0; i < n; i++)
        value = value * 10 + (uint32_t)zm_numeral_digit(cp[i]);
    *out = value;
    return true;
}

static bool by_place(const uint32_t *cp, uint32_t n, uint32_t *out)
{
    uint32_t value = 0, digit = 0, last_unit = 10000;
    bool have_digit = false;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = (uint32_t)zm_numeral_digit(cp[i]);
        if (v < 10) {
            if (have_digit && digit != 0)
                return false;
            digit = v;
            have_digit = true;
            continue;
        }
        if (v >= last_unit || (!have_digit && i > 0) || (have_digit && digit == 0))
            return false;
        value += (have_digit ? digit : 1) * v;
        last_unit = v;
        have_digit = false;
    }
    *out = value + (have_digit ? digit : 0);
    return true;
}

bool zm_numeral_value(const uint32_t *cp, uint32_t n, uint32_t *out)
{
    bool places = false;
    if (n == 0 || n > 8)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        int v = zm_numeral_digit(cp[i]);
        if (v < 0)
            return false;
        places |= v >= 10;
    }
    return places ? by_place(cp, n, out) : by_position(cp, n, out);
}
