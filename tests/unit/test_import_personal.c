/* Personal columns and values: found in every usual writing, and codes, numbers and coordinates left alone.
 */
#include "geo/base/str.h"
#include "import/personal.h"

/* cmocka needs these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

/* 11010519491231002X is the example of GB 11643-1999; the telephone numbers are invented. */
static const struct {
    const char *text, *want;
    unsigned n;
} values[] = {
    {"温州市鹿城区五马街1号 13812345678", "温州市鹿城区五马街1号 ", 1},
    {"13812345678", "", 1},
    {"联系13812345678或19912345678", "联系或", 2},
    {"13812345678.0", ".0", 1},
    {"138-1234-5678", "", 1},
    {"138 1234 5678转", "转", 1},
    {"+8613812345678", "+", 1},
    {"+86-13812345678", "+86-", 1},
    {"１３８１２３４５６７８", "", 1},
    {"1381234５６７８", "", 1},
    {"11010519491231002X", "", 1},
    {"户主11010519491231002x等", "户主等", 1},
    /* no person: codes of 12 and 20 digits, numbers, coordinates, short and long runs */
    {"330302006044", NULL, 0},
    {"33038100122100000001", NULL, 0},
    {"3303020060441381234", NULL, 0},
    {"138123456789", NULL, 0},
    {"12812345678", NULL, 0},
    {"23812345678", NULL, 0},
    {"120.13812345678", NULL, 0},
    {"13812345678.25", NULL, 0},
    {"138-12345-678", NULL, 0},
    {"138-1234-56789", NULL, 0},
    {"锦绣路1381弄2345号678室", NULL, 0},
    {"110105194912310021", NULL, 0}, /* wrong check character */
    {"11010519491331002X", NULL, 0}, /* no such month */
    {"99010519491231002X", NULL, 0}, /* no such region */
    {"", NULL, 0},
    {"0577-88888888", NULL, 0},
};

/* GB 11643-1999 once more, written from the standard's table. */
static char check_of(const char *digits17)
{
    static const int weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (digits17[i] - '0') * weight[i];
    return "10X98765432"[sum % 11];
}

static void removes_values(void **state)
{
    (void)state;
    char out[256];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct zm_str s = zm_str(values[i].text);
        unsigned n = 99;
        size_t len = zm_personal_remove(s, out, &n);
        if (n != values[i].n)
            fail_msg("%s: %u values found, not %u", values[i].text, n, values[i].n);
        if (n && !zm_str_eq((struct zm_str){out, len}, zm_str(values[i].want)))
            fail_msg("%s: left %.*s", values[i].text, (int)len, out);
        if (n == 0)
            assert_int_equal(len, s.len);
    }
}

/* Of the eleven characters that may stand last, exactly one makes an identity number. */
static void knows_the_check_character(void **state)
{
    (void)state;
    static const char *const digits17[] = {"33030219900101123", "33038119751231999", "11010519491231002"};
    for (size_t i = 0; i < sizeof digits17 / sizeof *digits17; i++) {
        for (const char *c = "0123456789X"; *c; c++) {
            char text[24] = {0}, out[24];
            unsigned n;
            memcpy(text, digits17[i], 17);
            text[17] = *c;
            zm_personal_remove(zm_str(text), out, &n);
            assert_int_equal(n, *c == check_of(digits17[i]) ? 1 : 0);
        }
    }
}

static void finds_a_number_at_every_place(void **state)
{
    (void)state;
    char text[64], out[64];
    for (size_t at = 0; at < 40; at++) {
        memset(text, 'x', sizeof text);
        memcpy(text + at, "13812345678", 11);
        unsigned n;
        size_t len = zm_personal_remove((struct zm_str){text, at + 11 + at % 3}, out, &n);
        assert_int_equal(n, 1);
        assert_int_equal(len, at + at % 3);
    }
}

static void knows_titles(void **state)
{
    (void)state;
    static const char *const personal[] = {
        "姓名",      "户主姓名",       "联系人",  "联系电话", "手机号码", "手 机",
        "身份证号",  "证件号码",       "申请人",  "采集人员", "phone",    "Phone_No",
        "TEL",       "mobile",         "id_card", "IDCard",   "ID card",  "owner",
        "full name", "contact_person", "xm",      "LXDH",     "sfzh",     "shenfenzheng",
        "微信号",    "出生日期",
    };
    static const char *const plain[] = {
        "地址",   "名称", "人口数", "户数",      "门牌号",  "编号", "证书编号",
        "id",     "name", "hotel",  "telegraph", "address", "lon",  "所属街道",
        "人民路", "路名", "idx",    "x坐标",     "社区",    "",     "hm",
    };
    for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
        if (!zm_personal_column(zm_str(personal[i])))
            fail_msg("%s is personal", personal[i]);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (zm_personal_column(zm_str(plain[i])))
            fail_msg("%s is not personal", plain[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(removes_values),
        cmocka_unit_test(knows_the_check_character),
        cmocka_unit_test(finds_a_number_at_every_place),
        cmocka_unit_test(knows_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
