#include "geo/tables/text.h"

#include "geo/base/buf.h"

/* text.tsv is kept sorted by key, so a key is found by bisecting the embedded bytes: no index, no state, no
 * memory. A unit test fails when the order is broken. */

static struct zm_str body(void)
{
    struct zm_str rest = zm_tables_embedded("text.tsv"), header;
    zm_tsv_line(&rest, &header);
    return rest;
}

/* Compares family + name with key. */
static int compare(struct zm_str family, struct zm_str name, struct zm_str key)
{
    struct zm_str head = zm_str_sub(key, 0, family.len);
    int order = zm_str_cmp(family, head);
    return order ? order : zm_str_cmp(name, zm_str_sub(key, family.len, key.len));
}

static bool find(struct zm_str family, struct zm_str name, struct zm_str *out)
{
    struct zm_str text = body();
    size_t low = 0, high = text.len;
    while (low < high) {
        size_t begin = low + (high - low) / 2;
        while (begin > low && text.ptr[begin - 1] != '\n')
            begin--;
        struct zm_str rest = zm_str_sub(text, begin, high);
        struct zm_str line = zm_str_cut(&rest, '\n');
        struct zm_str value = line;
        struct zm_str key = zm_str_cut(&value, '\t');
        int order = compare(family, name, key);
        if (order == 0) {
            *out = value;
            return true;
        }
        if (order < 0)
            high = begin;
        else
            low = begin + line.len + 1;
    }
    return false;
}

struct zm_str zm_text(const char *key)
{
    struct zm_str text;
    return find(ZM_STR(""), zm_str(key), &text) ? text : zm_str(key);
}

struct zm_str zm_text_of(const char *family, struct zm_str name)
{
    struct zm_str text;
    return find(zm_str(family), name, &text) ? text : name;
}

/* Only what looks like keys is looked up: lower-case ASCII, digits, '.', '_', and ',' between keys. */
static bool looks_like_keys(struct zm_str arg)
{
    for (size_t i = 0; i < arg.len; i++) {
        char c = arg.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == ','))
            return false;
    }
    return arg.len != 0 && arg.ptr[0] >= 'a' && arg.ptr[0] <= 'z';
}

static bool find_argument(struct zm_str key, struct zm_str *out)
{
    return zm_str_has(key, ZM_STR(".")) ? find(ZM_STR(""), key, out) : find(ZM_STR("missing."), key, out);
}

int zm_text_argument(struct zm_buf *out, struct zm_str arg, struct zm_err *err)
{
    if (!looks_like_keys(arg))
        return zm_buf_put(out, arg, err);
    struct zm_str text;
    for (struct zm_str rest = arg; rest.ptr;)
        if (!find_argument(zm_str_cut(&rest, ','), &text))
            return zm_buf_put(out, arg, err);
    for (struct zm_str rest = arg; rest.ptr;) {
        find_argument(zm_str_cut(&rest, ','), &text);
        ZM_TRY(zm_buf_put(out, text, err));
        if (rest.ptr)
            ZM_TRY(zm_buf_put(out, ZM_STR("、"), err));
    }
    return 0;
}

/* The n-th argument; empty if there are not so many. */
static struct zm_str argument(struct zm_str args, unsigned n)
{
    for (unsigned i = 0; args.ptr; i++) {
        struct zm_str arg = zm_str_cut(&args, ZM_ARG_SEP);
        if (i == n)
            return arg;
    }
    return (struct zm_str){NULL, 0};
}

/* Is p[0..left) a place, "{7}"? */
static bool is_place(const char *p, size_t left)
{
    return left >= 3 && p[0] == '{' && p[1] >= '0' && p[1] <= '9' && p[2] == '}';
}

static int fill_places(struct zm_buf *out, struct zm_str part, struct zm_str args, struct zm_err *err)
{
    size_t done = 0;
    for (size_t i = 0; i < part.len; i++) {
        if (!is_place(part.ptr + i, part.len - i))
            continue;
        ZM_TRY(zm_buf_put(out, zm_str_sub(part, done, i), err));
        ZM_TRY(zm_text_argument(out, argument(args, (unsigned)(part.ptr[i + 1] - '0')), err));
        done = i + 3;
        i += 2;
    }
    return zm_buf_put(out, zm_str_sub(part, done, part.len), err);
}

static bool has_empty_place(struct zm_str part, struct zm_str args)
{
    for (size_t i = 0; i < part.len; i++)
        if (is_place(part.ptr + i, part.len - i) &&
            argument(args, (unsigned)(part.ptr[i + 1] - '0')).len == 0)
            return true;
    return false;
}

int zm_text_fill(struct zm_buf *out, struct zm_str template_zh, struct zm_str args, struct zm_err *err)
{
    struct zm_str rest = template_zh;
    while (rest.ptr) {
        ZM_TRY(fill_places(out, zm_str_cut(&rest, '['), args, err));
        if (!rest.ptr)
            break;
        struct zm_str group = zm_str_cut(&rest, ']');
        if (!has_empty_place(group, args))
            ZM_TRY(fill_places(out, group, args, err));
    }
    return 0;
}
