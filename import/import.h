/* From a file an agency sent to batches. The file is opened only in a reader child: this program re-executed
 * with the hidden command `reader`, locked in before it opens the file. CSV is read by our own reader,
 * everything else by OGR. Only mapped columns leave the child; personal columns and values are dropped there
 * and counted. */
#pragma once

#include "geo/base/buf.h"
#include "geo/record/account.h"
#include "geo/record/source.h"

/* What reading the file told. Texts are owned by the import and live until zm_import_close. */
struct zm_import_stats {
    uint64_t rows_in; /* data records, rejected ones included */
    uint64_t rejected[ZM_N_REASONS];
    uint64_t personal_columns, personal_values;
    uint64_t bytes;    /* of the file */
    char sha256[65];   /* of the file, hex; of all its parts for a Shapefile */
    char format[16];   /* "csv" "gpkg" "shp" "geojson" "xlsx" "sqlite" */
    char encoding[16]; /* "UTF-8" "GB18030" "UTF-16LE" "" */
    char crs[32];      /* "EPSG:4490" as the file says, "" if it says nothing */
    bool has_geometry;
    char notes[2048]; /* warnings for the log, one a line: unmapped columns, no sandbox in this kernel */
};

struct zm_import;

/* Starts the child and reads the header. program: path of this executable ("/proc/self/exe" in the program
 * itself). Errors name the file, and where known row and field: ZM_E_INPUT, or ZM_E_USAGE for a mapping that
 * names no column. */
int zm_import_open(struct zm_import **out, const struct zm_source *source, const char *program,
                   struct zm_err *err);

/* Starts the child only, which reads the header while the caller does other things. What open would have
 * said, the first zm_import_next says. Like open: the child dies with the calling thread. */
int zm_import_start(struct zm_import **out, const struct zm_source *source, const char *program,
                    struct zm_err *err);

/* The next batch, copied out of shared memory into block (ZM_BATCH_BLOCK_BYTES, the caller's) and checked.
 * *more = false after the last. Any error fails the whole source. One thread at a time. */
int zm_import_next(struct zm_import *in, void *block, struct zm_batch *out, bool *more, struct zm_err *err);

/* After the last batch. */
const struct zm_import_stats *zm_import_stats(const struct zm_import *in);
void zm_import_close(struct zm_import *in); /* kills the child if it still runs */

/* The hidden command: reads its orders from descriptor 3 and never returns anything but an exit status. */
int zm_reader_main(void);

/* `zhengming map`: drafts the [source] section for a file as UTF-8 text appended to out: columns guessed,
 * samples shown as comments (values of columns that look personal are not shown). */
int zm_import_draft(const char *path, enum zm_kind kind, const char *program, struct zm_buf *out,
                    struct zm_err *err);
