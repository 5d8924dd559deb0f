#include "geo/address/parser.h"
#include "geo/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct zm_divisions divisions;
static struct zm_gazetteer *gazetteer;
static struct zm_arena arena;
static struct zm_parsed parsed;

static int setup(void **state)
{
    (void)state;
    zm_arena_init(&arena, 8 << 20);
    return zm_divisions_init(&divisions, NULL) || zm_gazetteer_new(&gazetteer, &divisions, 20250630, NULL) ||
           zm_gazetteer_add_road(gazetteer, 330302, ZM_STR("盛丰路"), NULL) ||
           zm_gazetteer_freeze(gazetteer, NULL);
}

static int teardown(void **state)
{
    (void)state;
    zm_gazetteer_free(gazetteer);
    zm_divisions_release(&divisions);
    zm_arena_release(&arena);
    return 0;
}

static void parse(struct zm_str text)
{
    static const struct zm_context context = {.city = 3303};
    struct zm_err err = {0};
    zm_arena_reset(&arena);
    if (zm_parse(&parsed, gazetteer, text, &context, &arena, &err))
        fail_msg("%.*s: %s", ZM_FMT(text), err.text);
}

/* "330302/330302006/0 road=公园路 number=12" */
static void describe(struct zm_buf *out)
{
    struct zm_tuple *t = &parsed.tuple;
    struct zm_str *texts[ZM_TUPLE_TEXTS];
    zm_tuple_texts(t, texts);
    zm_buf_reset(out);
    zm_buf_printf(out, NULL, "%u/%u/%llu", t->county, t->town, (unsigned long long)t->committee);
    for (unsigned i = 0; i < ZM_TUPLE_TEXTS; i++)
        if (texts[i]->len)
            zm_buf_printf(out, NULL, " %s=%.*s", zm_tuple_text_name(i), ZM_FMT(*texts[i]));
}

/* "ADR-013 ADR-016" */
static void list_rules(struct zm_buf *out)
{
    zm_buf_reset(out);
    for (unsigned i = 0; i < parsed.n_remarks; i++)
        zm_buf_printf(out, NULL, "%s%.*s", i ? " " : "", ZM_FMT(zm_rules()[parsed.remarks[i].rule].id));
}

struct example {
    const char *text, *tuple, *rules;
};

static void check_examples(const struct example *examples, size_t n)
{
    struct zm_buf got;
    zm_buf_init(&got, 4096);
    for (size_t i = 0; i < n; i++) {
        parse(zm_str(examples[i].text));
        describe(&got);
        if (!zm_str_eq(zm_buf_str(&got), zm_str(examples[i].tuple)))
            fail_msg("%s\n  read as  %.*s\n  expected %s", examples[i].text, ZM_FMT(zm_buf_str(&got)),
                     examples[i].tuple);
        list_rules(&got);
        if (!zm_str_eq(zm_buf_str(&got), zm_str(examples[i].rules)))
            fail_msg("%s\n  rules    %.*s\n  expected %s", examples[i].text, ZM_FMT(zm_buf_str(&got)),
                     examples[i].rules);
    }
    zm_buf_release(&got);
}
#define CHECK(examples) check_examples(examples, sizeof(examples) / sizeof *(examples))

