"""An end to work that takes too long: a hostile page may cost its time, not the build's."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTimeError(BaseException):
    """The work took longer than it may.

    No Exception: code that forgives a damaged file must not forgive this.

    >>> str(OutOfTimeError("parsing took more than 120 s"))
    'parsing took more than 120 s'
    """


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTimeError in the block once the seconds are over.

    Works in the main thread, where build and its workers parse; in another thread, and where the
    system has no such timer, the block runs without limit.

    >>> with time_limit(0.01):
    ...     while True:
    ...         pass
    Traceback (most recent call last):
    ...
    datasets.time_limit.OutOfTimeError: it took more than 0.01 s
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError(f"it took more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        # Whoever set the timer before, such as a test runner, gets it back.
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *timer)
