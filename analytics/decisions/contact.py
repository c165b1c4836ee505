"""The contact policy: who may be contacted, how often and when; one policy for e-mail, chat and telephone.

Rules are asked in a fixed order and the first that forbids contact is the one that is named. Permission (status,
suppression, consent, life events, an address) comes before the holdout, and pressure (caps, quiet hours) after it, so
that the two arms of the experiment are made of customers who could have been contacted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, model_validator

from analytics.decisions.facts import canonical_topic
from analytics.decisions.history import ContactHistory, PastContact, Suppressed, day_before
from analytics.decisions.offers import Offer, Strict
from db.vocabulary import PRICE_OFFERS, Channel, ConsentStatus, CustomerStatus, Json, OfferType, SuppressionReason

Days = Annotated[int, Field(ge=0, le=3650)]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of that name, or None where there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


class ContactLimit(Strict):
    """At most `contacts` messages to a customer on `channel` in any `days` times 24 hours."""

    channel: Channel
    contacts: Annotated[int, Field(ge=0, le=1000)]
    days: Annotated[int, Field(ge=1, le=3650)]


class QuietHours(Strict):
    """The customer's local hours in which nothing is sent; they may run over midnight. Equal ends mean none."""

    start: Hour = "21:00"
    end: Hour = "08:00"
    channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.PHONE)
    default_timezone: str = "UTC"

    @model_validator(mode="after")
    def _zone_is_known(self) -> "QuietHours":
        if zone_of(self.default_timezone) is None:
            raise ValueError(f"{self.default_timezone!r} is not a time zone; write one such as Europe/Berlin")
        return self


class ContactPolicy(Strict):
    """Who may be contacted, how often, when, and how long an offer rests after it was made.

    `unknown_consent: allow` treats customers who were never asked as reachable about the service they have (the
    soft opt-in of existing customers); `block` asks for a recorded yes.
    """

    unknown_consent: Literal["allow", "block"] = "allow"
    limits: tuple[ContactLimit, ...] = (
        ContactLimit(channel=Channel.EMAIL, contacts=1, days=7),
        ContactLimit(channel=Channel.EMAIL, contacts=3, days=30),
        ContactLimit(channel=Channel.PHONE, contacts=1, days=14),
    )
    quiet_hours: QuietHours = QuietHours()
    cooldown_days: dict[OfferType, Days] = Field(default_factory=dict)
    price_cooldown_days: Days = 180
    decline_cooldown_days: Days = 90
    life_event_topics: tuple[str, ...] = ("life_event", "life_change", "bereavement", "deceased", "moved_away")

    @property
    def longest_look_back(self) -> int:
        """Days of history that any rule of this policy can need."""
        periods = [limit.days for limit in self.limits]
        return max([self.price_cooldown_days, self.decline_cooldown_days, *periods, *self.cooldown_days.values()])

    def as_json(self) -> Json:
        """The policy as JSON, defaults left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What the contact policy must know of a customer. `has_email` None: the table does not carry addresses."""

    customer_id: str
    status: str = CustomerStatus.ACTIVE
    consent: str = ConsentStatus.UNKNOWN
    has_email: bool | None = None
    timezone: str | None = None
    topic: str | None = None

    @classmethod
    def of(cls, facts: Mapping[str, object]) -> "ContactFacts":
        """From customer facts by name; what is missing counts as unknown."""
        has_email = facts.get("has_email")
        return cls(
            customer_id=str(facts["customer_id"]),
            status=str(facts.get("status") or CustomerStatus.ACTIVE),
            consent=consent_of(facts.get("consent")),
            has_email=None if has_email is None else bool(has_email),
            timezone=str(facts["timezone"]) if facts.get("timezone") else None,
            topic=canonical_topic(facts.get("topic")),
        )


@dataclass(frozen=True, slots=True)
class ContactVerdict:
    """Whether contact is allowed; else the rule, a sentence, and when it may be tried again (None: not by waiting)."""

    allowed: bool
    rule: str | None = None
    sentence: str = ""
    not_before: datetime | None = None


ALLOWED = ContactVerdict(True)


