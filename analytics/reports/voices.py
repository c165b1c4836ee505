"""What customers complain about and praise in a period against the one before: topics, money, and who left.

Everything here is arithmetic over plain frames. A topic rose or fell only where the number of customers who raised it
changed by more than chance explains, and their churn rate differs only where that of the others does not explain it;
both tests are exact and allow for the number of topics looked at (Holm).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analytics.reports.masking import same_words
from db.vocabulary import Json

SAID_COLUMNS = ("customer", "side", "topic", "period", "sent_at")
"""A row per message: customer key, `Side` or empty, topic or empty, `NOW`, `BEFORE` or `EARLIER`, and when."""

PEOPLE_COLUMNS = ("monthly_revenue", "active", "churned", "churned_on")
"""A row per customer key."""

NOW, BEFORE, EARLIER = "now", "before", "earlier"

LIKENESS, REASONS_READ = "likeness", "reasons"
"""How the messages of a side were grouped: by what they say alike, or by the reason the language model read."""

LEAVING = "cancel"
SURE = 0.5
PLEASED = 0.6

LEVEL = 0.05
"""Chance of calling anything a rise, a fall or a difference where all is noise, over the topics of a side."""

FEWEST_FOR_A_RATE = 10
QUOTES = 3
QUOTE_LENGTHS = (25, 220)


class Side(StrEnum):
    """What a message does."""

    COMPLAINT = "complaint"
    PRAISE = "praise"


def side_of(negative: float, neutral: float, positive: float, intents: Sequence[Mapping[str, Any]]) -> Side | None:
    """Whether a message complains, praises or does neither, by its reading.

    It complains where its likeliest mood is negative or it asks to leave, and praises where it is clearly positive.
    """
    leaves = any(intent.get("name") == LEAVING and intent.get("confidence", 0) >= SURE for intent in intents)
    if leaves or (negative >= neutral and negative >= positive):
        return Side.COMPLAINT
    return Side.PRAISE if positive >= PLEASED else None


class Trend(StrEnum):
    """How a number of customers moved; `STEADY` means that chance explains the change, `UNKNOWN` that none is known."""

    UP = "up"
    DOWN = "down"
    STEADY = "steady"
    UNKNOWN = "unknown"


class Compared(StrEnum):
    """A churn rate beside that of everybody else who wrote."""

    HIGHER = "higher"
    LOWER = "lower"
    ALIKE = "alike"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """Customers now and before, the ratio of the two with its 95 % interval, and what may be said of it."""

    now: int
    before: int
    trend: Trend
    ratio: float | None
    low: float | None
    high: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class ChurnRate:
    """How many customers who wrote earlier left within the horizon; `rate` is None below ten customers."""

    customers: int
    left: int
    rate: float | None
    low: float | None
    high: float | None
    compared: Compared = Compared.UNKNOWN


@dataclass(frozen=True, slots=True)
class TopicVoice:
    """One topic of complaint or praise in the period, with what stands behind it."""

    name: str
    words: tuple[str, ...]
    messages: int
    messages_before: int
    customers: int
    customers_before: int
    share: float
    change: Change
    monthly_revenue: float | None
    churn: ChurnRate
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideVoice:
    """All complaints, or all praise; topics with most customers first."""

    messages: int
    messages_before: int
    customers: int
    customers_before: int
    change: Change
    without_topic: int
    grouped_by: str
    topics: tuple[TopicVoice, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Voices:
    """The summary. `comparable` is False where the store's messages do not reach back over the period before."""

    now: Window
    before: Window
    earlier: Window
    horizon_days: int
    comparable: bool
    currency: str | None
    messages: int
    messages_before: int
    complaints: SideVoice
    praise: SideVoice
    churn: ChurnRate
    reader: str
    unread: int = 0
    encoder: str = ""

    def side(self, side: Side) -> SideVoice:
        """The complaints or the praise."""
        return self.complaints if side is Side.COMPLAINT else self.praise

    def as_json(self) -> Json:
        """Everything as plain JSON values."""
        document = asdict(self)
        for name in ("now", "before", "earlier"):
            window: Window = getattr(self, name)
            document[name] = {"from": window.start.isoformat(), "to": window.end.isoformat(), "days": window.days}
        return document


