import random
from pathlib import Path

import pytest
from build_loop import build_once, next_generation
from snapshot_readers import KINDS, Loops, Reader, check_digests

from datasets.read import open_snapshot
from datasets.store import gc, list_snapshots, writer_lock

KILLS = 30
FIRST = 500
"""Changes of the folder before the first kill: two builds or more, whatever the machine."""
LAST = 300
"""Changes before any other kill at most; a build makes 120 to 240 of them."""


@pytest.mark.slow
def test_readers_see_whole_snapshots_while_builds_are_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    next_generation(data)
    build_once(data)
    steps = random.Random(20220406)
    reader = Reader(data)
    reader.start()
    loops = Loops(data)
    try:
        for number in range(KILLS):
            loops.run(steps.randint(1, LAST) if number else FIRST)
    finally:
        reader.stopped.set()
        reader.join()
        loops.close()
    assert reader.wrong == []
    assert min(reader.reads[kind] for kind in KINDS) > 0
    assert len(list_snapshots(data)) > 3

    next_generation(data)
    build_once(data)
    assert not list(data.glob("snapshots/.*"))
    assert not list(data.glob("objects/*/*.tmp"))
    for snapshot in list_snapshots(data):
        check_digests(open_snapshot(data, snapshot))
    with writer_lock(data):
        gc(data, keep=1)
    linked = len(list((data / "latest").resolve().glob("*/*.parquet")))
    assert len(list(data.glob("objects/*/*.parquet"))) <= linked
    check_digests(open_snapshot(data))
