"""A catalogue says what it means, or is refused with the place of the mistake."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.offers import (
    Catalogue,
    catalogue_from_json,
    default_catalogue,
    demo_catalogue,
    parse_catalogue,
)
from analytics.simulation.company import company_profile
from db.errors import InputError
from db.vocabulary import OfferType
from tests.analytics.decisions.build import catalogue_of

CALL = "code: call, name: Call, offer_type: contact, terms: {who: a person}"


def offer_file(*lines: str) -> str:
    return "\n".join(["version: 1", "offers:", "  - code: x", "    name: X", *lines]) + "\n"


@pytest.mark.parametrize("catalogue", [default_catalogue(), demo_catalogue()], ids=["default", "demo"])
def test_the_shipped_catalogues_read_and_survive_a_round_trip(catalogue: Catalogue) -> None:
    assert catalogue_from_json(catalogue.as_json()) == catalogue
    assert catalogue.offers[0].offer_type is OfferType.NONE
    assert len(catalogue.offers) >= 9


def test_the_default_catalogue_reads_only_facts_that_any_table_can_have() -> None:
    assert default_catalogue().fields <= {"monthly_revenue", "risk_band", "tenure_months", "topic"}


def test_the_demo_offers_answer_every_reason_that_may_be_answered() -> None:
    answered = {
        topic
        for offer in demo_catalogue().proposals
        for rule in offer.applicability
        if "topic" in rule.condition.fields()
        for topic in rule.as_json().get("in", [])
    }
    reasons = "price competitor outage slow_support billing_error missing_feature low_usage moving_house too_complex"
    assert set(f"{reasons} equipment contract_end".split()) <= answered
    assert company_profile()["currency"] == demo_catalogue().currency


def test_doing_nothing_is_always_in_the_catalogue() -> None:
    assert [offer.code for offer in catalogue_of(CALL).offers] == ["none", "call"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            offer_file("    offer_type: contact", "    termz: {who: a}"),
            r"c\.yaml, line 6: the key 'termz' .*mean 'terms'",
        ),
        (offer_file("    offer_type: contct"), r"c\.yaml, line 5: offers\.0\.offer_type.*found 'contct'"),
        (offer_file("    offer_type: contact"), r"line 3: .*who will call or write"),
        (offer_file("    offer_type: education"), r"line 3: .*what the customer is given"),
        (offer_file("    offer_type: discount", "    terms: {value: 5, unit: percent}"), r"how long it lasts"),
        (
            offer_file("    offer_type: discount", "    terms: {value: 5, unit: days}"),
            r"measured in amount or new_price",
        ),
        (offer_file("    offer_type: discount", "    terms: {unit: percent, duration_months: 1}"), r"value is missing"),
        (
            offer_file("    offer_type: discount", "    terms: {value: 110, unit: percent, duration_months: 1}"),
            r"above 100",
        ),
        (offer_file("    offer_type: pause", "    terms: {value: 1.5, unit: months}"), r"whole number of months"),
        (
            offer_file("    offer_type: pause", "    terms: {value: 1, unit: months, duration_months: 2}"),
            r"leave it out",
        ),
        (offer_file("    offer_type: none"), r"code none and type none go together"),
        (offer_file("    offer_type: contact", "    terms: {who: '{name}'}"), r"line 6: offers\.0\.terms\.who"),
        (offer_file("    offer_type: contact", "    propensity: 1.2"), r"line 6: offers\.0\.propensity.*found 1\.2"),
        (offer_file("    offer_type: contact", "    propensity: .nan"), r"line 6: offers\.0\.propensity"),
        ("version: 2\noffers: []\n", r"c\.yaml, line 1: version"),
        ("offers: []\n", r"'version' .*is missing"),
        ("version: 1\noffers: [\n", r"c\.yaml, line \d+: this is not YAML"),
        ("version: 1\nversion: 1\noffers: []\n", r"line 2: the key 'version' occurs twice"),
        ("version: &a 1\noffers: *a\n", r"line 2: aliases"),
        ("version: 1\noffers: " + "[" * 30 + "]" * 30, r"nests deeper"),
        ("x" * 1_000_001, r"more than 1,000,000 characters"),
        ("just words", r"must hold keys and values"),
        ("", r"must hold keys and values"),
        ("version: 1\x00", r"not YAML"),
        ("!!python/object/apply:os.system ['true']", r"not YAML|keys and values"),
    ],
)
def test_mistakes_are_named_with_file_line_key_and_a_suggestion(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_catalogue(text, "c.yaml")


def test_two_offers_cannot_share_a_code() -> None:
    with pytest.raises(InputError, match="'call' is used by more than one offer"):
        catalogue_of(CALL, CALL)


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean 'personal-call'"):
        default_catalogue().offer("personal_call")


def test_a_field_that_no_customer_has_is_pointed_out() -> None:
    catalogue = catalogue_of(CALL + ", eligibility: [{field: tenure, at_least: 3}]")
    assert catalogue.unknown_fields(frozenset({"tenure_months", "plan"})) == [
        "A rule reads 'tenure', which no customer has. Did you mean 'tenure_months'?"
    ]


YAML_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "field", "in", "all", "terms", "who", "offers"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def outcome_of(content: str) -> str:
    try:
        catalogue = parse_catalogue(content, "c.yaml")
    except InputError as error:
        return "refused" if str(error).startswith("c.yaml") else f"refused without a place: {error}"
    return "read" if catalogue.offers[0].code == "none" else "read without none"


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.sampled_from(["version", "offers", "currency", "terms"]), YAML_VALUES, st.text(max_size=60))
def test_no_text_makes_the_reader_fail_in_any_other_way(key: str, value: Any, text: str) -> None:
    for content in (text, f"version: 1\noffers:\n  - {text}\n", f"version: 1\n{key}: {value!r}\n"):
        assert outcome_of(content) in ("read", "refused")
