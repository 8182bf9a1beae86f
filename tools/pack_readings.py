"""Pack the characters of GBK, their Simplified forms and readings into normalize/data/readings.tsv.

Usage: python tools/pack_readings.py, in an environment that holds pypinyin 0.55.0 and opencc 1.4.2.
"""

import sys
from pathlib import Path

import opencc
from pypinyin.pinyin_dict import pinyin_dict

TARGET = Path(__file__).parent.parent / "normalize" / "data" / "readings.tsv"


def pack(target: Path) -> int:
    """Write one row per Han character of GBK that has a reading, and return the number of rows."""
    characters = [chr(code) for code in sorted(pinyin_dict) if _is_gbk(chr(code))]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    rows = [
        f"{character}\t{simple}\t{pinyin_dict[ord(character)]}\n"
        for character, simple in zip(characters, simplified, strict=True)
    ]
    target.write_text("".join(rows), encoding="utf-8")
    return len(rows)


def _is_gbk(character: str) -> bool:
    try:
        return len(character.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    sys.stderr.write(f"{pack(TARGET)} characters packed\n")
