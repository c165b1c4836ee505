"""Held-out briefs: a mixed population of customers to judge writers by, none of whom any writer has learned from.

What the customers say are the messages that the language models are judged by; companies, plans, names, amounts and
days are made here. A brief is named by seed and number: the same pair gives the same brief on every machine.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from analytics.language.intents import Intent
from analytics.language.topics import OTHER, PRAISE, REASONS, TOPIC_OF_INTENT, topic_of
from analytics.language.training import texts
from bot.generation.brief import NO_OFFER, Brief, FactSheet
from bot.generation.facts import MAX_SAID
from bot.generation.held_out_offers import Account, terms
from bot.generation.template.situation import TONES
from db.vocabulary import Channel, DecisionTerms, OfferType, Sentiment

ACTS = (
    "greet", "acknowledge", "ask_reason", "present_offer", "no_offer", "offer_declined", "apology_anger", "is_bot",
    "clarify", "smalltalk", "goodbye", "cannot_handle",
)  # fmt: skip
"""The dialogue acts of the chat briefs; only `present_offer` sees the decided terms, as in a conversation."""

_KINDS = tuple(OfferType)
_OFFERS = tuple(kind for kind in OfferType if kind is not OfferType.NONE)
_TURN_OF_ACTS = (*ACTS, "present_offer", "present_offer", "present_offer", "acknowledge", "acknowledge")
_EMAILS, _OF = 3, 5
_FIRST_DAY = date(2026, 3, 2)
_WITHOUT_TOPIC = ("cancel", "account_question", "upgrade", "change_plan", "maybe_later", "schedule_callback")
_LIVING = tuple(reason for reason in REASONS if reason != "life_change")
"""Reasons after which a conversation goes on to offers; after a death it does not."""

_SAID_BEFORE: Mapping[str, tuple[str, ...]] = {
    "greet": ("greeting",),
    "ask_reason": ("cancel",),
    "no_offer": ("ask_discount", "price_complaint", "competitor_offer"),
    "offer_declined": ("decline", "maybe_later"),
    "is_bot": ("is_this_a_bot",),
    "clarify": ("report_problem", "account_question", "change_plan"),
    "smalltalk": ("chitchat", "thanks"),
    "goodbye": ("goodbye",),
    "cannot_handle": ("out_of_scope", "refund"),
}
_GLAD = frozenset({"praise", "thanks"})
_CALM = frozenset({"greeting", "goodbye", "chitchat", "is_this_a_bot", "account_question", "upgrade", "out_of_scope"})
_NAMES = (
    "Adaeze Obi", "Benedikt Hauser", "Chiara Fontana", "Declan Murphy", "Elif Yılmaz", "Fatima Zahra Benali",
    "Göran Lindqvist", "Hana Nováková", "Ines Carvalho", "Jun Watanabe", "Kwame Mensah", "Lucía Ortega",
    "Marek Zieliński", "Ngozi Eze", "Oskar Virtanen", "Priya Nair", "Quentin Lefèvre", "Rosa D'Angelo",
    "Siobhán O'Brien", "Tariq Aziz", "Ulla-Maj Berg", "Viktor Petrov", "Wei Chen", "Xenia Papadaki", "Yusuf Demir",
    "Zoë van der Meer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Firm:
    """A made-up company that writes."""

    name: str
    currency: str
    plans: tuple[str, ...]
    prices: tuple[float, ...]
    phone: str = ""
    hours: str = ""
    cancel_path: str = "Account > Subscription > Cancel"
    decimals: int = 2

    @property
    def facts(self) -> dict[str, Any]:
        """What a text may say about it."""
        site = f"{self.name.lower().replace(' ', '')}.example"
        found = {
            "company": self.name,
            "website": site,
            "support_email": f"support@{site}",
            "support_phone": self.phone,
            "support_hours": self.hours,
            "cancel_path": self.cancel_path,
            "products": list(self.plans),
        }
        return {name: value for name, value in found.items() if value}


_FIRMS = (
    _Firm("Northlight Fibre", "EUR", ("Fibre 100", "Fibre 300", "Fibre 1000"), (24.9, 34.9, 49.95), "555-0171",
          "Mon-Fri 8:00-20:00", "My account > Contract > End contract"),
    _Firm("Kestrel Mobile", "GBP", ("Kestrel Lite", "Kestrel Plus", "Kestrel Max"), (9.0, 18.5, 32.0), "555-0118",
          "daily 9:00-18:00"),
    _Firm("Tallow Street Gym", "GBP", ("Off-Peak", "Anytime", "Anytime Plus"), (21.99, 34.99, 46.5),
          cancel_path="Profile > Membership > Leave"),
    _Firm("Cartograph", "USD", ("Team", "Studio", "Agency"), (15.0, 49.0, 199.0), cancel_path="Settings > Billing"),
    _Firm("Morrow Meals", "USD", ("Box for Two", "Family Box", "Veggie Box"), (59.94, 95.88, 71.5), "555-0133"),
    _Firm("Alpenstrom", "CHF", ("Basis", "Natur", "Natur Plus"), (68.4, 79.0, 92.15), "555-0190", "Mon-Fri 7:30-17:00"),
    _Firm("Lumina TV", "PLN", ("Start", "Komfort", "Komplet"), (39.0, 69.99, 109.0), "555-0145"),
    _Firm("Sakura Audio", "JPY", ("Solo", "Duo", "Home"), (980, 1480, 2200), decimals=0),
    _Firm("Harbour Gazette", "AUD", ("Digital", "Weekend", "Every Day"), (12.0, 22.5, 48.0), "555-0102",
          "Mon-Sat 8:00-16:00"),
    _Firm("Vaultly", "EUR", ("Personal", "Family", "Office"), (4.99, 7.99, 29.0)),
    _Firm("Fjordkraft Lading", "SEK", ("Hemma", "Hemma Plus", "Resa"), (149.0, 249.0, 329.0), "555-0160"),
    _Firm("Brackenfield Insurance", "EUR", ("Essential", "Complete", "Complete Family"), (11.4, 19.8, 31.25),
          "555-0127", "Mon-Fri 9:00-17:00", "Documents > Policy > Cancel policy"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """What a customer wrote last, with its topic, its mood and its main intent; empty where they wrote nothing."""

    text: str = ""
    topic: str | None = None
    mood: Sentiment | None = None
    intent: str | None = None


@dataclass(frozen=True)
class _Messages:
    """The held-out messages by intent, and the angry ones."""

    by_intent: dict[str, list[texts.Example]] = field(default_factory=lambda: defaultdict(list))
    by_feeling: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls) -> "_Messages":
        found = cls()
        for example in texts.held_out_intents():
            found.by_intent[example.label].append(example)
        for text, mood, emotion in texts.held_out_emotions():
            found.by_feeling[mood, emotion].append(text)
        return found

    def of_intents(self, intents: Sequence[str], chance: Random, mood: Sentiment | None = None) -> _Said:
        """A message with one of the intents; its topic is what those intents say, as for a message that is read."""
        example = chance.choice(self.by_intent[chance.choice(intents)])
        topic = topic_of([Intent(example.label, 1.0)])
        return _Said(example.text, None if topic == OTHER else topic, mood or _mood(example, chance), example.label)

    def of_feeling(self, mood: Sentiment, emotion: str, chance: Random) -> _Said:
        """A message in a mood; what it is about has nobody labelled."""
        return _Said(chance.choice(self.by_feeling[mood.value, emotion]), None, mood)


def held_out_briefs(count: int, seed: int = 0) -> list[Brief]:
    """`count` briefs, three e-mails to two chat replies; kinds of offer and dialogue acts take turns."""
    messages = _Messages.read()
    return [_brief(number, Random(f"held-out|{seed}|{number}"), messages) for number in range(count)]


def _brief(number: int, chance: Random, messages: _Messages) -> Brief:
    rounds, place = divmod(number, _OF)
    is_email = place < _EMAILS
    firm = chance.choice(_FIRMS)
    facts, account = _customer(number, firm, chance)
    if is_email:
        act, kind = None, _KINDS[(rounds * _EMAILS + place) % len(_KINDS)]
        said = _letter_before(chance, messages)
    else:
        turn = rounds * (_OF - _EMAILS) + place - _EMAILS
        act, kind = _TURN_OF_ACTS[turn % len(_TURN_OF_ACTS)], _OFFERS[turn // 4 % len(_OFFERS)]
        said = _turn_before(act, chance, messages)
    decision: DecisionTerms = terms(kind, account, chance) if is_email or act == "present_offer" else NO_OFFER
    if said.text:
        facts["last_message"] = said.text[:MAX_SAID]
    return Brief(
        channel=Channel.EMAIL if is_email else Channel.CHAT,
        facts=FactSheet(facts),
        decision=decision,
        purpose=chance.choices(("retention", "follow_up", "reminder"), (75, 20, 5))[0] if is_email else "retention",
        tone=chance.choice(TONES) if is_email else "warm",
        topic=said.topic,
        intent=said.intent,
        mood=said.mood,
        dialogue_act=act,
        variant=chance.choice("ab"),
        seed=chance.randrange(2**31),
    )


def _letter_before(chance: Random, messages: _Messages) -> _Said:
    """What an e-mail answers: a message on some topic, or a topic that is known from elsewhere, or nothing at all."""
    topic = chance.choice((*REASONS, PRAISE, OTHER))
    wrote = chance.random() < 0.7
    if topic == OTHER:
        return messages.of_intents(_WITHOUT_TOPIC, chance) if wrote else _Said()
    if not wrote:
        return _Said("", topic)
    if topic == PRAISE and chance.random() < 0.5:
        words = messages.of_feeling(Sentiment.POSITIVE, "gratitude", chance).text
        return _Said(words, PRAISE, Sentiment.POSITIVE, "thanks")
    return messages.of_intents(_intents_of(topic), chance)


def _turn_before(act: str, chance: Random, messages: _Messages) -> _Said:
    """What a chat reply answers; a reason that the customer gave earlier in the conversation stays its topic."""
    reason = chance.choice(REASONS if act == "acknowledge" else _LIVING)
    if act == "apology_anger":
        if chance.random() < 0.5:
            return messages.of_feeling(Sentiment.NEGATIVE, "anger", chance)
        return messages.of_intents(_intents_of(reason), chance, Sentiment.NEGATIVE)
    if act == "greet" and chance.random() < 0.4:
        return _Said("", None, Sentiment.NEUTRAL)
    said = messages.of_intents(_SAID_BEFORE.get(act) or _intents_of(reason), chance)
    if act in ("offer_declined", "goodbye", "cannot_handle") and said.topic is None and chance.random() < 0.6:
        return replace(said, topic=reason)
    return said


def _intents_of(topic: str) -> list[str]:
    return [intent for intent, about in TOPIC_OF_INTENT.items() if about == topic]


def _mood(example: texts.Example, chance: Random) -> Sentiment:
    """A mood that goes with the intent and the voice."""
    if example.label in _GLAD:
        return Sentiment.POSITIVE
    if example.label in _CALM:
        return chance.choice((Sentiment.NEUTRAL, Sentiment.NEUTRAL, Sentiment.POSITIVE))
    if example.voice == "sarcastic":
        return Sentiment.NEGATIVE
    return chance.choice((Sentiment.NEGATIVE, Sentiment.NEGATIVE, Sentiment.NEUTRAL))


def _customer(number: int, firm: _Firm, chance: Random) -> tuple[dict[str, Any], Account]:
    """The facts of a customer, of whom more or less is known, and what their terms depend on."""
    today = _FIRST_DAY + timedelta(days=chance.randrange(900))
    place = chance.randrange(len(firm.plans))
    periods = chance.choices((("month", 1), ("quarter", 3), ("year", 12)), (80, 8, 12))[0]
    price = round(firm.prices[place] * periods[1], firm.decimals) if chance.random() < 0.9 else None
    facts: dict[str, Any] = {
        **firm.facts,
        "today": today.isoformat(),
        "language": "en",
        "customer_id": f"H{number:05d}",
        "plan": firm.plans[place],
        "price": price,
        "currency": firm.currency,
        "billing_period": periods[0],
        **_times(today, chance),
    }
    if chance.random() < 0.92:
        facts["first_name"], _, facts["last_name"] = chance.choice(_NAMES).partition(" ")
    if chance.random() < 0.25:
        facts["usage"] = {"sessions_last_30_days": chance.randint(2, 60)}
    account = Account(firm.plans[place], firm.plans, price, firm.currency, firm.decimals, today)
    return {name: value for name, value in facts.items() if value is not None}, account


def _times(today: date, chance: Random) -> dict[str, Any]:
    """How long a customer has been one (new, settled, long, or not known), and when the contract renews."""
    months = chance.choice((chance.randint(1, 5), chance.randint(6, 35), chance.randint(36, 150), None))
    renewal = (today + timedelta(days=chance.randint(3, 200))).isoformat()
    found: dict[str, Any] = {"renewal_date": renewal, "paid_until": renewal} if chance.random() < 0.8 else {}
    if months is not None:
        found["customer_since"] = (today - timedelta(days=round(months * 30.44) + chance.randint(1, 9))).isoformat()
    return found
