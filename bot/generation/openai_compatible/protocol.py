"""Chat completions as data: requests, answers, refusals and the events of a stream, without any network.

Everything that comes from a server is untrusted: numbers are checked, texts freed of control characters, messages cut.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.generation.brief import Brief
from bot.generation.brief_json import brief_to_json
from bot.generation.prompts import line, messages_for
from bot.generation.structured import LIMITS
from db.errors import BackendError
from db.vocabulary import Channel, Json

BRIEF_FIELD = "mainstay_brief"
"""The field beside the prompt that carries the whole brief to a server that is mainstay."""

MOST_TOKENS = {Channel.EMAIL: 640, Channel.CHAT: 160}
SUMMARY_TOKENS = 480
THINKING_FACTOR = 4
"""How many times as many tokens a model may use that counts its thoughts among them."""

TEMPERATURE, TOP_P = 0.7, 0.9
MESSAGE_CAP = 200
MOST_COUNTED = 10_000_000

EMAIL_FORM: Json = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in LIMITS},
    "required": list(LIMITS),
    "additionalProperties": False,
}
"""The e-mail schema without lengths, which several servers do not know and then refuse."""

_THOUGHTS = ("<think>", "</think>")


class Form(StrEnum):
    """How a server is asked for the parts of an e-mail, strictest first."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    TEXT = "text"


_LOOSER = {Form.JSON_SCHEMA: Form.JSON_OBJECT, Form.JSON_OBJECT: Form.TEXT}


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server has been found to understand: `proven` once it gave an e-mail in `form`."""

    form: Form = Form.JSON_SCHEMA
    proven: bool = False
    limit_name: str = "max_tokens"
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a server refused a request: its words and the parameter they are about, where it says so."""

    status: int
    message: str = ""
    code: str = ""
    parameter: str = ""