def contact_verdict(
    customer: ContactFacts, history: ContactHistory, now: datetime, channel: Channel, policy: ContactPolicy
) -> ContactVerdict:
    """Whether a message to this customer may leave at `now` (aware) on `channel`."""
    verdict = permission_verdict(customer, history, now, channel, policy)
    if verdict.allowed:
        verdict = pressure_verdict(history, now, channel, policy)
    return quiet_verdict(customer, now, channel, policy) if verdict.allowed else verdict


def permission_verdict(
    customer: ContactFacts, history: ContactHistory, now: datetime, channel: Channel, policy: ContactPolicy
) -> ContactVerdict:
    """Whether this customer may be contacted at all; waiting does not change it, save for a suppression that ends."""
    if customer.status != CustomerStatus.ACTIVE:
        return _no("not_active", "The customer has already left.")
    for entry in history.suppressions:
        if _in_force(entry, now, channel):
            return ContactVerdict(False, entry.reason.value, SUPPRESSION_SENTENCES[entry.reason], entry.until)
    if customer.consent == ConsentStatus.DENIED:
        return _no("no_consent", "The customer has not agreed to be contacted.")
    if customer.consent != ConsentStatus.GRANTED and policy.unknown_consent == "block":
        return _no("no_consent", "Nobody has asked the customer for consent, and the policy wants a yes.")
    if customer.topic in policy.life_event_topics:
        return _no("life_event", "The customer told us of a life event; this is no time to sell.")
    if channel is Channel.EMAIL and customer.has_email is False:
        return _no("no_address", "There is no e-mail address for this customer.")
    return ALLOWED


def pressure_verdict(
    history: ContactHistory, now: datetime, channel: Channel, policy: ContactPolicy, decision_id: str = ""
) -> ContactVerdict:
    """Whether the contact limits leave room; a contact planned for later counts as well as one made.

    Contacts about `decision_id` do not count: a conversation that goes on is not a second contact.
    """
    latest: ContactVerdict = ALLOWED
    for limit in policy.limits:
        if limit.channel is not channel:
            continue
        since = day_before(now, limit.days)
        recent = [
            past.at
            for past in history.contacts
            if past.channel is channel and past.at > since and (not decision_id or past.decision_id != decision_id)
        ]
        if len(recent) < limit.contacts:
            continue
        # Room is made when so many have aged out that one more fits.
        free_at = recent[len(recent) - limit.contacts] + timedelta(days=limit.days) if limit.contacts else None
        if latest.allowed or free_at is None or (latest.not_before is not None and free_at > latest.not_before):
            sentence = (
                f"{len(recent)} {channel.value} {'contact' if len(recent) == 1 else 'contacts'} within "
                f"{limit.days} days; the limit is {limit.contacts}."
            )
            latest = ContactVerdict(False, "contact_limit", sentence, free_at)
    return latest


def quiet_verdict(customer: ContactFacts, now: datetime, channel: Channel, policy: ContactPolicy) -> ContactVerdict:
    """Whether it is a decent hour where the customer lives.

    Wall-clock times are compared, and the end is turned back into an instant in the customer's zone, so that the
    night on which clocks change is as quiet as any other. An unknown zone falls back to the policy's.
    """
    quiet = policy.quiet_hours
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    if channel not in quiet.channels or start == end:
        return ALLOWED
    zone = zone_of(customer.timezone or "") or zone_of(quiet.default_timezone) or UTC
    local = now.astimezone(zone)
    clock = local.time()
    over_midnight = start > end
    is_quiet = (clock >= start or clock < end) if over_midnight else start <= clock < end
    if not is_quiet:
        return ALLOWED
    day = local.date() + timedelta(days=1) if over_midnight and clock >= start else local.date()
    not_before = datetime.combine(day, end, tzinfo=zone).astimezone(UTC)
    if not_before <= now:
        # Clocks went back: this wall-clock hour comes twice and the first end has passed.
        not_before = datetime.combine(day, end, tzinfo=zone).replace(fold=1).astimezone(UTC)
    sentence = f"It is {clock:%H:%M} where the customer lives; nothing is sent from {quiet.start} to {quiet.end}."
    return ContactVerdict(False, "quiet_hours", sentence, not_before)


