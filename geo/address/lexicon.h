/* The words that end a name or stand between names: generics (路, 小区, 公司), locators (旁, 对面), fillers
 * (电联). */
#pragma once

#include "geo/address/fold.h"
#include "geo/address/trie.h"

enum zm_word {
    ZM_WORD_NONE,
    ZM_WORD_PROVINCE,   /* 浙江, 浙江省: whole names */
    ZM_WORD_CITY,       /* 杭州, 杭州市 */
    ZM_WORD_COUNTY,     /* 义乌, 义乌市 */
    ZM_WORD_COUNTRY,    /* 中国 */
    ZM_WORD_REGION,     /* 区 县 市: ends a county or city outside our tables */
    ZM_WORD_DEVZONE,    /* 开发区 */
    ZM_WORD_TOWN,       /* 街道 镇 乡 */
    ZM_WORD_COMMITTEE,  /* 社区 村 */
    ZM_WORD_BODY,       /* 居委会 村民委员会: not part of a committee's name */
    ZM_WORD_ROAD,       /* 路 大道 */
    ZM_WORD_ROAD_END,   /* 线 道: only where a name ends */
    ZM_WORD_ALLEY,      /* 巷 弄: a road, or a lane of one */
    ZM_WORD_ESTATE,     /* 小区 大厦: anywhere */
    ZM_WORD_ESTATE_END, /* 苑 楼: only where a name ends */
    ZM_WORD_POI,        /* 公司 医院: anywhere */
    ZM_WORD_POI_END,    /* 店 厂: only where a name ends */
    ZM_WORD_ASSIST,     /* 对面 */
    ZM_WORD_CROSSING,   /* 路口 交叉口 */
    ZM_WORD_LEVEL,      /* 底层, 顶楼: a floor without a number */
    ZM_WORD_FILLER,     /* 电联 */
    ZM_WORD_NOT_ROAD,   /* 路桥, 街心: looks like a road's end and is none */
};

int zm_lexicon_init(struct zm_trie *t, struct zm_fold_table *fold, struct zm_err *err);

/* The longest word at cp (zeros behind the text), its length in characters; ZM_WORD_NONE and 0 if there is
 * none. */
enum zm_word zm_lexicon_match(const struct zm_trie *t, const uint32_t *cp, uint32_t *len);
