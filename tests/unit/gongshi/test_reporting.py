from gongshi.reporting import read_pending, write_report_file
from small_snapshot import write_snapshot


def test_a_queue_that_cannot_be_read_is_told_and_the_report_is_written(tmp_path, capsys):
    write_snapshot(tmp_path, {"fetches": [{"fetch_id": "f1", "source_id": "demo_forum"}]})
    (tmp_path / "frontier").mkdir()
    (tmp_path / "frontier" / "demo_forum.sqlite").write_text("no database")
    path = write_report_file(tmp_path, (), "en")
    assert "demo_forum.sqlite' cannot be read" in capsys.readouterr().err
    assert '<td class="n" data-label="Pending">–</td>' in path.read_text(encoding="utf-8")
    assert read_pending(tmp_path) == {}


def test_a_report_leaves_no_half_written_file(tmp_path):
    write_snapshot(tmp_path, {})
    path = write_report_file(tmp_path, (), "zh", tmp_path / "out" / "report.html")
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]
