from extract.article import Article, find_article
from extract.lines import read_html_lines, read_text_lines
from extract.page import parse_tree
from extract.source import ParseRules

PROSE = (
    "记者从绵阳市民政局了解到，今年全市共有四十二个社区参加治理试点，覆盖三台、梓潼、平武等县，"
    "试点工作将持续一年，年底由市里统一验收。"
)
MORE = (
    "三台县潼川镇草堂社区的议事亭每周三晚上开门，居民把停车、照明、晾晒这些小事带到亭子里商量，"
    "能当场定下的当场就定，定不下的由网格员记下来跟进。"
)
NAV = "<ul class=nav><li><a href=/>首页</a><li><a href=/a>要闻</a><li><a href=/b>政务</a></ul>"
FOOT = "<div>版权所有:某市民政局 蜀ICP备00000000号</div>"


def article_of(body: str, rules: ParseRules | None = None, title: str = "") -> Article:
    root = parse_tree(f"<title>{title}</title><body>{NAV}{body}{FOOT}</body>")
    return find_article(read_html_lines(root), root, rules)


def texts(article: Article) -> list[str]:
    return [line.text for line in article.lines]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_navigation_and_footer_stay_outside():
    assert texts(article_of(f"<div>{paragraphs(PROSE, MORE)}</div>")) == [PROSE, MORE]


def test_line_breaks_make_paragraphs():
    assert texts(article_of(f"<div>{PROSE}<br>{MORE}</div>")) == [PROSE, MORE]


def test_short_body_is_an_article_when_title_and_date_stand_above():
    short = "平武县龙安镇政府街社区今天启用了新的社工站，居民可以就近办事。"
    page = f"<h1>龙安镇社工站启用</h1><div>2022-03-10 09:00</div><div><p>{short}</p></div>"
    article = article_of(page, title="龙安镇社工站启用")
    assert texts(article) == [short]
    assert [line.text for line in article.head] == ["龙安镇社工站启用", "2022-03-10 09:00"]


def test_title_and_date_inside_the_container_belong_to_the_head():
    page = f"<div><h1>试点社区开门议事</h1><p>来源:绵阳日报 2022-03-10</p>{paragraphs(PROSE)}</div>"
    article = article_of(page, title="试点社区开门议事 - 绵阳日报")
    assert texts(article) == [PROSE]
    assert "来源:绵阳日报 2022-03-10" in [line.text for line in article.head]


def test_section_numbers_at_the_beginning_are_kept():
    page = (
        f"<div><p>来源:绵阳日报 2022-03-10</p><p>先看两件小事</p><p>1</p>{paragraphs(PROSE)}</div>"
    )
    assert texts(article_of(page)) == ["先看两件小事", "1", PROSE]


def test_comments_are_left_out_even_when_they_are_longer():
    comment = "<div><b>用户甲</b><p>这件事办得好，希望我们小区也能早点参加，支持一下。</p></div>"
    comments = f"<div class=comments>{comment * 40}</div>"
    page = f"<div><div>{paragraphs(PROSE, MORE, PROSE[:60])}</div>{comments}</div>"
    assert texts(article_of(page)) == [PROSE, MORE, PROSE[:60]]


def test_related_links_inside_the_body_are_left_out():
    links = paragraphs("相关新闻", "<a href=1>梓潼县试点见闻</a>", "<a href=2>平武县试点见闻</a>")
    page = f"<div>{paragraphs(PROSE)}{links}{paragraphs(MORE, PROSE[:50])}</div>"
    assert texts(article_of(page)) == [PROSE, MORE, PROSE[:50]]


def test_editor_and_everything_below_it_go_to_the_tail():
    page = f"<div>{paragraphs(PROSE, MORE, '责任编辑:李某', '分享到:', '上一篇:无')}</div>"
    article = article_of(page)
    assert texts(article) == [PROSE, MORE]
    assert article.tail[0].text == "责任编辑:李某"


def test_list_without_punctuation_is_the_body():
    names = [f"绵阳市三台县潼川镇第{number}社区" for number in range(1, 151)]
    page = f"<h1>试点社区名单</h1><div>2022-03-10</div><div>{paragraphs(*names)}</div>"
    article = article_of(page, title="试点社区名单")
    assert texts(article) == names
    assert article.page_type == "announcement"


def test_table_beside_the_introduction_is_kept():
    rows = "".join(f"<tr><td>{n}<td>潼川镇第{n}社区</tr>" for n in range(1, 8))
    page = f"<div><div>{paragraphs(PROSE, MORE, PROSE[:70])}</div><table>{rows}</table></div>"
    assert texts(article_of(page))[-1] == "7\t潼川镇第7社区"


