"""Whether the installation is whole: Python, packages, packed files, sources, other programs."""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, metadata, version
from importlib.resources import files

import pyarrow.parquet as pq
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from crawler.browser import check_browser
from crawler.loader import read_sources
from datasets.code_version import read_requirements
from datasets.office import find_converter
from gongshi.check_result import CheckResult
from gongshi.environment import check_environment
from normalize.errors import GongshiError

PACKED_FILES = (
    "aliases.tsv",
    "bigrams.tsv",
    "changes.tsv",
    "earlier_counties.tsv",
    "figures_units.toml",
    "figures_words.toml",
    "han_bands.txt",
    "lunar_festivals.tsv",
    "peoples.txt",
    "place_words.toml",
    "programmes.toml",
    "readings.tsv",
    "script_words.toml",
    "stop_words.txt",
    "succession.tsv",
    "villages.parquet",
)
"""Files of facts that come with the project, in `normalize/data`."""
_MEND = "run `make` in the checkout, which installs what requirements.lock pins"


def check_python() -> CheckResult:
    """Check the version of Python against what the project asks for.

    >>> check_python().verdict
    'ok'
    """
    with _telling_absence():
        wanted = metadata("gongshi")["Requires-Python"]
    if not SpecifierSet(wanted).contains(platform.python_version(), prereleases=True):
        raise GongshiError(
            f"Python is {platform.python_version()}, not {wanted}: install a newer one and run "
            "`make PYTHON=...` in the checkout"
        )
    return CheckResult(f"Python {platform.python_version()}")


def check_foreign_datasets() -> CheckResult:
    """Check that no other distribution hides the package `datasets`.

    >>> check_foreign_datasets().verdict
    'ok'
    """
    check_environment()
    return CheckResult("no other package is called 'datasets'")


def check_packages() -> CheckResult:
    """Check that the distributions which the project needs are installed, and new enough.

    >>> check_packages().verdict
    'ok'
    """
    with _telling_absence():
        needed = read_requirements()
    problems = list(_find_unfit(needed))
    if problems:
        raise GongshiError(f"{', '.join(problems)}: {_MEND}")
    return CheckResult(f"the {len(needed)} packages that gongshi needs are installed")


@contextmanager
def _telling_absence() -> Iterator[None]:
    try:
        yield
    except PackageNotFoundError as error:
        raise GongshiError(f"gongshi runs here without being installed: {_MEND}") from error


def _find_unfit(needed: list[Requirement]) -> Iterator[str]:
    for one in needed:
        try:
            found = version(one.name)
        except PackageNotFoundError:
            yield f"{one.name} is not installed"
            continue
        if not one.specifier.contains(found, prereleases=True):
            yield f"{one.name} is {found}, not {one.specifier}"


def check_packed_files() -> CheckResult:
    """Check that the packed files of facts are there and can be read.

    >>> check_packed_files().message
    '16 files of facts can be read'
    """
    for name in PACKED_FILES:
        packed = files("normalize") / "data" / name
        try:
            with packed.open("rb") as file:
                if name.endswith(".parquet"):
                    pq.ParquetFile(file).close()
                else:
                    file.read().decode("utf-8")
        except (OSError, ValueError) as error:
            raise GongshiError(f"'{packed}' cannot be read ({error}): install gongshi anew") from (
                error
            )
    return CheckResult(f"{len(PACKED_FILES)} files of facts can be read")


def check_sources() -> CheckResult:
    """Check that every source file can be used.

    >>> check_sources().verdict
    'ok'
    """
    declared = read_sources()
    if declared.problems:
        raise GongshiError("; ".join(declared.problems.values()))
    return CheckResult(f"{len(declared.sources)} sources are declared")


def check_browsers() -> CheckResult:
    """Check that sources whose pages a script writes have a browser.

    >>> check_browsers().verdict
    'ok'
    """
    wanting = [source for source in read_sources().sources.values() if source.crawl.browser]
    for source in wanting:
        check_browser(source)
    if not wanting:
        return CheckResult("no source wants one (browser = true)")
    return CheckResult(f"Chromium is there for {', '.join(source.id for source in wanting)}")


def check_converter() -> CheckResult:
    """Check which program converts documents in Word's old formats.

    >>> check_converter().verdict in {"ok", "note"}
    True
    """
    converter = find_converter()
    if converter is not None and converter.reads("rtf"):
        return CheckResult(f"'{converter.path}' converts .doc, .wps and .rtf")
    told = "nothing converts" if converter is None else f"'{converter.path}' reads .doc alone, not"
    return CheckResult(
        f"{told} .doc, .wps and .rtf: install LibreOffice (`apt install libreoffice-writer`) if "
        "lists come in such files",
        "note",
    )
