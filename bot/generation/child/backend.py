"""A writer whose work is done by another process: it never blocks the screen, and a crash costs one batch of texts."""

import os
import threading
import time
import weakref
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice

from bot.generation.backend import Written
from bot.generation.brief import Brief
from bot.generation.brief_json import brief_to_json
from bot.generation.child.process import (
    CLOSED,
    Child,
    LostError,
    Request,
    TakenBackError,
    environment,
    sensible_threads,
)
from db.errors import BackendError, BackendUnavailableError
from db.vocabulary import Json

ENTRY = "bot.generation.child.serve"
AHEAD = 64
"""About how many texts the child may write before the first of them is taken."""

MOST_LOST = 3
"""A process that is lost so often in a row, without one finished request, is left alone for a while."""


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What the child's TransformersBackend is made with; see there for what each means.

    `threads` None leaves half of the usable cores to the model, or what OMP_NUM_THREADS says.
    """

    model: str
    device: str | None = None
    dtype: str | None = None
    allow_download: bool = False
    max_new_tokens: int | None = None
    temperature: float = 0.7
    top_p: float = 0.9
    repetition_penalty: float = 1.0
    batch_size: int = 8
    threads: int | None = None
    structured: bool | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to load the model (`download_s` where it may be fetched), for one batch of texts, for work that is late
    to let go, without work until the memory is given back, and before a writer that failed is tried again.
    """

    start_s: float = 900.0
    download_s: float = 4 * 3600.0
    batch_s: float = 1800.0
    grace_s: float = 20.0
    idle_s: float = 600.0
    retry_s: float = 30.0


USUAL = Patience()


class ChildBackend:
    """Writes with a local language model in a process of its own, which is started when the first text is asked for.

    Texts are the same as those of a TransformersBackend with the same options. Any thread may write, stream, cancel,
    release or close. Closing a generator takes its request back; the model stops at its next token. A process that
    ends takes the texts of its `write` with it, as problems; the next `write` starts another.
    """

    name = "transformers"

    def __init__(self, options: ModelOptions, patience: Patience = USUAL, entry: str = ENTRY) -> None:
        if options.batch_size < 1:
            raise ValueError("a batch holds at least one text")
        self.options = options
        self.patience = patience
        self._entry = entry
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._timer: threading.Timer | None = None
        self._closed = False
        self._lost = 0
        self._refusal: tuple[str, str] = ("", "")
        self._refused_until = 0.0

    @property
    def pid(self) -> int | None:
        """The number of the child process; None where there is none."""
        with self._lock:
            return self._child.pid if self._child is not None and self._child.alive else None

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        """A text for each brief in order; the child writes some 64 ahead.

        Raises BackendUnavailableError where the model cannot be loaded, BackendError where `cancel` was called.
        """
        source, problem = iter(briefs), ""
        size = self.options.batch_size * max(1, AHEAD // self.options.batch_size)
        while chunk := list(islice(source, size)):
            if problem:
                yield from (Written(None, problem=problem) for _ in chunk)
            else:
                problem = yield from self._chunk(chunk)

    def stream(self, brief: Brief) -> Iterator[str]:
        """The text of one brief in pieces as the child writes them; raises BackendError where it fails."""
        with self._asked({"kind": "stream", "brief": brief_to_json(brief)}) as answers:
            for event in answers:
                yield str(event.get("text") or "")

    def cancel(self) -> None:
        """Stop what is being written, from any thread; who waits for it gets a BackendError."""
        with self._lock:
            child = self._child
        if child is not None:
            child.cancel()

    def release(self) -> None:
        """End the child and give its memory back; the next text starts another."""
        with self._lock:
            child, self._child = self._child, None
            if self._timer is not None:
                self._timer.cancel()
        if child is not None:
            child.stop()

    def close(self) -> None:
        """End the child for good; what is asked for later raises BackendUnavailableError."""
        with self._lock:
            self._closed = True
        self.release()

    def _chunk(self, briefs: list[Brief]) -> Generator[Written, None, str]:
        """The texts of some briefs; returns the problem where the process was lost, else nothing."""
        given, problem, lost = 0, "the writer stopped before its last text", ""
        try:
            with self._asked({"kind": "write", "briefs": [brief_to_json(brief) for brief in briefs]}) as answers:
                for event in answers:
                    if given < len(briefs):
                        given += 1
                        yield _written(event)
        except LostError as error:
            problem = lost = error.message
        except (BackendUnavailableError, TakenBackError):
            raise
        except BackendError as error:
            problem = error.message
        for _ in range(len(briefs) - given):
            yield Written(None, problem=problem)
        return lost

    @contextmanager
    def _asked(self, document: Json) -> Iterator[Iterator[Json]]:
        """The answers to a request, which is taken back where they are not all read."""
        child, request = self._ask(document)
        patience = self.patience
        try:
            child.wait_ready(patience.download_s if self.options.allow_download else patience.start_s)
            yield request.answers(patience.batch_s, patience.grace_s)
            self._lost = 0
        except BackendUnavailableError as error:
            self._refuse(child, error)
            raise
        except LostError as error:
            self._lost += not child.closed
            if self._lost >= MOST_LOST:
                self._refuse(child, error)
            raise
        finally:
            request.close()

    def _ask(self, document: Json) -> tuple[Child, Request]:
        """Hand a request to the child, which is started where there is none."""
        with self._lock:
            if self._closed:
                raise BackendUnavailableError(CLOSED, hint="Start mainstay again.")
            if time.monotonic() < self._refused_until:
                message, hint = self._refusal
                raise BackendUnavailableError(message, hint=hint)
            if self._child is None or not self._child.alive:
                self._child = self._started()
            return self._child, self._child.ask(document)

    def _started(self) -> Child:
        threads = self.options.threads
        if threads is None and "OMP_NUM_THREADS" not in os.environ:
            threads = sensible_threads()
        options = {**asdict(self.options), "threads": threads}
        child = Child(self._entry, options, environment(self.options.threads))
        # A writer that is forgotten, or alive at the end of the program, takes its process with it.
        weakref.finalize(self, child.stop)
        self._watch(self.patience.idle_s)
        return child

    def _refuse(self, child: Child, error: BackendError) -> None:
        """Do not try again at once what has just failed: loading takes long, and a campaign would try for each text."""
        with self._lock:
            if not child.closed:
                self._lost = 0
                self._refusal = (error.message, error.hint)
                self._refused_until = time.monotonic() + self.patience.retry_s

    def _watch(self, seconds: float) -> None:
        """Look again after that time whether the child has been idle for too long."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(seconds, _end_if_idle, (weakref.ref(self),))
        self._timer.daemon = True
        self._timer.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            child = self._child
            if child is None or not child.alive:
                return
            left = self.patience.idle_s - child.idle_s
            if left > 0:
                self._watch(max(left, 0.05))
                return
            self._child = None
        child.stop()


def _end_if_idle(backend: "weakref.ref[ChildBackend]") -> None:
    found = backend()
    if found is not None:
        found._end_if_idle()


def _written(event: Json) -> Written:
    """What the child wrote for one brief; an answer that is none is a problem too."""
    text, problem, tokens, seconds = (event.get(name) for name in ("text", "problem", "tokens", "seconds"))
    if not isinstance(text, str) and not isinstance(problem, str):
        problem = "the writer gave nothing"
    return Written(
        text if isinstance(text, str) else None,
        problem=None if isinstance(text, str) else str(problem),
        tokens=tokens if isinstance(tokens, int) else 0,
        seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
    )
