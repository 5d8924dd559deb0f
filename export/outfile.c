#include "export/outfile.h"

#include "geo/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 20, WRITE_BACK_BYTES = 8 << 20 };

static int open_file(struct zm_outfile *f, const char *path, int flags, struct zm_err *err)
{
    struct zm_outfile made = {.fd = -1, .path = zm_strdup(path), .buffer = zm_alloc(BUFFER_BYTES)};
    if (!made.path || !made.buffer) {
        zm_outfile_abandon(&made);
        return zm_fail_memory(err, BUFFER_BYTES);
    }
    made.fd = open(path, flags | O_CLOEXEC, 0644);
    off_t end = made.fd < 0 ? -1 : lseek(made.fd, 0, SEEK_END);
    if (end < 0) {
        int rc = zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot open %s to write it", path);
        zm_outfile_abandon(&made);
        return rc;
    }
    made.end = made.asked = (uint64_t)end;
    *f = made;
    return 0;
}

int zm_outfile_create(struct zm_outfile *f, const char *path, struct zm_err *err)
{
    return open_file(f, path, O_WRONLY | O_CREAT | O_EXCL, err);
}

int zm_outfile_continue(struct zm_outfile *f, const char *path, struct zm_err *err)
{
    return open_file(f, path, O_WRONLY, err);
}

/* A short write is not an error; a full disk shows itself at the next one. */
static int write_at(struct zm_outfile *f, uint64_t offset, struct zm_str bytes, struct zm_err *err)
{
    while (bytes.len) {
        ssize_t n = pwrite(f->fd, bytes.ptr, bytes.len, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot write %s", f->path);
        offset += (uint64_t)n;
        bytes = zm_str_sub(bytes, (size_t)n, bytes.len);
    }
    return 0;
}

/* Writes what waits. The kernel is asked early to carry written pages to the disk: at the end fsync would
 * have to wait for all of them at once. */
static int flush(struct zm_outfile *f, struct zm_err *err)
{
    uint64_t written = f->end - f->buffered;
    ZM_TRY(write_at(f, written, zm_str_n(f->buffer, f->buffered), err));
    f->buffered = 0;
    if (f->end - f->asked >= WRITE_BACK_BYTES) {
        /* A hint: what it cannot start, fsync does later. */
        (void)sync_file_range(f->fd, (off_t)f->asked, (off_t)(f->end - f->asked), SYNC_FILE_RANGE_WRITE);
        f->asked = f->end;
    }
    return 0;
}

int zm_outfile_put(struct zm_outfile *f, struct zm_str bytes, struct zm_err *err)
{
    if (bytes.len > BUFFER_BYTES - f->buffered)
        ZM_TRY(flush(f, err));
    if (bytes.len > BUFFER_BYTES) {
        ZM_TRY(write_at(f, f->end, bytes, err));
    } else if (bytes.len) {
        memcpy(f->buffer + f->buffered, bytes.ptr, bytes.len);
        f->buffered += bytes.len;
    }
    f->end += bytes.len;
    return 0;
}

int zm_outfile_patch(struct zm_outfile *f, uint64_t offset, struct zm_str bytes, struct zm_err *err)
{
    ZM_TRY(flush(f, err));
    return write_at(f, offset, bytes, err);
}

int zm_outfile_close(struct zm_outfile *f, struct zm_err *err)
{
    int rc = flush(f, err);
    if (close(f->fd) != 0 && rc == 0)
        rc = zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot close %s", f->path);
    f->fd = -1;
    zm_outfile_abandon(f);
    return rc;
}

void zm_outfile_abandon(struct zm_outfile *f)
{
    if (f->fd >= 0)
        close(f->fd);
    zm_free(f->path);
    zm_free(f->buffer);
    *f = (struct zm_outfile){.fd = -1};
}
