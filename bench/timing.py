"""Times work in processes of its own, so that no run finds the memories of an earlier one."""

import gc
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Timed(Generic[Result]):
    """The best of several runs."""

    seconds: float
    result: Result | None
    """What the first run handed back; None when it took too long or failed."""


def time_cold(work: Callable[[], Result], runs: int, limit: float = 300) -> Timed[Result]:
    """Run work `runs` times, each time in a fresh fork of this process, and take the best time.

    Dictionaries that this process has loaded are there in each fork; what the work remembers on
    its way is lost. Seconds are those of the processor, which on an idle machine are those of the
    clock, and do not grow when others work beside us. Work that runs longer than the limit, in
    seconds of the clock, is ended.
    """
    gc.collect()
    gc.freeze()  # the collector of a fork would copy every page it walks over
    best, result = float("inf"), None
    for number in range(runs):
        seconds, made = _fork(work, limit, wanted=number == 0)
        best = min(best, seconds)
        result = made if number == 0 else result
        if made is None and number == 0:
            break
    return Timed(best, result)


def _fork(work: Callable[[], Result], limit: float, *, wanted: bool) -> tuple[float, Result | None]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(work, sender, wanted))
    child.start()
    sender.close()
    try:
        if not receiver.poll(limit):
            return limit, None
        return receiver.recv()  # type: ignore[no-any-return]
    except EOFError:
        return 0.0, None  # it failed, and has told so on stderr
    finally:
        child.terminate()
        child.join()


def _run(work: Callable[[], object], sender: Connection, wanted: bool) -> None:
    start = time.process_time()
    result = work()
    seconds = time.process_time() - start
    sender.send((seconds, result if wanted else None))
