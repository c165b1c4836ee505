"""Chat completions from the side that answers: requests are read and checked, answers and errors are put together.

A request may carry a brief in `mainstay_brief` (the object that `brief_to_json` writes); then the writer answers the
brief, and the prompt is for other servers. Without one, only a writer that takes prompts can answer.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.generation.backend import Backend, PromptBackend, Written
from bot.generation.brief import Brief
from bot.generation.brief_json import brief_from_json
from bot.generation.spending import estimated_tokens
from db.errors import InputError, MainstayError
from db.vocabulary import Json

BRIEF_FIELD = "mainstay_brief"
ROLES = ("system", "developer", "user", "assistant")
MOST_MESSAGES = 200
MOST_TOKENS = 100_000


class RequestError(MainstayError):
    """A request that is not answered: an HTTP status, and a type, code and parameter as OpenAI's clients know them."""

    hint = "See the API reference of chat completions."

    def __init__(self, status: int, message: str, *, code: str | None = None, parameter: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.parameter = status, code, parameter

    def as_json(self) -> Json:
        """The error in OpenAI's form."""
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        return {"error": {"message": self.message, "type": kind, "param": self.parameter, "code": self.code}}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be answered: a brief, or the turns of a conversation."""

    brief: Brief | None
    messages: tuple[dict[str, str], ...]
    most_tokens: int | None
    stream: bool
    with_usage: bool


def model_name(backend: Backend) -> str:
    """The name under which a writer is served."""
    return f"mainstay-{backend.name}"


def models_json(backend: Backend) -> Json:
    """The list of models: one."""
    model = {"id": model_name(backend), "object": "model", "created": 0, "owned_by": "mainstay"}
    return {"object": "list", "data": [model]}


def read_request(body: bytes, backend: Backend) -> Asked:
    """The request in a body; raises RequestError, naming the parameter, for one that cannot be answered."""
    document = _document(body)
    model = document.get("model") or model_name(backend)
    if model != model_name(backend):
        raise RequestError(
            404, f"there is no model of that name; there is {model_name(backend)}", code="model_not_found",
            parameter="model",
        )  # fmt: skip
    if document.get("n") not in (None, 1):
        _refuse("n", "one answer to a request is all there is")
    options = document.get("stream_options")
    asked = Asked(
        brief=_brief(document),
        messages=_messages(document.get("messages")),
        most_tokens=_limit(document),
        stream=document.get("stream") is True,
        with_usage=isinstance(options, dict) and options.get("include_usage") is True,
    )
    if asked.brief is None:
        _check_prompt(document, backend)
    return asked


def answer(backend: Backend, asked: Asked) -> Written:
    """The writer's text for a request; raises RequestError with the reason where there is none."""
    if asked.brief is not None:
        written = next(iter(backend.write([asked.brief])), Written(None, "the writer gave nothing"))
    elif isinstance(backend, PromptBackend):
        written = backend.complete(asked.messages, most_tokens=asked.most_tokens)
    else:
        raise _no_prompts(backend)
    if written.text is None:
        raise RequestError(422, written.problem or "the writer gave nothing", code="no_text")
    return written


def usage_json(asked: Asked, tokens: int) -> Json:
    """Tokens of a request (estimated) and of its answer (as the writer counts them)."""
    read = sum(estimated_tokens(message["content"]) for message in asked.messages)
    return {"prompt_tokens": read, "completion_tokens": tokens, "total_tokens": read + tokens}


def completion_json(frame: Json, asked: Asked, written: Written) -> Json:
    """A whole answer; `frame` holds id, time and model."""
    message = {"role": "assistant", "content": written.text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**frame, "object": "chat.completion", "choices": [choice], "usage": usage_json(asked, written.tokens)}


def chunk_json(frame: Json, delta: Json, ended: str | None = None) -> Json:
    """A piece of a streamed answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": ended}
    return {**frame, "object": "chat.completion.chunk", "choices": [choice]}


def _document(body: bytes) -> Json:
    try:
        document = json.loads(body, parse_constant=_not_a_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise RequestError(400, "the body is not JSON") from error
    if not isinstance(document, dict):
        raise RequestError(400, "the body is not a JSON object")
    return document


def _not_a_number(_: str) -> NoReturn:
    raise ValueError("not a number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("too large a number")
    return value


def _brief(document: Json) -> Brief | None:
    found = document.get(BRIEF_FIELD)
    if found is None:
        return None
    try:
        return brief_from_json(found)
    except InputError as error:
        raise RequestError(400, error.message, code="invalid_brief", parameter=BRIEF_FIELD) from error


def _messages(found: Any) -> tuple[dict[str, str], ...]:
    if not isinstance(found, list) or not 0 < len(found) <= MOST_MESSAGES:
        _refuse("messages", f"messages is a list of 1 to {MOST_MESSAGES} turns")
    return tuple(_message(turn) for turn in found)


def _message(turn: Any) -> dict[str, str]:
    if not isinstance(turn, dict) or turn.get("role") not in ROLES:
        _refuse("messages", f"each turn has a role, one of {', '.join(ROLES)}")
    content = turn.get("content")
    if isinstance(content, list):
        content = _joined(content)
    if not isinstance(content, str):
        _refuse("messages", "the content of each turn is text")
    return {"role": "system" if turn["role"] == "developer" else turn["role"], "content": content}


def _joined(parts: Sequence[Any]) -> str | None:
    """The text of a turn that comes in parts; None where one is no text, such as a picture."""
    texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
    spoken = [text for text in texts if isinstance(text, str)]
    return "".join(spoken) if len(spoken) == len(parts) else None


def _limit(document: Json) -> int | None:
    for name in ("max_completion_tokens", "max_tokens"):
        value = document.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_TOKENS:
            _refuse(name, f"{name} is a number from 1 to {MOST_TOKENS:,}")
        return value
    return None


def _check_prompt(document: Json, backend: Backend) -> None:
    """Refuse a prompt that this writer cannot answer as it asks."""
    if not isinstance(backend, PromptBackend):
        raise _no_prompts(backend)
    for name in ("tools", "functions"):
        if document.get(name):
            _refuse(name, "the writer calls no tools")
    form = document.get("response_format")
    if form is not None and (not isinstance(form, dict) or form.get("type") != "text"):
        _refuse("response_format", "the writer gives text in this form only for briefs")


def _no_prompts(backend: Backend) -> RequestError:
    return RequestError(
        400,
        f"the writer {backend.name} answers briefs only: send one in {BRIEF_FIELD}, or serve the transformers writer",
        code="brief_required",
        parameter=BRIEF_FIELD,
    )


def _refuse(parameter: str, message: str) -> NoReturn:
    raise RequestError(400, message, parameter=parameter)
