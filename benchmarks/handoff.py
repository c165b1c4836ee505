"""Hand-off: how many customers who ask for a person get one at once, and how many get one who did not ask.

The phrasings lie with the tests and never take part in training; stock phrases that training has as well are left out.
Rules and thresholds were mended in the light of one pair of files; another pair, by two other hands, is kept apart, and
is what counts. Its texts are not shown.
"""

import asyncio
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analytics.evaluation.shares import wilson_interval
from analytics.jobs.demo import fill_demo
from analytics.language.training.texts import wish_examples
from benchmarks.report import parse_arguments, say, show_table, write_json
from bot.conversation import Chat
from bot.settings import Settings
from bot.wiring import Services
from db.queries.customers import CustomerFilter, customer_keys, customer_rows

PHRASINGS = Path(__file__).resolve().parents[1] / "tests" / "bot" / "dialogue" / "spoken"
WANTED, NOT_WANTED = "wants_a_person", "wants_no_person"
APART_WANTED, APART_NOT_WANTED = f"kept_apart_{WANTED}", f"kept_apart_{NOT_WANTED}"
TITLES = {
    APART_WANTED: "Kept apart, asks for a person: recall",
    APART_NOT_WANTED: "Kept apart, does not: false hand-offs",
    WANTED: "Worked on, asks for a person: recall",
    NOT_WANTED: "Worked on, does not: false hand-offs",
}
ASKED = "asked"
"""The reason of a hand-off because a wish for a person was heard; others are anger and somebody else's contract."""

_CUSTOMERS, _MONTHS = 40, 12
_QUICK = 5
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one phrasing as the first message of a conversation; `reason` is None without a hand-off."""

    kind: str
    text: str
    reason: str | None


def phrasings(name: str) -> dict[str, list[str]]:
    """The phrasings of a file by the kind of voice, without those that training, or work on the rules, knows."""
    known = {words(example.text) for example in wish_examples()}
    if name in (APART_WANTED, APART_NOT_WANTED):
        worked_on = (_read(other) for other in (WANTED, NOT_WANTED))
        known |= {words(text) for kinds in worked_on for lines in kinds.values() for text in lines}
    return {kind: [text for text in lines if words(text) not in known] for kind, lines in _read(name).items()}


def _read(name: str) -> dict[str, list[str]]:
    kinds: Mapping[str, str] = yaml.safe_load((PHRASINGS / f"{name}.yaml").read_text(encoding="utf-8"))
    return {kind: lines.splitlines() for kind, lines in kinds.items()}


def words(text: str) -> str:
    """The words of a text alone: no case, no punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def answers(services: Services, customer_id: str, said: Mapping[str, Sequence[str]]) -> list[Answered]:
    """Every phrasing said at the start of a conversation of its own."""
    chat = Chat(services)

    async def answered(kind: str, text: str) -> Answered:
        reply = await chat.turn(chat.open(customer_id), text)
        return Answered(kind, text, reply.slots["handoff_reason"] if reply.handoff else None)

    async def every() -> list[Answered]:
        return [await answered(kind, text) for kind, texts in said.items() for text in texts]

    return asyncio.run(every())


def share(found: Sequence[Answered]) -> Row:
    """How many were handed off because they asked: hits, total, share and its 95 % Wilson interval."""
    hits = sum(answer.reason == ASKED for answer in found)
    low, high = wilson_interval(hits, len(found))
    return {"asked": hits, "of": len(found), "share": hits / len(found), "low": low, "high": high}


def table(found: Sequence[Answered]) -> list[Row]:
    """The share for each kind and for all, with hand-offs for another reason beside it."""
    kinds = {kind: [answer for answer in found if answer.kind == kind] for kind in dict.fromkeys(a.kind for a in found)}
    return [{"kind": kind, **share(those), **_others(those)} for kind, those in {**kinds, "all": list(found)}.items()]


def _others(found: Sequence[Answered]) -> Row:
    reasons = Counter(answer.reason for answer in found if answer.reason not in (None, ASKED))
    return {"other reasons": ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())) or "-"}


def main(argv: Sequence[str] | None = None) -> None:
    """Print the tables: recall among those who ask, false hand-offs among those who do not."""
    arguments = parse_arguments(__doc__ or "", argv)
    results: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as folder:
        services = Services(Settings(home=Path(folder), store=str(Path(folder) / "demo.db")))
        try:
            fill_demo(services.store, customers=_CUSTOMERS, months=_MONTHS)
            customer_id = first_customer(services)
            for name, title in TITLES.items():
                said = phrasings(name)
                if arguments.quick:
                    said = {kind: texts[::_QUICK] for kind, texts in said.items()}
                results[name] = table(answers(services, customer_id, said))
                show_table(title, results[name])
        finally:
            services.close()
    say()
    write_json(arguments.json, "handoff", results)


def first_customer(services: Services) -> str:
    """A customer of the store who still is one."""
    with services.store.read() as session:
        rows = customer_rows(session, customer_keys(session, CustomerFilter()))
    return next(row.customer_id for row in rows if row.plan and row.monthly_revenue)


if __name__ == "__main__":
    main()
