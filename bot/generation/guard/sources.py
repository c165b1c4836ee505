"""What the decision record and the fact sheet support: every figure, date, name and address a text may hold.

Each value is taken in every form that is true of it (a percentage as the price it leads to, a monthly price per
year ...) and carries a role, so that a true number in a false place is still refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from bot.generation.brief import Brief
from bot.generation.guard.claims import DURATION, MONEY, PERCENT, Claim
from bot.generation.guard.dates import DateClaim
from bot.generation.guard.lexicon.calendar import WEEKDAYS
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.lexicon.units import CURRENCY_SIGNS, CURRENCY_WORDS
from bot.generation.guard.reading import MASK, fold

PRICE, SAVING, REFERENCE, OFFER, TENURE, FACT, REMAINING, DEADLINE = (
    "price", "saving", "reference", "offer", "tenure", "fact", "remaining", "deadline",
)  # fmt: skip
SAID_KEYS = wordset(
    "last_message conversation messages said review reviews comment comments feedback transcript"
    " complaint notes note quote quotes survey message history"
)
"""Facts that hold what the customer (or anyone) wrote: they support nothing."""
_OWN_WORDS = wordset("today language first_name last_name name full_name email customer_id currency timezone")
_MONEY_KEY = re.compile(r"price|amount|fee|bill|balance|charge|revenue|cost|invoice|total|spen[dt]|arpu|saving")
_NOT_MONEY_KEY = re.compile(r"count|number|date|until|pct|percent|rate|days|months|billing|share")
_PERCENT_KEY = re.compile(r"percent|pct|share|_rate|discount")
_MONTHS_IN = {
    "day": Decimal(12) / 365,
    "week": Decimal(12) / 52,
    "month": Decimal(1),
    "quarter": Decimal(3),
    "semester": Decimal(6),
    "year": Decimal(12),
}
_BILLING = {
    "monthly": "month",
    "month": "month",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
    "year": "year",
    "quarterly": "quarter",
    "quarter": "quarter",
    "weekly": "week",
    "week": "week",
}


@dataclass(slots=True)
class Sources:
    """The supported values, by kind.

    `money` maps an amount to its (role, period) pairs, `percents` a percentage to its roles, `durations` a
    (number, unit) to its roles, `dates` a date to its roles. `counts` are bare numbers. `ours` is the folded
    text of the decision and of the company's own facts: words found there may be used.
    """

    today: date | None
    currency: str
    billing: str
    offer_type: str = "none"
    money: dict[Decimal, set[tuple[str, str]]] = field(default_factory=dict)
    percents: dict[Decimal, set[str]] = field(default_factory=dict)
    durations: dict[tuple[Decimal, str], set[str]] = field(default_factory=dict)
    dates: dict[date, set[str]] = field(default_factory=dict)
    hours: set[Decimal] = field(default_factory=set)
    open_days: frozenset[int] = frozenset()
    issue_days: frozenset[int] = frozenset()
    counted: dict[str, set[Decimal]] = field(default_factory=dict)
    partial_dates: list[DateClaim] = field(default_factory=list)
    counts: set[Decimal] = field(default_factory=set)
    masks: list[str] = field(default_factory=list)
    names: frozenset[str] = frozenset()
    company_words: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    texts: list[tuple[str, str]] = field(default_factory=list)
    nouns: frozenset[str] = frozenset()
    ours: str = ""
    issue: str = ""
    full: Decimal | None = None
    reduced: Decimal | None = None
    from_plan: str = ""
    to_plan: str = ""
    said: str = ""
    words: frozenset[str] = frozenset()


def gather(brief: Brief) -> Sources:
    """Read the decision and the facts of a brief into supported values."""
    facts, terms = brief.facts, brief.decision
    currency = (terms.currency or facts.text("currency")).upper()
    billing = _BILLING.get(fold(facts.text("billing_period", "monthly")), "month")
    sources = Sources(facts.day("today"), currency, billing, terms.offer_type.value)
    _decide(sources, brief)
    for path, value in _leaves(facts.values):
        if path[0] not in SAID_KEYS:
            _fact(sources, path, value)
    _texts(sources, brief)
    return sources


def number(value: object) -> Decimal | None:
    """A JSON number, or text that is one, as a Decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return Decimal(str(value)).normalize() + 0
    except ArithmeticError:
        return None


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a nested fact with the keys that lead to it."""
    if isinstance(value, dict) or hasattr(value, "items"):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, path)
    elif value not in (None, "") and path:
        yield path, value


def _add_money(sources: Sources, amount: Decimal | None, role: str, period: str = "") -> None:
    if amount is None:
        return
    for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        cents = amount.quantize(Decimal("0.01"), rounding).normalize() + 0
        sources.money.setdefault(cents, set()).add((role, period))


def _add_recurring(sources: Sources, amount: Decimal, role: str, months: int | None) -> None:
    """An amount per billing period, also per month, quarter and year, and summed over the months of the offer."""
    per_month = amount / _MONTHS_IN[sources.billing]
    _add_money(sources, amount, role, sources.billing)
    for period in ("month", "quarter", "year"):
        exact = per_month * _MONTHS_IN[period]
        if period != sources.billing and (role == PRICE or months is None or months >= _MONTHS_IN[period]):
            _add_money(sources, exact, role, period)
    if months:
        _add_money(sources, per_month * months, role, "total")


def _decide(sources: Sources, brief: Brief) -> None:
    """Everything the terms of the decision support."""
    terms, facts = brief.decision, brief.facts
    months, value, unit = terms.duration_months, number(terms.value), _unit(terms.unit)
    price = number(terms.price) or number(facts.values.get("price"))
    during = number(terms.price_during)
    if unit == "new_price" and value is not None and during is None:
        during = value
    if unit == "percent" and value is not None:
        _add_percent(sources, value)
        if during is None and price:
            during = price * (100 - value) / 100
    if unit == "amount" and value is not None:
        if terms.offer_type == "discount":
            _add_recurring(sources, value, SAVING, months)
            during = price - value if during is None and price and price > value else during
        _add_money(sources, value, SAVING)
    _prices(sources, price, during, months)
    sources.full, sources.reduced = price, during
    sources.from_plan, sources.to_plan = terms.from_plan or "", terms.to_plan or ""
    if months:
        _add_duration(sources, Decimal(months), "month", OFFER)
    if terms.duration_days:
        _add_duration(sources, Decimal(terms.duration_days), "day", OFFER)
    if value is not None and unit.rstrip("s") in {"month", "day", "week", "year"}:
        _add_duration(sources, value, unit.rstrip("s"), OFFER)
    if unit in {"percent", "amount", "new_price"}:
        pass
    elif value is not None:
        sources.counts.add(value)
    first_after = months + 1 if months else None
    sources.counts |= {Decimal(n) for n in (terms.count, months, terms.duration_days, first_after) if n is not None}
    if terms.valid_until is not None:
        sources.dates.setdefault(terms.valid_until, set()).add(DEADLINE)
        _time_left(sources, terms.valid_until, OFFER)


def _unit(written: str | None) -> str:
    """The unit of a decision by its usual name: `%` is percent, a currency is an amount."""
    unit = fold(written or "").strip()
    if unit in {"%", "percentage", "pct", "per cent"}:
        return "percent"
    return "amount" if unit in CURRENCY_WORDS or unit in CURRENCY_SIGNS else unit


def _prices(sources: Sources, price: Decimal | None, during: Decimal | None, months: int | None) -> None:
    if price is not None:
        _add_recurring(sources, price, PRICE, months)
    if during is None:
        return
    _add_recurring(sources, during, PRICE, months)
    if price is not None and price > during:
        _add_recurring(sources, price - during, SAVING, months)
        share = (price - during) * 100 / price
        if abs(share - share.to_integral_value()) < Decimal("0.06"):
            _add_percent(sources, share.to_integral_value())
        sources.percents.setdefault(share.quantize(Decimal("0.01")).normalize(), set()).add(OFFER)


def _add_percent(sources: Sources, value: Decimal) -> None:
    value = value.normalize() + 0
    sources.percents.setdefault(value, set()).add(OFFER)
    sources.percents.setdefault(100 - value, set()).add(REMAINING)


def _add_duration(sources: Sources, count: Decimal, unit: str, role: str) -> None:
    """A duration and what is exactly the same length."""
    same = {(count, unit)}
    if unit == "month":
        same |= {(count / 3, "quarter")} if count % 3 == 0 else set()
        same |= {(count / 12, "year")} if count % 6 == 0 else set()
        same |= {(count / 6, "semester")} if count % 6 == 0 else set()
        if sources.billing == "month":
            same.add((count, "bill"))
        elif sources.billing == "year" and count % 12 == 0:
            same.add((count / 12, "bill"))
        elif sources.billing == "quarter" and count % 3 == 0:
            same.add((count / 3, "bill"))
    if unit == "year":
        same.add((count * 12, "month"))
    if unit == "week":
        same |= {(count * 7, "day")}
    if unit == "day":
        same |= {(count / 7, "week")} if count % 7 == 0 else set()
        same |= {(count / 14, "fortnight")} if count % 14 == 0 else set()
    for key in same:
        sources.durations.setdefault(key, set()).add(role)


def _time_left(sources: Sources, day: date, role: str) -> None:
    """How long it is from today to a day."""
    if sources.today is None:
        return
    days = (day - sources.today).days
    if abs(days) < 2000:
        _add_duration(sources, Decimal(abs(days)), "day", "until " + role)


def _fact(sources: Sources, path: tuple[str, ...], value: Any) -> None:
    """One fact as supported values, by what its name says it is."""
    key = fold("_".join(path))
    amount = number(value)
    if isinstance(value, bool):
        return
    if amount is not None and not (isinstance(value, str) and path[-1] in _OWN_WORDS):
        _number_fact(sources, key, amount)
    elif isinstance(value, str):
        day = _day(value)
        if day is not None:
            _date_fact(sources, key, day)
    named = re.findall(r"(\d+)_?(second|minute|hour|day|week|month|year)", key)
    for count, unit in named:
        _add_duration(sources, Decimal(count), unit, FACT)
    sources.counts |= {Decimal(count) for count in re.findall(r"\d+", key)}


def _number_fact(sources: Sources, key: str, amount: Decimal) -> None:
    if key == "tenure_months":
        _add_duration(sources, amount, "month", TENURE)
        _add_duration(sources, amount // 12, "year", TENURE)
    elif key.startswith("tenure_"):
        _add_duration(sources, amount, key.removeprefix("tenure_").rstrip("s"), TENURE)
    elif (
        _MONEY_KEY.search(key) and not (key.startswith("usage") and "invoice" in key) and not _NOT_MONEY_KEY.search(key)
    ):
        if key == "price":
            _add_recurring(sources, amount, PRICE, None)
        else:
            _add_money(sources, amount, REFERENCE)
    else:
        sources.counts.add(amount)
        head = key.split("_")
        for noun in {head[0], *head[1:2]} - {"usage", "number", "last", "days"}:
            if len(noun) > 3:
                sources.counted.setdefault(noun.removesuffix("s"), set()).add(amount)
        if _PERCENT_KEY.search(key):
            sources.percents.setdefault(amount, set()).add(FACT)
        for unit in ("second", "minute", "hour", "day", "week", "month", "year"):
            if unit in key:
                sources.durations.setdefault((amount, unit), set()).add(FACT)


def _day(value: str) -> date | None:
    if not re.match(r"\d{4}-\d\d-\d\d(T|$| )", value):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _date_fact(sources: Sources, key: str, day: date) -> None:
    sources.dates.setdefault(day, set()).add(key)
    if key == "today" or sources.today is None:
        return
    if any(word in key for word in ("since", "start", "sign", "join")):
        months = (sources.today.year - day.year) * 12 + sources.today.month - day.month
        months -= sources.today.day < day.day
        for count in {months, months + (sources.today.day < day.day)}:
            _add_duration(sources, Decimal(count), "month", TENURE)
        _add_duration(sources, Decimal(months // 12), "year", TENURE)
        _add_duration(sources, Decimal((sources.today - day).days), "day", TENURE)
    else:
        _time_left(sources, day, key)


_MASKED = [
    "website",
    "support_email",
    "support_phone",
    "support_hours",
    "postal_address",
    "unsubscribe_url",
    "email",
    "cancel_path",
    "company",
    "plan",
    "customer_id",
    "phone",
    "account_manager",
    "agent_name",
    "sender_name",
]
_SANE = re.compile(r"[^%€$£<>{}\n]{2,120}")
_UNSANE = re.compile(r"\b(free|gratis|off|refund|discount|guarantee\w*|forever|ignore|system)\b", re.I)


def _is_name(text: str) -> bool:
    """Whether a fact may be repeated as it stands: short, and no sentence that offers something."""
    offers = _UNSANE.search(text) and len(text.split()) > 3
    return bool(_SANE.fullmatch(text)) and not offers


_TERMS_TEXT = ("scope", "applies_to", "keeps", "who", "topic", "effective", "from_plan", "to_plan")
_PEOPLE = ("company", "account_manager", "agent_name", "sender_name")
_NAMES = ("first_name", "last_name", "full_name", "name")
_CUSTOMER_NAME = re.compile(r"[^\W\d_][^\d\n%€$£<>{}\[\]:/@]{0,40}")


def _texts(sources: Sources, brief: Brief) -> None:
    """Names, addresses and words that may be used as they stand."""
    facts, terms = brief.facts, brief.decision
    listed = [str(item) for key in ("products", "competitors") for item in _as_list(facts.values.get(key))]
    plans = [facts.text("plan"), terms.from_plan or "", terms.to_plan or "", *listed]
    written = [facts.text(key) for key in _NAMES]
    names = [name for name in written if _CUSTOMER_NAME.fullmatch(name) and not _UNSANE.search(name)]
    terms_text = [part for part in (*(getattr(terms, key) for key in _TERMS_TEXT), *terms.conditions) if part]
    repeated = {*(facts.text(key) for key in _MASKED), *plans, *names}
    sources.masks = sorted((text for text in repeated if text and _is_name(text)), key=len, reverse=True)
    sources.names = _wordset(names)
    sources.company_words = _wordset([*(facts.text(key) for key in _PEOPLE), terms.who or "", *listed])
    sources.plans = _wordset(plans)
    named = [*listed, *(facts.text(key) for key in ("plan", "company", "support_hours", "cancel_path"))]
    sources.ours = _joined([*terms_text, *(text for text in named if _is_name(text))])
    sources.texts = _evidence(brief, terms_text)
    _said_and_happened(sources, brief)
    _opening(sources, facts.text("support_hours"))
    _known_words(sources, brief, terms_text, [*names, *plans, *terms_text])


def _said_and_happened(sources: Sources, brief: Brief) -> None:
    """The customer's last trouble, with the days it names, and what the customer said."""
    sources.issue = _joined([brief.facts.text("last_issue"), brief.topic or ""])
    sources.said = _joined([brief.facts.said()])
    named = (word.removesuffix("s") for word in sources.issue.split())
    sources.issue_days = frozenset(WEEKDAYS[word] for word in named if word in WEEKDAYS)


