"""What the wording may fill in: facts and terms as clean words, only those that are known."""

import re
import unicodedata
from datetime import date

from bot.generation.brief import Brief, FactSheet
from bot.generation.template import figures
from bot.generation.template.terms import terms_slots, without_plan

Slots = dict[str, str]
"""Words by slot name; a slot that is missing is not known, and no wording that needs it is used."""

PLAIN_TEXTS = (
    "company", "website", "plan", "support_email", "support_phone", "support_hours", "cancel_path", "ticket", "wait",
)  # fmt: skip
NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’\-](?=[^\W\d_])|\.(?=\s|$))*")
"""A person's name: letters, with single blanks, points, hyphens or apostrophes between them."""

FORBIDDEN = re.compile(r"[<>{}\[\]|*_`#\\~^=]|://(?=.*\s)")
"""Signs of markup, placeholders and code: no fact that goes into a letter has them."""


def clean(value: object, cap: int = 80) -> str:
    """One line of visible text, or empty where the value is too long or looks like markup."""
    text = unicodedata.normalize("NFC", "" if value is None else str(value))
    text = "".join(" " if char in "\t\r\n\x0b\x0c\x85\u2028\u2029" else char for char in text)
    if any(unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs") for char in text):
        return ""
    text = " ".join(text.split())
    return "" if len(text) > cap or FORBIDDEN.search(text) else text


def name(value: object) -> str:
    """A first or last name that can be addressed, else empty (a title, a number or a company stays out)."""
    text = clean(value, 40)
    if not NAME.fullmatch(text):
        return ""
    return text.title() if text.isupper() and len(text) > 2 else text


def slots_of(brief: Brief) -> Slots:
    """Every slot that this brief can fill."""
    facts = brief.facts
    found: Slots = {key: clean(facts.text(key), 120) for key in PLAIN_TEXTS}
    found["first_name"], found["last_name"] = name(facts.text("first_name")), name(facts.text("last_name"))
    found["answer"], found["last_reply"] = clean(facts.text("answer"), 600), clean(facts.text("last_reply"), 600)
    found["cancel_path"] = _steps(facts.text("cancel_path"))
    found["plan"] = without_plan(found["plan"])
    found |= _account(facts, brief.decision.currency) | terms_slots(brief.decision, facts)
    found["support"] = _support(found)
    return {key: text for key, text in found.items() if text}


def _steps(path: str) -> str:
    """A way through menus (`Account > Plan > Cancel`) as it stands where its steps are plain, else empty."""
    steps = [clean(step, 60) for step in path.split(" > ")]
    return " > ".join(steps) if all(steps) and len(path) <= 120 else ""


def _account(facts: FactSheet, fallback_currency: str | None) -> Slots:
    """Price, tenure, usage and the dates of the contract."""
    found: Slots = {"period": figures.per_period(facts.text("billing_period"))}
    price, currency = facts.number("price"), facts.text("currency") or (fallback_currency or "")
    if price is not None and price > 0 and currency:
        found["account_price"] = f"{figures.money(price, currency)} {found['period']}".rstrip()
    since, today, months = facts.day("customer_since"), facts.day("today"), facts.number("tenure_months")
    if since is not None:
        found["since"] = figures.month_in_words(since)
        if months is None and today is not None:
            months = float(whole_months(since, today))
    if months is not None and months >= 1:
        found["tenure"] = figures.tenure(months)
    for key in ("renewal_date", "paid_until"):
        day = facts.day(key)
        if day is not None:
            found[key] = figures.day_in_words(day)
    found["usage"] = usage_in_words(facts.values.get("usage"))
    return found


def whole_months(since: date, today: date) -> int:
    """Full months between two days."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return max(0, months - (today.day < since.day))


USAGE = re.compile(
    r"(?P<what>[a-z]+(?:_[a-z]+){0,2}?)_(?:(?:in_)?(?:the_)?last_(?P<count>\d+)_(?P<unit>days|weeks|months)"
    r"|(?:per|a)_(?P<each>day|week|month))"
)
"""Names of usage figures that can be said: `sessions_last_30_days`, `hours_per_week`."""


def usage_in_words(usage: object) -> str:
    """The first usage figure whose name can be read aloud (`12 sessions in the last 30 days`), else empty."""
    if not isinstance(usage, dict):
        return ""
    for key, value in usage.items():
        match = USAGE.fullmatch(str(key))
        whole = isinstance(value, int | float) and not isinstance(value, bool) and value >= 2
        if match and whole and match["what"].endswith("s"):
            what = f"{value:,g} {match['what'].replace('_', ' ')}"
            return (
                f"{what} a {match['each']}" if match["each"] else f"{what} in the last {match['count']} {match['unit']}"
            )
    return ""


def _support(found: Slots) -> str:
    """How support is reached, as a phrase: `help@a.example or 555-0100 (Mon-Fri 9-17)`."""
    ways = [found[key] for key in ("support_email", "support_phone") if found.get(key)]
    if not ways:
        return ""
    hours = found.get("support_hours")
    return " or ".join(ways) + (f" ({hours})" if hours and found.get("support_phone") else "")
