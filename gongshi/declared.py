"""The declared sources, as commands use them: a broken file is told and stops nothing else."""

from collections.abc import Sequence
from pathlib import Path

from crawler.loader import Declared, read_sources
from extract.source import Source
from gongshi.terminal import say
from normalize.errors import GongshiError
from normalize.nearest import nearest


def read_declared() -> Declared:
    """Read all source files and name the broken ones on stderr."""
    declared = read_sources()
    for problem in declared.problems.values():
        say(f"gongshi: {problem}")
    return declared


def choose_sources(source_ids: Sequence[str], declared: Declared) -> list[Source]:
    """Look up sources by id.

    Raises GongshiError for a broken one, and for an unknown one with the nearest known.

    >>> choose_sources(["xishu_bb"], read_sources())
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: source 'xishu_bb' is not declared; did you mean 'xishu_bbs'?
    """
    for source_id in source_ids:
        if source_id in declared.problems:
            raise GongshiError(declared.problems[source_id])
        if source_id not in declared.sources:
            hint = nearest(source_id, declared.sources)
            also = f"did you mean '{hint}'?" if hint else "`gongshi sources` lists them all"
            raise GongshiError(f"source '{source_id}' is not declared; {also}")
    return [declared.sources[source_id] for source_id in dict.fromkeys(source_ids)]


def refuse_broken_archives(declared: Declared, data: Path) -> None:
    """Raise GongshiError when archived pages belong to a source whose file is broken.

    Without its rules they would be read in another way, and the tables would change silently.

    >>> refuse_broken_archives(Declared({}, {"xishu_bbs": "unknown key"}), Path("/nowhere"))
    """
    for source_id, problem in declared.problems.items():
        if (data / "warc" / source_id).exists():
            raise GongshiError(f"{problem}; its archived pages are needed for the tables")


def exit_code(code: int, declared: Declared) -> int:
    """Exit code of a command that did its work beside broken source files.

    >>> exit_code(0, Declared({}, {"xishu_bbs": "unknown key"})), exit_code(3, Declared({}, {}))
    (2, 3)
    """
    return code or (2 if declared.problems else 0)