class RefusedError(BackendError):
    """The server refused this request, but perhaps not another."""

    def __init__(self, message: str, refusal: Refusal) -> None:
        super().__init__(message)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, or a piece of one in a stream. Tokens are None where the server did not count them."""

    text: str = ""
    ended: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None


def request_for(brief: Brief, model: str, dialect: Dialect, *, stream: bool = False, with_brief: bool = False) -> Json:
    """The body of a request that asks for the text of a brief."""
    is_email = brief.channel is Channel.EMAIL
    as_json = is_email and dialect.form is not Form.TEXT
    factor = THINKING_FACTOR if dialect.limit_name != "max_tokens" else 1
    most = SUMMARY_TOKENS if brief.purpose == "voices" else MOST_TOKENS.get(brief.channel, MOST_TOKENS[Channel.CHAT])
    body: Json = {
        "messages": messages_for(brief, as_json=as_json),
        dialect.limit_name: most * factor,
        "temperature": TEMPERATURE,
        "top_p": TOP_P,
        "seed": (brief.seed * 31 + len(brief.objections)) % (1 << 31),
        "stream": stream,
    }
    if model:
        body["model"] = model
    if as_json:
        body["response_format"] = _response_format(dialect.form)
    if stream:
        body["stream_options"] = {"include_usage": True}
    if with_brief:
        body[BRIEF_FIELD] = brief_to_json(brief)
    return {name: value for name, value in body.items() if name not in dialect.without}


def _response_format(form: Form) -> Json:
    if form is Form.JSON_OBJECT:
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": "email", "strict": True, "schema": EMAIL_FORM}}


def encoded(body: Json) -> bytes:
    """A request as ASCII JSON; raises BackendError for facts that have no JSON form."""
    try:
        return json.dumps(body, allow_nan=False, default=str).encode("ascii")
    except ValueError as error:
        raise BackendError("the brief holds a number that cannot be sent") from error


def adapted(dialect: Dialect, refusal: Refusal, body: Json) -> Dialect | None:
    """The dialect to try next after a refusal; None where the request itself must be at fault."""
    named = refusal.parameter.split(".")[0]
    if "max_completion_tokens" in refusal.message and dialect.limit_name == "max_tokens":
        return replace(dialect, limit_name="max_completion_tokens")
    if named in {"temperature", "top_p", "seed", "stream_options"} and named in body:
        return replace(dialect, without=dialect.without | {named})
    if "response_format" in body and (named == "response_format" or not dialect.proven):
        return replace(dialect, form=_LOOSER[dialect.form], proven=False)
    if "stream_options" in body and not named:
        return replace(dialect, without=dialect.without | {"stream_options"})
    return None


def refusal_of(status: int, body: bytes, secret: str | None = None) -> Refusal:
    """What the body of an error says, in one short line and without the key, should the server repeat it."""
    document = _loaded(body)
    error = document.get("error", document.get("detail", document.get("message"))) if document else None
    if isinstance(error, list) and error and isinstance(error[0], dict):
        place = error[0].get("loc")
        parameter = place[-1] if isinstance(place, list) and place else ""
        error = {"message": error[0].get("msg"), "param": parameter}
    if not isinstance(error, dict):
        error = {"message": error if isinstance(error, str) else ""}
    said = [error.get(name) for name in ("message", "code", "param")]
    message, code, parameter = (line(part, MESSAGE_CAP) if isinstance(part, str) else "" for part in said)
    if secret:
        message = message.replace(secret, "***")
    return Refusal(status, message, code, parameter)


def answer_of(body: bytes) -> Answer:
    """The text of a whole answer; raises BackendError where there is none."""
    document = _loaded(body)
    if document is None:
        raise BackendError("the server's answer is not JSON")
    choice = _choice(document)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise BackendError("the server's answer holds no message")
    if isinstance(message.get("refusal"), str) and message["refusal"]:
        raise BackendError("the model declined to write this text")
    # Where the prompt opens the thoughts, only their end is in the answer.
    said = _content(message.get("content")).rpartition(_THOUGHTS[1])[2]
    return replace(_counted(document), text="".join(without_thoughts([said])), ended=_ended(choice))


def names_of(body: bytes) -> list[str]:
    """The names of the models that a server lists; raises BackendError where it is no such list."""
    document = _loaded(body)
    models = document.get("data") if document else None
    if not isinstance(models, list):
        raise BackendError("the server's list of models cannot be read")
    return [line(one["id"], MESSAGE_CAP) for one in models if isinstance(one, dict) and isinstance(one.get("id"), str)]


def parts_of(events: Iterable[str]) -> Iterator[Answer]:
    """The pieces of a stream, thoughts included; raises BackendError for an error in it or where it breaks off."""
    finished = False
    for event in events:
        if event.strip() == "[DONE]":
            return
        document = _loaded(event.encode("utf-8", "replace"))
        if document is None:
            raise BackendError("the server's stream holds something that is not JSON")
        if document.get("error"):
            raise BackendError(f"the server broke off: {refusal_of(500, event.encode('utf-8', 'replace')).message}")
        choices = document.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        delta = choice.get("delta")
        part = replace(_counted(document), ended=_ended(choice))
        finished = finished or bool(part.ended)
        yield replace(part, text=_content(delta.get("content"))) if isinstance(delta, dict) else part
    if not finished:
        raise BackendError("the server's stream broke off in the middle of the text")


def events_of(chunks: Iterable[bytes]) -> Iterator[str]:
    """The data of each server-sent event; comments and other fields are left out."""
    held, data = b"", []
    for chunk in chunks:
        *lines, held = (held + chunk).split(b"\n")
        for raw in lines:
            entry = raw.rstrip(b"\r")
            if entry.startswith(b"data:"):
                data.append(entry[5:].removeprefix(b" "))
            elif not entry and data:
                yield b"\n".join(data).decode("utf-8", "replace")
                data = []
    if held.startswith(b"data:"):
        data.append(held[5:].strip())
    if data:
        yield b"\n".join(data).decode("utf-8", "replace")


def without_thoughts(parts: Iterable[str]) -> Iterator[str]:
    """The parts without the thoughts that some models write before their answer, between marks."""
    opening, closing = _THOUGHTS
    held, state = "", "unknown"
    for part in parts:
        if state == "answer":
            yield part
            continue
        held += part
        if state == "unknown":
            begun = held.lstrip()
            if opening.startswith(begun[: len(opening)]) and len(begun) < len(opening):
                continue
            state = "thinking" if begun.startswith(opening) else "answer"
        if state == "thinking":
            before, found, after = held.partition(closing)
            held = after.lstrip() if found else before[-len(closing) :]
            state = "answer" if found else state
        if state == "answer":
            yield held
            held = ""
    if state == "unknown":
        yield held


def clean(text: str) -> str:
    """Text without control characters and halves of characters; line breaks and tabs stay."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in unified if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})


def _loaded(body: bytes) -> Json | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _choice(document: Json) -> Json:
    choices = document.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise BackendError("the server's answer holds no text")
    return choices[0]


def _content(content: Any) -> str:
    """The text of a message, which some servers give in parts."""
    if isinstance(content, str):
        return clean(content)
    if isinstance(content, list):
        texts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"]
        return clean("".join(text for text in texts if isinstance(text, str)))
    return ""


def _ended(choice: Json) -> str:
    reason = choice.get("finish_reason")
    return reason if isinstance(reason, str) else ""


def _counted(document: Json) -> Answer:
    usage = document.get("usage")
    if not isinstance(usage, dict):
        return Answer()
    return Answer(tokens_in=_count(usage.get("prompt_tokens")), tokens_out=_count(usage.get("completion_tokens")))


def _count(value: Any) -> int | None:
    sane = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_COUNTED
    return value if sane else None
