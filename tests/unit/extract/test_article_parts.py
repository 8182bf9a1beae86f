import pytest

from extract.article_parts import find_next_part
from extract.page import parse_tree


@pytest.mark.parametrize(
    ("url", "link", "text", "is_next"),
    [
        ("http://a.cn/n/3.html", "3_2.html", "下一页", True),
        ("http://a.cn/n/t20220406_88.htm", "t20220406_88_1.htm", "下一页>", True),
        ("http://a.cn/n/3_2.html", "3_3.html", "[下一页]", True),
        ("http://a.cn/n/3-2.shtml", "3-3.shtml", "下页", True),
        ("http://a.cn/n.php?id=7", "n.php?id=7&page=2", "下一页", True),
        ("http://a.cn/n.php?id=7&page=2", "n.php?id=7&page=3", "余下全文", True),
        ("http://a.cn/n/3_2.html", "3.html", "上一页", False),
        ("http://a.cn/n/3_3.html", "3_2.html", "下一页", False),
        ("http://a.cn/n/3.html", "4.html", "下一页", False),
        ("http://a.cn/n/3.html", "3_2.html", "下一篇：三台县新增试点社区", False),
        ("http://a.cn/n/3.html", "http://b.cn/n/3_2.html", "下一页", False),
        ("http://a.cn/n/3.html", "3_5.html", "下一页", False),
        ("http://a.cn/n/3.html", "javascript:next()", "下一页", False),
        ("http://a.cn/n/3.html", "http://[", "下一页", False),
        ("http://a.cn/n/3.html", "#", "下一页", False),
    ],
)
def test_the_next_part_has_the_next_number(url: str, link: str, text: str, is_next: bool) -> None:
    page = parse_tree(f'<div><p>正文</p><a href="{link}"><span>{text}</span></a></div>')
    assert (find_next_part(page, url) is not None) == is_next
