"""The words every layer speaks: enums and frozen dataclasses without behaviour of their own."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
"""A JSON object whose shape its owner documents."""


class CustomerStatus(StrEnum):
    """Whether a customer is still with us."""

    ACTIVE = "active"
    CHURNED = "churned"


class ChurnKind(StrEnum):
    """Who ended the contract: the customer, or a payment that failed for good."""

    VOLUNTARY = "voluntary"
    INVOLUNTARY = "involuntary"


class ChurnDefinitionKind(StrEnum):
    """How an import says who churned."""

    LABEL = "label"
    CANCEL_DATE = "cancel_date"
    INACTIVITY = "inactivity"


@dataclass(frozen=True, slots=True)
class ChurnDefinition:
    """What counts as churn. `inactivity` means: no event of `activity_kinds` for `inactivity_days`."""

    kind: ChurnDefinitionKind
    inactivity_days: int | None = None
    activity_kinds: tuple[str, ...] = ()
    churn_horizon_days: int = 90
    lead_time_days: int = 0


class ColumnRole(StrEnum):
    """What a column of an imported table is for."""

    CUSTOMER_ID = "customer_id"
    LABEL = "label"
    CANCEL_DATE = "cancel_date"
    CANCEL_REASON = "cancel_reason"
    SIGNUP_DATE = "signup_date"
    TENURE = "tenure"
    MONTHLY_REVENUE = "monthly_revenue"
    PLAN = "plan"
    BILLING_PERIOD = "billing_period"
    RENEWAL_DATE = "renewal_date"
    CURRENCY = "currency"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FULL_NAME = "full_name"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    TIMEZONE = "timezone"
    COUNTRY = "country"
    CONSENT = "consent"
    FEATURE = "feature"
    SENSITIVE = "sensitive"
    ID = "id"
    IGNORE = "ignore"


class ColumnType(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


class RiskBand(StrEnum):
    """Churn probability in words."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Sentiment(StrEnum):
    """The mood of a message."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Channel(StrEnum):
    """How we and the customer talk."""

    EMAIL = "email"
    CHAT = "chat"
    PHONE = "phone"
    REVIEW = "review"
    TICKET = "ticket"


class Direction(StrEnum):
    """Who wrote a message: the customer (inbound) or us (outbound)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class OfferType(StrEnum):
    """What kind of thing is proposed; `none` is the decision to propose nothing."""

    NONE = "none"
    DISCOUNT = "discount"
    PAUSE = "pause"
    PLAN_CHANGE = "plan_change"
    FREE_PERIOD = "free_period"
    TRIAL_EXTENSION = "trial_extension"
    CONTACT = "contact"
    EDUCATION = "education"
    BONUS = "bonus"


PRICE_OFFERS = frozenset({OfferType.DISCOUNT, OfferType.FREE_PERIOD, OfferType.PLAN_CHANGE, OfferType.TRIAL_EXTENSION})
"""Offers that lower what a customer pays; at most one per cooldown."""


class Arm(StrEnum):
    """The side of the standing experiment a customer is on."""

    TREATED = "treated"
    HOLDOUT = "holdout"


class DraftState(StrEnum):
    """Where a draft stands between being written and being handed over."""

    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPORTED = "exported"
    WITHHELD = "withheld"


class Verdict(StrEnum):
    """What the guard says of a text."""

    RELEASE = "release"
    REFUSE = "refuse"


class GuardOutcome(StrEnum):
    """What the guard's reading of one try came to.

    A refused try is followed by another one of the same text. The last try of a text is released, is approved wording
    that stands in for a writer, or leaves the text withheld.
    """

    RELEASE = "release"
    REFUSE = "refuse"
    FELL_BACK = "fell_back"
    WITHHELD = "withheld"


class JobState(StrEnum):
    """Where a long piece of work stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ConversationState(StrEnum):
    """Whether a conversation goes on, waits for a person, or has ended."""

    OPEN = "open"
    HANDED_OFF = "handed_off"
    CLOSED = "closed"


class HandoffState(StrEnum):
    """Whether a hand-off waits for a person, is with one, is over, or waited too long."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    TIMED_OUT = "timed_out"


class HandoffOutcome(StrEnum):
    """How a person ended a hand-off.

    `saved` is what the customer said, not a save: that is a customer who is still there after the horizon.
    """

    RESOLVED = "resolved"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SAVED = "saved"
    LOST = "lost"
    OPT_OUT = "opt_out"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a customer waits for a person to come, and how long one who came may say nothing."""

    wait: timedelta = timedelta(minutes=15)
    silence: timedelta = timedelta(hours=8)


class SuppressionReason(StrEnum):
    """Why a customer must not be contacted."""

    OPT_OUT = "opt_out"
    COMPLAINT = "complaint"
    HARD_BOUNCE = "hard_bounce"
    OBJECTION = "objection"
    ERASED = "erased"
    LIFE_EVENT = "life_event"
    OUTCOME = "outcome"


class ConsentStatus(StrEnum):
    """What a customer said about being contacted; `unknown` where nobody asked."""

    GRANTED = "granted"
    DENIED = "denied"
    UNKNOWN = "unknown"


class OutcomeKind(StrEnum):
    """What happened after a decision."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    IGNORED = "ignored"
    OPENED = "opened"
    CLICKED = "clicked"
    RETAINED = "retained"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Reason:
    """A driver in the model for one customer's churn probability: a contribution, not a cause.

    `contribution` is in log-odds; positive raises the probability.
    """

    column: str
    label: str
    value: str
    peer: str
    contribution: float
    sentence: str

    @property
    def raises(self) -> bool:
        """Whether this driver raises the churn probability."""
        return self.contribution > 0


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """What every text may say about the company that writes."""

    company: str
    website: str = ""
    support_email: str = ""
    support_phone: str = ""
    support_hours: str = ""
    postal_address: str = ""
    unsubscribe_url: str = ""
    cancel_path: str = ""
    currency: str = "EUR"
    products: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()

    @property
    def can_write(self) -> bool:
        """Whether letters can leave: they need a name and an address to come from."""
        return bool(self.company and self.support_email)


