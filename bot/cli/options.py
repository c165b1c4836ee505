"""Flags that many commands share, and how a command gets its services."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.wiring import Services

StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="Path or SQLAlchemy URL of the store.", envvar="MAINSTAY_STORE", show_envvar=True),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
JsonLinesOption = Annotated[bool, typer.Option("--jsonl", help="Print one JSON document per line.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Makes every random choice repeatable.")]
OutOption = Annotated[Path | None, typer.Option("-o", "--output", help="File or folder to write to.")]
WhereOption = Annotated[
    str, typer.Option("--where", help="An audience, such as 'risk_band = high and monthly_revenue >= 50'.")
]

WRITERS_HELP = "Writer: embedded, template, transformers or openai_compatible."
MODEL_HELP = "Model of the transformers writer, or of the server behind the openai_compatible one."


@contextmanager
def services(store: str | None, **flags: Any) -> Iterator["Services"]:
    """The services that these flags, the environment and the configuration ask for; closed at the end."""
    from bot.settings import load_settings
    from bot.wiring import Services

    built = Services(load_settings(store=store, **flags))
    try:
        yield built
    finally:
        built.close()


def reading_model_of(built: "Services") -> str | None:
    """The language model that has read most messages, the installed one where another has read as many.

    A message that another model read counts as that one did. None where nothing was read.
    """
    from db.queries.reporting import reading_models

    with built.store.read() as session:
        found = reading_models(session)
    installed = built.understander.version if len(found) > 1 else None
    return max(found, key=lambda name: (found[name], name == installed, name), default=None)


def moods_read_by(built: "Services") -> str:
    """By which language models the moods in the store were read, in a sentence; empty where none was."""
    from db.repositories.readers import readers

    with built.store.read() as session:
        found = readers(session, reading_model_of(built))
    return f"Moods are as read by {', else by '.join(found)}." if found else ""


def confirm(question: str, *, yes: bool) -> bool:
    """Ask on stderr unless `--yes` was given; no terminal means no."""
    import sys

    if yes:
        return True
    if not sys.stdin.isatty():
        return False
    return typer.confirm(question, err=True)
