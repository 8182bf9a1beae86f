"""The single truth of tables and columns: types, meanings, examples, keys, order and parts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pyarrow as pa

from datasets.field_docs import find_example, read_field_doc
from normalize.errors import GongshiError

Row = dict[str, Any]
"""One row of a table by column name; it may hold further values that name its part."""

Kind = Literal["string", "int", "float", "bool", "time"]

ZONE = "Asia/Shanghai"

SEPARATOR = " / "
"""What stands between the values of a list in one cell."""

ARROW_TYPES: Mapping[Kind, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "time": pa.timestamp("us", ZONE),
}

# pandas type and NumPy type per kind, as the `pandas` block of a Parquet file names them; the
# second pair is for nullable columns, which would else become floats and objects.
PANDAS_TYPES: Mapping[Kind, tuple[tuple[str, str], tuple[str, str]]] = {
    "string": (("unicode", "str"), ("unicode", "str")),
    "int": (("int64", "int64"), ("int64", "Int64")),
    "float": (("float64", "float64"), ("float64", "float64")),
    "bool": (("bool", "bool"), ("bool", "boolean")),
    "time": (("datetimetz", "datetime64[us]"), ("datetimetz", "datetime64[us]")),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    """Name of the column. Example: `city`"""
    kind: Kind
    """Type of its values; lists are joined to strings with ` / `. Example: `string`"""
    nullable: bool
    """Whether a value may be missing."""
    meaning: str
    """One sentence for analysts. Example: `Prefecture.`"""
    example: str = ""
    """A value from a real case, or nothing. Example: `绵阳市`"""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a snapshot."""

    name: str
    """Name of the table and of its folder. Example: `units`"""
    meaning: str
    """What one row is, in one sentence."""
    key: str
    """Column whose value no two rows share. Example: `unit_id`"""
    sort: tuple[str, ...]
    """Columns the rows of a part are sorted by, for reading; the key breaks ties."""
    part: tuple[str, ...]
    """Values that decide which file a row is in: a column, a value of the row's document, or one
    of these cut to its month. Example: `posted_at:month`"""
    columns: tuple[Column, ...]
    """Columns in order."""
    withheld: tuple[str, ...] = ()
    """Columns the public profile of exports leaves out; `:day` gives the day of a time only,
    `:alias` another id, which nobody can compute without the key. Example: `posted_at:day`"""


@cache
def load_tables() -> Mapping[str, Table]:
    """Give all tables by name, in the order they are documented.

    >>> list(load_tables())[:3]
    ['runs', 'fetches', 'documents']
    """
    from datasets.tables import TABLES  # noqa: PLC0415  (the declarations import this module)

    return {table.name: table for table in TABLES}


def get_table(name: str) -> Table:
    """Give one table; GongshiError when there is none of that name.

    >>> get_table("units").key
    'unit_id'
    """
    tables = load_tables()
    if name not in tables:
        raise GongshiError(f"table '{name}' is not known: use one of {', '.join(tables)}")
    return tables[name]


@cache
def column_names(table: str) -> tuple[str, ...]:
    """Give the names of a table's columns in order.

    >>> column_names("mentions")[:2]
    ('mention_id', 'doc_id')
    """
    return tuple(column.name for column in get_table(table).columns)


def own(name: str, kind: str, meaning: str, example: str = "") -> Column:
    """Declare a column that no record has; a kind that ends in "?" may be missing.

    >>> own("reason", "string?", "Why there was no response.", "timeout").nullable
    True
    """
    bare = next(known for known in ARROW_TYPES if known == kind.removesuffix("?"))
    return Column(name, bare, kind.endswith("?"), meaning, example)


def take(record: type, names: str, **examples: str) -> tuple[Column, ...]:
    """Declare columns that equal fields of a record, given as names between spaces.

    `field>column` gives the column another name, a trailing "?" makes it nullable. `examples`
    serve the fields whose docstring has none.

    >>> from extract.listing_records import Parts
    >>> [c.name for c in take(Parts, "city unit>unit_org")]
    ['city', 'unit_org']
    """
    return tuple(_take_field(record, name, examples) for name in names.split())


def _take_field(record: type, spec: str, examples: Mapping[str, str]) -> Column:
    field, _, name = spec.removesuffix("?").partition(">")
    kind, nullable, first = _kind_of(get_type_hints(record)[field])
    return Column(
        name or field,
        kind,
        nullable or spec.endswith("?"),
        read_field_doc(record, field)[0],
        find_example(record, field) or examples.get(field) or first,
    )


