"""Which feature columns a table has: chosen once from the training data, kept with the model, used for scoring."""

from dataclasses import asdict, dataclass

from db.vocabulary import Json

WINDOWS = (30, 90, 365)
"""Lengths in days of the windows before the observation date."""

PASSED_THROUGH = ("country", "language")
"""Columns of `customers` that are features as they are; imported attributes join them."""

CURRENT_CONTRACT = ("plan", "billing_period", "monthly_revenue")
"""Columns of `customers` that stand in for the contract where there are no subscription lines."""


@dataclass(frozen=True, slots=True)
class KindPlan:
    """One kind of event, and which of its measures carry information.

    `with_rhythm`: customers act often enough for gaps and fading counts to mean something. `with_negative`: amounts or
    quantities may be below zero, so that their changes are no percentages.
    """

    name: str
    with_amount: bool = False
    with_quantity: bool = False
    with_lines: bool = False
    with_rhythm: bool = False
    with_negative: bool = True


@dataclass(frozen=True, slots=True)
class FeaturePlan:
    """The groups of columns of a feature table.

    `with_last_year` asks for the same calendar window one year earlier, `season_days` long. `columns` are those kept
    of all that the groups give, in order; empty keeps all.
    """

    kinds: tuple[KindPlan, ...] = ()
    attributes: tuple[str, ...] = ()
    windows: tuple[int, ...] = WINDOWS
    season_days: int = 90
    with_last_year: bool = False
    with_tenure: bool = False
    with_subscriptions: bool = False
    with_messages: bool = False
    with_sentiment: bool = False
    columns: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """The plan as a JSON object; `from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Json) -> "FeaturePlan":
        """The plan that `as_json` wrote."""
        kinds = tuple(KindPlan(**kind) for kind in stored["kinds"])
        sequences = {name: tuple(stored[name]) for name in ("attributes", "windows", "columns")}
        return cls(**(stored | sequences | {"kinds": kinds}))
