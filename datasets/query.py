"""SQL of a person over the tables of one snapshot, which can read these tables and nothing else."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from datasets.profiles import quote_name, quote_text
from datasets.read import Snapshot
from datasets.schema import ZONE, load_tables
from normalize.errors import GongshiError

ROWS = 1_000
"""Rows that are fetched at a time."""

READING = (duckdb.StatementType.SELECT, duckdb.StatementType.MULTI)
"""Kinds of statements that only read; PIVOT is one of several steps."""

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
}
"""No code from elsewhere, no stored passwords, no variables of the program as tables."""

# Where DuckDB shows the place of an error, and the list of functions it may have meant.
_DETAILS = re.compile(r"\n\s*(?:LINE \d+:|Candidate functions:).*", re.DOTALL)


class Answer:
    """The rows that a query gives, read as they come."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        names = [column[0] for column in connection.description or ()]
        self.columns: tuple[str, ...] = tuple(_make_unique(names))
        """Names of the columns; a name that comes twice is numbered."""

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Give the rows, once, as Python values."""
        with _told_in_a_sentence():
            while rows := self._connection.fetchmany(ROWS):
                yield from rows


def _make_unique(names: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        unique, number = name, 1
        while unique in seen:
            number += 1
            unique = f"{name}_{number}"
        seen.add(unique)
        yield unique


@contextmanager
def run_query(snapshot: Snapshot, sql: str) -> Iterator[Answer]:
    """Run one reading statement over the tables of a snapshot.

    DuckDB may open the Parquet files of the snapshot and nothing else: no other file, no network,
    no extension; the configuration is locked. Raises GongshiError, in one sentence, for a
    statement that is wrong, that writes, or that is not the only one.

    >>> from pathlib import Path
    >>> with run_query(Snapshot("s", Path("/s"), {}), "DROP VIEW units") as answer:
    ...     pass
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: only one statement that reads can be run: start it with ...
    """
    with (
        _told_in_a_sentence(),
        tempfile.TemporaryDirectory(prefix="gongshi-sql-") as folder,
        duckdb.connect(config=SETTINGS) as connection,
    ):
        statement = _read_statement(sql)
        connection.execute(f"SET temp_directory = {quote_text(folder)}")
        connection.execute(f"SET TimeZone = '{ZONE}'")
        _lock_in(connection, snapshot)
        yield Answer(connection.execute(statement))


def _read_statement(sql: str) -> duckdb.Statement:
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in READING:
        raise GongshiError(
            "only one statement that reads can be run: start it with SELECT, WITH, FROM, DESCRIBE, "
            "SUMMARIZE or SHOW"
        )
    return statements[0]


def _lock_in(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    allowed = []
    for name in load_tables():
        files = [str(path.resolve()) for path in snapshot.files(name)]
        allowed += files
        listed = ", ".join(map(quote_text, files))
        connection.execute(f"CREATE VIEW {quote_name(name)} AS FROM read_parquet([{listed}])")
    connection.execute(f"SET allowed_paths = [{', '.join(map(quote_text, allowed))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


@contextmanager
def _told_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except duckdb.PermissionException as error:
        raise GongshiError(
            f"SQL reads only the tables ({', '.join(load_tables())}), no files and no network"
        ) from error
    except duckdb.Error as error:
        raise GongshiError(_explain(error)) from error


def _explain(error: duckdb.Error) -> str:
    text = _DETAILS.sub("", str(error))
    what = "; ".join(line.strip() for line in text.splitlines() if line.strip())
    known = ""
    if isinstance(error, duckdb.CatalogException) and "Table with name" in text:
        what = what.partition("; Did you mean")[0]
        known = f"; the tables are {', '.join(load_tables())}"
    hint = "; `DESCRIBE units` shows columns" if "FROM clause" in text else ""
    return f"the query failed: {what.replace('!;', ';').rstrip('!.')}{known}{hint}"
