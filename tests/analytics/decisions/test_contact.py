"""The contact policy forbids what it must, names the rule, and knows when it may be tried again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.contact import (
    ContactFacts,
    ContactLimit,
    ContactPolicy,
    QuietHours,
    consent_of,
    contact_verdict,
    offer_verdict,
    quiet_verdict,
)
from analytics.decisions.history import NO_HISTORY, ContactHistory, PastContact, Suppressed
from analytics.decisions.offers import Offer, default_catalogue
from analytics.decisions.policy import parse_policy
from db.errors import InputError
from db.vocabulary import Channel, ConsentStatus, OfferType, OutcomeKind, SuppressionReason

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADA = ContactFacts("c-1", consent=ConsentStatus.GRANTED, has_email=True, timezone="Europe/Berlin")
POLICY = ContactPolicy()


def mailed(*days_ago: float) -> ContactHistory:
    return ContactHistory(tuple(sorted(PastContact(NOON - timedelta(days=days), Channel.EMAIL) for days in days_ago)))


def offered(code: str, offer_type: OfferType, days_ago: int, outcome: str = "") -> ContactHistory:
    return ContactHistory((PastContact(NOON - timedelta(days=days_ago), Channel.CHAT, code, offer_type, outcome),))


@pytest.mark.parametrize(
    ("customer", "rule"),
    [
        (ContactFacts("c", status="churned"), "not_active"),
        (ContactFacts("c", consent="denied"), "no_consent"),
        (ContactFacts("c", topic="bereavement"), "life_event"),
        (ContactFacts("c", topic="life_change"), "life_event"),
        (ContactFacts("c", has_email=False), "no_address"),
        (ContactFacts.of({"customer_id": "c", "consent": False}), "no_consent"),
        (ContactFacts.of({"customer_id": "c", "consent": "maybe"}), "no_consent"),
        (ContactFacts.of({"customer_id": "c", "topic": "Bereavement "}), "life_event"),
    ],
)
def test_who_may_not_be_contacted_is_told_apart_by_rule(customer: ContactFacts, rule: str) -> None:
    verdict = contact_verdict(customer, NO_HISTORY, NOON, Channel.EMAIL, POLICY)
    assert (verdict.allowed, verdict.rule) == (False, rule)
    assert verdict.sentence.endswith(".")


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_every_suppression_stops_contact_on_its_channel_until_it_ends(reason: SuppressionReason) -> None:
    entry = Suppressed(reason, since=NOON, until=NOON + timedelta(days=30), channel=Channel.EMAIL)
    history = ContactHistory(suppressions=(entry,))
    verdict = contact_verdict(ADA, history, NOON, Channel.EMAIL, POLICY)
    assert (verdict.rule, verdict.not_before) == (reason.value, entry.until)
    assert contact_verdict(ADA, history, NOON, Channel.CHAT, POLICY).allowed
    assert contact_verdict(ADA, history, NOON + timedelta(days=30), Channel.EMAIL, POLICY).allowed


def test_a_suppression_without_channel_or_end_holds_everywhere_for_good() -> None:
    history = ContactHistory(suppressions=(Suppressed(SuppressionReason.OPT_OUT),))
    for channel in Channel:
        verdict = contact_verdict(ADA, history, NOON + timedelta(days=20_000), channel, POLICY)
        assert (verdict.rule, verdict.not_before) == ("opt_out", None)


@pytest.mark.parametrize(("wanted", "allowed"), [("allow", True), ("block", False)])
def test_the_policy_says_what_unknown_consent_means(wanted: str, allowed: bool) -> None:
    policy = ContactPolicy.model_validate({"unknown_consent": wanted})
    asked = ContactFacts("c", consent=ConsentStatus.UNKNOWN)
    assert contact_verdict(asked, NO_HISTORY, NOON, Channel.EMAIL, policy).allowed is allowed


@pytest.mark.parametrize(
    ("history", "free_in_days"),
    [
        (mailed(6.5), 0.5),
        (mailed(7.0), None),
        (mailed(8, 15, 22), 8),
        (mailed(1, 8, 15), 15),
        (mailed(8, 15), None),
        (mailed(-2), 9),
    ],
    ids=["within a week", "a week ago", "three in a month", "both limits", "two in a month", "planned for later"],
)
def test_contact_limits_count_what_lies_within_the_period(history: ContactHistory, free_in_days: float | None) -> None:
    verdict = contact_verdict(ADA, history, NOON, Channel.EMAIL, POLICY)
    assert verdict.allowed is (free_in_days is None)
    if free_in_days is not None:
        assert verdict.rule == "contact_limit"
        assert verdict.not_before == NOON + timedelta(days=free_in_days)


def test_what_was_sent_on_one_channel_does_not_use_up_another() -> None:
    assert contact_verdict(ADA, mailed(1, 2, 3), NOON, Channel.PHONE, POLICY).allowed


@pytest.mark.parametrize(
    ("now", "zone", "not_before"),
    [
        ("2026-11-21T20:30:00+00:00", "Europe/Berlin", "2026-11-22T07:00:00+00:00"),
        ("2026-11-21T05:00:00+00:00", "Europe/Berlin", "2026-11-21T07:00:00+00:00"),
        ("2026-11-21T12:00:00+00:00", "Europe/Berlin", None),
        ("2026-11-21T20:00:00+00:00", "Europe/Berlin", "2026-11-22T07:00:00+00:00"),
        ("2026-11-21T07:00:00+00:00", "Europe/Berlin", None),
        # The night clocks go forward: 08:00 comes an hour earlier in UTC than the night before.
        ("2026-03-28T22:00:00+00:00", "Europe/Berlin", "2026-03-29T06:00:00+00:00"),
        # The night they go back.
        ("2026-10-24T22:00:00+00:00", "Europe/Berlin", "2026-10-25T07:00:00+00:00"),
        ("2028-02-28T23:30:00+00:00", "Europe/London", "2028-02-29T08:00:00+00:00"),
        ("2026-11-21T12:00:00+00:00", "Asia/Kathmandu", None),
        ("2026-11-21T15:30:00+00:00", "Asia/Kathmandu", "2026-11-22T02:15:00+00:00"),
        ("2026-11-21T05:00:00+00:00", "No/Where", "2026-11-21T08:00:00+00:00"),
        ("2026-11-21T05:00:00+00:00", None, "2026-11-21T08:00:00+00:00"),
    ],
)
def test_nothing_leaves_at_night_where_the_customer_lives(now: str, zone: str | None, not_before: str | None) -> None:
    customer = ContactFacts("c", timezone=zone)
    verdict = quiet_verdict(customer, datetime.fromisoformat(now), Channel.EMAIL, POLICY)
    assert verdict.not_before == (None if not_before is None else datetime.fromisoformat(not_before))


ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))
CLOCKS = st.builds(lambda hour, minute: f"{hour:02d}:{minute:02d}", st.integers(0, 23), st.integers(0, 59))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES), CLOCKS, CLOCKS)
def test_waiting_until_not_before_is_enough_in_every_zone_on_every_night(
    now: datetime, zone: str, start: str, end: str
) -> None:
    policy = ContactPolicy(quiet_hours=QuietHours(start=start, end=end))
    customer = ContactFacts("c", timezone=zone)
    verdict = quiet_verdict(customer, now, Channel.EMAIL, policy)
    clock = now.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S.%f")
    quiet = (start <= clock[:5] < end) if start <= end else (clock[:5] >= start or clock[:5] < end)
    assert verdict.allowed is not quiet
    if verdict.not_before is not None:
        assert now < verdict.not_before <= now + timedelta(hours=26)
        assert quiet_verdict(customer, verdict.not_before, Channel.EMAIL, policy).allowed


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    st.lists(st.floats(-5, 60), max_size=8),
    st.lists(
        st.builds(ContactLimit, channel=st.just(Channel.EMAIL), contacts=st.integers(1, 4), days=st.integers(1, 40))
    ),
)
def test_waiting_until_a_limit_frees_is_enough_and_no_shorter_wait_is(
    days: list[float], limits: list[ContactLimit]
) -> None:
    policy = ContactPolicy(limits=tuple(limits), quiet_hours=QuietHours(start="00:00", end="00:00"))
    history = mailed(*days)
    verdict = contact_verdict(ADA, history, NOON, Channel.EMAIL, policy)
    if not verdict.allowed:
        assert verdict.not_before is not None
        assert contact_verdict(ADA, history, verdict.not_before, Channel.EMAIL, policy).allowed
        moment = verdict.not_before - timedelta(milliseconds=1)
        assert moment < NOON or not contact_verdict(ADA, history, moment, Channel.EMAIL, policy).allowed


def offer(code: str) -> Offer:
    return default_catalogue().offer(code)


@pytest.mark.parametrize(
    ("code", "history", "rule", "rests_for"),
    [
        ("pause-2", offered("pause-2", OfferType.PAUSE, 10), "offer_cooldown", 170),
        ("free-month", offered("discount-20-3", OfferType.DISCOUNT, 10), "price_cooldown", 170),
        ("discount-20-3", offered("other", OfferType.DISCOUNT, 179), "price_cooldown", 1),
        ("pause-2", offered("other", OfferType.PAUSE, 10, OutcomeKind.DECLINED), "declined", 80),
        ("pause-2", offered("other", OfferType.PAUSE, 10), None, None),
        ("getting-more", offered("discount-20-3", OfferType.DISCOUNT, 1), None, None),
        ("discount-20-3", offered("discount-20-3", OfferType.DISCOUNT, 180), None, None),
    ],
)
def test_an_offer_rests_after_one_like_it(
    code: str, history: ContactHistory, rule: str | None, rests_for: int | None
) -> None:
    verdict = offer_verdict(offer(code), history, NOON, POLICY)
    assert verdict.rule == rule
    assert verdict.not_before == (None if rests_for is None else NOON + timedelta(days=rests_for))


def test_consent_is_read_from_words_and_booleans() -> None:
    given_as = [None, "", True, False, "granted", "denied", "unknown", "perhaps"]
    read_as = ["unknown", "unknown", "granted", "denied", "granted", "denied", "unknown", "denied"]
    assert [consent_of(value).value for value in given_as] == read_as


def test_a_policy_is_read_from_yaml_with_defaults() -> None:
    policy = parse_policy("version: 1\ncontact:\n  limits: [{channel: email, contacts: 2, days: 14}]\n", "p.yaml")
    assert policy.contact.limits == (ContactLimit(channel=Channel.EMAIL, contacts=2, days=14),)
    assert policy.contact.price_cooldown_days == 180


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "version: 1\ncontact:\n  quiet_hour: {}\n",
            r"p\.yaml, line 3: the key 'quiet_hour' .*Did you mean 'quiet_hours'",
        ),
        ("contact:\n  quiet_hours:\n    start: '25:00'\n", r"p\.yaml, line 3: .*start.*found '25:00'"),
        ("contact:\n  quiet_hours:\n    default_timezone: Mars\n", r"'Mars' is not a time zone"),
        ("holdout_share: 1.5\n", r"p\.yaml, line 1: holdout_share"),
    ],
)
def test_mistakes_in_a_policy_are_named_with_their_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_policy(text, "p.yaml")
