"""Makes texts that a repair must survive: nothing but question marks, one endless line."""

import random
from itertools import cycle, islice

from corruption import Corruption, corrupt, to_traditional

MB = 1_000_000


def bad_texts(lines: list[str], site: Corruption, scale: float) -> list[tuple[str, str]]:
    """Make named texts; at scale 1 they hold up to 10 MB."""
    rng = random.Random(1)
    ten, five = int(10 * MB * scale), int(5 * MB * scale)
    pieces = ["?", "(", ")", "?qū)", "(", "，", "\n"]
    damaged = _cut(corrupt("\n".join(lines), site), five)
    return [
        ("only ?", "?" * ten),
        ("? and brackets, one line", "".join(rng.choices("?()", k=ten))),
        ("?qū) ? ( ) ， in any order", _cut("".join(rng.choices(pieces, k=ten)), ten)),
        ("社區(qū) and then ?", "社區(qū)建設(shè)" * 100 + "?" * (ten // 2)),
        ("社區(qū) and then ?qū)", "社區(qū)建設(shè)" * 100 + _cut("?qū)" * ten, ten // 2)),
        ("open brackets", "區(" * (ten // 4)),
        ("lone surrogates, NULs", "\ud800\0區(qū)\udc00" * (ten // 20)),
        ("one clean Traditional line", to_traditional(_cut("".join(lines), five))),
        ("one damaged line", damaged.replace("\n", "")),
    ]


def _cut(text: str, size: int) -> str:
    """The first `size` bytes of a text that is repeated as often as needed."""
    text = "".join(islice(cycle([text]), size // max(1, len(text.encode())) + 1))
    return text.encode()[:size].decode(errors="ignore")
