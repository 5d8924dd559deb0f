#include "geo/address/lexicon.h"

#include "geo/base/utf8.h"

static const struct {
    enum zm_word word;
    const char *list;
} words[] = {
    {ZM_WORD_COUNTRY, "中国 中华人民共和国"},
    {ZM_WORD_PROVINCE,
     "浙江 浙江省 福建 福建省 江苏 江苏省 安徽 安徽省 江西 江西省 山东 山东省 河南 河南省 河北 河北省 湖北 "
     "湖北省 "
     "湖南 湖南省 广东 广东省 海南省 四川 四川省 贵州 贵州省 云南 云南省 陕西 陕西省 山西 山西省 甘肃 甘肃省 "
     "青海 青海省 辽宁 辽宁省 吉林省 黑龙江 黑龙江省 内蒙古 内蒙古自治区 广西 广西壮族自治区 西藏 西藏自治区 "
     "宁夏 宁夏回族自治区 新疆 新疆维吾尔自治区 台湾 台湾省 香港 澳门 香港特别行政区 澳门特别行政区"},
    {ZM_WORD_CITY, "温州 温州市 杭州 杭州市 宁波 宁波市 嘉兴 嘉兴市 湖州 湖州市 绍兴 绍兴市 金华 金华市 衢州 "
                   "衢州市 舟山 舟山市 "
                   "台州 台州市 丽水 丽水市 宁德 宁德市 上海 上海市 北京 北京市 天津 天津市 重庆 重庆市"},
    {ZM_WORD_COUNTY, "上城区 下城区 江干区 拱墅区 西湖区 滨江区 萧山 萧山区 余杭 余杭区 富阳 富阳区 富阳市 "
                     "临安 临安区 临安市 桐庐 桐庐县 "
                     "淳安 淳安县 建德 建德市 海曙区 江北区 北仑 北仑区 镇海 镇海区 鄞州 鄞州区 奉化 奉化区 "
                     "奉化市 象山 象山县 宁海 宁海县 余姚 "
                     "余姚市 慈溪 慈溪市 南湖区 秀洲区 嘉善 嘉善县 海盐 海盐县 海宁 海宁市 平湖 平湖市 桐乡 "
                     "桐乡市 吴兴区 南浔 南浔区 德清 德清县 "
                     "长兴 长兴县 安吉 安吉县 越城区 柯桥 柯桥区 上虞 上虞区 上虞市 新昌 新昌县 诸暨 诸暨市 "
                     "嵊州 嵊州市 绍兴县 婺城区 金东区 武义 "
                     "武义县 浦江县 磐安 磐安县 兰溪 兰溪市 义乌 义乌市 东阳 东阳市 永康 永康市 柯城区 "
                     "衢江区 常山县 开化县 龙游县 江山市 "
                     "定海区 普陀区 岱山县 嵊泗县 玉环县 昆山市 江阴市 张家港市 常熟市 太仓市 宜兴市"},
    {ZM_WORD_REGION, "区 县 市 自治县 旗 新区"},
    {ZM_WORD_DEVZONE,
     "开发区 经济开发区 技术开发区 经济技术开发区 高新区 高新技术开发区 高新技术产业开发区 保税区 "
     "集聚区 产业集聚区 产业园区 工业园区 管委会 度假区 保护区 风景区"},
    {ZM_WORD_TOWN, "街道 镇 乡 民族乡 街道办事处 街道办 办事处"},
    {ZM_WORD_COMMITTEE, "社区 村 行政村 自然村"},
    {ZM_WORD_BODY, "居委会 居委 村委 居民委员会 村委会 村民委员会 居民区 经济合作社 股份经济合作社"},
    {ZM_WORD_ROAD,
     "路 街 大道 大街 公路 国道 省道 县道 乡道 胡同 马路 直街 横街 老街 环路 新街 商业街 步行街"},
    {ZM_WORD_ROAD_END, "线 道 复线 支线"},
    {ZM_WORD_ALLEY, "支路 辅路 东段 西段 南段 北段 中段 巷 弄 里弄"},
    {ZM_WORD_ESTATE, "小区 花园 家园 公寓 大厦 大楼 广场 花苑 新村 嘉园 嘉苑 锦园 锦苑 名苑 雅苑 丽园 佳园 "
                     "公馆 别墅 山庄 商厦 商城 "
                     "中心 住宅区 生活区 组团 宿舍 新城 名城 商贸城 豪庭 华庭 名庭 名邸 府邸 写字楼 综合楼 "
                     "工业区 工业园 产业园 科技园 "
                     "科技城 创业园 创意园 软件园 物流园 农贸市场 菜市场 安置房 住宅楼 教师楼 宿舍楼 商住楼 "
                     "公园 大院 校区 城市花园"},
    {ZM_WORD_ESTATE_END, "苑 园 城 居 庭 府 轩 阁 楼 院 邸 墅 寓 厦 座 新区 城区 校区 园区 片区 厂区 库区 "
                         "老区 院区 一区 二区 三区 四区 五区 六区 "
                         "东区 西区 南区 北区 中区 A区 B区 C区 D区"},
    {ZM_WORD_POI,
     "公司 有限公司 股份有限公司 有限责任公司 集团 学校 小学 中学 大学 学院 医院 银行 支行 分行 酒店 宾馆 "
     "饭店 超市 市场 "
     "网吧 幼儿园 法院 检察院 派出所 政府 会所 专卖店 分店 总店 营业厅 工作室 事务所 信用社 合作社 加油站 "
     "火车站 汽车站 "
     "车站 机场 码头 电信局 邮政局 委员会 卫生院 卫生所 中医院 实验室 图书馆 博物馆 体育馆 工厂"},
    {ZM_WORD_POI_END,
     "厂 店 局 所 站 部 馆 行 铺 吧 屋 社 院 校 厅 室 库 场 寺 庙 塔 桥 大桥 高速 联络线 服务区 房"},
    {ZM_WORD_ASSIST, "对面 斜对面 正对面 对过 旁边 旁 附近 门口 大门口 楼下 楼上 边上 隔壁 后面 前面 后门 "
                     "背后 东侧 南侧 西侧 北侧 后侧 左边 "
                     "右边 左侧 右侧 右手 左手 门前 东首 西首 南首 北首 转角 拐角 往东 往西 往南 往北 向东 "
                     "向西 向南 向北 以东 以西 "
                     "以南 以北 内 院内 里面 东边 西边 南边 北边 靠近 沿线 斜对过"},
    {ZM_WORD_CROSSING, "路口 交叉口 交叉路口 交汇处 交汇口 交界处 交叉处 十字路口 三岔路口 丁字路口 口"},
    {ZM_WORD_LEVEL, "底层 底楼 顶层 顶楼 阁楼 夹层 架空层 地下室 半地下室"},
    {ZM_WORD_FILLER, "电联 NULL 其它区 其他区 其它 其他 市辖区 无 不详 速递 电话联系 请电联 自提 到付"},
    {ZM_WORD_NOT_ROAD, "路桥 街心 路段 街坊 街区 街头 路边 路旁 道具 村镇"},
};

