/* One delivery of addresses: read by the reader child, understood and judged by a crew of workers, spooled.
 */
#pragma once

#include "job/readers.h"
#include "job/report.h"
#include "job/run.h"
#include "job/shards.h"

/* Reads the whole source. Fills result (account, stats, base, quarantined). A file that cannot be read is an
 * error of code ZM_E_INPUT or ZM_E_USAGE; what was spooled of it until then must not be published. */
int zm_deliver(const struct zm_checker *checker, const struct zm_source *source, struct zm_str manifest,
               const struct zm_last_delivery *last, struct zm_readers *readers, unsigned threads,
               const struct zm_env *env, struct zm_shards *shards, struct zm_source_result *result,
               struct zm_err *err);
