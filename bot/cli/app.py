"""The command tree, and the one place where an error becomes a sentence and an exit code."""

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from bot.cli import (
    chatting,
    customers,
    data,
    deciding,
    drafting,
    effects,
    forecasting,
    guarding,
    handoffs,
    jobs,
    listing,
    outcomes,
    policies,
    rasa,
    reporting,
    segments,
    serving,
    simulating,
    store,
    system,
    talking,
    voices,
)
from bot.cli.options import StoreOption
from bot.cli.output import ExitCode, complain, exit_code, is_interactive, write_line
from db.errors import InputError, MainstayError

HELP = """Keep customers: forecast who will leave and why, choose what to offer, draft what to say, prove what worked.

Start with `mainstay demo`, or with your own table: `mainstay import customers FILE --infer`.

Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 try again, 4 partly done, 5 blocked by policy, 130 interrupted.
"""

LONG = frozenset(
    {"train", "score", "decide", "draft", "effects", "voices", "report", "simulate", "import", "evaluate", "policy"}
)
"""Commands that may take minutes; beside them somebody looks at a screen or waits for the reply in a chat."""

app = typer.Typer(
    name="mainstay",
    help=HELP,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    system,
    listing,
    data,
    forecasting,
    deciding,
    drafting,
    outcomes,
    effects,
    policies,
    guarding,
    chatting,
    handoffs,
    talking,
    rasa,
    voices,
    reporting,
    segments,
    simulating,
    serving,
    customers,
    jobs,
    store,
):
    module.register(app)


def _show_version(value: bool) -> None:
    if value:
        try:
            write_line(f"mainstay {version('mainstay')}")
        except PackageNotFoundError:
            write_line("mainstay, run from its source without being installed")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    store_location: StoreOption = None,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Open the terminal UI where there is a terminal, else show the help."""
    if context.invoked_subcommand in LONG:
        from bot.background.priority import step_back

        step_back()  # before the libraries are loaded
    if context.invoked_subcommand is not None:
        source = context.get_parameter_source("store_location")
        if source is not None and source.name == "COMMANDLINE":
            raise InputError("--store comes after the command.", hint="Such as `mainstay score --store FILE`.")
        return
    if is_interactive():
        system.open_tui(store_location)
    else:
        write_line(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns its exit code. Bugs are not caught: they should look like bugs."""
    for stream in (sys.stdout, sys.stderr):
        # What a customer wrote must never end a command because a terminal cannot show it.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(args=list(arguments), prog_name="mainstay")
    except MainstayError as error:
        complain(error)
        return exit_code(error)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else ExitCode.OK
    return ExitCode.OK
