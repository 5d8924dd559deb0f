/* zm-generate: see samples/generate for the command line. */
#include "geo/base/file.h"
#include "samples/generate.h"

#include <getopt.h>
#include <stdlib.h>

static const char usage[] =
    "usage: samples/generate --rows N --seed S --out DIR [--city 330300] [--kinds address,road,division]\n"
    "                        [--sources police,housing,planning,township,partner] [--clean] [--defect "
    "RULE=RATE ...]\n"
    "Writes DIR/inbox/*, DIR/job.ini and DIR/truth.csv (source,row,rule; row 0 is the source as a whole).\n"
    "--clean sets every rate to 0; --defect changes one (ADR-013=0.01); a rule about whole sources gets a "
    "small source of\n"
    "its own with RULE=1 (CRD-001, 005, 006, 007, 009, 011, IMP-004).\n";

/* Share of the rows, in percent, and the most rows a delivery of that kind is ever seen with. */
static const struct {
    unsigned percent;
    uint64_t most;
} shares[ZM_GEN_N_SOURCES] = {{70, UINT64_MAX}, {15, UINT64_MAX}, {8, 300000}, {3, 30000}, {4, 400000}};

struct run {
    struct zm_gen_options options;
    struct zm_gen_rates rates;
    struct zm_gen_world world;
    struct zm_gen_file truth;
    uint64_t rows[ZM_GEN_N_SOURCES];
};

static void share_out(struct run *run)
{
    uint64_t total = 0, given = 0;
    unsigned first = ZM_GEN_N_SOURCES;
    for (unsigned i = 0; i < ZM_GEN_N_SOURCES; i++)
        total += run->options.sources >> i & 1 ? shares[i].percent : 0;
    for (unsigned i = 0; i < ZM_GEN_N_SOURCES; i++) {
        if (!(run->options.sources >> i & 1))
            continue;
        first = first == ZM_GEN_N_SOURCES ? i : first;
        uint64_t n = run->options.rows * shares[i].percent / total;
        run->rows[i] = n < shares[i].most ? n : shares[i].most;
        given += run->rows[i];
    }
    if (first < ZM_GEN_N_SOURCES)
        run->rows[first] += run->options.rows - given; /* what caps and rounding leave */
}

/* Which door a row delivers: police, housing and township have their own; planning and partner repeat others'
 * doors. */
static uint64_t door_of(const struct run *run, enum zm_gen_source_id source, uint64_t row)
{
    switch (source) {
    case ZM_GEN_HOUSING:
        return run->rows[ZM_GEN_POLICE] + row;
    case ZM_GEN_TOWNSHIP:
        return run->rows[ZM_GEN_POLICE] + run->rows[ZM_GEN_HOUSING] + row;
    case ZM_GEN_PLANNING:
        return (row * 3 + 1) % run->world.n_doors;
    case ZM_GEN_PARTNER:
        return (row * 5 + 2) % run->world.n_doors;
    default:
        return row;
    }
}

static int make_row(struct run *run, enum zm_gen_source_id source, uint64_t number, struct zm_gen_row *row,
                    struct zm_err *err)
{
    struct zm_gen_rng rng = {zm_gen_mix(run->world.seed ^ zm_gen_mix((uint64_t)source << 56 | number))};
    int defect = zm_gen_defect_pick(&run->rates, source, zm_gen_unit(&rng));
    uint64_t index = defect < 0 ? UINT64_MAX : zm_gen_defect_door(&run->world, defect, &rng);
    struct zm_gen_door door;
    zm_gen_door_at(&run->world, index == UINT64_MAX ? door_of(run, source, number - 1) : index, &door);
    zm_gen_row_fill(row, &door, number);
    if (source == ZM_GEN_TOWNSHIP && number == run->rows[source]) {
        row->totals = true; /* the office always closes its list with one */
        return zm_gen_printf(&run->truth, err, "township,%llu,IMP-005\n", (unsigned long long)number);
    }
    if (defect < 0)
        return 0;
    zm_gen_defect_apply(&run->world, defect, &door, row, &rng);
    return zm_gen_printf(&run->truth, err, "%s,%llu,%s\n", zm_gen_source_name(source),
                         (unsigned long long)number, zm_gen_defect_rule(defect));
}

