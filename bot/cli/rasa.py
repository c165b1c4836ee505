"""`mainstay rasa`: the conversation as a Rasa 3.6 project, written out and checked."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import say
from db.errors import InputError

rasa = typer.Typer(no_args_is_help=True, help="The conversation as a Rasa 3.6 project.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(rasa, name="rasa")


@rasa.command("export")
def export(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Write out the Rasa project that the dialogue manager goes by; a Rasa 3.6 server can train and run it."""
    from bot.dialogue.project import files

    written = files.export(folder)
    say(f"{len(written)} files are in {folder}. README.md there says how to run them.")


@rasa.command("check")
def check(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with a Rasa project.")]) -> None:
    """Check that the dialogue manager can go by a project, and that it keeps the customer's rights."""
    from bot.dialogue.project import files

    if not folder.is_dir():
        raise InputError("there is no such folder.", path=folder, hint="Name a folder with domain.yml in it.")
    project = files.load(folder)
    say(
        f"{project.rules} rules, {len(project.domain.intents)} intents, {len(project.domain.slots)} slots: all fine. "
        f"To use it, put it under the name {files.OWN_FOLDER} into the folder that `mainstay config show` calls home."
    )