def _known_words(sources: Sources, brief: Brief, terms_text: list[str], own: list[str]) -> None:
    """Words of the facts: what is counted and named there is no foreign word."""
    facts = brief.facts
    keys = ["_".join(path).replace("_", " ") for path, _ in _leaves(facts.values) if path[0] not in SAID_KEYS]
    usage = facts.values.get("usage")
    counted = [key.replace("_", " ") for key in usage] if isinstance(usage, Mapping) else []
    sources.nouns = _wordset([*terms_text, *counted]) | {MASK}
    known = [facts.text(key) for key in ("company", "last_issue", "postal_address")]
    sources.words = _wordset([*own, *known, *keys])


def _evidence(brief: Brief, terms_text: list[str]) -> list[tuple[str, str]]:
    """Texts of the record that may state figures, each with the role they give them."""
    terms = brief.decision
    texts = [(OFFER, text) for text in terms_text]
    if terms.value is not None and terms.unit not in {None, "percent", "amount", "new_price"}:
        texts.append((OFFER, f"{number(terms.value)} {terms.unit}"))
    for path, text in _leaves(brief.facts.values):
        own = path[0] in SAID_KEYS | _OWN_WORDS or path[-1] in _MASKED
        if own or not isinstance(text, str) or len(text) >= 300 or _day(text) is not None:
            continue
        if path[-1] == "last_issue" or any(char.isdigit() for char in text):
            texts.append((REFERENCE, text))
    return texts


