import json

import pytest

from datasets.card import write_card
from datasets.export import ExportOptions, export
from datasets.export_rows import Selected, sort_names
from datasets.schema import load_tables
from small_snapshot import small_rows, write_snapshot


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("card")
    snapshot = write_snapshot(folder / "data", small_rows())
    selected = Selected(snapshot, sort_names([]), "public", key=b"k" * 32)
    export(selected, ExportOptions(folder / "out", "parquet"), lambda *_: None)
    return (folder / "out" / "README.md").read_text(encoding="utf-8")


def test_the_head_has_a_config_per_table_and_one_default(card: str) -> None:
    head = card.split("---\n")[1]
    assert "language:\n- zh\n" in head
    assert "size_categories:\n- n<1K\n" in head
    for name in load_tables():
        assert f'- config_name: {name}\n  data_files: "{name}.parquet"\n' in head
    assert head.count("default: true") == 1
    assert 'data_files: "units.parquet"\n  default: true' in head


def test_the_card_explains_the_given_columns_only(card: str) -> None:
    comments = card.partition("\n## comments\n")[2].partition("\n## ")[0]
    assert "`posted_at` | time | yes" in comments
    assert "Only the day." in comments
    assert "`floor`" not in comments
    assert "public profile" in card
    assert 'units = pd.read_parquet("units.parquet")' in card


def test_a_card_says_what_it_is_of() -> None:
    about = {"snapshot": "s1", "profile": "full", "batch_id": "b1"}
    text = write_card(about, [], "csv")
    assert "Snapshot `s1`, profile `full`. Only rows of the batch `b1`." in text
    assert "Do not publish it" in text
    assert json.dumps("configs:")[1:-1] not in text
