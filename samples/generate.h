/* The seeded city generator: invented areas, roads and doors under real division names, delivered as several
 * agencies would deliver them, with defects injected by rate and listed in truth.csv. Everything follows from
 * (city, seed, rows, rates) by counter-based hashing, so any row can be made alone and two runs write the
 * same bytes. */
#pragma once

#include "geo/base/buf.h"
#include "geo/tables/division.h"

#include <stdio.h>

enum { ZM_GEN_AS_OF = 20250630, ZM_GEN_ROAD_POINTS = 10, ZM_GEN_LATTICE = 384, ZM_GEN_DOORS_PER_LOT = 8 };

/* splitmix64: the finaliser as a hash, the sequence as a generator. */
static inline uint64_t zm_gen_mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}
struct zm_gen_rng {
    uint64_t state;
};
static inline uint64_t zm_gen_next(struct zm_gen_rng *r)
{
    return zm_gen_mix(r->state++);
}
static inline unsigned zm_gen_below(struct zm_gen_rng *r, unsigned n) /* n > 0 */
{
    return (unsigned)((zm_gen_next(r) >> 32) * n >> 32);
}
static inline double zm_gen_unit(struct zm_gen_rng *r) /* [0, 1) */
{
    return (double)(zm_gen_next(r) >> 11) * 0x1p-53;
}

/* Where a division lies: cells [u0, u1) x [v0, v1) of the lattice. */
struct zm_gen_rect {
    int u0, v0, u1, v1;
};

struct zm_gen_committee {
    uint64_t code;
    struct zm_str name; /* as in a standard address: ..社区, ..村 */
};

struct zm_gen_county {
    uint32_t code;
    struct zm_str name;
    struct zm_gen_rect rect;
    uint32_t first_area, n_areas;
};

/* A town, or a part of a county that has no towns (town 0). */
struct zm_gen_area {
    uint32_t county, town;
    uint32_t county_at; /* index of the county */
    struct zm_str town_name;
    struct zm_gen_rect rect;
    uint32_t first_committee, n_committees; /* 0 where no committee has a name a standard address can carry */
    uint32_t first_road, n_roads;
};

struct zm_gen_road {
    uint32_t area;
    char name[24];
    unsigned n;
    double xy[2 * ZM_GEN_ROAD_POINTS]; /* EPSG:4490 lon, lat */
    double length_m;
};

struct zm_gen_world {
    uint64_t seed;
    uint64_t n_doors;            /* size of the address universe */
    uint64_t n_lots, lot_stride; /* door i belongs to lot i / 8 * lot_stride % n_lots */
    struct zm_divisions divisions;
    struct zm_gen_county *counties; /* owned, as the arrays below */
    struct zm_gen_area *areas;
    struct zm_gen_committee *committees;
    struct zm_gen_road *roads;
    uint32_t n_counties, n_areas, n_committees, n_roads;
};

/* city is 3303; ZM_E_USAGE if the division table has no counties for it. */
int zm_gen_world_init(struct zm_gen_world *w, uint32_t city, uint64_t seed, uint64_t n_doors,
                      struct zm_err *err);
void zm_gen_world_release(struct zm_gen_world *w);
int zm_gen_roads_init(struct zm_gen_world *w, struct zm_err *err); /* second half of zm_gen_world_init */

/* Lattice place to EPSG:4490 degrees: a smooth warp, so that rectangles become crooked but still tile. */
void zm_gen_place(const struct zm_gen_world *w, double u, double v, double *lon, double *lat);
/* The same with a jitter of its own for each lattice vertex: what polygon corners use. */
void zm_gen_corner(const struct zm_gen_world *w, int u, int v, double *lon, double *lat);

/* One door of the universe. Equal index, equal door, whatever source delivers it. */
struct zm_gen_door {
    const struct zm_gen_area *area;
    const struct zm_gen_county *county;
    const struct zm_gen_road *road;
    const struct zm_gen_committee *committee; /* NULL if the area has none */
    bool rural;                               /* N组N号 under a village instead of road and number */
    unsigned group, number, sub, building, unit, floor, room; /* 0 = absent */
    unsigned estate;                                          /* 0 = none, else seed of its name */
    bool show_floor;
    double lon, lat;
    uint32_t valid_from, upd_date;
};
void zm_gen_door_at(const struct zm_gen_world *w, uint64_t index, struct zm_gen_door *out);
/* A place of any area but those of this county: where a misplaced point lands. */
void zm_gen_place_elsewhere(const struct zm_gen_world *w, uint32_t county, struct zm_gen_rng *rng,
                            double *lon, double *lat);

/* The pieces of one delivered row; defects edit them before a source writes its columns. All UTF-8 with NUL.
 */