/* Standard addresses, and names that look like something else: not a single remark. */
static void clean_is_clean(void **state)
{
    static const struct example examples[] = {
        {"浙江省温州市鹿城区五马街道墨池社区公园路12号1幢2单元302室",
         "330302/330302006/330302006045 road=公园路 number=12 building=1 unit=2 room=302", ""},
        {"浙江省温州市鹿城区五马街道五马街12号", "330302/330302006/0 road=五马街 number=12", ""},
        {"浙江省温州市鹿城区五马街道二马路12-1号", "330302/330302006/0 road=二马路 number=12 sub=1", ""},
        {"浙江省温州市鹿城区五马街道公园路12号A座302室",
         "330302/330302006/0 road=公园路 number=12 building=A room=302", ""},
        {"浙江省温州市鹿城区五马街道公园路12号锦绣小区二期3幢1001室",
         "330302/330302006/0 road=公园路 number=12 estate=锦绣小区二期 building=3 room=1001", ""},
        {"浙江省温州市龙港市龙湖路916号6幢801室", "330383/0/0 road=龙湖路 number=916 building=6 room=801",
         ""},
        {"浙江省温州市鹿城区五马街道公园路58弄3支弄11号",
         "330302/330302006/0 road=公园路 lane=58弄3支弄 number=11", ""},
        {"浙江省温州市鹿城区五马街道公园路12号3幢地下1层",
         "330302/330302006/0 road=公园路 number=12 building=3 floor=-1", ""},
        {"浙江省温州市瑞安市塘下镇肇平垟下村5组6号", "330381/330381101/330381101208 village=5组 number=6",
         ""},
        {"浙江省温州市鹿城区五马街道中山一路12号", "330302/330302006/0 road=中山一路 number=12", ""},
    };
    (void)state;
    CHECK(examples);
}

static void numbers_are_told_apart(void **state)
{
    static const struct example examples[] = {
        {"鹿城区公园路12号", "330302/0/0 road=公园路 number=12", ""},
        {"鹿城区公园路12", "330302/0/0 road=公园路 number=12", ""},
        {"鹿城区公园路12号A", "330302/0/0 road=公园路 number=12A", ""},
        {"鹿城区公园路12A号", "330302/0/0 road=公园路 number=12A", ""},
        {"鹿城区公园路B106号", "330302/0/0 road=公园路 number=B106", ""},
        {"鹿城区公园路12-1号", "330302/0/0 road=公园路 number=12 sub=1", ""},
        {"鹿城区公园路12号之1", "330302/0/0 road=公园路 number=12 sub=1", ""},
        {"鹿城区公园路12号附1号", "330302/0/0 road=公园路 number=12 sub=1", ""},
        {"鹿城区公园路12之1号", "330302/0/0 road=公园路 number=12 sub=1", ""},
        {"鹿城区公园路12号-1", "330302/0/0 road=公园路 number=12 sub=1", ""},
        {"鹿城区公园路12-14号", "330302/0/0 road=公园路 number=12-14", ""},
        {"鹿城区公园路12号之14", "330302/0/0 road=公园路 number=12 sub=14", ""},
        {"鹿城区公园路12至13号", "330302/0/0 road=公园路 number=12-13", ""},
        {"鹿城区公园路167、169、171号", "330302/0/0 road=公园路 number=167,169,171", ""},
        {"鹿城区公园路12号302", "330302/0/0 road=公园路 number=12 room=302", "ADR-017"},
        {"鹿城区公园路12号3-402", "330302/0/0 road=公园路 number=12 building=3 room=402", "ADR-017"},
        {"鹿城区公园路58弄11-802", "330302/0/0 road=公园路 lane=58弄 number=11 room=802", ""},
        {"鹿城区锦绣苑12-3-1001", "330302/0/0 estate=锦绣苑 building=12 unit=3 room=1001", "ADR-017"},
        {"鹿城区锦绣苑5号", "330302/0/0 estate=锦绣苑 building=5号", ""},
        {"鹿城区锦绣苑5幢", "330302/0/0 estate=锦绣苑 building=5", ""},
        {"鹿城区公园路12号3层", "330302/0/0 road=公园路 number=12 floor=3", ""},
        {"鹿城区公园路12号3F", "330302/0/0 road=公园路 number=12 floor=3", ""},
        {"鹿城区公园路12号-1层", "330302/0/0 road=公园路 number=12 floor=-1", ""},
        {"鹿城区公园路12号302室303室", "330302/0/0 road=公园路 number=12 room=302,303", ""},
        {"鹿城区1号桥路12号", "330302/0/0 road=1号桥路 number=12", ""},
    };
    (void)state;
    CHECK(examples);
}