def _kind_of(hint: Any) -> tuple[Kind, bool, str]:
    """Kind, whether None is allowed, and the first literal value as an example."""
    if get_origin(hint) is UnionType or type(None) in get_args(hint):
        inner = next(a for a in get_args(hint) if a is not type(None))
        kind, _, first = _kind_of(inner)
        return kind, True, first
    if get_origin(hint) is Literal:
        return "string", False, str(get_args(hint)[0])
    if get_origin(hint) is tuple:
        return "string", False, ""
    kinds: dict[Any, Kind] = {
        str: "string",
        int: "int",
        float: "float",
        bool: "bool",
        datetime: "time",
    }
    return kinds[hint], False, ""


@cache
def arrow_schema(name: str) -> pa.Schema:
    """Give the Arrow schema of a table, with meanings and examples as metadata.

    The `pandas` block makes `pd.read_parquet` return Int64 and boolean for nullable columns;
    `PANDAS_ATTRS` shows the table's description as `DataFrame.attrs`. Nothing in it depends on
    the snapshot, so an unchanged part keeps its bytes.

    >>> arrow_schema("units").field("order").type
    DataType(int64)
    """
    return make_arrow_schema(get_table(name), {})


def make_arrow_schema(table: Table, attrs: Mapping[str, str]) -> pa.Schema:
    """Make the Arrow schema of a declaration; `attrs` are further `DataFrame.attrs`.

    >>> schema = make_arrow_schema(get_table("units"), {"snapshot": "20220406T111500000000Z"})
    >>> json.loads(schema.metadata[b"PANDAS_ATTRS"])["snapshot"]
    '20220406T111500000000Z'
    """
    fields = [
        pa.field(
            column.name,
            ARROW_TYPES[column.kind],
            column.nullable,
            {"description": column.meaning, "example": column.example},
        )
        for column in table.columns
    ]
    described = {"pandas": _pandas_block(table), "PANDAS_ATTRS": _attrs(table, attrs)}
    return pa.schema(fields, described)


def _attrs(table: Table, more: Mapping[str, str]) -> str:
    meanings = {column.name: column.meaning for column in table.columns}
    attrs = {"table": table.name, "description": table.meaning, "key": table.key, **more}
    return json.dumps({**attrs, "columns": meanings}, ensure_ascii=False)


def _pandas_block(table: Table) -> str:
    columns = []
    for column in table.columns:
        pandas_type, numpy_type = PANDAS_TYPES[column.kind][column.nullable]
        columns.append(
            {
                "name": column.name,
                "field_name": column.name,
                "pandas_type": pandas_type,
                "numpy_type": numpy_type,
                "metadata": {"timezone": ZONE} if column.kind == "time" else None,
            }
        )
    return json.dumps(
        {
            "index_columns": [],
            "column_indexes": [],
            "columns": columns,
            "creator": {"library": "gongshi", "version": "1"},
            "pandas_version": "3.0.0",
        }
    )


def to_arrow(name: str, rows: Sequence[Row]) -> pa.Table:
    """Turn rows to an Arrow table of the full schema, in the order given.

    Values beyond the columns are left out. Raises KeyError for a missing column, ValueError for
    a null where none may be or a time without a zone.

    >>> to_arrow("issues", []).num_rows
    0
    """
    schema = arrow_schema(name)
    arrays = [_to_array([row[field.name] for row in rows], field, name) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _to_array(values: list[Any], field: pa.Field, table: str) -> pa.Array:
    if pa.types.is_timestamp(field.type):
        _refuse_naive(values, f"{table}.{field.name}")
    try:
        array = pa.array(values, field.type)
    except UnicodeEncodeError:
        array = pa.array([_without_surrogates(value) for value in values], field.type)
    if array.null_count and not field.nullable:
        raise ValueError(f"{table}.{field.name} must not be null")
    return array


def _refuse_naive(values: Iterable[datetime | None], column: str) -> None:
    if any(value is not None and value.tzinfo is None for value in values):
        raise ValueError(f"{column} holds a time without a zone")


def _without_surrogates(value: str | None) -> str | None:
    """Replace lone surrogates, which no UTF-8 file can hold."""
    return None if value is None else value.encode("utf-8", "replace").decode()
