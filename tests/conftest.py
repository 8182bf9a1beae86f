"""What all tests share: a key for usernames, a way to run commands, known failures counted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from case_files import KNOWN_FAILURES
from gongshi.cli import main

Run = Callable[..., int]

# The first example of a test may load a dictionary, and a busy machine is no error.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _own_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the key of whoever runs them."""
    monkeypatch.setenv("GONGSHI_KEY_FILE", str(tmp_path_factory.getbasetemp() / "key"))


@pytest.fixture
def run() -> Run:
    """Run `gongshi` with arguments in this process and give its exit code."""

    def run_command(*arguments: str | int | Path) -> int:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        return int(stop.value.code or 0)

    return run_command


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the cases that are known to fail."""
    if KNOWN_FAILURES:
        terminalreporter.section(f"{len(KNOWN_FAILURES)} known failures in case files")
        for line in sorted(set(KNOWN_FAILURES)):
            terminalreporter.line(line)
