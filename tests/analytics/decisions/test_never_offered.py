"""Held out, suppressed, opted out, not consenting, gone, or in grief: no path leads to an offer, on any date."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.contact import ContactLimit, ContactPolicy, QuietHours
from analytics.decisions.effects import EffectEstimates
from analytics.decisions.experiment import assign
from analytics.decisions.offers import Catalogue, default_catalogue, demo_catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.replay import decision_bytes, replay
from db.vocabulary import PRICE_OFFERS, Arm, Channel, OfferType, SuppressionReason
from tests.analytics.decisions.build import decided, many

CROWD = many(60, seed=9)
IDS = CROWD["customer_id"].tolist()

# Month ends, leap days, and the days on which clocks change in Europe and America.
AWKWARD_DAYS = [
    date(2028, 2, 29),
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2026, 12, 31),
    date(2027, 2, 28),
]
DAYS = st.one_of(st.sampled_from(AWKWARD_DAYS), st.dates(date(2020, 1, 1), date(2040, 12, 31)))

POLICIES = st.builds(
    DecisionPolicy,
    experiment=st.sampled_from(["retention", "spring"]),
    holdout_share=st.sampled_from([0.0, 0.1, 0.5, 0.99]),
    margin_rate=st.floats(0.05, 1.0),
    contact=st.builds(
        ContactPolicy,
        unknown_consent=st.sampled_from(["allow", "block"]),
        limits=st.lists(
            st.builds(
                ContactLimit,
                channel=st.sampled_from(list(Channel)),
                contacts=st.integers(0, 3),
                days=st.integers(1, 60),
            ),
            max_size=3,
        ).map(tuple),
        quiet_hours=st.builds(QuietHours, start=st.just("20:00"), end=st.sampled_from(["07:00", "20:00"])),
        price_cooldown_days=st.integers(0, 400),
        decline_cooldown_days=st.integers(0, 400),
    ),
)
CATALOGUES = st.sampled_from([default_catalogue(), demo_catalogue()])


def generous(catalogue: Catalogue, value: float) -> EffectEstimates:
    """Measured effects so large that every offer is worth making."""
    codes = [offer.code for offer in catalogue.proposals]
    return EffectEstimates(pd.DataFrame(value, index=IDS, columns=codes), "test")


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    DAYS,
    POLICIES,
    CATALOGUES,
    st.sampled_from(list(Channel)),
    st.booleans(),
    st.lists(st.sampled_from(IDS), max_size=20),
    st.data(),
)
def test_no_path_leads_to_an_offer_for_those_to_be_left_alone(
    today: date,
    policy: DecisionPolicy,
    catalogue: Catalogue,
    channel: Channel,
    measured: bool,
    suppressed: list[str],
    data: st.DataObject,
) -> None:
    reason = data.draw(st.sampled_from(list(SuppressionReason)))
    suppressions = pd.DataFrame({"customer_id": suppressed, "reason": [reason.value] * len(suppressed)})
    effects = generous(catalogue, 0.9) if measured else None
    batch = decided(CROWD, catalogue, policy, today=today, channel=channel, effects=effects, suppressions=suppressions)
    rows = CROWD.set_index("customer_id").to_dict("index")
    some = data.draw(st.integers(0, len(CROWD) - 1))
    assert decision_bytes(replay(batch.decision(some).as_json())) == decision_bytes(batch.decision(some))
    for decision in batch:
        row = rows[decision.customer_id]
        arm = assign(policy.experiment, decision.customer_id, policy.holdout_share).arm
        no_yes = policy.contact.unknown_consent == "block" and row["consent"] != "granted"
        causes = [
            ("holdout", arm is Arm.HOLDOUT),
            (reason.value, decision.customer_id in suppressed),
            ("no_consent", row["consent"] == "denied" or no_yes),
            ("life_event", row["topic"] == "bereavement"),
            ("not_active", row["status"] != "active"),
            ("no_address", channel is Channel.EMAIL and not row["has_email"]),
        ]
        left_alone = {rule for rule, applies in causes if applies}
        assert decision.arm is arm
        if left_alone:
            assert decision.terms.offer_type is OfferType.NONE
            assert decision.offer_code == "none"
            assert decision.blocked_by in left_alone


@settings(max_examples=40, derandomize=True, deadline=None)
@given(DAYS, st.integers(1, 400), st.integers(0, 400), st.sampled_from(sorted(PRICE_OFFERS)))
def test_at_most_one_price_offer_is_made_within_a_cooldown(
    today: date, cooldown: int, days_ago: int, earlier: OfferType
) -> None:
    moment = datetime.combine(today, datetime.min.time(), tzinfo=UTC).replace(hour=12)
    contacts = pd.DataFrame(
        {
            "customer_id": IDS,
            "channel": "chat",
            "sent_at": moment - timedelta(days=days_ago),
            "offer_code": "an-older-one",
            "offer_type": earlier.value,
        }
    )
    policy = DecisionPolicy(holdout_share=0.0, contact=ContactPolicy(price_cooldown_days=cooldown))
    batch = decided(CROWD, policy=policy, today=today, contacts=contacts, effects=generous(default_catalogue(), 0.9))
    made = {decision.terms.offer_type for decision in batch}
    if days_ago < cooldown:
        assert made.isdisjoint(PRICE_OFFERS)
    else:
        assert made & PRICE_OFFERS


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.CHAT])
def test_an_offer_made_in_one_channel_rests_in_the_other(channel: Channel) -> None:
    other = Channel.CHAT if channel is Channel.EMAIL else Channel.EMAIL
    first = [item for item in decided(CROWD, channel=other) if item.terms.offer_type in PRICE_OFFERS]
    assert first
    rows: list[dict[str, Any]] = [
        {
            "customer_id": item.customer_id,
            "channel": other.value,
            "sent_at": datetime(2026, 11, 21, 12, tzinfo=UTC),
            "offer_code": item.offer_code,
            "offer_type": item.terms.offer_type.value,
        }
        for item in first
    ]
    offered = {item.customer_id for item in first}
    later = decided(CROWD, channel=channel, contacts=pd.DataFrame(rows), today=date(2027, 1, 20))
    assert not [item for item in later if item.customer_id in offered and item.terms.offer_type in PRICE_OFFERS]
