#include "export/layer.h"

const struct zm_domain zm_domains[] = {
    {"level", "0|1|2|3|4|5"},
    {"status", "active|planned|retired"},
    {"pos_src", "surveyed|graphic|picked|imported|converted"},
    {"severity", "none|info|warning|error"},
    {"state", "open"},
};
const unsigned zm_n_domains = sizeof zm_domains / sizeof *zm_domains;

void zm_row_start(struct zm_row *row)
{
    row->n_cells = 0;
    row->used = 0;
    row->has_point = false;
    row->lon = row->lat = 0;
}

void zm_row_put_code(struct zm_row *row, uint64_t code)
{
    char digits[20];
    unsigned n = 0;
    for (; code; code /= 10)
        digits[n++] = (char)('0' + code % 10);
    char *at = row->scratch + row->used;
    for (unsigned i = 0; i < n; i++)
        at[i] = digits[n - 1 - i];
    row->used += n;
    zm_row_put(row, zm_cell_text(zm_str_n(at, n)));
}

/* By hand: three of them in every row make snprintf a cost that shows. */
void zm_row_put_date(struct zm_row *row, uint32_t date)
{
    char *at = row->scratch + row->used;
    if (date == 0) {
        zm_row_put(row, (struct zm_cell){.type = ZM_CELL_NULL});
        return;
    }
    for (unsigned i = 10; i-- > 0;) {
        if (i == 4 || i == 7) {
            at[i] = '-';
            continue;
        }
        at[i] = (char)('0' + date % 10);
        date /= 10;
    }
    row->used += 10;
    zm_row_put(row, zm_cell_text(zm_str_n(at, 10)));
}

int zm_row_put_source(struct zm_row *row, const struct zm_row_context *c, uint32_t source, struct zm_err *err)
{
    if (source >= c->n_sources)
        return zm_fail(err, ZM_E_INTERNAL, "a record names source %u of %u", source, c->n_sources);
    zm_row_put(row, zm_cell_text(c->sources[source]));
    return 0;
}
