"""The packaged templates: every value is escaped, an unknown name raises."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def load_template(name: str) -> Template:
    """Load a template of this package.

    >>> load_template("trace.html").name
    'trace.html'
    """
    return _load_environment().get_template(name)


@cache
def _load_environment() -> Environment:
    return Environment(
        loader=PackageLoader("datasets", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
