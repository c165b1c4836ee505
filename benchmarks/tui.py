"""The terminal UI against its bars: first paint and keys in a pty, and a list of 100,000 customers.

    python -m benchmarks.tui [--quick] [--json FILE]

First paint is the time from exec until the line of places has come out of a pty, the median of five runs on a warm
disk. Keys are timed in a pty from the key to the first byte of what it changes on the screen, alone and while a batch
of letters is drafted and a table imported into the same store by background jobs. The list is timed from the call
to the last row on the screen, through the app itself; searches grow letter by letter, as somebody types. The stall is
the longest time in which the event loop does nothing while the models of the chat are loaded.
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
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.background.folder import JobFolder

SIGN = b"Customer"
NAMES = ("Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Femi", "Greta", "Hiro", "Ines", "Jonas", "Kavya")
LAST = ("Quill", "Okafor", "Lindqvist", "Vance", "Marlow", "Oyelaran", "Achterberg")
BARS = {
    "first_paint_s": 0.5,
    "key_alone_p95_s": 0.05,
    "key_beside_p95_s": 0.05,
    "today_s": 1.0,
    "first_rows_s": 1.0,
    "search_p95_s": 0.1,
    "sort_p95_s": 0.5,
    "page_down_s": 0.1,
    "end_s": 0.1,
    "loading_stall_s": 0.1,
}
TYPED = ("marlow-99", "ada quill", "c0004", "zz", "vance-12", "plan 3", "greta", "hiro-oyelaran")
ORDERS = ("name", "residual_value", "churn_probability", "plan", "tenure_months", "revenue_at_risk")


def main() -> None:
    """Measure, print a table, write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 customers and three starts")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    customers, starts, keys = (10_000, 3, 60) if options.quick else (100_000, 5, 200)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MAINSTAY_HOME"] = folder
        path = Path(folder) / "many.db"
        fill(path, customers)
        ours = [first_paint(path) for _ in range(starts)]
        floor = [bare_textual() for _ in range(starts)]
        found = {
            "first_paint_s": _median(ours, 0),
            **_stall(path),
            **asyncio.run(time_list(path)),
            **time_keys(path, keys),
        }
    result = {
        "customers": customers,
        "first_paint_runs": ours,
        "first_paint_processor_s": _median(ours, 1),
        "bare_textual_s": _median(floor, 0),
        "bare_textual_processor_s": _median(floor, 1),
        "bars": BARS,
        **found,
    }
    print(f"{'':<18}{'seconds':>9}{'bar':>7}   ({customers:,} customers, {os.cpu_count()} cores)")
    for name, bar in BARS.items():
        verdict = "ok" if found[name] <= bar else "above the bar"
        print(f"{name.removesuffix('_s').replace('_', ' '):<18}{found[name]:>9.3f}{bar:>7.2f}   {verdict}")
    print(f"Processor time of a search, p95: {found['search_processor_p95_s']:.3f} s.")
    print(f"Beside the keys {found['drafted']:,.0f} letters were drafted and {found['imported']:,.0f} rows imported.")
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
        decide(session, min(customers, 4_000), now)


