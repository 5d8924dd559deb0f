#include "job/facts.h"

#include "geo/base/mem.h"
#include "geo/base/utf8.h"
#include "geo/tables/text.h"
#include "job/facts_own.h"

#include <math.h>

/* Findings within this many degrees (about 500 m) share a spot: finer than the map can show. */
#define SPOT_DEG 0.005

int zm_facts_new(struct zm_facts **out, const struct zm_job *job, const struct zm_divisions *divisions,
                 struct zm_err *err)
{
    struct zm_facts *f = zm_calloc(1, sizeof *f);
    if (!f)
        return zm_fail_memory(err, sizeof *f);
    f->job = job;
    f->divisions = divisions;
    zm_arena_init(&f->arena, ZM_FACTS_BYTES);
    zm_buf_init(&f->message, 1 << 20);
    zm_table_init(&f->town_index);
    zm_table_init(&f->spot_index);
    f->towns = zm_calloc(ZM_FACTS_TOWNS, sizeof *f->towns);
    f->spots = zm_calloc(ZM_FACTS_SPOTS, sizeof *f->spots);
    f->outlines = zm_calloc(ZM_FACTS_OUTLINES, sizeof *f->outlines);
    if (!f->towns || !f->spots || !f->outlines) {
        zm_facts_free(f);
        return zm_fail_memory(err, ZM_FACTS_SPOTS * sizeof *f->spots);
    }
    *out = f;
    return 0;
}

void zm_facts_free(struct zm_facts *f)
{
    if (!f)
        return;
    zm_table_release(&f->town_index);
    zm_table_release(&f->spot_index);
    zm_buf_release(&f->message);
    zm_arena_release(&f->arena);
    zm_free(f->towns);
    zm_free(f->spots);
    zm_free(f->outlines);
    zm_free(f);
}

int zm_facts_county(struct zm_facts *f, uint32_t county, struct zm_err *err)
{
    if (f->n_counties == ZM_FACTS_COUNTIES)
        return zm_fail(err, ZM_E_MEMORY, "a run has more than %d counties", ZM_FACTS_COUNTIES);
    const struct zm_division *d = zm_division_at(f->divisions, county, 0);
    f->counties[f->n_counties++] =
        (struct zm_report_place){.code = county, .name = d ? d->name : zm_text("county.unknown")};
    return 0;
}

static struct zm_report_place *county(struct zm_facts *f)
{
    return &f->counties[f->n_counties - 1];
}

/* The town's place; NULL for a code that is no town of the table, which is why towns are never too many. */
static int find_town(struct zm_facts *f, uint32_t code, struct zm_report_place **out, struct zm_err *err)
{
    uint32_t at = 0, index;
    *out = NULL;
    if (code == 0)
        return 0;
    if (code == f->last_town) {
        *out = f->last_place;
        return 0;
    }
    while (!*out && zm_table_next(&f->town_index, zm_hash_mix(1, code), &at, &index))
        if (f->towns[index].code == code)
            *out = &f->towns[index];
    if (!*out) {
        const struct zm_division *d = zm_division_at(f->divisions, code, 0);
        if (!d || d->level != ZM_TOWN || f->n_towns == ZM_FACTS_TOWNS)
            return 0;
        ZM_TRY(zm_table_add(&f->town_index, zm_hash_mix(1, code), f->n_towns, err));
        *out = &f->towns[f->n_towns++];
        **out = (struct zm_report_place){.code = code, .name = d->name};
    }
    f->last_town = code;
    f->last_place = *out;
    return 0;
}

int zm_facts_address(struct zm_facts *f, const struct zm_address *a, struct zm_err *err)
{
    struct zm_report_place *town;
    unsigned has_point = a->pos_src != ZM_POS_NONE;
    ZM_TRY(find_town(f, (uint32_t)a->tuple.town, &town, err));
    county(f)->addresses++;
    county(f)->points += has_point;
    if (town) {
        town->addresses++;
        town->points += has_point;
    }
    return 0;
}

static int add_spot(struct zm_facts *f, const struct zm_finding *finding, struct zm_err *err)
{
    if ((finding->lon == 0 && finding->lat == 0) || !isfinite(finding->lon) || !isfinite(finding->lat)) {
        f->unplaced++;
        return 0;
    }
    uint64_t column = (uint64_t)llround((finding->lon + 360) / SPOT_DEG);
    uint64_t row = (uint64_t)llround((finding->lat + 360) / SPOT_DEG);
    uint64_t key = zm_hash_mix(column, row);
    uint32_t at = 0, index;
    if (!zm_table_next(&f->spot_index, key, &at, &index)) {
        if (f->n_spots == ZM_FACTS_SPOTS) {
            f->unplaced++;
            return 0;
        }
        index = f->n_spots;
        ZM_TRY(zm_table_add(&f->spot_index, key, index, err));
        f->n_spots++;
    }
    struct zm_report_spot *s = &f->spots[index];
    s->lon += finding->lon;
    s->lat += finding->lat;
    s->findings.n[finding->severity]++;
    return 0;
}

