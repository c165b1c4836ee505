"""`mainstay report`: the churn report as a page, as text, as JSON, as a workbook."""

import sys
from typing import Annotated, Literal

import typer

from bot.cli.options import OutOption, StoreOption, services
from bot.cli.output import say, write_json, write_line

FormName = Literal["html", "text", "json", "xlsx"]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("report")(report)


def report(
    form: Annotated[FormName | None, typer.Option("--format", help="What to write; text by default.")] = None,
    output: OutOption = None,
    with_names: Annotated[bool, typer.Option("--with-names", help="Name customers; off by default.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite/--no-overwrite", help="Replace an existing file.")] = True,
    json: Annotated[bool, typer.Option("--json", help="JSON on stdout: the report, or where it lies.")] = False,
    store: StoreOption = None,
) -> None:
    """Say who may leave, what that costs, what to do, and how far the forecast can be trusted.

    Text and JSON go to stdout unless -o names a file; a page and a workbook need one or get one in the exports folder.
    """
    from bot.reporting import render_report, write_report

    form = form or ("json" if json else "text")
    with services(store) as built:
        if output is None and (form == "json" or (form == "text" and not json)):
            sys.stdout.write(render_report(built, form, with_names=with_names))
            return
        target = output or built.settings.exports_folder / f"churn-report-{built.now():%Y-%m-%d}.{form}"
        written = write_report(built, target, form, with_names=with_names, overwrite=overwrite)
    if json:
        write_json({"path": written, "format": form, "with_names": with_names})
    else:
        write_line(str(written))
    say("Names are in it; keep it safe." if with_names else "No customer is named in it (see --with-names).")
