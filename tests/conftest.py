"""What all tests share: a key for usernames of their own, and a way to run commands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gongshi.cli import main

Run = Callable[..., int]


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
