#include "export/generation.h"

#include "export/outfile.h"
#include "geo/base/file.h"
#include "geo/base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 1 << 20 };

/* out_dir/PREFIX NAME */
static int make_path(char out[PATH_MAX], const char *out_dir, const char *prefix, const char *name,
                     struct zm_err *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s%s", out_dir, prefix, name) >= PATH_MAX)
        return zm_fail(err, ZM_E_OUTPUT, "the path of the output folder %s is too long", out_dir);
    return 0;
}

/* Every rename of publishing goes through the environment, so that a test can make each of them fail. */
static int move(const struct zm_env *env, const char *from, const char *to, struct zm_err *err)
{
    int (*rename_)(const char *, const char *) = env && env->rename ? env->rename : rename;
    if (rename_(from, to) == 0)
        return 0;
    return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot rename %s to %s", from, to);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

int zm_generation_stage(const char *out_dir, const char *run_id, struct zm_err *err)
{
    char staging[PATH_MAX];
    ZM_TRY(make_path(staging, out_dir, ".gen-", run_id, err));
    ZM_TRY(zm_dir_make(out_dir, err));
    ZM_TRY(zm_dir_remove(staging, err));
    if (mkdir(staging, 0755) != 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot make the folder %s", staging);
    return 0;
}

void zm_generation_drop(const char *out_dir, const char *run_id)
{
    char staging[PATH_MAX];
    if (make_path(staging, out_dir, ".gen-", run_id, NULL) == 0)
        (void)zm_dir_remove(staging, NULL);
}

typedef int each_file(void *self, const char *path, const char *name, struct zm_err *err);

/* Calls each for every entry of a folder but . and .. */
static int for_files(const char *folder, each_file *each, void *self, struct zm_err *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot list %s", folder);
    int rc = 0;
    const struct dirent *entry;
    while (rc == 0 && (entry = readdir(dir))) {
        char path[PATH_MAX];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        rc = make_path(path, folder, "", entry->d_name, err);
        if (rc == 0)
            rc = each(self, path, entry->d_name, err);
    }
    closedir(dir);
    return rc;
}

/* Read-only, so that a GIS which opens the file for a look leaves its bytes as the manifest states them. */
static int seal_entry(void *self, const char *path, const char *name, struct zm_err *err)
{
    (void)self, (void)name;
    if (is_folder(path)) {
        ZM_TRY(for_files(path, seal_entry, NULL, err));
        return zm_file_sync(path, err);
    }
    ZM_TRY(zm_file_sync(path, err));
    if (chmod(path, 0444) != 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot make %s read-only", path);
    return 0;
}

/* The folder is synced after its files: only then do their names last. */
static int seal(const char *folder, struct zm_err *err)
{
    ZM_TRY(for_files(folder, seal_entry, NULL, err));
    return zm_file_sync(folder, err);
}

static int copy_bytes(int fd, const char *from, struct zm_outfile *to, struct zm_err *err)
{
    char *block = zm_alloc(COPY_BYTES);
    if (!block)
        return zm_fail_memory(err, COPY_BYTES);
    int rc = 0;
    ssize_t n;
    while (rc == 0 && (n = read(fd, block, COPY_BYTES)) != 0) {
        if (n < 0 && errno != EINTR)
            rc = zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot read back %s", from);
        if (n > 0)
            rc = zm_outfile_put(to, zm_str_n(block, (size_t)n), err);
    }
    zm_free(block);
    return rc;
}

static int copy_file(const char *path, const char *target, struct zm_err *err)
{
    struct zm_outfile to = {.fd = -1};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot read back %s", path);
    int rc = zm_outfile_create(&to, target, err);
    if (rc == 0)
        rc = copy_bytes(fd, path, &to, err);
    if (rc == 0)
        rc = zm_outfile_close(&to, err);
    else
        zm_outfile_abandon(&to);
    close(fd);
    return rc;
}

/* Into the folder self; a folder with all that is in it. */
static int copy_entry(void *self, const char *path, const char *name, struct zm_err *err)
{
    char target[PATH_MAX];
    ZM_TRY(make_path(target, self, "", name, err));
    if (!is_folder(path))
        return copy_file(path, target, err);
    if (mkdir(target, 0755) != 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot make the folder %s", target);
    return for_files(path, copy_entry, target, err);
}

/* Makes the next `current` beside the old one: a link, or a copy of the folder. */
static int make_next(const char *out_dir, const char *run_id, bool copy, const char *next, struct zm_err *err)
{
    char folder[PATH_MAX], link_text[NAME_MAX];
    ZM_TRY(zm_dir_remove(next, err));
    if (!copy) {
        snprintf(link_text, sizeof link_text, "gen-%s", run_id);
        if (symlink(link_text, next) != 0)
            return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot make the link %s", next);
        return 0;
    }
    ZM_TRY(make_path(folder, out_dir, "gen-", run_id, err));
    if (mkdir(next, 0755) != 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot make the folder %s", next);
    char target[PATH_MAX];
    snprintf(target, sizeof target, "%s", next);
    ZM_TRY(for_files(folder, copy_entry, target, err));
    return seal(next, err);
}

/* Both change places in one step, so that not even a crash shows a gap. Not every file system can. */
static bool exchange(const struct zm_env *env, const char *a, const char *b)
{
    bool real = !env || !env->rename || env->rename == rename;
    return real && renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0;
}

/* Puts from in the place of to. A folder in that place cannot be replaced by rename: both are exchanged, or
 * the old one is moved aside and comes back if the second step fails. */
static int replace(const struct zm_env *env, const char *from, const char *to, const char *aside,
                   struct zm_err *err)
{
    if (!is_folder(to) && (!is_folder(from) || !exists(to)))
        return move(env, from, to, err);
    if (exchange(env, from, to))
        return zm_dir_remove(from, err);
    ZM_TRY(zm_dir_remove(aside, err));
    ZM_TRY(move(env, to, aside, err));
    int rc = move(env, from, to, err);
    if (rc != 0) {
        (void)move(env, aside, to, NULL);
        return rc;
    }
    return zm_dir_remove(aside, err);
}

/* `current` may be a link or a folder from before, whatever publish = says now; either becomes the other. */
static int swap_current(const char *out_dir, const char *run_id, bool copy, const struct zm_env *env,
                        struct zm_err *err)
{
    char next[PATH_MAX], current[PATH_MAX], aside[PATH_MAX];
    ZM_TRY(make_path(next, out_dir, ".next-", run_id, err));
    ZM_TRY(make_path(current, out_dir, "current", "", err));
    ZM_TRY(make_path(aside, out_dir, ".old-", "current", err));
    int rc = make_next(out_dir, run_id, copy, next, err);
    if (rc == 0)
        rc = replace(env, next, current, aside, err);
    if (rc != 0)
        (void)zm_dir_remove(next, NULL);
    return rc;
}

int zm_generation_publish(const char *out_dir, const char *run_id, bool copy, const struct zm_env *env,
                          struct zm_err *err)
{
    char staging[PATH_MAX], final[PATH_MAX], aside[PATH_MAX];
    ZM_TRY(make_path(staging, out_dir, ".gen-", run_id, err));
    ZM_TRY(make_path(final, out_dir, "gen-", run_id, err));
    ZM_TRY(make_path(aside, out_dir, ".old-", run_id, err));
    ZM_TRY(seal(staging, err));
    ZM_TRY(replace(env, staging, final, aside, err));
    ZM_TRY(zm_file_sync(out_dir, err));
    ZM_TRY(swap_current(out_dir, run_id, copy, env, err));
    return zm_file_sync(out_dir, err);
}

struct generation {
    struct timespec made;
    char name[NAME_MAX + 1];
};

/* By the time they were made, which no published byte depends on. */
static int newest_first(const void *left, const void *right)
{
    const struct generation *a = left, *b = right;
    if (a->made.tv_sec != b->made.tv_sec)
        return a->made.tv_sec < b->made.tv_sec ? 1 : -1;
    if (a->made.tv_nsec != b->made.tv_nsec)
        return a->made.tv_nsec < b->made.tv_nsec ? 1 : -1;
    return strcmp(a->name, b->name);
}

struct pruning {
    const char *keep_name;
    struct zm_buf generations; /* struct generation */
};

/* Runs hold the lock of the output folder, so hidden folders of publishing belong to no living one. */
static int prune_look(void *self, const char *path, const char *name, struct zm_err *err)
{
    struct pruning *p = self;
    struct zm_str text = zm_str(name);
    if (zm_str_starts(text, ZM_STR(".gen-")) || zm_str_starts(text, ZM_STR(".old-")) ||
        zm_str_starts(text, ZM_STR(".next-")))
        return zm_dir_remove(path, err);
    struct generation g;
    struct stat st;
    if (!zm_str_starts(text, ZM_STR("gen-")) || strcmp(name, p->keep_name) == 0 || lstat(path, &st) != 0)
        return 0;
    g.made = st.st_mtim;
    snprintf(g.name, sizeof g.name, "%s", name);
    return zm_buf_put(&p->generations, zm_str_n((const char *)&g, sizeof g), err);
}

static int prune(const char *out_dir, const char *run_id, unsigned keep, struct zm_err *err)
{
    char keep_name[NAME_MAX];
    snprintf(keep_name, sizeof keep_name, "gen-%s", run_id);
    struct pruning p = {.keep_name = keep_name};
    zm_buf_init(&p.generations, 1 << 20);
    int rc = for_files(out_dir, prune_look, &p, err);
    struct generation *all = (struct generation *)(void *)p.generations.ptr;
    size_t n = p.generations.len / sizeof *all;
    if (n)
        qsort(all, n, sizeof *all, newest_first);
    for (size_t i = keep; i < n && rc == 0; i++) {
        char path[PATH_MAX];
        rc = make_path(path, out_dir, "", all[i].name, err);
        if (rc == 0)
            rc = zm_dir_remove(path, err);
    }
    zm_buf_release(&p.generations);
    return rc;
}

void zm_generation_prune(const char *out_dir, const char *run_id, unsigned keep, const struct zm_env *env)
{
    struct zm_err err;
    if (prune(out_dir, run_id, keep, &err) != 0 && env && env->log)
        env->log(env->self, "warning", err.text);
}
