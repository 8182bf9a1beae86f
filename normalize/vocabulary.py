"""Words of announcements: what programmes, authorities and statuses are called."""

import re

from normalize.gazetteer import load_gazetteer

PROGRAMME_NOUN = re.compile(
    r"“?五星”?(?:级)?(?:村|社区|支部)|试点|示范|实验区|试验区|实验县|实验单位|先行区|样板|名镇|名村|名县|传统村落|小镇|未来社区|未来乡村|重点村|重点镇"
    r"|重点乡镇|基地|乡村$|达标|先进|模范|强镇|强村|强县|生活圈|风景区|工坊|先行|培育|保护名录|选拔|评鉴|竞赛"
    r"|(?:文明|卫生|绿色|友好|友好型|智慧|完整|就业|平安|书香|和谐|幸福|美丽|宜居|星级|最美|十佳|百佳|优秀|特色|红色|数字|园林"
    r"|生态|森林|休闲|健康|标准化|标杆|样板|品牌|枫桥式|法治|减灾|创新|“?五星”?|枫桥式[一-龥]{0,4})"
    r"(?:村镇|乡镇|镇村|村庄|社区|村|镇|街道|县城|县|城市|乡村|单位|校园|家庭|派出所|企业|集体|园区|街区)"
)
"""What the name of a programme holds at the least."""

MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
"""Cities that are provinces."""

CITIES_WITHOUT_COUNTIES = ("东莞市", "中山市", "儋州市", "嘉峪关市")
"""Prefectures whose towns lie directly below them."""

AUTHORITY = (
    r"[一-龥]{0,12}?(?:人民政府办公厅|人民政府办公室|人民政府|民政厅|民政局|民政部|司法厅|司法局|司法部"
    r"|农业农村厅|农业农村局|农业农村部|住房和城乡建设厅|住房和城乡建设局|住房和城乡建设部|财政厅|财政局"
    r"|财政部|文化和旅游厅|文化和旅游部|组织部|宣传部|乡村振兴局|发展和改革委员会|发展改革委|卫生健康委员会"
    r"|生态环境厅|生态环境局|社会工作部|办公厅|民族事务委员会|民族宗教事务委员会|人力资源和社会保障厅|教育厅|卫生健康委|文明委|文明办|减灾委员会|爱国卫生运动委员会|爱卫会|科学技术厅|商务厅|水利厅|水利部|自然资源厅|新闻出版局|退役军人事务厅|应急管理厅|林业和草原局|文物局|文化和旅游局|住建局|乡村振兴局|妇女联合会|妇联|公安厅|公安局|精神文明建设指导委员会|文明办|委员会办公室)"
)
"""Pattern of the name of an authority that publishes lists."""

STATUSES = (
    (
        "reconfirmed",
        re.compile(
            r"复核保留|继续保留|保留.{0,30}称号|重新确认|监测合格|复核合格|复审合格|复查合格|复评合格"
            r"|通过(?:了)?(?:复核|复审|复查|监测)(?!.{0,8}(?:撤销|摘牌))"
        ),
    ),
    (
        "withdrawn",
        re.compile(r"撤销|摘牌|取消.{0,30}(?:称号|资格|命名)|退出.{0,12}(?:名单|名录|行列)"),
    ),
    ("downgraded", re.compile(r"降格|降级|降为|予以(?:黄牌)?警告|黄牌|限期整改")),
    (
        # Most announcements were 经公示 before; only a list that is on show now is proposed.
        "proposed",
        re.compile(
            r"名单(?:的|正在|进行|予以)?公示(?!结束|期满|无异议)"
            r"|(?:予以|进行|发布|开展|对外|正在|进入|昨[天日]|今[天日])公示(?!结束)"
            r"|公示(?:期[间内为自:]|时间|对象|阶段|啦|了|公告|名单|如下|\))|(?:名单|的|结果|情况)公示$"
            r"|拟(?:确定|命名|推荐|认定|入选|同意|表彰|授予|列入|公布|支持|保留|将|评|入围|创建|批准)"
            r"|候选|推荐名单|申报名单"
        ),
    ),
    (
        "completed",
        re.compile(r"(?:通过|完成)(?:了)?.{0,8}(?:验收|结题|结项)|结题|结项|验收合格|终期验收"),
    ),
)
"""Statuses and their words, most telling first; without any the units are selected."""

LASTING_HONOUR = re.compile(
    r"名录|村落|名[镇村城县]|示范|文明|特色小镇|重点[村镇]|森林乡村|休闲乡村|友好社区|绿色社区|先进"
)
"""Programmes whose units keep the honour when the next batch is named; a 试点 has a term."""

SELECTION_VERB = re.compile(
    r"(?:成功)?(?:入选|入围|上榜|榜上有名|名列其中|位列其中|在列|当选|中选|脱颖而出|获评|获批|获得|获授|荣获|斩获|摘得|喜获|夺下|拿下|夺得|勇夺|获颁|获选|获奖|得奖|受表彰|受到表彰|获表扬|并列(?=第)|获(?=[“\"《「全省国市第首中])"
    r"|(?:被|获)(?:正式)?(?:省\S{1,8}厅)?(?:命名|评为|评定|评选|确定|确认|认定|列为|列入|授予|表彰|纳入|选为|公示)|跻身"
    r"|通过(?:了)?(?:复核|复审|复查|验收|评审|考核|监测|认定)|继续保留|监测合格|复核合格|入列|结项|结题|复查合格|复审合格|复评合格|验收合格)(?!的|[一-龥]{0,3}(?:最多|数量|总数|村数|个数))"
)
"""Verbs that follow the units a sentence lists."""


def province_of(text: str) -> str | None:
    """Official name of the province a text begins with.

    >>> province_of("四川省民政厅"), province_of("民政厅")
    ('四川省', None)
    """
    for form, division in load_gazetteer().forms_at(text, 0):
        if division.level == "province":
            rest = text[len(form) :]
            if form == division.name or not rest.startswith(("市", "县", "路")):
                return division.name
    return None
