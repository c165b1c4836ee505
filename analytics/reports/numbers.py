"""Writes values for people: counts, shares, money and dates, the same in every form of a report."""

import math
from datetime import date

from analytics.reports.document import Figure, Kind, Section, Sentence, Value

UNKNOWN = "–"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}


def write(value: Value, kind: Kind, currency: str | None) -> str:
    """The value as people read it; what is not known is a dash."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return UNKNOWN
    if isinstance(value, str):
        return _day(value) if kind is Kind.DATE else value
    if kind is Kind.MONEY:
        return money(float(value), currency)
    if kind is Kind.SHARE:
        return share(float(value))
    if kind is Kind.COUNT:
        return f"{value:,.0f}"
    if kind is Kind.EXPECTED:
        return f"{value:,.1f}"
    return number(float(value))


def figure_text(figure: Figure, currency: str | None) -> str:
    """A figure as people read it."""
    return write(figure.value, figure.kind, currency)


def sentence_text(sentence: Sentence, section: Section, currency: str | None) -> str:
    """A sentence with its figures written out."""
    return "".join(
        figure_text(section.figures[name], currency) if name else literal for literal, name in sentence.parts()
    )


def money(value: float, currency: str | None) -> str:
    """An amount, whole from a hundred on."""
    digits = f"{abs(value):,.0f}" if abs(value) >= 100 or value == 0 else f"{abs(value):,.2f}"
    sign = "−" if value < 0 and digits.strip("0.,") else ""
    symbol = SYMBOLS.get(currency or "")
    if symbol:
        return f"{sign}{symbol}{digits}"
    return f"{sign}{digits} {currency}" if currency else f"{sign}{digits}"


def share(value: float) -> str:
    """A share in percent, with one decimal below ten; never 0 % for something nor 100 % for less than all."""
    percent = value * 100
    if 0 < abs(percent) < 0.05:
        return "<0.1 %" if percent > 0 else ">−0.1 %"
    if 99.5 <= percent < 100:
        return f"{min(percent, 99.9):.1f} %"
    text = f"{abs(percent):.0f}" if abs(percent) >= 9.95 or percent == 0 else f"{abs(percent):.1f}"
    return f"{'−' if percent < 0 else ''}{text} %"


def number(value: float) -> str:
    """A plain number with three significant digits or all its whole ones."""
    if value == int(value) and abs(value) < 1e15:
        return f"{value:,.0f}".replace("-", "−")
    size = abs(value)
    text = f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 1 else ""
    return (text or f"{value:.3f}").replace("-", "−")


def _day(text: str) -> str:
    day = date.fromisoformat(text[:10])
    return f"{day.day} {day:%B %Y}"
