"""Feature columns in plain words, for reasons and reports: label, kind of measure, noun and group of each column."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from analytics.features.plan import FeaturePlan, KindPlan
from analytics.features.rhythm import HALF_LIVES
from analytics.labels import ColumnLabel, Measure, Noun

BILLED: Mapping[str, str] = MappingProxyType(
    {"week": "weekly", "month": "monthly", "quarter": "quarterly", "half_year": "half-yearly", "year": "yearly"}
)

TOPIC_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "none": "nothing in 90 days",
        "price": "the price",
        "competitor": "another company's offer",
        "outage": "outages or quality",
        "slow_support": "slow support",
        "billing_error": "a bill",
        "missing_feature": "a missing feature",
        "low_usage": "hardly using it",
        "moving_house": "moving house",
        "too_complex": "how hard it is to use",
        "equipment": "equipment",
        "life_change": "a death in the family",
        "contract_end": "the end of the contract",
        "praise": "praise",
        "other": "something else",
    }
)

_REGULAR = frozenset(
    (
        *("bill", "booking", "call", "cancellation", "chargeback", "charge", "click", "complaint", "contact"),
        *("contract", "download", "email", "invoice", "login", "message", "order", "outage", "payment", "purchase"),
        *("price_rise", "refund", "reminder", "rental", "return", "session", "support_call", "support_ticket"),
        *("survey", "ticket", "transaction", "upgrade", "downgrade", "visit"),
    )
)
_NOUNS: Mapping[str, Noun] = MappingProxyType(
    {
        "renewal_notice": Noun("renewal notice", "renewal notices", "went out"),
        "payment_failed": Noun("failed payment", "failed payments"),
        "address_change": Noun("change of address", "changes of address"),
        "plan_change": Noun("change of plan", "changes of plan"),
        "usage": Noun("usage record", "usage records", total="usage"),
        "delivery": Noun("delivery", "deliveries"),
        "inquiry": Noun("inquiry", "inquiries"),
    }
)

_SUMS = {"amount": "the total amount recorded with {}", "quantity": "the total quantity recorded with {}"}
_OF_ONE = {
    "amount": ("the amount of one {}", "the amount of the last {}"),
    "quantity": ("the quantity recorded with one {}", "the quantity recorded with the last {}"),
}
"""How the amounts and quantities of events are called: of all of them, of one, of the last.

