"""The decided terms in words: each slot says a term exactly, and a term that is not decided has no slot."""

import re
import unicodedata
from datetime import date

from bot.generation.brief import FactSheet
from bot.generation.template import figures
from db.vocabulary import DecisionTerms, OfferType

ESSENTIAL = ("off", "duration", "price_during", "no_charge", "to_plan", "keeps")
"""Terms that a reader must be told when they are decided; the last day and the conditions have their own sentences."""

UNITS = {"percent": "percent", "%": "percent", "percentage": "percent", "amount": "amount", "months": "months",
         "month": "months", "days": "days", "day": "days", "new_price": "new_price"}  # fmt: skip


def terms_slots(terms: DecisionTerms, facts: FactSheet) -> dict[str, str]:
    """The slots of a decided offer; empty for the decision to propose nothing."""
    if terms.offer_type is OfferType.NONE:
        return {}
    unit, currency = UNITS.get((terms.unit or "").lower(), terms.unit or ""), terms.currency or facts.text("currency")
    period = figures.per_period(facts.text("billing_period"))
    found = {
        "duration": _duration(terms, unit),
        "off": _off(terms, unit, currency),
        "price": _price(terms.price, currency, period),
        "price_during": _price(_price_during(terms, unit), currency, period),
        "from_plan": without_plan(_text(terms.from_plan)),
        "to_plan": without_plan(_text(terms.to_plan)),
        "applies_to": owned(_text(terms.applies_to)) if terms.applies_to else "",
        "keeps": owned(_text(terms.keeps)) if terms.keeps else "",
        "who": somebody(_text(terms.who), terms.offer_type),
        "offer_topic": _text(terms.topic),
        "bonus": _bonus(terms, unit, currency),
        "lesson": _text(terms.scope) if terms.offer_type is OfferType.EDUCATION else "",
        "no_charge": "nothing to pay" if terms.offer_type is OfferType.PAUSE and terms.price_during == 0 else "",
        "valid_until": figures.day_in_words(terms.valid_until) if terms.valid_until else "",
    }
    return {key: text for key, text in (found | _start(terms) | _conditions(terms)).items() if text}


WHEN = frozenset({"with", "on", "from", "at", "in", "after", "as", "immediately", "upon", "when", "next", "before"})
"""Words that a start begins with where it reads on after a verb (`with your next bill`, `as soon as you accept`)."""


def _start(terms: DecisionTerms) -> dict[str, str]:
    """When the offer starts: as a day, as a phrase after a verb, or as a bare noun."""
    effective = _text(terms.effective)
    if _is_day(effective):
        return {"starts_on": figures.in_words(effective)}
    reads_on = effective.split(" ", 1)[0].lower() in WHEN
    return {"starts" if reads_on else "effective": effective}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _text(value: str | None) -> str:
    """A term as one visible line, with blanks for the underscores of a code."""
    visible = "".join(char for char in value or "" if unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cn", "Cs"))
    return " ".join(visible.replace("_", " ").split()).rstrip(".;")


def owned(noun: str) -> str:
    """`your monthly price` for `monthly price`; a phrase that has its own article or owner stays as it is."""
    first = noun.split(" ", 1)[0].lower()
    has_own = first in {"the", "your", "all", "every", "each", "any", "a", "an", "both", "our"}
    return noun if has_own or first[:1].isdigit() else f"your {noun}"


def without_plan(name: str) -> str:
    """`Basic` for `Basic plan`: the wording says the word itself."""
    return name[: -len(" plan")] if name.lower().endswith(" plan") else name


MEMBER = re.compile(r"^(?:a person|someone|somebody) from our (?=[\w ]*\bteam$)", re.IGNORECASE)
"""How offer catalogues put that a colleague makes contact."""


def somebody(who: str, offer_type: OfferType) -> str:
    """`a technician` for `technician`; a name or a phrase with an article stays; a contact is at least `a colleague`.

    `a person from our support team` becomes `a member of our support team`, as a letter would say it.
    """
    if not who:
        return "a member of our team" if offer_type is OfferType.CONTACT else ""
    who = MEMBER.sub("a member of our ", who)
    first = who.split(" ", 1)[0].lower()
    if who[0].isupper() or first in {"a", "an", "the", "our", "your", "someone", "somebody", "one", "any", "another"}:
        return who
    return f"{'an' if who[0].lower() in 'aeiou' else 'a'} {who}"


def _duration(terms: DecisionTerms, unit: str) -> str:
    if terms.duration_months is not None:
        return figures.counted(terms.duration_months, "month")
    if terms.duration_days is not None:
        return figures.counted(terms.duration_days, "day")
    if terms.value is not None and unit in ("months", "days"):
        return figures.counted(terms.value, unit.removesuffix("s"))
    return ""


def _off(terms: DecisionTerms, unit: str, currency: str) -> str:
    """What comes off the price: `20%` or `€5`."""
    if terms.value is None or terms.offer_type is not OfferType.DISCOUNT:
        return ""
    if unit == "percent":
        return figures.percent(terms.value)
    return figures.money(terms.value, currency) if unit == "amount" and currency else ""


def _price_during(terms: DecisionTerms, unit: str) -> float | None:
    """The price under the offer; a decided `new_price` is one too, and nothing to pay is none."""
    if terms.price_during is not None:
        return terms.price_during or None
    return terms.value if unit == "new_price" else None


def _price(amount: float | None, currency: str, period: str) -> str:
    return f"{figures.money(amount, currency)} {period}".rstrip() if amount is not None and currency else ""


def _bonus(terms: DecisionTerms, unit: str, currency: str) -> str:
    """What a bonus gives, as a noun: `2 guest passes`, `shop credit worth €10`."""
    if terms.offer_type is not OfferType.BONUS:
        return ""
    thing = _text(terms.scope) or _text(terms.applies_to) or _text(terms.topic)
    if terms.count is not None and thing:
        return f"{terms.count} {thing}"
    if terms.value is not None and unit == "amount" and currency:
        worth = figures.money(terms.value, currency)
        joint = "of" if thing.endswith(("credit", "voucher", "allowance")) else "worth"
        return f"{thing} {joint} {worth}" if thing else f"a bonus of {worth}"
    if terms.value is not None and unit and unit not in ("percent", "months", "days"):
        return f"{terms.value:g} {unit} of {thing}" if thing else f"{terms.value:g} {unit}"
    return thing or "a bonus"


def _conditions(terms: DecisionTerms) -> dict[str, str]:
    """`condition` for a single one, `conditions` for several; what holds after the offer is a sentence of its own."""
    texts = [text for text in map(_text, terms.conditions) if text]
    later = [text for text in texts if text.lower().startswith(("after ", "afterwards "))]
    limits = [text for text in texts if text not in later]
    found = {"condition" if len(limits) == 1 else "conditions": "; ".join(limits)}
    return found | {"afterwards": "; ".join(later)}
