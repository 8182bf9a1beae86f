"""Rows of the tables for tests: real places of Sichuan and Zhejiang, wording of our own."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from datasets.schema import get_table, to_arrow
from normalize.ids import make_id

ZONE = ZoneInfo("Asia/Shanghai")
PROGRAMME = "四川省城乡社区治理试点"
DEFAULTS = {"string": "", "int": 0, "float": 0.0, "bool": False, "time": None}

MIANYANG = (
    "梓潼县",
    "三台县",
    "平武县",
    "三台县/潼川镇",
    "平武县/龙安镇",
    "梓潼县/石牛镇",
    "平武县/响岩镇",
    "梓潼县/长卿镇/南桥社区",
    "三台县/潼川镇/草堂社区",
    "三台县/潼川镇/古城社区",
    "三台县/北坝镇/东河路社区",
    "平武县/龙安镇/人民东路社区",
    "梓潼县/石牛镇/金牛街社区",
    "三台县/北坝镇/樟树社区",
    "平武县/龙安镇/报恩寺社区",
    "梓潼县/许州镇/红军桥社区",
    "三台县/潼川镇/解放街社区",
    "平武县/古城镇/古城社区",
    "梓潼县/文昌镇/崇文社区",
    "平武县/龙安镇/政府街社区",
    "梓潼县/文昌镇/紫阳社区",
)


def fill_row(table: str, **values: Any) -> dict[str, Any]:
    """A whole row: nulls where they may be, empty values elsewhere."""
    row = {
        column.name: None if column.nullable else DEFAULTS[column.kind]
        for column in get_table(table).columns
    }
    unknown = set(values) - set(row)
    assert not unknown, f"{table} has no {unknown}"
    return row | values


def make_frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return to_arrow(table, rows).to_pandas()


def make_unit(path: str, batch: int | None = 3, **values: Any) -> dict[str, Any]:
    """`绵阳市/三台县/潼川镇/草堂社区`, city first; an empty city is left out."""
    parts = dict(zip(("city", "county", "town", "village"), path.split("/"), strict=False))
    kinds = ("prefecture", "county", "town", "community")
    values = {
        "batch_id": make_id("batch", PROGRAMME, batch),
        "doc_id": f"page{batch}",
        "programme": PROGRAMME,
        "batch": batch,
        "status": "selected",
        "name_full": path.replace("/", ""),
        "name_raw": path.replace("/", ""),
        "province": "四川省",
        "kind": kinds[len(parts) - 1],
        "place_status": "none",
        **{level: name or None for level, name in parts.items()},
    } | values
    values.setdefault("unit_id", make_id(values["doc_id"], path, values.get("category_path")))
    return fill_row("units", **values)


def make_announcement(batch: int | None = 3, **values: Any) -> dict[str, Any]:
    return fill_row(
        "announcements",
        **{
            "announcement_id": make_id("announcement", batch, *values.values()),
            "batch_id": make_id("batch", PROGRAMME, batch),
            "doc_id": f"page{batch}",
            "programme": PROGRAMME,
            "batch": batch,
            "year": 2022,
            "authority": "四川省民政厅",
            "status": "selected",
            "scope": "full",
        }
        | values,
    )


class TablesInMemory:
    """Stands in for `datasets.read.Snapshot`."""

    id = "20220406T111500000000Z-0f3c9a1b"

    def __init__(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self.tables = tables

    def rows(self, name: str) -> int:
        return len(self.tables.get(name, []))

    def pandas(self, name: str, columns: Any = None) -> pd.DataFrame:
        frame = make_frame(name, self.tables.get(name, []))
        return frame if columns is None else frame[list(columns)]


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2022, 4, day, hour, minute, tzinfo=ZONE)
