"""Names within the Xinjiang Production and Construction Corps: division, regiment, company."""

import re

from extract.listing_records import Parts

CORPS = "新疆生产建设兵团"
_DIGIT = r"[一二三四五六七八九十百〇零\d]"
_DIVISION = (
    r"(?:新疆生产建设兵团|兵团)?"
    rf"(?P<city>(?:第|农)?{_DIGIT}{{1,4}}师|兵直|兵团直属)(?P<county>[一-龥]{{2,5}}?市)?"
)
_DIVISION_LEAD = re.compile(_DIVISION)
_NAME = re.compile(
    rf"(?:{_DIVISION})?"
    rf"(?P<town>第?{_DIGIT}{{1,5}}团(?:场)?(?:[一-龥]{{2,4}}镇)?|[一-龥]{{2,6}}?(?:街道|镇|乡)"
    r"|[一-龥]{2,5}?(?:农场|林场|[一二三四五六七八九十]?牧场|[一二三四五六七八九十]场))?"
    rf"(?P<village>(?:[一-龥]{{2,4}})?{_DIGIT}{{1,4}}连(?:队)?|[一-龥\d]{{2,6}}社区)?"
)


def find_division(text: str) -> re.Match[str] | None:
    """Find the division, and its city, that a name begins with.

    >>> match = find_division("第七师胡杨河市高级中学")
    >>> match["city"], match["county"]
    ('第七师', '胡杨河市')
    """
    return _DIVISION_LEAD.match(text)


def split_corps_name(text: str, context: Parts) -> tuple[Parts, str] | None:
    """Split the name of a division, regiment, farm or company of the corps; None for other names.

    Regiments and companies without their division need one in `context`. Divisions stand in the
    slot of prefectures, their cities in that of counties, regiments and farms in that of towns.

    >>> parts, kind = split_corps_name("六师一〇一团二连", Parts()) or (Parts(), "")
    >>> parts.city, parts.town, parts.village, kind
    ('六师', '一〇一团', '二连', 'corps_company')
    >>> split_corps_name("三台县", Parts()) is None
    True
    """
    is_corps = "师" in text or text.startswith("兵") or _is_below_division(context)
    if not is_corps or text[-1:] not in "师市团场镇连队区道乡":
        return None
    match = _NAME.fullmatch(text)
    if match is None:
        return None
    found = {level: value for level, value in match.groupdict().items() if value}
    if not found or (set(found) == {"village"} and not context.town):
        return None
    if "city" not in found and not _is_below_division(context):
        return None
    return Parts(**found), _kind_of(found)


def _is_below_division(context: Parts) -> bool:
    return context.city is not None and (context.city.endswith("师") or context.city == "兵直")


def _kind_of(found: dict[str, str]) -> str:
    if "village" in found:
        return "community" if found["village"].endswith("社区") else "corps_company"
    if "town" in found:
        return (
            "farm"
            if found["town"].endswith("场") and "团" not in found["town"]
            else "corps_regiment"
        )
    return "corps_division"
