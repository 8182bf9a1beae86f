"""Meaning and example of record fields, read from the docstrings under them."""

import ast
import inspect
import re
import sys
from functools import cache

EXAMPLE = re.compile(r"\s*Example: `(?P<example>.*)`$", re.DOTALL)


def read_field_doc(record: type, field: str) -> tuple[str, str]:
    """Give meaning and example of a record's field; the example is "" where none is written.

    The convention is a docstring under the field: "Meaning. Example: `x`". Raises KeyError for a
    field without a docstring.

    >>> from extract.listing_records import Unit
    >>> read_field_doc(Unit, "order")
    ("Place in the document's list, from 1.", '18')
    """
    return _class_docs(record.__module__)[record.__name__][field]


def find_example(record: type, field: str) -> str:
    """Give an example of a field, looking at the sister records of its package when it has none.

    Only ids are looked up elsewhere: they mean the same everywhere, other names need not.

    >>> from extract.listing_records import Unit
    >>> find_example(Unit, "doc_id")
    '9f86d081884c7d65'
    """
    example = read_field_doc(record, field)[1]
    if example or not field.endswith("_id"):
        return example
    package = record.__module__.rpartition(".")[0]
    for module in sorted(m for m in sys.modules if m.startswith(f"{package}.")):
        if not module.endswith("records"):
            continue
        for fields in _class_docs(module).values():
            if fields.get(field, ("", ""))[1]:
                return fields[field][1]
    return ""


@cache
def _class_docs(module: str) -> dict[str, dict[str, tuple[str, str]]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: _field_docs(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _field_docs(node: ast.ClassDef) -> dict[str, tuple[str, str]]:
    docs = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                docs[name] = _split(" ".join(text.split()))
    return docs


def _split(text: str) -> tuple[str, str]:
    found = EXAMPLE.search(text)
    if found is None:
        return text, ""
    return text[: found.start()], found["example"]
