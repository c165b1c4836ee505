"""Conversations with a small real company: a copy of the store for each test, the language model loaded once."""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from analytics.jobs.demo import fill_demo
from analytics.language.understanding import Understander
from bot.conversation import Chat, ChatSession, Reply
from bot.settings import Settings
from bot.wiring import Services
from db.queries.customers import CustomerFilter, customer_keys, customer_rows
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.session import Store, open_store
from db.vocabulary import Arm, Channel, Decision, DecisionTerms, OfferType, OutcomeKind, SuppressionReason

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
TODAY = NOW.date()

DISCOUNT = DecisionTerms(
    "dec-discount",
    OfferType.DISCOUNT,
    value=20,
    unit="percent",
    currency="EUR",
    applies_to="your plan",
    duration_months=3,
    price=29.9,
    price_during=23.92,
    valid_until=TODAY + timedelta(days=14),
)
PAUSE = DecisionTerms("dec-pause", OfferType.PAUSE, duration_months=2, valid_until=TODAY + timedelta(days=14))
CONTACT = DecisionTerms(
    "dec-contact",
    OfferType.CONTACT,
    who="a service engineer",
    topic="your connection",
    valid_until=TODAY + timedelta(days=14),
)


@cache
def understander() -> Understander:
    return Understander.load_default()


@dataclass
class Talks:
    """A company whose customers chat; `customer` is the one who does unless said otherwise."""

    services: Services
    customer: str
    session: ChatSession | None = None
    replies: list[Reply] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.services.store

    def decide(
        self,
        terms: DecisionTerms = DISCOUNT,
        *,
        arm: Arm = Arm.TREATED,
        blocked_by: str | None = None,
        decided_on: date = TODAY,
    ) -> None:
        decision = Decision(
            terms.decision_id, self.customer, decided_on, Channel.EMAIL, arm, 0.9, "offer", terms, (), "test",
            blocked_by=blocked_by,
        )  # fmt: skip
        with self.store.write() as session:
            DecisionRepository(session).add_many(None, [decision], NOW)

    def suppress(self, reason: SuppressionReason = SuppressionReason.OPT_OUT) -> None:
        with self.store.write() as session:
            ContactRepository(session).suppress(self.customer, reason, NOW, "test")

    def open(self, *, resume: bool = False) -> ChatSession:
        self.session = Chat(self.services).open(self.customer, resume=resume)
        return self.session

    def say(self, *lines: str) -> list[Reply]:
        """The replies to these lines in the open conversation, or in a new one."""
        session = self.session or self.open()
        chat = Chat(self.services)

        async def talk() -> list[Reply]:
            return [await chat.turn(session, line) for line in lines]

        found = asyncio.run(talk())
        self.replies += found
        return found

    def outcomes(self) -> list[tuple[OutcomeKind, str | None]]:
        with self.store.read() as session:
            found = ContactRepository(session).outcomes(self.customer)
        return [(kind, decision_id) for _, kind, decision_id in found]

    def suppressions(self) -> set[SuppressionReason]:
        with self.store.read() as session:
            found = ContactRepository(session).suppressions(self.customer, NOW)
        return {reason for _, reason in found}


def did(replies: Sequence[Reply]) -> list[str]:
    """The names of the actions of these replies, in order, without their prefix."""
    return [str(action["name"]).removeprefix("action_") for reply in replies for action in reply.actions]


@pytest.fixture(scope="session")
def talk_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("talk") / "template.db"
    with open_store(path) as store:
        fill_demo(store, customers=40, months=12)
    return path


@pytest.fixture
def new_talks(talk_template: Path, tmp_path: Path) -> Iterator[Callable[[], Talks]]:
    """Makes talks with a store of their own, as often as it is called."""
    opened: list[Services] = []

    def make() -> Talks:
        path = tmp_path / f"talk{len(opened)}.db"
        shutil.copy(talk_template, path)
        services = Services(Settings(home=tmp_path, store=str(path)), clock=lambda: NOW)
        services.__dict__["understander"] = understander()
        opened.append(services)
        with services.store.read() as session:
            keys = customer_keys(session, CustomerFilter())
            rows = [row for row in customer_rows(session, keys) if row.plan and row.monthly_revenue]
        return Talks(services, rows[0].customer_id)

    yield make
    for services in opened:
        services.close()


@pytest.fixture
def talks(new_talks: Callable[[], Talks]) -> Talks:
    """Talks with one customer of a small company who has no decision yet."""
    return new_talks()
