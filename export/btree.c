#include "export/btree.h"

#include "export/cell.h"

enum {
    LEAF = 0x0d,
    INTERIOR = 0x05,
    LEAF_HEAD = 8,
    INTERIOR_HEAD = 12,
    OVERFLOW_BYTES = ZM_PAGE_BYTES - 4,
    /* Format section 1.6: the most and the least of a record that stay on the leaf. */
    LOCAL_MAX = ZM_PAGE_BYTES - 35,
    LOCAL_MIN = (ZM_PAGE_BYTES - 12) * 32 / 255 - 23,
    INTERIOR_CELL_MAX = 2 + 4 + 9,
    FAN_OUT = (ZM_PAGE_BYTES - INTERIOR_HEAD) / INTERIOR_CELL_MAX
};

/* 8 million leaf pages hold some 100 million rows. */
static const size_t children_max = (size_t)16 << 23;

struct child {
    uint64_t last_rowid;
    uint32_t page;
};

static void put16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xFFFF);
}

/* Appends a page and tells its number. A page of zeros fills the place of the lock byte; SQLite never looks
 * at it. */
static int add_page(struct zm_pager *p, const unsigned char *page, uint32_t *number, struct zm_err *err)
{
    static const char empty[ZM_PAGE_BYTES];
    if (p->file->end == p->lock_byte)
        ZM_TRY(zm_outfile_put(p->file, zm_str_n(empty, sizeof empty), err));
    uint64_t n = p->file->end / ZM_PAGE_BYTES + 1;
    if (n >= UINT32_MAX)
        return zm_fail(err, ZM_E_OUTPUT, "%s has too many pages", p->file->path);
    ZM_TRY(zm_outfile_put(p->file, zm_str_n((const char *)page, ZM_PAGE_BYTES), err));
    *number = (uint32_t)n;
    return 0;
}

/* The schema names the root page, so the root stays where SQLite put it. */
static int write_root(struct zm_btree *b, const unsigned char *page, struct zm_err *err)
{
    uint64_t offset = (uint64_t)(b->root - 1) * ZM_PAGE_BYTES;
    return zm_outfile_patch(b->pager->file, offset, zm_str_n((const char *)page, ZM_PAGE_BYTES), err);
}

static void start_leaf(struct zm_btree *b)
{
    memset(b->leaf, 0, sizeof b->leaf);
    b->leaf[0] = LEAF;
    b->n_cells = 0;
    b->content = ZM_PAGE_BYTES;
}

void zm_btree_init(struct zm_btree *b, struct zm_pager *pager, uint32_t root)
{
    b->pager = pager;
    b->root = root;
    b->last_rowid = b->n_rows = 0;
    zm_buf_init(&b->children, children_max);
    start_leaf(b);
}

void zm_btree_release(struct zm_btree *b)
{
    zm_buf_release(&b->children);
}

static int note_child(struct zm_buf *children, uint32_t page, uint64_t last_rowid, struct zm_err *err)
{
    struct child c = {.last_rowid = last_rowid, .page = page};
    return zm_buf_put(children, zm_str_n((const char *)&c, sizeof c), err);
}

/* The header of a leaf: number of cells and where their content begins. */
static void close_leaf(struct zm_btree *b)
{
    put16(b->leaf + 3, b->n_cells);
    put16(b->leaf + 5, b->content);
}

static int flush_leaf(struct zm_btree *b, struct zm_err *err)
{
    uint32_t page;
    close_leaf(b);
    ZM_TRY(add_page(b->pager, b->leaf, &page, err));
    ZM_TRY(note_child(&b->children, page, b->last_rowid, err));
    start_leaf(b);
    return 0;
}

/* How many bytes of a record stay on the leaf. */
static size_t local_bytes(size_t size)
{
    if (size <= LOCAL_MAX)
        return size;
    size_t local = LOCAL_MIN + (size - LOCAL_MIN) % OVERFLOW_BYTES;
    return local <= LOCAL_MAX ? local : LOCAL_MIN;
}

/* Appends the chain of overflow pages. They follow each other in the file, but for the lock page between two.
 */
