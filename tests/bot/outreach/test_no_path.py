"""Held out, suppressed, capped, opted out, not consenting: neither a letter nor an offer in chat finds a way."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from analytics.decisions.contact import ContactLimit, ContactPolicy, QuietHours
from bot.dialogue.desk import open_desk
from bot.outreach.approvals import approve_all, export_approved
from bot.outreach.exports import ExportFormat
from db.models import Customer, DecisionRow
from db.repositories.contacts import ContactRepository
from db.repositories.conversations import ConversationRepository
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository
from db.session import Store, open_store
from db.vocabulary import (
    PRICE_OFFERS,
    Arm,
    Channel,
    ConsentStatus,
    CustomerStatus,
    Decision,
    DraftState,
    OfferType,
    OutcomeKind,
    SuppressionReason,
)
from tests.bot.conftest import DISCOUNT, PAUSE, Talks
from tests.conftest import NOW, Company

# Without shrinking: every example has a store of its own.
QUIET = settings(
    derandomize=True,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")
# The days clocks change, leap days, ends of months and years; and any other day.
DAYS = st.one_of(
    st.sampled_from(
        [
            date(2026, 3, 29),
            date(2026, 10, 25),
            date(2027, 4, 3),
            date(2028, 2, 29),
            date(2026, 12, 31),
            date(2027, 2, 28),
        ]
    ),
    st.dates(date(2024, 1, 1), date(2035, 12, 31)),
)
HOURS = st.integers(0, 23 * 60 + 59).map(lambda minutes: timedelta(minutes=minutes))
POLICIES = st.builds(
    ContactPolicy,
    unknown_consent=st.sampled_from(["allow", "block"]),
    limits=st.sampled_from(
        [(), *(((ContactLimit(channel=channel, contacts=1, days=7)),) for channel in (Channel.EMAIL, Channel.CHAT))]
    ),
    quiet_hours=st.builds(
        QuietHours,
        start=st.sampled_from(["20:00", "22:30", "00:00", "12:00"]),
        end=st.sampled_from(["07:00", "00:00", "12:00"]),
        channels=st.sampled_from([(Channel.EMAIL,), (Channel.EMAIL, Channel.CHAT), ()]),
    ),
    price_cooldown_days=st.sampled_from([0, 30, 180]),
    decline_cooldown_days=st.sampled_from([0, 90]),
)
CAUSES = st.sampled_from(
    [
        "nothing",
        "suppressed",
        "opted_out",
        "denied",
        "unknown",
        "left",
        "held_out",
        "capped",
        "mailed",
        "answered",
        "price",
    ]
)


def is_quiet(policy: ContactPolicy, zone: str, now: datetime, channel: Channel) -> bool:
    quiet = policy.quiet_hours
    clock = now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    if channel not in quiet.channels or quiet.start == quiet.end:
        return False
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def has_limit(policy: ContactPolicy, channel: Channel) -> bool:
    return any(limit.channel is channel for limit in policy.limits)


def told_in_chat(store: Store, customer_id: str, decision_id: str, kind: OutcomeKind, at: datetime) -> None:
    with store.write() as session:
        conversation = ConversationRepository(session).start(customer_id, at)
        ContactRepository(session).record_outcome(
            customer_id, kind, at, decision_id=decision_id, conversation_id=conversation.id
        )


def earlier_offer(store: Store, customer_id: str, channel: Channel, offer_type: OfferType, at: datetime) -> None:
    """An offer of another decision that was made two days before, with no answer."""
    terms = replace(DISCOUNT if offer_type is OfferType.DISCOUNT else PAUSE, decision_id=f"earlier-{customer_id}")
    decision = Decision(
        terms.decision_id, customer_id, at.date(), channel, Arm.TREATED, 0.9, "an-older-one", terms, (), "test"
    )
    with store.write() as session:
        DecisionRepository(session).add_many(None, [decision], datetime(2000, 1, 1, tzinfo=UTC))
    told_in_chat(store, customer_id, terms.decision_id, OutcomeKind.IGNORED, at)


def cause(store: Store, name: str, customer_id: str, decision_id: str, now: datetime) -> None:
    """Make this the state of a customer."""
    if name == "answered":
        told_in_chat(store, customer_id, decision_id, OutcomeKind.DECLINED, now)
    elif name == "capped":
        earlier_offer(store, customer_id, Channel.CHAT, OfferType.PAUSE, now - timedelta(days=2))
    elif name == "mailed":
        earlier_offer(store, customer_id, Channel.EMAIL, OfferType.PAUSE, now - timedelta(days=2))
    elif name == "price":
        earlier_offer(store, customer_id, Channel.PHONE, OfferType.DISCOUNT, now - timedelta(days=2))
    with store.write() as session:
        contacts = ContactRepository(session)
        consent = {"denied": ConsentStatus.DENIED, "unknown": ConsentStatus.UNKNOWN}.get(name, ConsentStatus.GRANTED)
        for channel in (Channel.EMAIL, Channel.CHAT):
            contacts.record_consent(customer_id, channel, consent, "test", now)
        if name in ("suppressed", "opted_out"):
            reason = SuppressionReason.COMPLAINT if name == "suppressed" else SuppressionReason.OPT_OUT
            contacts.suppress(customer_id, reason, now, "test")
        if name == "left":
            session.execute(
                update(Customer).where(Customer.external_id == customer_id).values(status=CustomerStatus.CHURNED)
            )
        if name == "held_out":
            session.execute(update(DecisionRow).where(DecisionRow.decision_id == decision_id).values(arm=Arm.HOLDOUT))


@pytest.fixture
def copies(company: Company, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Copies of a store in which every draft is approved."""
    with open_store(company.path) as store:
        approve_all(store, "kim", NOW)
    opened: list[Store] = []
    numbers = count()

    def copy() -> Store:
        while opened:
            opened.pop().close()
        path = tmp_path / f"copy{next(numbers)}.db"
        shutil.copy(company.path, path)
        opened.append(open_store(path))
        return opened[-1]

    yield copy
    while opened:
        opened.pop().close()


