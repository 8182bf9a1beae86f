"""What names and codes of places mean, printed for people, as JSON or as lines with tabs."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from datasets.divisions import AFTER_ALL, LEVELS, PATH_SEPARATOR, find_path, read_days, read_names
from datasets.schema import SEPARATOR
from normalize.division_lists import DivisionRow, snapshot_of
from normalize.errors import GongshiError
from normalize.places import FLAGS, Place, context_code, resolve
from normalize.succession import as_of

STATUSES = {
    "ok": "one division",
    "approx": "the division is known, but not all of the name, or only something near it",
    "ambiguous": "several divisions fit equally: write the upper levels, or name them with --in",
    "none": "no division fits",
}
"""What each status says, in words."""

_TSV_COLUMNS = ("name", "status", "code", "path", "flags")
_RESOLVED = frozenset(("ok", "approx"))
_FILLED_UP = ((12, "000"), (9, "000"), (6, "00"), (4, "00"))
"""Digits of a code and the zeros that end it when it stands for the level above."""
_UNKNOWN = frozenset(("town_unknown", "village_unknown"))
"""Flags of a name whose end no list has."""
_MOST_SHOWN = 12
"""Candidates that are printed for people."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every name."""

    area: str = ""
    """Code of the area the names are read in, or the empty string. Example: `5107`"""
    on: date | None = None
    """Day the names were printed."""
    as_of: date | None = None
    """Day to give the codes of as well."""

    @staticmethod
    def read(context: str, on: str | None, as_of: str | None) -> "Question":
        """Read what a person typed; GongshiError for an unknown area or what is no day.

        >>> Question.read("四川省/绵阳市", "2022-04-06", None).area
        '5107'
        """
        return Question(_read_area(context), _read_day("--on", on), _read_day("--as-of", as_of))


def print_places(
    names: Sequence[str], question: Question, as_json: bool = False, as_tsv: bool = False
) -> int:
    """Print what each name means and return the exit code, 2 when one is not resolved."""
    if as_json and as_tsv:
        raise GongshiError("--json and --tsv exclude each other: use one of them")
    if as_tsv:
        columns = (*_TSV_COLUMNS, "as_of") if question.as_of else _TSV_COLUMNS
        click.echo("\t".join(columns))
    missed = False
    for name in _read_names(names):
        place = find_place(name, question)
        if as_tsv:
            click.echo("\t".join(_tsv_cells(name, place, question.as_of)))
        elif as_json:
            click.echo(json.dumps(describe_place(name, place, question.as_of), ensure_ascii=False))
        else:
            _print_answer(describe_place(name, place, question.as_of))
        missed = missed or (bool(name) and place.status not in _RESOLVED)
    return 2 if missed else 0


def find_place(name: str, question: Question) -> Place:
    """Find what a name or a code means; a code filled up with zeros counts as well.

    >>> find_place("510722101000", Question()).code, find_place("510722999", Question()).status
    ('510722101', 'none')
    """
    return _find_code(name) or resolve(name, question.area, question.on)


def describe_place(name: str, place: Place, day: date | None = None) -> dict[str, Any]:
    """Describe what a name was resolved to as plain values, days in ISO.

    >>> answer = describe_place("三台县潼川镇", find_place("三台县潼川镇", Question()))
    >>> answer["code"], answer["path"], [step["name"] for step in answer["steps"]]
    ('510722101', ['四川省', '绵阳市', '三台县', '潼川镇'], ['三台县', '潼川镇'])
    """
    return {
        "name": name,
        "status": place.status,
        "meaning": STATUSES[place.status],
        "code": place.code,
        "level": LEVELS[len(place.code)] if place.code else None,
        "path": _path_of(place.code),
        "names": [_describe_name(row) for row in read_names(place.code or "")],
        "steps": _describe_steps(place),
        "rest": "" if place.village else place.rest,
        "flags": [{"flag": flag, "meaning": FLAGS[flag]} for flag in place.flags],
        "candidates": _describe_codes(place.candidates),
        "successors": _describe_codes(_find_successors(place.code)),
        "as_of": _describe_as_of(place.code, day),
    }


def _find_code(name: str) -> Place | None:
    """Look up what is a code and no name; codes filled up with zeros count as well."""
    code = name.strip()
    if not (code.isascii() and code.isdigit() and len(code) in LEVELS):
        return None
    for digits, zeros in _FILLED_UP:
        if len(code) == digits and code.endswith(zeros) and not read_names(code):
            code = code.removesuffix(zeros)
    if not read_names(code):
        return Place("none", None, (), name)
    return Place("ok", code, (), "")


