"""Checks that the environment is fit to run in."""

from importlib.metadata import PackageNotFoundError, distribution

from normalize.errors import GongshiError


def check_environment() -> None:
    """Refuse to start beside the distribution `datasets`, whose import name is the same.

    Raises GongshiError. See docs/decisions/0003-the-import-name-datasets.md.

    >>> check_environment()
    """
    try:
        distribution("datasets")
    except PackageNotFoundError:
        return
    raise GongshiError(
        "the Python package 'datasets' is installed in this environment and hides gongshi's own: "
        "run `make` in the checkout, which builds an environment for gongshi alone"
    )
