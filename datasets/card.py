"""The card of a dataset: a README that people read and the Hugging Face Hub reads too."""

import json
from collections.abc import Mapping, Sequence

from datasets.codebook import list_columns
from datasets.export_package import DEFUSED, FileFormat, Resource

FIRST = "units"
"""The table that is shown when nobody says which."""

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
"""Size categories of the Hub: fewer rows than the number, name."""

LARGEST = "n>1M"

INTRODUCTION = """# 公示: lists of chosen places

Places that Chinese authorities name in announcements (试点, 示范, 名录), batch after batch, with
the figures of these pages and what citizens answer in forums. Made by gongshi; every row leads back
to the page it was read from (`doc_id`, then `documents.url`).
"""

READING = """## Reading it

* To count units, take the rows of `units` whose `duplicate_of` is missing.
* Ids are 16 hexadecimal digits, codes are texts: read them as texts. Lists are joined with ` / `.
  Times are at +08:00. Spans are code points, end exclusive.
"""

PRIVACY: Mapping[str, str] = {
    "full": """## Privacy

This is the full profile: it holds the texts of replies, and **texts can re-identify people**
who are searched for by their words. Usernames are keyed hashes. Do not publish it as it is;
`gongshi export --profile public` makes an export that may be.
""",
    "public": """## Privacy

This is the public profile: replies have no text, author, floor or hour, and their ids are aliases
that nobody can compute from the forum. What is left out is listed in the codebook. A thread with
few replies a day can still lead to them, and its address to who opened it: do not use it for that.
""",
}


def write_card(about: Mapping[str, str], resources: Sequence[Resource], format: FileFormat) -> str:
    """Write the card of an export in Markdown, with `configs:` for each table in its head.

    `about` has the snapshot and the profile, and the batch when the export is of one.

    >>> write_card({"snapshot": "s", "profile": "full"}, [], "csv").splitlines()[0]
    '---'
    """
    return "\n".join(
        [
            _head(resources),
            INTRODUCTION,
            _say_what(about),
            _list_tables(resources),
            READING + (f"* {DEFUSED}\n" if format == "csv" else ""),
            _show_reading(resources, format),
            PRIVACY[about["profile"]],
            *(_explain(resource) for resource in resources),
        ]
    )


def _head(resources: Sequence[Resource]) -> str:
    names = [resource.table.name for resource in resources]
    first = FIRST if FIRST in names else next(iter(names), "")
    lines = [
        "---",
        "pretty_name: 公示",
        "language:",
        "- zh",
        "size_categories:",
        f"- {_size(resources)}",
    ]
    if resources:
        lines.append("configs:")
    for resource in resources:
        lines += [
            f"- config_name: {resource.table.name}",
            f"  data_files: {json.dumps(resource.file)}",
        ]
        if resource.table.name == first:
            lines.append("  default: true")
    return "\n".join([*lines, "---", ""])


def _size(resources: Sequence[Resource]) -> str:
    rows = sum(resource.rows for resource in resources)
    return next((name for limit, name in SIZES if rows < limit), LARGEST)


def _say_what(about: Mapping[str, str]) -> str:
    batch = f" Only rows of the batch `{about['batch_id']}`." if "batch_id" in about else ""
    return f"Snapshot `{about['snapshot']}`, profile `{about['profile']}`.{batch}\n"


def _list_tables(resources: Sequence[Resource]) -> str:
    lines = ["| table | rows | one row is |", "|---|---|---|"]
    for resource in resources:
        meaning = resource.table.meaning.replace("|", "\\|")
        lines.append(
            f"| [`{resource.table.name}`]({resource.file}) | {resource.rows:,} | {meaning} |"
        )
    return "\n".join([*lines, ""])


def _show_reading(resources: Sequence[Resource], format: FileFormat) -> str:
    if not resources:
        return ""
    names = [resource.table.name for resource in resources]
    shown = resources[names.index(FIRST) if FIRST in names else 0]
    texts = {c.name: "str" for c in shown.table.columns if c.kind == "string"}
    dtype = f", dtype={json.dumps(texts)}" if format == "csv" else ""
    return (
        "```python\nimport pandas as pd\n\n"
        f'{shown.table.name} = pd.read_{format}("{shown.file}"{dtype})\n```\n'
    )


def _explain(resource: Resource) -> str:
    table = resource.table
    return "\n".join([f"## {table.name}", "", table.meaning, "", *list_columns(table.columns), ""])
