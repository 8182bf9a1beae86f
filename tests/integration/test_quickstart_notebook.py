"""The notebook, run from its first cell to its last on pages of the demo."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import Run

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "quickstart.ipynb"
PAGES = sorted((ROOT / "tests" / "pages").glob("demo_*"))


def read_notebook() -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def test_the_notebook_is_stored_without_outputs_and_places_of_a_machine() -> None:
    for cell in read_notebook().cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert not [word for word in ("/home/", "/root/", "/tmp/", "/work/", ":\\\\") if word in text]


def test_the_notebook_runs_and_shows_rows(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    assert run("ingest", *PAGES, "--data", data, "--jobs", 1) == 0
    monkeypatch.setenv("GONGSHI_DATA", str(data))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    notebook = read_notebook()
    path = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources=path).execute()
    shown = ["".join(_texts(cell)) for cell in notebook.cells if cell.cell_type == "code"]
    assert all(shown)
    printed = "\n".join(shown)
    assert "绵阳市" in printed
    assert "四川省社区综合服务试点" in printed
    assert "Empty DataFrame" not in printed
    assert "shape: (0" not in printed


def _texts(cell: nbformat.NotebookNode) -> list[str]:
    return [o.data["text/plain"] for o in cell.outputs if "data" in o]