@settings(QUIET, max_examples=15)
@given(
    st.lists(CAUSES, min_size=12, max_size=12),
    POLICIES,
    st.lists(st.sampled_from(ZONES), min_size=12),
    st.integers(0, 40),
    HOURS,
)
def test_no_letter_leaves_that_a_rule_forbids_and_every_no_is_on_record(
    copies: Callable[[], Store],
    tmp_path: Path,
    names: list[str],
    policy: ContactPolicy,
    zones: list[str],
    days: int,
    hours: timedelta,
) -> None:
    store, now = copies(), NOW + timedelta(days=days) + hours
    with store.read() as session:
        drafts = DraftRepository(session).find(state=DraftState.APPROVED)
        decisions = [DecisionRepository(session).get(draft.decision_id) for draft in drafts]
    expected: dict[int, set[str]] = {}
    for draft, decision, name, zone in zip(drafts, decisions, names, zones, strict=False):
        assert decision is not None
        with store.write() as session:
            session.execute(update(Customer).where(Customer.external_id == draft.customer_id).values(timezone=zone))
        cause(store, name, draft.customer_id, draft.decision_id, now)
        is_price = decision.terms.offer_type in PRICE_OFFERS
        until = decision.terms.valid_until
        rules = {
            "expired": until is not None and now.date() > until,
            "contact_limit": name == "mailed" and has_limit(policy, Channel.EMAIL),
            "complaint": name == "suppressed",
            "opt_out": name == "opted_out",
            "no_consent": name == "denied" or (name == "unknown" and policy.unknown_consent == "block"),
            "not_active": name == "left",
            "holdout": name == "held_out",
            "settled": name == "answered",
            "price_cooldown": name == "price" and is_price and policy.price_cooldown_days > 0,
            "quiet_hours": is_quiet(policy, zone, now, Channel.EMAIL),
        }
        expected[draft.id] = {rule for rule, holds in rules.items() if holds}
    chosen = [draft.id for draft in drafts[: len(names)]]
    report = export_approved(
        store, policy, ExportFormat.JSONL, tmp_path / "out.jsonl", "kim", now, draft_ids=chosen, overwrite=True
    )
    assert set(report.exported) == {key for key, rules in expected.items() if not rules}
    with store.read() as session:
        for item in report.withheld:
            assert item.rule in expected[item.draft_id]
            assert item.sentence.endswith(".")
            [(_, rule, sentence)] = ContactRepository(session).kept_back(item.customer_id)
            assert (rule, sentence) == (item.rule, item.sentence)
            if item.rule == "quiet_hours":
                assert item.not_before is not None


