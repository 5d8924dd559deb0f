/* SHA-256 of a delivery, with OpenSSL. */
#include "geo/base/mem.h"
#include "import/reader_file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

enum { CHUNK = 1 << 18, DIGEST_BYTES = 32 };

static int hash_part(EVP_MD_CTX *hash, const char *path, char *chunk, struct zm_err *err)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return zm_fail_errno(err, ZM_E_INPUT, errno, "cannot open %s", path);
    int rc = 0;
    for (;;) {
        ssize_t n = read(fd, chunk, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = zm_fail_errno(err, ZM_E_INPUT, errno, "cannot read %s", path);
        else if (n > 0 && EVP_DigestUpdate(hash, chunk, (size_t)n) != 1)
            rc = zm_fail(err, ZM_E_INTERNAL, "cannot hash %s", path);
        if (n <= 0 || rc != 0)
            break;
    }
    close(fd);
    return rc;
}

/* Suffixes of a Shapefile in order of the alphabet; any other delivery has one part. */
static int hash_parts(const struct zm_delivery *d, EVP_MD_CTX *hash, char *chunk, struct zm_err *err)
{
    static const char *const order[] = {".cpg", ".dbf", ".prj", ".shp", ".shx"};
    if (d->n_parts == 1)
        return hash_part(hash, d->parts[0], chunk, err);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const char *part = zm_delivery_part(d, order[i]);
        if (part)
            ZM_TRY(hash_part(hash, part, chunk, err));
    }
    return 0;
}

int zm_delivery_sha256(const struct zm_delivery *d, char out[65], struct zm_err *err)
{
    /* No configuration file: the sandbox does not let it be read, and none is wanted. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    unsigned char digest[DIGEST_BYTES];
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    char *chunk = zm_alloc(CHUNK);
    int rc = 0;
    if (!hash || !chunk)
        rc = zm_fail_memory(err, CHUNK);
    else if (EVP_DigestInit_ex(hash, EVP_sha256(), NULL) != 1)
        rc = zm_fail(err, ZM_E_INTERNAL, "SHA-256 is not available");
    if (rc == 0)
        rc = hash_parts(d, hash, chunk, err);
    if (rc == 0 && EVP_DigestFinal_ex(hash, digest, NULL) != 1)
        rc = zm_fail(err, ZM_E_INTERNAL, "cannot finish a hash");
    for (unsigned i = 0; rc == 0 && i < DIGEST_BYTES; i++)
        snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
    EVP_MD_CTX_free(hash);
    zm_free(chunk);
    return rc;
}
