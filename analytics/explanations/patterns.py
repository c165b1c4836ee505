"""How each kind of measure is said: the customer's own value, the median of the others, and what a gap means."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.explanations.figures import (
    DAYS_PER_MONTH,
    bound,
    bound_text,
    days_text,
    months_text,
    number_text,
    percent_change,
    percent_text,
    signed_percent,
    whole,
)
from analytics.labels import ColumnLabel, Measure

MOODS = ((-0.6, "very negative"), (-0.2, "negative"), (0.2, "neutral or mixed"), (0.6, "positive"))
"""Upper ends of the mood words on the scale from -1 to 1; above them mood is very positive."""

HALF_A_DAY = "half a day allowed"
"""Ratios of waits have half a day added to the wait that they are measured against."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The wording of one measure.

    `own` says the value of the customer. `peer` says that `who` (half of customers) have the median or more (`more`),
    or the median or less; it may be empty. `figure` is a value alone, `absent` says that there is none, `those` names
    the customers who have a value.
    """

    own: Callable[[ColumnLabel, float], str]
    peer: Callable[[ColumnLabel, float, bool, str], str]
    figure: Callable[[ColumnLabel, float], str]
    absent: Callable[[ColumnLabel], str] = lambda label: f"{label.label} is not known"
    those: str = "of those where it is known"


def capitalised(text: str) -> str:
    """The text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def with_unit(label: ColumnLabel, text: str, value: float) -> str:
    """A figure followed by the unit of its column; one month, two months."""
    unit = label.unit.removesuffix("s") if value == 1 else label.unit
    return f"{text} {unit}".rstrip()


def _side(more: bool) -> str:
    return "or more" if more else "or less"


def _plain_figure(label: ColumnLabel, value: float) -> str:
    return with_unit(label, number_text(value), value)


def _is(label: ColumnLabel, value: float) -> str:
    return f"{label.label} is {_plain_figure(label, value)}"


def _was(label: ColumnLabel, value: float) -> str:
    return f"{label.label} was {_plain_figure(label, value)}"