@settings(QUIET, max_examples=40)
@given(CAUSES, POLICIES, st.sampled_from(ZONES), DAYS, HOURS)
def test_no_offer_is_made_in_chat_that_a_rule_forbids(
    new_talks: Callable[[], Talks], name: str, policy: ContactPolicy, zone: str, day: date, hours: timedelta
) -> None:
    talks = new_talks()
    now = datetime.combine(day, datetime.min.time(), tzinfo=UTC) + hours
    terms = replace(DISCOUNT, valid_until=day)
    talks.decide(terms, arm=Arm.HOLDOUT if name == "held_out" else Arm.TREATED, decided_on=day)
    with talks.store.write() as session:
        session.execute(update(Customer).where(Customer.external_id == talks.customer).values(timezone=zone))
    if name != "held_out":
        cause(talks.store, name, talks.customer, terms.decision_id, now)
    with talks.store.read() as session:
        desk = open_desk(session, talks.customer, day, now, policy)
    rules = {
        "suppressed:complaint": name == "suppressed",
        "suppressed:opt_out": name == "opted_out",
        "consent_denied": name == "denied" or (name == "unknown" and policy.unknown_consent == "block"),
        "not_active": name == "left",
        "holdout": name == "held_out",
        "settled": name == "answered",
        "contact_limit": name == "capped" and has_limit(policy, Channel.CHAT),
        "price_cooldown": name == "price" and policy.price_cooldown_days > 0,
        "quiet_hours": is_quiet(policy, zone, now, Channel.CHAT),
    }
    expected = {rule for rule, holds in rules.items() if holds}
    none: set[str | None] = {None}
    assert desk.has_offer is not bool(expected)
    assert desk.no_offer_because in (expected or none)


def test_letters_that_another_program_sends_later_are_held_to_that_hour(
    copies: Callable[[], Store], tmp_path: Path
) -> None:
    store, night = copies(), NOW.replace(hour=3)
    policy = ContactPolicy(quiet_hours=QuietHours(start="21:00", end="07:00"))
    with store.write() as session:
        session.execute(update(Customer).values(timezone="Europe/Berlin"))
    stopped = export_approved(store, policy, ExportFormat.JSONL, tmp_path / "a.jsonl", "kim", night)
    assert stopped.exported == ()
    assert {item.rule for item in stopped.withheld} == {"quiet_hours"}
    assert {item.not_before for item in stopped.withheld} == {NOW.replace(hour=6)}
    planned = export_approved(
        store, policy, ExportFormat.JSONL, tmp_path / "b.jsonl", "kim", night, send_at=NOW.replace(hour=6)
    )
    assert planned.exported
    assert planned.withheld == ()


def test_an_offer_that_ran_out_is_not_sent(copies: Callable[[], Store], tmp_path: Path) -> None:
    store = copies()
    late = export_approved(
        store, ContactPolicy(), ExportFormat.JSONL, tmp_path / "a.jsonl", "kim", NOW + timedelta(days=60)
    )
    assert late.exported == ()
    assert {item.rule for item in late.withheld} == {"expired"}


def test_a_no_counts_as_a_no_whatever_else_came_of_the_letter(copies: Callable[[], Store], tmp_path: Path) -> None:
    from db.queries.deciding import contacts

    store = copies()
    export_approved(store, ContactPolicy(), ExportFormat.JSONL, tmp_path / "a.jsonl", "kim", NOW)
    with store.write() as session:
        first = DraftRepository(session).find(state=DraftState.EXPORTED)[0]
        for kind in (OutcomeKind.OPENED, OutcomeKind.DECLINED, OutcomeKind.RETAINED):
            ContactRepository(session).record_outcome(first.customer_id, kind, NOW, decision_id=first.decision_id)
    with store.read() as session:
        [row] = contacts(session, (DraftState.EXPORTED,), customer_id=first.customer_id)
    assert row[5] is OutcomeKind.DECLINED
