#include "import/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#ifndef ZM_SANITIZED
#define ZM_SANITIZED 0
#endif

enum { CPU_SECONDS = 60, CPU_BYTES_A_SECOND = 5 << 20, OPEN_FILES = 64 };

static int set_limit(__rlimit_resource_t what, uint64_t soft, uint64_t hard, struct zm_err *err)
{
    struct rlimit old;
    if (getrlimit(what, &old) != 0)
        return zm_fail_errno(err, ZM_E_INTERNAL, errno, "cannot read the reader's limits");
    /* An unprivileged process may not raise its hard limit; a lower one that is already there is as good. */
    struct rlimit limit = {soft < old.rlim_max ? soft : old.rlim_max,
                           hard < old.rlim_max ? hard : old.rlim_max};
    if (setrlimit(what, &limit) != 0)
        return zm_fail_errno(err, ZM_E_INTERNAL, errno, "cannot limit the reader");
    return 0;
}

uint64_t zm_sandbox_cpu_seconds(uint64_t file_bytes)
{
    return CPU_SECONDS + file_bytes / CPU_BYTES_A_SECOND;
}

int zm_sandbox_limit(uint64_t file_bytes, struct zm_err *err)
{
    uint64_t cpu = zm_sandbox_cpu_seconds(file_bytes);
    /* A sanitizer reserves terabytes of address space for its shadow. */
    if (!ZM_SANITIZED)
        ZM_TRY(set_limit(RLIMIT_AS, UINT64_C(2) << 30, UINT64_C(2) << 30, err));
    ZM_TRY(set_limit(RLIMIT_CPU, cpu, cpu + 1, err));
    ZM_TRY(set_limit(RLIMIT_FSIZE, 0, 0, err));
    ZM_TRY(set_limit(RLIMIT_CORE, 0, 0, err));
    return set_limit(RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES, err);
}

int zm_sandbox_limit_heap(uint64_t bytes, struct zm_err *err)
{
    return ZM_SANITIZED ? 0 : set_limit(RLIMIT_DATA, bytes, bytes, err);
}

/* Everything a process needs that reads files and computes. All else is refused with EPERM, so that a library
 * that tries more fails as on a full system, and its error is heard. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(fcntl),
    SCMP_SYS(dup),
    SCMP_SYS(fadvise64),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(tgkill),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(setrlimit),
    SCMP_SYS(membarrier),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(restart_syscall),
};

static int allow_open(scmp_filter_ctx filter)
{
    const uint64_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, writing, 0));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                              SCMP_A1(SCMP_CMP_MASKED_EQ, writing, 0));
    return rc;
}

/* Threads yes, processes no. clone3 hides its flags behind a pointer: with ENOSYS libc takes clone. */
static int allow_threads(scmp_filter_ctx filter)
{
    int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    return rc;
}

/* Limits may be asked and lowered, but only its own: pid 0. prctl only to name a thread. ioctl only to ask.
 */
static int allow_details(scmp_filter_ctx filter)
{
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0, 0));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                              SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, FIONREAD, 0));
    return rc;
}

int zm_seccomp_restrict(struct zm_err *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return zm_fail(err, ZM_E_INTERNAL, "cannot create the reader's system call filter");
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof allowed / sizeof *allowed; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    if (rc == 0)
        rc = allow_open(filter);
    if (rc == 0)
        rc = allow_threads(filter);
    if (rc == 0)
        rc = allow_details(filter);
    if (rc == 0)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc == 0 ? 0
                   : zm_fail_errno(err, ZM_E_INTERNAL, -rc, "cannot load the reader's system call filter");
}

int zm_sandbox_lock(const int *fds, unsigned n, bool *landlocked, struct zm_err *err)
{
    /* Undumpable also means: no other process of this user may trace it. */
    if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return zm_fail_errno(err, ZM_E_INTERNAL, errno, "cannot give up the reader's privileges");
    ZM_TRY(zm_landlock_restrict(fds, n, landlocked, err));
    return zm_seccomp_restrict(err);
}
