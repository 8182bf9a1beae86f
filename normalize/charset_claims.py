"""What a page claims about its encoding: the header, the meta element, the XML declaration."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Place = Literal["header", "meta", "xml"]
Claim = tuple[Place, str]
"""Where a name stands and the name, in lower case."""

WINDOW = 256 * 1024
"""Bytes of a page in which its claims are looked for. HTML asks for 1024; pages come later."""

_LABELS = {
    "utf-8": "utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf8mb4",
    "gb18030": "gb2312 gbk gb18030 xgbk 936 cp936 ms936 windows936 gb231280 csgb2312 chinese "
    "csiso58gb231280 isoir58 hz hzgb2312 euccn xeuccn",
    "big5hkscs": "big5 big5hkscs cnbig5 csbig5 xbig5 xxbig5 950 cp950 ms950 windows950 big5eten",
    "utf-16": "utf16 ucs2 unicode csunicode iso10646ucs2",
    "utf-16-le": "utf16le unicodefeff",
    "utf-16-be": "utf16be unicodefffe",
    "cp932": "shiftjis sjis xsjis mskanji ms932 windows31j csshiftjis cp932",
    "euc_jp": "eucjp xeucjp cseucpkdfmtjapanese",
    "cp949": "euckr korean ksc5601 ksc56011987 ksc56011989 cseuckr isoir149 windows949 cp949 uhc",
    "cp1252": "windows1252 cp1252 xcp1252 iso88591 iso885911987 latin1 l1 isolatin1 csisolatin1 "
    "isoir100 cp819 ibm819 ascii usascii ansix341968",
    "cp1254": "windows1254 cp1254 xcp1254 iso88599 latin5 l5",
    "cp874": "windows874 dos874 iso885911 tis620",
    "koi8-r": "koi8r koi8 koi cskoi8r",
    "koi8-u": "koi8u koi8ru",
    "mac-roman": "macintosh mac xmacroman csmacintosh",
}
_LABELS |= {
    f"cp{n}": f"windows{n} cp{n} xcp{n}" for n in (1250, 1251, 1253, 1255, 1256, 1257, 1258)
}
_LABELS |= {f"iso8859-{n}": f"iso8859{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_ENCODINGS: Mapping[str, str] = MappingProxyType(
    {label: encoding for encoding, labels in _LABELS.items() for label in labels.split()}
)

_TAG = re.compile(
    rb"<(?:(!--)|(meta)(?=[\s/])"
    rb"|(script|style|title|textarea|xmp|iframe|noembed|noframes)(?=[\s/>])|[a-z!?/])",
    re.IGNORECASE,
)
_TAG_END = re.compile(rb"""(?:=\s*+"[^"]*+"|=\s*+'[^']*+'|[^>])*+>""")
_COMMENT_END = re.compile(rb"--!?>")
_ATTRIBUTE = re.compile(
    rb"""([^\s"'>/=]++)\s*+(?:=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>][^\s>]*+)))?"""
)
_CONTENT = re.compile(rb"""charset\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s;"']++))""", re.IGNORECASE)
_XML = re.compile(rb"""\s*+<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,64})["']""")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 64
_MOST_TAGS = 2000


def find_encoding(name: str) -> str | None:
    """Find the encoding that browsers read a charset name with, as Python calls it.

    Gives None for any other name, Python's codecs that read no text (hex, zlib, rot13) included.
    Names and their supersets: https://encoding.spec.whatwg.org/#names-and-labels, compared without
    case and punctuation.

    >>> find_encoding("GB_2312-80"), find_encoding("ISO-8859-1"), find_encoding("zlib")
    ('gb18030', 'cp1252', None)
    """
    return _ENCODINGS.get(_NOT_ALPHANUMERIC.sub("", name.lower()))


def read_claims(head: bytes, header: str | None) -> tuple[Claim, ...]:
    """Read what the header, the meta element and the XML declaration claim, in this order.

    Takes the first bytes of a page, at least `WINDOW` of them where it is longer, and the charset
    of the HTTP header. The meta element is found as browsers find it, comments, scripts and
    attributes of other tags being skipped; unknown names are reported when there is no known one.

    >>> read_claims(b"<!-- <meta charset=big5> --><meta charset=gb2312>", "utf-8")
    (('header', 'utf-8'), ('meta', 'gb2312'))
    """
    claims: list[Claim] = []
    if header and header.strip():
        claims.append(("header", header.strip().lower()))
    name = _find_meta(head[:WINDOW])
    if name is not None:
        claims.append(("meta", name))
    declaration = _XML.match(head)
    if declaration is not None:
        claims.append(("xml", _name(declaration[1])))
    return tuple(claims)


def _find_meta(head: bytes) -> str | None:
    last = head.lower().rfind(b"charset")
    position, unknown = 0, None
    for _ in range(_MOST_TAGS):
        tag = _TAG.search(head, position)
        if tag is None or tag.start() > last:
            break
        # A comment may close with the dashes it was opened with: `<!-->`.
        end = (
            _COMMENT_END.search(head, tag.start() + 2)
            if tag[1]
            else _TAG_END.match(head, tag.end())
        )
        if end is None:
            break
        position = end.end()
        if tag[2]:
            name = _read_meta(head[tag.end() : end.end()])
            if name is not None and find_encoding(name) is not None:
                return name
            unknown = unknown or name
        elif tag[3]:
            close = re.compile(rb"</" + tag[3] + rb"[\s/>]", re.IGNORECASE).search(head, position)
            if close is None:
                break
            position = close.start()
    return unknown


def _read_meta(tag: bytes) -> str | None:
    """The name in a meta element: its `charset`, else the one of its `content` as a pragma."""
    attributes: dict[bytes, bytes] = {}
    for name, *values in _ATTRIBUTE.findall(tag):
        attributes.setdefault(name.lower(), b"".join(values))
    if b"charset" in attributes:
        return _name(attributes[b"charset"]) or None
    if attributes.get(b"http-equiv", b"").strip().lower() == b"content-type":
        content = _CONTENT.search(attributes.get(b"content", b""))
        if content is not None:
            return _name(b"".join(content.groups(b""))) or None
    return None


def _name(raw: bytes) -> str:
    return raw.decode("ascii", "ignore").strip().lower()[:_LONGEST_NAME]
