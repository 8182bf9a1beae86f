"""Pages of every encoding, rightly and wrongly declared: what is read, with what, and why."""

import codecs
from dataclasses import dataclass

import pytest

from normalize.encoding import Reason, decode_bytes

SIMPLE = (
    "关于2022年度省级城乡社区治理试点单位名单的公示。经县区申报、专家评审，拟确定绵阳市三台县"
    "潼川镇等12个单位，现予公布；如有意见，请在5个工作日内反映。"
)
TRADITIONAL = (
    "關於2022年度社區營造補助名單的公告。經各區公所提報、專家審查，擬核定高雄市鹽埕區等12個單位，"
    "現予公布；如有意見，請在5個工作日內反映。"
)
WESTERN = "Le comité a présenté son été à la mairie, déjà fermée."
GB = SIMPLE.encode("gb18030")
BIG5 = TRADITIONAL.encode("big5")
UTF8 = SIMPLE.encode()
UTF16 = SIMPLE.encode("utf-16-le")
BOM = codecs.BOM_UTF8
UMLAUTS = "Die Bürger größerer Städte müssen Prüfungen"
KOREAN = "우리 나라"
NAMES = "潼川镇芦溪镇塔山镇龙树镇石安镇富顺镇秋林镇"
NOISE = b"a\0b\0c\0" + b"\xff\xdf" * 3
META_GB = b'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
META_UTF8 = b"<meta charset=utf-8>"
META_BIG5 = b"<meta charset='big5'>"
META_LATIN = b"<meta charset=iso-8859-1>"


@dataclass(frozen=True)
class Case:
    """Bytes, a header, and what should come of them."""

    name: str
    body: bytes
    header: str | None
    ends: str
    encoding: str
    reason: Reason
    contradicted: bool
    lossy: int = 0


