"""What happens to everybody: outages by region, price rises, competitor campaigns and the load on support."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.simulation.company import REGIONS

LEAD_OUT_MONTHS = 4
"""Months simulated past `today` and then cut off, so that the last weeks look like any others."""

RISES_BEFORE_TODAY = (11, 4)
"""Price rises, in months before `today`; each moves every plan to its next price list."""


@dataclass(frozen=True, slots=True)
class World:
    """Circumstances shared by all customers; months count from the start of the recorded window.

    month_starts: datetime64[D], one longer than `months` (the last entry ends the last month).
    outage_*: one entry per outage; hours long, `share` of the region's customers affected.
    campaigns: competitor pressure, shape (regions, months); support_load: shape (months,), 1 is normal.
    """

    today: np.datetime64
    month_starts: np.ndarray
    price_list: np.ndarray
    rise_months: tuple[int, ...]
    outage_region: np.ndarray
    outage_start: np.ndarray
    outage_hours: np.ndarray
    outage_share: np.ndarray
    campaigns: np.ndarray
    support_load: np.ndarray

    @property
    def months(self) -> int:
        """Simulated months, the lead-out included."""
        return len(self.month_starts) - 1

    @property
    def current_month(self) -> int:
        """Index of the month that `today` falls in."""
        return int(self.month_of(np.array([self.today]))[0])

    def month_of(self, days: np.ndarray) -> np.ndarray:
        """Month index of each date (negative before the window)."""
        first = self.month_starts[0].astype("datetime64[M]").astype(int)
        index: np.ndarray = days.astype("datetime64[M]").astype(int) - first
        return index


def build_world(months: int, today: date, rng: np.random.Generator) -> World:
    """Draw the circumstances of `months` months before `today` and of the lead-out after it."""
    end = np.datetime64(today, "M")
    first = end - months
    count = months + LEAD_OUT_MONTHS
    month_starts = np.arange(first, first + count + 1).astype("datetime64[D]")
    rise_months = tuple(months - back for back in RISES_BEFORE_TODAY if months - back > 0)
    price_list = np.full(count, len(RISES_BEFORE_TODAY) - len(rise_months), dtype=int)
    for rise in rise_months:
        price_list[rise:] += 1
    region, start, hours, share = _outages(month_starts, rng)
    return World(
        today=np.datetime64(today, "D"),
        month_starts=month_starts,
        price_list=price_list,
        rise_months=rise_months,
        outage_region=region,
        outage_start=start,
        outage_hours=hours,
        outage_share=share,
        campaigns=_campaigns(count, rng),
        support_load=np.exp(_smooth(rng.normal(0.0, 0.35, count))),
    )


def _outages(month_starts: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Regional outages: some regions have worse lines, winter is worse than summer."""
    weakness = rng.gamma(2.5, 1 / 2.5, len(REGIONS))
    calendar = month_starts[:-1].astype("datetime64[M]").astype(int) % 12
    winter = 1.0 + 0.5 * np.cos(2 * np.pi * calendar / 12)
    counts = rng.poisson(0.30 * weakness[:, None] * winter[None, :])
    region, month = np.nonzero(counts)
    repeats = counts[region, month]
    region, month = np.repeat(region, repeats), np.repeat(month, repeats)
    length = (month_starts[month + 1] - month_starts[month]).astype(int)
    minutes = (rng.random(len(month)) * length * 24 * 60).astype(int)
    start = month_starts[month].astype("datetime64[s]") + minutes.astype("timedelta64[m]")
    hours = np.round(np.clip(rng.lognormal(1.5, 0.8, len(month)), 0.5, 72.0), 1)
    return region, start, hours, rng.uniform(0.2, 0.8, len(month))


def _campaigns(months: int, rng: np.random.Generator) -> np.ndarray:
    """Competitor campaigns: a few two-month pushes in some regions."""
    pressure = np.zeros((len(REGIONS), months + 2))
    for _ in range(max(1, months // 3)):
        month = int(rng.integers(0, months))
        strength = rng.uniform(0.3, 1.0)
        reached = rng.random(len(REGIONS)) < 0.4
        pressure[reached, month] += strength
        pressure[reached, month + 1] += 0.6 * strength
    campaigns: np.ndarray = pressure[:, :months]
    return campaigns


def _smooth(values: np.ndarray) -> np.ndarray:
    """A short moving average, so that a busy month for support is followed by another."""
    return np.convolve(values, (0.25, 0.5, 0.25), mode="same") * 1.4
