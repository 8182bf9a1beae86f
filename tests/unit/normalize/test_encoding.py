import pytest

from normalize.encoding import decode_bytes

TEXT = "绵阳市三台县潼川镇"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk"])
def test_undeclared_bytes_are_read_by_what_fits(encoding: str) -> None:
    assert decode_bytes(TEXT.encode(encoding)).text == TEXT


def test_wrong_header_is_contradicted_and_ignored() -> None:
    decoded = decode_bytes(TEXT.encode("gbk"), "utf-8")
    assert (decoded.text, decoded.encoding, decoded.contradicted) == (TEXT, "gb18030", True)


def test_wrong_meta_is_contradicted_and_ignored() -> None:
    body = b'<meta charset="gb2312">' + TEXT.encode()
    decoded = decode_bytes(body)
    assert decoded.text.endswith(TEXT)
    assert decoded.contradicted


def test_gb2312_is_read_with_its_superset() -> None:
    # 镕 is not in GB 2312, but pages that declare it hold such characters.
    body = b"<meta charset=gb2312>" + "镕".encode("gbk")
    decoded = decode_bytes(body)
    assert decoded.text.endswith("镕")
    assert not decoded.contradicted


def test_big5_is_read_where_declared() -> None:
    text = "高雄市社區發展協會"
    assert decode_bytes(text.encode("big5"), "big5").text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_decides(encoding: str) -> None:
    assert decode_bytes(TEXT.encode(encoding), "gbk").text == TEXT


def test_mixed_bytes_become_marks_and_are_counted() -> None:
    decoded = decode_bytes(TEXT.encode() + b"\xff\xfe\xff" + TEXT.encode())
    assert decoded.lossy > 0
    assert decoded.text.count(TEXT) == 2


@pytest.mark.parametrize("name", ["", "x" * 500, "ünknown", "\x00"])
def test_odd_charset_names_are_survived(name: str) -> None:
    assert decode_bytes(TEXT.encode(), name).text == TEXT
