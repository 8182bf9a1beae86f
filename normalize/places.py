"""Places: what a printed name means, which places a text names, and what a code became."""

from normalize.place_resolver import (
    FLAGS,
    Place,
    PlaceFlag,
    PlaceStatus,
    context_code,
    find_numeral_names,
    resolve,
)
from normalize.place_scan import Mention, scan
from normalize.succession import as_of

__all__ = [
    "FLAGS",
    "Mention",
    "Place",
    "PlaceFlag",
    "PlaceStatus",
    "as_of",
    "context_code",
    "find_numeral_names",
    "resolve",
    "scan",
]