def test_attachment_links_at_the_end_are_kept():
    page = f"<div>{paragraphs(PROSE, '<a href=list.docx>附件:试点名单.docx</a>')}</div>"
    assert texts(article_of(page)) == [PROSE, "附件:试点名单.docx"]


def test_article_printed_twice_is_kept_once():
    copy = paragraphs(PROSE, MORE)
    article = article_of(f"<div class=pc>{copy}</div><div class=mobile>{copy}</div>")
    assert texts(article) == [PROSE, MORE]
    assert article.flags == ("article_repeated",)


def test_two_quotes_of_one_sentence_are_no_repetition():
    assert (
        article_of(
            f"<div>{paragraphs(PROSE, MORE, PROSE, '。'.join([MORE, PROSE[:50]]))}</div>"
        ).flags
        == ()
    )


def test_content_hidden_until_a_script_ran_is_read():
    page = f"<div id=js_content style='visibility: hidden'>{paragraphs(PROSE, MORE)}</div>"
    assert texts(article_of(page)) == [PROSE, MORE]


def test_rule_of_the_source_wins():
    page = f"<div>{paragraphs(PROSE, MORE)}</div><div id=note><p>短讯一则</p></div>"
    rules = ParseRules(body="//div[@id='note']")
    assert texts(article_of(page, rules)) == ["短讯一则"]


def test_rule_that_matches_nothing_falls_back():
    rules = ParseRules(body="//div[@id='gone']")
    assert texts(article_of(f"<div>{paragraphs(PROSE)}</div>", rules)) == [PROSE]


def test_list_of_links_is_no_article():
    links = "".join(
        f"<li><a href={n}>关于第{n}批社区治理试点名单的公告及说明</a> 2022-03-10" for n in range(30)
    )
    article = article_of(f"<ul>{links}</ul>")
    assert (article.page_type, article.lines, article.first) == ("list", (), -1)


def test_login_wall_is_a_shell():
    assert article_of("<form>用户名 密码<p>请登录后查看</form>").page_type == "shell"


def test_missing_page_is_an_error():
    assert article_of("<h1>404</h1><p>您访问的页面不存在</p>").page_type == "error"


def test_empty_page():
    root = parse_tree("")
    assert find_article(read_html_lines(root), root, None).lines == ()
    assert find_article(read_text_lines(""), None, None).page_type == "shell"


def test_deep_nesting_gives_an_answer():
    root = parse_tree("<div>" * 3000 + PROSE + "</div>" * 3000)
    # libxml2 cuts a page below its own depth limit; what is left is no article.
    assert find_article(read_html_lines(root), root, None).page_type == "shell"


def test_one_giant_line_is_read():
    giant = PROSE * 2000
    assert texts(article_of(f"<div>{giant}</div>")) == [giant]


def test_plain_text_page_is_cut_at_the_frame():
    page = "\n".join(
        [
            "首页 | 要闻 | 政务",
            "试点社区开门议事",
            "时间:2022-03-10 来源:绵阳日报",
            PROSE,
            "一个小标题",
            MORE,
            "相关新闻:",
            "邻县也有新社工站，居民说方便了许多，办事不用再跑远路。",
            "版权所有:某网",
        ]
    )
    article = find_article(read_text_lines(page), None, None)
    assert texts(article) == [PROSE, "一个小标题", MORE]
    assert (article.first, article.last) == (3, 5)


def test_plain_text_salutation_opens_the_body():
    page = f"关于试点名单的通知\n各县市区民政局:\n{PROSE}\n{MORE}"
    assert texts(find_article(read_text_lines(page), None, None))[0] == "各县市区民政局:"


def test_plain_text_byline_belongs_to_the_head():
    head = "试点社区开门议事\n来源:绵阳日报 2022-03-10\n■绵阳日报记者张三实习生李小四"
    page = f"{head}\n{PROSE}\n{MORE}"
    article = find_article(read_text_lines(page), None, None)
    assert texts(article) == [PROSE, MORE]
    assert article.head[-1].text.startswith("■")


def test_further_reading_of_a_plain_text_page_may_be_prose():
    lines = [
        "试点社区开门议事",
        "时间:2022-03-10",
        PROSE,
        "延伸阅读",
        MORE,
        MORE[:60],
        PROSE[:60] + "。",
    ]
    page = "\n".join(lines)
    article = find_article(read_text_lines(page), None, None)
    assert texts(article)[-1] == PROSE[:60] + "。"
