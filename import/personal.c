#include "import/personal.h"

enum { TITLE_MAX = 128, MOBILE_DIGITS = 11, ID_DIGITS = 18 };

/* Words whose mere presence in a title makes the column personal. */
static const char *const han_words[] = {
    "姓名",     "联系人",   "户主",     "电话",   "手机",   "联系方式", "身份证", "证件号",
    "证件编号", "公民身份", "身份号码", "产权人", "权利人", "业主",     "法人",   "法定代表",
    "出生",     "微信",     "邮箱",     "房主",   "屋主",   "租户姓",
};

/* Whole words of a title in letters: English, pinyin, and pinyin initials as land registers use them. */
static const char *const letter_words[] = {
    "phone",        "telephone",
    "tel",          "mobile",
    "cellphone",    "idcard",
    "idno",         "idnumber",
    "identity",     "person",
    "contact",      "owner",
    "surname",      "fullname",
    "realname",     "username",
    "linkman",      "householder",
    "applicant",    "birthday",
    "email",        "wechat",
    "xingming",     "xm",
    "dianhua",      "lxdh",
    "lxr",          "lianxiren",
    "shouji",       "sjh",
    "sjhm",         "sfz",
    "sfzh",         "sfzhm",
    "zjh",          "zjhm",
    "shenfenzheng", "shenfenzhenghao",
    "huzhu",        "hzxm",
    "yddh",         "dhhm",
};

static bool is_letter_word(struct zm_str word)
{
    for (size_t i = 0; i < sizeof letter_words / sizeof *letter_words; i++)
        if (zm_str_eq(word, zm_str(letter_words[i])))
            return true;
    return false;
}

/* Lower-case letters of title into out, one blank for everything else: "ID_Card" -> "id card". */
static struct zm_str letters_of(struct zm_str title, char out[TITLE_MAX])
{
    size_t n = title.len < TITLE_MAX ? title.len : TITLE_MAX;
    for (size_t i = 0; i < n; i++) {
        char c = title.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        out[i] = c >= 'a' && c <= 'z' ? c : ' ';
    }
    return (struct zm_str){out, n};
}

/* Single words, and two neighbours as one: id card, full name. */
static bool has_letter_word(struct zm_str title)
{
    char text[TITLE_MAX], pair[TITLE_MAX];
    struct zm_str rest = letters_of(title, text), before = {"", 0};
    while (rest.ptr) {
        struct zm_str word = zm_str_cut(&rest, ' ');
        if (word.len == 0)
            continue;
        memcpy(pair, before.ptr, before.len);
        memcpy(pair + before.len, word.ptr, word.len);
        if (is_letter_word(word) || is_letter_word((struct zm_str){pair, before.len + word.len}))
            return true;
        before = word;
    }
    return false;
}

bool zm_personal_column(struct zm_str title)
{
    char plain[TITLE_MAX];
    size_t n = 0;
    for (size_t i = 0; i < title.len && n < sizeof plain; i++)
        if ((unsigned char)title.ptr[i] > ' ')
            plain[n++] = title.ptr[i];
    struct zm_str text = {plain, n};
    for (size_t i = 0; i < sizeof han_words / sizeof *han_words; i++)
        if (zm_str_has(text, zm_str(han_words[i])))
            return true;
    /* 申请人, 采集人, 登记人: people, whatever they do. 人口 and 人数 end otherwise. */
    return zm_str_ends(text, ZM_STR("人")) || zm_str_ends(text, ZM_STR("人员")) || has_letter_word(title);
}

/* A digit, ASCII or full-width: its value and length in bytes; -1 for anything else. */
static int digit_at(const char *p, const char *end, unsigned *len)
{
    *len = 1;
    if (p >= end)
        return -1;
    if (*p >= '0' && *p <= '9')
        return *p - '0';
    if (end - p >= 3 && memcmp(p, "\xEF\xBC", 2) == 0 && (unsigned char)p[2] >= 0x90 &&
        (unsigned char)p[2] <= 0x99) {
        *len = 3;
        return (unsigned char)p[2] - 0x90;
    }
    return -1;
}

static bool check_letter_at(const char *p, const char *end, unsigned *len)
{
    *len = p < end && (*p == 'X' || *p == 'x') ? 1 : 3;
    return *len == 1 ||
           (end - p >= 3 && (memcmp(p, "\xEF\xBC\xB8", 3) == 0 || memcmp(p, "\xEF\xBD\x98", 3) == 0));
}

/* Up to ID_DIGITS digits of the run at p; n counts them all, end is behind the run. */
struct run {
    const char *end;
    unsigned n;
    int digits[ID_DIGITS];
};

static struct run run_at(const char *p, const char *end)
{
    struct run r = {.end = p};
    unsigned len;
    for (int d; (d = digit_at(r.end, end, &len)) >= 0; r.end += len, r.n++)
        if (r.n < ID_DIGITS)
            r.digits[r.n] = d;
    return r;
}

