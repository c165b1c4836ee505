"""`mainstay understand`, `actions` and `serve`: reading what people write, and answering other programs."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.lines import numbered_lines
from bot.cli.options import StoreOption, services
from bot.cli.output import write_jsonl
from db.errors import SettingsError

TOKEN_VARIABLE = "MAINSTAY_ACTIONS_TOKEN"
SHORTEST_TOKEN = 16


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("understand")(understand)
    app.command("actions")(actions)


def understand(
    file: Annotated[Path | None, typer.Option("--file", help="A text file, one message per line.")] = None,
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT...", help="Messages to read.")] = None,
) -> None:
    """Read messages: sentiment, intents, entities and topic, one JSON document per message."""
    from analytics.language.understanding import Understander

    reader = Understander.load_default()
    if text:
        write_jsonl(found.as_json() for found in reader.batch(list(text)))
        return
    for messages in _batches((line for _, line in numbered_lines(file)), 256):
        write_jsonl(found.as_json() for found in reader.batch(messages))


def actions(
    store: StoreOption = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 5055,
) -> None:
    """Serve understanding and the rasa-sdk actions to a Rasa server; loopback unless told otherwise, with a token.

    The token is in MAINSTAY_ACTIONS_TOKEN; without one a new token is made and shown.
    """
    from bot.dialogue.server import serve

    token = os.environ.get(TOKEN_VARIABLE) or None
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise SettingsError(
            f"{TOKEN_VARIABLE} has fewer than {SHORTEST_TOKEN} characters, which can be guessed.",
            hint="Choose a longer one, or unset it: then a new one is made and shown.",
        )
    with services(store) as built:
        serve(built, host=host, port=port, token=token)


def _batches(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