static int open_writer(enum zm_gen_source_id source, const char *folder, struct zm_gen_writer *out,
                       struct zm_err *err)
{
    char path[1024];
    const char *end = source == ZM_GEN_PLANNING ? "gpkg" : source == ZM_GEN_TOWNSHIP ? "xlsx" : "csv";
    snprintf(path, sizeof path, "%s/%s.%s", folder, zm_gen_source_name(source), end);
    if (source == ZM_GEN_PLANNING)
        return zm_gen_gpkg_open(out, path, err);
    if (source == ZM_GEN_TOWNSHIP)
        return zm_gen_xlsx_open(out, path, err);
    return zm_gen_csv_open(out, source, path, err);
}

static int write_source(struct run *run, enum zm_gen_source_id source, const char *folder, struct zm_err *err)
{
    struct zm_gen_writer writer;
    struct zm_gen_row row = {0};
    ZM_TRY(open_writer(source, folder, &writer, err));
    int rc = 0;
    for (uint64_t number = 1; number <= run->rows[source] && rc == 0; number++) {
        rc = make_row(run, source, number, &row, err);
        if (rc == 0)
            rc = writer.row(writer.self, &row, err);
    }
    if (rc == 0)
        return writer.close(writer.self, err);
    writer.abandon(writer.self);
    return rc;
}

static int write_all(struct run *run, struct zm_err *err)
{
    char inbox[900], path[1024];
    snprintf(inbox, sizeof inbox, "%s/inbox", run->options.out);
    ZM_TRY(zm_dir_make(inbox, err));
    ZM_TRY(zm_gen_world_init(&run->world, run->options.city, run->options.seed, run->options.rows, err));
    snprintf(path, sizeof path, "%s/truth.csv", run->options.out);
    ZM_TRY(zm_gen_file_open(&run->truth, path, "UTF-8", false, err));
    ZM_TRY(zm_gen_printf(&run->truth, err, "source,row,rule\n"));
    for (unsigned i = 0; i < ZM_GEN_N_SOURCES; i++) {
        if (run->options.sources >> i & 1)
            ZM_TRY(write_source(run, (enum zm_gen_source_id)i, inbox, err));
    }
    for (unsigned i = 0; i < ZM_GEN_N_SPECIALS; i++) {
        if (!run->options.special[i])
            continue;
        ZM_TRY(zm_gen_write_special(&run->world, (enum zm_gen_special_id)i, inbox, err));
        ZM_TRY(zm_gen_printf(&run->truth, err, "%s,0,%s\n", zm_gen_special_name((enum zm_gen_special_id)i),
                             zm_gen_special_rule((enum zm_gen_special_id)i)));
    }
    snprintf(path, sizeof path, "%s/divisions.geojson", inbox);
    if (run->options.divisions)
        ZM_TRY(zm_gen_write_divisions(&run->world, path, err));
    snprintf(path, sizeof path, "%s/roads.geojson", inbox);
    if (run->options.roads)
        ZM_TRY(zm_gen_write_roads(&run->world, path, err));
    snprintf(path, sizeof path, "%s/job.ini", run->options.out);
    return zm_gen_write_job(&run->options, path, err);
}

/* A comma list against the names it may hold; bits by index, or an error with all names. */
static int read_list(const char *option, const char *text, const char *const *known, unsigned n,
                     unsigned *out, struct zm_err *err)
{
    unsigned bits = 0;
    struct zm_str rest = zm_str(text);
    while (rest.ptr) {
        struct zm_str name = zm_str_cut(&rest, ',');
        unsigned i = 0;
        while (i < n && !zm_str_eq(name, zm_str(known[i])))
            i++;
        if (i == n)
            return zm_fail(err, ZM_E_USAGE, "%s: there is no \"%.*s\"", option, ZM_FMT(name));
        bits |= 1u << i;
    }
    *out = bits;
    return 0;
}

