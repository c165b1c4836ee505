"""`mainstay chat`, `understand`, `guard` and `actions`: reading what people write, and answering them."""

import asyncio
import json as json_library
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import JsonOption, StoreOption, services
from bot.cli.output import is_interactive, say, write_json, write_jsonl, write_line
from db.errors import InputError

if TYPE_CHECKING:
    from bot.conversation import Reply

MAX_LINE = 1_000_000


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("chat")(chat)
    app.command("understand")(understand)
    app.command("actions")(actions)
    group = typer.Typer(help="The guard that every draft and reply passes.", no_args_is_help=True)
    group.command("check")(guard_check)
    group.command("rules")(guard_rules)
    app.add_typer(group, name="guard")


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
    for said in _lines(sys.stdin.buffer):
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
    for messages in _batches((line for _, line in _numbered(file)), 256):
        write_jsonl(found.as_json() for found in reader.batch(messages))


def guard_check(
    file: Annotated[Path, typer.Option("--file", help="JSON lines of {facts, decision, text, channel}; - is stdin.")],
) -> None:
    """Check texts against facts and decisions; prints {verdict, findings} for each line."""
    from bot.generation.guard import check_json

    refused = 0
    for number, line in _numbered(file):
        try:
            document = json_library.loads(line)
        except ValueError as error:
            raise InputError(f"this is not JSON: {error}", path=file, line=number) from error
        try:
            found = check_json(document)
        except InputError as error:
            raise InputError(str(error), path=file, line=number, hint=error.hint) from error
        refused += found["verdict"] == "refuse"
        write_jsonl([found])
    say(f"{refused:,} refused.")


def guard_rules(json: JsonOption = False) -> None:
    """List every ground for which a text is refused."""
    from dataclasses import asdict

    from bot.generation.guard.rules import RULES

    if json:
        write_json([asdict(rule) for rule in RULES.values()])
    else:
        for rule in RULES.values():
            write_line(f"{rule.kind}: {rule.name}: {rule.message}")


def actions(
    store: StoreOption = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 5055,
) -> None:
    """Serve the rasa-sdk actions to a Rasa server; loopback unless told otherwise, with a token."""
    from bot.dialogue.server import serve

    with services(store) as built:
        serve(built, host=host, port=port)


def _numbered(file: Path | None) -> Iterator[tuple[int, str]]:
    """The lines of a file, or of standard input, that are not blank, with their numbers from 1."""
    if file is None or str(file) == "-":
        if file is None and sys.stdin.isatty():
            raise InputError("There is nothing to read.", hint="Give texts, --file LINES, or pipe lines in.")
        yield from _lines_with_numbers(sys.stdin.buffer)
        return
    try:
        with file.open("rb") as stream:
            yield from _lines_with_numbers(stream)
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", path=file) from error


def _lines(stream: Any) -> Iterator[str]:
    """The lines that are not blank."""
    return (text for _, text in _lines_with_numbers(stream))


def _lines_with_numbers(stream: Any) -> Iterator[tuple[int, str]]:
    """Lines without their ends, decoded as UTF-8 with a mark for what is not; very long ones are read in parts."""
    number = 1
    encoding = "utf-8-sig"  # some programs mark the beginning of a file
    while raw := stream.readline(MAX_LINE):
        text = raw.decode(encoding, errors="replace").rstrip("\r\n")
        encoding = "utf-8"
        if text.strip():
            yield number, text
        number += raw.endswith(b"\n")


def _batches(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
