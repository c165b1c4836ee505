import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.generation.brief import FactSheet
from bot.generation.template import figures
from bot.generation.template.bank import SLOT, Bank, Group, fill, shipped, spoken
from bot.generation.template.slots import PLAIN_TEXTS, clean, name, usage_in_words, whole_months
from bot.generation.template.terms import owned, somebody, terms_slots
from db.vocabulary import DecisionTerms, OfferType

SLOTS = {
    *PLAIN_TEXTS, "first_name", "last_name", "answer", "last_reply", "period", "account_price", "since",
    "tenure", "renewal_date", "paid_until", "usage", "support", "topic_phrase", "duration", "off", "price",
    "price_during", "from_plan", "to_plan", "applies_to", "keeps", "who", "offer_topic", "bonus",
    "conditions", "condition", "afterwards", "lesson", "no_charge", "starts", "valid_until", "effective", "starts_on",
    "wrote", "complained", "praised", "topic_name", "topic_messages", "topic_customers", "topic_before", "topic_share",
    "topic_revenue", "topic_writers", "topic_left", "all_left", "horizon",
}  # fmt: skip
DIMENSIONS = {"topic", "tone", "mood", "told", "tenure", "contact", "offer", "kind"}
EVERY = [(slot, group, text) for slot, groups in shipped().groups.items() for group in groups for text in group.say]


def test_the_wording_uses_only_slots_that_exist() -> None:
    assert {used for _, _, text in EVERY for used in SLOT.findall(text)} <= SLOTS


def test_the_wording_is_chosen_by_dimensions_that_exist() -> None:
    assert {key for _, group, _ in EVERY for key in group.when} <= DIMENSIONS


def test_no_sentence_is_written_twice_for_the_same_situation() -> None:
    assert [slot for slot, group, _ in EVERY if len(set(group.say)) < len(group.say)] == []


def test_the_bank_is_large() -> None:
    assert len({text for _, _, text in EVERY}) >= 1100


def test_sentences_hold_no_figures_and_no_double_blanks() -> None:
    assert [text for _, _, text in EVERY if re.search(r"\d|  |\s$", text)] == []


def test_what_is_filled_in_is_not_read_as_a_slot_again() -> None:
    assert fill("Hello {first_name}, {plan}.", {"first_name": "{plan}", "plan": "x"}) == "Hello {plan}, x."


def test_a_value_at_the_beginning_of_a_sentence_gets_a_capital_and_an_address_does_not() -> None:
    assert (
        fill("{who} can help. {who} writes.", {"who": "a technician"}) == "A technician can help. A technician writes."
    )
    assert fill("{support}", {"support": "help@a.example"}) == "help@a.example"


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("We would like to hear that it is clear.", "We’d like to hear that it’s clear."),
        ("Whether you take it is up to you.", "Whether you take it is up to you."),
        ("What it is and what it costs.", "What it is and what it costs."),
        ("You do not have to decide.", "You don’t have to decide."),
        ("We are not sure, and that is fine.", "We aren’t sure, and that’s fine."),
        ("You have been with us.", "You’ve been with us."),
        ("Tell us who we are.", "Tell us who we are."),
    ],
)
def test_short_forms_are_those_that_people_use(full: str, short: str) -> None:
    assert spoken(full) == short


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (29.85, "EUR", "€29.85"), (30.0, "EUR", "€30"), (1234.5, "usd", "$1,234.50"), (0, "GBP", "£0"),
        (1980, "JPY", "¥1,980"), (29.9, "CHF", "CHF 29.90"), (5, "PLN", "5 zł"), (19.995, "EUR", "€20"),
    ],
)  # fmt: skip
def test_money_is_written_as_people_write_it(amount: float, currency: str, written: str) -> None:
    assert figures.money(amount, currency) == written


@pytest.mark.parametrize(
    ("months", "written"),
    [(1, "1 month"), (7, "7 months"), (23, "23 months"), (24, "2 years"), (25, "more than 2 years"), (36.0, "3 years")],
)
def test_a_tenure_is_never_overstated(months: float, written: str) -> None:
    assert figures.tenure(months) == written


@pytest.mark.parametrize(
    ("since", "today", "months"),
    [((2024, 1, 31), (2024, 2, 29), 0), ((2024, 1, 31), (2024, 3, 31), 2), ((2026, 11, 21), (2026, 11, 21), 0)],
)
def test_months_are_full_months(since: tuple[int, int, int], today: tuple[int, int, int], months: int) -> None:
    assert whole_months(date(*since), date(*today)) == months


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        ({"sessions_last_30_days": 12}, "12 sessions in the last 30 days"),
        ({"hours_per_week": 3.5}, "3.5 hours a week"),
        ({"churn_score": 3}, ""),
        ({"sessions_last_30_days": 0}, ""),
        ({"sessions_last_30_days": True}, ""),
        ("12", ""),
        (None, ""),
    ],
)
def test_usage_is_said_only_where_its_name_can_be_read_aloud(usage: object, said: str) -> None:
    assert usage_in_words(usage) == said


@pytest.mark.parametrize(
    ("noun", "with_owner"), [("monthly price", "your monthly price"), ("the bill", "the bill"), ("2 lines", "2 lines")]
)
def test_a_noun_gets_an_owner_where_it_has_none(noun: str, with_owner: str) -> None:
    assert owned(noun) == with_owner


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("technician", "a technician"),
        ("adviser", "an adviser"),
        ("Maria from billing", "Maria from billing"),
        ("a person from our support team", "a member of our support team"),
        ("", "a member of our team"),
    ],
)
def test_the_person_who_makes_contact_has_an_article(who: str, said: str) -> None:
    assert somebody(who, OfferType.CONTACT) == said


def test_a_decision_to_offer_nothing_has_no_slots() -> None:
    assert terms_slots(DecisionTerms("d", OfferType.NONE, value=20, unit="percent"), FactSheet({})) == {}


def test_an_amount_without_a_currency_is_not_said() -> None:
    terms = DecisionTerms("d", OfferType.DISCOUNT, value=5, unit="amount", price_during=20)
    assert terms_slots(terms, FactSheet({})) == {}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_a_cleaned_fact_is_one_visible_line_without_markup(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert not set(cleaned) & set("<>{}[]|*`#\\\n\r\t")
    assert name(text) == "" or not re.search(r"[\d_@/:<>]", name(text))


def test_a_group_fits_where_every_named_dimension_does() -> None:
    bank = Bank({"a": (Group({"tone": frozenset({"warm"})}, ("x", "{plan}")), Group({}, ("y",)))})
    assert bank.variants("a", {"tone": "warm"}, {}) == ["x", "y"]
    assert bank.variants("a", {"tone": "plain"}, {"plan": "P"}) == ["y"]
