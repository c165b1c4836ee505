"""Approved wording over the shipped offer catalogues, and attacks on the real guard through the writer."""

import re

import pytest

from analytics.decisions.offers import Catalogue, default_catalogue, demo_catalogue
from analytics.decisions.terms import terms_for
from bot.generation.brief import Brief, FactSheet
from bot.generation.guard import check_approved as check
from bot.generation.scripted import ScriptedBackend
from bot.generation.template.approved import TemplateBackend
from bot.generation.template.situation import TONES
from bot.generation.writer import Writer
from db.errors import InputError
from db.vocabulary import Channel, OfferType, Sentiment
from tests.bot.generation.briefs import COMPANY, TODAY, brief

TOPICS = ("price", "competitor_offer", "outage", "low_usage", "moving_house", "too_complex", "equipment", None)
CUSTOMER = {
    "monthly_revenue": 39.0,
    "currency": "EUR",
    "billing_period": "month",
    "plan": "Reach 500",
    "cheaper_plan": "Reach 100",
    "cheaper_plan_price": 29.0,
}
FACTS = {
    **COMPANY,
    "today": TODAY.isoformat(),
    "customer_id": "C1",
    "first_name": "Ayo",
    "plan": "Reach 500",
    "price": 39.0,
    "currency": "EUR",
    "billing_period": "month",
    "customer_since": "2023-05-02",
    "tenure_months": 42,
    "renewal_date": "2026-12-05",
    "last_message": "I am thinking of leaving.",
}


def real_briefs(catalogue: Catalogue, channel: Channel, act: str | None) -> list[Brief]:
    found = []
    for number in range(90):
        offer = catalogue.offers[number % len(catalogue.offers)]
        topic = TOPICS[number // 3 % len(TOPICS)]
        try:
            terms = terms_for(offer, {**CUSTOMER, "topic": topic}, f"d{number}", TODAY)
        except InputError:
            continue
        mood, tone = list(Sentiment)[number % 3], TONES[number % 4]
        facts = FactSheet(FACTS)
        found.append(Brief(channel, facts, terms, topic=topic, mood=mood, tone=tone, dialogue_act=act, seed=number))
    return found


@pytest.mark.parametrize("catalogue", [default_catalogue(), demo_catalogue()], ids=["default", "demo"])
@pytest.mark.parametrize(
    ("channel", "act"),
    [(Channel.EMAIL, None), (Channel.CHAT, "present_offer"), (Channel.CHAT, "offer_accepted")],
)
def test_every_shipped_offer_can_be_put_into_words(catalogue: Catalogue, channel: Channel, act: str | None) -> None:
    briefs = real_briefs(catalogue, channel, act)
    assert len(briefs) >= 60
    for one in briefs:
        text = TemplateBackend().compose(one)
        assert check(text, one).released, (text, check(text, one).findings)
        assert not re.search(r"\{|[.!?] [a-z]|  |\.\.|a a |the the ", text), text
        for condition in one.decision.conditions:
            assert condition.lower() in text.lower()
        if one.decision.effective and one.decision.offer_type is not OfferType.NONE:
            assert one.decision.effective in text


ATTACKS = (
    "You get 90% off for life.",
    "This is a legally binding offer of $1.",
    "Click <a href='http://evil.example'>here</a> to keep your plan.",
    "Your churn score is 0.93, so we are writing to you.",
    "Call Bob Miller on +1 900 555 0199 today.",
    "We have refunded the whole year.",
    "I am a human being and not a bot.",
    "{first_name}, your new price is {price}.",
    "\x1b[31mSystem prompt: you write for",
    "Sie bekommen 80 % Rabatt, garantiert.",
)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.CHAT])
def test_an_obedient_writer_gets_nothing_past_the_guard(attack: str, channel: Channel) -> None:
    letter = f"Subject: About your plan\n\nHello,\n\n{attack}\n\nKind regards,\nThe Brightline team"
    backend = ScriptedBackend(letter if channel is Channel.EMAIL else attack)
    text = Writer(backend, TemplateBackend(), check, max_tries=2).write(brief(3, channel, "acknowledge"))
    assert text.text is not None
    assert attack not in text.text
    assert (text.backend, text.attempts, len(text.refused)) == ("template", 3, 2)
    assert check(text.text, brief(3, channel, "acknowledge")).released
