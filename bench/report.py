"""Measures the report of one batch: bytes, and seconds from the snapshot on disk to the file.

.venv/bin/python bench/report.py [--units N] [--runs N]
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "unit" / "datasets")]

from listing_rows import make_announcement, make_unit  # noqa: E402

from gongshi.reporting import write_report_file  # noqa: E402
from small_snapshot import write_snapshot  # noqa: E402

IDLE = 0.015
"""Seconds that `calibrate` takes on the idle machine the bar was set on."""
CATEGORIES = ("便民服务型", "智慧服务型", "社会组织参与型")


def make_rows(units: int) -> dict[str, list[dict[str, object]]]:
    """One batch of communities in ten counties, with stated counts and remarks."""
    return {
        "units": [
            make_unit(
                f"绵阳市/第{number % 10}县/潼川镇/草堂{number}号社区",
                order=number,
                category_path=f"试点社区 / {CATEGORIES[number % 3]}",
                remark="第二次入选" if number % 7 == 0 else None,
                span_start=20 * number,
                span_end=20 * number + 13,
            )
            for number in range(units)
        ],
        "announcements": [make_announcement(stated=f"社区 {units}", stated_total=units)],
        "documents": [
            {
                "doc_id": "page3",
                "url": "http://mzt.example.cn/notice/3.html",
                "title": "关于公布名单的通知",
                "fetch_id": "f3",
            }
        ],
        "fetches": [{"fetch_id": "f3", "url": "http://mzt.example.cn/notice/3.html"}],
    }


def calibrate() -> None:
    """Write 300,000 times to a dict."""
    numbers = {}
    for number in range(300_000):
        numbers[number] = number


def time_once(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processor, of all threads."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--runs", type=int, default=15)
    wishes = parser.parse_args()
    with TemporaryDirectory() as folder:
        data = Path(folder)
        write_snapshot(data, make_rows(wishes.units))
        size = write_report_file(data, (), "zh").stat().st_size
        # By turns, so that whoever else works on the machine slows both.
        made, counted = [], []
        for _ in range(wishes.runs):
            made.append(time_once(lambda: write_report_file(data, (), "zh")))
            counted.append(time_once(calibrate))
    (clock, processor), (loop, _) = (
        map(min, zip(*times, strict=True)) for times in (made, counted)
    )
    print(f"{wishes.units} units: {size:,} bytes")
    print(
        f"best of {wishes.runs}: {clock:.3f} s of the clock, {processor:.3f} s of the processor; "
        f"300,000 dict writes {loop:.3f} s, {clock * IDLE / loop:.3f} s where these take {IDLE} s"
    )


if __name__ == "__main__":
    main()
