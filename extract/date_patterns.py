"""The printed forms of dates and times, as patterns over folded text."""

import re

_DIGIT = "〇零一二三四五六七八九"
MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九元])"
"""A month's number; 元 is the first."""
DAY = r"(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
"""A day's number."""
YEAR = (
    rf"(?:民国\s?(?:\d{{1,3}}|[一二三四五六七八九十百零〇]{{1,5}})|(?<!\d)\d{{4}}|[{_DIGIT}]{{4}})"
)
"""A year's number of four digits, or of the Republic of China calendar."""
CLOCK = (
    r"(?P<half>凌晨|清晨|早上|早晨|早|上午|中午|午后|下午|傍晚|晚上|晚间|晚|深夜)?\s?"
    r"(?P<hour>\d{1,2}|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,6})?)?(?!\d)"
    r"(?:\s?(?P<meridiem>[AaPp])\.?[Mm]\b)?"
    r"|[时点](?:(?P<past>\d{1,2}|[一二三四五]?十[一二三四五六七八九]?(?=分))分?|(?P<thirty>半)|(?P<quarter>[一三])刻|整)?"
    r"(?!间|[建意要]|看法|措施|钟头))"
)
"""11:15, 08:24:55, 下午3时30分, 9:40 pm."""

YEAR_DATE = re.compile(
    rf"(?P<year>{YEAR}|(?<!\d)\d{{2,3}}(?=\s?年\s?\d))\s?年(?![级代])"
    rf"(?:\s?(?P<month>{MONTH})\s?月份?(?:\s?(?P<day>{DAY})\s?[日号])?)?",
    re.ASCII,
)
"""2021年11月21日, 二〇二二年三月, 民国111年3月5日."""

ENGLISH_DATE = re.compile(
    rf"(?<![A-Za-z\d])(?P<month>{MONTH}月|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{{0,6}}\.?)"
    r"\s?(?P<day>\d{1,2})(?:st|nd|rd|th)?[,，]?\s?(?P<year>(?:19|20)\d{2})(?!\d)",
    re.ASCII,
)
"""十一月 6th, 2009 and November 6, 2009, as blog software prints them."""

ENGLISH_DAY_FIRST = re.compile(
    r"(?<![\d.-])(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]"
    r"(?P<month>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?)[,\s-]{1,2}"
    r"(?P<year>(?:19|20)\d{2})(?!\d)",
    re.ASCII,
)
"""5 March 2012 and 05-Mar-2012."""

NUMERIC_DATE = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d{2})(?P<sep>[-/.])(?P<month>\d{1,2})"
    r"(?:(?P=sep)(?P<day>\d{1,2}))?+(?!\d|版|\.\d)",
    re.ASCII,
)
"""2019-03-27, 2018/04/25, 2021.11.21."""

COMPACT_DATE = re.compile(
    r"(?:(?<![\w./:=-])|(?<=日期:)|(?<=时间:))(?<!编号)(?<!文号)(?<!电话)(?<!热线)(?<!单号)(?<!代码)(?<!证号)(?<!账号)"
    r"(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?![\w./-])",
    re.ASCII,
)
"""20220406."""

DECADE = re.compile(
    r"(?P<century>上个?世纪|20世纪|二十世纪)\s?(?P<tens>[1-9]0|[一二三四五六七八九]十)年代"
)
"""上世纪90年代."""

MONTH_DATE = re.compile(
    rf"(?<![\d个每.])(?<!农历)(?<!阴历)(?<!每年)(?P<month>{MONTH})\s?月(?![饼亮嫂龄]|怀胎|革命)份?(?:\s?(?P<day>{DAY})\s?[日号])?",
    re.ASCII,
)
"""11月18日, 三月."""
TENTH_AFTER = re.compile(r"(?P<tenth>[上中下])旬|[底末初](?!期|级|中|次|步|始)")
"""The 中旬 or 底 behind a month."""

PLAN = re.compile(
    r"“?十(?P<ordinal>[一二三四五六])五”?(?:规划|计划)?(?P<part>期末|末|时期|期间|以来|开局之年|收官之年)?"
)
"""A five-year plan: “十四五”末, 十三五时期."""
