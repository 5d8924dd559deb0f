#include "export/worklist.h"

#include "geo/tables/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* A county's findings stay far below this; what would go over it is counted, not listed. */
enum { STORE_MAX = 256 << 20, ENTRIES_MAX = 64 << 20, BOOKS_MAX = 64 << 20, MESSAGE_MAX = 1 << 20 };

int zm_worklist_path(const struct zm_worklist *w, const char *name, char path[PATH_MAX], struct zm_err *err)
{
    if (snprintf(path, PATH_MAX, "%s/%s", w->folder, name) >= PATH_MAX)
        return zm_fail(err, ZM_E_OUTPUT, "the path of the output folder %s is too long", w->folder);
    return 0;
}

int zm_worklist_keep(struct zm_buf *store, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err)
{
    ZM_TRY(zm_buf_put(store, zm_str_n((const char *)&n_rows, sizeof n_rows), err));
    return zm_finding_encode(f, store, err);
}

int zm_worklist_kept(struct zm_str store, size_t *at, struct zm_finding *f, uint64_t *n_rows,
                     struct zm_err *err)
{
    size_t body = *at + sizeof *n_rows;
    if (*at > store.len || store.len - *at < sizeof *n_rows || !zm_finding_decode(f, store, &body))
        return zm_fail(err, ZM_E_INTERNAL, "a kept finding is broken at byte %zu", *at);
    memcpy(n_rows, store.ptr + *at, sizeof *n_rows);
    *at = body;
    return 0;
}

struct zm_worklist_book *zm_worklist_books(const struct zm_worklist *w, size_t *n)
{
    *n = w->books.len / sizeof(struct zm_worklist_book);
    return (struct zm_worklist_book *)(void *)w->books.ptr;
}

struct zm_str zm_worklist_place(const struct zm_worklist *w, uint64_t code)
{
    const struct zm_division *d = zm_division_at(w->divisions, code, w->as_of);
    d = d ? d : zm_division_at(w->divisions, code, 0);
    return d ? d->name : (struct zm_str){"", 0};
}

/* Tables can be replaced: a name that is more than letters and digits makes no part of a file name. */
static bool is_file_name(struct zm_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (c < 0x80 && !letter && (c < '0' || c > '9'))
            return false;
    }
    return name.len > 0 && name.len < 90;
}

static void name_book(const struct zm_worklist *w, struct zm_worklist_book *book)
{
    uint32_t code = book->town ? book->town : book->county;
    struct zm_str place = code ? zm_worklist_place(w, code) : zm_text("county.unknown");
    if (is_file_name(place))
        snprintf(book->name, sizeof book->name, "findings/%06u_%.*s.xlsx", (unsigned)code, ZM_FMT(place));
    else
        snprintf(book->name, sizeof book->name, "findings/%06u.xlsx", (unsigned)code);
}

/* Index of the town's book among all, made if there is none. A county has a few dozen towns. */
static int book_of(struct zm_worklist *w, uint32_t county, uint32_t town, uint32_t *out, struct zm_err *err)
{
    size_t n;
    const struct zm_worklist_book *books = zm_worklist_books(w, &n);
    for (size_t i = w->first; i < n; i++) {
        if (books[i].town != town)
            continue;
        *out = (uint32_t)i;
        return 0;
    }
    struct zm_worklist_book book = {.county = county, .town = town};
    name_book(w, &book);
    ZM_TRY(zm_buf_put(&w->books, zm_str_n((const char *)&book, sizeof book), err));
    *out = (uint32_t)n;
    return 0;
}

/* By book, the worst first, then in published order. */
static int compare(const void *left, const void *right)
{
    const struct zm_worklist_entry *a = left, *b = right;
    if (a->book != b->book)
        return a->book < b->book ? -1 : 1;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static int write_county(struct zm_worklist *w, struct zm_err *err)
{
    struct zm_worklist_entry *entries = (struct zm_worklist_entry *)(void *)w->entries.ptr;
    size_t n = w->entries.len / sizeof *entries, n_books;
    struct zm_worklist_book *books = zm_worklist_books(w, &n_books);
    if (n)
        qsort(entries, n, sizeof *entries, compare);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && entries[end].book == entries[i].book;)
            end++;
        if (zm_env_stopped(w->env))
            return zm_fail(err, ZM_E_STOPPED, "stopped by a signal");
        ZM_TRY(zm_worklist_write(w, &books[entries[i].book], &entries[i], end - i, err));
    }
    zm_buf_reset(&w->entries);
    zm_buf_reset(&w->store);
    w->first = n_books;
    return 0;
}

/* Once a town has enough findings of this severity or worse, a later one cannot be among those listed. */
static bool can_be_listed(const struct zm_worklist_book *book, unsigned severity)
{
    uint64_t before = 0;
    for (unsigned s = severity; s < ZM_N_SEVERITIES; s++)
        before += book->severities[s];
    return before < ZM_WORKLIST_LISTED_MAX;
}

static int keep(struct zm_worklist *w, uint32_t book, const struct zm_finding *f, uint64_t n_rows,
                struct zm_err *err)
{
    enum { HEAD_ROOM = 4096 };
    const struct zm_worklist_entry entry = {w->store.len, book, f->severity};
    if (w->store.len + f->args.len + f->cause.len + f->text.len + HEAD_ROOM > STORE_MAX)
        return 0;
    ZM_TRY(zm_worklist_keep(&w->store, f, n_rows, err));
    return zm_buf_put(&w->entries, zm_str_n((const char *)&entry, sizeof entry), err);
}

