"""Tell the lines of a page that frame an article from the lines that are the article."""

import re
from collections.abc import Iterable
from itertools import islice

from lxml.html import HtmlElement

from extract.lines import Line

_LONGEST_FRAME = 120
"""Frame lines are short; a longer one is prose that happens to begin like one."""

_MOST_LINKS = 20
"""Links of one block that are looked at, since many lines may stand in the same block."""

_MARKS = re.compile(r"[，。；！？、：,;!?]")
_ATTACHED = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|csv|txt)(?:$|[?#])", re.IGNORECASE
)
_ATTACHED_TEXT = re.compile(
    r"^附\s*[件表]|\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar)\b", re.IGNORECASE
)

_END = re.compile(
    r"""^[\s【\[(（<*※>·•|-]*(?:
    (?:责任|责|值班|本文|本期|网络|执行|文字)?(?:编辑|责编|编审|审核|校对|监制)(?:[:：/\s]|[】\]]|$)
    | 责编|责任编辑|一审|初审[:：]|终审[:：]
    | (?:分享|转发|转播)(?:到|至|本文|[:：]|$) | 我要分享 | 分享让更多人
    | (?:免责|版权|特别|郑重|平台|法律|转载)(?:声明|说明)\s*(?:[:：\]】]|$) | 声\s*明[:：]
    | 本文仅代表 | 本文(?:系|为).{0,20}(?:授权|原创|转载) | 本文来源 | 文章来源\s*[:：]
    | 原文(?:链接|地址|网址|出处) | (?:未经|如需|若需|转载请|欢迎转载|禁止转载) | 请支持独立网站
    | (?:上|下|前|后)一[篇则条页张] | (?:打\s*印|关\s*闭)(?:本页|窗口|页面|文章|\s*[】\]]|$)
    | (?:我要|发表|网友|最新|热门|精彩|查看|全部|更多|精选|文明)?(?:评论|跟贴|跟帖|留言|点评)
      (?:[:：(（]|$|区|列表|仅供|排行|专区|（)
    | \d[\d,]*\s*条?(?:评论|跟贴|回复) | 网友评论 | .{0,6}(?:评论|跟贴|留言)\s*[(（]?\d+
    | (?:扫一扫|扫描|扫码|微信扫|长按识别|长按二维码|识别二维码|关注该公众号)
    | (?:收藏|举报|点赞|返回顶部|返回首页|投诉|纠错|我要纠错|不感兴趣|打赏|赞赏|喜欢)
      (?:\s*[\d(（】\]]|$)
    | (?:阅读|浏览|点击|访问)(?:原文|全文|[数量]|次数)
    | -?\s*THE\s*END | （?完）?$ | 关键[字词][:：] | 标\s*签[:：]
    | 网站标识码 | 主\s*办\s*[:：]
    | copyright | ©
    | 您(?:此时|看完|看到此篇|认为这篇) | 文章(?:价值|观点|纠错|导航) | 点击(?:加载|查看|收起)
    | \[?\s*原文
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_RELATED = re.compile(
    r"""^[\s【\[(（<*※>·•|■◆▲-]*(?:
    延伸[\s·]*(?:推荐|阅读)
    | (?:更多|其他|其它)?(?:相关|推荐|延伸|拓展|扩展|热门|热点|精彩|最新|猜你|为您|为你|今日|关联)
      (?:的)?(?:新闻|阅读|报道|推荐|链接|文章|日志|主题|内容|资讯|信息|专题|稿件|文档|附件|喜欢|
      热点|图文|组图|图片|视频|文件|解读|政策|推送|关注|排行|话题|问答|报导)
    | (?:新闻|视频|图片|频道|编辑|站长|栏目|本站|大家|网友|好文)(?:推荐|精选|排行|都在看|在看|精粹)
    | 猜你喜欢|你可能(?:喜欢|感兴趣)|你也许喜欢|大家都在|看过本文
    | 热(?:点|门)?排行|排行榜|点击排行|新闻排行
    | (?:作者|本版)(?:最近|其他|更多)文章|往期(?:回顾|推荐|精彩)|24小时(?:热|新闻)
    | 更多(?:精彩|内容|新闻|文章|>>|$)
    | 推荐$|相关$
    )""",
    re.VERBOSE,
)
_ASIDE = re.compile(r"^\W*(?:延伸|拓展|扩展|链接)")
# Case is ignored behind the first letter only: so the search passes over what cannot begin one.
_FOOTER = re.compile(
    r"版权所有|I(?i:CP[备证])|i(?i:CP[备证])|公网安备|网站标识码|A(?i:ll\s*Rights?\s*Reserved)|"
    r"a(?i:ll\s*Rights?\s*Reserved)|P(?i:owered\s*by)|p(?i:owered\s*by)|不良信息举报|"
    r"许可证(?:号|[:：]|$)|备案(?:序)?号|技术支持[:：]|浏览器.{0,6}(?:浏览|访问)|市民服务热线"
)
_CONTROL = re.compile(
    r"^[\s【\[(（|]*(?:登[录陆]|注册|首页|搜索|打印|分享|收藏|举报|回复|关注|评论|点赞|复制链接|微信|微博|QQ空间|朋友圈|"
    r"新浪微博|腾讯微博|Qzone|更多|关闭|纠错|字\s*[号体].{0,30}|调整字体|放大|缩小|听新闻|手机版|语音播报|大|中|小|默认|"
    r"设为首页|加入收藏|无障碍.{0,6}|繁体|简体|English|正在加载.{0,3}|加载中.{0,3}|\d{1,6}|[|>/·\s]+)[\s】\])）|:：]*$",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"登录后|请登录|用户名|密\s*码|验证码|还可输入|立即注册|不支持.{0,6}浏览器|C(?i:ookie)|c(?i:ookie)"
)
_INFO = re.compile(
    r"来\s*源|稿源|出\s*处|发布(?:时间|日期|于|者|机构|单位)|发表(?:于|时间)|(?:时间|日期)\s*[:：]|"
    r"作者\s*[:：]|(?:浏览|阅读|点击|访问)(?:量|次数|数|人数)?\s*[:：]?\s*\d|次(?:浏览|阅读|点击)|"
    r"字\s*[号体]\s*[:：]|责任编辑|编辑\s*[:：]|人气\s*[:：]|索\s*引\s*号|发文(?:字号|机关|机构)|文\s*号\s*[:：]|"
    r"主题分类|有\s*效\s*性|主\s*题\s*词\s*[:：]|成文日期|公开(?:方式|形式|日期)|信息分类|更新(?:时间|日期)|最后更新|信息名称|"
    r"【(?:大|字体|打印)|打印本页|发布机构|生成日期"
)
_DATE = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]?\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}[-/月]\d{1,2}日?\s*\d{1,2}:\d\d|"
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?|[一二三四五六七八九十]{1,2}月)\s?"
    r"\d{1,2}(?:st|nd|rd|th)?[,，]?\s?(?:19|20)\d\d|^\D{0,20}\d{1,2}\s?(?:分钟|小时|天)前\b"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[\w./?=&%-]+", re.ASCII)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:comments?|reply|replies|respond|footer|foot|copyright|sidebar|aside|related?|"
    r"relation|recommend\w*|share|sharing|bdsharebuttonbox|nav\w*|menu|crumbs?|breadcrumb\w*|hot\w*|rank\w*|"
    r"login|toolbar|topbar|tie|tags?|statement|liability|disclaimer|copyrightclarify|"
    r"xgxw|xgyd|pinglun|tuijian|fenxiang|popup|dialog|modal|tips?|advert\w*|ads?)(?:$|[\s_-])",
    re.IGNORECASE,
)


def count_chars(text: str) -> int:
    """Count the characters of a text without blanks.

    >>> count_chars("三台 县\\t潼川镇")
    6
    """
    return len(text) - text.count(" ") - text.count("\t") - text.count("\u3000")


def count_marks(text: str) -> int:
    """Count the marks that sentences have and labels have not.

    >>> count_marks("试点名单已公布,公示期七天。")
    2
    """
    return len(_MARKS.findall(text))


def is_end(line: Line) -> bool:
    """Tell whether an article ends before this line: editor, share bar, disclaimer, footer.

    >>> from extract.lines import read_text_lines
    >>> [is_end(line) for line in read_text_lines("责任编辑:李某\\n编辑部来了新同事。").lines]
    [True, False]
    """
    text = line.text
    if len(text) > _LONGEST_FRAME:
        return len(text) < 4 * _LONGEST_FRAME and (
            _FOOTER.search(text) is not None
            or text[:5].startswith(("声明", "免责声明", "*免责声明"))
        )
    return _END.match(text) is not None or _FOOTER.search(text) is not None


def is_related_heading(line: Line) -> bool:
    """Tell whether a line announces links to other articles.

    >>> from extract.lines import read_text_lines
    >>> is_related_heading(read_text_lines("相关新闻:").lines[0])
    True
    """
    return len(line.text) <= 24 and _RELATED.match(line.text) is not None


def is_aside_heading(line: Line) -> bool:
    """Tell whether a line announces further reading, which may be prose of the article itself.

    >>> from extract.lines import read_text_lines
    >>> is_aside_heading(read_text_lines("延伸阅读").lines[0])
    True
    """
    return len(line.text) <= 24 and _ASIDE.match(line.text) is not None


def is_link_line(line: Line) -> bool:
    """Tell whether a line is mostly links, other than links to attachments.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> page = parse_tree("<p><a href=1.html>上一条</a><p><a href=1.docx>附件1</a>")
    >>> [is_link_line(line) for line in read_html_lines(page).lines]
    [True, False]
    """
    twice = 2 * line.link_chars
    if not twice or (twice <= len(line.text) and twice <= count_chars(line.text)):
        return False
    return not is_attachment_line(line)


def is_attachment_line(line: Line) -> bool:
    """Tell whether a line names an attachment or links to one.

    >>> from extract.lines import read_text_lines
    >>> is_attachment_line(read_text_lines("附件:试点单位名单.docx").lines[0])
    True
    """
    text = line.text
    if ("." in text or text.startswith("附")) and _ATTACHED_TEXT.search(text):
        return True
    if not line.link_chars or line.element is None or len(line.element) > 40:
        return False
    return any(map(_links_file, _find_links(line.element)))


def _find_links(element: HtmlElement) -> Iterable[HtmlElement]:
    # Entries of menus and lists hold one link and nothing else; a search takes far longer.
    if len(element) == 1 and element[0].tag == "a" and not len(element[0]):
        return (element[0],)
    return islice(element.iter("a"), _MOST_LINKS)


def _links_file(link: HtmlElement) -> bool:
    address = link.get("href")
    return address is not None and "." in address and _ATTACHED.search(address) is not None


def is_attachment_url(url: str) -> bool:
    """Tell whether an address ends like a file to download.

    >>> is_attachment_url("/files/list.xlsx?v=2")
    True
    """
    return _ATTACHED.search(url) is not None


def is_control(line: Line) -> bool:
    """Tell whether a line is a button, a form or a counter of the page.

    >>> from extract.lines import read_text_lines
    >>> [is_control(line) for line in read_text_lines("字号:大 中 小\\n潼川镇").lines]
    [True, False]
    """
    text = line.text
    return _CONTROL.match(text) is not None or (len(text) < 60 and _FORM.search(text) is not None)


def has_date(text: str) -> bool:
    """Tell whether a text prints a full date or a day with a time.

    >>> has_date("2022-03-10 来源:绵阳日报")
    True
    """
    return _DATE.search(text) is not None


def is_info_line(line: Line) -> bool:
    """Tell whether a line gives date, 来源, author or counters of an article.

    >>> from extract.lines import read_text_lines
    >>> is_info_line(read_text_lines("2022-03-10 11:15 来源:绵阳日报 浏览量:451").lines[0])
    True
    """
    text = line.text
    if "://" in text or "www." in text:
        text = _ADDRESS.sub("", text)
    if len(text) > 160 or "。" in text:
        return False
    date = _DATE.search(text)
    if _INFO.search(text):
        return len(text) < 60 or date is not None or line.row is not None
    return date is not None and len(text) - len(date[0]) <= 22


def is_frame_name(names: str) -> bool:
    """Tell whether the class and id of an element name a part around the article.

    >>> is_frame_name("post-comments clearfix"), is_frame_name("article_content")
    (True, False)
    """
    return _NAMED.search(names) is not None


def weigh_line(line: Line, chars: int) -> float:
    """Weigh how much a line of so many characters speaks for being in the body.

    Long sentences say much, links nothing.

    >>> from extract.lines import read_text_lines
    >>> page = read_text_lines("首页\\n全市新增社区四十二个，治理水平提升。\\n潼川镇社区")
    >>> [round(weigh_line(line, count_chars(line.text)), 1) for line in page.lines]
    [0.0, 10.1, 0.5]
    """
    text = line.text
    if not chars or 2 * line.link_chars > chars or is_control(line):
        return 0.0
    if is_end(line) or is_related_heading(line):
        return 0.0
    if is_info_line(line):
        return 0.0
    marks = count_marks(text)
    prose = (marks and chars >= 15) or chars >= 40
    own = max(chars - line.link_chars, 0)
    return own * min(1.0, 0.2 + chars / 50) * (1.0 if prose and line.row is None else 0.35)
