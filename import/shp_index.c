#include "import/shp_index.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Offsets and lengths are counted in words of two bytes, most significant byte first. */
enum { HEAD_BYTES = 100, LENGTH_AT = 24, RECORD_HEAD_BYTES = 8, WORD = 2 };

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put_big_endian(unsigned char *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> (24 - 8 * i));
}

static int read_at(int fd, const char *path, unsigned char *out, size_t size, off_t at, struct zm_err *err)
{
    ssize_t n;
    do {
        n = pread(fd, out, size, at);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot read %s", path);
    return n == (ssize_t)size ? 0
                              : zm_fail(err, ZM_E_INPUT, "%s is cut off at byte %lld", path, (long long)at);
}

static int index_records(int fd, const char *path, off_t size, struct zm_buf *out, struct zm_err *err)
{
    unsigned char head[RECORD_HEAD_BYTES], entry[RECORD_HEAD_BYTES];
    for (off_t at = HEAD_BYTES; at < size;) {
        ZM_TRY(read_at(fd, path, head, sizeof head, at, err));
        uint32_t words = big_endian(head + 4);
        off_t next = at + RECORD_HEAD_BYTES + (off_t)words * WORD;
        if (words < 2 || next > size)
            return zm_fail(err, ZM_E_INPUT, "%s is damaged: the record at byte %lld is %lld bytes long", path,
                           (long long)at, (long long)words * WORD);
        put_big_endian(entry, (uint32_t)(at / WORD));
        put_big_endian(entry + 4, words);
        ZM_TRY(zm_buf_put(out, zm_str_n((const char *)entry, sizeof entry), err));
        at = next;
    }
    return 0;
}

int zm_shp_index(const char *path, struct zm_buf *out, struct zm_err *err)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot open %s", path);
    unsigned char head[HEAD_BYTES];
    struct stat st;
    size_t begin = out->len;
    int rc = fstat(fd, &st) == 0 ? 0 : zm_fail_errno(err, ZM_E_INPUT, errno, "cannot stat %s", path);
    if (rc == 0)
        rc = read_at(fd, path, head, sizeof head, 0, err);
    if (rc == 0)
        rc = zm_buf_put(out, zm_str_n((const char *)head, sizeof head), err);
    if (rc == 0)
        rc = index_records(fd, path, st.st_size, out, err);
    if (rc == 0)
        put_big_endian((unsigned char *)out->ptr + begin + LENGTH_AT, (uint32_t)((out->len - begin) / WORD));
    close(fd);
    return rc;
}
