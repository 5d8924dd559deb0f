#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void show(void *self, const char *stage, uint64_t done, uint64_t total)
{
    static struct timespec last; /* one run, one terminal, and calls are serialised by the run */
    struct timespec now;
    (void)self;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double since = (double)(now.tv_sec - last.tv_sec) + (double)(now.tv_nsec - last.tv_nsec) / 1e9;
    if (since < 0.1)
        return;
    last = now;
    if (total)
        fprintf(stderr, "\r\033[K%s %llu / %llu", stage, (unsigned long long)done, (unsigned long long)total);
    else
        fprintf(stderr, "\r\033[K%s %llu", stage, (unsigned long long)done);
    fflush(stderr);
}

void zm_env_for_run(struct zm_cli *cli)
{
    zm_signals_catch();
    cli->env.stopped = zm_signals_stopped;
    cli->env.rename = rename;
    cli->env.log = zm_say_log;
    cli->env.self = cli;
    if (!cli->quiet && isatty(STDERR_FILENO))
        cli->env.progress = show;
}

void zm_progress_end(const struct zm_cli *cli)
{
    if (cli->env.progress)
        fputs("\r\033[K", stderr);
}