def offer_verdict(offer: Offer, history: ContactHistory, now: datetime, policy: ContactPolicy) -> ContactVerdict:
    """Whether this offer has rested long enough: the same offer, its type, any price offer, and after a no."""
    return rest_verdict(Proposal.of(offer), history, now, policy)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the contact policy must know of an offer; `decision_id` where it is one that was decided before."""

    code: str
    offer_type: OfferType
    cooldown_days: int
    decision_id: str = ""

    @classmethod
    def of(cls, offer: Offer) -> "Proposal":
        """Of an offer in the catalogue."""
        return cls(offer.code, offer.offer_type, offer.cooldown_days)


def rest_verdict(proposal: Proposal, history: ContactHistory, now: datetime, policy: ContactPolicy) -> ContactVerdict:
    """As `offer_verdict`; contacts about the decision that the proposal comes from are part of it and do not count."""
    if proposal.offer_type is OfferType.NONE:
        return ALLOWED
    verdict = ALLOWED
    for past in reversed(history.contacts):
        is_own = bool(proposal.decision_id) and past.decision_id == proposal.decision_id
        if past.offer_type is OfferType.NONE or is_own:
            continue
        for rule, days, sentence in _rests(proposal, past, policy):
            ends = past.at + timedelta(days=days)
            if now < ends and (verdict.not_before is None or ends > verdict.not_before):
                verdict = ContactVerdict(False, rule, f"{sentence} on {past.at:%Y-%m-%d}.", ends)
    return verdict


SUPPRESSION_SENTENCES: Mapping[SuppressionReason, str] = {
    SuppressionReason.OPT_OUT: "The customer opted out.",
    SuppressionReason.COMPLAINT: "The customer complained about our messages.",
    SuppressionReason.HARD_BOUNCE: "Mail to the customer's address came back for good.",
    SuppressionReason.OBJECTION: "The customer objected to the use of their data for this.",
    SuppressionReason.ERASED: "The customer asked to be erased.",
    SuppressionReason.LIFE_EVENT: "The customer told us of a life event; this is no time to sell.",
    SuppressionReason.OUTCOME: "The customer is left alone after what came of earlier contacts.",
}


def consent_of(value: object) -> ConsentStatus:
    """Consent from a status, a boolean, or nothing (unknown); any other word counts as denied."""
    if value is None or value == "":
        return ConsentStatus.UNKNOWN
    if isinstance(value, bool):
        return ConsentStatus.GRANTED if value else ConsentStatus.DENIED
    try:
        return ConsentStatus(str(value))
    except ValueError:
        return ConsentStatus.DENIED


def _no(rule: str, sentence: str) -> ContactVerdict:
    return ContactVerdict(False, rule, sentence)


def _in_force(entry: Suppressed, now: datetime, channel: Channel) -> bool:
    # A suppression that starts later today already holds: when in doubt, nothing is sent.
    return (entry.channel is None or entry.channel is channel) and (entry.until is None or now < entry.until)


def _rests(proposal: Proposal, past: PastContact, policy: ContactPolicy) -> list[tuple[str, int, str]]:
    """The cooldowns that an earlier offer puts on this one: rule, days, beginning of the sentence."""
    same_type = past.offer_type is proposal.offer_type
    rests = []
    if past.offer_code == proposal.code:
        rests.append(("offer_cooldown", proposal.cooldown_days, "The same offer was made"))
    if same_type:
        days = policy.cooldown_days.get(proposal.offer_type, 0)
        rests.append(("offer_cooldown", days, f"An offer of type {past.offer_type.value} was made"))
    if same_type and past.declined:
        rests.append(("declined", policy.decline_cooldown_days, f"The customer declined a {past.offer_type.value}"))
    if proposal.offer_type in PRICE_OFFERS and past.offer_type in PRICE_OFFERS:
        rests.append(("price_cooldown", policy.price_cooldown_days, "An offer on the price was made"))
    return rests
