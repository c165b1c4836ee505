import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from bot.generation.backend import Backend
from bot.generation.brief import NO_OFFER, Brief, FactSheet
from bot.generation.guard import check_approved as check
from bot.generation.template.approved import TemplateBackend
from bot.generation.template.situation import TONES, TOPICS, read
from db.vocabulary import DecisionTerms, OfferType, Sentiment
from tests.bot.generation.briefs import brief, mixed

BACKEND = TemplateBackend()


def body(text: str) -> str:
    return text.split("\n\n", 1)[1]


@pytest.fixture(scope="module")
def thousand() -> list[tuple[Brief, str]]:
    briefs = list(mixed(1000))
    return [(one, str(written.text)) for one, written in zip(briefs, BACKEND.write(briefs), strict=True)]


def test_approved_wording_is_a_backend() -> None:
    assert isinstance(BACKEND, Backend)
    assert BACKEND.languages == ("en",)


def test_the_guard_releases_every_letter(thousand: list[tuple[Brief, str]]) -> None:
    refused = [(report.findings, text) for one, text in thousand[::4] if not (report := check(text, one)).released]
    assert refused == []


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 10_000])
def test_the_guard_releases_every_letter_of_a_thousand(first: int) -> None:
    briefs = [brief(number) for number in range(first, first + 1000)]
    refused = [
        (check(text, one).findings, text) for one in briefs if not check(text := BACKEND.compose(one), one).released
    ]
    assert refused == []


def test_no_two_of_a_thousand_letters_have_the_same_body(thousand: list[tuple[Brief, str]]) -> None:
    twice = [text for text, count in Counter(body(text) for _, text in thousand).items() if count > 1]
    assert twice == []


def test_customers_without_any_facts_still_get_different_letters() -> None:
    bare = (replace(brief(0), facts=FactSheet({}), decision=NO_OFFER, topic="price", seed=seed) for seed in range(200))
    assert len({body(BACKEND.compose(one)) for one in bare}) >= 195


def test_every_letter_has_60_to_160_words(thousand: list[tuple[Brief, str]]) -> None:
    counts = [len(body(text).split()) for _, text in thousand]
    assert min(counts) >= 60
    assert max(counts) <= 160


def test_no_slot_is_left_open_and_no_sentence_begins_small(thousand: list[tuple[Brief, str]]) -> None:
    for _, text in thousand:
        assert "{" not in text
        assert not re.search(r"[.!?] [a-z]|  | [.,;]|\n\n\n", text), text


def test_letters_have_a_subject_a_preheader_a_greeting_and_a_signature(thousand: list[tuple[Brief, str]]) -> None:
    for one, text in thousand:
        subject, preheader, blank, greeting = text.split("\n")[:4]
        assert subject.startswith("Subject: ")
        assert 10 < len(subject) < 80
        assert preheader.startswith("Preheader: ")
        assert blank == ""
        assert greeting.endswith(",")
        assert one.facts.text("company") in text.split("\n\n")[-1]


def test_every_decided_term_is_said(thousand: list[tuple[Brief, str]]) -> None:
    for one, text in thousand:
        terms = one.decision
        if terms.offer_type is OfferType.NONE or read(one).bereaved:
            continue
        if terms.valid_until is not None:
            assert f"{terms.valid_until.day} {terms.valid_until:%B %Y}" in text
        for condition in terms.conditions:
            assert condition.lower() in text.lower()
        if terms.price_during is not None and one.facts.text("billing_period"):
            assert f"€{terms.price_during:.2f}".removesuffix(".00") in text
        if terms.duration_months is not None:
            assert f"{terms.duration_months} month" in text
        for name in (terms.to_plan, terms.keeps):
            assert (name or "") in text


WORDS_NEVER = (
    r"churn|risk|scor|segment|propensit|valued? (?:customer|your)|we noticed|dear valued|exclusive|hurry|last chance|"
    r"act now|guarantee|as an ai|don’t miss|limited time|reach out|circle back|finds you well"
)


def test_letters_know_no_cliches_and_no_inner_words(thousand: list[tuple[Brief, str]]) -> None:
    assert [text for _, text in thousand if re.search(WORDS_NEVER, text, re.IGNORECASE)] == []


TOLD = r"you told us|you said|you raised|you mentioned|what you told|you described|you queried|you let us know"


