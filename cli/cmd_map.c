#include "cli/cli.h"
#include "import/import.h"

#include <stdio.h>

static const char help[] = "usage: zhengming map FILE [--as KIND]\n\n"
                           "Drafts the [source] section of job.ini for a delivered file: which column is "
                           "which field, with samples as\n"
                           "comments. Read it, correct it, state the datum, and put it into job.ini.\n\n"
                           "  --as KIND   address (default), road or division\n";

static int run(struct zm_cli *cli)
{
    static const struct zm_option options[] = {{"--as", true}, {NULL, false}};
    const char *value = NULL;
    enum zm_kind kind = ZM_KIND_ADDRESS;
    struct zm_err err;
    int at = 1, option;
    unsigned n = 0;
    while ((option = zm_next_option(cli, options, &at, &value)) >= 0) {
        if (!zm_kind_parse(zm_str(value), &kind) || !zm_kind_fields(kind, &n)) {
            fprintf(stderr, "error: --as %s: this version reads address, road and division\n", value);
            return ZM_EXIT_USAGE;
        }
    }
    if (option != ZM_OPTIONS_END)
        return option == ZM_OPTIONS_HELP ? 0 : ZM_EXIT_USAGE;
    if (cli->argc - at != 1) {
        fputs("error: usage: zhengming map FILE [--as KIND]\n", stderr);
        return ZM_EXIT_USAGE;
    }
    struct zm_buf draft;
    zm_buf_init(&draft, 1 << 20);
    int rc = zm_import_draft(cli->argv[at], kind, "/proc/self/exe", &draft, &err);
    if (rc == 0)
        fwrite(draft.ptr, 1, draft.len, stdout);
    zm_buf_release(&draft);
    return rc == 0 ? 0 : zm_exit_with(cli, &err);
}

const struct zm_command zm_cmd_map = {
    .name = "map", .line = "draft the [source] section for a delivered file", .help = help, .run = run};
