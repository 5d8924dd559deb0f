/* Is a source's declared datum true? Dataset statistics behind CRD-005 and CRD-006 (design notes: domain.md
 * 7).
 *
 * Two kinds of evidence, added point by point, merged over workers, independent of order:
 *  - pairs: the same tuple in a reference source: the offset in metres east and north;
 *  - axes: a point with a named road: its distance to the axis as declared, and the distances it would have
 * if the coordinates were really GCJ-02 or BD-09 (the axis is shifted forward, nothing is converted back). */
#pragma once

#include "geo/space/axes.h"

enum zm_offset_verdict { ZM_OFFSET_UNKNOWN, ZM_OFFSET_TRUE, ZM_OFFSET_GCJ02, ZM_OFFSET_BD09 };

struct zm_offset; /* one a worker and source */
int zm_offset_new(struct zm_offset **out, struct zm_err *err);
void zm_offset_free(struct zm_offset *o);
int zm_offset_add_pair(struct zm_offset *o, double east_m, double north_m, struct zm_err *err);
int zm_offset_add_axis(struct zm_offset *o, const struct zm_axes *a, uint32_t county, struct zm_str road,
                       double lon, double lat, struct zm_err *err);
int zm_offset_merge(struct zm_offset *into, const struct zm_offset *from, struct zm_err *err);

struct zm_offset_report {
    enum zm_offset_verdict verdict;   /* UNKNOWN below 30 points of evidence */
    uint64_t n;                       /* points of evidence */
    double median_m;                  /* median distance as declared */
    double median_gcj_m, median_bd_m; /* medians if it were GCJ-02, BD-09 */
};
int zm_offset_judge(struct zm_offset *o, struct zm_offset_report *out, struct zm_err *err);
