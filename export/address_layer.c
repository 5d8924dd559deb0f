#include "export/layer.h"
#include "geo/space/geo.h"

#include <math.h>

static const struct zm_column columns[] = {
    {"src", ZM_COLUMN_TEXT, NULL, false},
    {"src_row", ZM_COLUMN_INT, NULL, false},
    {"src_key", ZM_COLUMN_TEXT, NULL, true},
    {"standard", ZM_COLUMN_TEXT, NULL, false},
    {"text", ZM_COLUMN_TEXT, NULL, true},
    {"county", ZM_COLUMN_TEXT, "county", false},
    {"town", ZM_COLUMN_TEXT, "town", false},
    {"committee", ZM_COLUMN_TEXT, NULL, false},
    {"road", ZM_COLUMN_TEXT, NULL, false},
    {"village", ZM_COLUMN_TEXT, NULL, false},
    {"lane", ZM_COLUMN_TEXT, NULL, false},
    {"number", ZM_COLUMN_TEXT, NULL, false},
    {"sub", ZM_COLUMN_TEXT, NULL, false},
    {"estate", ZM_COLUMN_TEXT, NULL, false},
    {"building", ZM_COLUMN_TEXT, NULL, false},
    {"unit", ZM_COLUMN_TEXT, NULL, false},
    {"floor", ZM_COLUMN_TEXT, NULL, false},
    {"room", ZM_COLUMN_TEXT, NULL, true},
    {"poi", ZM_COLUMN_TEXT, NULL, false},
    {"level", ZM_COLUMN_INT, "level", false},
    {"status", ZM_COLUMN_TEXT, "status", false},
    {"pos_src", ZM_COLUMN_TEXT, "pos_src", false},
    {"acc_m", ZM_COLUMN_REAL, NULL, false},
    {"score", ZM_COLUMN_REAL, NULL, false},
    {"point_county", ZM_COLUMN_TEXT, "county", false},
    {"point_town", ZM_COLUMN_TEXT, "town", false},
    {"valid_from", ZM_COLUMN_DATE, NULL, false},
    {"valid_to", ZM_COLUMN_DATE, NULL, false},
    {"upd_date", ZM_COLUMN_DATE, NULL, false},
    {"addr_code", ZM_COLUMN_TEXT, NULL, false},
    {"postcode", ZM_COLUMN_TEXT, NULL, false},
    {"class3", ZM_COLUMN_TEXT, NULL, false},
    {"building_id", ZM_COLUMN_TEXT, NULL, false},
    {"note", ZM_COLUMN_TEXT, NULL, true},
    {"findings", ZM_COLUMN_TEXT, NULL, false},
    {"severity", ZM_COLUMN_TEXT, "severity", false},
    {"key", ZM_COLUMN_TEXT, NULL, false},
};
const struct zm_layer zm_layer_address = {"address", "field.address.", columns,
                                          sizeof columns / sizeof *columns, true};

enum { KEY_DIGITS = 16 };
_Static_assert(sizeof columns / sizeof *columns <= ZM_ROW_CELLS_MAX, "a row holds every column");

/* Name of the i-th value of a '|' list, by literal so that no row pays for a search. */
static struct zm_str status_name(unsigned status)
{
    static const struct zm_str names[] = {{"", 0}, {"active", 6}, {"planned", 7}, {"retired", 7}};
    return status < sizeof names / sizeof *names ? names[status] : names[0];
}

static struct zm_str pos_src_name(unsigned pos_src)
{
    static const struct zm_str names[] = {{"", 0},       {"surveyed", 8}, {"graphic", 7},
                                          {"picked", 6}, {"imported", 8}, {"converted", 9}};
    return pos_src < sizeof names / sizeof *names ? names[pos_src] : names[0];
}

static struct zm_str severity_name(unsigned severity)
{
    return severity == ZM_OFF ? ZM_STR("none") : zm_severity_name((enum zm_severity)severity);
}

/* "ADR-013 ADR-016", in the order of the catalogue. */
static struct zm_str findings_text(struct zm_row *row, const struct zm_rule_bits *rules)
{
    const struct zm_rule *catalogue = zm_rules();
    char *begin = row->scratch + row->used, *at = begin;
    for (unsigned word = 0; word < 4; word++) {
        for (uint64_t bits = rules->word[word]; bits; bits &= bits - 1) {
            unsigned rule = word * 64 + (unsigned)__builtin_ctzll(bits);
            struct zm_str id = rule < ZM_N_RULES ? catalogue[rule].id : (struct zm_str){"", 0};
            if (row->used + (size_t)(at - begin) + id.len + 1 > ZM_ROW_SCRATCH - KEY_DIGITS)
                break;
            if (at > begin)
                *at++ = ' ';
            memcpy(at, id.ptr, id.len);
            at += id.len;
        }
    }
    row->used += (unsigned)(at - begin);
    return zm_str_n(begin, (size_t)(at - begin));
}