static void habits_are_remarked(void **state)
{
    static const struct example examples[] = {
        {"鹿城区公园路１２号", "330302/0/0 road=公园路 number=12", "ADR-013"},
        {"鹿城区 公园路12号", "330302/0/0 road=公园路 number=12", "ADR-013"},
        {"鹿城区公园路一百二十三号", "330302/0/0 road=公园路 number=123", "ADR-014"},
        {"鹿城区公园路12号三楼", "330302/0/0 road=公园路 number=12 floor=3", "ADR-014"},
        {"鹿城区公园路12—14号", "330302/0/0 road=公园路 number=12-14", "ADR-015"},
        {"鹿城区公园路12号3栋", "330302/0/0 road=公园路 number=12 building=3", "ADR-016"},
        {"鹿城区公园路12号3号楼", "330302/0/0 road=公园路 number=12 building=3", "ADR-016"},
        {"鹿城区公园路12号3#", "330302/0/0 road=公园路 number=12 building=3", "ADR-016"},
        {"鹿城区公园路12号A栋", "330302/0/0 road=公园路 number=12 building=A", "ADR-016"},
        {"温州市鹿城区鹿城区公园路12号", "330302/0/0 road=公园路 number=12", "ADR-018"},
        {"鹿城区公园路12号3幢甲单元302室", "330302/0/0 road=公园路 number=12 building=3 unit=甲 room=302",
         "ADR-017"},
        {"鹿城区公园路12号2单元302A室", "330302/0/0 road=公园路 number=12 unit=2 room=302A", "ADR-017"},
        {"鹿城区公园路12号电联", "330302/0/0 road=公园路 number=12", "ADR-019"},
        {"鹿城区公园路12号门口", "330302/0/0 road=公园路 number=12", "ADR-020"},
        {"鹿城区公园路12号对面", "330302/0/0 road=公园路 number=12 estate=对面", "ADR-020"},
        {"鹿城区公园路12号2层302室", "330302/0/0 road=公园路 number=12 floor=2 room=302", "ADR-032"},
        {"鹿城区公园路12号(电话联系)", "330302/0/0 road=公园路 number=12", ""},
        {"鹿城区公园路12号(二楼)", "330302/0/0 road=公园路 number=12 floor=2", "ADR-014"},
        {"温州市经济技术开发区滨海路12号", "0/0/0 road=滨海路 number=12", "ADR-039"},
        {"鹿城区公园路12号\xEE\x80\x80", "330302/0/0 road=公园路 number=12", "ADR-012"},
    };
    (void)state;
    CHECK(examples);
}

static void divisions_are_resolved(void **state)
{
    static const struct example examples[] = {
        {"苍南县龙港镇码头街1104号", "330383/0/0 road=码头街 number=1104", "ADR-004"},
        {"永嘉县上塘镇县前路12号", "330324/0/0 road=县前路 number=12", "ADR-004"},
        {"平阳县敖江镇曙光中路837号", "330326/0/0 road=曙光中路 number=837", "ADR-002"},
        {"泰顺县司前镇台边村5号", "330329/330329101/330329101207 number=5", ""},
        {"泰顺县司前畲族镇台边村5号", "330329/330329101/330329101207 number=5", ""},
        {"泰顺县司前畲族街道长兴路5号", "330329/0/0 road=长兴路 number=5", "ADR-002"},
        {"平阳县青街畲族镇长兴路25号", "330326/0/0 road=长兴路 number=25", "ADR-002"},
        {"文成县璺丈漈镇西段村诚曦巷30号", "330328/330328101/330328101203 road=诚曦巷 number=30", "ADR-002"},
        {"温州市高新园区高一路182号", "0/0/0 road=高一路 number=182", "ADR-039"},
        {"苍南县临溪镇康乐路12号", "330327/0/0 road=康乐路 number=12", "ADR-002"},
        {"乐清柳市惠丰路97号", "330382/330382114/0 road=惠丰路 number=97", ""},
        {"温州市鹿诚区公园路12号", "0/0/0 road=公园路 number=12", "ADR-002"},
        {"柳市镇惠丰路97号", "330382/330382114/0 road=惠丰路 number=97", ""},
        {"瓯海区瑞安路12号", "330304/0/0 road=瑞安路 number=12", ""},
        {"温州大道12号", "0/0/0 road=温州大道 number=12", ""},
        {"鹿城区五马街道墨池社区居委会公园路12号", "330302/330302006/330302006045 road=公园路 number=12",
         "ADR-008"},
        {"杭州市西湖区文一西路969号", "0/0/0 road=文一西路 number=969", ""},
        {"鹿城区轻工业盛丰路93号", "330302/0/0 road=盛丰路 number=93", "ADR-018"},
    };
    (void)state;
    CHECK(examples);
}

