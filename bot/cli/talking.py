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

ACTIONS_TOKEN = "MAINSTAY_ACTIONS_TOKEN"
CHANNEL_TOKEN = "MAINSTAY_CHANNEL_TOKEN"
SHORTEST_TOKEN = 16


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("understand")(understand)
    app.command("actions")(actions)
    app.command("serve")(serve)


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
    from bot.dialogue.server import serve as run

    token = _token(ACTIONS_TOKEN)
    with services(store) as built:
        run(built, host=host, port=port, token=token)


def serve(
    store: StoreOption = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 5005,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="A further name under which the server may be called.")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option("--origin", help="A web page's origin that may open the WebSocket.")
    ] = None,
) -> None:
    """Serve the chat to other programs: Rasa's REST channel and a WebSocket; loopback, with a token.

    The token is in MAINSTAY_CHANNEL_TOKEN; without one a new token is made and shown. Messages go to
    /webhooks/rest/webhook as {"sender", "message"}; the sender is the customer unless `customer` names one.
    """
    from bot.conversation import Chat
    from bot.dialogue.channel import serve_chat

    token = _token(CHANNEL_TOKEN)
    with services(store) as built:
        chat = Chat(built)
        _ = built.understander  # the first customer does not wait for it
        serve_chat(chat, built.now, host=host, port=port, token=token, names=allow_host or (), origins=origin or ())


def _token(variable: str) -> str | None:
    """The token of a server, None where there is none. Raises SettingsError for one that can be guessed."""
    token = os.environ.get(variable) or None
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise SettingsError(
            f"{variable} has fewer than {SHORTEST_TOKEN} characters, which can be guessed.",
            hint="Choose a longer one, or unset it: then a new one is made and shown.",
        )
    return token


def _batches(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
