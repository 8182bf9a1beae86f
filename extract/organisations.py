"""Units that are no places: schools, companies, agencies, told by the ends of their names."""

import re

_KINDS = (
    (re.compile(r"(?:博物馆|纪念馆|展览馆|陈列馆|图书馆|文化馆|美术馆|故居)$"), "museum"),
    (re.compile(r"(?:小学|中学|大学|学院|学校|幼儿园|[一二三四五六七八九十]中|分校)$"), "school"),
    (re.compile(r"(?:公司|集团|厂|合作社|银行|商场|超市|酒店)$"), "company"),
    (re.compile(r"(?:局|厅|委员会|办公室|法院|检察院|派出所|管理处|支队|大队|税务所)$"), "agency"),
    (re.compile(r"(?:农场|林场|牧场|渔场|茶场)$"), "farm"),
    (
        re.compile(
            r"(?:医院|协会|学会|基金会|中心|联合会|研究院|研究所|服务站|工坊|作坊|艺术院|书院|基地|人家|庄园|公园|景区|水利风景区"
            r"|风景名胜区|度假区|舞团|剧团|乐团|志愿队|服务队|党支部)$"
        ),
        "other_org",
    ),
)

ORGANISATION_KINDS = frozenset(kind for _, kind in _KINDS)
"""Kinds of units that are no places."""


def kind_of_organisation(text: str) -> str | None:
    """Give the kind of an organisation by its name's end, None for other names.

    >>> kind_of_organisation("绵阳市实验小学"), kind_of_organisation("三台县")
    ('school', None)
    """
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), None)
