#include "job/lock.h"

#include "geo/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

int zm_lock(const char *folder, int *fd, struct zm_err *err)
{
    char path[PATH_MAX];
    ZM_TRY(zm_dir_make(folder, err));
    snprintf(path, sizeof path, "%s/.lock", folder);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot open the lock %s", path);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        int why = errno;
        close(lock);
        if (why == EWOULDBLOCK)
            return zm_fail(err, ZM_E_LOCKED, "another run holds %s; wait for it to end and run again", path);
        return zm_fail_errno(err, ZM_E_OUTPUT, why, "cannot lock %s", path);
    }
    *fd = lock;
    return 0;
}

void zm_unlock(int fd)
{
    if (fd >= 0)
        close(fd);
}
