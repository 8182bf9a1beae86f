"""Pack how often one Chinese character follows another into normalize/data/bigrams.tsv.

Usage: python tools/pack_bigrams.py FOLDER, where FOLDER is the unpacked PyPI package Pinyin2Hanzi
0.1.1 (pip download --no-deps --no-binary :all: Pinyin2Hanzi==0.1.1, then tar xzf).
"""

import json
import sys
from math import log
from pathlib import Path

TARGET = Path(__file__).parent.parent / "normalize" / "data" / "bigrams.tsv"
STEPS = 4
"""Steps of the natural logarithm that one printable character stands for."""


def pack(folder: Path, target: Path) -> int:
    """Write one row per character with its followers and their shares; return the pairs' number.

    The share of the n-th follower is exp(-(code - 33) / 4), where code is that of the n-th
    character of the last column.
    """
    source = folder / "Pinyin2Hanzi" / "data" / "hmm_transition.json"
    table = json.loads(source.read_text(encoding="utf-8"))["data"]
    rows, number = [], 0
    for first in sorted(table):
        shares = {c: share for c, share in table[first].items() if len(c) == 1 and share > 0}
        followers = sorted(shares, key=lambda c: (-shares[c], c))
        codes = "".join(chr(33 + min(90, round(-log(shares[c]) * STEPS))) for c in followers)
        rows.append(f"{first}\t{''.join(followers)}\t{codes}\n")
        number += len(followers)
    target.write_text("".join(rows), encoding="utf-8")
    return number


if __name__ == "__main__":
    sys.stderr.write(f"{pack(Path(sys.argv[1]), TARGET)} pairs packed\n")