What a quantity is (hours, pieces, a grade) is not known, only that it was recorded with the event: it is no count of
events, and must not be read as one.
"""

_FROM_THEM = Noun("message from them", "messages from them")
_FROM_US = Noun("message from us", "messages from us")
_NEGATIVE = Noun("negative message", "negative messages")
_PRICE_RISE, _PLAN_CHANGE = Noun("price rise", "price rises"), _NOUNS["plan_change"]
_TENURE, _PRICE_RISES, _PLAN_CHANGES, _MOOD = "tenure", "price_rise occurrence", "plan_change occurrence", "mood"
_WRITING = "messages from them"

_CONTRACT: Mapping[str, ColumnLabel] = MappingProxyType(
    {
        "tenure_days": ColumnLabel("Time as a customer", measure=Measure.TENURE_DAYS, group=_TENURE),
        "contract_days": ColumnLabel(
            "Days since the first contract", "days", noun=Noun("first contract", "contracts"), group=_TENURE
        ),
        "plan": ColumnLabel("Plan"),
        "billing_period": ColumnLabel("Billing", values=BILLED),
        "monthly_revenue": ColumnLabel("Monthly revenue", measure=Measure.PRICE),
        "discount_percent": ColumnLabel("Discount in percent", measure=Measure.DISCOUNT),
        "days_to_renewal": ColumnLabel(
            "Days to the next renewal", measure=Measure.DAYS_UNTIL, noun=Noun("renewal", "renewals")
        ),
        "contract_price_rises_365d": ColumnLabel(
            "Price rises in the last 365 days",
            measure=Measure.COUNT,
            noun=_PRICE_RISE,
            window=365,
            group=_PRICE_RISES,
        ),
        "contract_days_since_price_rise": ColumnLabel(
            "Days since the last price rise", measure=Measure.DAYS_SINCE, noun=_PRICE_RISE, group=_PRICE_RISES
        ),
        "contract_plan_changes_365d": ColumnLabel(
            "Plan changes in the last 365 days",
            measure=Measure.COUNT,
            noun=_PLAN_CHANGE,
            window=365,
            group=_PLAN_CHANGES,
        ),
        "contract_days_since_plan_change": ColumnLabel(
            "Days since the last plan change", measure=Measure.DAYS_SINCE, noun=_PLAN_CHANGE, group=_PLAN_CHANGES
        ),
    }
)
_MESSAGES: Mapping[str, ColumnLabel] = MappingProxyType(
    {
        "messages_days_since_last": ColumnLabel(
            "Days since their last message", measure=Measure.DAYS_SINCE, noun=_FROM_THEM, group=_WRITING
        ),
        "messages_sent_90d": ColumnLabel(
            "Messages we sent in the last 90 days", measure=Measure.COUNT, noun=_FROM_US, window=90
        ),
        "mood_last": ColumnLabel("Mood of their last message", measure=Measure.MOOD, group=_MOOD),
        "mood_mean_30d": ColumnLabel("Mean mood of the last 30 days", measure=Measure.MOOD, group=_MOOD),
        "mood_mean_90d": ColumnLabel("Mean mood of the last 90 days", measure=Measure.MOOD, group=_MOOD),
        "mood_trend": ColumnLabel(
            "Change of mood in the last 90 days", measure=Measure.MOOD_CHANGE, window=90, group=_MOOD
        ),
        "messages_negative_90d": ColumnLabel(
            "Negative messages in the last 90 days", measure=Measure.COUNT, noun=_NEGATIVE, window=90, group=_MOOD
        ),
        "topic_90d": ColumnLabel("What they last wrote about", values=TOPIC_WORDS),
        "days_since_negative": ColumnLabel(
            "Days since the last negative message", measure=Measure.DAYS_SINCE, noun=_NEGATIVE, group=_MOOD
        ),
    }
)


def feature_labels(plan: FeaturePlan, currency: str | None = None) -> dict[str, ColumnLabel | str]:
    """Label of each column that a table of this plan may have; attributes keep their own names.

    `currency` follows what a customer pays; the amounts of events come without one.
    """
    labels: dict[str, ColumnLabel | str] = {**_CONTRACT, **_MESSAGES}
    labels["monthly_revenue"] = replace(_CONTRACT["monthly_revenue"], unit=currency or "")
    for window in plan.windows:
        labels[f"messages_count_{window}d"] = ColumnLabel(
            f"Messages in the last {window} days", "", {}, Measure.COUNT, _FROM_THEM, window, _WRITING
        )
    for kind in plan.kinds:
        found = _KindLabels(kind)
        labels |= {f"{kind.name}_{part}": label for part, label in found.all(plan).items()}
    return labels


def noun_of(kind: str) -> Noun:
    """How events of a kind are called; kinds that are not known by name become 'events'."""
    said = " ".join(kind.replace("_", " ").split())
    if kind in _REGULAR:
        return Noun(said, f"{said}s")
    return _NOUNS.get(kind) or Noun(f"{said} event", f"{said} events")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class _KindLabels:
    """The labels of one kind of event, by the part of the column name that follows the kind."""

    def __init__(self, kind: KindPlan) -> None:
        self.kind = kind
        self.noun = noun_of(kind.name)

    def all(self, plan: FeaturePlan) -> dict[str, ColumnLabel]:
        """The labels of every column that the kind may have."""
        labels = {**self._recency(), **self._rhythm(), **self._frequency(plan)}
        for window in plan.windows:
            labels |= self._changes("count", self.noun.many, window, signed=False)
        for measure in ("amount", "quantity"):
            labels |= self._measured(measure, plan)
        one = self.noun.one
        labels["lines_per_act"] = self._label(f"Lines per {one}", Measure.PER_ACT, "lines")
        labels["lines_of_last"] = self._label(f"Lines of the last {one}", Measure.LAST, "lines")
        labels["lines_of_last_ratio"] = self._label(
            f"Lines of the last {one} against the usual number",
            Measure.LAST_RATIO,
            "change",
            total=f"the number of lines of the last {one}",
        )
        return labels

    def _label(self, text: str, measure: Measure, family: str, window: int = 0, total: str = "") -> ColumnLabel:
        # Of what happens now and then, how often and how long ago are nearly one thing.
        if family in ("frequency", "recency") and not self.kind.with_rhythm:
            family = "occurrence"
        noun = replace(self.noun, total=total) if total else self.noun
        return ColumnLabel(text, "", {}, measure, noun, window, f"{self.kind.name} {family}", self.kind.with_negative)

    def _recency(self) -> dict[str, ColumnLabel]:
        one = self.noun.one
        return {
            "days_since_last": self._label(f"Days since the last {one}", Measure.DAYS_SINCE, "recency"),
            "days_since_last_but_1": self._label(
                f"Days since the last {one} but one", Measure.DAYS_SINCE, "recency", window=1
            ),
            "days_since_last_but_2": self._label(
                f"Days since the last {one} but two", Measure.DAYS_SINCE, "recency", window=2
            ),
            "running_gap_ratio": self._label(
                f"Days since the last {one} against the usual wait",
                Measure.RUNNING_GAP_RATIO,
                "recency",
                total="the usual wait",
            ),
            "running_gap_to_longest": self._label(
                f"Days since the last {one} against the longest wait",
                Measure.RUNNING_GAP_RATIO,
                "recency",
                total="the longest wait",
            ),
        }

    def _rhythm(self) -> dict[str, ColumnLabel]:
        one, many = self.noun.one, self.noun.many
        return {
            "gap_mean_days": self._label(f"Usual days from one {one} to the next", Measure.USUAL_GAP, "rhythm"),
            "gap_sd_days": self._label(f"Standard deviation of the days between {many}", Measure.PLAIN, "rhythm"),
            "gap_longest_days": self._label(f"Longest wait between {many} in days", Measure.LONGEST_GAP, "rhythm"),
            "last_gap_ratio": self._label(
                f"Last wait between {many} against the usual wait", Measure.LAST_GAP_RATIO, "recency"
            ),
        }

    def _frequency(self, plan: FeaturePlan) -> dict[str, ColumnLabel]:
        many = self.noun.many
        capital = _capital(many)
        labels = {
            f"count_{window}d": self._label(f"{capital} in the last {window} days", Measure.COUNT, "frequency", window)
            for window in plan.windows
        }
        labels |= {
            f"fading_count_{days}d": self._label(
                f"Recent {many}, each counting half after {days} days,", Measure.PLAIN, "frequency"
            )
            for days in HALF_LIVES
        }
        return labels | {
            "count_all": self._label(f"{capital} so far", Measure.COUNT_SO_FAR, "frequency"),
            "active_days": self._label(f"Number of days with {many}", Measure.PLAIN, "frequency"),
            "active_weeks_share": self._label(f"Share of weeks with {many}", Measure.WEEKS_SHARE, "frequency"),
            "count_same_season": self._label(
                f"{capital} in the coming season a year ago", Measure.SAME_SEASON, "season", plan.season_days
            ),
        }

    def _measured(self, measure: str, plan: FeaturePlan) -> dict[str, ColumnLabel]:
        one, many = self.noun.one, self.noun.many
        has_name = measure == "quantity" and bool(self.noun.total)
        total = self.noun.total if has_name else _SUMS[measure].format(many)
        of_one, of_last = (part.format(one) for part in _OF_ONE[measure])
        if has_name:
            of_one, of_last = f"{total} per {one}", f"the last {total}"
        signed = self.kind.with_negative
        level = measure if self.kind.with_rhythm else "frequency"
        labels = {
            f"{measure}_per_act": self._label(_capital(of_one), Measure.PER_ACT, measure),
            f"{measure}_of_last": self._label(_capital(of_last), Measure.LAST, measure, total=of_last),
            f"{measure}_of_last_ratio": self._label(
                f"{_capital(of_last)} against the usual {measure}",
                Measure.PLAIN if signed else Measure.LAST_RATIO,
                "change",
                total=of_last,
            ),
        }
        for window in plan.windows:
            labels[f"{measure}_{window}d"] = self._label(
                f"{_capital(total)} in the last {window} days", Measure.TOTAL, level, window, total
            )
            labels |= self._changes(measure, total, window, signed=signed)
        return labels

    def _changes(self, measure: str, total: str, window: int, *, signed: bool) -> dict[str, ColumnLabel]:
        """A ratio of sums that may be negative tells a direction and no percentage."""
        said = Measure.DIRECTION if signed else Measure.TREND
        text = f"Change of {total} against the {window} days before"
        return {f"{measure}_trend_{window}d": self._label(text, said, "change", window, total)}
