import gzip
import io
import zlib

import pytest

from datasets.payload import PayloadError, decode_payload, read_bounded

PAGE = "<p>潼川镇草堂社区</p>".encode() * 40


def bare_deflate(page: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(page) + deflate.flush()


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [
        (PAGE, None),
        (PAGE, "identity"),
        (gzip.compress(PAGE), "gzip"),
        (gzip.compress(PAGE), "X-GZIP"),
        (zlib.compress(PAGE), "deflate"),
        (bare_deflate(PAGE), "deflate"),
        (gzip.compress(zlib.compress(PAGE)), "deflate, gzip"),
        (PAGE, "gzip"),
        (PAGE, "br"),
    ],
)
def test_content_encodings_are_undone_where_they_are_there(
    sent: bytes, encoding: str | None
) -> None:
    assert decode_payload(sent, encoding, None) == PAGE


def test_chunks_are_put_together_where_they_are_there() -> None:
    chunked = b"3\r\n<p>\r\n2\r\nhi\r\n0\r\n\r\n"
    assert decode_payload(chunked, None, "chunked") == b"<p>hi"
    assert decode_payload(PAGE, None, "chunked") == PAGE


def test_what_is_left_of_a_torn_payload_is_given() -> None:
    page = decode_payload(gzip.compress(bytes(range(256)) * 99)[:-40], "gzip", None)
    assert page.startswith(bytes(range(256)))


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_the_bound_holds_for_what_comes_out(encoding: str) -> None:
    sent = gzip.compress(bytes(1000)) if encoding == "gzip" else zlib.compress(bytes(1000))
    assert len(decode_payload(sent, encoding, None, limit=1000)) == 1000
    with pytest.raises(PayloadError, match="more than 999 bytes") as caught:
        decode_payload(sent, encoding, None, limit=999)
    assert caught.value.code == "payload_too_large"


def test_the_bound_holds_for_what_comes_in() -> None:
    assert read_bounded(io.BytesIO(b"1234"), 4) == b"1234"
    with pytest.raises(PayloadError, match="more than 3 bytes"):
        read_bounded(io.BytesIO(b"1234"), 3)


def test_an_unknown_encoding_is_told() -> None:
    with pytest.raises(PayloadError, match="content encoding 'lzma' is not known") as caught:
        decode_payload(PAGE, "lzma", None)
    assert caught.value.code == "encoding_unknown"
