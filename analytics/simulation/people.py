"""Draws the customers of one chunk: who they are, what they bought, and the traits that nobody can see."""

from dataclasses import dataclass

import numpy as np

from analytics.simulation.company import CHANNEL_SHARES, CHANNELS, PAYMENT_METHODS, PAYMENT_SHARES, PLANS, REGIONS
from analytics.simulation.names import FIRST_NAMES, LAST_NAMES, MAIL_DOMAINS, ascii_name
from analytics.simulation.world import World

JOINED_IN_WINDOW = 0.42
"""Share of customers who sign up inside the recorded window; the others are there when it opens."""

MEAN_TENURE_MONTHS = 26.0
LAST_BILLING_DAY = 14
"""Invoices fall on days 1 to 14, so that dunning ends within the month."""

_SIGN_UP_SEASON = np.array([1.15, 0.95, 0.95, 0.90, 0.90, 0.85, 0.85, 1.05, 1.35, 1.15, 1.05, 0.85])
"""January to December: people move and studies begin in September."""

_SURVIVORS = 0.5
"""How much more contented those are who have stayed a year before the window opens: the others have left."""

_WELCOME_PERCENT = np.array([0.0, 10.0, 20.0, 30.0])
_WELCOME_SHARES = (0.45, 0.20, 0.25, 0.10)


@dataclass(frozen=True, slots=True)
class People:
    """Customers of a chunk as parallel arrays of length n; index columns point into the tables of `company`.

    late_start: signed up after the last billing day of a month, so the first invoice comes the month after.

    Traits (unseen): price_sensitivity and quality_sensitivity around 1, satisfaction and loyalty standard normal,
    payment_trouble in log-odds, talkativeness around 1, dormant true where the line is paid and hardly used.
    """

    numbers: np.ndarray
    first_name: np.ndarray
    last_name: np.ndarray
    signed_up: np.ndarray
    joined_month: np.ndarray
    late_start: np.ndarray
    billing_day: np.ndarray
    region: np.ndarray
    channel: np.ndarray
    plan: np.ndarray
    annual_billing: np.ndarray
    contract: np.ndarray
    welcome_percent: np.ndarray
    welcome_months: np.ndarray
    payment_method: np.ndarray
    old_hub: np.ndarray
    price_sensitivity: np.ndarray
    quality_sensitivity: np.ndarray
    satisfaction: np.ndarray
    loyalty: np.ndarray
    payment_trouble: np.ndarray
    talkativeness: np.ndarray
    log_usage: np.ndarray
    usage_drift: np.ndarray
    dormant: np.ndarray
    missing_feature: np.ndarray
    complexity: np.ndarray
    voice: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)


def draw_people(first_number: int, count: int, world: World, rng: np.random.Generator) -> People:
    """Draw `count` customers numbered from `first_number`."""
    signed_up = _sign_ups(count, world, rng)
    joined_month = world.month_of(signed_up)
    day = (signed_up - signed_up.astype("datetime64[M]").astype("datetime64[D]")).astype(int) + 1
    channel = rng.choice(len(CHANNELS), count, p=CHANNEL_SHARES)
    plan = rng.choice(len(PLANS), count, p=[entry.share for entry in PLANS])
    annual = rng.random(count) < 0.14
    dormant = rng.random(count) < 0.08
    usage = np.log(np.array([entry.typical_usage_gb for entry in PLANS]))[plan] + rng.normal(0, 0.25, count)
    comparison = channel == CHANNELS.index("comparison_site")
    return People(
        numbers=np.arange(first_number, first_number + count),
        first_name=rng.integers(0, len(FIRST_NAMES), count),
        last_name=rng.integers(0, len(LAST_NAMES), count),
        signed_up=signed_up,
        joined_month=joined_month,
        late_start=(joined_month >= 0) & (day > LAST_BILLING_DAY) & ~annual,
        billing_day=np.where(joined_month >= 0, np.minimum(day, LAST_BILLING_DAY), rng.integers(1, 15, count)),
        region=rng.choice(len(REGIONS), count, p=[entry.share for entry in REGIONS]),
        channel=channel,
        plan=plan,
        annual_billing=annual,
        contract=annual | (rng.random(count) < 0.38),
        welcome_percent=rng.choice(_WELCOME_PERCENT, count, p=_WELCOME_SHARES),
        welcome_months=np.where(annual, 12, rng.choice(np.array([3, 6, 12]), count)),
        payment_method=rng.choice(len(PAYMENT_METHODS), count, p=PAYMENT_SHARES),
        old_hub=rng.random(count) < 0.30,
        price_sensitivity=rng.gamma(2.2, 1 / 2.2, count) * np.where(comparison, 1.4, 1.0),
        quality_sensitivity=rng.gamma(2.2, 1 / 2.2, count),
        satisfaction=rng.normal(0, 1, count) + _SURVIVORS * np.clip(-joined_month / 12.0, 0, 1),
        loyalty=rng.normal(0, 1, count),
        payment_trouble=rng.normal(-0.3, 1.5, count),
        talkativeness=rng.gamma(1.3, 1 / 1.3, count),
        log_usage=usage - 1.6 * dormant,
        usage_drift=rng.normal(0, 0.012, count),
        dormant=dormant,
        missing_feature=0.5 * rng.exponential(1, count) * (rng.random(count) < 0.25),
        complexity=0.6 * rng.exponential(1, count) * (rng.random(count) < 0.30),
        voice=rng.integers(0, 2**31, count),
    )


def _sign_ups(count: int, world: World, rng: np.random.Generator) -> np.ndarray:
    """Sign-up dates: before the window with exponential tenure, inside it with the seasons; none today or later."""
    opening = world.month_starts[0]
    tenure_days = np.clip(rng.exponential(MEAN_TENURE_MONTHS * 30.4, count), 1, 96 * 30.4).astype(int)
    earlier = opening - tenure_days.astype("timedelta64[D]")
    inside = np.arange(opening, world.today)
    calendar = inside.astype("datetime64[M]").astype(int) % 12
    weight = _SIGN_UP_SEASON[calendar]
    later = rng.choice(inside, count, p=weight / weight.sum())
    dates: np.ndarray = np.where(rng.random(count) < JOINED_IN_WINDOW, later, earlier)
    return dates


def customer_ids(people: People) -> np.ndarray:
    """Public identifiers as an object array of strings, e.g. PM-0000417."""
    return np.array([f"PM-{number:07d}" for number in people.numbers], dtype=object)


def email_addresses(people: People, rng: np.random.Generator) -> np.ndarray:
    """Unique addresses at example domains; the customer number in the local part keeps chunks from colliding."""
    first = [ascii_name(name) for name in FIRST_NAMES]
    last = [ascii_name(name) for name in LAST_NAMES]
    style = rng.integers(0, 4, len(people))
    domain = rng.integers(0, len(MAIL_DOMAINS), len(people))
    addresses = np.empty(len(people), dtype=object)
    names = zip(people.first_name, people.last_name, people.numbers, strict=True)
    for row, (given, family, number) in enumerate(names):
        f, g = first[given], last[family]
        local = (f"{f}.{g}", f"{f[0]}{g}", f"{f}{g[0]}", f"{g}.{f}")[style[row]]
        addresses[row] = f"{local}{number}@{MAIL_DOMAINS[domain[row]]}"
    return addresses
