"""A turn of conversation: ours in process, without and with the embedded writer, and a real Rasa server's.

    python -m benchmarks.dialogue [--rasa VENV/bin/rasa] [--quick] [--json FILE]

Both sides read the same messages with the same models, run the same actions over the same store and write approved
wording; ours writes with the embedded writer as well. Ours also writes every turn to the store; Rasa keeps its
conversations in memory. A turn takes from the message to the reply, for Rasa through its REST channel on the loopback
address. Measured are the first 20 turns of several
conversations, and the turns after 1,000 in one conversation; a Rasa server's after 100, since its turns grow with the
conversation and the 1,000 would take an hour.
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from analytics.jobs.demo import fill_demo
from benchmarks.rasa_server import action_server, rasa_server
from benchmarks.report import say, show_table, write_json
from bot.conversation import Chat, ChatSession
from bot.settings import Settings
from bot.wiring import Services
from db.queries.customers import CustomerFilter, customer_keys, customer_rows

SAID = (
    "hello",
    "what is my plan?",
    "are you a bot?",
    "until when is it paid?",
    "how are you?",
    "can I get a discount?",
    "no",
    "what happens if I cancel?",
    "thanks",
    "ok",
)
"""Lines that ask for an answer each and end nothing, so that a conversation can go on for ever."""

FIRST = 20
MANY_FOR_RASA = 100
MANY_BYTES = 64_000_000
"""Rasa sends the whole conversation with every call: after many turns that is more than our server usually takes."""

Say = Callable[[str, str], Awaitable[object]]


def main() -> None:
    """Measure, print a table, write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two conversations, and 100 turns instead of 1,000")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="write the same figures to FILE")
    parser.add_argument("--rasa", type=Path, default=None, help="the rasa command of an environment with Rasa 3.6.21")
    options = parser.parse_args()
    conversations, many = (2, 100) if options.quick else (10, 1_000)
    with tempfile.TemporaryDirectory() as folder:
        services = _services(Path(folder))
        customers = _customers(services, 3 * (conversations + 2))
        rows = asyncio.run(_measure(services, customers, conversations, many, options.rasa))
        services.close()
    show_table("milliseconds per turn", rows)
    write_json(options.json, "dialogue", {"turns": rows, "many": many, "conversations": conversations})


def _services(folder: Path) -> Services:
    services = Services(Settings(home=folder, store=str(folder / "dialogue.db"), backend="template"))
    fill_demo(services.store, customers=80, months=6)
    _ = services.understander
    return services


def _customers(services: Services, count: int) -> list[str]:
    with services.store.read() as session:
        rows = customer_rows(session, customer_keys(session, CustomerFilter()))
    return [row.customer_id for row in rows if row.plan and row.monthly_revenue][:count]


async def _measure(
    services: Services, customers: list[str], conversations: int, many: int, rasa: Path | None
) -> list[dict[str, object]]:
    free = iter(customers)
    rows = await _side("mainstay", _our_say(services), free, conversations, many)
    writing = Services(services.settings.model_copy(update={"backend": "embedded"}))
    rows += await _side("mainstay, embedded writer", _our_say(writing), free, conversations, many)
    writing.close()
    if rasa is not None:
        async with action_server(services, MANY_BYTES) as (url, token), rasa_server(rasa, url, token) as server:
            rows += await _side("Rasa server", server.say, free, conversations, min(many, MANY_FOR_RASA))
        ours, theirs = rows[:4], rows[4:] * 2
        rows += [_ratio(mine, rasas) for mine, rasas in zip(ours, theirs, strict=True)]
    return rows


def _our_say(services: Services) -> Say:
    chat = Chat(services)
    sessions: dict[str, ChatSession] = {}

    async def speak(customer: str, text: str) -> object:
        if customer not in sessions:
            sessions[customer] = chat.open(customer)
        return await chat.turn(sessions[customer], text)

    return speak


async def _side(
    name: str, speak: Say, customers: Iterator[str], conversations: int, many: int
) -> list[dict[str, object]]:
    await _time(speak, next(customers), FIRST)  # what is loaded on first use
    first = [spent for _ in range(conversations) for spent in await _time(speak, next(customers), FIRST)]
    rows = [_row(name, f"first {FIRST} turns", first)]
    say(f"{rows[0]}; now {many:,} turns in one conversation")
    last = (await _time(speak, next(customers), many + 5 * FIRST))[many:]
    rows.append(_row(name, f"after {many:,} turns", last))
    say(str(rows[1]))
    return rows


async def _time(speak: Say, customer: str, turns: int) -> list[float]:
    """Milliseconds of each turn of one conversation."""
    found = []
    for text in itertools.islice(itertools.cycle(SAID), turns):
        started = time.perf_counter()
        await speak(customer, text)
        found.append(1_000 * (time.perf_counter() - started))
    return found


def _row(name: str, turns: str, spent: list[float]) -> dict[str, object]:
    return {
        "system": name,
        "turns": turns,
        "p50": round(statistics.median(spent), 2),
        "p99": round(statistics.quantiles(spent, n=100, method="inclusive")[98], 2),
        "n": len(spent),
    }


def _ratio(ours: dict[str, object], theirs: dict[str, object]) -> dict[str, object]:
    shares = {key: round(float(str(theirs[key])) / float(str(ours[key])), 1) for key in ("p50", "p99")}
    turns = f"{ours['turns']}, theirs {theirs['turns']}"
    return {"system": f"times faster: {ours['system']}", "turns": turns, **shares, "n": None}


if __name__ == "__main__":
    main()
