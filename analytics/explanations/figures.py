"""Numbers as people read them: the value of a customer as it is, that of their peers rounded to stay true."""

import math

import numpy as np

DAYS_PER_MONTH = 365.25 / 12
LEAST_SAID = 0.0001
"""What is closer to zero is not worth its digits."""


def number_text(value: float) -> str:
    """A number for people: whole numbers without decimals, others with at most two or three significant digits."""
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value + 0.0:,.0f}"
    if abs(value) < LEAST_SAID:
        return "nearly 0"
    return f"{value:,.2f}".removesuffix(".00") if abs(value) >= 1 else f"{value:.3g}"


def share_text(share: float) -> str:
    """A share of customers as a percentage in words."""
    if share < 0.01:
        return "fewer than 1 %"
    return f"{share:.0%}".replace("%", " %") if share <= 0.995 else "nearly all"


def bound(value: float, more: bool, digits: int = 0) -> float:
    """A median rounded so that 'half have this or more' (`more`) or 'or less' stays true: down or up."""
    scale = 10.0**digits
    # Nine digits take away what binary fractions add: 0.29 * 100 is 28.999999999999996.
    scaled = round(value * scale, 9)
    rounded = (math.floor(scaled) if more else math.ceil(scaled)) / scale
    return rounded + 0.0


def bound_text(value: float, more: bool) -> str:
    """`number_text` of a median, rounded to stay true."""
    if float(value).is_integer():
        return number_text(value)
    size = abs(value)
    if size >= 1:
        return number_text(bound(value, more, 0 if size >= 1000 else 2))
    digits = 4 if size < LEAST_SAID else 2 - math.floor(math.log10(size))
    return number_text(bound(value, more, digits))


def whole(value: float, more: bool) -> float:
    """A median of whole numbers as the tightest true whole number: half of 3 and 4 have 4 or more, 3 or fewer."""
    return float(math.ceil(value) if more else math.floor(value))


def date_text(day: float) -> str:
    """Days since 1970-01-01 as an ISO date."""
    return str(np.datetime64(math.floor(day), "D"))


def days_text(days: float) -> str:
    """A number of days in words; parts of a day are left out."""
    count = math.floor(days)
    if count < 1:
        return "less than a day"
    return "1 day" if count == 1 else f"{count:,} days"


def months_text(months: float) -> str:
    """A number of months in words; parts of a month are left out."""
    count = math.floor(months)
    if count < 1:
        return "less than a month"
    return "1 month" if count == 1 else f"{count:,} months"


def percent_change(trend: float) -> float:
    """The change in percent behind (recent - before) / (recent + before), for sums that are not negative.

    recent / before = (1 + t) / (1 - t), hence 2 t / (1 - t); infinite where there was nothing before (t = 1).
    """
    return math.inf if trend >= 1 else 200 * trend / (1 - trend)


def percent_text(value: float) -> str:
    """A percentage without its sign, whole where it is two digits long."""
    size = abs(value)
    if size < 1:
        return "less than 1 %"
    return f"{size:,.0f} %"


def signed_percent(value: float) -> str:
    """A percentage with its sign; a zero has none."""
    return "0 %" if value == 0 else f"{value:+,.0f} %"