static int words_add(struct zm_trie *t, struct zm_fold_table *fold, const char *list, enum zm_word word,
                     struct zm_err *err)
{
    struct zm_str rest = zm_str(list);
    while (rest.ptr) {
        struct zm_str item = zm_str_cut(&rest, ' ');
        uint32_t cp[16], n = 0;
        const char *p = item.ptr, *end = p + item.len;
        for (unsigned len; p < end && n < 16; p += len)
            cp[n++] = zm_utf8_next(p, end, &len);
        if (n)
            fold->kind[cp[0]] |= ZM_CH_WORD;
        ZM_TRY(zm_trie_add(t, cp, n, (uint32_t)word, err));
    }
    return 0;
}

int zm_lexicon_init(struct zm_trie *t, struct zm_fold_table *fold, struct zm_err *err)
{
    zm_trie_init(t);
    int rc = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words && !rc; i++)
        rc = words_add(t, fold, words[i].list, words[i].word, err);
    if (!rc)
        rc = zm_trie_freeze(t, err);
    if (rc)
        zm_trie_release(t);
    return rc;
}

enum zm_word zm_lexicon_match(const struct zm_trie *t, const uint32_t *cp, uint32_t *len)
{
    enum zm_word word = ZM_WORD_NONE;
    uint32_t node = 0;
    *len = 0;
    for (uint32_t i = 0; (node = zm_trie_step(t, node, cp[i])) != 0; i++) {
        if (!t->nodes[node].n_values)
            continue;
        word = (enum zm_word)t->values[t->nodes[node].value];
        *len = i + 1;
    }
    return word;
}