def decide(session: "Session", customers: int, now: datetime) -> None:
    """Offer the first customers of a store a discount, so that letters can be drafted to them."""
    from db.repositories.contacts import ContactRepository
    from db.repositories.decisions import DecisionRepository
    from db.repositories.jobs import JobRepository
    from db.repositories.settings import SettingsRepository
    from db.vocabulary import (
        Arm,
        Candidate,
        Channel,
        CompanyProfile,
        ConsentStatus,
        Decision,
        DecisionTerms,
        JobState,
        OfferType,
    )

    SettingsRepository(session).set_company(CompanyProfile("Bench", website="https://bench.example"))
    job = JobRepository(session).begin("decide", {}, now)
    made = []
    for place in range(customers):
        terms = DecisionTerms(f"b{place}", OfferType.DISCOUNT, value=20.0, unit="percent", duration_months=3)
        candidate = Candidate("stay-20", OfferType.DISCOUNT, priority=float(customers - place))
        made.append(
            Decision(
                decision_id=f"b{place}",
                customer_id=f"C{place:07d}",
                decided_on=now.date(),
                channel=Channel.EMAIL,
                arm=Arm.TREATED,
                assignment_probability=0.9,
                offer_code="stay-20",
                terms=terms,
                candidates=(candidate,),
                method="propensity",
                inputs={"customer": {"currency": "EUR"}},
            )
        )
        ContactRepository(session).record_consent(
            f"C{place:07d}", Channel.EMAIL, ConsentStatus.GRANTED, "benchmark", now
        )
    DecisionRepository(session).add_many(job.id, made, now)
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
    """The first screen, first rows, searches, sorting and scrolling, in seconds."""
    from bot.tui.app import MainstayApp
    from bot.tui.desk import Desk
    from bot.tui.screens.customers import CustomersScreen
    from bot.tui.widgets.figure import FigureLine
    from bot.tui.widgets.table import LongTable

    Desk.warm_up = lambda self: None  # type: ignore[method-assign]
    app = MainstayApp(str(path))
    began = time.perf_counter()
    async with app.run_test(size=(120, 36)) as pilot:
        await _until(lambda: bool(app.screen.query(FigureLine)))
        found = {"today_s": time.perf_counter() - began}
        start = time.perf_counter()
        await app.action_go("customers")
        screen = app.screen
        assert isinstance(screen, CustomersScreen)
        table = screen.query_one(LongTable)
        await _until(lambda: bool(table.keys) and not table.missing())
        found["first_rows_s"] = time.perf_counter() - start
        await _until(lambda: screen.count is not None and not any(not one.is_finished for one in app.workers))
        found["roster_s"] = time.perf_counter() - start
        found["page_down_s"] = await _timed(lambda: table.action_page(1), lambda: not table.missing())
        found["end_s"] = await _timed(lambda: table.action_last(), lambda: not table.missing())
        sorts = [await _relisted(screen, partial(screen.sort_by, order)) for order in ORDERS]
        field = screen.query_one("#search")
        searches = [
            await _relisted(screen, partial(setattr, field, "value", text[:size]))
            for text in TYPED
            for size in range(1, len(text) + 1)
        ]
        found["sort_p95_s"] = _p95([wall for wall, _ in sorts])
        found |= {
            "search_p50_s": _median(searches, 0),
            "search_p95_s": _p95([wall for wall, _ in searches]),
            "search_processor_p95_s": _p95([worked for _, worked in searches]),
        }
        await pilot.pause()
    return found


def _stall(path: Path) -> dict[str, float]:
    """The longest stall while the models of the chat are loaded, in a process that has loaded none before."""
    program = f"import asyncio, benchmarks.tui as tui; print(asyncio.run(tui.time_loading({str(path)!r})))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return {"loading_stall_s": float(found)}


async def time_loading(path: str) -> float:
    """The longest time, in seconds, that the event loop does nothing else while the models of the chat are loaded."""
    from bot.tui.app import MainstayApp
    from bot.tui.widgets.figure import FigureLine

    app, late = MainstayApp(path), [0.0]
    async with app.run_test(size=(120, 36)) as pilot:
        await _until(lambda: bool(app.screen.query(FigureLine)))
        loading = asyncio.create_task(app.ask(lambda desk: (desk.services.understander, desk.services.writer)))
        while not loading.done():
            start = time.perf_counter()
            await asyncio.sleep(0.002)
            late.append(time.perf_counter() - start - 0.002)
        await pilot.pause()
    return max(late)


async def _until(done: Callable[[], bool]) -> None:
    while not done():
        await asyncio.sleep(0.002)


async def _timed(act: Callable[[], object], done: Callable[[], bool]) -> float:
    start = time.perf_counter()
    act()
    await _until(done)
    return time.perf_counter() - start


