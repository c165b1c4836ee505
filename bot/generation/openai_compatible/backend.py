"""The writer that asks a chat completions server: several briefs at once, texts in order, failures as values."""

import random
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import islice

from bot.generation.backend import Written, pieces
from bot.generation.brief import Brief
from bot.generation.openai_compatible.address import Server
from bot.generation.openai_compatible.pacing import Pace
from bot.generation.openai_compatible.protocol import (
    Answer,
    Dialect,
    Form,
    RefusedError,
    adapted,
    answer_of,
    encoded,
    events_of,
    names_of,
    parts_of,
    request_for,
    without_thoughts,
)
from bot.generation.openai_compatible.transport import MOST_BYTES, MOST_TRIES, Transport
from bot.generation.spending import Spent, estimated_tokens
from bot.generation.structured import email_from
from db.errors import BackendError, BackendUnavailableError
from db.vocabulary import Channel, Json

ENDPOINT, MODELS = "chat/completions", "models"
MOST_DIALECTS = 8
AHEAD = 2
"""Briefs under way for each connection, so that one slow text does not leave the others idle."""

_CUT = {
    "length": "the model used up its tokens before the end of the text",
    "content_filter": "the server's content filter cut the text",
}


class OpenAICompatibleBackend:
    """Writes through `server`.

    What the server understands (structured e-mails, names of parameters) is found out with the first texts and kept.
    An object may be used by several threads. `close` lets go of connections; `spent` is what was used so far.
    """

    name = "openai_compatible"

    def __init__(
        self,
        server: Server,
        *,
        pace: Pace | None = None,
        chance: random.Random | None = None,
        most_tries: int = MOST_TRIES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.server = server
        self._transport = Transport(server, pace=pace, chance=chance, most_tries=most_tries, most_bytes=most_bytes)
        # mainstay reads the brief itself and writes letters as text.
        self._dialect = Dialect(form=Form.TEXT) if server.is_mainstay else Dialect()
        self._model = server.model
        self._spent = Spent()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spent:
        """Tokens and money used by this object so far."""
        with self._lock:
            return self._spent

    @property
    def dialect(self) -> Dialect:
        """What the server has been found to understand."""
        with self._lock:
            return self._dialect

    def close(self) -> None:
        """Let go of the connections; writing opens new ones."""
        self._transport.close()

    def models(self, *, most_tries: int | None = None) -> list[str]:
        """The names of the server's models. Raises BackendError, or BackendUnavailableError where it is not there."""
        return names_of(self._transport.get(MODELS, threading.Event(), most_tries=most_tries))

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        """A text for each brief in order; raises BackendUnavailableError where the server is not to be had."""
        stop = threading.Event()
        if len(briefs) == 1 or self.server.concurrency == 1:
            yield from (self._written(brief, stop) for brief in briefs)
            return
        executor = ThreadPoolExecutor(self.server.concurrency, thread_name_prefix="mainstay-write")
        source = iter(briefs)
        under_way: deque[Future[Written]] = deque()
        try:
            while True:
                free = AHEAD * self.server.concurrency - len(under_way)
                under_way += [executor.submit(self._written, brief, stop) for brief in islice(source, free)]
                if not under_way:
                    return
                yield under_way.popleft().result()
        finally:
            stop.set()
            executor.shutdown(wait=False, cancel_futures=True)

    def stream(self, brief: Brief) -> Iterator[str]:
        """A chat reply as it comes; an e-mail once it is whole, because its parts are read from JSON."""
        if brief.channel is Channel.EMAIL:
            written = self._written(brief, threading.Event())
            if written.text is None:
                raise BackendError(written.problem or "the model wrote nothing")
            yield from pieces(written.text)
            return
        something = False
        for part in _trimmed(without_thoughts(self._streamed(brief))):
            something = True
            yield part
        if not something:
            raise BackendError("the model wrote nothing")

    def _written(self, brief: Brief, stop: threading.Event) -> Written:
        started = time.perf_counter()
        tokens = 0
        try:
            answer = self._ask(brief, stop)
            tokens = answer.tokens_out or 0
            text = _text(brief, answer)
        except BackendUnavailableError:
            raise
        except BackendError as error:
            return Written(None, error.message, tokens, time.perf_counter() - started)
        return Written(text, tokens=tokens, seconds=time.perf_counter() - started)

    def _ask(self, brief: Brief, stop: threading.Event) -> Answer:
        """The server's answer with its tokens counted, after whatever haggling about parameters it needs."""
        model, dialect = self._model_name(stop), self.dialect
        for _ in range(MOST_DIALECTS):
            body = request_for(brief, model, dialect, with_brief=self.server.is_mainstay)
            try:
                answer = answer_of(self._transport.post(ENDPOINT, encoded(body), stop))
            except RefusedError as error:
                dialect = _next(dialect, error, body)
                continue
            self._understood(dialect, body)
            return self._counted(answer, body)
        raise BackendError("the server refuses every form of the request")

    def _streamed(self, brief: Brief) -> Iterator[str]:
        stop = threading.Event()
        model, dialect = self._model_name(stop), self.dialect
        for _ in range(MOST_DIALECTS):
            body = request_for(brief, model, dialect, stream=True, with_brief=self.server.is_mainstay)
            with closing(self._transport.stream(ENDPOINT, encoded(body), stop)) as chunks:
                try:
                    first = next(chunks, b"")
                except RefusedError as error:
                    dialect = _next(dialect, error, body)
                    continue
                self._understood(dialect, body)
                is_whole = first.lstrip().startswith(b"{")  # some servers do not stream, whatever they are asked
                tell = self._told_whole if is_whole else self._told
                yield from tell(_joined(first, chunks), body)
                return
        raise BackendError("the server refuses every form of the request")

    def _told_whole(self, chunks: Iterator[bytes], body: Json) -> Iterator[str]:
        answer = self._counted(answer_of(b"".join(chunks)), body)
        yield answer.text
        if answer.ended in _CUT:
            raise BackendError(_CUT[answer.ended])

    def _told(self, chunks: Iterator[bytes], body: Json) -> Iterator[str]:
        """The texts of a stream; what it used is counted at its end, also where it breaks off."""
        whole = Answer()
        texts: list[str] = []
        try:
            for part in parts_of(events_of(chunks)):
                whole = Answer(
                    ended=part.ended or whole.ended,
                    tokens_in=whole.tokens_in if part.tokens_in is None else part.tokens_in,
                    tokens_out=whole.tokens_out if part.tokens_out is None else part.tokens_out,
                )
                texts.append(part.text)
                if part.text:
                    yield part.text
        finally:
            self._counted(Answer("".join(texts), whole.ended, whole.tokens_in, whole.tokens_out), body)
        if whole.ended in _CUT:
            raise BackendError(_CUT[whole.ended])

    def _model_name(self, stop: threading.Event) -> str:
        """The model in the settings, else the only one that the server has; an Azure deployment is one already."""
        if self._model or self.server.api_version:
            return self._model
        found = names_of(self._transport.get(MODELS, stop))
        if len(found) != 1:
            known = ", ".join(found[:8]) or "none"
            raise BackendUnavailableError(
                f"the server at {self.server.host} has {len(found)} models, and none is chosen",
                hint=f"Set `model` to one of its models: {known}.",
            )
        self._model = found[0]
        return found[0]

    def _understood(self, dialect: Dialect, body: Json) -> None:
        proven = dialect.proven or "response_format" in body
        found = Dialect(dialect.form, proven, dialect.limit_name, dialect.without)
        with self._lock:
            self._dialect = found

    def _counted(self, answer: Answer, body: Json) -> Answer:
        """The answer with its tokens, estimated where the server did not count; added to what was spent."""
        asked = "".join(message["content"] for message in body["messages"])
        tokens_in = estimated_tokens(asked) if answer.tokens_in is None else answer.tokens_in
        tokens_out = estimated_tokens(answer.text) if answer.tokens_out is None else answer.tokens_out
        is_estimated = answer.tokens_in is None or answer.tokens_out is None
        cost = self.server.prices.cost(tokens_in, tokens_out)
        with self._lock:
            self._spent += Spent(1, tokens_in, tokens_out, int(is_estimated), cost)
        return Answer(answer.text, answer.ended, tokens_in, tokens_out)


def _next(dialect: Dialect, error: RefusedError, body: Json) -> Dialect:
    """The dialect to try after a refusal; the refusal again where none is left."""
    found = adapted(dialect, error.refusal, body)
    if found is None:
        raise BackendError(error.message) from error
    return found


def _text(brief: Brief, answer: Answer) -> str:
    """The finished text of an answer; raises BackendError for one that is cut, empty or no e-mail."""
    if answer.ended in _CUT:
        raise BackendError(_CUT[answer.ended])
    text = answer.text.strip()
    if not text:
        raise BackendError("the model wrote nothing")
    return email_from(text).as_text() if brief.channel is Channel.EMAIL else text


def _joined(first: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def _trimmed(parts: Iterable[str]) -> Iterator[str]:
    """The parts without white space at either end of the whole."""
    held, begun = "", False
    for part in parts:
        text = held + (part if begun else part.lstrip())
        begun = begun or bool(text)
        visible = text.rstrip()
        held = text[len(visible) :]
        if visible:
            yield visible
