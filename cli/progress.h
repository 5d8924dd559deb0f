/* Progress on a terminal: one line on stderr that is written over, at most ten times a second. */
#pragma once

#include "cli/cli.h"

/* Wipes the line before other output. */
void zm_progress_end(const struct zm_cli *cli);