static struct zm_str key_text(struct zm_row *row, uint64_t key)
{
    static const char hex[] = "0123456789abcdef";
    char *at = row->scratch + row->used;
    for (unsigned i = 0; i < KEY_DIGITS; i++)
        at[i] = hex[key >> (60 - 4 * i) & 15];
    row->used += KEY_DIGITS;
    return zm_str_n(at, KEY_DIGITS);
}

/* The nearest crossing of a grid of precision_m: rounding again changes nothing. */
static void round_point(struct zm_row *row, double precision_m)
{
    double lon_m, lat_m;
    zm_degree_m(row->lat, &lon_m, &lat_m);
    double step = precision_m / lat_m;
    row->lat = round(row->lat / step) * step;
    zm_degree_m(row->lat, &lon_m, &lat_m);
    step = precision_m / lon_m;
    row->lon = round(row->lon / step) * step;
}

/* Rooms, rows with an open error and rows of sources that are not public never leave in the public profile.
 */
static bool may_leave(const struct zm_row_context *c, const struct zm_address *a)
{
    return !c->public_profile || (a->level < 5 && a->tuple.room.len == 0 && a->severity < ZM_ERROR &&
                                  a->source < c->n_sources && c->open_sources[a->source]);
}

static void put_place(struct zm_row *row, const struct zm_row_context *c, const struct zm_address *a)
{
    bool converted = a->pos_src == ZM_POS_CONVERTED;
    row->has_point = a->pos_src != ZM_POS_NONE && !(c->public_profile && converted);
    if (!row->has_point)
        return;
    row->lon = a->lon;
    row->lat = a->lat;
    if (c->public_profile && c->precision_m > 0)
        round_point(row, c->precision_m);
}

static struct zm_cell real_if(bool stated, double value)
{
    return stated ? zm_cell_real(value) : (struct zm_cell){.type = ZM_CELL_NULL};
}

/* Accuracy and score are floats made from short decimals: three of them are all they mean. */
static double short_decimal(float value)
{
    return round((double)value * 1000) / 1000;
}

static void put_texts(struct zm_row *row, const struct zm_tuple *t)
{
    zm_row_put(row, zm_cell_text(t->road));
    zm_row_put(row, zm_cell_text(t->village));
    zm_row_put(row, zm_cell_text(t->lane));
    zm_row_put(row, zm_cell_text(t->number));
    zm_row_put(row, zm_cell_text(t->sub));
    zm_row_put(row, zm_cell_text(t->estate));
    zm_row_put(row, zm_cell_text(t->building));
    zm_row_put(row, zm_cell_text(t->unit));
    zm_row_put(row, zm_cell_text(t->floor));
    zm_row_put(row, zm_cell_text(t->room));
}

/* Takes the internal columns out again; cheaper than asking at each of them. */
static void drop_internal(struct zm_row *row)
{
    unsigned n = 0;
    for (unsigned i = 0; i < row->n_cells; i++)
        if (!columns[i].internal)
            row->cells[n++] = row->cells[i];
    row->n_cells = n;
}

int zm_row_address(struct zm_row *row, const struct zm_row_context *c, const struct zm_address *a,
                   bool *published, struct zm_err *err)
{
    zm_row_start(row);
    *published = may_leave(c, a);
    if (!*published)
        return 0;
    put_place(row, c, a);
    ZM_TRY(zm_row_put_source(row, c, a->source, err));
    zm_row_put(row, zm_cell_int((int64_t)a->row));
    zm_row_put(row, zm_cell_text(a->src_key));
    zm_row_put(row, zm_cell_text(a->standard));
    zm_row_put(row, zm_cell_text(a->text));
    zm_row_put_code(row, a->tuple.county);
    zm_row_put_code(row, a->tuple.town);
    zm_row_put_code(row, a->tuple.committee);
    put_texts(row, &a->tuple);
    zm_row_put(row, zm_cell_text(a->poi));
    zm_row_put(row, zm_cell_int(a->level));
    zm_row_put(row, zm_cell_text(status_name(a->status)));
    zm_row_put(row, zm_cell_text(pos_src_name(row->has_point ? a->pos_src : ZM_POS_NONE)));
    zm_row_put(row, real_if(row->has_point && a->acc_m > 0, short_decimal(a->acc_m)));
    zm_row_put(row, real_if(true, short_decimal(a->score)));
    zm_row_put_code(row, row->has_point ? a->point_county : 0);
    zm_row_put_code(row, row->has_point ? a->point_town : 0);
    zm_row_put_date(row, a->valid_from);
    zm_row_put_date(row, a->valid_to);
    zm_row_put_date(row, a->upd_date);
    zm_row_put(row, zm_cell_text(a->addr_code));
    zm_row_put(row, zm_cell_text(a->postcode));
    zm_row_put(row, zm_cell_text(a->class3));
    zm_row_put(row, zm_cell_text(a->building_id));
    zm_row_put(row, zm_cell_text(a->note));
    zm_row_put(row, zm_cell_text(findings_text(row, &a->rules)));
    zm_row_put(row, zm_cell_text(severity_name(a->severity)));
    zm_row_put(row, zm_cell_text(key_text(row, a->key)));
    if (c->public_profile)
        drop_internal(row);
    return 0;
}
