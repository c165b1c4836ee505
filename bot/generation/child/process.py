"""The parent's view of a writer's process: starting it, asking it, hearing how it ended, and ending it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import IO

from bot.generation.child.frames import encoded, read_frame
from db.errors import BackendError, BackendUnavailableError
from db.vocabulary import Json

PROGRAM = (
    "import sys; from importlib import import_module; name = sys.argv[1]; sys.path[:] = sys.argv[2:]; "
    "import_module(name).main()"
)
"""What the child runs: it finds modules where its parent does, and nowhere else."""

TOLD = frozenset({"text", "piece"})
"""The frames that carry something written."""

CLOSED = "the writer was closed"
_LINES, _LINE, _SAID = 20, 1000, 200
_HINT = "Choose a smaller model or another writer; `mainstay doctor` shows the state of the writer."


class LostError(BackendError):
    """The process ended, or was ended, before it had answered."""


class TakenBackError(BackendError):
    """Somebody cancelled what was asked for."""


class Child:
    """A running process. Any number of threads may ask; it answers one request after the other.

    `entry` names a module with a function `main` that serves. Raises BackendUnavailableError where the process cannot
    be started at all.
    """

    def __init__(self, entry: str, options: Json, environment: Mapping[str, str]) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", PROGRAM, entry, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
            )
        except OSError as error:
            raise BackendUnavailableError(f"the writer's process cannot be started: {error.strerror}") from error
        self._ended_by_us = ""
        self._gone: str | None = None
        self._failure: tuple[str, str | None] | None = None
        self._settled = threading.Event()
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._answers: dict[int, SimpleQueue[Json]] = {}
        self._number = 0
        self._turn = time.monotonic()
        self._said: deque[str] = deque(maxlen=_LINES)
        self._overhearing = threading.Thread(target=self._overhear, name="mainstay-writer-errors", daemon=True)
        self._listening = threading.Thread(target=self._listen, name="mainstay-writer-answers", daemon=True)
        self._overhearing.start()
        self._listening.start()
        self._send(encoded({"kind": "start", "options": options}))

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._gone is None and self._process.poll() is None

    @property
    def idle_s(self) -> float:
        """Seconds since it last had something to do."""
        with self._lock:
            return 0.0 if self._answers or not self._settled.is_set() else time.monotonic() - self._turn

    def wait_ready(self, limit_s: float) -> None:
        """Return once the writer is loaded; raises BackendUnavailableError with the child's own reason."""
        if not self._settled.wait(limit_s):
            self.stop(f"the writer was not ready within {limit_s:.0f} s")
        if self._failure is not None:
            message, hint = self._failure
            self.stop(message)  # it ends by itself, but later
            raise BackendUnavailableError(message, hint=hint)

    def ask(self, document: Json) -> "Request":
        """Hand in a request; it is worked on when those before it are done."""
        answers: SimpleQueue[Json] = SimpleQueue()
        with self._lock:
            self._number += 1
            number = self._number
            frame = encoded({**document, "id": number})
            if not self._answers:
                self._turn = time.monotonic()
            if self._gone is None:
                self._answers[number] = answers
            else:
                answers.put({"kind": "gone"})
        self._send(frame)
        return Request(self, number, answers)

    def take_back(self, number: int) -> None:
        """Nobody waits for that request any more: the process stops at its next token."""
        with self._lock:
            known = self._answers.pop(number, None)
        if known is not None:
            self._send(encoded({"kind": "cancel", "id": number}))

    def cancel(self) -> None:
        """Take back every request; those who wait for them get a TakenBackError at once."""
        with self._lock:
            waiting = dict(self._answers)
        for number, answers in waiting.items():
            self.take_back(number)
            answers.put({"kind": "cancelled"})

    @property
    def closed(self) -> bool:
        """Whether the process was ended because nobody needs it any more, and not for a fault of its own."""
        return self._gone == CLOSED

    def stop(self, reason: str = CLOSED) -> None:
        """End the process and wait until it is gone. Memory and GPU are given back; safe to call again."""
        self._ended_by_us = self._ended_by_us or reason
        self._process.kill()
        if threading.current_thread() is not self._listening:
            self._listening.join()

    def why(self) -> str:
        """How the process ended, in a sentence."""
        return self._gone or CLOSED

    def late(self, limit_s: float) -> bool:
        """Whether the process has been at one piece of work for longer than that."""
        return time.monotonic() - self._turn >= limit_s

    def left_s(self, limit_s: float) -> float:
        """Seconds that remain of that time for the work in hand."""
        return max(0.0, self._turn + limit_s - time.monotonic())

    def _send(self, frame: bytes) -> None:
        """Where the pipe is broken, the listening thread finds out why."""
        stream = self._process.stdin
        assert stream is not None
        with self._writing, suppress(OSError, ValueError):
            stream.write(frame)
            stream.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        with stream, suppress(OSError):
            try:
                while (message := read_frame(stream)) is not None:
                    self._take(message)
            except BackendError as error:
                self.stop(error.message)
        self._bury()

    def _take(self, message: Json) -> None:
        kind = message.get("kind")
        self._turn = time.monotonic()
        if kind == "ready":
            self._settled.set()
        elif kind == "failed":
            self._failure = (_clean(message.get("message")), _clean(message.get("hint")) or None)
            self._settled.set()
        else:
            with self._lock:
                number = message.get("id")
                answers = self._answers.get(number) if isinstance(number, int) else None
                if answers is not None:
                    answers.put(message)
                if answers is not None and kind == "end":
                    del self._answers[message["id"]]

    def _bury(self) -> None:
        """Take note of how it ended, and tell everybody who waits."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._overhearing.join(timeout=1)
        with self._lock:
            self._gone = self._ended_by_us or _how_it_ended(code, self._said)
            waiting, self._answers = self._answers, {}
        if not self._settled.is_set():
            self._failure = (self._gone, _HINT)
            self._settled.set()
        for answers in waiting.values():
            answers.put({"kind": "gone"})
        stream = self._process.stdin
        assert stream is not None
        with self._writing, suppress(OSError):
            stream.close()

    def _overhear(self) -> None:
        stream: IO[bytes] | None = self._process.stderr
        assert stream is not None
        with stream:
            while line := stream.readline(_LINE):
                self._said.append(line.decode("utf-8", "replace"))


class Request:
    """What was asked for; iterating gives the frames with something written, in order."""

    def __init__(self, child: Child, number: int, answers: SimpleQueue[Json]) -> None:
        self._child, self._number, self._answers = child, number, answers

    def answers(self, limit_s: float, grace_s: float) -> Iterator[Json]:
        """The frames as they come.

        Raises BackendError with the child's reason where it failed, LostError where it ended or took longer than
        `limit_s` for one batch, TakenBackError where the request was cancelled. A process that does not let go of late
        work within `grace_s` is ended.
        """
        while True:
            event = self._next(limit_s)
            kind = event.get("kind")
            if kind in TOLD:
                yield event
            elif kind == "end" and event.get("problem") is None:
                return
            elif kind == "end":
                raise BackendError(_clean(event["problem"]), hint=_clean(event.get("hint")) or None)
            elif kind == "late":
                reason = f"the writer took longer than {limit_s:.0f} s"
                self._give_up(grace_s, reason)
                raise LostError(reason)
            elif kind == "cancelled":
                raise TakenBackError("the writing was cancelled", hint="")
            else:
                raise LostError(self._child.why())

    def close(self) -> None:
        """Take the request back unless it has been answered."""
        self._child.take_back(self._number)

    def _next(self, limit_s: float) -> Json:
        """The next frame, or that the work in hand is late."""
        while True:
            try:
                # Other requests' work may have begun since; then this one's time has not run out.
                return self._answers.get(timeout=self._child.left_s(limit_s) + 0.01)
            except Empty:
                if self._child.late(limit_s):
                    return {"kind": "late"}

    def _give_up(self, grace_s: float, reason: str) -> None:
        """Take late work back; a process that goes on all the same is ended."""
        self.close()
        probe = self._child.ask({"kind": "write", "briefs": []})
        try:
            probe._answers.get(timeout=grace_s)
        except Empty:
            self._child.stop(reason)
        finally:
            probe.close()


def environment(threads: int | None) -> dict[str, str]:
    """The child's environment: so many threads for arithmetic; for None what the user set, else a sensible number."""
    count = str(threads or sensible_threads())
    asked = {"OMP_NUM_THREADS": count, "MKL_NUM_THREADS": count}
    usual = {**asked, "TOKENIZERS_PARALLELISM": "false"}
    return {**usual, **os.environ, **(asked if threads else {}), "PYTHONIOENCODING": "utf-8"}


def sensible_threads() -> int:
    """Half the cores that this process may use: logical cores come in pairs, and the screen needs one too."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, usable // 2)


def _how_it_ended(code: int, said: deque[str]) -> str:
    lines = [line for entry in said if (line := _clean(entry))]
    last = f": {lines[-1]}" if lines else ""
    if code >= 0:
        return f"the writer's process ended with code {code}{last}"
    names = {number.value: number.name for number in signal.Signals}
    name = names.get(-code, f"signal {-code}")
    cause = ", perhaps for want of memory" if name == "SIGKILL" else ""
    return f"the writer's process was ended by {name}{cause}{last}"


def _clean(said: object) -> str:
    """One short line without control characters, whoever wrote it."""
    text = said if isinstance(said, str) else ""
    seen = "".join(sign if sign.isprintable() else " " for sign in text[:_LINE])
    return " ".join(seen.split())[:_SAID]
