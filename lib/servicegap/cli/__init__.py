"""The command line.

Commands only read their words, call the library and say what came of it. Imports stand inside the
commands, so that help and mistakes answer at once. Exit codes: 0 all well, 1 something failed or
the data have errors, 2 wrong usage.
"""

from __future__ import annotations

import io
import sys

import click

from servicegap.cli import batching, folders, reporting
from servicegap.cli.revealing import reveal
from servicegap.cli.teaching import trainer
from servicegap.cli.workbook import workbook


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="servicegap")
def main() -> None:
    """Find out where an IT support service falls short of what its owners believe."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        # a name that the output has no letters for must not end the work
        sys.stdout.reconfigure(errors="backslashreplace")


for command in (
    *(folders.new, folders.sample, folders.intake, folders.check),
    *(reporting.report, batching.batch, reporting.approve, reporting.forget),
    *(workbook, trainer, reveal),
):
    main.add_command(command)
