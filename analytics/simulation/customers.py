"""Lays out the customers and consents of a chunk as a company's records would hold them today."""

import numpy as np
import pandas as pd

from analytics.simulation.company import CHANNELS, CURRENCY, PAYMENT_METHODS, PLANS, REASONS, REGIONS
from analytics.simulation.lifecycle import History
from analytics.simulation.names import FIRST_NAMES, LAST_NAMES
from analytics.simulation.people import People, email_addresses
from analytics.simulation.world import World
from db.vocabulary import Channel, ChurnKind, ConsentStatus, CustomerStatus

NO_EMAIL, NO_PHONE = 0.05, 0.18
OPTED_OUT, NEVER_ASKED = 0.09, 0.06
REASON_RECORDED, REASON_HONEST = 0.75, 0.80
"""Of voluntary leavers, who states a reason; of these, who states the true one."""

PAYMENT_FAILED = "payment_failed"

_LANGUAGES = {"NL": "nl", "DE": "de", "PT": "pt", "FI": "fi"}
_OTHER_LANGUAGE = 0.12
"""Share of customers outside Ireland who asked to be written to in the language of their country."""


def stated_reasons(history: History, rng: np.random.Generator) -> np.ndarray:
    """What the exit form says: mostly the truth, sometimes another reason, sometimes nothing (None)."""
    n = len(history.ended_on)
    honest = rng.random(n) < REASON_HONEST
    reason = np.where(honest, history.leave_reason, rng.integers(0, len(REASONS), n))
    stated = np.array(REASONS, dtype=object)[reason]
    known = (history.leave_reason >= 0) & (rng.random(n) < REASON_RECORDED)
    return np.where(history.involuntary, PAYMENT_FAILED, _blank(stated, ~known)).astype(object)


def customer_frame(
    people: People, ids: np.ndarray, world: World, history: History, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per customer (`analytics.frames.CUSTOMER_COLUMNS`) and the attributes region, acquisition_channel,
    payment_method, contract, hub and tv.
    """
    n = len(people)
    churned = ~history.alive & (history.ended_on < world.today)
    ended = np.where(churned, history.ended_on, np.datetime64("NaT", "D"))
    until = np.where(churned, ended, world.today)
    last = world.month_of(until)
    # A contract that ends on the first of a month never saw that month's terms.
    last = np.where((world.month_starts[last] >= until) & (last > 0), last - 1, last)
    rows = np.arange(n)
    kind = np.where(history.involuntary, str(ChurnKind.INVOLUNTARY), str(ChurnKind.VOLUNTARY)).astype(object)
    country = _pick([region.country for region in REGIONS], people.region)
    native = (rng.random(n) < _OTHER_LANGUAGE) & (country != "IE")
    texts = {
        "customer_id": ids,
        "first_name": _pick(FIRST_NAMES, people.first_name),
        "last_name": _pick(LAST_NAMES, people.last_name),
        "email": _blank(email_addresses(people, rng), rng.random(n) < NO_EMAIL),
        "phone": _blank(_phones(n, rng), rng.random(n) < NO_PHONE),
        "language": np.where(native, [_LANGUAGES.get(code, "en") for code in country], "en"),
        "timezone": _pick([region.timezone for region in REGIONS], people.region),
        "country": country,
        "plan": _pick([plan.name for plan in PLANS], history.plan[rows, last]),
        "currency": np.full(n, CURRENCY, dtype=object),
        "billing_period": np.where(people.annual_billing, "year", "month"),
        "status": np.where(churned, str(CustomerStatus.CHURNED), str(CustomerStatus.ACTIVE)),
        "churn_kind": _blank(kind, ~churned),
        "region": _pick([region.name for region in REGIONS], people.region),
        "acquisition_channel": _pick(CHANNELS, people.channel),
        "payment_method": _pick(PAYMENT_METHODS, people.payment_method),
        "contract": np.where(people.contract, "12 months", "monthly"),
        "hub": np.where(people.old_hub, "Hub 1", "Hub 2"),
        "tv": np.where([plan.tv for plan in PLANS], "yes", "no")[history.plan[rows, last]],
    }
    frame = pd.DataFrame({name: pd.Series(values.astype(object), dtype="str") for name, values in texts.items()})
    renewal = np.where(churned, np.datetime64("NaT", "D"), _renewals(people, world))
    numbers = {
        "monthly_revenue": history.mrr[rows, last],
        "signed_up_on": people.signed_up.astype("datetime64[us]"),
        "tenure_months": np.round((until - people.signed_up).astype(float) / 30.4375, 1),
        "renewal_date": renewal.astype("datetime64[us]"),
        "churned_on": ended.astype("datetime64[us]"),
        "churned": np.full(n, np.nan),
    }
    return frame.assign(**numbers)


def consent_frame(people: People, ids: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Consent to marketing per customer and channel: customer_id, channel, status, recorded_on (date), source."""
    n = len(people)
    luck = rng.random(n)
    email = np.select([luck < OPTED_OUT, luck < OPTED_OUT + NEVER_ASKED], [1, 2], 0)
    phone = np.select([rng.random(n) < 0.35, email > 0], [1, email], 0)
    states = [str(ConsentStatus.GRANTED), str(ConsentStatus.DENIED), str(ConsentStatus.UNKNOWN)]
    frames = []
    for channel, status in ((Channel.EMAIL, email), (Channel.PHONE, phone)):
        frames.append(
            pd.DataFrame(
                {
                    "customer_id": pd.Series(ids, dtype="str"),
                    "channel": pd.Series([str(channel)] * n, dtype="str"),
                    "status": pd.Series(_pick(states, status), dtype="str"),
                    "recorded_on": people.signed_up.astype("datetime64[us]"),
                    "source": pd.Series(_pick(("sign-up form", "preference page", "import"), status), dtype="str"),
                }
            )
        )
    return pd.concat(frames, ignore_index=True).sort_values(["customer_id", "channel"], ignore_index=True)


def _renewals(people: People, world: World) -> np.ndarray:
    """The next day on which the contract renews, today or later: yearly for contracts, else the next billing day."""
    today = world.today
    this_month = today.astype("datetime64[M]")
    joined = people.signed_up.astype("datetime64[M]")
    gone = (this_month - joined).astype(int)
    step = np.where(people.contract, 12, 1)
    months = np.maximum(np.ceil(gone / step), 1).astype(int) * step
    day = people.billing_day - 1
    due = (joined + months).astype("datetime64[D]") + day.astype("timedelta64[D]")
    later = (joined + months + step).astype("datetime64[D]") + day.astype("timedelta64[D]")
    dates: np.ndarray = np.where(due >= today, due, later)
    return dates


def _phones(n: int, rng: np.random.Generator) -> np.ndarray:
    """Numbers from the range that Ireland reserves for drama."""
    return np.array(
        [f"+353 20 91{a} {b:04d}" for a, b in zip(rng.integers(0, 10, n), rng.integers(0, 10_000, n), strict=True)],
        dtype=object,
    )


def _blank(words: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """The words as an object array, None where missing."""
    blanked = words.astype(object)
    blanked[missing] = None
    return blanked


def _pick(words: "list[str] | tuple[str, ...]", index: np.ndarray) -> np.ndarray:
    """The words at these indices, as an object array."""
    chosen: np.ndarray = np.array(words, dtype=object)[index]
    return chosen
