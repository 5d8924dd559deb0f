/* Hidden: the reader child (import/import.h). Started by the program itself, never by hand. */
#include "cli/cli.h"
#include "import/import.h"

static int run(struct zm_cli *cli)
{
    (void)cli;
    return zm_reader_main();
}

const struct zm_command zm_cmd_reader = {
    .name = "reader", .line = "", .help = "", .run = run, .hidden = true};