async def _relisted(screen: Any, act: Callable[[], object]) -> tuple[float, float]:
    """Seconds, by the wall and of processor time, until another list stands on the screen.

    It is counted before the next one is asked for.
    """
    before = screen.table.generation
    worked = time.process_time()
    spent = await _timed(act, lambda: screen.table.generation > before + 1 and not screen.table.missing())
    worked = time.process_time() - worked
    await _until(lambda: screen.count is not None)
    return spent, worked


def _p95(runs: list[float]) -> float:
    return sorted(runs)[min(len(runs) - 1, int(0.95 * len(runs)))]


def time_keys(path: Path, keys: int) -> dict[str, float]:
    """Seconds from key to screen in the list of customers, alone and beside a batch of letters and an import."""
    from bot.background.begin import begin
    from bot.settings import Settings

    with Terminal([sys.executable, "-m", "bot", "tui", "--store", str(path)]) as terminal:
        terminal.wait_for(b"palette")
        terminal.rest(2.0)
        terminal.press(b"1")
        terminal.rest(2.0)
        alone = [terminal.press(key) for key in _walk(keys)]
        table = path.with_name("beside.csv")
        rows = "".join(f"N{place},Name{place},{20 + place % 60},{place % 70}\n" for place in range(400_000))
        table.write_text("customer_id,first_name,monthly_revenue,tenure_months\n" + rows, encoding="utf-8")
        settings = Settings(home=path.parent, store=str(path))
        draft = begin(settings, "draft", "Draft letters", [["draft", "--top", "2000"]])
        busy: list[float] = []
        while not _done(path)[0] and draft.look().standing.live:
            terminal.read_for(1.0)
        words = ["import", "customers", str(table), "--infer", "--yes"]
        beside = (draft, begin(settings, "import", "Import customers", [words]))
        while len(busy) < keys and all(one.look().standing.live for one in beside):
            busy += [terminal.press(key) for key in _walk(10)]
        for one in beside:
            _stop(one)
    drafted, imported = _done(path)
    return {
        "key_alone_p50_s": statistics.median(alone),
        "key_alone_p95_s": _p95(alone),
        "key_beside_p50_s": statistics.median(busy),
        "key_beside_p95_s": _p95(busy),
        "keys_beside": float(len(busy)),
        "drafted": float(drafted),
        "imported": float(imported),
    }


def _stop(job: "JobFolder") -> None:
    """Ask a job to stop until it does."""
    while job.look().standing.live:
        job.ask_to_stop()
        time.sleep(0.5)


def _walk(keys: int) -> list[bytes]:
    return [b"j" if place % 20 < 12 else b"k" for place in range(keys)]


def _done(path: Path) -> tuple[int, int]:
    """Letters in the store, and customers that were not in it before."""
    from db.queries.customers import CustomerFilter, count_customers
    from db.repositories.drafts import DraftRepository
    from db.session import open_store

    with open_store(path) as store, store.read() as session:
        drafts = DraftRepository(session).counts()
        return sum(drafts.values()), count_customers(session, CustomerFilter(search="Name", include_churned=True))


class Terminal:
    """A program in a pty: what it writes is read and thrown away."""

    def __init__(self, command: list[str]) -> None:
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execvp(command[0], command)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.terminal)

    def wait_for(self, sign: bytes, seconds: float = 60.0) -> None:
        """Read until a text has come. Raises TimeoutError."""
        seen, end = b"", time.perf_counter() + seconds
        while sign not in seen:
            if time.perf_counter() > end:
                raise TimeoutError(f"{sign!r} has not come within {seconds} s")
            seen += self._read(0.1)

    def rest(self, quiet: float) -> None:
        """Read until nothing has come for so many seconds."""
        while self._read(quiet):
            pass

    def read_for(self, seconds: float) -> None:
        """Read for so long."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def press(self, key: bytes) -> float:
        """Seconds until the screen answers a key; nothing was on its way before."""
        self.rest(0.03)
        start = time.perf_counter()
        os.write(self.terminal, key)
        answer = self._read(5.0)
        return time.perf_counter() - start if answer else 5.0

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self.terminal], [], [], seconds)
        return os.read(self.terminal, 65_536) if ready else b""


if __name__ == "__main__":
    main()
