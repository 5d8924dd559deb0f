/* Errors of the environment: a file that cannot be read, a disk that is full, a config that makes no sense.
 * Bad data is never an error, it is a finding (geo/record/finding.h). */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/* What went wrong, by remedy. cli/ turns it into an exit status with zm_code_exit(). */
enum zm_code {
    ZM_OK = 0,
    ZM_E_USAGE,    /* an option, job.ini or a rule setting is wrong: exit 2 */
    ZM_E_INPUT,    /* a delivered file cannot be read: exit 3 */
    ZM_E_OUTPUT,   /* the output cannot be written (full disk, rights): exit 3 */
    ZM_E_MEMORY,   /* out of memory, or a named limit was reached: exit 4 */
    ZM_E_INTERNAL, /* our own mistake: exit 4 */
    ZM_E_LOCKED,   /* another run holds the lock: exit 75 */
    ZM_E_STOPPED,  /* SIGINT or SIGTERM asked us to stop: exit 130 */
};

/* Owned by the caller; may be NULL wherever it is asked for; untouched on success. */
struct zm_err {
    enum zm_code code;
    char text[1024];
};

/* Fills err (if not NULL). Use the macros below: they are the code itself, so that compilers and analysers
 * see that `return zm_fail(err, ZM_E_INPUT, ...)` never returns 0. */
void zm_err_set(struct zm_err *err, enum zm_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As zm_err_set, with ": " and the text of errnum at the end. */
void zm_err_set_errno(struct zm_err *err, enum zm_code code, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static inline int zm_failed(enum zm_code code)
{
    return (int)code;
}
#define zm_fail(err, code, ...) (zm_err_set(err, code, __VA_ARGS__), zm_failed(code))
#define zm_fail_errno(err, code, errnum, ...)                                                                \
    (zm_err_set_errno(err, code, errnum, __VA_ARGS__), zm_failed(code))

/* The error every failed allocation of size bytes becomes. */
static inline int zm_fail_memory(struct zm_err *err, size_t size)
{
    return zm_fail(err, ZM_E_MEMORY, "out of memory: %zu bytes were asked for", size);
}

/* The process exit status of a code (design section 5). */
int zm_code_exit(enum zm_code code);

/* Returns from the calling function with the error of expr. */
#define ZM_TRY(expr)                                                                                         \
    do {                                                                                                     \
        int zm_try_rc_ = (expr);                                                                             \
        if (zm_try_rc_ != 0)                                                                                 \
            return zm_try_rc_;                                                                               \
    } while (0)
