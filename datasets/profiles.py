"""What an export gives of a table: all of it, or what may be published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from datasets.schema import ZONE, Column, get_table

Profile = Literal["full", "public"]
Form = Literal["as_is", "day", "alias"]

FORM_WORDS = {"day": "Only the day.", "alias": "Another id than in the tables themselves."}
BLOCK = 64
"""Bytes of a block of SHA-256."""

ALIAS_SITE = "public export"
"""What stands in the place of a site when ids are hashed like usernames."""


@dataclass(frozen=True, slots=True)
class Given:
    """One column as an export gives it."""

    column: Column
    """Its declaration; the meaning says what was changed."""
    form: Form
    """Whether the values are those of the tables, their days, or aliases of ids."""

    @property
    def expression(self) -> str:
        """SQL of DuckDB that gives the values; aliases need the variables of `mask_key`.

        >>> Given(get_table("comments").columns[0], "as_is").expression
        '"comment_id"'
        """
        name = quote_name(self.column.name)
        if self.form == "day":
            return f"date_trunc('day', {name} AT TIME ZONE '{ZONE}') AT TIME ZONE '{ZONE}'"
        if self.form == "alias":
            # HMAC-SHA256 as RFC 2104 has it, so that no length extension finds other ids.
            inside = f"getvariable('inner_key') || encode('{ALIAS_SITE}' || chr(0) || {name})"
            return f"left(sha256(getvariable('outer_key') || unhex(sha256({inside}))), 16)"
        return name


def list_given(table: str, profile: Profile) -> tuple[Given, ...]:
    """List the columns of a table that an export gives, in order; GongshiError for no such table.

    >>> [given.column.name for given in list_given("comments", "public")]
    ['comment_id', 'thread_id', 'source_id', 'posted_at', 'flags', 'extractor']
    """
    columns = get_table(table).columns
    if profile == "full":
        return tuple(Given(column, "as_is") for column in columns)
    forms = {}
    for rule in get_table(table).withheld:
        name, _, form = rule.partition(":")
        forms[name] = form
    return tuple(
        _give(column, forms.get(column.name)) for column in columns if forms.get(column.name) != ""
    )


def _give(column: Column, form: str | None) -> Given:
    if form == "day":
        return Given(_explain(column, form), "day")
    if form == "alias":
        return Given(_explain(column, form), "alias")
    return Given(column, "as_is")


def _explain(column: Column, form: str) -> Column:
    return replace(column, meaning=f"{column.meaning} {FORM_WORDS[form]}", example="")


def order_of(table: str, given: Sequence[Given]) -> str:
    """Give what the given values are sorted by, "" where the order they lie in tells nothing.

    Rows of which a sort column is withheld are sorted anew by what is given of it: the order of
    the replies in their files would tell their floors.

    >>> order_of("units", list_given("units", "public"))
    ''
    >>> order_of("threads", list_given("threads", "public"))
    '"posted_at", "url", "thread_id"'
    """
    declared = get_table(table)
    forms = {item.column.name: item for item in given}
    names = [*declared.sort, declared.key]
    if all(name in forms and forms[name].form == "as_is" for name in names):
        return ""
    return ", ".join(quote_name(name) for name in names if name in forms)


def mask_key(key: bytes) -> dict[str, bytes]:
    """Give the two masked keys of HMAC (RFC 2104) by the names of the variables that hold them.

    >>> sorted(mask_key(b"key"))
    ['inner_key', 'outer_key']
    """
    block = (key if len(key) <= BLOCK else sha256(key).digest()).ljust(BLOCK, b"\0")
    masks = {"inner_key": 0x36, "outer_key": 0x5C}
    return {name: bytes(byte ^ mask for byte in block) for name, mask in masks.items()}


def quote_name(name: str) -> str:
    """Quote a name for SQL.

    >>> quote_name("order")
    '"order"'
    """
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Quote a text for SQL.

    >>> quote_text("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