CASES = [
    # name, bytes, header, end of the text, encoding, reason, contradicted, marks
    Case("utf8", UTF8, None, SIMPLE, "utf-8", "strict_utf8", False),
    Case("utf8_header", UTF8, "UTF-8", SIMPLE, "utf-8", "strict_utf8", False),
    Case("utf8_wrong_header", UTF8, "gbk", SIMPLE, "utf-8", "strict_utf8", True),
    Case("utf8_wrong_meta", META_GB + UTF8, None, SIMPLE, "utf-8", "strict_utf8", True),
    Case("utf8_both_wrong", META_GB + UTF8, "big5", SIMPLE, "utf-8", "strict_utf8", True),
    Case("utf8_header_right", META_GB + UTF8, "utf8", SIMPLE, "utf-8", "strict_utf8", False),
    Case("utf8_as_latin1", META_LATIN + UTF8, None, SIMPLE, "utf-8", "strict_utf8", True),
    Case("utf8_bom", BOM + UTF8, "gbk", SIMPLE, "utf-8", "bom", True),
    Case("utf8_cut_off", UTF8[:-1], None, "反映\ufffd", "utf-8", "mostly_utf8", False, 1),
    Case("utf8_only_cut", b"<p>\xe5\x8c", "utf-8", "<p>\ufffd", "utf-8", "mostly_utf8", False, 1),
    Case(
        "utf8_cut_by_template",
        "社".encode() + b"\xe5\x8c<p>" + UTF8,
        None,
        "社\ufffd<p>" + SIMPLE,
        "utf-8",
        "mostly_utf8",
        False,
        1,
    ),
    Case("utf8_noise", b"\xff\xff\xfe" + UTF8, None, SIMPLE, "utf-8", "mostly_utf8", False, 3),
    Case(
        "utf8_cut_in_gbk_page",
        META_GB + UTF8[:-1],
        "gbk",
        "\ufffd",
        "utf-8",
        "mostly_utf8",
        True,
        1,
    ),
    Case("utf8_mark_in_source", b"\xef\xbf\xbd", None, "\ufffd", "utf-8", "strict_utf8", False, 1),
    Case("gbk", GB, None, SIMPLE, "gb18030", "fit", False),
    Case("gbk_header", GB, "GBK", SIMPLE, "gb18030", "declared", False),
    Case("gbk_wrong_header", GB, "utf-8", SIMPLE, "gb18030", "fit", True),
    Case("gbk_wrong_meta", META_UTF8 + GB, None, SIMPLE, "gb18030", "fit", True),
    Case("gbk_both_wrong", META_UTF8 + GB, "iso-8859-1", SIMPLE, "gb18030", "fit", True),
    Case("gbk_meta_right", META_GB + GB, "iso-8859-1", SIMPLE, "gb18030", "declared", False),
    Case("gbk_as_latin1", META_LATIN + GB, None, SIMPLE, "gb18030", "fit", True),
    Case("gbk_as_cp1252", GB, "windows-1252", SIMPLE, "gb18030", "fit", True),
    Case("gbk_as_latin9", "潼川".encode("gbk"), "latin-9", "潼川", "gb18030", "fit", False),
    Case("gbk_rare_as_latin1", "潼川".encode("gbk"), "latin1", "潼川", "gb18030", "fit", True),
    Case("gbk_as_big5", GB, "big5", SIMPLE, "gb18030", "fit", True),
    Case("gbk_as_euc_kr", GB, "euc-kr", SIMPLE, "gb18030", "fit", True),
    Case("gbk_as_utf16", GB, "utf-16", SIMPLE, "gb18030", "fit", True),
    Case("gbk_as_hz", GB, "hz-gb-2312", SIMPLE, "gb18030", "declared", False),
    Case("gbk_as_nonsense", GB, "zh_CN", SIMPLE, "gb18030", "fit", False),
    Case("gbk_traditional", TRADITIONAL.encode("gbk"), None, TRADITIONAL, "gb18030", "fit", False),
    Case("gbk_after_utf8_bom", BOM + GB, None, SIMPLE, "gb18030", "fit", False),
    Case("gbk_cut_off", GB[:-3], "gbk", "反\ufffd", "gb18030", "declared", False, 1),
    Case(
        "gbk_broken",
        GB + b"<b>\xc9</b>\xff",
        None,
        "<b>\ufffd</b>\ufffd",
        "gb18030",
        "fit",
        False,
        2,
    ),
    Case("gb2312_beyond", META_GB + "镕".encode("gbk"), None, "镕", "gb18030", "declared", False),
    Case("gbk_euro", GB + b"\x80 5", "gbk", "€ 5", "gb18030", "declared", False),
    Case(
        "gb18030_four_bytes",
        META_GB + GB + "𬭎㐂".encode("gb18030"),
        None,
        "𬭎㐂",
        "gb18030",
        "declared",
        False,
    ),
    Case("gb18030_mark", b"\x84\x31\x95\x33" + GB, None, SIMPLE, "gb18030", "bom", False),
    Case("gbk_private", GB + b"\xaa\xa1", None, "\ue000", "gb18030", "fit", False),
    Case("gbk_pinyin", GB + b"\xa8\xbc\xa8\xbf", None, "ḿǹ", "gb18030", "fit", False),
    Case("gbk_wide_blank", GB + b"\xa3\xa0", None, "\u3000", "gb18030", "fit", False),
    Case("gbk_kana", ("あいうえおの" * 9).encode("gbk"), None, "の", "gb18030", "fit", False),
    Case("big5", BIG5, None, TRADITIONAL, "big5hkscs", "fit", False),
    Case("big5_header", BIG5, "Big5", TRADITIONAL, "big5hkscs", "declared", False),
    Case("big5_as_gb2312", META_GB + BIG5, None, TRADITIONAL, "big5hkscs", "fit", True),
    Case("big5_as_utf8", META_UTF8 + BIG5, "utf-8", TRADITIONAL, "big5hkscs", "fit", True),
    Case("big5_as_latin1", BIG5, "iso-8859-1", TRADITIONAL, "big5hkscs", "fit", True),
    Case("big5_short", "鹽埕".encode("big5"), "big5", "鹽埕", "big5hkscs", "declared", False),
    Case(
        "big5_hong_kong",
        META_BIG5 + "啱嘅嘢".encode("big5hkscs"),
        None,
        "啱嘅嘢",
        "big5hkscs",
        "declared",
        False,
    ),
    Case("big5_euro", BIG5 + b"\xa3\xe1", "big5", "€", "big5hkscs", "declared", False),
    Case(
        "big5_broken", BIG5 + b"\xa4<br>", "big5", "\ufffd<br>", "big5hkscs", "declared", False, 1
    ),
    Case("utf16_le", SIMPLE.encode("utf-16"), "gbk", SIMPLE, "utf-16-le", "bom", True),
    Case(
        "utf16_be",
        codecs.BOM_UTF16_BE + SIMPLE.encode("utf-16-be"),
        "utf-16",
        SIMPLE,
        "utf-16-be",
        "bom",
        False,
    ),
    Case(
        "utf16_le_bare", SIMPLE.encode("utf-16-le"), None, SIMPLE, "utf-16-le", "nul_pattern", False
    ),
    Case(
        "utf16_be_bare", SIMPLE.encode("utf-16-be"), None, SIMPLE, "utf-16-be", "nul_pattern", False
    ),
    Case(
        "utf16_ascii",
        "<meta charset=utf-16>".encode("utf-16-le"),
        None,
        ">",
        "utf-16-le",
        "nul_pattern",
        False,
    ),
    Case("utf32_le", SIMPLE.encode("utf-32"), None, SIMPLE, "utf-32-le", "bom", False),
    Case(
        "utf32_be",
        codecs.BOM_UTF32_BE + SIMPLE.encode("utf-32-be"),
        None,
        SIMPLE,
        "utf-32-be",
        "bom",
        False,
    ),
    Case("stray_zeros", UTF8 + b"\x00 \x00\x00", None, "\0 \0\0", "utf-8", "strict_utf8", False),
    Case("ascii", b"<p>2022", "gbk", "<p>2022", "utf-8", "strict_utf8", False),
    Case("nothing", b"", "gbk", "", "utf-8", "strict_utf8", False),
    Case("utf16_meta", b"<meta charset=utf-16>" + UTF8, None, SIMPLE, "utf-8", "strict_utf8", True),
    Case("utf16_meta_gbk", b"<meta charset=utf-16>" + GB, None, SIMPLE, "gb18030", "fit", True),
    Case("western", WESTERN.encode("latin1"), None, WESTERN, "cp1252", "fit", False),
    Case(
        "western_latin1",
        WESTERN.encode("latin1"),
        "ISO-8859-1",
        WESTERN,
        "cp1252",
        "declared",
        False,
    ),
    Case(
        "western_cp1252",
        b"\x93Th\xe9\x94, caf\xe9, pur\xe9e, past\xe9, carr\xe9, cl\xe9, bl\xe9, pr\xe9 \x8d",
        "latin1",
        "pré \x8d",
        "cp1252",
        "declared",
        False,
    ),
    Case("western_as_utf8", b"caf\xe9 ", "utf-8", "caf\ufffd ", "utf-8", "default", False, 1),
    Case(
        "cyrillic",
        "Администрация".encode("cp1251"),
        "windows-1251",
        "Администрация",
        "cp1251",
        "declared",
        False,
    ),
    Case("western_like_gbk", UMLAUTS.encode("latin1"), None, UMLAUTS, "cp1252", "fit", False),
    Case("western_as_utf16", b"caf\xe9 ", "utf-16", "f\ufffd ", "utf-8", "default", True, 1),
    Case("western_bom", BOM + b"caf\xe9 ", None, "f\ufffd ", "utf-8", "default", False, 1),
    Case("korean_words", KOREAN.encode("cp949"), "euc-kr", KOREAN, "cp949", "declared", False),
    Case("gbk_names_as_1251", NAMES.encode("gbk"), "windows-1251", NAMES, "gb18030", "fit", True),
    Case("gbk_one_character", b"<p>\xe5\x8c", "gbk", "<p>鍖", "gb18030", "declared", False),
    Case("utf16_zero", b"\xff\xfe\0\0" + UTF16, None, SIMPLE, "utf-16-le", "bom", False),
    Case("utf32_bare", b"<\0\0\0p\0\0\0", None, "p\0\0\0", "utf-8", "strict_utf8", False),
    Case("zeros_in_text", b"a\0b\0some more words", None, "words", "utf-8", "strict_utf8", False),
    Case("zeros_in_noise", NOISE, None, "c\0" + "\ufffd" * 6, "utf-8", "default", False, 6),
    Case(
        "korean",
        "행정안전부는".encode("cp949"),
        "euc-kr",
        "행정안전부는",
        "cp949",
        "declared",
        False,
    ),
    Case(
        "japanese", "総務省は".encode("cp932"), "Shift_JIS", "総務省は", "cp932", "declared", False
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_bytes_are_read_with_their_evidence(case: Case) -> None:
    decoded = decode_bytes(case.body, case.header)
    assert decoded.text.endswith(case.ends)
    assert (decoded.encoding, decoded.reason) == (case.encoding, case.reason)
    assert (decoded.contradicted, decoded.lossy) == (case.contradicted, case.lossy)


def test_gbk_template_in_a_utf8_page_costs_its_own_characters_only() -> None:
    decoded = decode_bytes(UTF8 + "版权所有：三台县".encode("gbk") + b"<br>" + UTF8, "gbk")
    assert (decoded.encoding, decoded.reason) == ("utf-8", "mostly_utf8")
    assert decoded.text.count(SIMPLE) == 2


def test_utf8_template_in_a_gbk_page_costs_its_own_characters_only() -> None:
    decoded = decode_bytes(GB + b"<br>" + "版权所有：三台县".encode() + b"<br>" + GB, "utf-8")
    assert decoded.encoding == "gb18030"
    assert decoded.text.count(SIMPLE) == 2


@pytest.mark.parametrize(
    ("head", "want"),
    [
        (META_GB, "gb2312"),
        (b"<META CHARSET = GBK />", "gbk"),
        (b"<meta charset='utf-8'>", "utf-8"),
        (b"<meta\ncharset=gbk>", "gbk"),
        (b'<meta content="text/html;charset=gbk"\nhttp-equiv=content-type>', "gbk"),
        (b"<meta http-equiv='content-type' content='text/html; charset=\"big5\"'>", "big5"),
        (b'<meta http-equiv="content-type" content="text/html" charset="gb2312">', "gb2312"),
        (b'<meta name="a" content="1>0"><meta charset=gbk>', "gbk"),
        (b"<meta name=title content=it's><meta charset=gbk>", "gbk"),
        (b"<title>1 < 2 & <3</title><meta charset=gbk>", "gbk"),
        # HTML looks at 1024 bytes; pages come later, also behind a long script.
        (b"<link>" * 900 + b"<meta charset=gbk>", "gbk"),
        (b"<script>" + b"if (a < b) { }\n" * 9000 + b"</script><meta charset=gbk>", "gbk"),
        (b"<script>document.write('<meta charset=big5>')</script><meta charset=gbk>", "gbk"),
        (b"<script>document.write('<meta charset=big5>')</script>", None),
        (b"<script>document.write('<meta charset=big5>')", None),
        (b"<style><meta charset=big5></style >", None),
        (b"<title><meta charset=big5></title>", None),
        (b"<!-- <meta charset=big5> --><meta charset=gbk>", "gbk"),
        (b"<!--><meta charset=gbk> -->", "gbk"),
        (b"<!-- <meta charset=big5>", None),
        (b"<a title='<meta charset=big5>'></a><meta charset=gbk>", "gbk"),
        (b'<a title="<meta charset=big5>">', None),
        (b"<meta charset=big5", None),
        (b"<meta charset=''><meta charset=gbk>", "gbk"),
        (b"<meta charset=gb-nonsense><meta charset=gbk>", "gbk"),
        (b"<meta charset=gb-nonsense>", "gb-nonsense"),
        (b"<meta content='text/html; charset=big5'>", None),
        (b"<metadata charset=big5>", None),
        (b"text that speaks of charset=big5", None),
        (b"<meta charset=\xa1\xb0gbk\xa1\xb1>", "gbk"),
    ],
)
def test_meta_is_found_as_browsers_find_it(head: bytes, want: str | None) -> None:
    assert dict(decode_bytes(head).declared).get("meta") == want


def test_header_meta_and_xml_are_reported_in_this_order() -> None:
    body = b'<?xml version="1.0" encoding="GB2312"?><html><meta charset=Big5>' + GB
    decoded = decode_bytes(body, " UTF-8 ")
    assert decoded.declared == (("header", "utf-8"), ("meta", "big5"), ("xml", "gb2312"))
    assert (decoded.encoding, decoded.reason) == ("gb18030", "declared")


def test_meta_of_a_utf16_page_is_read_too() -> None:
    decoded = decode_bytes((META_GB.decode() + SIMPLE).encode("utf-16"))
    assert (decoded.declared, decoded.contradicted) == ((("meta", "gb2312"),), True)


@pytest.mark.parametrize(
    "name",
    "hex zlib bz2 base64 uu quopri rot13 idna punycode mbcs undefined unicode_escape utf-7 "
    "raw_unicode_escape utf_8_sig replacement x-user-defined iso-2022-cn".split(),
)
@pytest.mark.parametrize("body", [b"<p>68656c6c6f", b"xn--p1ai \\u4e2d +Ti0-", GB])
def test_names_that_are_no_encoding_of_pages_are_never_used(name: str, body: bytes) -> None:
    decoded = decode_bytes(b"<meta charset=" + name.encode() + b">" + body, name)
    plain = decode_bytes(body)
    assert decoded.text.endswith(plain.text)
    assert (decoded.encoding, decoded.contradicted) == (plain.encoding, False)


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 500, "ünknown", "\x00", "\ud800", "utf-8\n", '"utf-8"']
)
def test_odd_charset_names_are_survived(name: str) -> None:
    assert decode_bytes(UTF8, name).text == SIMPLE
    assert decode_bytes(GB, name).text == SIMPLE
