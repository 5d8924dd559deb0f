#include "job/collate.h"

#include "geo/base/hash.h"
#include "geo/base/mem.h"
#include "geo/base/sort.h"

#include <stdlib.h>

enum { ROW_BITS = 40 }; /* of ZM_ROW_MAX; a job has far fewer than 2^24 sources */

static uint64_t order_key(uint32_t source, uint64_t row)
{
    return (uint64_t)source << ROW_BITS | row;
}

static uint32_t source_of(uint64_t order)
{
    return (uint32_t)(order >> ROW_BITS);
}

static uint64_t row_of(uint64_t order)
{
    return order & ZM_ROW_MAX;
}

static int collate_addresses(struct zm_str spool, const bool *skip, const struct zm_collate_visitor *v,
                             struct zm_err *err)
{
    struct zm_address a;
    size_t n = 0, at = 0;
    while (zm_address_peek(&a, spool, &at))
        n++;
    if (at != spool.len)
        return zm_fail(err, ZM_E_INTERNAL, "a spool of addresses is broken at byte %zu", at);
    struct zm_pair *order = zm_alloc(n * sizeof *order);
    if (!order)
        return zm_fail_memory(err, n * sizeof *order);
    at = 0;
    for (size_t i = 0; i < n; i++) {
        size_t begin = at;
        zm_address_peek(&a, spool, &at);
        order[i] = (struct zm_pair){order_key(a.source, a.row), begin};
    }
    int rc = zm_sort(order, n, err);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        at = order[i].value;
        if (!zm_address_decode(&a, spool, &at))
            rc = zm_fail(err, ZM_E_INTERNAL, "a spool of addresses is broken at byte %zu", at);
        else if (!skip[a.source])
            rc = v->address(v->self, &a, err);
    }
    zm_free(order);
    return rc;
}

/* Where a finding lies, and all that its place in the order depends on. */
struct entry {
    uint64_t order, cause;
    size_t at;
    struct zm_str args;
    uint16_t rule;
    uint8_t field, fixed;
};

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    uint32_t x_source = source_of(x->order), y_source = source_of(y->order);
    if (x_source != y_source)
        return x_source < y_source ? -1 : 1;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    if (x->fixed != y->fixed)
        return x->fixed < y->fixed ? -1 : 1;
    if (x->cause != y->cause)
        return x->cause < y->cause ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return zm_str_cmp(x->args, y->args);
}

/* Fixed findings are history: each row keeps its own before and after. */
static bool same_cause(const struct entry *a, const struct entry *b)
{
    return a->cause != 0 && a->cause == b->cause && a->rule == b->rule &&
           source_of(a->order) == source_of(b->order) && !a->fixed && !b->fixed;
}

static int emit(struct zm_str spool, const struct entry *group, size_t n, const struct zm_collate_visitor *v,
                struct zm_err *err)
{
    struct zm_finding f;
    size_t at = group[0].at;
    uint64_t n_rows = 0;
    zm_finding_decode(&f, spool, &at);
    for (size_t i = 0; i < n; i++)
        n_rows += row_of(group[i].order) != 0 && (i == 0 || group[i].order != group[i - 1].order);
    ZM_TRY(v->finding(v->self, &f, n_rows, err));
    for (size_t i = 0; v->finding_row && !f.fixed && i < n; i++)
        if (row_of(group[i].order) != 0 && (i == 0 || group[i].order != group[i - 1].order))
            ZM_TRY(v->finding_row(v->self, f.source, row_of(group[i].order), err));
    return 0;
}

static int collate_findings(struct zm_str spool, const struct zm_collate_visitor *v, struct zm_err *err)
{
    struct zm_finding f;
    size_t n = 0, at = 0;
    while (zm_finding_decode(&f, spool, &at))
        n++;
    if (at != spool.len)
        return zm_fail(err, ZM_E_INTERNAL, "a spool of findings is broken at byte %zu", at);
    struct entry *entries = zm_alloc(n * sizeof *entries);
    if (!entries)
        return zm_fail_memory(err, n * sizeof *entries);
    at = 0;
    for (size_t i = 0; i < n; i++) {
        size_t begin = at;
        zm_finding_decode(&f, spool, &at);
        entries[i] = (struct entry){order_key(f.source, f.row),
                                    f.cause.len ? zm_hash(f.cause) | 1 : 0,
                                    begin,
                                    f.args,
                                    f.rule,
                                    f.field,
                                    f.fixed};
    }
    qsort(entries, n, sizeof *entries, compare);
    int rc = 0;
    for (size_t i = 0, end; rc == 0 && i < n; i = end) {
        for (end = i + 1; end < n && same_cause(&entries[i], &entries[end]);)
            end++;
        rc = emit(spool, &entries[i], end - i, v, err);
    }
    zm_free(entries);
    return rc;
}

int zm_collate(const struct zm_shards *shards, uint32_t county, const bool *skip,
               const struct zm_collate_visitor *visitor, struct zm_err *err)
{
    struct zm_shard shard;
    ZM_TRY(zm_shard_open(shards, county, &shard, err));
    int rc = visitor->address ? collate_addresses(shard.addresses, skip, visitor, err) : 0;
    if (rc == 0 && visitor->finding)
        rc = collate_findings(shard.findings, visitor, err);
    zm_shard_close(&shard);
    return rc;
}