@dataclass(frozen=True, slots=True)
class Told:
    """What a summary is made from, beside the messages: topics' words and quotes by side and topic, and the terms."""

    now: Window
    before: Window
    earlier: Window
    horizon_days: int
    comparable: bool
    currency: str | None
    reader: str
    grouped_by: Mapping[Side, str]
    unread: int = 0
    encoder: str = ""
    words: Mapping[tuple[Side, str], tuple[str, ...]] = field(default_factory=dict)
    quotes: Mapping[tuple[Side, str], Sequence[str]] = field(default_factory=dict)


def summarise(said: pd.DataFrame, people: pd.DataFrame, told: Told) -> Voices:
    """The summary of messages with `SAID_COLUMNS` by customers with `PEOPLE_COLUMNS`."""
    now, before = said[said["period"] == NOW], said[said["period"] == BEFORE]
    earlier = said[said["period"] == EARLIER]
    outcomes = _outcomes(earlier, people, told.horizon_days)
    sides = {side: _side(side, now, before, earlier, people, outcomes, told) for side in Side}
    return Voices(
        now=told.now,
        before=told.before,
        earlier=told.earlier,
        horizon_days=told.horizon_days,
        comparable=told.comparable,
        currency=told.currency,
        messages=len(now),
        messages_before=len(before),
        complaints=sides[Side.COMPLAINT],
        praise=sides[Side.PRAISE],
        churn=churn_rate(outcomes),
        reader=told.reader,
        unread=told.unread,
        encoder=told.encoder,
    )


def _side(
    side: Side,
    now: pd.DataFrame,
    before: pd.DataFrame,
    earlier: pd.DataFrame,
    people: pd.DataFrame,
    outcomes: "pd.Series[bool]",
    told: Told,
) -> SideVoice:
    """Complaints or praise: every topic that was raised in either period."""
    mine, mine_before, mine_earlier = (part[part["side"] == side.value] for part in (now, before, earlier))
    names = sorted({*mine["topic"], *mine_before["topic"]} - {""})
    of = {name: (mine[mine["topic"] == name], mine_before[mine_before["topic"] == name]) for name in names}
    counted = [(one["customer"].nunique(), other["customer"].nunique()) for one, other in of.values()]
    changes = changes_of(counted, comparable=told.comparable)
    rates = _rates(names, mine_earlier, people, outcomes, told.horizon_days)
    topics = [
        TopicVoice(
            name=name,
            words=told.words.get((side, name), ()),
            messages=len(of[name][0]),
            messages_before=len(of[name][1]),
            customers=change.now,
            customers_before=change.before,
            share=len(of[name][0]) / len(mine) if len(mine) else 0.0,
            change=change,
            monthly_revenue=_revenue(of[name][0]["customer"], people, told.currency),
            churn=rate,
            quotes=tuple(told.quotes.get((side, name), ())[:QUOTES]),
        )
        for name, change, rate in zip(names, changes, rates, strict=True)
    ]
    topics.sort(key=lambda topic: (-topic.customers, -topic.messages, topic.name))
    customers, customers_before = mine["customer"].nunique(), mine_before["customer"].nunique()
    return SideVoice(
        messages=len(mine),
        messages_before=len(mine_before),
        customers=customers,
        customers_before=customers_before,
        change=changes_of([(customers, customers_before)], comparable=told.comparable)[0],
        without_topic=int((mine["topic"] == "").sum()),
        grouped_by=told.grouped_by.get(side, REASONS_READ),
        topics=tuple(topics),
    )


def _revenue(customers: "pd.Series[int]", people: pd.DataFrame, currency: str | None) -> float | None:
    """What these customers pay a month, each once; None where nothing is known or currencies differ."""
    if currency is None:
        return None
    known = people.reindex(customers.unique())["monthly_revenue"].astype("float64").dropna()
    return round(float(known.sum()), 2) if len(known) else None