static int read_defect(struct run *run, const char *text, struct zm_err *err)
{
    struct zm_str rest = zm_str(text), rule = zm_str_cut(&rest, '=');
    char id[16];
    double rate;
    snprintf(id, sizeof id, "%.*s", ZM_FMT(rule));
    if (!rest.ptr || !zm_str_to_double(rest, &rate) || rate < 0 || rate > 1)
        return zm_fail(err, ZM_E_USAGE, "--defect %s: write RULE=RATE with a rate from 0 to 1", text);
    for (unsigned i = 0; i < ZM_GEN_N_SPECIALS && rate >= 1; i++) {
        if (strcmp(zm_gen_special_rule((enum zm_gen_special_id)i), id) == 0) {
            run->options.special[i] = true;
            return 0;
        }
    }
    if (!zm_gen_rates_set(&run->rates, id, rate))
        return zm_fail(err, ZM_E_USAGE, "--defect %s: no row can be given a defect of this rule", text);
    return 0;
}

static int read_number(const char *option, const char *text, uint64_t *out, struct zm_err *err)
{
    return zm_str_to_u64(zm_str(text), out) ? 0
                                            : zm_fail(err, ZM_E_USAGE, "%s %s: not a number", option, text);
}

static int read_option(struct run *run, int option, const char *value, struct zm_err *err)
{
    static const char *const kinds[] = {"address", "road", "division"};
    const char *sources[ZM_GEN_N_SOURCES];
    uint64_t city = 0;
    unsigned bits;
    for (unsigned i = 0; i < ZM_GEN_N_SOURCES; i++)
        sources[i] = zm_gen_source_name((enum zm_gen_source_id)i);
    switch (option) {
    case 'c':
        ZM_TRY(read_number("--city", value, &city, err));
        run->options.city = (uint32_t)(city / 100);
        return 0;
    case 'r':
        return read_number("--rows", value, &run->options.rows, err);
    case 's':
        return read_number("--seed", value, &run->options.seed, err);
    case 'o':
        run->options.out = value;
        return 0;
    case 'k':
        ZM_TRY(read_list("--kinds", value, kinds, 3, &bits, err));
        run->options.sources = bits & 1 ? run->options.sources : 0;
        run->options.roads = bits & 2;
        run->options.divisions = bits & 4;
        return 0;
    case 'f':
        return read_list("--sources", value, sources, ZM_GEN_N_SOURCES, &run->options.sources, err);
    case 'n':
        zm_gen_rates_init(&run->rates, true);
        return 0;
    case 'd':
        return read_defect(run, value, err);
    case 'h':
        fputs(usage, stdout);
        exit(0);
    default:
        return zm_fail(err, ZM_E_USAGE, "unknown option, or an option without its value");
    }
}

static int read_options(struct run *run, int argc, char **argv, struct zm_err *err)
{
    static const struct option options[] = {
        {"city", required_argument, NULL, 'c'},  {"rows", required_argument, NULL, 'r'},
        {"seed", required_argument, NULL, 's'},  {"out", required_argument, NULL, 'o'},
        {"kinds", required_argument, NULL, 'k'}, {"sources", required_argument, NULL, 'f'},
        {"clean", no_argument, NULL, 'n'},       {"defect", required_argument, NULL, 'd'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0},
    };
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        ZM_TRY(read_option(run, option, optarg, err));
    if (!run->options.out || !run->options.rows || optind < argc)
        return zm_fail(err, ZM_E_USAGE, "--rows and --out are needed");
    return 0;
}

int main(int argc, char **argv)
{
    static struct run run = {.options = {.city = 3303,
                                         .seed = 1,
                                         .sources = (1u << ZM_GEN_N_SOURCES) - 1,
                                         .divisions = true,
                                         .roads = true}};
    struct zm_err err = {0};
    zm_gen_rates_init(&run.rates, false);
    int rc = read_options(&run, argc, argv, &err);
    if (rc == 0) {
        share_out(&run);
        rc = write_all(&run, &err);
        int closed = zm_gen_file_close(&run.truth, rc == 0 ? &err : NULL);
        rc = rc ? rc : closed;
        zm_gen_world_release(&run.world);
    }
    if (rc != 0)
        fprintf(stderr, "generate: %s\n%s", err.text, err.code == ZM_E_USAGE ? usage : "");
    return rc ? zm_code_exit(err.code) : 0;
}
