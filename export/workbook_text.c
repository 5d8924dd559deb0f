#include "export/workbook.h"
#include "geo/base/utf8.h"

/* C0, DEL and C1; and the two non-characters that no XML document may hold. */
static bool is_dropped(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xFFFE || code == 0xFFFF;
}

/* Excel counts UTF-16 units. One is kept back for the ellipsis of a text that is cut. */
int zm_workbook_text(struct zm_buf *out, struct zm_str text, struct zm_err *err)
{
    static const char ellipsis[] = "…";
    size_t begin = out->len, units = 0, cut_at = 0;
    char *room;
    ZM_TRY(zm_buf_reserve(out, 3 * text.len + sizeof ellipsis, &room, err));
    char *at = room;
    unsigned step = 0;
    for (size_t i = 0; i < text.len; i += step) {
        uint32_t code = zm_utf8_next(text.ptr + i, text.ptr + text.len, &step);
        if (code == '\t' || code == '\n' || code == '\r')
            code = ' ';
        if (is_dropped(code))
            continue;
        units += code > 0xFFFF ? 2 : 1;
        if (units > ZM_WORKBOOK_TEXT_MAX)
            break;
        at += zm_utf8_put(code, at);
        if (units <= ZM_WORKBOOK_TEXT_MAX - 1)
            cut_at = (size_t)(at - room);
    }
    if (units > ZM_WORKBOOK_TEXT_MAX) {
        at = room + cut_at;
        memcpy(at, ellipsis, sizeof ellipsis - 1);
        at += sizeof ellipsis - 1;
    }
    *at = '\0';
    out->len = begin + (size_t)(at - room);
    return 0;
}
