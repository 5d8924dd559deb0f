#include "cli/cli.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t asked_to_stop;

static void on_signal(int signal)
{
    (void)signal;
    asked_to_stop = 1;
}

void zm_signals_catch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN; /* a closed pipe is an error of write(), not the end of the process */
    sigaction(SIGPIPE, &action, NULL);
}

bool zm_signals_stopped(void *self)
{
    (void)self;
    return asked_to_stop != 0;
}
