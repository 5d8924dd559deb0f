#include "job/shards.h"

#include "geo/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SHARDS_MAX = 128, FLUSH_BYTES = 256 * 1024, BUFFER_BYTES = 4 << 20 };

/* A stream is the addresses or the findings of one county. */
struct stream {
    int fd; /* -1 until something is written */
    uint64_t bytes;
};

struct shard {
    uint32_t county;
    struct stream addresses, findings;
};

struct zm_shards {
    pthread_mutex_t lock;
    char *folder; /* NULL: in memory */
    struct shard list[SHARDS_MAX];
    unsigned n;
    struct stream rejected; /* struct zm_rejected, one behind the other */
};

struct buffers {
    struct zm_buf addresses, findings;
};

struct zm_shard_writer {
    struct zm_shards *shards;
    struct buffers list[SHARDS_MAX]; /* same index as the shard */
    uint32_t counties[SHARDS_MAX];   /* what this writer has met, so that the lock is taken once a county */
    uint8_t index[SHARDS_MAX];
    unsigned n;
    struct zm_buf rejected;
};

int zm_shards_new(struct zm_shards **out, const char *folder, struct zm_err *err)
{
    struct zm_shards *s = zm_calloc(1, sizeof *s);
    if (!s)
        return zm_fail_memory(err, sizeof *s);
    if (folder && !(s->folder = zm_strdup(folder))) {
        zm_free(s);
        return zm_fail_memory(err, strlen(folder));
    }
    pthread_mutex_init(&s->lock, NULL);
    s->rejected.fd = -1;
    *out = s;
    return 0;
}

void zm_shards_free(struct zm_shards *s)
{
    if (!s)
        return;
    for (unsigned i = 0; i < s->n; i++) {
        if (s->list[i].addresses.fd >= 0)
            close(s->list[i].addresses.fd);
        if (s->list[i].findings.fd >= 0)
            close(s->list[i].findings.fd);
    }
    if (s->rejected.fd >= 0)
        close(s->rejected.fd);
    pthread_mutex_destroy(&s->lock);
    zm_free(s->folder);
    zm_free(s);
}

/* Index of the county's shard, made if there is none, or -1 if there is no room; under the lock. */
static int shard_of(struct zm_shards *s, uint32_t county)
{
    for (unsigned i = 0; i < s->n; i++)
        if (s->list[i].county == county)
            return (int)i;
    if (s->n == SHARDS_MAX)
        return -1;
    s->list[s->n] = (struct shard){.county = county, .addresses = {.fd = -1}, .findings = {.fd = -1}};
    return (int)s->n++;
}

static int open_spool(const struct zm_shards *s, struct zm_err *err)
{
    int fd = s->folder ? open(s->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)
                       : memfd_create("zhengming", MFD_CLOEXEC);
    /* A file system or kernel without O_TMPFILE: make it and unlink it. */
    if (fd < 0 && s->folder && (errno == EOPNOTSUPP || errno == EISDIR)) {
        char path[4096];
        snprintf(path, sizeof path, "%s/.spool-XXXXXX", s->folder);
        fd = mkostemp(path, O_CLOEXEC);
        if (fd >= 0)
            unlink(path);
    }
    if (fd < 0)
        zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot make a spool file in %s",
                      s->folder ? s->folder : "memory");
    return fd;
}

static int append(struct zm_shards *s, struct stream *stream, struct zm_str bytes, struct zm_err *err)
{
    if (stream->fd < 0 && (stream->fd = open_spool(s, err)) < 0)
        return ZM_E_OUTPUT;
    while (bytes.len) {
        ssize_t n = pwrite(stream->fd, bytes.ptr, bytes.len, (off_t)stream->bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot write a spool file in %s",
                                 s->folder ? s->folder : "memory");
        stream->bytes += (uint64_t)n;
        bytes = zm_str_sub(bytes, (size_t)n, bytes.len);
    }
    return 0;
}

int zm_shard_writer_new(struct zm_shard_writer **out, struct zm_shards *s, struct zm_err *err)
{
    struct zm_shard_writer *w = zm_calloc(1, sizeof *w);
    if (!w)
        return zm_fail_memory(err, sizeof *w);
    w->shards = s;
    zm_buf_init(&w->rejected, BUFFER_BYTES);
    for (unsigned i = 0; i < SHARDS_MAX; i++) {
        zm_buf_init(&w->list[i].addresses, BUFFER_BYTES);
        zm_buf_init(&w->list[i].findings, BUFFER_BYTES);
    }
    *out = w;
    return 0;
}

void zm_shard_writer_free(struct zm_shard_writer *w)
{
    if (!w)
        return;
    for (unsigned i = 0; i < SHARDS_MAX; i++) {
        zm_buf_release(&w->list[i].addresses);
        zm_buf_release(&w->list[i].findings);
    }
    zm_buf_release(&w->rejected);
    zm_free(w);
}

static int flush_one(struct zm_shards *s, struct stream *stream, struct zm_buf *buffer, struct zm_err *err)
{
    if (buffer->len == 0)
        return 0;
    pthread_mutex_lock(&s->lock);
    int rc = append(s, stream, zm_buf_str(buffer), err);
    pthread_mutex_unlock(&s->lock);
    zm_buf_reset(buffer);
    return rc;
}