enum { ZM_GEN_PIECE = 96, ZM_GEN_TEXT = 1024 };
struct zm_gen_row {
    char key[24], county6[16], town9[16], comm12[24], addr_code[32];
    char town3[8];           /* the last three digits of town9 alone, as some registers keep it */
    char head[ZM_GEN_PIECE]; /* province and city */
    char county[ZM_GEN_PIECE], town[ZM_GEN_PIECE], committee[ZM_GEN_PIECE], road[ZM_GEN_PIECE];
    char number[ZM_GEN_PIECE], estate[ZM_GEN_PIECE], building[ZM_GEN_PIECE], unit[ZM_GEN_PIECE];
    char floor[ZM_GEN_PIECE], room[ZM_GEN_PIECE], tail[ZM_GEN_PIECE];
    char text[ZM_GEN_TEXT];          /* empty: the pieces in order */
    char lon_text[40], lat_text[40]; /* empty: made from the numbers */
    char east_prefix[8];             /* digits in front of the east value */
    const char *status;
    char valid_from[16], valid_to[16], upd_date[16];
    double lon, lat;   /* EPSG:4490 */
    unsigned decimals; /* of lon and lat as written */
    bool swapped;      /* first and second coordinate change places */
    bool no_point;
    bool totals; /* not a record but a line of sums */
};
void zm_gen_row_fill(struct zm_gen_row *row, const struct zm_gen_door *door, uint64_t number);
/* The whole address; out holds ZM_GEN_TEXT. Returns its length. */
size_t zm_gen_row_text(const struct zm_gen_row *row, char *out);
/* "120.1234567": fixed decimals, trailing zeros kept, no locale. Returns the length; out holds 40 bytes. */
size_t zm_gen_fixed(double value, unsigned decimals, char *out);

/* Who delivers. Bits say which defects a source can carry. */
enum zm_gen_source_id {
    ZM_GEN_POLICE,
    ZM_GEN_HOUSING,
    ZM_GEN_PLANNING,
    ZM_GEN_TOWNSHIP,
    ZM_GEN_PARTNER,
    ZM_GEN_N_SOURCES
};

/* The small deliveries that are wrong as a whole; made only when their rule is asked for. */
enum zm_gen_special_id {
    ZM_GEN_WRONG_CRS,
    ZM_GEN_HIDDEN_GCJ,
    ZM_GEN_HIDDEN_BD,
    ZM_GEN_OLD_DATUM,
    ZM_GEN_DMS,
    ZM_GEN_LATLON,
    ZM_GEN_CUT,
    ZM_GEN_N_SPECIALS
};

struct zm_gen_options {
    uint32_t city; /* 3303 */
    uint64_t rows, seed;
    const char *out;
    unsigned sources; /* bits of enum zm_gen_source_id */
    bool divisions, roads;
    bool special[ZM_GEN_N_SPECIALS];
};

/* Defects a row can carry, and their rates. */
struct zm_gen_rates {
    double rate[64];
};
void zm_gen_rates_init(struct zm_gen_rates *r, bool clean); /* the defaults, or none */
/* False if no row of any source can carry this rule's defect. */
bool zm_gen_rates_set(struct zm_gen_rates *r, const char *rule, double rate);
/* Which defect this row gets: an index for the calls below, or -1. */
int zm_gen_defect_pick(const struct zm_gen_rates *r, enum zm_gen_source_id source, double unit);
const char *zm_gen_defect_rule(int defect);
/* Doors that the defect needs (a renamed county), else UINT64_MAX: take the row's own. */
uint64_t zm_gen_defect_door(const struct zm_gen_world *w, int defect, struct zm_gen_rng *rng);
void zm_gen_defect_apply(const struct zm_gen_world *w, int defect, const struct zm_gen_door *door,
                         struct zm_gen_row *row, struct zm_gen_rng *rng);

/* A text file in some encoding, written in blocks. */
struct zm_gen_file {
    FILE *f;
    void *converter; /* iconv_t, or NULL for UTF-8 */
    struct zm_buf buf;
    char path[1024];
};
int zm_gen_file_open(struct zm_gen_file *f, const char *path, const char *encoding, bool bom,
                     struct zm_err *err);
int zm_gen_put(struct zm_gen_file *f, const char *text, size_t len, struct zm_err *err);
int zm_gen_printf(struct zm_gen_file *f, struct zm_err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int zm_gen_file_close(struct zm_gen_file *f, struct zm_err *err);

/* EPSG:4490 degrees to EPSG:4549 east, north (PROJ). */
struct zm_gen_projection;
int zm_gen_projection_open(struct zm_gen_projection **out, struct zm_err *err);
void zm_gen_projection_close(struct zm_gen_projection *p);
void zm_gen_project(struct zm_gen_projection *p, double lon, double lat, double *east, double *north);

/* One delivery: rows in, a file out. close finishes the file; abandon only frees. */
struct zm_gen_writer {
    int (*row)(void *self, const struct zm_gen_row *row, struct zm_err *err);
    int (*close)(void *self, struct zm_err *err);
    void (*abandon)(void *self);
    void *self;
};
int zm_gen_csv_open(struct zm_gen_writer *out, enum zm_gen_source_id source, const char *path,
                    struct zm_err *err);
int zm_gen_gpkg_open(struct zm_gen_writer *out, const char *path, struct zm_err *err);
int zm_gen_xlsx_open(struct zm_gen_writer *out, const char *path, struct zm_err *err);

int zm_gen_write_divisions(const struct zm_gen_world *w, const char *path, struct zm_err *err);
int zm_gen_write_roads(const struct zm_gen_world *w, const char *path, struct zm_err *err);
int zm_gen_write_special(const struct zm_gen_world *w, enum zm_gen_special_id special, const char *folder,
                         struct zm_err *err);
int zm_gen_write_job(const struct zm_gen_options *o, const char *path, struct zm_err *err);
const char *zm_gen_source_name(enum zm_gen_source_id source); /* "police" */
const char *zm_gen_special_name(enum zm_gen_special_id special);
const char *zm_gen_special_rule(enum zm_gen_special_id special);