def test_what_nobody_said_is_not_claimed_to_have_been_said(thousand: list[tuple[Brief, str]]) -> None:
    silent = [text for one, text in thousand if not one.facts.said()]
    assert len(silent) > 300
    assert [text for text in silent if re.search(TOLD, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("topic", ["outage", "equipment", "billing_error", "slow_support"])
def test_a_failure_is_not_asserted_where_none_is_known(topic: str) -> None:
    facts = {"company": "Brightline", "first_name": "Anna", "plan": "Home 500"}
    for seed in range(60):
        text = BACKEND.compose(replace(brief(0), facts=FactSheet(facts), topic=topic, decision=NO_OFFER, seed=seed))
        assert not re.search(r"we(?:’re| are) sorry|the trouble you|the faults you|your outage", text, re.IGNORECASE)


def bereaved(offer_type: OfferType, seed: int) -> str:
    facts = {
        "company": "Brightline",
        "first_name": "Anna",
        "last_message": "My husband died, he was the account holder.",
    }
    terms = DecisionTerms("d1", offer_type, value=20, unit="percent", price=30, price_during=24, currency="EUR",
                          duration_months=3, valid_until=date(2026, 12, 12))  # fmt: skip
    return BACKEND.compose(replace(brief(0), facts=FactSheet(facts), topic="life_event", decision=terms, seed=seed))


@pytest.mark.parametrize("offer_type", list(OfferType))
def test_after_a_death_there_is_sympathy_and_nothing_is_sold(offer_type: OfferType) -> None:
    for seed in range(20):
        text = bereaved(offer_type, seed)
        assert re.search(r"sorry|condolences|sympathy", text)
        assert "Hello,\n" in text
        assert "%" not in text
        assert "€" not in text
        assert "December" not in text


def test_another_life_event_gets_a_gentle_letter_of_the_usual_kind() -> None:
    facts = {"company": "Brightline", "last_message": "We have had a baby and everything is different."}
    text = BACKEND.compose(replace(brief(0), facts=FactSheet(facts), topic="life_event", decision=NO_OFFER))
    assert "condolences" not in text


@pytest.mark.parametrize(
    "name", ["<script>", "{company}", "http://x.example", "Ann\nBcc: x", "007", "", "A" * 300, "\u202eA"]
)
def test_a_name_that_is_none_is_not_used(name: str) -> None:
    facts = {"company": "Brightline", "first_name": name}
    texts = [BACKEND.compose(replace(brief(0), facts=FactSheet(facts), tone=tone)) for tone in TONES]
    for text in texts:
        assert text.split("\n")[3] in ("Dear customer,", "Dear customer of Brightline,")
        assert not name or name not in text


def test_the_same_brief_gives_the_same_letter_and_another_seed_or_variant_another() -> None:
    one = brief(5)
    letter = BACKEND.compose(one)
    assert BACKEND.compose(one) == letter
    assert BACKEND.compose(replace(one, seed=one.seed + 1)) != letter
    assert BACKEND.compose(replace(one, variant="z")) != letter
    assert BACKEND.compose(replace(one, objections=("no",))) != letter


def test_formal_letters_are_written_in_full_and_others_as_people_speak(thousand: list[tuple[Brief, str]]) -> None:
    formal = [text for one, text in thousand if one.tone == "formal"]
    assert [text for text in formal if "’" in text] == []
    assert sum("’" in text for one, text in thousand if one.tone == "warm") > 100


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_has_hundreds_of_letters_for_the_same_customer(topic: str) -> None:
    said = {"company": "Brightline", "first_name": "Anna", "plan": "Home 500", "last_message": "I am not happy."}
    one = replace(brief(0), facts=FactSheet(said), topic=topic)
    several = {BACKEND.compose(replace(one, tone=TONES[seed % 4], seed=seed)) for seed in range(60)}
    assert len(several) == 60


@pytest.mark.parametrize(
    ("topic", "message", "mood"),
    [
        ("missing_feature", "Does the app run on older tablets?", Sentiment.NEUTRAL),
        ("missing_feature", "Nothing is missing, I am very content.", Sentiment.POSITIVE),
        ("price", "How wide is the hub? It has to fit on a shelf.", Sentiment.NEUTRAL),
        ("praise", "Well, that was a great disappointment.", Sentiment.NEGATIVE),
    ],
)
def test_a_topic_that_the_words_do_not_bear_out_is_not_put_into_the_mouth_of_the_customer(
    topic: str, message: str, mood: Sentiment
) -> None:
    facts = FactSheet({"company": "Brightline", "plan": "Home 500", "last_message": message})
    for seed in range(40):
        text = BACKEND.compose(replace(brief(0), facts=facts, topic=topic, mood=mood, decision=NO_OFFER, seed=seed))
        assert not re.search(TOLD, text, re.IGNORECASE), text


def test_a_topic_that_the_words_bear_out_is_answered() -> None:
    facts = FactSheet({"company": "Brightline", "plan": "Home 500", "last_message": "This is too expensive for me."})
    texts = [BACKEND.compose(replace(brief(0), facts=facts, topic="price", seed=seed)) for seed in range(40)]
    assert sum(bool(re.search(TOLD, text, re.IGNORECASE)) for text in texts) >= 10


def test_what_holds_after_the_offer_is_a_sentence_of_its_own() -> None:
    terms = DecisionTerms(
        "d1", OfferType.DISCOUNT, value=20, unit="percent", price=30, price_during=24, currency="EUR",
        duration_months=3, conditions=("after that your usual price applies again",),
    )  # fmt: skip
    for seed in range(30):
        text = BACKEND.compose(replace(brief(0), decision=terms, topic=None, seed=seed))
        assert re.search(r"(?:^|[.!] )(?:To be clear, a|A)fter that your usual price applies again\.", text, re.M), text


def test_a_letter_without_an_offer_leaves_nothing_to_accept_or_refuse(thousand: list[tuple[Brief, str]]) -> None:
    asking = [text for one, text in thousand if one.decision.offer_type is OfferType.NONE and not read(one).bereaved]
    assert len(asking) > 50
    pattern = (
        r"whatever you decide|the choice is yours|a no is|say no\b|say yes|the decision is yours|(?:the|an) offer\b"
    )
    assert [text for text in asking if re.search(pattern, text.split("\n\n", 1)[1], re.IGNORECASE)] == []
