"""Puts corrections into the rows of a build, carries them on to what follows from them, tells all.

A value that follows from a corrected one is derived again only where the old value is what the
rule gives for the old cell: what nobody can explain stays. Derived again are
`units.name_full` (from the levels), `place_code` and `place_status` (from the name on the day of
the announcement), `category` and `category_path` (from each other), `duplicate_of`; programme,
batch and status of an announcement in its units; name and code of a unit in mentions of it; and
`value` and `value_raw` of a figure. Not derived again: ids, `kind`, the levels from a corrected
`name_full`, `found` and `complete` of announcements, and anything in texts.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from datasets.archive import CHINA
from datasets.corrections import FILE, Cell, Correction
from datasets.rows import Origin, issue_row
from datasets.schema import SEPARATOR, Row, load_tables
from extract.records import Issue, Severity
from normalize.ids import make_id
from normalize.places import resolve

LEVELS = ("city", "county", "town", "village", "sub", "unit_org")
"""Columns that `units.name_full` is put together from."""
SHARED = ("programme", "batch", "status")
"""Columns that a unit takes from its announcement."""
_SPANNED = ("announcements", "units")
"""Tables whose spans point into the text of a document, as those of issues do."""

Tables = Mapping[str, list[Row]]


def correct_rows(tables: Tables, corrections: Sequence[Correction]) -> frozenset[str]:
    """Correct rows in place and add to `issues` what was done and what was refused, and why.

    Gives the ids of the units that were changed, whose `duplicate_of` has to be found anew. A
    correction is refused when its row is gone or its old value no longer stands there.

    >>> from datetime import date
    >>> tables = {name: [] for name in load_tables()}
    >>> fix = Correction(2, "units", "7d79", "town", "潼川", "潼川镇", "slip", "沈禾",
    ...     date(2022, 4, 6))
    >>> correct_rows(tables, [fix]), tables["issues"][0]["message"]
    (frozenset(), 'units 7d79, town: the row is gone; it was to become 潼川镇 (line 2)')
    """
    work = _Correcting(tables)
    # All old values are looked at before any of them moves.
    accepted = [(fix, row) for fix in corrections if (row := work.find(fix)) is not None]
    for fix, row in accepted:
        work.set(fix.table, row, fix.column, fix.new)
        work.kept.add(fix.cell)
    for fix, row in accepted:
        work.carry(fix, row)
    for fix, row in accepted:
        work.tell_applied(fix, row)
    return frozenset(work.units)


class _Correcting:
    """The rows of one build by key, while they are corrected."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.units: set[str] = set()
        """Ids of the units that were changed."""
        self.kept: set[tuple[str, str, str]] = set()
        """Cells that a person has set."""
        self._before: dict[tuple[str, str, str], Any] = {}
        self._carried: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._by_key: dict[str, dict[str, Row]] = {}

    def rows(self, table: str) -> dict[str, Row]:
        if table not in self._by_key:
            key = load_tables()[table].key
            self._by_key[table] = {row[key]: row for row in self.tables[table]}
        return self._by_key[table]

    def find(self, fix: Correction) -> Row | None:
        """The row of a correction whose old value holds; else None, and the refusal is told."""
        row = self.rows(fix.table).get(fix.row_id)
        if row is None:
            self._refuse(fix, None, "the row is gone")
        elif _bare(row[fix.column]) != _bare(fix.old):
            found, old = _show(row[fix.column]), _show(fix.old)
            self._refuse(fix, row, f"it is {found} and not {old}")
            return None
        return row

    def set(self, table: str, row: Row, column: str, value: Any) -> None:
        key = row[load_tables()[table].key]
        self._before.setdefault((table, key, column), row[column])
        row[column] = value
        if table == "units":
            self.units.add(key)

    def before(self, table: str, row: Row, column: str) -> Any:
        """What stood in a cell before anything was corrected."""
        return self._before.get((table, row[load_tables()[table].key], column), row[column])

    def carry(self, fix: Correction, row: Row) -> None:
        found: Row = {}
        if fix.table == "units":
            found = _follow_unit(self, row, fix.column)
        elif fix.table == "figures":
            found = _follow_figure(row, fix.column)
        for cell in found.items():
            self._follow(fix, fix.table, row, cell)
        if fix.table == "announcements" and fix.column in SHARED:
            self._follow_all(fix, "units", "announcement_id", (fix.column,), row)
        if fix.table == "units":
            self._follow_all(fix, "mentions", "unit_id", ("name_full", "place_code"), row)

    def _follow_all(
        self, fix: Correction, table: str, key: str, columns: Sequence[str], row: Row
    ) -> None:
        for other in self.tables[table]:
            if other[key] != fix.row_id:
                continue
            for column in columns:
                if other[column] == self.before(fix.table, row, column):
                    self._follow(fix, table, other, (column, row[column]))

    def _follow(self, fix: Correction, table: str, row: Row, cell: tuple[str, Any]) -> None:
        column, value = cell
        key = row[load_tables()[table].key]
        if (table, key, column) in self.kept or row[column] == value:
            return
        where = column if row is self.rows(fix.table).get(fix.row_id) else f"{table}.{column}"
        self._carried[fix.cell].append(f"{where} {_show(row[column])} -> {_show(value)}")
        self.set(table, row, column, value)

    def place(self, row: Row, name: str, province: str | None) -> tuple[str | None, str]:
        announcement = self.rows("announcements").get(row["announcement_id"])
        day: datetime | None = announcement["date"] if announcement else None
        found = resolve(name, province or "", day.astimezone(CHINA).date() if day else None)
        if found.code is None:
            found = resolve(name, province or "")
        return found.code, found.status

    def tell_applied(self, fix: Correction, row: Row) -> None:
        told = list(dict.fromkeys(self._carried[fix.cell]))
        more = f", and {len(told) - 3} more" if len(told) > 3 else ""
        followed = f"; with it {', '.join(told[:3])}{more}" if told else ""
        change = f"{_show(fix.old)} -> {_show(fix.new)}"
        self._tell(fix, row, ("corrected", "info"), f"{change} ({_why(fix)}){followed}")

    def _refuse(self, fix: Correction, row: Row | None, why: str) -> None:
        message = f"{why}; it was to become {_show(fix.new)} (line {fix.line})"
        self._tell(fix, row, ("correction_refused", "warning"), message)

    def _tell(
        self, fix: Correction, row: Row | None, kind: tuple[str, Severity], message: str
    ) -> None:
        code, severity = kind
        doc_id = (row and row["doc_id"]) or ""
        issue_id = make_id("issue", code, *fix.cell)
        told = f"{fix.table} {fix.row_id}, {fix.column}: {message}"
        issue = Issue(issue_id, doc_id, code, severity, told)
        if row and fix.table in _SPANNED:
            issue = replace(issue, span_start=row["span_start"], span_end=row["span_end"])
        document = self.rows("documents").get(doc_id)
        origin = Origin(document["source_id"] if document else "corrections")
        url = document["url"] if document else FILE
        self.tables["issues"].append(issue_row(issue, url, origin))