def _describe_steps(place: Place) -> list[dict[str, str | None]]:
    steps: list[dict[str, str | None]] = [
        {"form": step.form, "name": step.division.name, "code": step.division.code}
        for step in place.steps
    ]
    if place.village:
        steps.append({"form": place.rest, "name": place.village, "code": place.code})
    return steps


def _describe_name(row: DivisionRow) -> dict[str, str | None]:
    first, last = read_days(row)
    return {
        "name": row[1],
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
    }


def _describe_codes(codes: Iterable[str], on: date | None = None) -> list[dict[str, Any]]:
    return [{"code": code, "path": _path_of(code, on)} for code in codes]


def _describe_as_of(code: str | None, day: date | None) -> dict[str, Any] | None:
    if code is None or day is None:
        return None
    return {"day": day.isoformat(), "divisions": _describe_codes(as_of(code, day), day)}


def _find_successors(code: str | None) -> tuple[str, ...]:
    """Codes of what a division became that stands no longer."""
    names = read_names(code or "")
    if code is None or any(read_days(row).last is None for row in names):
        return ()
    return as_of(code, AFTER_ALL)


def _path_of(code: str | None, on: date | None = None) -> list[str]:
    """The path of a code as it was called on a day, or last."""
    names = read_names(code or "")
    then = [row for row in names if row[2] & snapshot_of(on)] if on else []
    return _path((then or names)[0]) if names else []


def _path(row: DivisionRow) -> list[str]:
    return [ancestor.name for ancestor in find_path(row)]


def _read_names(names: Sequence[str]) -> Iterator[str]:
    """The names given, those of standard input in the place of a dash."""
    for name in names:
        lines = _read_lines() if name == "-" else [name]
        for line in lines:
            # Arguments that are no UTF-8 hold what cannot be printed.
            yield " ".join(line.encode("utf-8", "replace").decode().split())


def _read_lines() -> list[str]:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise GongshiError(
            "standard input is not UTF-8: turn it, for instance with iconv -f GB18030 -t UTF-8"
        ) from error


def _read_day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise GongshiError(f"{option} '{text}' is no day: write it as 2022-04-06") from error


def _read_area(context: str) -> str:
    """Code of the area that names are read in; a name that is open or half known is refused."""
    if not context.strip():
        return ""
    place = _find_code(context) or resolve(context)
    if place.status == "ambiguous":
        some = ", ".join(PATH_SEPARATOR.join(_path_of(code)) for code in place.candidates[:3])
        raise GongshiError(
            f"--in '{context}' fits {len(place.candidates)} divisions, such as {some}: "
            "write its upper levels, too"
        )
    area = context_code(place.code or "")
    if not area or _UNKNOWN.intersection(place.flags):
        raise GongshiError(
            f"--in '{context}' is not known: name a province, city, county or town, "
            "such as 四川省/绵阳市"
        )
    return area


def _tsv_cells(name: str, place: Place, day: date | None) -> Iterator[str]:
    yield from (name, place.status, place.code or "")
    yield PATH_SEPARATOR.join(_path_of(place.code))
    yield SEPARATOR.join(place.flags)
    if day:
        yield SEPARATOR.join(as_of(place.code, day) if place.code else ())


def _print_answer(answer: dict[str, Any]) -> None:
    click.echo(answer["name"])
    for label, text in _lines(answer):
        click.echo(f"  {label:<11} {text}")


def _lines(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "status", f"{answer['status']}: {answer['meaning']}"
    if answer["code"]:
        yield "code", f"{answer['code']} ({answer['level']})"
        yield "path", PATH_SEPARATOR.join(answer["path"])
    for name in answer["names"]:
        yield "in lists", f"{name['name']} {_say_days(name)}"
    if answer["steps"]:
        steps = (f"{step['form']} -> {step['name']}" for step in answer["steps"])
        yield "read as", ", ".join(steps)
    if answer["rest"]:
        yield "rest", answer["rest"]
    for flag in answer["flags"]:
        yield "flag", f"{flag['flag']}: {flag['meaning']}"
    yield from _say_codes("candidate", answer["candidates"])
    yield from _say_codes("became", answer["successors"])
    if answer["as_of"]:
        divisions = answer["as_of"]["divisions"]
        yield "as of", answer["as_of"]["day"] + ("" if divisions else ": nothing is known")
        yield from _say_codes("", divisions)


def _say_codes(label: str, divisions: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for division in divisions[:_MOST_SHOWN]:
        yield label, f"{division['code']} {PATH_SEPARATOR.join(division['path'])}"
    if len(divisions) > _MOST_SHOWN:
        yield label, f"and {len(divisions) - _MOST_SHOWN} more, which --json shows"


def _say_days(name: dict[str, str | None]) -> str:
    if name["from"] and name["to"]:
        return f"from {name['from']} to {name['to']}"
    return f"until {name['to']}" if name["to"] else f"since {name['from']}"
