#include "cli/cli.h"
#include "geo/base/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Log lines may quote what agencies delivered: control characters and direction marks are shown, not obeyed.
 */
static void put_safe(FILE *to, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        bool bidi = p[0] == 0xE2 && ((p[1] == 0x80 && p[2] >= 0x8E && p[2] <= 0xAE) ||
                                     (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9));
        if (*p < 0x20 || *p == 0x7F || bidi)
            fprintf(to, "\\x%02X", *p);
        else
            putc(*p, to);
    }
}

static void say_line(const char *level, const char *text)
{
    fprintf(stderr, "%s: ", level);
    put_safe(stderr, text);
    putc('\n', stderr);
}

void zm_say_error(const struct zm_err *err)
{
    say_line("error", err->text);
}

void zm_say(const struct zm_cli *cli, const char *level, const char *fmt, ...)
{
    bool always = strcmp(level, "error") == 0 || strcmp(level, "warning") == 0;
    if ((cli->quiet && !always) || (!cli->verbose && strcmp(level, "debug") == 0))
        return;
    char text[4096];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    say_line(level, text);
}

void zm_say_log(void *self, const char *level, const char *text)
{
    zm_say(self, level, "%s", text);
}

int zm_exit_with(const struct zm_cli *cli, const struct zm_err *err)
{
    struct zm_buf text;
    int status = zm_code_exit(err->code);
    zm_say_error(err);
    zm_buf_init(&text, 16384);
    if (cli->json && zm_json_put_string(&text, zm_str(err->text), NULL) == 0)
        printf("{\"schema_version\":1,\"exit_status\":%d,\"error\":%.*s}\n", status,
               ZM_FMT(zm_buf_str(&text)));
    zm_buf_release(&text);
    return status;
}
