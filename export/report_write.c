#include "export/report_write.h"

#include "geo/base/utf8.h"
#include "geo/tables/text.h"

#include <stdio.h>

enum { FILLED_MAX = 1 << 20 };

void zm_html_init(struct zm_html *h, struct zm_buf *out, struct zm_err *err)
{
    *h = (struct zm_html){.out = out, .err = err};
    zm_buf_init(&h->filled, FILLED_MAX);
}

void zm_html_release(struct zm_html *h)
{
    zm_buf_release(&h->filled);
}

static void put(struct zm_html *h, struct zm_str bytes)
{
    if (h->rc == 0)
        h->rc = zm_buf_put(h->out, bytes, h->err);
}

void zm_html_raw(struct zm_html *h, const char *markup)
{
    put(h, zm_str(markup));
}

void zm_html_printf(struct zm_html *h, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (h->rc == 0 && (n < 0 || (size_t)n >= sizeof text))
        h->rc = zm_fail(h->err, ZM_E_INTERNAL, "a piece of markup is over %zu bytes: %s", sizeof text, fmt);
    put(h, zm_str_n(text, (size_t)n));
}

static const char *entity(uint32_t code)
{
    switch (code) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Controls, zero-width and bidirectional characters, line separators, tags and non-characters. */
static bool is_invisible(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
           (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE ||
           (code >= 0xE0000 && code <= 0xE0FFF);
}

void zm_html_text(struct zm_html *h, struct zm_str text)
{
    const char *p = text.ptr, *end = text.ptr + text.len, *plain = p;
    while (h->rc == 0 && p < end) {
        unsigned n;
        uint32_t code = zm_utf8_next(p, end, &n);
        bool bad = code == ZM_UTF8_BAD && n == 1;
        const char *name = entity(code);
        if (name || bad || is_invisible(code)) {
            put(h, zm_str_n(plain, (size_t)(p - plain)));
            if (name || bad)
                zm_html_raw(h, name ? name : "\xEF\xBF\xBD");
            else
                zm_html_printf(h, "[U+%04X]", (unsigned)code);
            plain = p + n;
        }
        p += n;
    }
    if (plain < end)
        put(h, zm_str_n(plain, (size_t)(end - plain)));
}

void zm_html_key(struct zm_html *h, const char *key)
{
    zm_html_text(h, zm_text(key));
}

void zm_html_fill(struct zm_html *h, const char *key, const char *fmt, ...)
{
    char args[2048];
    va_list list;
    va_start(list, fmt);
    int n = vsnprintf(args, sizeof args, fmt, list);
    va_end(list);
    if (h->rc == 0 && (n < 0 || (size_t)n >= sizeof args))
        h->rc = zm_fail(h->err, ZM_E_INTERNAL, "the arguments of %s are over %zu bytes", key, sizeof args);
    zm_buf_reset(&h->filled);
    if (h->rc == 0)
        h->rc = zm_text_fill(&h->filled, zm_text(key), zm_str(args), h->err);
    zm_html_text(h, zm_buf_str(&h->filled));
}

const char *zm_html_grouped(uint64_t n, char out[ZM_COUNT_CHARS])
{
    size_t at = ZM_COUNT_CHARS - 1;
    out[at] = '\0';
    for (unsigned digits = 0; n > 0 || digits == 0; n /= 10, digits++) {
        if (digits > 0 && digits % 3 == 0)
            out[--at] = ',';
        out[--at] = (char)('0' + n % 10);
    }
    return &out[at];
}

void zm_html_count(struct zm_html *h, uint64_t n)
{
    char text[ZM_COUNT_CHARS];
    zm_html_raw(h, zm_html_grouped(n, text));
}

void zm_html_count_cell(struct zm_html *h, uint64_t n)
{
    zm_html_raw(h, n ? "<td class=\"n\">" : "<td class=\"n zero\">");
    zm_html_count(h, n);
    zm_html_raw(h, "</td>");
}

/* part of whole in thousandths, rounded; what is there is never shown as nothing. */
static uint64_t permille(uint64_t part, uint64_t whole)
{
    if (whole == 0 || part == 0)
        return 0;
    uint64_t p = (part * 1000 + whole / 2) / whole;
    return p ? p : 1;
}

void zm_html_share(struct zm_html *h, uint64_t part, uint64_t whole)
{
    uint64_t p = permille(part, whole);
    if (p % 10)
        zm_html_printf(h, "%u.%u%%", (unsigned)(p / 10), (unsigned)(p % 10));
    else
        zm_html_printf(h, "%u%%", (unsigned)(p / 10));
}

void zm_html_th(struct zm_html *h, const char *key, bool number)
{
    zm_html_raw(h, number ? "<th class=\"n\">" : "<th>");
    zm_html_key(h, key);
    zm_html_raw(h, "</th>");
}

void zm_html_section(struct zm_html *h, const char *title_key, const char *note_key)
{
    zm_html_raw(h, "<section>\n<h2>");
    zm_html_key(h, title_key);
    zm_html_raw(h, "</h2>\n");
    if (!note_key)
        return;
    zm_html_raw(h, "<p class=\"note\">");
    zm_html_key(h, note_key);
    zm_html_raw(h, "</p>\n");
}

void zm_html_bar(struct zm_html *h, const struct zm_bar_part *parts, unsigned n_parts, uint64_t max)
{
    zm_html_raw(h, "<span class=\"bar\">");
    for (unsigned i = 0; i < n_parts; i++) {
        uint64_t p = permille(parts[i].n, max);
        if (p)
            zm_html_printf(h, "<i class=\"%s\" style=\"width:%u.%u%%\"></i>", parts[i].class_,
                           (unsigned)(p / 10), (unsigned)(p % 10));
    }
    zm_html_raw(h, "</span>");
}

void zm_html_severity_bar(struct zm_html *h, const struct zm_severity_counts *c, uint64_t max)
{
    const struct zm_bar_part parts[] = {
        {"error", c->n[ZM_ERROR]}, {"warning", c->n[ZM_WARNING]}, {"info", c->n[ZM_INFO]}};
    zm_html_bar(h, parts, 3, max);
}

uint64_t zm_severity_sum(const struct zm_severity_counts *c)
{
    return c->n[ZM_ERROR] + c->n[ZM_WARNING] + c->n[ZM_INFO];
}

const char *zm_severity_class(enum zm_severity s)
{
    static const char *const names[] = {"fixed", "info", "warning", "error"};
    return names[s];
}
