"""The manifest of a snapshot: a Frictionless data package with the digest of every file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasets.schema import Column, Kind, Table, load_tables

FORMAT = 1
"""Number of the layout of snapshots; a newer program that changes it counts on."""

FRICTIONLESS_TYPES: Mapping[Kind, str] = {
    "string": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "time": "datetime",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One stored Parquet file of a table."""

    table: str
    """Table it belongs to. Example: `comments`"""
    name: str
    """Name of the part. Example: `xishu_bbs-2022-04`"""
    digest: str
    """SHA-256 of the file, in hex; it is also the name of the object."""
    rows: int
    """Number of rows."""
    size: int
    """Bytes of the file."""

    @property
    def path(self) -> str:
        """Path within the snapshot; it changes when the content does.

        >>> Part("units", "9b871512327c09ce", "2c26b46b68ffc68f", 3, 900).path
        'units/9b871512327c09ce-2c26b46b68ff.parquet'
        """
        return f"{self.table}/{self.name}-{self.digest[:12]}.parquet"


def describe_snapshot(
    snapshot: str, parts: Sequence[Part], parent: str | None, note: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe a snapshot as a Frictionless data package; `note` is added at its top level.

    >>> describe_snapshot("20220406T111500000000Z-0f3c9a1b", [], None, {})["resources"][0]["name"]
    'runs'
    """
    return {
        "profile": "data-package",
        "name": "gongshi",
        "format": FORMAT,
        "id": snapshot,
        "parent": parent,
        **note,
        "resources": [
            _describe_table(table, [part for part in parts if part.table == table.name])
            for table in load_tables().values()
        ],
    }


def dump_manifest(manifest: Mapping[str, Any]) -> str:
    """Write a manifest as JSON, one line per table: an indent would take Python's slow encoder.

    >>> print(dump_manifest({"id": "s", "resources": [{"name": "runs"}, {"name": "units"}]}))
    {"id": "s", "resources": [
    {"name": "runs"},
    {"name": "units"}
    ]}
    """
    head = {key: value for key, value in manifest.items() if key != "resources"}
    lines = [json.dumps(table, ensure_ascii=False) for table in manifest["resources"]]
    opened = json.dumps(head, ensure_ascii=False).removesuffix("}")
    return f'{opened}, "resources": [\n' + ",\n".join(lines) + "\n]}"


def parts_of(manifest: Mapping[str, Any]) -> tuple[Part, ...]:
    """Read the parts back from a manifest.

    >>> part = Part("units", "9b871512327c09ce", "2c26b46b68ffc68f", 3, 900)
    >>> parts_of(describe_snapshot("s", [part], None, {})) == (part,)
    True
    """
    return tuple(
        Part(resource["name"], part["name"], part["sha256"], part["rows"], part["bytes"])
        for resource in manifest["resources"]
        for part in resource["parts"]
    )


def _describe_table(table: Table, parts: Sequence[Part]) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": table.meaning,
        "path": [part.path for part in parts],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "rows": sum(part.rows for part in parts),
        "bytes": sum(part.size for part in parts),
        "parts": [
            {
                "name": part.name,
                "path": part.path,
                "sha256": part.digest,
                "rows": part.rows,
                "bytes": part.size,
            }
            for part in parts
        ],
        "schema": {
            "fields": [_describe_column(column) for column in table.columns],
            "primaryKey": [table.key],
            "missingValues": [""],
        },
    }


def _describe_column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": FRICTIONLESS_TYPES[column.kind],
        "description": column.meaning,
        "example": column.example,
        "constraints": {"required": not column.nullable},
    }
