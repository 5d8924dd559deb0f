#include "import/child_process.h"

#include "import/child_channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAFE_FD = 10, GRACE_MS = 2000, ENVIRONMENT_MAX = 8 };

static const size_t slots_bytes = (size_t)ZM_SLOTS * ZM_BATCH_BLOCK_BYTES;

/* Everything else stays outside: OGR_*, GDAL_*, CPL_*, PROJ_*, SQLITE_*, SPATIALITE_SECURITY steer libraries.
 */
static const char *const kept[] = {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"};

static unsigned clean_environment(char texts[ENVIRONMENT_MAX][512], char *out[ENVIRONMENT_MAX + 1])
{
    unsigned n = 0;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *value = getenv(kept[i]);
        if (value && snprintf(texts[n], 512, "%s=%s", kept[i], value) < 512)
            n++;
    }
    snprintf(texts[n++], 512, "LC_ALL=C.UTF-8");
    /* The leak checker stops its process by ptrace, which the filter forbids. */
    snprintf(texts[n++], 512, "LSAN_OPTIONS=detect_leaks=0");
    for (unsigned i = 0; i < n; i++)
        out[i] = texts[i];
    out[n] = NULL;
    return n;
}

/* Above the numbers that the child's ends will get, so that placing one cannot close the other. */
static int raise_fd(int *fd, struct zm_err *err)
{
    int raised = fcntl(*fd, F_DUPFD_CLOEXEC, SAFE_FD);
    if (raised < 0)
        return zm_fail_errno(err, ZM_E_INTERNAL, errno, "no more open files for a reader");
    close(*fd);
    *fd = raised;
    return 0;
}

static int make_slots(struct zm_child *c, struct zm_err *err)
{
    c->slots_fd = memfd_create("zhengming-slots", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (c->slots_fd < 0 || ftruncate(c->slots_fd, (off_t)slots_bytes) != 0 ||
        fcntl(c->slots_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return zm_fail_errno(err, ZM_E_MEMORY, errno, "cannot make %zu bytes of shared memory", slots_bytes);
    ZM_TRY(raise_fd(&c->slots_fd, err));
    void *slots = mmap(NULL, slots_bytes, PROT_READ, MAP_SHARED, c->slots_fd, 0);
    if (slots == MAP_FAILED)
        return zm_fail_errno(err, ZM_E_MEMORY, errno, "cannot map %zu bytes of shared memory", slots_bytes);
    c->slots = slots;
    return 0;
}

static int spawn(struct zm_child *c, const char *program, int child_end, struct zm_err *err)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    char texts[ENVIRONMENT_MAX][512];
    char *environment[ENVIRONMENT_MAX + 1];
    clean_environment(texts, environment);
    char name[] = "zhengming", command[] = "reader";
    char *const argv[] = {name, command, NULL};
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attr);
    int rc = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (rc == 0)
        rc = posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
#ifndef ZM_SANITIZED
    /* Libraries print there what is already told over the channel. A sanitizer's report has no other way. */
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&files, 1, 2);
#endif
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&files, child_end, ZM_CHANNEL_FD);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&files, c->slots_fd, ZM_SLOTS_FD);
    if (rc == 0)
        rc = posix_spawn_file_actions_addclosefrom_np(&files, ZM_SLOTS_FD + 1);
    if (rc == 0)
        rc = posix_spawnattr_setsigmask(&attr, &none);
    if (rc == 0)
        rc = posix_spawnattr_setsigdefault(&attr, &all);
    if (rc == 0)
        rc = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (rc == 0)
        rc = posix_spawn(&c->pid, program, &files, &attr, argv, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    if (rc != 0) {
        c->pid = 0;
        return zm_fail_errno(err, ZM_E_INTERNAL, rc, "cannot start the reader %s", program);
    }
    return 0;
}

int zm_child_start(struct zm_child *c, const char *program, struct zm_err *err)
{
    *c = (struct zm_child){.fd = -1, .slots_fd = -1};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return zm_fail_errno(err, ZM_E_INTERNAL, errno, "cannot make the reader's channel");
    c->fd = pair[0];
    int rc = raise_fd(&pair[1], err);
    if (rc == 0)
        rc = make_slots(c, err);
    if (rc == 0)
        rc = spawn(c, program, pair[1], err);
    close(pair[1]);
    if (rc != 0)
        zm_child_stop(c);
    return rc;
}

/* Waits a moment for a child that has closed its channel, then kills it: nobody waits for ever. */
static int reap(struct zm_child *c, struct rusage *usage)
{
    int pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
    struct pollfd wait = {.fd = pidfd, .events = POLLIN};
    if (pidfd < 0 || poll(&wait, 1, GRACE_MS) != 1)
        kill(c->pid, SIGKILL);
    if (pidfd >= 0)
        close(pidfd);
    int status = 0;
    while (wait4(c->pid, &status, 0, usage) < 0 && errno == EINTR)
        continue;
    c->pid = 0;
    return status;
}

static const char *cause_of(int sig)
{
    switch (sig) {
    case SIGXCPU:
        return "its limit of processor time";
    case SIGABRT:
        return "its limit of memory, or an inner check of a library";
    case SIGKILL:
        return "killed: out of memory, or by someone";
    case SIGXFSZ:
        return "it tried to write a file";
    case SIGSYS:
        return "a forbidden system call";
    case SIGBUS:
        return "the file was cut while it was read";
    case SIGSEGV:
        return "a crash in a library";
    default:
        return "a signal";
    }
}

int zm_child_obituary(struct zm_child *c, const char *path, struct zm_err *err)
{
    if (!c->pid)
        return zm_fail(err, ZM_E_INPUT, "%s: the reader has ended before", path);
    struct rusage usage = {0};
    int status = reap(c, &usage);
    if (!WIFSIGNALED(status))
        return zm_fail(err, ZM_E_INPUT, "%s: the reader ended without a word (status %d)", path,
                       WEXITSTATUS(status));
    return zm_fail(err, ZM_E_INPUT,
                   "%s: the reader was stopped by the system (%s; signal %d after %ld s of processor time "
                   "and %ld MB)",
                   path, cause_of(WTERMSIG(status)), WTERMSIG(status),
                   (long)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec), usage.ru_maxrss / 1024);
}

void zm_child_stop(struct zm_child *c)
{
    if (c->pid) {
        kill(c->pid, SIGKILL);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    if (c->slots)
        munmap(c->slots, slots_bytes);
    if (c->fd >= 0)
        close(c->fd);
    if (c->slots_fd >= 0)
        close(c->slots_fd);
    *c = (struct zm_child){.fd = -1, .slots_fd = -1};
}