def _have(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"{who} have {bound_text(median, more)} {_side(more)}"


def _for_whom_it_was(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    if median == 0 and not more and not label.signed:
        return f"for {who} it was 0"
    return f"for {who} it was {bound_text(median, more)} {_side(more)}"


def _counted(label: ColumnLabel, count: float) -> str:
    noun = label.noun
    if count == 0:
        return f"No {noun.one}"
    if count == 1 and noun.did:
        return f"{'An' if noun.one[:1] in 'aeiou' else 'A'} {noun.one} {noun.did}"
    said = f"{number_text(count)} {noun.one if count == 1 else noun.many}"
    return f"{said} {noun.did}".rstrip()


def _in_window(label: ColumnLabel, count: float) -> str:
    return f"{_counted(label, count)} in the last {label.window} days"


def _had(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    count = whole(median, more)
    if count == 0:
        return f"{who} had none"
    return f"{who} had {number_text(count)} {'or more' if more else 'or fewer'}"


def _weeks(label: ColumnLabel, share: float) -> str:
    return f"{capitalised(label.noun.many)} in {share * 100:.0f} % of weeks"


def _peer_weeks(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"for {who} in {bound(median * 100, more):.0f} % {_side(more)}"


def _total(label: ColumnLabel, value: float) -> str:
    return f"{capitalised(label.noun.total)} was {number_text(value)} in the last {label.window} days"


def _per_act(label: ColumnLabel, value: float) -> str:
    return f"{_is(label, value)} on average"


def _last_ratio(label: ColumnLabel, ratio: float) -> str:
    subject, off = capitalised(label.noun.total), (ratio - 1) * 100
    if abs(off) < 0.5:
        return f"{subject} was as usual"
    if ratio >= 3:
        return f"{subject} was {_times(ratio)} times their usual"
    return f"{subject} was {percent_text(off)} {'below' if off < 0 else 'above'} their usual"


def _peer_last_ratio(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"for {who} it was {bound(median * 100, more):,.0f} % of the usual {_side(more)}"


def _trend(label: ColumnLabel, trend: float) -> str:
    subject, before = capitalised(label.noun.total), f"against the {label.window} days before"
    if trend <= -1:
        return f"{subject} fell to zero in the last {label.window} days"
    if trend >= 1:
        return f"{subject} rose from zero in the last {label.window} days"
    if trend == 0:
        return f"{subject} did not change {before}"
    change = percent_change(trend)
    if change < 0:
        # What fell by 99.6 % did not fall to zero.
        return f"{subject} fell by {percent_text(max(change, -99.0))} {before}"
    return f"{subject} rose by {percent_text(change)} {before}"


def _peer_trend(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    change = percent_change(median)
    if change == 0:
        return f"for {who} it did not {'fall' if more else 'rise'}"
    if math.isinf(change):
        return f"for {who} it rose from zero"
    if change <= -100:
        return f"for {who} it fell to zero"
    return f"for {who} the change was {signed_percent(bound(change, more))} {'or higher' if more else 'or lower'}"


def _trend_figure(label: ColumnLabel, trend: float) -> str:
    return "from zero" if trend >= 1 else signed_percent(round(percent_change(trend)) + 0.0)


def _direction(label: ColumnLabel, trend: float) -> str:
    subject, then = capitalised(label.noun.total), f"in the {label.window} days before"
    if trend == 0:
        return f"{subject} is the same as {then}"
    return f"{subject} is {'lower' if trend < 0 else 'higher'} than {then}"


def _peer_direction(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    if median == 0:
        return f"for {who} it is not {'lower' if more else 'higher'}"
    if (median > 0) == more:
        return f"for {who} it is {'higher' if more else 'lower'}"
    return ""


def _direction_figure(label: ColumnLabel, trend: float) -> str:
    return "the same" if trend == 0 else "lower" if trend < 0 else "higher"


def _which(label: ColumnLabel) -> str:
    return f"last {label.noun.one}" + ("", " but one", " but two")[label.window]


def _ago(label: ColumnLabel, days: float) -> str:
    return f"The {_which(label)} was {days_text(days)} ago"


def _never(label: ColumnLabel) -> str:
    if label.window:
        return f"Fewer than {label.window + 1} {label.noun.many} on record"
    return f"No {label.noun.one} on record"


def _peer_days(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"for {who} it is {days_text(bound(median, more))} {_side(more)}"


def _days_figure(label: ColumnLabel, days: float) -> str:
    return days_text(days)


def _until(label: ColumnLabel, days: float) -> str:
    return f"The next {label.noun.one} is {'within a day' if days < 1 else f'in {days_text(days)}'}"


def _tenths(days: float) -> str:
    text = f"{days:,.1f}".removesuffix(".0")
    return f"{text} day" if text == "1" else f"{text} days"


def _usual_gap(label: ColumnLabel, days: float) -> str:
    return f"Usually {_tenths(days)} from one {label.noun.one} to the next"


def _longest_gap(label: ColumnLabel, days: float) -> str:
    return f"The longest wait between {label.noun.many} was {_tenths(days)}"


def _peer_gap(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"for {who} it was {_tenths(bound(median, more, 1))} {_side(more)}"


def _times(ratio: float) -> str:
    return f"{ratio:,.1f}".removesuffix(".0")


def _last_gap_ratio(label: ColumnLabel, ratio: float) -> str:
    return f"The last wait between {label.noun.many} was {_times(ratio)} times the usual ({HALF_A_DAY})"


def _running_gap_ratio(label: ColumnLabel, ratio: float) -> str:
    return f"The time since the last {label.noun.one} is {_times(ratio)} times {label.noun.total} ({HALF_A_DAY})"


def _times_figure(label: ColumnLabel, ratio: float) -> str:
    return _times(ratio)


def _peer_times(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"for {who} it is {_times(bound(median, more, 1))} times {_side(more)}"


def _mood(label: ColumnLabel, mood: float) -> str:
    word = next((word for end, word in MOODS if mood <= end), "very positive")
    return f"{label.label} was {word} ({mood + 0.0:.2f} on a scale from -1 to 1)"


def _peer_mood(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"{who} have {bound(median, more, 2):.2f} {_side(more)}"


def _mood_change(label: ColumnLabel, change: float) -> str:
    verb = "fell" if change < 0 else "rose"
    said = f"{verb} by {abs(change):.2f}" if abs(change) >= 0.005 else "hardly changed"
    return f"Mood {said} in the last {label.window} days (on a scale from -1 to 1)"


def _peer_mood_change(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"for {who} the change was {bound(median, more, 2):+.2f} {'or higher' if more else 'or lower'}"


def _hundredths(label: ColumnLabel, value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}"


def _none_seen(label: ColumnLabel) -> str:
    return f"No {label.noun.one} on record"


def _tenure(label: ColumnLabel, months: float) -> str:
    return f"A customer for {months_text(months)}"


def _peer_tenure(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"{who} have been for {months_text(bound(median, more))} {'or longer' if more else 'or less'}"


def _money(label: ColumnLabel, value: float) -> str:
    return f"{value:,.2f} {label.unit}".rstrip()


def _pays(label: ColumnLabel, value: float) -> str:
    return f"Pays {_money(label, value)} a month"


def _peer_pays(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"{who} pay {_money(label, bound(median, more, 2))} {_side(more)}"


def _discount(label: ColumnLabel, percent: float) -> str:
    return "No discount" if percent == 0 else f"A discount of {number_text(percent)} %"


def _peer_discount(label: ColumnLabel, median: float, more: bool, who: str) -> str:
    return f"{who} have none" if median == 0 else f"{who} have {bound_text(median, more)} % {_side(more)}"


PLAIN = Pattern(_is, _have, _plain_figure)
_WITH_ANY = "of those with any"
_WITH_SEVERAL = "of those with several"
_WROTE = "of those who wrote"


PATTERNS: Mapping[Measure, Pattern] = MappingProxyType(
    {
        Measure.PLAIN: PLAIN,
        Measure.COUNT: Pattern(_in_window, _had, _plain_figure),
        Measure.COUNT_SO_FAR: Pattern(lambda label, count: f"{_counted(label, count)} so far", _had, _plain_figure),
        Measure.SAME_SEASON: Pattern(
            lambda label, count: f"{_counted(label, count)} in the {label.window} days that began a year ago",
            _had,
            _plain_figure,
        ),
        Measure.WEEKS_SHARE: Pattern(_weeks, _peer_weeks, lambda label, share: f"{share * 100:.0f} %"),
        Measure.TOTAL: Pattern(_total, _for_whom_it_was, _plain_figure),
        Measure.PER_ACT: Pattern(_per_act, _have, _plain_figure, _none_seen, _WITH_ANY),
        Measure.LAST: Pattern(_was, _for_whom_it_was, _plain_figure, _none_seen, _WITH_ANY),
        Measure.TREND: Pattern(_trend, _peer_trend, _trend_figure),
        Measure.DIRECTION: Pattern(_direction, _peer_direction, _direction_figure),
        Measure.LAST_RATIO: Pattern(
            _last_ratio, _peer_last_ratio, lambda label, ratio: f"{ratio * 100:,.0f} %", those=_WITH_ANY
        ),
        Measure.DAYS_SINCE: Pattern(_ago, _peer_days, _days_figure, _never, _WITH_ANY),
        Measure.DAYS_UNTIL: Pattern(_until, _peer_days, _days_figure, those=_WITH_ANY),
        Measure.USUAL_GAP: Pattern(_usual_gap, _peer_gap, lambda label, days: _tenths(days), those=_WITH_SEVERAL),
        Measure.LONGEST_GAP: Pattern(_longest_gap, _peer_gap, lambda label, days: _tenths(days), those=_WITH_SEVERAL),
        Measure.LAST_GAP_RATIO: Pattern(_last_gap_ratio, _peer_times, _times_figure, those=_WITH_SEVERAL),
        Measure.RUNNING_GAP_RATIO: Pattern(_running_gap_ratio, _peer_times, _times_figure, those=_WITH_SEVERAL),
        Measure.MOOD: Pattern(_mood, _peer_mood, _hundredths, those=_WROTE),
        Measure.MOOD_CHANGE: Pattern(_mood_change, _peer_mood_change, _hundredths, those=_WROTE),
        Measure.TENURE_MONTHS: Pattern(_tenure, _peer_tenure, lambda label, months: months_text(months)),
        Measure.TENURE_DAYS: Pattern(
            lambda label, days: _tenure(label, days / DAYS_PER_MONTH),
            lambda label, median, more, who: _peer_tenure(label, median / DAYS_PER_MONTH, more, who),
            lambda label, days: months_text(days / DAYS_PER_MONTH),
        ),
        Measure.PRICE: Pattern(_pays, _peer_pays, _money),
        Measure.DISCOUNT: Pattern(_discount, _peer_discount, lambda label, value: f"{number_text(value)} %"),
    }
)
