/* The judges against the whole division table: every committee of the city is itself, and none is its
 * neighbour. */
#include "tests/support/check_fixture.h"

/* A committee valid at the checker's date, with the rows above it. town NULL where the county has no town
 * level. */
struct place {
    const struct zm_division *county, *town, *committee;
};

static bool next_place(const struct fx *fx, uint32_t *at, struct place *out)
{
    for (; *at < fx->divisions.n; (*at)++) {
        const struct zm_division *d = &fx->divisions.rows[*at];
        if (d->level != ZM_COMMITTEE || d->code / 100000000 != 3303 ||
            !zm_division_valid(d, fx->checker.as_of))
            continue;
        uint64_t town = zm_division_parent(d->code), county = zm_division_parent(town);
        out->county = zm_division_at(&fx->divisions, county, fx->checker.as_of);
        out->town = county == 330383 ? NULL : zm_division_at(&fx->divisions, town, fx->checker.as_of);
        out->committee = d;
        (*at)++;
        return true;
    }
    return false;
}

static struct zm_str town_name(const struct place *p)
{
    return p->town ? p->town->name : (struct zm_str){"", 0};
}

static void write_text(const struct place *p, char out[512])
{
    snprintf(out, 512, "text=浙江省温州市%.*s%.*s%.*s公园路12号", ZM_FMT(p->county->name),
             ZM_FMT(town_name(p)), ZM_FMT(p->committee->name));
}

/* Codes, name columns and text of one place say the same, whichever of them are delivered. */
static void every_committee_is_itself(void **state)
{
    struct fx *fx = *state;
    struct place p;
    unsigned n = 0;
    fx->source.datum = ZM_STR("none");
    fx_begin(fx);
    for (uint32_t at = 0; next_place(fx, &at, &p); n++) {
        char text[512], names[512], row[1536];
        unsigned long long county = p.county->code, committee = p.committee->code;
        write_text(&p, text);
        snprintf(names, sizeof names, " ¦ county=%.*s ¦ town=%.*s ¦ committee=%.*s", ZM_FMT(p.county->name),
                 ZM_FMT(town_name(&p)), ZM_FMT(p.committee->name));
        const char *forms[3] = {"", text, "text=公园路12号"};
        for (int form = 1; form < 3; form++) {
            snprintf(row, sizeof row, "%s%s ¦ county6=%llu ¦ comm12=%llu", forms[form], names, county,
                     committee);
            zm_arena_reset(&fx->texts);
            fx_row(fx, n + 1, row);
            if (fx->n_findings)
                fx_fail(fx, row);
            if (fx->last.a.tuple.committee != committee || fx->last.a.tuple.county != county)
                fail_msg("%s read as %llu", row, (unsigned long long)fx->last.a.tuple.committee);
        }
        fx_row(fx, n + 1, text);
        if (fx->n_findings || fx->last.a.tuple.committee != committee)
            fx_fail(fx, text);
    }
    assert_true(n > 3000);
}

/* The text of one committee beside the code of the next in its town is always contradicted. */
static void no_committee_is_its_neighbour(void **state)
{
    struct fx *fx = *state;
    struct place p, last = {0};
    unsigned n = 0;
    fx->source.datum = ZM_STR("none");
    fx_begin(fx);
    for (uint32_t at = 0; next_place(fx, &at, &p); last = p) {
        char text[512], row[1024];
        if (!last.town || last.town != p.town)
            continue;
        write_text(&last, text);
        snprintf(row, sizeof row, "%s ¦ comm12=%llu", text, (unsigned long long)p.committee->code);
        zm_arena_reset(&fx->texts);
        fx->n_findings = 0;
        fx_row(fx, ++n, row);
        const struct zm_finding *f = fx_expect(fx, ZM_ADR_003, NULL);
        assert_true(zm_str_has(f->args, p.committee->name));
    }
    assert_true(n > 3000);
}

static int set_up(void **state)
{
    static struct fx fx;
    fx_init(&fx);
    *state = &fx;
    return 0;
}

static int tear_down(void **state)
{
    fx_release(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_committee_is_itself),
        cmocka_unit_test(no_committee_is_its_neighbour),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
