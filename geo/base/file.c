#include "geo/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int fd, const char *path, struct zm_buf *out, struct zm_err *err)
{
    for (;;) {
        char *at, chunk[65536];
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot read %s", path);
        if (n == 0)
            return 0;
        if ((size_t)n > out->max - out->len)
            return zm_fail(err, ZM_E_INPUT, "%s is longer than %zu bytes", path, out->max);
        ZM_TRY(zm_buf_reserve(out, (size_t)n, &at, err));
        memcpy(at, chunk, (size_t)n);
        out->len += (size_t)n;
    }
}

int zm_file_read(const char *path, struct zm_buf *out, struct zm_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* never wait for the writer of a pipe */
    if (fd < 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot open %s", path);
    struct stat st;
    int rc;
    if (fstat(fd, &st) != 0)
        rc = zm_fail_errno(err, ZM_E_INPUT, errno, "cannot stat %s", path);
    else if (!S_ISREG(st.st_mode))
        rc = zm_fail(err, ZM_E_INPUT, "%s is not a regular file", path);
    else
        rc = read_all(fd, path, out, err);
    close(fd);
    return rc;
}

int zm_file_sync(const char *path, struct zm_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot open %s to sync it", path);
    int rc = fsync(fd) == 0 ? 0 : zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot sync %s", path);
    close(fd);
    return rc;
}

static int write_all(int fd, const char *path, struct zm_str content, struct zm_err *err)
{
    while (content.len) {
        ssize_t n = write(fd, content.ptr, content.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot write %s", path);
        content = zm_str_sub(content, (size_t)n, content.len);
    }
    if (fsync(fd) != 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot sync %s", path);
    return 0;
}

static int sync_parent(const char *path, struct zm_err *err)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (!slash)
        return zm_file_sync(".", err);
    *(slash == folder ? slash + 1 : slash) = '\0';
    return zm_file_sync(folder, err);
}

int zm_file_write_atomic(const char *path, struct zm_str content, struct zm_err *err)
{
    char temp[PATH_MAX];
    if (snprintf(temp, sizeof temp, "%s.tmp", path) >= (int)sizeof temp)
        return zm_fail(err, ZM_E_OUTPUT, "the path %s is too long", path);
    int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot create %s", temp);
    int rc = write_all(fd, temp, content, err);
    if (close(fd) != 0 && rc == 0)
        rc = zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot close %s", temp);
    if (rc == 0 && rename(temp, path) != 0)
        rc = zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot rename %s to %s", temp, path);
    if (rc != 0) {
        unlink(temp);
        return rc;
    }
    return sync_parent(path, err);
}

int zm_dir_make(const char *path, struct zm_err *err)
{
    char part[PATH_MAX];
    struct stat st;
    if (path[0] == '\0')
        return zm_fail(err, ZM_E_OUTPUT, "a folder needs a name");
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return zm_fail(err, ZM_E_OUTPUT, "the path %s is too long", path);
    for (char *p = part + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char keep = *p;
        *p = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot make the folder %s", part);
        *p = keep;
        if (keep == '\0')
            break;
    }
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return zm_fail(err, ZM_E_OUTPUT, "%s is there and is no folder", path);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

int zm_dir_remove(const char *path, struct zm_err *err)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot remove %s", path);
    return 0;
}
