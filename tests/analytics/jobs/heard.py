"""A small store of customers who wrote, read as a language model would have read them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import insert

from db.models import Customer, Message
from db.repositories.messages import MessageRepository, Reading
from db.session import Store
from db.vocabulary import Channel, CustomerStatus, Direction
from tests.analytics.language.sentences import LABELS, TEXTS

TODAY = date(2026, 11, 1)
READER = "language-1"
REASON = {"outage": "outage", "price": "price", "support": "slow_support", "billing": "billing_error", "app": "other"}
MOODS = {"negative": (0.9, 0.08, 0.02), "positive": (0.02, 0.08, 0.9), "neutral": (0.1, 0.8, 0.1)}


@dataclass(frozen=True, slots=True)
class Line:
    """A message: who wrote it how many days ago, in which mood, about what."""

    customer: int
    days_ago: float
    text: str
    mood: str = "negative"
    topic: str = "other"


def fill(store: Store, lines: list[Line], *, left: dict[int, date] | None = None, read: bool = True) -> None:
    """Write the customers and their messages; customer n pays n euros a month and left on the day that `left` says."""
    gone = left or {}
    now = datetime.combine(TODAY, time(12), tzinfo=UTC)
    with store.write() as session:
        session.execute(
            insert(Customer),
            [
                {
                    "id": key,
                    "external_id": f"C{key:04d}",
                    "first_name": "Bartholomew",
                    "last_name": f"Winter{'abcdefghij'[key % 10]}",
                    "monthly_revenue": float(key),
                    "currency": "EUR",
                    "status": CustomerStatus.CHURNED if key in gone else CustomerStatus.ACTIVE,
                    "churned": key in gone,
                    "churned_on": gone.get(key),
                    "attributes": {},
                    "created_at": now,
                    "updated_at": now,
                }
                for key in sorted({line.customer for line in lines})
            ],
        )
        session.execute(
            insert(Message),
            [
                {
                    "id": number,
                    "customer_id": line.customer,
                    "direction": Direction.INBOUND,
                    "channel": Channel.EMAIL,
                    "sent_at": now - timedelta(days=line.days_ago),
                    "text": line.text,
                    "source_key": str(number).encode(),
                }
                for number, line in enumerate(lines, start=1)
            ],
        )
        if read:
            readings = [
                Reading(number, *MOODS[line.mood], line.topic, []) for number, line in enumerate(lines, start=1)
            ]
            MessageRepository(session).add_readings(READER, readings)


def a_year_of_complaints() -> list[Line]:
    """The written sentences over a year, and this month three times as many about the outage as last month."""
    lines = [
        Line(1 + place, 120 + place * 2.5, text, topic=REASON[label])
        for place, (text, label) in enumerate(zip(TEXTS, LABELS, strict=True))
    ]
    outages = [text for text, label in zip(TEXTS, LABELS, strict=True) if label == "outage"]
    prices = [text for text, label in zip(TEXTS, LABELS, strict=True) if label == "price"]
    lines += [
        Line(100 + place, 2 + place % 25, f"{outages[place % 16]} Please help.", topic="outage") for place in range(36)
    ]
    for place in range(8):
        lines.append(Line(200 + place, 33 + place, f"{outages[place]} Please.", topic="outage"))
        lines.append(Line(300 + place, 3 + place, f"{prices[place]} Please.", topic="price"))
        lines.append(Line(400 + place, 35 + place, f"{prices[place]} Please help.", topic="price"))
        lines.append(Line(500 + place, 4 + place, f"Thank you, the technician was kind, number {place}.", "positive"))
        lines.append(Line(600 + place, 5 + place, "When is your shop open?", "neutral"))
    return lines
