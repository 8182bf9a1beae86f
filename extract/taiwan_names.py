"""Names of communities in Taiwan: 高雄市大寮区中庄社区, with districts where towns stand."""

import re

from extract.listing_records import Parts

TAIWAN = "台湾"
"""What stands in the slot of the province."""

CITIES = tuple(
    "台北市 新北市 桃园市 台中市 台南市 高雄市 基隆市 新竹市 嘉义市 新竹县 苗栗县 彰化县"
    " 南投县 云林县 嘉义县 屏东县 宜兰县 花莲县 台东县 澎湖县 金门县".split()
)
"""Special municipalities, cities and counties; 连江县 is left out, since Fujian has one too."""

_SHORT = {name[:2]: name for name in CITIES if sum(other[:2] == name[:2] for other in CITIES) == 1}
_NAME = re.compile(
    rf"(?P<city>{'|'.join(CITIES)})?(?P<town>(?![是为把等另及与])[一-龥]{{1,3}}[区乡镇市])"
    r"(?P<village>(?:(?!等)[一-龥]){1,8}?(?:社区|里|村|部落))?(?:发展协会)?"
)


def find_taiwan_city(text: str) -> str | None:
    """Find the city or county of Taiwan that a text names, in Simplified script.

    >>> find_taiwan_city("高雄7社区全数获奖"), find_taiwan_city("成都市武侯区")
    ('高雄市', None)
    """
    for short, name in _SHORT.items():
        if short in text:
            return name
    return next((name for name in CITIES if name in text), None)


def split_taiwan_name(text: str, context: Parts) -> Parts | None:
    """Split the name of a community, village or district of Taiwan; None for other names.

    Needs the city in front or a context that lies in Taiwan. 台南市 is a city, its 区 stand in the
    slot of towns; 社区发展协会 is the association of the community before it.

    >>> parts = split_taiwan_name("大寮区中庄社区发展协会", Parts(province="台湾", city="高雄市"))
    >>> (parts.town, parts.village) if parts else None
    ('大寮区', '中庄社区')
    """
    if context.province != TAIWAN and not text.startswith(CITIES):
        return None
    match = _NAME.fullmatch(text)
    if match is None or match["town"] in CITIES:
        return None
    found = {level: value for level, value in match.groupdict().items() if value}
    return Parts(province=None, **found)
