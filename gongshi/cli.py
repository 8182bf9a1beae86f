"""The command `gongshi`: finds the subcommand, and tells errors in one sentence."""

import importlib
import os
import sys
from typing import Any

import click

from gongshi.environment import check_environment
from normalize.errors import GongshiError

# Summaries stand here so that --help imports none of the commands.
COMMANDS = {
    "demo": (
        "gongshi.commands.demo",
        "Crawl three small sites on this machine and show the result.",
    ),
    "ingest": ("gongshi.commands.ingest", "Take saved pages or WARC files and build the tables."),
    "parse": ("gongshi.commands.parse", "Print the records of saved pages; nothing is stored."),
    "place": ("gongshi.commands.place", "Say which division a name or code means, and why."),
    "crawl": ("gongshi.commands.crawl", "Fetch the pages of sources into WARC."),
    "record": ("gongshi.commands.record", "Fetch one page of a source and keep it as a fixture."),
    "build": ("gongshi.commands.build", "Build the tables from all archived pages."),
    "refresh": ("gongshi.commands.refresh", "Crawl, build and report in one go."),
    "schedule": ("gongshi.commands.schedule", "Print a timer that refreshes sources."),
    "sources": ("gongshi.commands.sources", "List the declared sources."),
    "status": ("gongshi.commands.status", "Show what the data folder holds."),
    "diff": ("gongshi.commands.diff", "Compare two batches, the stages of one, or two snapshots."),
    "trace": ("gongshi.commands.trace", "Show where a row comes from, down to the archived bytes."),
    "report": ("gongshi.commands.report", "Write an HTML report of the tables."),
    "sql": ("gongshi.commands.sql", "Ask the tables in SQL."),
    "export": ("gongshi.commands.export", "Write tables to CSV, Excel, DuckDB or a data package."),
    "gc": ("gongshi.commands.gc", "Remove old snapshots of the tables."),
    "doctor": ("gongshi.commands.doctor", "Check the installation and the data folder."),
}
"""Subcommand -> (module that holds it under the same name, summary)."""

EXAMPLES = """\b
Examples:
  gongshi demo
  gongshi ingest saved_pages/
  gongshi parse page.html --json
  gongshi diff 四川省城乡社区治理试点#2 四川省城乡社区治理试点#3
"""


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all subcommands, in the order of a first day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the subcommand, None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands from the table, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, epilog=EXAMPLES, context_settings={"max_content_width": 100})
@click.version_option(package_name="gongshi")
@click.option("--debug", is_flag=True, envvar="GONGSHI_DEBUG", help="Show tracebacks of errors.")
def gongshi(debug: bool) -> None:  # noqa: ARG001 - main reads it, to know it outside of click
    """公示: turn Chinese announcements of chosen places into Parquet tables.

    Pages come from saved files (ingest) or from declared sources (crawl); every row of the tables
    leads back to the page it was read from.
    """
    check_environment()


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit: 0 fine, 1 differences, 2 usage or failed check, 3 failed fetch."""
    given = arguments if arguments is not None else sys.argv[1:]
    debug = "--debug" in given or bool(os.environ.get("GONGSHI_DEBUG"))
    try:
        result: Any = gongshi.main(arguments, prog_name="gongshi", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("gongshi: stopped; what was fetched and built so far is kept", err=True)
        sys.exit(130)
    except GongshiError as error:
        if debug:
            raise
        click.echo(f"gongshi: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if debug:
            raise
        click.echo(f"gongshi: {error}; check the path, its rights and the free space", err=True)
        sys.exit(2)
    except Exception as error:  # whatever it is, people get a sentence
        if debug:
            raise
        what = f"{type(error).__name__}: {error}"
        click.echo(f"gongshi: unexpected {what}; run it with --debug and report it", err=True)
        sys.exit(2)
    sys.exit(result if isinstance(result, int) else 0)
