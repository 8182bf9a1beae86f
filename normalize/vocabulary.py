"""Words of announcements: what programmes, authorities and statuses are called."""

import re

from normalize.gazetteer import load_gazetteer

PROGRAMME_NOUN = re.compile(
    r"试点|示范|实验区|试验区|实验县|实验单位|先行区|样板|名镇|名村|传统村落|小镇|未来社区|未来乡村"
    r"|文明村镇|文明单位|重点村|重点镇|基地|森林乡村|休闲乡村|美丽乡村|友好社区|绿色社区|达标|先进|名县"
)
"""What the name of a programme holds at the least."""

AUTHORITY = (
    r"[一-龥]{0,12}?(?:人民政府办公厅|人民政府办公室|人民政府|民政厅|民政局|民政部|司法厅|司法局|司法部"
    r"|农业农村厅|农业农村局|农业农村部|住房和城乡建设厅|住房和城乡建设局|住房和城乡建设部|财政厅|财政局"
    r"|财政部|文化和旅游厅|文化和旅游部|组织部|宣传部|乡村振兴局|发展和改革委员会|发展改革委|卫生健康委员会"
    r"|生态环境厅|社会工作部|精神文明建设指导委员会|文明办|委员会办公室)"
)
"""Pattern of the name of an authority that publishes lists."""

STATUSES = (
    ("withdrawn", re.compile(r"撤销|摘牌|取消.{0,12}(?:称号|资格)")),
    ("reconfirmed", re.compile(r"复核保留|继续保留|重新确认|监测合格|复核合格")),
    ("downgraded", re.compile(r"降格|予以警告")),
    ("proposed", re.compile(r"公示|拟(?:确定|命名|推荐|认定|入选|同意)|候选|推荐名单|申报名单")),
    ("completed", re.compile(r"验收|结题|结项")),
)
"""Statuses and their words, most telling first; without any the units are selected."""

LASTING_HONOUR = re.compile(
    r"名录|村落|名[镇村城县]|示范|文明|特色小镇|重点[村镇]|森林乡村|休闲乡村|友好社区|绿色社区|先进"
)
"""Programmes whose units keep the honour when the next batch is named; a 试点 has a term."""

SELECTION_VERB = re.compile(
    r"(?:成功)?(?:入选|入围|上榜|榜上有名|名列其中|位列其中|获评|获批|被命名|被评为|被确定|被认定|被列为|跻身)"
)
"""Verbs that follow the units a sentence lists."""

_LEVEL_WORD = re.compile(r"^(?:省级|全省|我省|市级|全市|自治区级|全区)")


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


def canonical_programme(printed: str, province: str | None) -> str:
    """Name of a programme with its province in front and without level words.

    National programmes keep their name.

    >>> canonical_programme("省级社区治理和服务创新实验区", "浙江省")
    '浙江省社区治理和服务创新实验区'
    >>> canonical_programme("全国民主法治示范村", "四川省")
    '全国民主法治示范村'
    """
    if printed.startswith(("全国", "中国", "国家")):
        return printed
    named = province_of(printed)
    if named:
        stem = printed.removeprefix(named)
        return named + _LEVEL_WORD.sub("", stem)
    return (province or "") + _LEVEL_WORD.sub("", printed)
