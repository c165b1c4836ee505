"""A company of fourteen customers with forecasts, decisions, messages and drafts, always the same."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.tui.desk import Desk
from db.models import Customer, Message
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository, NewDraft
from db.repositories.jobs import JobRepository
from db.repositories.messages import MessageRepository, Reading
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.repositories.offers import OfferRecord, OfferRepository
from db.repositories.scores import ScoreRepository, ScoreRow
from db.repositories.settings import SettingsRepository
from db.session import Store, open_store
from db.vocabulary import (
    Arm,
    Candidate,
    Channel,
    CompanyProfile,
    ConsentStatus,
    CustomerStatus,
    Decision,
    DecisionTerms,
    Direction,
    DraftState,
    JobState,
    OfferType,
    Reason,
    RiskBand,
)

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
READER = "language-test"
NAMES = (
    ("Ada", "Quill"),
    ("Bruno", "Okafor"),
    ("Chiara", "Lindqvist"),
    ("Dmitri", "Vance"),
    ("Elif", "Marlow"),
    ("Femi", "Castellanos"),
    ("Greta", "Oyelaran"),
    ("Hiro", "Pemberton"),
    ("Ines", "Achterberg"),
    ("Jonas", "Whitlock"),
    ("Kavya", "Drummond"),
    ("Luca", "Szabo"),
    ("Mina", "Thorne"),
    ("Noor", "Feldgate"),
)
PLANS = (("Spark 50", 24.0), ("Stream 200", 39.5), ("Summit 1000", 62.0))
BODY = (
    "Hello {name},\n\nThank you for being with us. We would like to give you 20 % off for 3 months.\n\n"
    "Reply with a yes and we set it up.\n\nYour Lumenfold team"
)


def customer_id(place: int) -> str:
    return f"LF-{place + 1:04d}"


def probability(place: int) -> float:
    return round(max(0.03, 0.82 - 0.06 * place), 2)


def band(place: int) -> RiskBand:
    return RiskBand.HIGH if place < 4 else RiskBand.MEDIUM if place < 8 else RiskBand.LOW


def fill(path: Path, *, names: tuple[tuple[str, str], ...] = NAMES, spoken: str = "", plan: str = "") -> None:
    """Write the company into a new store; `spoken` and `plan` replace what is said and bought."""
    with open_store(path) as store:
        _settings(store)
        _customers(store, names, plan)
        _messages(store, spoken)
        _scores(store, len(names))
        _decisions(store, len(names))
        _drafts(store, names, spoken)


def _settings(store: Store) -> None:
    with store.write() as session:
        settings = SettingsRepository(session)
        settings.set_company(
            CompanyProfile("Lumenfold", website="https://lumenfold.example", support_email="help@lumenfold.example")
        )
        settings.set_today(TODAY)


def _customers(store: Store, names: tuple[tuple[str, str], ...], plan: str) -> None:
    with store.write() as session:
        for place, (first, last) in enumerate(names):
            bought, price = PLANS[place % 3]
            session.add(
                Customer(
                    external_id=customer_id(place),
                    first_name=first,
                    last_name=last,
                    email=f"customer{place + 1}@mail.example",
                    language="en",
                    timezone="Europe/Berlin",
                    plan=plan or bought,
                    monthly_revenue=price,
                    currency="EUR",
                    billing_period="month",
                    signed_up_on=TODAY - timedelta(days=90 * (place + 1)),
                    tenure_months=3.0 * (place + 1),
                    renewal_date=TODAY + timedelta(days=20 + place),
                    status=CustomerStatus.ACTIVE,
                    attributes={"router": "Mk II", "paper_bill": "yes" if place % 2 else "no"},
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
        session.flush()
        for place in range(len(names)):
            ContactRepository(session).record_consent(
                customer_id(place), Channel.EMAIL, ConsentStatus.GRANTED, "import", NOW
            )


def _messages(store: Store, spoken: str) -> None:
    said = (
        (1, "The connection drops every evening and nobody calls me back.", (0.9, 0.08, 0.02), "outage"),
        (9, "Which router do I have?", (0.1, 0.8, 0.1), "question"),
        (30, "Thanks, the technician was great.", (0.02, 0.08, 0.9), "praise"),
    )
    with store.write() as session:
        keys = dict(session.execute(select(Customer.external_id, Customer.id)).all())
        for place in range(6):
            for days, text, _, _ in reversed(said[place % 3 :]):
                source = hashlib.sha256(f"{place}:{days}".encode()).digest()
                session.add(
                    Message(
                        customer_id=keys[customer_id(place)],
                        direction=Direction.INBOUND,
                        channel=Channel.EMAIL,
                        sent_at=NOW - timedelta(days=days),
                        text=spoken or text,
                        source_key=source,
                    )
                )
        session.flush()
        moods = {text: (mood, topic) for _, text, mood, topic in said}
        read = []
        for message in session.scalars(select(Message)):
            (negative, neutral, positive), topic = moods.get(message.text, ((0.9, 0.05, 0.05), "price"))
            read.append(Reading(message.id, negative, neutral, positive, topic, None))
        MessageRepository(session).add_readings(READER, read)


def _scores(store: Store, count: int) -> None:
    outages = "Outages in the last 30 days"
    raised = Reason("outages_30d", outages, "4", "0", 0.8, f"{outages} is 4; half of customers have 0")
    eased = replace(raised, column="tenure", contribution=-0.3, sentence="Tenure is 3 months; half have 21 or more")
    with store.write() as session:
        figures: dict[str, Any] = {
            "auc": 0.842,
            "lift_at_10": 2.9,
            "protocol": "time-forward",
            "intervals": {"auc": [0.81, 0.87]},
            "drivers": [{"column": "outages_30d", "size": 0.4}, {"column": "tenure", "size": 0.2}],
        }
        model = ModelVersionRepository(session).add(ModelRecord(0, "churn", "v1", "00", {}, figures, {}, NOW))
        job = JobRepository(session).begin("score", {"n": count}, NOW)
        keys = dict(session.execute(select(Customer.external_id, Customer.id)).all())
        rows = [
            ScoreRow(
                keys[customer_id(place)],
                probability(place),
                band(place),
                round(probability(place) * PLANS[place % 3][1] * 3, 2),
                200.0 + 10 * place,
                [raised, eased],
            )
            for place in range(count)
        ]
        ScoreRepository(session).add_many(job.id, model, TODAY, rows)
        JobRepository(session).finish(job.id, JobState.DONE, NOW)


def decision_of(place: int) -> Decision:
    """Every third customer is offered nothing, every fifth is held out, the others get a discount."""
    held, nothing = place % 5 == 4, place % 3 == 2
    chosen = OfferType.NONE if held or nothing else OfferType.DISCOUNT
    code = "none" if chosen is OfferType.NONE else "stay-20"
    terms = DecisionTerms(f"d{place:04d}", chosen)
    if chosen is OfferType.DISCOUNT:
        terms = DecisionTerms(
            f"d{place:04d}", chosen, value=20.0, unit="percent", duration_months=3, valid_until=date(2026, 3, 16)
        )
    parts = {
        "propensity": 0.3,
        "context_weight": 1.0,
        "value": 90.0,
        "lever": 1,
        "offer_cost": 4.0,
        "contact_cost": 1.0,
    }
    return Decision(
        decision_id=f"d{place:04d}",
        customer_id=customer_id(place),
        decided_on=TODAY,
        channel=Channel.EMAIL,
        arm=Arm.HOLDOUT if held else Arm.TREATED,
        assignment_probability=0.1 if held else 0.9,
        offer_code=code,
        terms=terms,
        candidates=(
            Candidate(
                "stay-20",
                OfferType.DISCOUNT,
                priority=-3.0 if nothing else 21.5,
                removed_by="holdout" if held else None,
                parts=parts,
            ),
            Candidate(
                "line-check", OfferType.CONTACT, removed_by="applicability:line", explanation="The line is fine."
            ),
            Candidate("none", OfferType.NONE, priority=0.0),
        ),
        method="propensity",
        inputs={
            "customer": {"churn_probability": probability(place), "risk_band": band(place).value, "currency": "EUR"}
        },
        blocked_by="holdout" if held else None,
    )


def _decisions(store: Store, count: int) -> None:
    with store.write() as session:
        job = JobRepository(session).begin("decide", {"n": count}, NOW)
        DecisionRepository(session).add_many(job.id, [decision_of(place) for place in range(count)], NOW)
        JobRepository(session).finish(job.id, JobState.DONE, NOW)


def name_offers(desk: Desk) -> None:
    """Keep a catalogue in the store, as deciding does; without it offers are called by the words of their codes."""
    names = (("stay-20", "20 % off for three months"), ("line-check", "A technician checks the line"))
    with desk.services.store.write() as session:
        OfferRepository(session).replace(
            [OfferRecord(code, "1", name, OfferType.CONTACT, {"code": code}) for code, name in names], NOW
        )


def _drafts(store: Store, names: tuple[tuple[str, str], ...], spoken: str) -> None:
    with store.write() as session:
        job = JobRepository(session).begin("draft", {"n": 5}, NOW)
        keys = dict(session.execute(select(Customer.external_id, Customer.id)).all())
        drafts = []
        for place in (0, 1, 3, 6):
            body = spoken or BODY.format(name=names[place][0])
            findings: list[dict[str, Any]] = []
            if place == 3:
                body = body.replace("20 %", "45 %")
                text = f"Subject: A thank-you from Lumenfold\n\n{body}"
                start = max(0, text.find("45 %"))
                message = "45 % is not what was decided."
                findings = [{"rule": "figure", "claim": "45 %", "start": start, "end": start + 4, "message": message}]
            drafts.append(
                NewDraft(
                    customer_key=keys[customer_id(place)],
                    decision_id=f"d{place:04d}",
                    channel=Channel.EMAIL,
                    state=DraftState.NEEDS_REVIEW,
                    variant="a",
                    backend="template",
                    attempts=1,
                    subject=spoken.split("\n")[0] or "A thank-you from Lumenfold",
                    preheader=None,
                    body=body,
                    brief={
                        "facts": _facts(place, names[place], spoken),
                        "decision": decision_of(place).terms.as_json(),
                        "tone": "warm",
                        "topic": "outage",
                        "language": "en",
                    },
                    guard={"verdict": "refuse" if findings else "release", "findings": findings},
                )
            )
        DraftRepository(session).add_many(job.id, drafts, NOW)
        JobRepository(session).finish(job.id, JobState.DONE, NOW)


def _facts(place: int, name: tuple[str, str], spoken: str) -> dict[str, Any]:
    plan, price = PLANS[place % 3]
    return {
        "today": TODAY.isoformat(),
        "language": "en",
        "company": "Lumenfold",
        "support_email": "help@lumenfold.example",
        "customer_id": customer_id(place),
        "first_name": name[0],
        "last_name": name[1],
        "plan": plan,
        "price": price,
        "currency": "EUR",
        "billing_period": "month",
        "last_message": spoken or "The connection drops every evening.",
    }


def open_desk(path: Path, home: Path) -> Desk:
    """A desk on a store; the language models stay out, their readings are in the store. It is not the first run."""
    from bot.settings import Settings
    from bot.tui.habits import FILE, Habits
    from bot.wiring import Services

    settings = Settings(home=home, store=str(path), actor="tester", theme="textual-dark")
    if not (home / FILE).exists():
        Habits().write(home)
    desk = Desk(settings, Services(settings, clock=lambda: NOW))
    desk.__dict__["reading_model"] = READER
    desk.services.__dict__["models"] = None
    return desk
