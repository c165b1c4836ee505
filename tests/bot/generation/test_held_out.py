"""Held-out briefs: a population that has everything in it, the same for the same seed."""

from itertools import product

import pytest

from analytics.language.topics import REASONS, TOPIC_OF_INTENT
from analytics.language.training import texts
from bot.generation.brief import Brief
from bot.generation.evaluation.plain import in_plain_words
from bot.generation.guard import check
from bot.generation.held_out import ACTS, held_out_briefs
from bot.generation.template.approved import TemplateBackend
from bot.generation.template.situation import TONES, read
from db.vocabulary import Channel, OfferType, Sentiment


@pytest.fixture(scope="module")
def population() -> list[Brief]:
    return held_out_briefs(2000)


def test_every_kind_of_offer_in_every_channel(population: list[Brief]) -> None:
    found = {(brief.decision.offer_type, brief.channel) for brief in population}
    assert found == set(product(OfferType, (Channel.EMAIL, Channel.CHAT)))


def test_every_topic_tone_mood_tenure_contact_and_act(population: list[Brief]) -> None:
    letters = [brief for brief in population if brief.channel is Channel.EMAIL]
    assert {brief.topic for brief in letters} == {*REASONS, "praise", None}
    assert {brief.tone for brief in letters} == set(TONES)
    assert {brief.mood for brief in letters} == {*Sentiment, None}
    assert {read(brief).dimensions["tenure"] for brief in letters} == {"new", "settled", "long", "unknown"}
    assert {read(brief).dimensions["contact"] for brief in letters} == {"first", "again"}
    assert {brief.dialogue_act for brief in population if brief.channel is Channel.CHAT} == set(ACTS)


def test_what_is_optional_is_there_and_is_not(population: list[Brief]) -> None:
    decided = [brief.decision for brief in population if brief.decision.offer_type is OfferType.DISCOUNT]
    for name in ("effective", "conditions", "valid_until", "price_during"):
        assert len({bool(getattr(terms, name)) for terms in decided}) == 2
    for name in ("last_message", "first_name", "price", "usage", "support_phone", "renewal_date"):
        assert len({bool(brief.facts.text(name)) for brief in population}) == 2
    for name in ("company", "currency", "plan", "today"):
        assert len({brief.facts.text(name) for brief in population}) >= 6


def test_only_a_present_offer_sees_the_terms(population: list[Brief]) -> None:
    acts = {brief.dialogue_act for brief in population if brief.decision.offer_type is not OfferType.NONE}
    assert acts == {None, "present_offer"}


def test_nothing_is_offered_in_a_chat_after_a_death(population: list[Brief]) -> None:
    after_a_death = [brief for brief in population if read(brief).bereaved]
    assert {brief.dialogue_act for brief in after_a_death} == {None, "acknowledge"}
    assert {in_plain_words(brief)[-1] for brief in after_a_death} == {
        "Offer: none is to be made, since somebody has died."
    }


def test_the_same_seed_gives_the_same_briefs_however_many(population: list[Brief]) -> None:
    assert held_out_briefs(60) == population[:60]
    assert held_out_briefs(60, seed=1) != population[:60]


def test_customers_say_held_out_messages_that_fit_the_topic(population: list[Brief]) -> None:
    labels = {example.text: example.label for example in texts.held_out_intents()}
    feelings = {text for text, _, _ in texts.held_out_emotions()}
    said = [brief for brief in population if brief.facts.text("last_message")]
    assert len({brief.facts.text("last_message") for brief in said}) > 500
    for brief in said:
        text = brief.facts.text("last_message")
        assert text in labels or text in feelings
        about = TOPIC_OF_INTENT.get(labels.get(text, ""))
        assert about is None or brief.topic == about


def test_the_guard_releases_approved_wording(population: list[Brief]) -> None:
    writer = TemplateBackend()
    chosen = population[::33][:60]
    released = [
        check(str(written.text), brief).released for brief, written in zip(chosen, writer.write(chosen), strict=True)
    ]
    assert sum(released) >= 0.95 * len(chosen) == 57