/* A copy, cut between two characters where it is long. */
static int keep_text(struct zm_facts *f, struct zm_str text, struct zm_str *out, struct zm_err *err)
{
    static const char mark[] = "\xE2\x80\xA6";
    char cut[ZM_FACTS_TEXT + sizeof mark];
    if (text.len > ZM_FACTS_TEXT) {
        size_t len = zm_utf8_cut(text, ZM_FACTS_TEXT).len;
        memcpy(cut, text.ptr, len);
        memcpy(cut + len, mark, sizeof mark - 1);
        text = zm_str_n(cut, len + sizeof mark - 1);
    }
    *out = zm_arena_copy(&f->arena, text);
    return out->ptr ? 0 : zm_fail_memory(err, text.len);
}

static int keep_message(struct zm_facts *f, const struct zm_finding *finding, struct zm_str *out,
                        struct zm_err *err)
{
    zm_buf_reset(&f->message);
    ZM_TRY(zm_text_fill(&f->message, zm_rules()[finding->rule].message_zh, finding->args, err));
    return keep_text(f, zm_buf_str(&f->message), out, err);
}

/* Rules whose arguments are no text before and after, so that only their message tells what was done. */
static bool needs_message(unsigned rule)
{
    return rule == ZM_ADR_018 || rule == ZM_CRD_002 || rule == ZM_CRD_003 || rule == ZM_CRD_004;
}

/* The first few corrections of a rule that differ in what was corrected. Nothing is copied for the others:
 * they may be millions. */
static int add_example(struct zm_facts *f, const struct zm_finding *finding, struct zm_err *err)
{
    struct zm_facts_rule *rule = &f->rules[finding->rule];
    uint64_t hash = zm_hash(finding->args);
    for (unsigned i = 0; i < rule->n_examples; i++)
        if (rule->hashes[i] == hash)
            return 0;
    if (rule->n_examples == ZM_FACTS_EXAMPLES)
        return 0;
    struct zm_str rest = finding->args;
    struct zm_str before = zm_str_cut(&rest, ZM_ARG_SEP);
    struct zm_str after = rest.ptr ? zm_str_cut(&rest, ZM_ARG_SEP) : (struct zm_str){"", 0};
    struct zm_report_example e = {.source = f->job->sources[finding->source].name, .row = finding->row};
    if (needs_message(finding->rule)) {
        ZM_TRY(keep_message(f, finding, &e.message, err));
    } else {
        ZM_TRY(keep_text(f, before, &e.before, err));
        ZM_TRY(keep_text(f, after, &e.after, err));
    }
    rule->hashes[rule->n_examples] = hash;
    rule->examples[rule->n_examples++] = e;
    return 0;
}

static int add_verdict(struct zm_facts *f, const struct zm_finding *finding, struct zm_err *err)
{
    struct zm_facts_source *source = &f->sources[finding->source];
    const struct zm_rule *rule = &zm_rules()[finding->rule];
    if (source->n_verdicts == ZM_FACTS_VERDICTS)
        return 0;
    struct zm_report_verdict v = {.id = rule->id,
                                  .title = rule->title_zh,
                                  .severity = (enum zm_severity)finding->severity,
                                  .fixed = finding->fixed};
    if (!f->job->public_profile)
        ZM_TRY(keep_message(f, finding, &v.message, err));
    source->verdicts[source->n_verdicts++] = v;
    return 0;
}

int zm_facts_finding(struct zm_facts *f, const struct zm_finding *finding, uint64_t n_rows,
                     struct zm_err *err)
{
    if (finding->rule >= ZM_N_RULES || finding->severity > ZM_ERROR || finding->source >= f->job->n_sources)
        return zm_fail(err, ZM_E_INTERNAL, "a finding names rule %u, severity %u, source %u", finding->rule,
                       finding->severity, finding->source);
    if (finding->row == 0)
        ZM_TRY(add_verdict(f, finding, err));
    if (finding->fixed) {
        f->fixed += n_rows;
        return f->job->public_profile ? 0 : add_example(f, finding, err);
    }
    struct zm_report_place *town;
    ZM_TRY(find_town(f, finding->town, &town, err));
    f->findings.n[finding->severity]++;
    county(f)->findings.n[finding->severity]++;
    if (town)
        town->findings.n[finding->severity]++;
    return add_spot(f, finding, err);
}
