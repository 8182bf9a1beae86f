"""The packed yearly lists of divisions: the days they stand for and their rows, read as needed."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from operator import add
from types import MappingProxyType
from typing import Any, NamedTuple

_DAYS = "2016-07-31 2017-10-31 2018-10-31 2019-10-31 2020-06-30 2021-10-31 2022-10-31 2023-06-30"
SNAPSHOTS = tuple(map(date.fromisoformat, _DAYS.split()))
"""Days of the packed lists of the National Bureau of Statistics."""
LATEST = 1 << len(SNAPSHOTS) - 1
"""Bit of the latest snapshot."""
EARLIER = 1 << len(SNAPSHOTS)
"""Bit of what stood before the first snapshot."""
LATER = 1 << len(SNAPSHOTS) + 1
"""Bit of what came after the latest snapshot."""


_PREFECTURE_DIGITS = 4
_VILLAGE_DIGITS = 12
_PREFECTURES_KEPT = 96
_SEEN = 3
"""Number of the column of bits in the packed lists."""
_BATCH = 1 << 14
"""Rows that are turned into Python objects at a time."""

DivisionRow = tuple[str, str, int]
"""Code, name, and the snapshots it stands in as bits. Example: `("51", "四川省", 255)`"""


class EarlierDivision(NamedTuple):
    """A county or prefecture from before the first list, or the year one of its rows began."""

    code: str
    """Four or six digits. Example: `510122`"""
    name: str
    """Example: `双流县`"""
    first_year: int | None
    """First year at whose end it stood, None when not known. Example: `1983`"""
    last_year: int | None
    """Last year at whose end it stood, None when it stands in the first list. Example: `2014`"""
    new_code: str
    """Code of what it became, derived from the name, empty when not known. Example: `510116`"""
    new_name: str
    """Example: `双流区`"""


class Change(NamedTuple):
    """A change that a document states, kept by hand."""

    old_code: str
    """Example: `440116`"""
    old_name: str
    """Example: `萝岗区`"""
    day: date
    """Day of the document, or the end of its month or year where no more is known. Example:
    `2015-12-03`"""
    new_code: str
    """Example: `440112`"""
    new_name: str
    """Example: `黄埔区`"""
    kind: str
    """`raised`, `recoded`, `moved`, `renamed`, `merged`, `split`, as in succession.tsv; `founded`:
    made of a part of the old one, which goes on."""
    reference: str
    """Number or title of the document. Example: `国函〔2015〕207号`"""


@lru_cache(maxsize=4096)
def snapshot_of(on: date | None) -> int:
    """Bits of the lists that count for a day: the nearest one, and what lies before or after all.

    A row has to share one bit with them. What stood in the first list is taken to have stood before
    it. Without a day the latest list and what came later count.

    >>> snapshot_of(date(2021, 11, 1)), snapshot_of(date(2014, 6, 1)) == EARLIER | 1
    (32, True)
    >>> snapshot_of(None) == snapshot_of(date(2025, 1, 1)) == LATEST | LATER
    True
    """
    if on is None or on > SNAPSHOTS[-1]:
        return LATEST | LATER
    if on < SNAPSHOTS[0]:
        return EARLIER | 1
    return 1 << min(range(len(SNAPSHOTS)), key=lambda i: abs((SNAPSHOTS[i] - on).days))


def read_divisions() -> list[DivisionRow]:
    """Read all rows above the village: of all lists, from before the first and after the last.

    A code stands in several rows when its name changed.

    >>> [row for row in read_divisions() if row[0] in {"51", "510122"}]
    [('51', '四川省', 255), ('510122', '双流县', 256)]
    """
    return list(iter_divisions())


def iter_divisions(codes: Collection[str] | None = None) -> Iterator[DivisionRow]:
    """Read the rows of `read_divisions` one by one, for those who keep few of them.

    With some codes, only the rows of these are made.

    >>> next(iter_divisions()), next(iter_divisions({"510122"}))
    (('11', '北京市', 255), ('510122', '双流县', 256))
    """
    later = {
        (change.new_code, change.new_name): LATER
        for change in read_changes()
        if change.day > SNAPSHOTS[-1] and (codes is None or change.new_code in codes)
    }
    for row in _iter_listed(codes):
        later.pop(row[:2], None)
        yield row
    earlier = (row for row in read_earlier() if codes is None or row.code in codes)
    yield from ((row.code, row.name, EARLIER) for row in earlier if row.last_year)
    yield from ((code, name, seen) for (code, name), seen in later.items())


def read_listed() -> list[DivisionRow]:
    """Read the rows above the village of the yearly lists alone, in order of code and name.

    >>> len(read_listed()) > 40_000
    True
    """
    return list(_iter_listed())


@cache
def read_seen() -> Mapping[str, int]:
    """Read the yearly lists that a code above the village stands in, as bits, whatever its names.

    >>> read_seen()["51"], "510122" in read_seen()
    (255, False)
    """
    seen: dict[str, int] = {}
    for batch in _read_table(None).to_batches():
        codes = _read_codes(batch.column(0)).decode("ascii").split()
        for code, bits in zip(codes, batch.column(_SEEN).to_pylist(), strict=True):
            seen[code] = seen.get(code, 0) | bits
    return MappingProxyType(seen)


def _iter_listed(codes: Collection[str] | None = None) -> Iterator[DivisionRow]:
    batches = _read_table(codes).to_batches(max_chunksize=_BATCH)
    return chain.from_iterable(map(_read_batch, batches))


def _read_table(codes: Collection[str] | None) -> Any:
    file, _ = _open_villages()
    table = file.read_row_group(0, use_threads=False)
    if codes is None:
        return table
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415 - only needed when the data is

    kind = table.schema.field(0).type
    padded = "".join(code.ljust(kind.byte_width) for code in codes).encode("ascii")
    # To make it of a list of Python strings would load pandas.
    wanted = pa.Array.from_buffers(kind, len(codes), [None, pa.py_buffer(padded)])
    return table.filter(pc.is_in(table.column(0), wanted))


@cache
def read_earlier() -> tuple[EarlierDivision, ...]:
    """Read what was before the first list.

    >>> next(row.new_name for row in read_earlier() if row.name == "双流县")
    '双流区'
    """
    return tuple(
        EarlierDivision(code, name, _read_year(first), _read_year(last), new_code, new_name)
        for code, name, first, last, new_code, new_name in _read_lines("earlier_counties.tsv")
    )


@cache
def read_changes() -> tuple[Change, ...]:
    """Read the changes kept by hand.

    >>> all(change.reference for change in read_changes())
    True
    """
    return tuple(
        Change(old_code, old_name, _read_day(day), new_code, new_name, kind, reference)
        for old_code, old_name, day, new_code, new_name, kind, reference in _read_lines(
            "changes.tsv"
        )
    )


def _read_day(cell: str) -> date:
    """Read a day, or the end of a month or year."""
    if len(cell) == 10:
        return date.fromisoformat(cell)
    year, month = (int(cell[:4]), int(cell[5:] or 12))
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def _read_year(cell: str) -> int | None:
    return int(cell) if cell else None


def _read_lines(name: str) -> Iterator[list[str]]:
    text = (resources.files("normalize") / "data" / name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines()[1:])


def read_villages(area: str) -> list[DivisionRow]:
    """Read the villages of a prefecture, county or town by its code: code, name, snapshots as bits.

    Rows are in order of code and name; only those of the area are made. An unknown area has none.

    >>> [name for _, name, seen in read_villages("510722101") if seen & LATEST][:2]
    ['老西街社区居民委员会', '大十字社区居民委员会']
    """
    packed = _load_prefecture(area[:_PREFECTURE_DIGITS])
    if packed is None:
        return []
    digits, batch = packed
    # Behind all digits in ASCII stands the colon.
    first, last = (_find_code(digits, area.encode() + end) for end in (b"", b":"))
    return list(_read_batch(batch.slice(first, last - first)))


@lru_cache(maxsize=_PREFECTURES_KEPT)
def _load_prefecture(prefecture: str) -> tuple[bytes, Any] | None:
    """Codes of a prefecture's villages as one string, and their columns."""
    file, groups = _open_villages()
    group = groups.get(prefecture)
    if group is None:
        return None
    # Around the reader, ParquetFile spends as long again on metadata it has read before.
    (batch,) = file.reader.read_row_group(group, use_threads=False).to_batches()
    return _read_codes(batch.column(0)), batch


