"""Pages cut, broken, glued and made up: nothing raises, nothing is miscounted, GBK stays GBK."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from normalize.charset_claims import find_encoding
from normalize.encoding import Decoded, decode_bytes

PARAGRAPHS = (
    "各县区民政局、各有关单位：为做好今年的社区治理试点工作，现将有关事项通知如下。",
    "一、申报条件。街道（乡镇）重视，有办公场所，有专人负责，近三年没有重大安全问题。",
    "二、申报程序。由社区居民委员会提出，经街道办事处同意后，报县级部门审核、公示。",
    "三、时间要求。请于六月三十日前将材料报送我局，电子版发至联系人邮箱，过期不再受理。",
    "经研究，同意游仙区、涪城区、安州区、江油市、三台县、盐亭县、梓潼县、北川县等地的项目。",
    "公示期间，任何单位和个人都可以来电、来信或者当面反映情况，我们将对反映人的身份保密。",
)
OLD_PARAGRAPHS = (
    "各區公所及里辦公處：為推動社區發展工作，茲將本年度補助事項公告如後，請轉知所屬。",
    "一、申請資格。立案滿一年之社區發展協會，會務健全，並訂有工作計畫者，得提出申請。",
    "二、申請方式。填具申請書，連同計畫書、經費概算表，於期限內送本局社區發展科辦理。",
    "三、注意事項。同一案件已獲其他機關補助者，不再補助；經費有結餘時，應按比例繳回。",
    "經審查，核定左營區、鼓山區、三民區、苓雅區、前鎮區、小港區、旗山區、美濃區等案。",
    "公告期間如有意見，請以書面向本局提出，逾期不予受理；聯絡電話及地址請見網站說明。",
)
SCRAPS = (
    b"<meta charset=|<!--|-->|<script>|</script>|<?xml version='1.0' encoding='|<p>|gbk|big5|=|>|'|"
    b"utf-16|\x00|\x80|\x81\x30|\xff|\xc9\xe7|\xe7\xa4\xbe|\xa1|\xaa\xba|\xe9 |\n| "
).split(b"|")
HEADERS = (None, "utf-8", "gb2312", "iso-8859-1", "nonsense")


def write_page(paragraphs: tuple[str, ...], seed: int) -> str:
    """A small page of paragraphs in some order, with markup between them."""
    chosen = random.Random(seed).choices(paragraphs, k=8)
    return "<html><body>" + "".join(f"<p class='c'>{text}</p>\n" for text in chosen)


def break_bytes(body: bytes, times: int, seed: int) -> bytes:
    """Change, drop or insert some bytes beyond ASCII, as broken storage and cut fields do."""
    dice, broken = random.Random(seed), bytearray(body)
    for _ in range(times):
        place = dice.randrange(len(broken))
        change = dice.choice(("set", "drop", "insert"))
        if change == "set":
            broken[place] = dice.randrange(0x80, 0x100)
        elif change == "drop":
            del broken[place]
        else:
            broken.insert(place, dice.randrange(0x80, 0x100))
    return bytes(broken)


def check(body: bytes, header: str | None) -> Decoded:
    """Decode and hold what holds for all bytes."""
    decoded = decode_bytes(body, header)
    assert decoded.lossy == decoded.text.count("\ufffd")
    assert not any("\ud800" <= character <= "\udfff" for character in decoded.text)
    "".encode(decoded.encoding)
    assert decode_bytes(body, header) == decoded
    return decoded


@given(st.binary(max_size=400), st.none() | st.text(max_size=20))
@example(b"\xff\xfe\x00\x00", None)
@example(b"\x00\x00\xfe\xff\x00\x11\x00\x00", "utf-32")
@example(b"\xef\xbb\xbf\xef\xbb", "gbk")
@example(b"<?xml encoding=", "\ud800")
@example(b"\x84\x31\x95\x33\x84", "big5")
def test_any_bytes_under_any_header(body: bytes, header: str | None) -> None:
    check(body, header)


@given(
    st.lists(
        st.sampled_from(SCRAPS),
        max_size=40,
    ),
    st.sampled_from(
        ["gbk", "big5", "latin1", "euc-jp", "euc-kr", "shift_jis", "koi8-r", "utf-16", "cp874"]
    ),
)
def test_any_scraps_of_pages(scraps: list[bytes], header: str) -> None:
    check(b"".join(scraps), header)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_reads_as_itself(text: str) -> None:
    body = text.encode()
    decoded = decode_bytes(body, "big5")
    if decoded.reason == "strict_utf8":
        assert (decoded.text, decoded.lossy) == (text, text.count("\ufffd"))
    else:
        assert decoded.reason in {"bom", "nul_pattern"}


@given(st.text(max_size=30))
def test_any_name_finds_an_encoding_of_text_or_none(name: str) -> None:
    encoding = find_encoding(name)
    assert encoding is None or isinstance(b"a".decode(encoding, "replace"), str)


@given(
    st.text(st.characters(codec="gb2312", categories=["Lo"]), min_size=6), st.sampled_from(HEADERS)
)
def test_gb2312_is_never_taken_for_big5(text: str, header: str | None) -> None:
    assert decode_bytes(text.encode("gb2312"), header).encoding != "big5hkscs"


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("paragraphs", [PARAGRAPHS, OLD_PARAGRAPHS], ids=["simple", "traditional"])
def test_broken_gbk_stays_gbk(paragraphs: tuple[str, ...], header: str | None) -> None:
    for seed in range(40):
        body = break_bytes(write_page(paragraphs, seed).encode("gbk"), seed % 8, seed)
        assert check(body, header).encoding == "gb18030"


@pytest.mark.parametrize("header", [*HEADERS, "big5"])
@pytest.mark.parametrize("paragraphs", [PARAGRAPHS, OLD_PARAGRAPHS], ids=["simple", "traditional"])
def test_broken_utf8_stays_utf8(paragraphs: tuple[str, ...], header: str | None) -> None:
    for seed in range(40):
        body = break_bytes(write_page(paragraphs, seed).encode(), seed % 8, seed)
        assert check(body, header).encoding == "utf-8"


@pytest.mark.parametrize("header", [*HEADERS, "big5"])
def test_broken_big5_stays_big5(header: str | None) -> None:
    for seed in range(40):
        body = break_bytes(write_page(OLD_PARAGRAPHS, seed).encode("big5"), seed % 4, seed)
        assert check(body, header).encoding == "big5hkscs"


@pytest.mark.parametrize("seed", range(4))
def test_gbk_under_a_big5_declaration_is_gbk(seed: int) -> None:
    for paragraphs in (PARAGRAPHS, OLD_PARAGRAPHS):
        page = write_page(paragraphs, seed)
        assert decode_bytes(page.encode("gbk"), "big5").text == page


@pytest.mark.parametrize("place", range(1, 60, 7))
def test_foreign_utf8_with_a_broken_byte_is_utf8(place: int) -> None:
    for text in (
        "Préfet, députés et maîtres des écoles réunis",
        "བོད་རང་སྐྱོང་ལྗོངས་ མི་དམངས་",
        "Администрация",
    ):
        body = (text * 3).encode()
        assert check(body[:place] + b"\xff" + body[place:], None).encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_pages_may_be_cut_anywhere(encoding: str) -> None:
    whole = PARAGRAPHS[0] + "<p>" + PARAGRAPHS[1]
    body = whole.encode(encoding)
    for end in range(12, len(body)):
        decoded = check(body[:end], encoding)
        assert decoded.encoding == encoding
        assert whole.startswith(decoded.text.removesuffix("\ufffd"))


@pytest.mark.parametrize("header", HEADERS)
def test_gbk_that_lost_a_byte_is_never_taken_for_big5(header: str | None) -> None:
    # Without ASCII all that follows is read half a character off.
    for paragraphs in (PARAGRAPHS, OLD_PARAGRAPHS):
        text = "".join(paragraphs)
        for start in range(0, len(text) - 40, 3):
            body = text[start : start + 8 + start % 32].encode("gbk")
            for lost in (0, len(body) // 2):
                broken = body[:lost] + body[lost + 1 :]
                assert check(broken, header).encoding != "big5hkscs"


@pytest.mark.parametrize(
    "text", ["报程序。由社区居民委", "位和个人都可以来电、来信或者当面反映情况"]
)
def test_gbk_that_lost_its_first_byte_is_gbk(text: str) -> None:
    assert check(text.encode("gbk")[1:], "utf-8").encoding == "gb18030"


@pytest.mark.parametrize(
    ("share", "encoding"), [(0.2, "utf-8"), (0.4, "utf-8"), (0.6, "gb18030"), (0.8, "gb18030")]
)
def test_the_larger_part_of_a_mixed_page_wins(share: float, encoding: str) -> None:
    for seed in range(20):
        page = write_page(PARAGRAPHS, seed)
        place = int(len(page) * share)
        mixed = page[:place].encode("gbk") + b"<hr>" + page[place:].encode()
        assert check(mixed, "gb2312").encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "big5hkscs"])
def test_little_text_in_a_large_page_is_found(encoding: str) -> None:
    markup = b"<a href='1.html'>link</a>\n" * 20_000
    text = "".join(OLD_PARAGRAPHS)
    decoded = decode_bytes(markup + text.encode(encoding) + b"\xff" + markup)
    assert decoded.text.split("</a>\n")[-20_001].startswith(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "scrap",
    [
        b"<!--",
        b"<meta charset a='",
        b'<a ="charset',
        b"<a = charset",
        b"<script>charset",
        b"<script></script charset",
        b"<meta charset= ",
        b"<?xml encoding charset",
        b"\x80",
        b"\x81\x30",
        b"\xfe\xa1",
        b"\xff\xc9\xe7",
        b"\xe7\xa4\xbe\xff",
        b"\xa4\xa4 \xaa\xba\xff",
        b"\x00a",
    ],
)
@pytest.mark.parametrize("header", [None, "gbk", "big5"])
def test_hostile_pages_end_soon(scrap: bytes, header: str | None) -> None:
    # Quadratic work on two megabytes would take hours.
    check(scrap * (1_000_000 // len(scrap)), header)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        # As browsers decode them; checked against Chromium's TextDecoder.
        (b"\x81\x30<", "\ufffd0<"),
        (b"\x81\x30", "\ufffd"),
        (b"\x81\x30\x81", "\ufffd"),
        (b"\x81\x30\x81A", "\ufffd0丄"),
        (b"\x81\x30\x81\xff", "\ufffd0\ufffd"),
        (b"\x84\x30\xd0\x00", "\ufffd0\ufffd\x00"),
        (b"\x81\xffA", "\ufffdA"),
        (b"\xffA", "\ufffdA"),
        (b"\xfe\x39\xfe\x39A", "\ufffdA"),
        (b"\xe3\x32\x9a\x36", "\ufffd"),
        (b"\xe3\x32\x9a\x35", "\U0010ffff"),
        (b"\x81\x30\xfe\x39", "؉"),
        (b"\x84\x31\xa4\x37A", "\ufffdA"),
        (b"\xa2\xa0A", "\ue585A"),
        (b"\xa6\xd9\xfe\x59", "︐\u9fb4"),
    ],
)
def test_odd_codes_of_gb18030_are_read_as_browsers_do(code: bytes, text: str) -> None:
    assert decode_bytes(PARAGRAPHS[0].encode("gbk") + code, "gbk").text == PARAGRAPHS[0] + text
