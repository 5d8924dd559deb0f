#include "import/reader_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const companions[] = {".cpg", ".dbf", ".prj", ".shx"};

static const char *suffix_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    return dot ? dot : "";
}

static const char *kind_of_file(mode_t mode)
{
    if (S_ISLNK(mode))
        return "a symbolic link: name the file it points to";
    if (S_ISDIR(mode))
        return "a folder: name one file in it";
    if (S_ISFIFO(mode))
        return "a pipe";
    return "a device or socket";
}

/* "PG:...", "http://...": a scheme is letters and a colon before any slash. */
static bool has_scheme(const char *path)
{
    const char *p = path;
    while (isalnum((unsigned char)*p) || *p == '_' || *p == '+')
        p++;
    return (p > path && *p == ':') || strstr(path, "://");
}

static int64_t changed_ns(const struct stat *st)
{
    return (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec;
}

/* Adds a part by name, without opening it for reading; false if there is no such regular file. */
static bool add_part(struct zm_delivery *d, const char *path)
{
    struct stat st;
    int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || d->n_parts == ZM_PARTS_MAX) {
        close(fd);
        return false;
    }
    snprintf(d->parts[d->n_parts], PATH_MAX, "%s", path);
    d->part_fds[d->n_parts++] = fd;
    d->bytes += (uint64_t)st.st_size;
    if (changed_ns(&st) > d->changed_ns)
        d->changed_ns = changed_ns(&st);
    return true;
}

/* .dbf or .DBF beside x.shp: both habits are met in one folder. */
static void add_companions(struct zm_delivery *d)
{
    char path[PATH_MAX];
    size_t stem = strlen(d->parts[0]) - 4;
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++) {
        snprintf(path, sizeof path, "%.*s%s", (int)stem, d->parts[0], companions[i]);
        if (add_part(d, path))
            continue;
        for (char *p = path + stem; *p; p++)
            *p = (char)toupper((unsigned char)*p);
        add_part(d, path);
    }
}

int zm_delivery_find(struct zm_delivery *d, struct zm_str path, struct zm_err *err)
{
    *d = (struct zm_delivery){.fd = -1};
    if (path.len >= PATH_MAX || memchr(path.ptr, '\0', path.len))
        return zm_fail(err, ZM_E_INPUT, "the path of a delivered file is too long or holds a NUL");
    snprintf(d->given, sizeof d->given, "%.*s", ZM_FMT(path));
    if (strstr(d->given, "/vsi") || has_scheme(d->given))
        return zm_fail(err, ZM_E_INPUT, "%s: only plain files are read, no addresses and no virtual files",
                       d->given);
    struct stat st;
    if (lstat(d->given, &st) != 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot find %s", d->given);
    if (!S_ISREG(st.st_mode))
        return zm_fail(err, ZM_E_INPUT, "%s is %s", d->given, kind_of_file(st.st_mode));
    char absolute[PATH_MAX];
    if (!realpath(d->given, absolute))
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot find %s", d->given);
    if (strstr(absolute, "/vsi"))
        return zm_fail(err, ZM_E_INPUT,
                       "%s: a folder of its path is called vsi..., which GDAL takes for a command", d->given);
    if (!add_part(d, absolute))
        return zm_fail(err, ZM_E_INPUT, "cannot open %s", d->given);
    if (strcasecmp(suffix_of(absolute), ".shp") == 0)
        add_companions(d);
    return 0;
}

int zm_delivery_open(struct zm_delivery *d, struct zm_err *err)
{
    d->fd = open(d->parts[0], O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    struct stat now, found;
    if (d->fd < 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot open %s", d->given);
    if (fstat(d->fd, &now) != 0 || fstat(d->part_fds[0], &found) != 0 || now.st_ino != found.st_ino ||
        now.st_dev != found.st_dev)
        return zm_fail(err, ZM_E_INPUT, "%s was replaced while it was opened", d->given);
    return 0;
}

int zm_delivery_verify(const struct zm_delivery *d, struct zm_err *err)
{
    uint64_t bytes = 0;
    int64_t changed = 0;
    for (unsigned i = 0; i < d->n_parts; i++) {
        struct stat st;
        if (lstat(d->parts[i], &st) != 0)
            return zm_fail_errno(err, ZM_E_INPUT, errno, "%s vanished while it was read", d->parts[i]);
        bytes += (uint64_t)st.st_size;
        if (changed_ns(&st) > changed)
            changed = changed_ns(&st);
    }
    if (bytes != d->bytes || changed != d->changed_ns)
        return zm_fail(err, ZM_E_INPUT, "%s was changed while it was read: copy it first, then run again",
                       d->given);
    return 0;
}

const char *zm_delivery_part(const struct zm_delivery *d, const char *suffix)
{
    for (unsigned i = 0; i < d->n_parts; i++)
        if (strcasecmp(suffix_of(d->parts[i]), suffix) == 0)
            return d->parts[i];
    return NULL;
}

void zm_delivery_release(struct zm_delivery *d)
{
    for (unsigned i = 0; i < d->n_parts; i++)
        close(d->part_fds[i]);
    if (d->fd >= 0)
        close(d->fd);
    d->n_parts = 0;
    d->fd = -1;
}
