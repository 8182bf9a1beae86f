"""The description of an export as a Frictionless data package."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal

from datasets.export_rows import ExportRows, find_foreign_keys
from datasets.manifest import FRICTIONLESS_TYPES
from datasets.schema import Column, Table

PACKAGE = "datapackage.json"

FileFormat = Literal["csv", "parquet"]

MEDIA_TYPES: Mapping[FileFormat, str] = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}

DEFUSED = (
    "A text that a spreadsheet could take for a formula has an apostrophe before it; take one "
    "apostrophe away to have the text as it was."
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One table of an export, as it lies in its file."""

    table: Table
    """Its declaration, with the columns that are given."""
    file: str
    """Name of the file. Example: `units.csv`"""
    rows: int
    """Number of rows."""
    size: int
    """Bytes of the file."""
    digest: str
    """SHA-256 of the file, in hex."""
    foreign_keys: tuple[tuple[str, str, str], ...]
    """(column, other table, its key), each of them looked up in the exported rows."""


def describe_file(rows: ExportRows, table: str, path: Path) -> Resource:
    """Describe the file that holds a table of an export: rows, digest, and the keys that hold.

    >>> describe_file(None, "units", Path("/nowhere/units.csv"))
    Traceback (most recent call last):
    ...
    FileNotFoundError: ...
    """
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return Resource(
        rows.declared(table),
        path.name,
        rows.count(table),
        path.stat().st_size,
        digest,
        tuple(find_foreign_keys(rows, table)),
    )


def write_package(
    about: Mapping[str, str], resources: Sequence[Resource], format: FileFormat
) -> str:
    """Write `datapackage.json`: one resource per table, with types, meanings and keys.

    >>> json.loads(write_package({"snapshot": "s", "profile": "full"}, [], "csv"))["id"]
    's'
    """
    package = {
        "profile": "tabular-data-package" if format == "csv" else "data-package",
        "name": "gongshi",
        "id": about["snapshot"],
        "description": DEFUSED if format == "csv" else "",
        "gongshi": dict(about),
        "resources": [_describe(resource, format) for resource in resources],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _describe(resource: Resource, format: FileFormat) -> dict[str, Any]:
    table = resource.table
    csv = {"profile": "tabular-data-resource", "encoding": "utf-8"} if format == "csv" else {}
    return {
        "name": table.name,
        "path": resource.file,
        "description": table.meaning,
        **csv,
        "format": format,
        "mediatype": MEDIA_TYPES[format],
        "rows": resource.rows,
        "bytes": resource.size,
        "hash": f"sha256:{resource.digest}",
        "schema": {
            "fields": [_describe_field(column, table.key) for column in table.columns],
            "missingValues": [""],
            "primaryKey": [table.key],
            "foreignKeys": [
                {"fields": [column], "reference": {"resource": other, "fields": [key]}}
                for column, other, key in resource.foreign_keys
            ],
        },
    }


def _describe_field(column: Column, key: str) -> dict[str, Any]:
    # An empty list is an empty text, which is a missing value in CSV: it cannot be required.
    required = not column.nullable and (column.kind != "string" or column.name == key)
    constraints = {"required": required, **({"unique": True} if column.name == key else {})}
    return {
        "name": column.name,
        "type": FRICTIONLESS_TYPES[column.kind],
        "description": column.meaning,
        **({"example": column.example} if column.example else {}),
        "constraints": constraints,
    }
