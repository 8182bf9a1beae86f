"""Damage done to the bytes of a page: cut, doubled, swapped, broken tags, nesting, noise."""

import random
from collections.abc import Callable, Sequence

Mutation = Callable[[bytes, random.Random], bytes]

TAGS = (
    "<p>", "</p>", "<div>", "</div>", "</div></div></div>", "<table><tr><td>", "</table>", "<td>",
    "<br>", "<a href='x'>", "</a>", "<h1>", "</h1>", "<script>", "</script>", "<!--", "-->",
    "<![CDATA[", "<style>", "</html>", "<html>", "<body>", "<head>", "<title>", "</title>",
    "<ul><li>", "<svg>", "<div style='display:none'>", "<font class=jammer>", "<iframe>",
    "<textarea>", "<select><option>", "<meta charset=gbk>",
    "<meta name=PubDate content='9999-99-99'>", "<base href='//[bad'>",
    "<a href='http://[::1'>附件.doc</a>", "<?xml version='1.0' encoding='utf-16'?>", "<template>",
    "<p", "<",
)  # fmt: skip
"""Markup in places where no page should have it."""
WORDS = (
    "&#0;", "&#x110000;", "&#xd800;", "&nbsp", "&amp;&lt", "&#99999999999;", "\x00", "\ufeff",
    "\ufffe", "\u202e", "\u200b", "来源：", "发布时间：0000-00-00 99:99", "2021-02-30",
    "99999999999年前", "零年零月零日", "十一月 99th, 2009", "21-13-4525:61", "记者：", "（记者",
    "作者：/／丨", "责任编辑：", "1234567890" * 20, "浏览：99999999999999999999999", "社區(qū)",
    "?q\u016b)", "上一篇", "网友评论", "相关新闻：", "登录", "首页 > > > >", "标签：，，，",
    "位置：>>>", "一、", "（一）", "附件1：", "共0个", "一千亿亿亿个社区", "\u3000" * 50,
    "\u300d\u300c\u300e\u300f", "\U0001f600", "\t\t\t", "民国0年1月1日",
    "var ct = \"9999999999\";", "<script>var ct='1655249400'</script>",
)  # fmt: skip
"""Words that set readers of dates, names and numbers to work."""


def mutate(body: bytes, rng: random.Random, pages: Sequence[bytes] = ()) -> bytes:
    """Give a page with one to six damages; `pages` are those whose parts may be pasted in."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        if pages and rng.random() < 0.08:
            other = rng.choice(pages)
            body = _insert(body, other[_place(other, rng) :][:4000], rng)
        else:
            body = rng.choice(_MUTATIONS)(body, rng)
    return body


def _place(body: bytes, rng: random.Random) -> int:
    return rng.randint(0, len(body))


def _span(body: bytes, rng: random.Random, longest: int) -> slice:
    start = _place(body, rng)
    return slice(start, min(len(body), start + rng.randint(1, longest)))


def _insert(body: bytes, piece: bytes, rng: random.Random) -> bytes:
    place = _place(body, rng)
    return body[:place] + piece + body[place:]


def _flip(body: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(body)
    for _ in range(rng.choice((1, 5, 50))):
        if damaged:
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


def _cut(body: bytes, rng: random.Random) -> bytes:
    span = _span(body, rng, 2000)
    return body[: span.start] + body[span.stop :]


def _truncate(body: bytes, rng: random.Random) -> bytes:
    return body[: _place(body, rng)]


def _double(body: bytes, rng: random.Random) -> bytes:
    span = _span(body, rng, 3000)
    return body[: span.stop] + body[span] * rng.randint(1, 5) + body[span.stop :]


def _swap(body: bytes, rng: random.Random) -> bytes:
    first, second = sorted(_place(body, rng) for _ in range(2))
    third = rng.randint(second, len(body))
    return body[:first] + body[second:third] + body[first:second] + body[third:]


def _add_tags(body: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 6)):
        body = _insert(body, rng.choice(TAGS).encode(), rng)
    return body


def _add_words(body: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 6)):
        body = _insert(body, rng.choice(WORDS).encode("utf-8", "surrogatepass"), rng)
    return body


def _drop_tags(body: bytes, rng: random.Random) -> bytes:
    tag = rng.choice(
        (b"</div>", b"</p>", b"</td>", b"</tr>", b"</a>", b">", b'"', b"<br>", b"</h1>")
    )
    return body.replace(tag, b"", rng.randint(1, 20))


def _nest(body: bytes, rng: random.Random) -> bytes:
    tag = rng.choice((b"<div>", b"<span>", b"<b>", b"<table><tr><td>", b"<ul><li>", b"<a href=x>"))
    return _insert(body, tag * rng.choice((10, 300, 2000)), rng)


def _grow_attribute(body: bytes, rng: random.Random) -> bytes:
    name = rng.choice((b"style", b"class", b"href", b"id", b"title", b"content"))
    value = rng.choice((b"a ", b"display:", b"x-", b"/", b"%")) * rng.choice((100, 5000))
    return _insert(body, b"<div " + name + b"='" + value + b"'>", rng)


def _recode(body: bytes, rng: random.Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(rng.choice(("gb18030", "utf-16", "utf-32", "big5", "utf-8-sig")), "replace")


def _fill(body: bytes, rng: random.Random) -> bytes:
    filler = rng.choice((b"(", "（记者".encode(), "，".encode(), b"2021-", b"> ", b"\n", b"&"))
    return _insert(body, filler * rng.choice((50, 3000)), rng)


_MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _cut,
    _truncate,
    _double,
    _swap,
    _add_tags,
    _add_words,
    _add_words,
    _drop_tags,
    _nest,
    _grow_attribute,
    _recode,
    _fill,
)