def changes_of(counts: Sequence[tuple[int, int]], *, comparable: bool = True) -> list[Change]:
    """What may be said of numbers of customers now and before, over periods of the same length.

    Under no change each of the customers was as likely to write in either period (exact binomial test).
    """
    if not comparable:
        return [Change(now, before, Trend.UNKNOWN, None, None, None, None) for now, before in counts]
    tests = [stats.binomtest(now, now + before, 0.5) if now + before else None for now, before in counts]
    p_values = [1.0 if test is None else float(test.pvalue) for test in tests]
    found = []
    for (now, before), test, p_value, clear in zip(counts, tests, p_values, holm(p_values), strict=True):
        trend = Trend.STEADY if not clear else Trend.UP if now > before else Trend.DOWN
        interval = None if test is None else test.proportion_ci(0.95, method="exact")
        low, high = (None, None) if interval is None else (_odds(interval.low), _odds(interval.high))
        found.append(Change(now, before, trend, now / before if before else None, low, high, round(p_value, 6)))
    return found


def _odds(share: float) -> float | None:
    return None if share >= 1 else float(share / (1 - share))


def holm(p_values: Sequence[float], level: float = LEVEL) -> list[bool]:
    """Which of several tests hold when at most one family of them in twenty may have a false one."""
    order = np.argsort(p_values, kind="stable")
    clear = [False] * len(p_values)
    for rank, place in enumerate(order):
        if p_values[place] > level / (len(p_values) - rank):
            break
        clear[place] = True
    return clear


def _outcomes(earlier: pd.DataFrame, people: pd.DataFrame, horizon_days: int) -> "pd.Series[bool]":
    """Whether each customer left within the horizon after their first message of these; unknown ones are left out."""
    first = earlier.groupby("customer")["sent_at"].min().dt.tz_localize(None).dt.normalize()
    facts = people.reindex(first.index)
    left_on = pd.to_datetime(facts["churned_on"], errors="coerce")
    gone = facts["churned"].fillna(False).astype(bool) | left_on.notna()
    days = (left_on - first).dt.days
    known = facts["active"].notna() & ~(days < 0)
    left = gone & (days.le(horizon_days) | left_on.isna())
    return pd.Series(left[known], dtype=bool)


def _rates(
    names: Iterable[str],
    earlier: pd.DataFrame,
    people: pd.DataFrame,
    outcomes: "pd.Series[bool]",
    horizon_days: int,
) -> list[ChurnRate]:
    """The churn rate behind each topic, compared with everybody who wrote and did not raise it."""
    rates, tests = [], []
    for name in names:
        mine = _outcomes(earlier[earlier["topic"] == name], people, horizon_days)
        others = outcomes[~outcomes.index.isin(mine.index)]
        rate = churn_rate(mine)
        testable = rate.rate is not None and len(others) >= FEWEST_FOR_A_RATE
        left, other_left = int(mine.sum()), int(others.sum())
        table = [[left, len(mine) - left], [other_left, len(others) - other_left]]
        rates.append((rate, testable, left / max(1, len(mine)) > other_left / max(1, len(others))))
        tests.append(float(stats.fisher_exact(table).pvalue) if testable else 1.0)
    return [
        _compared(rate, Compared.UNKNOWN if not testable else Compared.ALIKE if not clear else _side_of(above))
        for (rate, testable, above), clear in zip(rates, holm(tests), strict=True)
    ]


def _side_of(above: bool) -> Compared:
    return Compared.HIGHER if above else Compared.LOWER


def _compared(rate: ChurnRate, compared: Compared) -> ChurnRate:
    return ChurnRate(rate.customers, rate.left, rate.rate, rate.low, rate.high, compared)


def churn_rate(left: "pd.Series[bool]") -> ChurnRate:
    """The share of these customers who left, with a 95 % Wilson interval; no rate for fewer than ten."""
    size, gone = len(left), int(left.sum())
    if size < FEWEST_FOR_A_RATE:
        return ChurnRate(size, gone, None, None, None)
    interval = stats.binomtest(gone, size).proportion_ci(0.95, method="wilson")
    return ChurnRate(size, gone, gone / size, float(interval.low), float(interval.high))


Said = tuple[int, str]
"""A customer's key and what they said."""


def distinct_quotes(candidates: Iterable[Said], told: Sequence[Said] = (), most: int = QUOTES) -> list[Said]:
    """The first candidates of a readable length by different customers that say different things than any other.

    What is in `told` counts as quoted already.
    """
    found: list[Said] = []
    for customer, text in candidates:
        if len(found) == most:
            break
        is_readable = QUOTE_LENGTHS[0] <= len(text) <= QUOTE_LENGTHS[1]
        if is_readable and not any(customer == one or same_words(text, other) for one, other in (*told, *found)):
            found.append((customer, text))
    return found