static int index_of(struct zm_shard_writer *w, uint32_t county, unsigned *out, struct zm_err *err)
{
    for (unsigned i = 0; i < w->n; i++) {
        if (w->counties[i] == county) {
            *out = w->index[i];
            return 0;
        }
    }
    pthread_mutex_lock(&w->shards->lock);
    int index = shard_of(w->shards, county);
    pthread_mutex_unlock(&w->shards->lock);
    if (index < 0)
        return zm_fail(err, ZM_E_MEMORY, "the records lie in more than %d counties", SHARDS_MAX);
    w->counties[w->n] = county;
    w->index[w->n++] = (uint8_t)index;
    *out = (unsigned)index;
    return 0;
}

int zm_shard_writer_address(struct zm_shard_writer *w, const struct zm_address *a, struct zm_err *err)
{
    unsigned i;
    ZM_TRY(index_of(w, zm_address_county(a), &i, err));
    struct zm_buf *buffer = &w->list[i].addresses;
    ZM_TRY(zm_address_encode(a, buffer, err));
    return buffer->len >= FLUSH_BYTES ? flush_one(w->shards, &w->shards->list[i].addresses, buffer, err) : 0;
}

int zm_shard_writer_finding(struct zm_shard_writer *w, const struct zm_finding *f, struct zm_err *err)
{
    unsigned i;
    ZM_TRY(index_of(w, f->county, &i, err));
    struct zm_buf *buffer = &w->list[i].findings;
    ZM_TRY(zm_finding_encode(f, buffer, err));
    return buffer->len >= FLUSH_BYTES ? flush_one(w->shards, &w->shards->list[i].findings, buffer, err) : 0;
}

int zm_shard_writer_reject(struct zm_shard_writer *w, uint32_t source, const struct zm_reject *reject,
                           struct zm_err *err)
{
    struct zm_rejected rejected = {source, *reject};
    struct zm_str bytes = {(const char *)&rejected, sizeof rejected};
    ZM_TRY(zm_buf_put(&w->rejected, bytes, err));
    return w->rejected.len >= FLUSH_BYTES ? flush_one(w->shards, &w->shards->rejected, &w->rejected, err) : 0;
}

int zm_shard_writer_flush(struct zm_shard_writer *w, struct zm_err *err)
{
    ZM_TRY(flush_one(w->shards, &w->shards->rejected, &w->rejected, err));
    for (unsigned k = 0; k < w->n; k++) {
        unsigned i = w->index[k];
        ZM_TRY(flush_one(w->shards, &w->shards->list[i].addresses, &w->list[i].addresses, err));
        ZM_TRY(flush_one(w->shards, &w->shards->list[i].findings, &w->list[i].findings, err));
    }
    return 0;
}

unsigned zm_shards_counties(const struct zm_shards *s, uint32_t *counties, unsigned max)
{
    unsigned n = 0;
    for (; n < s->n && n < max; n++) { /* insertion sort: there are a dozen */
        unsigned at = n;
        for (; at > 0 && counties[at - 1] > s->list[n].county; at--)
            counties[at] = counties[at - 1];
        counties[at] = s->list[n].county;
    }
    return n;
}

static int map_stream(const struct stream *stream, struct zm_str *out, struct zm_err *err)
{
    *out = (struct zm_str){NULL, 0};
    if (stream->fd < 0 || stream->bytes == 0)
        return 0;
    void *p = mmap(NULL, stream->bytes, PROT_READ, MAP_SHARED, stream->fd, 0);
    if (p == MAP_FAILED)
        return zm_fail_errno(err, ZM_E_MEMORY, errno, "cannot map a spool file of %llu bytes",
                             (unsigned long long)stream->bytes);
    *out = (struct zm_str){p, stream->bytes};
    return 0;
}

static void unmap(struct zm_str *bytes)
{
    if (bytes->ptr)
        munmap((char *)bytes->ptr, bytes->len);
    *bytes = (struct zm_str){NULL, 0};
}

int zm_shard_open(const struct zm_shards *s, uint32_t county, struct zm_shard *out, struct zm_err *err)
{
    struct zm_shard shard = {{NULL, 0}, {NULL, 0}};
    for (unsigned i = 0; i < s->n; i++) {
        if (s->list[i].county != county)
            continue;
        ZM_TRY(map_stream(&s->list[i].addresses, &shard.addresses, err));
        int rc = map_stream(&s->list[i].findings, &shard.findings, err);
        if (rc != 0) {
            unmap(&shard.addresses);
            return rc;
        }
    }
    *out = shard;
    return 0;
}

void zm_shard_close(struct zm_shard *shard)
{
    unmap(&shard->addresses);
    unmap(&shard->findings);
}

static int by_source_and_row(const void *a, const void *b)
{
    const struct zm_rejected *x = a, *y = b;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return x->reject.row < y->reject.row ? -1 : x->reject.row > y->reject.row;
}

int zm_shards_rejected(const struct zm_shards *s, struct zm_rejected **out, size_t *n, struct zm_err *err)
{
    struct zm_str bytes;
    ZM_TRY(map_stream(&s->rejected, &bytes, err));
    struct zm_rejected *list = zm_alloc(bytes.len);
    if (list && bytes.len)
        memcpy(list, bytes.ptr, bytes.len);
    size_t size = bytes.len;
    unmap(&bytes);
    if (!list)
        return zm_fail_memory(err, size);
    qsort(list, size / sizeof *list, sizeof *list, by_source_and_row);
    *out = list;
    *n = size / sizeof *list;
    return 0;
}