def _find_code(digits: bytes, code: bytes) -> int:
    """Number of the first village whose code does not stand before a code."""
    numbers = range(len(digits) // _VILLAGE_DIGITS)
    return bisect_left(
        numbers, code, key=lambda n: digits[n * _VILLAGE_DIGITS : (n + 1) * _VILLAGE_DIGITS]
    )


def _read_codes(column: Any) -> bytes:
    width = column.type.byte_width
    packed: bytes = (
        column.buffers()[1].slice(column.offset * width, len(column) * width).to_pybytes()
    )
    return packed


def _read_batch(batch: Any) -> Iterator[DivisionRow]:
    """Read rows column by column: codes are cut from one string, ends of names come by number."""
    code, core, suffix, seen = batch.columns
    width = code.type.byte_width
    digits = _read_codes(code).decode("ascii")
    # Codes above the village are padded with blanks.
    spaced = digits.split() if " " in digits else _cut(digits, width)
    endings = map(suffix.dictionary.to_pylist().__getitem__, suffix.indices.to_pylist())
    return zip(spaced, map(add, core.to_pylist(), endings), seen.to_pylist(), strict=True)


def _cut(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


@cache
def _open_villages() -> tuple[Any, dict[str, int]]:
    """The packed villages and the number of each prefecture's row group."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only needed when the data is

    packed = resources.files("normalize") / "data" / "villages.parquet"
    with resources.as_file(packed) as path:
        # A map is read without a file position, which processes of a pool would share.
        file = pq.ParquetFile(path, memory_map=True, read_dictionary=["suffix"])
    groups = {}
    for number in range(1, file.metadata.num_row_groups):
        codes = file.metadata.row_group(number).column(0).statistics
        groups[codes.min[:_PREFECTURE_DIGITS].decode("ascii")] = number
    return file, groups