@dataclass(frozen=True, slots=True)
class DecisionTerms:
    """The terms of a decided offer: all that a text may promise. Fields that do not apply are None.

    `unit` is percent, amount, months, days or new_price; money is in `currency`, per billing period.
    """

    decision_id: str
    offer_type: OfferType
    value: float | None = None
    unit: str | None = None
    currency: str | None = None
    applies_to: str | None = None
    scope: str | None = None
    count: int | None = None
    duration_months: int | None = None
    duration_days: int | None = None
    price: float | None = None
    price_during: float | None = None
    from_plan: str | None = None
    to_plan: str | None = None
    effective: str | None = None
    keeps: str | None = None
    who: str | None = None
    topic: str | None = None
    conditions: tuple[str, ...] = ()
    valid_until: date | None = None

    def as_json(self) -> Json:
        """The terms as a JSON object without the fields that do not apply."""
        # `asdict` copies deeply, which would take longer than deciding.
        values = ((key, getattr(self, key)) for key in self.__dataclass_fields__)
        filled = {key: value for key, value in values if value not in (None, ())}
        if self.valid_until is not None:
            filled["valid_until"] = self.valid_until.isoformat()
        if self.conditions:
            filled["conditions"] = list(self.conditions)
        filled["offer_type"] = self.offer_type.value
        return filled


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer that was considered for a customer: its score, or the rule that removed it."""

    offer_code: str
    offer_type: OfferType
    priority: float | None = None
    removed_by: str | None = None
    explanation: str = ""
    parts: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        """The candidate as a JSON object."""
        return {
            "offer_code": self.offer_code,
            "offer_type": self.offer_type.value,
            "priority": self.priority,
            "removed_by": self.removed_by,
            "explanation": self.explanation,
            "parts": self.parts,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one customer, with every candidate; immutable and replayable from `inputs`.

    `assignment_probability` is the probability with which the experiment put the customer on its arm,
    `offer_assignment_probability` the one with which the customer, on that arm, was assigned this offer (or none): 1
    where no lot decided. `tone` is that of the letter where it was drawn, None where the writer chooses;
    `tone_assignment_probability` the probability of that, whatever the offer.
    """

    decision_id: str
    customer_id: str
    decided_on: date
    channel: Channel
    arm: Arm
    assignment_probability: float
    offer_code: str
    terms: DecisionTerms
    candidates: tuple[Candidate, ...]
    method: str
    inputs: Json = field(default_factory=dict)
    blocked_by: str | None = None
    offer_assignment_probability: float = 1.0
    tone: str | None = None
    tone_assignment_probability: float = 1.0

    def as_json(self) -> Json:
        """The decision as a JSON object, sharing `inputs` with it; `decision_from_json` is its inverse."""
        # Records from before tones were drawn keep their bytes.
        drawn = self.tone is not None or self.tone_assignment_probability != 1.0
        fields = [key for key in self.__dataclass_fields__ if drawn or not key.startswith("tone")]
        return {
            **{key: getattr(self, key) for key in fields},
            "decided_on": self.decided_on.isoformat(),
            "channel": self.channel.value,
            "arm": self.arm.value,
            "terms": self.terms.as_json(),
            "candidates": [candidate.as_json() for candidate in self.candidates],
        }


def terms_of(document: Json) -> DecisionTerms:
    """Decision terms from their JSON form; unknown keys are left out. Raises ValueError for a wrong value."""
    known = {key: document[key] for key in DecisionTerms.__dataclass_fields__ if key in document}
    known["offer_type"] = OfferType(known.get("offer_type") or "none")
    if isinstance(known.get("valid_until"), str):
        known["valid_until"] = date.fromisoformat(known["valid_until"][:10])
    conditions = known.get("conditions") or ()
    known["conditions"] = (conditions,) if isinstance(conditions, str) else tuple(str(item) for item in conditions)
    known["decision_id"] = str(known.get("decision_id", "none"))
    return DecisionTerms(**known)


def decision_from_json(document: Json) -> Decision:
    """The decision a JSON object describes. Raises KeyError or ValueError for one that `as_json` did not write."""
    return Decision(
        **{
            **document,
            "decided_on": date.fromisoformat(document["decided_on"]),
            "channel": Channel(document["channel"]),
            "arm": Arm(document["arm"]),
            "terms": terms_of(document["terms"]),
            "candidates": tuple(
                Candidate(**{**item, "offer_type": OfferType(item["offer_type"])}) for item in document["candidates"]
            ),
        }
    )


@dataclass(frozen=True, slots=True)
class ReconciledCounts:
    """What an import did to each row: `rows_in = new + updated + unchanged + rejected`, always."""

    rows_in: int
    new: int
    updated: int
    unchanged: int
    rejected: int

    def __post_init__(self) -> None:
        if self.rows_in != self.new + self.updated + self.unchanged + self.rejected:
            raise ValueError(f"the counts of an import do not add up: {self}")

    def __str__(self) -> str:
        return (
            f"{self.rows_in:,} rows in = {self.new:,} new + {self.updated:,} updated "
            f"+ {self.unchanged:,} unchanged + {self.rejected:,} rejected"
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work has come; `total` is None while unknown."""

    stage: str
    done: int
    total: int | None
    at: datetime | None = None
