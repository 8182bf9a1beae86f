"""The nearest known word to one that is not known, for messages."""

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that a person most likely meant, None when none is near.

    >>> nearest("delais", ["delay", "area"])
    'delay'
    """
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)), None)
