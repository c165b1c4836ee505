"""`mainstay chat`, `understand` and `actions`: reading what people write, and answering them."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.lines import numbered_lines, plain_lines
from bot.cli.options import JsonOption, StoreOption, services
from bot.cli.output import is_interactive, say, write_jsonl, write_line
from db.errors import InputError, SettingsError

if TYPE_CHECKING:
    from bot.conversation import Reply

TOKEN_VARIABLE = "MAINSTAY_ACTIONS_TOKEN"
SHORTEST_TOKEN = 16


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("chat")(chat)
    app.command("understand")(understand)
    app.command("actions")(actions)


def chat(
    customer: Annotated[str, typer.Option("--customer", help="The id of the customer who chats.")],
    plain: Annotated[bool, typer.Option("--plain", help="One line in, one reply out.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the customer's open conversation.")] = False,
    transcript: Annotated[Path | None, typer.Option("--transcript", help="Also write the conversation here.")] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Talk as a customer. Without --plain this opens the chat in the terminal UI."""
    if not plain and not json and is_interactive():
        from bot.tui.app import run_app

        run_app(store, customer=customer)
        return
    with services(store) as built:
        from bot.conversation import Chat

        asyncio.run(_chat(Chat(built), customer, resume=resume, json=json, transcript=transcript))


async def _chat(chat: Any, customer: str, *, resume: bool, json: bool, transcript: Path | None) -> None:
    session = chat.open(customer, resume=resume)
    lines = [f"bot: {session.greeting}"]
    if not json:
        write_line(session.greeting)
    for said in plain_lines(sys.stdin.buffer):
        reply = await chat.turn(session, said)
        lines += [f"customer: {said}", f"bot: {reply.text}"]
        if json:
            write_jsonl([_reply_document(reply)])
        else:
            write_line(reply.text)
            sys.stdout.flush()
    if transcript is not None:
        _write_transcript(transcript, lines)


def _reply_document(reply: "Reply") -> dict[str, Any]:
    return {
        "text": reply.text,
        "intent": reply.intent,
        "sentiment": reply.sentiment,
        "actions": reply.actions,
        "slots": reply.slots,
        "decision_id": reply.decision_id,
        "guard": reply.guard,
        "handoff": reply.handoff,
        "conversation_id": reply.conversation_id,
        "turn": reply.turn,
    }


def _write_transcript(path: Path, lines: list[str]) -> None:
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise InputError(f"the transcript cannot be written: {error.strerror}", path=path) from error
    say(f"The transcript is in {path}.")


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
