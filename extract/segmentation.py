"""Loads jieba into a tokenizer of our own: nothing logged, no cache, the shared one untouched."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Segmenter:
    """jieba with its dictionary loaded."""

    tokenizer: Any
    """A tokenizer with `cut`."""
    tags: Mapping[str, str]
    """Part of speech of each word of the dictionary."""
    folder: Path
    """Folder of jieba's data files."""


@cache
def load_segmenter() -> Segmenter:
    """Load jieba's dictionary into a tokenizer of our own.

    jieba's shared tokenizer is left as it is. Its cache in the folder for temporary files, which
    anybody could write, and its messages come from `initialize`, which is not called.

    >>> list(load_segmenter().tokenizer.cut("社区食堂"))
    ['社区', '食堂']
    """
    with warnings.catch_warnings():
        # Old escapes in its source warn when it is compiled, and pkg_resources when it is there.
        warnings.simplefilter("ignore")
        jieba = import_module("jieba")
    spec = find_spec("jieba")
    assert spec is not None and spec.origin is not None, "jieba is a dependency of gongshi"
    folder = Path(spec.origin).parent
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tags = _read_words(folder / "dict.txt")
    tokenizer.initialized = True
    return Segmenter(tokenizer, tags, folder)


def _read_words(path: Path) -> tuple[dict[str, int], int, dict[str, str]]:
    """Read jieba's dictionary: frequencies of words and 0 for their beginnings, total, tags."""
    frequencies: dict[str, int] = {}
    tags: dict[str, str] = {}
    total = 0  # like jieba's it counts both rows of a word that has two
    for row in path.read_text(encoding="utf-8").splitlines():
        word, frequency, tag = row.split(" ")
        frequencies[word] = int(frequency)
        tags[word] = tag
        total += frequencies[word]
    for word in tags:
        for end in range(len(word) - 1, 0, -1):
            if frequencies.setdefault(word[:end], 0):
                break  # the beginnings of a word in the dictionary are there or will be
    return frequencies, total, tags