static void arguments_say_it(void **state)
{
    static const struct {
        const char *text, *args;
    } cases[] = {
        {"苍南县龙港镇码头街1104号", "龙港镇\x1f"
                                     "龙港市\x1f"
                                     "330383\x1f"
                                     "2019-09-01"},
        {"永嘉县上塘镇县前路12号", "上塘镇\x1f\x1f\x1f\x1f"
                                   "东城街道、北城街道、南城街道"},
        {"平阳县敖江镇曙光中路837号", "敖江镇\x1f鳌江镇\x1f"
                                      "330326101"},
        {"鹿城区公园路12号3栋", "3栋\x1f"
                                "3幢"},
        {"鹿城区公园路12号三楼", "三楼\x1f"
                                 "3楼"},
        {"鹿城区公园路12—14号", "12—14\x1f"
                                "12-14"},
        {"鹿城区公园路１２号", "１２\x1f"
                               "12"},
        {"鹿城区公园路12号电联", "电联\x1f"
                                 "2"},
        {"鹿城区公园路12号\xEE\x80\x80", "\xEE\x80\x80\x1fU+E000"},
        {"鹿城区鹿城区公园路12号", "鹿城区\x1forder.repeated"},
        {"鹿城区公园路12号2层302室", "2\x1f"
                                     "302"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parse(zm_str(cases[i].text));
        assert_int_equal(parsed.n_remarks, 1);
        if (!zm_str_eq(parsed.remarks[0].args, zm_str(cases[i].args)))
            fail_msg("%s: arguments are %.*s", cases[i].text, ZM_FMT(parsed.remarks[0].args));
    }
}

static void context_fills_in(void **state)
{
    (void)state;
    struct zm_context context = {
        .county = 330302, .town = 330302006, .committee = 330302006045, .city = 3303};
    struct zm_str text = ZM_STR("公园路12号");
    zm_arena_reset(&arena);
    assert_int_equal(zm_parse(&parsed, gazetteer, text, &context, &arena, NULL), 0);
    assert_int_equal(parsed.tuple.county, 330302);
    assert_int_equal(parsed.tuple.town, 330302006);
    assert_int_equal(parsed.tuple.committee, 330302006045);
    assert_int_equal(parsed.county_text.len, 0);
    context = (struct zm_context){.county = 330382, .city = 3303};
    text = ZM_STR("柳市惠丰路97号");
    zm_arena_reset(&arena);
    assert_int_equal(zm_parse(&parsed, gazetteer, text, &context, &arena, NULL), 0);
    assert_int_equal(parsed.tuple.town, 330382114);
    assert_true(zm_str_eq(parsed.town_text, ZM_STR("柳市")));
    context =
        (struct zm_context){.county = 330302, .town = 330302006, .committee = 330302006045, .city = 3303};
    text = ZM_STR("瓯海区公园路12号"); /* what the text says counts */
    zm_arena_reset(&arena);
    assert_int_equal(zm_parse(&parsed, gazetteer, text, &context, &arena, NULL), 0);
    assert_int_equal(parsed.tuple.county, 330304);
    assert_int_equal(parsed.tuple.town, 0);
    assert_int_equal(parsed.tuple.committee, 0);
    assert_true(zm_str_eq(parsed.county_text, ZM_STR("瓯海区")));
}

static void labels_of(struct zm_str text, const char *expected)
{
    struct zm_buf got;
    zm_buf_init(&got, 4096);
    parse(text);
    for (unsigned i = 0; i < parsed.n_parts; i++)
        zm_buf_printf(&got, NULL, "%s%s=%.*s", i ? " " : "", zm_label_name(parsed.parts[i].label),
                      ZM_FMT(zm_str_sub(text, parsed.parts[i].begin, parsed.parts[i].end)));
    if (!zm_str_eq(zm_buf_str(&got), zm_str(expected)))
        fail_msg("read as %.*s", ZM_FMT(zm_buf_str(&got)));
    zm_buf_release(&got);
}

/* Every valid committee of the city, in a standard address: its code, and not a single remark. */
static void every_committee_is_read(void **state)
{
    (void)state;
    struct zm_buf text;
    unsigned n = 0;
    zm_buf_init(&text, 4096);
    for (uint32_t i = 0; i < divisions.n; i++) {
        const struct zm_division *d = &divisions.rows[i], *town, *county;
        if (d->level != ZM_COMMITTEE || d->code / 100000000 != 3303 || !zm_division_valid(d, 20250630))
            continue;
        town = zm_division_at(&divisions, zm_division_parent(d->code), 20250630);
        county = zm_division_at(&divisions, zm_division_parent(zm_division_parent(d->code)), 20250630);
        bool has_town = town && county->code != 330383; /* 龙港 has no towns */
        zm_buf_reset(&text);
        zm_buf_printf(&text, NULL, "浙江省温州市%.*s%.*s%.*s公园路12号1幢2单元302室", ZM_FMT(county->name),
                      ZM_FMT(has_town ? town->name : ZM_STR("")), ZM_FMT(d->name));
        parse(zm_buf_str(&text));
        const struct zm_tuple *t = &parsed.tuple;
        if (t->committee != d->code || parsed.n_remarks || !zm_str_eq(t->road, ZM_STR("公园路")) ||
            t->village.len || t->county != county->code || t->town != (has_town ? town->code : 0) ||
            !zm_str_eq(parsed.standard, zm_buf_str(&text)))
            fail_msg("%.*s is read as %.*s, %u remarks", ZM_FMT(zm_buf_str(&text)), ZM_FMT(parsed.standard),
                     parsed.n_remarks);
        n++;
    }
    assert_true(n > 3000);
    zm_buf_release(&text);
}

/* Every name that once was a division is told, never taken silently. */
static void every_retired_name_is_told(void **state)
{
    (void)state;
    struct zm_retired_names retired;
    struct zm_buf text;
    assert_int_equal(zm_retired_names_init(&retired, NULL), 0);
    zm_buf_init(&text, 4096);
    assert_true(retired.n > 0);
    for (uint32_t i = 0; i < retired.n; i++) {
        const struct zm_retired_name *r = &retired.rows[i];
        const struct zm_division *county = r->county ? zm_division_at(&divisions, r->county, 0) : NULL;
        zm_buf_reset(&text);
        zm_buf_printf(&text, NULL, "温州市%.*s%.*s公园路12号", ZM_FMT(county ? county->name : ZM_STR("")),
                      ZM_FMT(r->name));
        parse(zm_buf_str(&text));
        bool told = false;
        for (unsigned k = 0; k < parsed.n_remarks; k++)
            told |= parsed.remarks[k].rule == ZM_ADR_004;
        if (!told || !zm_str_eq(parsed.tuple.road, ZM_STR("公园路")))
            fail_msg("%.*s is read as %.*s", ZM_FMT(zm_buf_str(&text)), ZM_FMT(parsed.standard));
    }
    zm_buf_release(&text);
    zm_retired_names_release(&retired);
}

/* Examples of the annotation guide of the NAACL 2019 data. */
static void parts_have_labels(void **state)
{
    (void)state;
    labels_of(ZM_STR("浙江省杭州市余杭区五常街道文一西路969号阿里巴巴西溪园区"),
              "prov=浙江省 city=杭州市 district=余杭区 town=五常街道 road=文一西路 roadno=969号 "
              "poi=阿里巴巴西溪园区");
    labels_of(ZM_STR("沿山村5组6号"), "community=沿山村 roadno=5组6号");
    labels_of(ZM_STR("静安区江场三路238号1613室"),
              "district=静安区 road=江场三路 roadno=238号 roomno=1613室");
    labels_of(ZM_STR("广宁伯街2号金泽大厦东区15层"),
              "road=广宁伯街 roadno=2号 poi=金泽大厦 subpoi=东区 floorno=15层");
    labels_of(ZM_STR("春风苑12-3-1001"),
              "poi=春风苑 houseno=12 redundant=- cellno=3 redundant=- roomno=1001");
    labels_of(ZM_STR("六和路 ---- 东信大道口"),
              "road=六和路 redundant=  redundant=---- redundant=  subroad=东信大道 assist=口");
    labels_of(ZM_STR(""), "");
}

/* Every byte is in exactly one part, whatever the bytes are. */
static void covers_every_byte(void **state)
{
    (void)state;
    static char text[64 * 1024];
    uint32_t seed = 1;
    static const char *const pieces[] = {
        "浙江省", "温州市", "路",   "12",   "号",       "-", "\xFF", " ",  "（", "）", "三", "楼", "A",
        "、",     "村",     "街道", "对面", "\xE5\x8F", "😀", "小区", "\0", "#",  "组", "0",  "—",  "无"};
    for (int round = 0; round < 400; round++) {
        size_t len = 0, want = round < 398 ? (size_t)round : sizeof text - 8;
        while (len < want) {
            seed = seed * 1664525u + 1013904223u;
            const char *piece = pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)];
            size_t n = *piece ? strlen(piece) : 1;
            memcpy(text + len, piece, n);
            len += n;
        }
        parse(zm_str_n(text, len));
        uint32_t at = 0;
        assert_true(parsed.n_parts <= ZM_PARTS_MAX);
        for (unsigned i = 0; i < parsed.n_parts; i++) {
            assert_int_equal(parsed.parts[i].begin, at);
            assert_true(parsed.parts[i].end > at);
            at = parsed.parts[i].end;
        }
        assert_int_equal(at, len);
        assert_true(parsed.score >= 0 && parsed.score <= 1);
    }
}

static void fails_without_room(void **state)
{
    (void)state;
    struct zm_str text = ZM_STR("浙江省温州市鹿城区五马街道墨池社区公园路１２号三栋2单元302室电联");
    size_t limit = 16;
    int rc = ZM_E_MEMORY;
    for (; limit < 65536 && rc; limit += 16) {
        struct zm_arena small;
        struct zm_err err = {0};
        zm_arena_init(&small, limit);
        rc = zm_parse(&parsed, gazetteer, text, NULL, &small, &err);
        assert_true(rc == 0 || (rc == ZM_E_MEMORY && err.text[0]));
        zm_arena_release(&small);
    }
    assert_int_equal(rc, 0);
    assert_true(limit > 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_is_clean),
        cmocka_unit_test(numbers_are_told_apart),
        cmocka_unit_test(habits_are_remarked),
        cmocka_unit_test(divisions_are_resolved),
        cmocka_unit_test(arguments_say_it),
        cmocka_unit_test(context_fills_in),
        cmocka_unit_test(parts_have_labels),
        cmocka_unit_test(covers_every_byte),
        cmocka_unit_test(fails_without_room),
        cmocka_unit_test(every_committee_is_read),
        cmocka_unit_test(every_retired_name_is_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
