#include "import/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights a kernel newer than the headers may know; each is denied where the kernel can deny it. */
enum { ACCESS_FS_TRUNCATE = 1 << 14, ABI_WITH_TRUNCATE = 3, ABI_WITH_REFER = 2 };

/* What shared libraries, iconv's tables, GDAL and PROJ read at run time. /etc/ld.so.cache is for dlopen. */
static const char *const system_folders[] = {"/usr", "/lib", "/lib64", "/etc/ld.so.cache"};

static int add_rule(int ruleset, int fd, uint64_t access, struct zm_err *err)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = fd};
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        return zm_fail_errno(err, ZM_E_INTERNAL, errno, "cannot build the reader's file list");
    return 0;
}

static int add_rules(int ruleset, const int *fds, unsigned n, struct zm_err *err)
{
    for (unsigned i = 0; i < n; i++)
        ZM_TRY(add_rule(ruleset, fds[i], LANDLOCK_ACCESS_FS_READ_FILE, err));
    for (size_t i = 0; i < sizeof system_folders / sizeof *system_folders; i++) {
        int fd = open(system_folders[i], O_PATH | O_CLOEXEC);
        if (fd < 0)
            continue;
        uint64_t access = LANDLOCK_ACCESS_FS_READ_FILE;
        if (i < 3)
            access |= LANDLOCK_ACCESS_FS_READ_DIR;
        int rc = add_rule(ruleset, fd, access, err);
        close(fd);
        ZM_TRY(rc);
    }
    return 0;
}

int zm_landlock_restrict(const int *fds, unsigned n, bool *landlocked, struct zm_err *err)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) {
        *landlocked = false;
        return 0;
    }
    struct landlock_ruleset_attr attr = {.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    if (abi >= ABI_WITH_REFER)
        attr.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= ABI_WITH_TRUNCATE)
        attr.handled_access_fs |= ACCESS_FS_TRUNCATE;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (ruleset < 0)
        return zm_fail_errno(err, ZM_E_INTERNAL, errno, "cannot create the reader's file rules");
    int rc = add_rules(ruleset, fds, n, err);
    if (rc == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        rc = zm_fail_errno(err, ZM_E_INTERNAL, errno, "cannot lock the reader's file rules");
    close(ruleset);
    if (rc == 0)
        *landlocked = true;
    return rc;
}
