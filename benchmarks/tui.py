"""The terminal UI against its bars: first paint in a pty, and a list of 100,000 customers.

    python -m benchmarks.tui [--quick] [--json FILE]

First paint is the time from exec until the line of places and the column titles have come out of a pty, the median
of five runs on a warm disk. The list is timed from the call to the last row on the screen, through the app itself.
"""

import argparse
import asyncio
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SIGN = b"Customer"
NAMES = ("Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Femi", "Greta", "Hiro", "Ines", "Jonas", "Kavya")
LAST = ("Quill", "Okafor", "Lindqvist", "Vance", "Marlow", "Oyelaran", "Achterberg")
BARS = {"first_paint_s": 0.5, "first_rows_s": 1.0, "search_s": 0.5, "sort_s": 0.5, "page_down_s": 0.1, "end_s": 0.1}


def main() -> None:
    """Measure, print a table, write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 customers and three starts")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    customers, starts = (10_000, 3) if options.quick else (100_000, 5)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MAINSTAY_HOME"] = folder
        path = Path(folder) / "many.db"
        fill(path, customers)
        ours = [first_paint(path) for _ in range(starts)]
        floor = [bare_textual() for _ in range(starts)]
        found = {"first_paint_s": _median(ours, 0), **asyncio.run(time_list(path))}
    result = {
        "customers": customers,
        "first_paint_runs": ours,
        "first_paint_processor_s": _median(ours, 1),
        "bare_textual_s": _median(floor, 0),
        "bare_textual_processor_s": _median(floor, 1),
        "bars": BARS,
        **found,
    }
    print(f"{'':<16}{'seconds':>9}{'bar':>7}   ({customers:,} customers)")
    for name, bar in BARS.items():
        verdict = "ok" if found[name] <= bar else "above the bar"
        print(f"{name.removesuffix('_s').replace('_', ' '):<16}{found[name]:>9.3f}{bar:>7.2f}   {verdict}")
    print(
        f"Processor time until the first paint: {_median(ours, 1):.3f} s. A textual program that shows one word: "
        f"{_median(floor, 0):.3f} s by the wall, {_median(floor, 1):.3f} s of processor time."
    )
    if options.json:
        options.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


def _median(runs: list[tuple[float, float]], place: int) -> float:
    return statistics.median(run[place] for run in runs)


def fill(path: Path, customers: int) -> None:
    """A store of that many scored customers."""
    from sqlalchemy import insert

    from db.models import Customer
    from db.repositories.jobs import JobRepository
    from db.repositories.model_versions import ModelRecord, ModelVersionRepository
    from db.repositories.scores import ScoreRepository, ScoreRow
    from db.session import open_store
    from db.vocabulary import JobState, RiskBand

    now = datetime(2026, 3, 2, tzinfo=UTC)
    bands = (RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW)

    with open_store(path) as store, store.write() as session:
        for start in range(0, customers, 10_000):
            session.execute(insert(Customer), [_customer(place, now) for place in range(start, start + 10_000)])
        model = ModelVersionRepository(session).add(ModelRecord(0, "churn", "b1", "00", {}, {}, {}, now))
        job = JobRepository(session).begin("score", {}, now)
        for start in range(0, customers, 10_000):
            scores = [
                ScoreRow(
                    key,
                    (key * 7919 % 1000) / 1000,
                    bands[key % 3],
                    float(key * 104_729 % 5_000),
                    float(key % 900),
                    None,
                )
                for key in range(start + 1, start + 10_001)
            ]
            ScoreRepository(session).add_many(job.id, model, now.date(), scores)
        JobRepository(session).finish(job.id, JobState.DONE, now)


def _customer(place: int, now: datetime) -> dict[str, Any]:
    """A made-up customer by number."""
    from db.vocabulary import CustomerStatus

    return {
        "external_id": f"C{place:07d}",
        "first_name": NAMES[place % 11],
        "last_name": f"{LAST[place % 7]}-{place % 9973}",
        "email": f"c{place}@mail.example",
        "plan": f"Plan {place % 5}",
        "monthly_revenue": 20.0 + place % 60,
        "currency": "EUR",
        "tenure_months": float(place % 70),
        "status": CustomerStatus.ACTIVE,
        "attributes": {},
        "created_at": now,
        "updated_at": now,
    }


def first_paint(path: Path) -> tuple[float, float]:
    """Seconds, by the wall and of processor time, until the first frame of `mainstay tui` is out."""
    return _paint([sys.executable, "-m", "bot", "tui", "--store", str(path)], SIGN)


def bare_textual() -> tuple[float, float]:
    """The same until the smallest textual program shows its word: the floor on this machine."""
    program = (
        "from textual.app import App\nfrom textual.widgets import Static\n"
        "class Bare(App):\n    def compose(self):\n        yield Static('Customer')\nBare().run()"
    )
    return _paint([sys.executable, "-c", program], SIGN)


def _paint(command: list[str], sign: bytes) -> tuple[float, float]:
    began = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    seen = b""
    try:
        while time.perf_counter() - began < 30:
            ready, _, _ = select.select([terminal], [], [], 0.05)
            if ready:
                seen += os.read(terminal, 65_536)
                if sign in seen:
                    spent = time.perf_counter() - began
                    break
        else:
            raise TimeoutError("nothing was painted within 30 s")
    finally:
        os.kill(child, signal.SIGKILL)
        _, _, usage = os.wait4(child, 0)
        os.close(terminal)
    return spent, usage.ru_utime + usage.ru_stime


async def time_list(path: Path) -> dict[str, float]:
    """First rows, search, sort and scrolling, in seconds."""
    from bot.tui.app import MainstayApp
    from bot.tui.desk import Desk
    from bot.tui.screens.customers import CustomersScreen
    from bot.tui.widgets.table import LongTable

    Desk.warm_up = lambda self: None  # type: ignore[method-assign]
    found: dict[str, float] = {}
    app = MainstayApp(str(path))
    began = time.perf_counter()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = app.screen
        assert isinstance(screen, CustomersScreen)
        table = screen.query_one(LongTable)

        async def until(done: Callable[[], bool]) -> None:
            while not (done() and table.keys and not table.missing()):
                await asyncio.sleep(0.002)

        async def timed(name: str, act: Callable[[], Awaitable[object] | None], done: Callable[[], bool]) -> None:
            start = time.perf_counter()
            acted = act()
            if acted is not None:
                await acted
            await until(done)
            found[name] = time.perf_counter() - start

        await until(lambda: True)
        found["first_rows_s"] = time.perf_counter() - began
        everyone = len(table.keys)
        await timed("page_down_s", lambda: table.action_page(1), lambda: True)
        await timed("end_s", lambda: table.action_last(), lambda: table.cursor == everyone - 1)
        first = table.keys[0]
        await timed("sort_s", lambda: screen.sort_by("name"), lambda: table.keys[0] != first)
        field = screen.query_one("#search")
        await timed("search_s", lambda: setattr(field, "value", "marlow-99"), lambda: len(table.keys) < everyone)
        await pilot.pause()
    return found


if __name__ == "__main__":
    main()
