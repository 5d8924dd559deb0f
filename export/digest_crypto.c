#include "export/digest.h"
#include "geo/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20 };

static uint64_t count_lines(const char *at, size_t n)
{
    uint64_t lines = 0;
    const char *end = at + n;
    while ((at = memchr(at, '\n', (size_t)(end - at)))) {
        lines++;
        at++;
    }
    return lines;
}

static int digest_all(EVP_MD_CTX *context, int fd, const char *path, char *block, struct zm_digest *out,
                      struct zm_err *err)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool good = EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (ssize_t n; good && (n = read(fd, block, BLOCK_BYTES)) != 0;) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot read back %s", path);
        good = EVP_DigestUpdate(context, block, (size_t)n) == 1;
        out->bytes += (uint64_t)n;
        out->lines += count_lines(block, (size_t)n);
    }
    good = good && EVP_DigestFinal_ex(context, sum, &size) == 1 && size == 32;
    if (!good)
        return zm_fail(err, ZM_E_INTERNAL, "the SHA-256 of %s cannot be computed", path);
    for (size_t i = 0; i < size; i++) {
        out->sha256[2 * i] = hex[sum[i] >> 4];
        out->sha256[2 * i + 1] = hex[sum[i] & 15];
    }
    return 0;
}

int zm_digest_file(const char *path, struct zm_digest *out, struct zm_err *err)
{
    struct zm_digest made = {.bytes = 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot read back %s", path);
    char *block = zm_alloc(BLOCK_BYTES);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int rc = block && context ? digest_all(context, fd, path, block, &made, err)
                              : zm_fail_memory(err, BLOCK_BYTES);
    EVP_MD_CTX_free(context);
    zm_free(block);
    close(fd);
    if (rc == 0)
        *out = made;
    return rc;
}
