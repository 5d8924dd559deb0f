#include "geo/base/err.h"

#include <stdio.h>
#include <string.h>

void zm_err_set(struct zm_err *err, enum zm_code code, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(err->text, sizeof err->text, fmt, ap);
        va_end(ap);
        err->code = code;
    }
}

void zm_err_set_errno(struct zm_err *err, enum zm_code code, int errnum, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(err->text, sizeof err->text, fmt, ap);
        va_end(ap);
        size_t used = strlen(err->text);
        char reason[256];
        snprintf(err->text + used, sizeof err->text - used, ": %s",
                 strerror_r(errnum, reason, sizeof reason));
        err->code = code;
    }
}

int zm_code_exit(enum zm_code code)
{
    switch (code) {
    case ZM_OK:
        return 0;
    case ZM_E_USAGE:
        return 2;
    case ZM_E_INPUT:
    case ZM_E_OUTPUT:
        return 3;
    case ZM_E_LOCKED:
        return 75;
    case ZM_E_STOPPED:
        return 130;
    case ZM_E_MEMORY:
    case ZM_E_INTERNAL:
        break;
    }
    return 4;
}
