"""The process of a job: runs its commands one after the other, keeps its folder up to date, and stops when asked."""

import _thread
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from bot.background.folder import END, LOCK, PROGRESS, JobFolder, JobProgress, held
from bot.background.watch import WATCH, Stop, Watch
from db.vocabulary import Progress

LOOK_SECONDS = 0.2
WRITE_SECONDS = 0.2
INTERRUPTED = 130

Run = Callable[[Sequence[str]], int]
"""Runs one command line and returns its exit code."""


def run_job(folder: JobFolder, run: Run) -> int:
    """Run all steps until one fails; returns the exit code that is also written as the job's end.

    A step that is partly done (exit code 4) does not keep the next from running.
    """
    with held(folder.path / LOCK), _interruptible():
        stop, ended = Stop(), threading.Event()
        meter = _Meter(folder)
        token = WATCH.set(Watch(meter.report, stop))
        watcher = threading.Thread(target=_watch, args=(folder, stop, ended), name="stop", daemon=True)
        watcher.start()
        code = 0
        try:
            for place, step in enumerate(folder.request().steps):
                meter.step(place)
                stop.heeded = False
                code = run(step) or code
                if code not in (0, 4) or stop.asked:
                    break
        except KeyboardInterrupt:
            code = INTERRUPTED
        finally:
            ended.set()
            WATCH.reset(token)
            watcher.join()
            folder.write(END, {"code": code, "stopped": stop.asked, "at": time.time()})
    return code


@contextmanager
def _interruptible() -> Iterator[None]:
    """A process that was begun in the background may ignore interrupts; a job that is asked to stop must not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _watch(folder: JobFolder, stop: Stop, ended: threading.Event) -> None:
    """Pass on that somebody asked to stop: politely, then firmly, then at once."""
    heard = 0
    while not ended.wait(LOOK_SECONDS):
        asked = folder.stops_asked()
        if asked <= heard:
            continue
        heard, stop.asked = asked, True
        if asked >= 3:
            folder.write(END, {"code": INTERRUPTED, "stopped": True, "at": time.time()})
            os._exit(INTERRUPTED)
        if asked == 2 or not stop.heeded:
            _thread.interrupt_main(signal.SIGINT)


class _Meter:
    """Turns progress into a document, at most five times a second."""

    def __init__(self, folder: JobFolder) -> None:
        self.folder = folder
        self.place = 0
        self.stage: tuple[str, str] = ("", "")
        self.began = self.written = 0.0
        self.done_before = 0

    def step(self, place: int) -> None:
        """The next command begins."""
        self.place, self.stage = place, ("", "")
        self.folder.write(PROGRESS, asdict(JobProgress(step=place, at=time.time())))

    def report(self, label: str, progress: Progress) -> None:
        """Take note of progress."""
        now = time.monotonic()
        if (label, progress.stage) != self.stage:
            self.stage, self.began, self.written = (label, progress.stage), now, 0.0
            self.done_before = progress.done
        finished = progress.total is not None and progress.done >= progress.total
        if now - self.written < WRITE_SECONDS and not finished:
            return
        self.written = now
        spent, done = now - self.began, progress.done - self.done_before
        rate = done / spent if spent > 0.5 and done > 0 else None
        found = JobProgress(self.place, label, progress.stage, progress.done, progress.total, rate, time.time())
        self.folder.write(PROGRESS, asdict(found))
