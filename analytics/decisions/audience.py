"""Who is to be decided about: customers joined with their forecast, consent, last reason to leave and last mood."""

import numpy as np
import pandas as pd

from analytics.decisions.contact import consent_of
from analytics.decisions.facts import plain_column
from db.errors import InputError
from db.vocabulary import Channel

FORECAST_COLUMNS = ("churn_probability", "risk_band", "revenue_at_risk", "residual_value")
"""What a forecast says of a customer; columns that are missing count as unknown."""


def audience(
    customers: pd.DataFrame,
    forecasts: pd.DataFrame | None = None,
    *,
    channel: Channel = Channel.EMAIL,
    consents: pd.DataFrame | None = None,
    reasons: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The customers frame that `decide` reads, one row per row of `customers`, in its order and with its columns.

    Args:
        customers: as in `analytics.frames`; imported attributes may follow.
        forecasts: customer_id and any of FORECAST_COLUMNS.
        channel: on which the customers would be contacted.
        consents: customer_id, status and optionally channel and recorded_at; the newest row for the channel holds, and
            where there is none for it, the newest for any other: a no to e-mail is not turned into a yes by a chat.
            Without this frame the `consent` column of `customers` is kept where there is one.
        reasons: customer_id, topic and mood of the last message that gave one.

    `has_email` is None for everybody when not one customer has an address: then the table does not carry addresses, and
    drafts are joined with them elsewhere. Raises InputError where a customer has more than one forecast or reason.
    """
    joined = customers.reset_index(drop=True)
    joined["has_email"] = _has_email(joined)
    for name, frame, columns in (("forecasts", forecasts, FORECAST_COLUMNS), ("reasons", reasons, ("topic", "mood"))):
        if frame is not None:
            joined = _joined(joined, name, frame, columns)
    if consents is not None:
        newest = _newest_consent(consents, channel)
        found = [newest.get(customer_id) for customer_id in joined["customer_id"]]
        joined["consent"] = [consent_of(value).value for value in found]
    return joined


def _newest_consent(consents: pd.DataFrame, channel: Channel) -> dict[str, object]:
    ordered = consents.sort_values("recorded_at", kind="stable") if "recorded_at" in consents else consents
    if "channel" in ordered:
        ordered = ordered.assign(_own=ordered["channel"] == channel.value).sort_values("_own", kind="stable")
    statuses = plain_column(ordered["status"]).tolist()
    return dict(zip(ordered["customer_id"].tolist(), statuses, strict=True))


def _has_email(customers: pd.DataFrame) -> pd.Series:
    unknown = pd.Series([None] * len(customers), dtype=object)
    if "email" not in customers.columns:
        return unknown
    present = customers["email"].notna() & (customers["email"].astype(str).str.strip() != "")
    return pd.Series(np.asarray(present, dtype=object)) if present.any() else unknown


def _joined(customers: pd.DataFrame, name: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    if frame["customer_id"].duplicated().any():
        raise InputError(f"{name}: a customer occurs more than once.", column="customer_id")
    wanted = [column for column in columns if column in frame.columns]
    kept = customers.drop(columns=[column for column in wanted if column in customers.columns])
    return kept.merge(frame[["customer_id", *wanted]], on="customer_id", how="left", validate="many_to_one")
