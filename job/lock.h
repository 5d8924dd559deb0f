/* One run at a time in an output folder. The kernel frees the lock when the process dies. */
#pragma once

#include "geo/base/err.h"

/* Makes the folder if it is absent. *fd is to be given to zm_unlock. ZM_E_LOCKED if another run has it. */
int zm_lock(const char *folder, int *fd, struct zm_err *err);
void zm_unlock(int fd);