static int take(struct zm_worklist *w, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err)
{
    if (f->rule >= ZM_N_RULES || f->severity >= ZM_N_SEVERITIES || f->county < w->county)
        return zm_fail(err, ZM_E_INTERNAL, "a finding of rule %u in county %u behind county %u", f->rule,
                       (unsigned)f->county, (unsigned)w->county);
    if (f->county != w->county)
        ZM_TRY(write_county(w, err));
    w->county = f->county;
    uint32_t index, town = f->town / 1000 == f->county ? f->town : 0;
    ZM_TRY(book_of(w, f->county, town, &index, err));
    size_t n;
    struct zm_worklist_book *book = &zm_worklist_books(w, &n)[index];
    if (can_be_listed(book, f->severity))
        ZM_TRY(keep(w, index, f, n_rows, err));
    book->severities[f->severity]++;
    book->rules[f->rule]++;
    return 0;
}

/* A zm_lane_consume. */
static int take_block(void *self, struct zm_str block, struct zm_err *err)
{
    for (size_t at = 0; at < block.len;) {
        struct zm_finding f;
        uint64_t n_rows;
        ZM_TRY(zm_worklist_kept(block, &at, &f, &n_rows, err));
        ZM_TRY(take(self, &f, n_rows, err));
    }
    return 0;
}

int zm_worklist_open(struct zm_worklist *w, const char *folder, const struct zm_row_context *context,
                     const struct zm_divisions *divisions, uint32_t as_of, bool threaded,
                     const struct zm_env *env, struct zm_err *err)
{
    char path[PATH_MAX];
    *w = (struct zm_worklist){.context = context, .divisions = divisions, .env = env, .as_of = as_of};
    snprintf(w->folder, sizeof w->folder, "%s", folder);
    zm_buf_init(&w->books, BOOKS_MAX);
    zm_buf_init(&w->entries, ENTRIES_MAX);
    zm_buf_init(&w->store, STORE_MAX);
    zm_buf_init(&w->message, MESSAGE_MAX);
    zm_buf_init(&w->item, MESSAGE_MAX);
    ZM_TRY(zm_worklist_path(w, "findings", path, err));
    if (mkdir(path, 0755) != 0)
        return zm_fail_errno(err, ZM_E_OUTPUT, errno, "cannot make the folder %s", path);
    ZM_TRY(zm_lane_open(&w->lane, take_block, w, threaded, err));
    w->opened = true;
    return 0;
}

int zm_worklist_add(struct zm_worklist *w, const struct zm_finding *f, uint64_t n_rows, struct zm_err *err)
{
    if (!w->opened)
        return 0;
    zm_buf_reset(&w->item);
    ZM_TRY(zm_worklist_keep(&w->item, f, n_rows, err));
    return zm_lane_put(w->lane, zm_buf_str(&w->item), err);
}

static int by_place(const void *left, const void *right)
{
    const struct zm_worklist_book *a = left, *b = right;
    if (a->county != b->county)
        return a->county < b->county ? -1 : 1;
    return a->town < b->town ? -1 : a->town > b->town;
}

int zm_worklist_close(struct zm_worklist *w, struct zm_err *err)
{
    if (!w->opened)
        return 0;
    struct zm_lane *lane = w->lane;
    w->lane = NULL;
    ZM_TRY(zm_lane_close(lane, err));
    ZM_TRY(write_county(w, err));
    size_t n;
    struct zm_worklist_book *books = zm_worklist_books(w, &n);
    if (n)
        qsort(books, n, sizeof *books, by_place);
    return zm_worklist_index(w, err);
}

unsigned zm_worklist_files(const struct zm_worklist *w)
{
    size_t n = 0;
    if (w->opened)
        (void)zm_worklist_books(w, &n);
    return w->opened ? (unsigned)n + 1 : 0;
}

int zm_worklist_list(const struct zm_worklist *w, struct zm_readback *files, unsigned *n, struct zm_err *err)
{
    if (!w->opened)
        return 0;
    size_t n_books;
    const struct zm_worklist_book *books = zm_worklist_books(w, &n_books);
    for (size_t i = 0; i < n_books; i++) {
        struct zm_readback *f = &files[(*n)++];
        *f = (struct zm_readback){.name = books[i].name,
                                  .kind = ZM_READBACK_WORKBOOK,
                                  .layer_rows = &books[i].sheet_rows,
                                  .rows = books[i].listed};
        ZM_TRY(zm_worklist_path(w, f->name, f->path, err));
    }
    struct zm_readback *index = &files[(*n)++];
    *index = (struct zm_readback){.name = "findings/index.xlsx",
                                  .kind = ZM_READBACK_WORKBOOK,
                                  .layer_rows = &w->index_rows,
                                  .rows = n_books};
    return zm_worklist_path(w, index->name, index->path, err);
}

void zm_worklist_release(struct zm_worklist *w)
{
    zm_lane_abort(w->lane);
    w->lane = NULL;
    zm_buf_release(&w->books);
    zm_buf_release(&w->entries);
    zm_buf_release(&w->store);
    zm_buf_release(&w->message);
    zm_buf_release(&w->item);
    w->opened = false;
}