def _follow_unit(work: _Correcting, row: Row, column: str) -> Row:
    """What follows from one corrected column of a unit, in the same row."""
    found: Row = {}
    if column in LEVELS:
        old = _join_levels(lambda name: work.before("units", row, name))
        if work.before("units", row, "name_full") == old:
            found["name_full"] = _join_levels(row.__getitem__)
    if column in (*LEVELS, "province", "name_full"):
        by_hand = ("units", row["unit_id"], "name_full") in work.kept
        name: str = row["name_full"] if by_hand else found.get("name_full") or row["name_full"]
        before = partial(work.before, "units", row)
        stood = before("place_code"), before("place_status")
        if work.place(row, before("name_full"), before("province")) == stood:
            code, status = work.place(row, name, row["province"])
            found |= {"place_code": code, "place_status": status}
    if column == "category_path":
        found["category"] = (row["category_path"] or "").split(SEPARATOR)[-1] or None
    if column == "category":
        above = (row["category_path"] or "").split(SEPARATOR)[:-1]
        found["category_path"] = SEPARATOR.join([*above, *filter(None, [row["category"]])])
    return found


def _follow_figure(row: Row, column: str) -> Row:
    if column == "value":
        value = row["value"]
        return {"value_raw": None if value is None else f"{Decimal(str(value)).normalize():f}"}
    if column == "value_raw":
        try:
            return {"value": None if row["value_raw"] is None else float(Decimal(row["value_raw"]))}
        except InvalidOperation:
            return {}
    return {}


def _join_levels(read: Callable[[str], str | None]) -> str:
    return "".join(filter(None, map(read, LEVELS))) or read("province") or ""


def _bare(value: Cell) -> Cell:
    """Nothing is nothing, whether a column writes it as a null or as an empty string."""
    return None if value == "" else value


def _show(value: Cell) -> str:
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    return "nothing" if _bare(value) is None else str(value)


def _why(fix: Correction) -> str:
    return f"{fix.reason}; {fix.reviewer}, {fix.day:%F}"
