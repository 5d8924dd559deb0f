#include "import/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ESRI Shapefile Technical Description (July 1998), page 4: lengths in words, most significant byte first. */
enum { SHP_HEAD = 100, SHP_LENGTH_AT = 24, SHX_RECORD = 8, DBF_HEAD = 32 };

/* The first bytes of a part, and its size. */
static int read_head(const char *path, unsigned char *head, size_t size, uint64_t *bytes, struct zm_err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        return zm_fail_errno(err, ZM_E_INPUT, why, "cannot open %s", path);
    }
    ssize_t n;
    do {
        n = pread(fd, head, size, 0);
    } while (n < 0 && errno == EINTR);
    close(fd);
    *bytes = (uint64_t)st.st_size;
    return n == (ssize_t)size ? 0 : zm_fail(err, ZM_E_INPUT, "%s is cut off within its header", path);
}

/* Length that a .shp or .shx states of itself; it must be there. */
static int stated_length(const char *path, uint64_t *out, struct zm_err *err)
{
    unsigned char head[SHP_HEAD];
    uint64_t bytes;
    ZM_TRY(read_head(path, head, sizeof head, &bytes, err));
    const unsigned char *p = head + SHP_LENGTH_AT;
    uint64_t stated = ((uint64_t)p[0] << 24 | (uint64_t)p[1] << 16 | (uint64_t)p[2] << 8 | p[3]) * 2;
    if (stated > bytes || stated < SHP_HEAD)
        return zm_fail(err, ZM_E_INPUT, "%s is cut off or damaged: it has %llu bytes, its header says %llu",
                       path, (unsigned long long)bytes, (unsigned long long)stated);
    *out = stated;
    return 0;
}

static int dbf_rows(const char *path, uint64_t *out, struct zm_err *err)
{
    unsigned char head[DBF_HEAD];
    uint64_t bytes;
    ZM_TRY(read_head(path, head, sizeof head, &bytes, err));
    uint64_t rows = head[4] | (uint64_t)head[5] << 8 | (uint64_t)head[6] << 16 | (uint64_t)head[7] << 24;
    uint64_t begin = head[8] | (uint64_t)head[9] << 8, record = head[10] | (uint64_t)head[11] << 8;
    if (begin + rows * record > bytes)
        return zm_fail(err, ZM_E_INPUT, "%s is cut off or damaged: it has %llu bytes for %llu rows of %llu",
                       path, (unsigned long long)bytes, (unsigned long long)rows, (unsigned long long)record);
    *out = rows;
    return 0;
}

int zm_gate_shp(const char *shp, const char *shx, const char *dbf, struct zm_err *err)
{
    uint64_t shp_bytes, shx_bytes, rows;
    ZM_TRY(stated_length(shp, &shp_bytes, err));
    ZM_TRY(dbf_rows(dbf, &rows, err));
    if (!shx)
        return 0;
    ZM_TRY(stated_length(shx, &shx_bytes, err));
    uint64_t shapes = (shx_bytes - SHP_HEAD) / SHX_RECORD;
    if (shapes != rows)
        return zm_fail(err, ZM_E_INPUT,
                       "%s and its .dbf do not belong together: %llu shapes, %llu rows (without the .shx, it "
                       "is made anew)",
                       shx, (unsigned long long)shapes, (unsigned long long)rows);
    return 0;
}
