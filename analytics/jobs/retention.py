"""Logo churn, GRR and NRR of a store, month by month, from its contract lines."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

import pandas as pd

from analytics.frames import Frames
from analytics.jobs.frames import read_chunks
from analytics.reports.facts import RETENTION_COLUMNS
from analytics.retention_metrics import Retention, month_ends, retention
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind, Json

COLUMNS = ("currency", "monthly_revenue", "signed_up_on", "churned_on", "churned")
"""What retention reads of a customer."""


@dataclass
class MonthOfRetention:
    """What became in one month of its customers: all of them, and those who pay in each currency.

    Money in several currencies does not add up: take counts from `everybody`, money and its rates by currency.
    """

    start: date
    end: date
    everybody: Retention = field(default_factory=Retention)
    by_currency: dict[str, Retention] = field(default_factory=dict)

    @property
    def money(self) -> Retention | None:
        """The figures to take money from, None where customers pay in several currencies or in none."""
        return next(iter(self.by_currency.values())) if len(self.by_currency) == 1 else None

    def as_json(self) -> Json:
        """The month as a JSON object, money by currency."""
        counts = ("at_start", "lost", "joined", "logo_churn")
        whole = self.everybody.as_json()
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            **{name: whole[name] for name in counts},
            "by_currency": {code: found.as_json() for code, found in self.by_currency.items()},
        }


def retention_frame(months: list[MonthOfRetention]) -> pd.DataFrame | None:
    """The months as a report shows them, with `RETENTION_COLUMNS`; None without months."""
    rows = []
    for month in months:
        money = month.money or Retention()
        rates = (money.mrr_churn, money.gross_revenue_retention, money.net_revenue_retention)
        everybody = month.everybody
        rows.append((f"{month.end:%Y-%m}", everybody.at_start, everybody.lost, everybody.logo_churn, *rates))
    return pd.DataFrame(rows, columns=list(RETENTION_COLUMNS)) if rows else None


def retention_by_month(store: Store, now: datetime, *, months: int = 12) -> list[MonthOfRetention]:
    """The newest complete months by `now`, oldest first; none where churn is a label without dates.

    Months that begin before the first recorded departure are left out: who left before it is not known, and without
    them every customer would seem to stay. The store is read once, in ranges of customers.
    """
    with store.read() as session:
        settings = SettingsRepository(session)
        definition, today = settings.churn_definition(), settings.today(now.date())
    if definition is None or definition.kind is ChurnDefinitionKind.LABEL:
        return []
    ends = month_ends(today, months)
    found = [MonthOfRetention(start, end) for start, end in pairwise(ends)]
    recorded_from: list[pd.Timestamp] = []
    silent = definition.kind is ChurnDefinitionKind.INACTIVITY
    for chunk in read_chunks(store, with_history=True, with_acts=silent, columns=COLUMNS):
        _add(found, chunk.frames, definition)
        recorded_from += _recorded_from(chunk.frames, silent=silent)
    if not recorded_from:
        return []
    begun = min(recorded_from)
    if silent:
        begun += pd.Timedelta(days=definition.inactivity_days or definition.churn_horizon_days)
    return [month for month in found if pd.Timestamp(month.start) >= begun]


def _add(months: list[MonthOfRetention], frames: Frames, definition: ChurnDefinition) -> None:
    currency = frames.customers["currency"].fillna("").to_numpy(dtype=object)
    parts = {code: frames.of_customers(frames.customers["customer_id"][currency == code]) for code in set(currency)}
    for month in months:
        for code, part in sorted(parts.items()):
            found = retention(part, definition, month.start, month.end)
            month.everybody += found
            if found.start_mrr > 0 or found.joined_mrr > 0:
                month.by_currency[code] = month.by_currency.get(code, Retention()) + found


def _recorded_from(frames: Frames, *, silent: bool) -> list[pd.Timestamp]:
    """From when on departures are recorded: the first of them, or the first event where silence is churn."""
    if silent:
        firsts = [frames.events["occurred_at"].min()]
        return [first.tz_localize(None) for first in firsts if not pd.isna(first)]
    firsts = [frames.customers["churned_on"].min(), frames.subscriptions["ended_on"].min()]
    return [first for first in firsts if not pd.isna(first)]