def _wordset(texts: list[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _words(text))


def _joined(texts: list[str]) -> str:
    """The words of texts between single spaces, so that a phrase is found with a space on either side."""
    return " " + " ".join(word for text in texts for word in _words(text)) + " "


_SHORT_DAYS = (
    "mon mo lun ma",
    "tue di mar",
    "wed mi mer mie woe",
    "thu do jeu jue gio",
    "fri fr ven vie vrij",
    "sat sa sam sab zat",
    "sun so dim dom zon",
)


def _opening(sources: Sources, hours: str) -> None:
    """Opening hours as minutes since midnight and days of the week."""
    for hour, minute, half in re.findall(r"\b(\d{1,2})(?:[:.h](\d\d))?\s*(am|pm)?", hours.lower()):
        value = int(hour) % 12 + 12 * (half == "pm") if half else int(hour)
        sources.hours.add(Decimal(60 * value + int(minute or 0)))
    named = [
        day
        for word in re.findall(r"[a-z]+", fold(hours))
        for day, line in enumerate(_SHORT_DAYS)
        if word[:3] in line.split() or word in line.split()
    ]
    if len(named) == 2 and named[0] < named[1]:
        named = list(range(named[0], named[1] + 1))
    sources.open_days = frozenset(named)


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [item.get("name", "") if isinstance(item, dict) else item for item in value]
    return [] if value in (None, "") else [value]


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def learn(sources: Sources, role: str, claim: Claim) -> None:
    """Add a figure that the record states in words."""
    for value in claim.values:
        known = value.normalize() + 0
        if claim.kind == MONEY:
            for kind in (PRICE, SAVING, REFERENCE) if role == OFFER else (REFERENCE,):
                _add_money(sources, known, kind, claim.period)
        elif claim.kind == PERCENT:
            sources.percents.setdefault(known, set()).add(role)
        elif claim.kind == DURATION:
            _add_duration(sources, known, claim.unit, role)
        else:
            sources.counts.add(known)