static int add_overflow(struct zm_pager *p, struct zm_str rest, uint32_t *first, struct zm_err *err)
{
    *first = 0;
    while (rest.len) {
        unsigned char page[ZM_PAGE_BYTES] = {0};
        bool last = rest.len <= OVERFLOW_BYTES;
        size_t part = last ? rest.len : OVERFLOW_BYTES;
        uint32_t number;
        uint64_t here = p->file->end == p->lock_byte ? p->file->end + ZM_PAGE_BYTES : p->file->end;
        uint64_t next = here + ZM_PAGE_BYTES;
        if (next == p->lock_byte)
            next += ZM_PAGE_BYTES;
        if (!last)
            put32(page, (uint32_t)(next / ZM_PAGE_BYTES + 1));
        memcpy(page + 4, rest.ptr, part);
        ZM_TRY(add_page(p, page, &number, err));
        if (*first == 0)
            *first = number;
        rest = zm_str_sub(rest, part, rest.len);
    }
    return 0;
}

int zm_btree_add(struct zm_btree *b, uint64_t rowid, struct zm_str record, struct zm_err *err)
{
    if (b->n_rows && rowid <= b->last_rowid)
        return zm_fail(err, ZM_E_INTERNAL, "row %llu does not ascend", (unsigned long long)rowid);
    unsigned char head[18];
    unsigned n_head = zm_varint_put(head, record.len);
    n_head += zm_varint_put(head + n_head, rowid);
    size_t local = local_bytes(record.len);
    size_t cell = n_head + local + (local < record.len ? 4 : 0);
    if (LEAF_HEAD + 2 * (b->n_cells + 1) + cell > b->content)
        ZM_TRY(flush_leaf(b, err));
    uint32_t overflow;
    ZM_TRY(add_overflow(b->pager, zm_str_sub(record, local, record.len), &overflow, err));

    b->content -= (unsigned)cell;
    unsigned char *at = b->leaf + b->content;
    memcpy(at, head, n_head);
    memcpy(at + n_head, record.ptr, local);
    if (overflow)
        put32(at + n_head + local, overflow);
    put16(b->leaf + LEAF_HEAD + 2 * (size_t)b->n_cells, b->content);
    b->n_cells++;
    b->n_rows++;
    b->last_rowid = rowid;
    return 0;
}

/* A page over n children (2 or more): each but the last in a cell, the last as the right-most pointer. */
static void fill_interior(unsigned char *page, const struct child *children, size_t n)
{
    memset(page, 0, ZM_PAGE_BYTES);
    unsigned content = ZM_PAGE_BYTES;
    for (size_t i = 0; i + 1 < n; i++) {
        unsigned char cell[13];
        put32(cell, children[i].page);
        unsigned size = 4 + zm_varint_put(cell + 4, children[i].last_rowid);
        content -= size;
        memcpy(page + content, cell, size);
        put16(page + INTERIOR_HEAD + 2 * i, content);
    }
    page[0] = INTERIOR;
    put16(page + 3, (unsigned)(n - 1));
    put16(page + 5, content);
    put32(page + 8, children[n - 1].page);
}

/* One level up: the children are dealt out evenly, so that no page is left with a single one. */
static int build_level(struct zm_btree *b, struct zm_err *err)
{
    const struct child *children = (const struct child *)(const void *)b->children.ptr;
    size_t n = b->children.len / sizeof *children, pages = (n + FAN_OUT - 1) / FAN_OUT;
    struct zm_buf parents;
    zm_buf_init(&parents, children_max);
    int rc = 0;
    for (size_t i = 0; i < pages && rc == 0; i++) {
        size_t from = n * i / pages, to = n * (i + 1) / pages;
        unsigned char page[ZM_PAGE_BYTES];
        uint32_t number = 0;
        fill_interior(page, children + from, to - from);
        rc = add_page(b->pager, page, &number, err);
        if (rc == 0)
            rc = note_child(&parents, number, children[to - 1].last_rowid, err);
    }
    if (rc != 0) {
        zm_buf_release(&parents);
        return rc;
    }
    zm_buf_release(&b->children);
    b->children = parents;
    return 0;
}

int zm_btree_finish(struct zm_btree *b, struct zm_err *err)
{
    if (b->children.len == 0) {
        close_leaf(b);
        return write_root(b, b->leaf, err);
    }
    if (b->n_cells)
        ZM_TRY(flush_leaf(b, err));
    while (b->children.len > FAN_OUT * sizeof(struct child))
        ZM_TRY(build_level(b, err));
    unsigned char page[ZM_PAGE_BYTES];
    fill_interior(page, (const struct child *)(const void *)b->children.ptr,
                  b->children.len / sizeof(struct child));
    return write_root(b, page, err);
}

int zm_pager_finish(struct zm_pager *p, struct zm_err *err)
{
    unsigned char pages[4];
    put32(pages, (uint32_t)(p->file->end / ZM_PAGE_BYTES));
    return zm_outfile_patch(p->file, 28, zm_str_n((const char *)pages, sizeof pages), err);
}
