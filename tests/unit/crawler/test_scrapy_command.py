"""`scrapy crawl` says in the log why a source cannot be crawled, and ends with 1."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def crawl(data: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", *words],
        cwd=ROOT,
        env={**os.environ, "GONGSHI_DATA": str(data)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.decode()


def test_folder_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "file"
    data.write_text("no folder")
    code, log = crawl(data, "xishu_bbs")
    assert code == 1
    assert f"ERROR: queue '{data / 'frontier' / 'xishu_bbs.sqlite'}' cannot be used" in log
    assert "Traceback" not in log


def test_other_errors_keep_their_traceback(tmp_path: Path) -> None:
    code, log = crawl(tmp_path, "xishu_bbs", "-s", "GONGSHI_WARC_SIZE=large")
    assert code == 1
    assert "the crawl of xishu_bbs failed\nTraceback" in log


def test_one_source_has_to_be_named(tmp_path: Path) -> None:
    code, log = crawl(tmp_path)
    assert code == 2
    assert "name one source" in log
