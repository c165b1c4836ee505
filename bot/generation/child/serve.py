"""The child's side: loads a writer, answers one request after the other, and ends when mainstay does."""

import os
import signal
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import IO

from bot.generation.backend import Backend
from bot.generation.brief_json import brief_from_json
from bot.generation.child.frames import encoded, read_frame
from db.errors import MainstayError
from db.vocabulary import Json

Load = Callable[[Json, Callable[[], bool]], Backend]
"""Makes the writer from its options; the function it is given says whether the text in hand is still wanted."""

POLITENESS = 5
"""Steps of priority below mainstay: a model that uses every core must not make the screen stutter."""


def main() -> None:
    """Serve a local language model; what the parent starts."""
    serve(transformers)


def transformers(options: Json, cancelled: Callable[[], bool]) -> Backend:
    """The writer for any causal language model, loaded. Raises BackendUnavailableError where it cannot be."""
    from bot.generation.transformers_local import TransformersBackend

    backend = TransformersBackend(**options, cancelled=cancelled)
    backend.load()
    return backend


def serve(load: Load) -> None:
    """Answer until the parent closes the pipe; never returns."""
    # Ctrl-C in a terminal reaches every process in it; the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, told = _own_pipes()
    if hasattr(os, "nice"):
        os.nice(POLITENESS)
    inbox = _Inbox(asked)
    threading.Thread(target=inbox.listen, name="mainstay-listen", daemon=True).start()

    def tell(document: Json) -> None:
        told.write(encoded(document))
        told.flush()

    try:
        backend = load(inbox.next()["options"], inbox.cancelled)
    except MainstayError as error:
        tell({"kind": "failed", "message": error.message, "hint": error.hint})
        os._exit(0)
    tell({"kind": "ready"})
    while True:
        _answer(backend, inbox.next(), inbox.cancelled, tell)


class _Inbox:
    """What the parent sends, read while the model computes, so that it can take a request back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._requests: SimpleQueue[Json] = SimpleQueue()
        self._taken_back: set[object] = set()
        self._current: object = None

    def listen(self) -> None:
        """Read until the parent is gone, and then end the process in the middle of whatever it does."""
        try:
            while (message := read_frame(self._stream)) is not None:
                if message.get("kind") == "cancel":
                    self._taken_back.add(message.get("id"))
                else:
                    self._requests.put(message)
        finally:
            os._exit(0)

    def next(self) -> Json:
        """The next request, which becomes the current one; waits for it."""
        self._taken_back.discard(self._current)
        request = self._requests.get()
        self._current = request.get("id")
        return request

    def cancelled(self) -> bool:
        """Whether nobody waits for the current request any more."""
        return self._current in self._taken_back


def _answer(backend: Backend, request: Json, cancelled: Callable[[], bool], tell: Callable[[Json], None]) -> None:
    """The frames of one request; the last one is its end, with the problem where there was one."""
    number, end = request["id"], {"kind": "end", "id": request["id"]}
    try:
        if request["kind"] == "stream":
            for part in backend.stream(brief_from_json(request["brief"])):
                if cancelled():
                    break
                tell({"kind": "piece", "id": number, "text": part})
        elif not cancelled():
            for written in backend.write([brief_from_json(brief) for brief in request["briefs"]]):
                if cancelled():
                    break
                answer = {"text": written.text, "problem": written.problem}
                counts = {"tokens": written.tokens, "seconds": written.seconds}
                tell({"kind": "text", "id": number, **answer, **counts})
    except MainstayError as error:
        end |= {"problem": error.message, "hint": error.hint}
    tell(end)


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for the frames alone: what a library prints goes to standard error."""
    asked, told = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(asked, "rb", buffering=0), os.fdopen(told, "wb")
