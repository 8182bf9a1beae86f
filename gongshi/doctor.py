"""All checks of the installation and of a data folder, one line each."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import click

from gongshi.check_result import CheckResult
from gongshi.data_folder import (
    check_archives,
    check_key,
    check_latest,
    check_locks,
    check_space,
    check_writing,
)
from gongshi.installation import (
    check_browsers,
    check_converter,
    check_foreign_datasets,
    check_packages,
    check_packed_files,
    check_python,
    check_sources,
)
from normalize.errors import GongshiError

_INSTALLATION: Mapping[str, Callable[[], CheckResult]] = {
    "python": check_python,
    "datasets": check_foreign_datasets,
    "packages": check_packages,
    "facts": check_packed_files,
    "sources": check_sources,
    "browser": check_browsers,
    "converter": check_converter,
}
_DATA: Mapping[str, Callable[[Path], CheckResult]] = {
    "data": check_writing,
    "space": check_space,
    "locks": check_locks,
    "latest": check_latest,
    "archives": check_archives,
}


def print_findings(data: Path, as_json: bool) -> int:
    """Print what every check finds; return 2 when something is broken, else 0."""
    findings = examine(data)
    if as_json:
        rows = [
            {"check": name, "verdict": finding.verdict, "message": finding.message}
            for name, finding in findings.items()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for name, finding in findings.items():
            click.echo(f"{finding.verdict:<8} {name}: {finding.message}")
    return 2 if any(finding.verdict == "problem" for finding in findings.values()) else 0


def examine(data: Path) -> dict[str, CheckResult]:
    """Run all checks, in their order; a folder that is not there yet has none of its own.

    >>> examine(Path("/nowhere"))["data"].verdict
    'note'
    """
    findings = {name: _run(check) for name, check in _INSTALLATION.items()}
    if data.is_dir():
        findings |= {name: _run(partial(check, data)) for name, check in _DATA.items()}
    else:
        told = f"'{data}' is not there yet: the first crawl or ingest makes it"
        findings["data"] = CheckResult(told, "note")
    return {**findings, "key": _run(partial(check_key, data))}


def _run(check: Callable[[], CheckResult]) -> CheckResult:
    try:
        return check()
    except GongshiError as error:
        return CheckResult(str(error), "problem")
    except OSError as error:
        return CheckResult(f"{error}: check the path and its rights", "problem")