/* GB 11643-1999: region 11..82, birth date, serial, check character by ISO 7064 MOD 11-2. check: 0..10, 10 is
 * X. */
static bool is_identity(const int *d, int check)
{
    static const int weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0, region = d[0] * 10 + d[1], century = d[6] * 10 + d[7];
    int month = d[10] * 10 + d[11], day = d[12] * 10 + d[13];
    if (region < 11 || region > 82 || century < 18 || century > 20 || month < 1 || month > 12 || day < 1 ||
        day > 31)
        return false;
    for (int i = 0; i < 17; i++)
        sum += d[i] * weight[i];
    return (12 - sum % 11) % 11 == check;
}

static bool is_mobile(const int *d)
{
    return d[0] == 1 && d[1] >= 3;
}

/* The end of "-1234-5678" or " 1234 5678" behind the first three digits of a mobile number, or NULL. */
static const char *grouped_mobile(const char *p, const char *end)
{
    for (int group = 0; group < 2; group++) {
        if (p >= end || (*p != '-' && *p != ' '))
            return NULL;
        struct run r = run_at(p + 1, end);
        if (r.n != 4)
            return NULL;
        p = r.end;
    }
    return p;
}

/* The end of the personal value that begins with the run at p, or NULL. begin is the start of the text. */
static const char *personal_at(const char *begin, const char *p, const char *end, const struct run *r)
{
    unsigned len;
    int after = r->end + 1 < end && *r->end == '.' ? digit_at(r->end + 1, end, &len) : -1;
    bool fraction = p - begin >= 2 && p[-1] == '.' && p[-2] >= '0' && p[-2] <= '9';
    if (fraction || after > 0)
        return NULL; /* 120.13812345678 is a longitude; 13812345678.0 is a number that a spreadsheet wrote */
    if (r->n == MOBILE_DIGITS && is_mobile(r->digits))
        return r->end;
    if (r->n == MOBILE_DIGITS + 2 && p > begin && p[-1] == '+' && r->digits[0] == 8 && r->digits[1] == 6 &&
        is_mobile(r->digits + 2))
        return r->end;
    if (r->n == ID_DIGITS && is_identity(r->digits, r->digits[ID_DIGITS - 1]))
        return r->end;
    if (r->n == ID_DIGITS - 1 && check_letter_at(r->end, end, &len) && is_identity(r->digits, 10))
        return r->end + len;
    return r->n == 3 && is_mobile(r->digits) ? grouped_mobile(r->end, end) : NULL;
}

/* 0xEF begins no Han character, so one quick look passes by most texts. */
static bool has_wide_digit(struct zm_str s)
{
    const char *end = s.ptr + s.len;
    unsigned len;
    for (const char *p = s.ptr; (p = memchr(p, 0xEF, (size_t)(end - p))); p++)
        if (digit_at(p, end, &len) >= 0)
            return true;
    return false;
}

/* Can s hold such a value at all? It has eleven neighbours among digits, blanks and hyphens; so one of every
 * eleven bytes is looked at, and almost every address is passed by after a few looks. */
static bool may_hold(struct zm_str s)
{
    for (size_t i = MOBILE_DIGITS - 1; i < s.len; i += MOBILE_DIGITS) {
        size_t from = i, to = i;
        while (to < s.len && ((s.ptr[to] >= '0' && s.ptr[to] <= '9') || s.ptr[to] == '-' || s.ptr[to] == ' '))
            to++;
        if (to == i)
            continue;
        while (from > 0 && ((s.ptr[from - 1] >= '0' && s.ptr[from - 1] <= '9') || s.ptr[from - 1] == '-' ||
                            s.ptr[from - 1] == ' '))
            from--;
        if (to - from >= MOBILE_DIGITS)
            return true;
    }
    return has_wide_digit(s);
}

size_t zm_personal_remove(struct zm_str s, char *out, unsigned *n_removed)
{
    *n_removed = 0;
    if (s.len < MOBILE_DIGITS || !may_hold(s))
        return s.len;
    const char *p = s.ptr, *end = s.ptr + s.len, *kept = s.ptr;
    size_t n = 0;
    while (p < end) {
        struct run r = run_at(p, end);
        const char *behind = r.n ? personal_at(s.ptr, p, end, &r) : NULL;
        if (behind) {
            memcpy(out + n, kept, (size_t)(p - kept));
            n += (size_t)(p - kept);
            kept = behind;
            ++*n_removed;
        }
        p = behind ? behind : r.n ? r.end : p + 1;
    }
    if (*n_removed == 0)
        return s.len;
    memcpy(out + n, kept, (size_t)(end - kept));
    return n + (size_t)(end - kept);
}
