"""Money, percentages, dates and durations as an English letter writes them."""

from datetime import date

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "KRW": "₩", "PLN": "zł"}
"""Signs that readers know; other currencies are written with their code. The zloty's sign follows the amount."""

WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "XOF", "XAF", "PYG", "UGX"})
"""Currencies whose smallest coin is the unit itself (ISO 4217, exponent 0)."""

PERIODS = {
    "month": "a month", "monthly": "a month", "m": "a month", "month-to-month": "a month",
    "year": "a year", "yearly": "a year", "annual": "a year", "annually": "a year",
    "quarter": "a quarter", "quarterly": "a quarter", "week": "a week", "weekly": "a week",
}  # fmt: skip
"""How often a price is paid, in words."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def money(amount: float, currency: str) -> str:
    """`€29.85`, `€30`, `CHF 1,200`, `¥500`: cents only where there are any."""
    code = currency.upper()
    rounded = round(amount) if code in WITHOUT_CENTS else round(amount, 2)
    digits = f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.2f}"
    sign = SIGNS.get(code)
    if code == "PLN":
        return f"{digits} {sign}"
    return f"{sign}{digits}" if sign else f"{code} {digits}"


def percent(value: float) -> str:
    """`20%`, `12.5%`."""
    return f"{value:g}%"


def day_in_words(day: date) -> str:
    """`12 December 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_in_words(day: date) -> str:
    """`December 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def counted(number: float, noun: str) -> str:
    """`1 month`, `3 months`."""
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"


def tenure(months: float) -> str:
    """A length of membership: `7 months`, `3 years`, and `more than 3 years` where months are left over."""
    whole = int(months)
    if whole < 24:
        return counted(whole, "month")
    years = counted(whole // 12, "year")
    return years if whole % 12 == 0 else f"more than {years}"


def per_period(billing_period: str) -> str:
    """`a month` for `monthly`; empty where the period is unknown."""
    return PERIODS.get(billing_period.strip().lower(), "")


def in_words(text: str) -> str:
    """An ISO date in words; any other text as it is."""
    try:
        return day_in_words(date.fromisoformat(text))
    except ValueError:
        return text


def listed(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
