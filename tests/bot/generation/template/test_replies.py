import re
from dataclasses import replace
from datetime import date

import pytest

from bot.generation.brief import FactSheet
from bot.generation.guard import check_approved as check
from bot.generation.prompts import ACTS
from bot.generation.template.approved import TemplateBackend
from bot.generation.template.bank import shipped
from bot.generation.template.replies import acts
from db.vocabulary import Channel, DecisionTerms, OfferType
from tests.bot.generation.briefs import brief

BACKEND = TemplateBackend()
CHAT = Channel.CHAT


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_eight_replies_of_which_none_is_long_and_none_is_refused(act: str) -> None:
    replies: set[str] = set()
    for number in range(60):
        one = brief(number, CHAT, act)
        facts = {
            **one.facts.values,
            "answer": "The router works best in the open.",
            "last_reply": "Which bill?",
            "ticket": "T-12",
        }
        one = replace(one, facts=FactSheet(facts))
        reply = BACKEND.compose(one)
        if reply in replies:
            continue
        replies.add(reply)
        assert check(reply, one).released, (reply, check(reply, one).findings)
        assert "{" not in reply
        assert len(reply.split()) <= 80
        assert not re.search(r"[.!?] [a-z]|  ", reply), reply
    assert len(replies) >= 8


def test_every_act_that_a_model_is_told_about_has_approved_wording() -> None:
    assert set(ACTS) <= set(acts(shipped()))


def test_a_greeting_says_that_it_comes_from_a_program() -> None:
    for seed in range(60):
        reply = BACKEND.compose(replace(brief(1, CHAT, "greet"), seed=seed))
        assert re.search(r"\bbot\b|chatbot|assistant|program", reply), reply


def test_a_question_whether_it_is_a_bot_is_answered_with_yes() -> None:
    for seed in range(40):
        reply = BACKEND.compose(replace(brief(1, CHAT, "is_bot"), seed=seed))
        assert re.search(r"\bbot\b|chatbot|assistant|program", reply), reply
        assert re.search(r"person|colleague", reply), reply


def test_an_offer_is_presented_with_all_its_terms_and_a_question() -> None:
    terms = DecisionTerms(
        "d1",
        OfferType.DISCOUNT,
        value=20,
        unit="percent",
        price=30,
        price_during=24,
        currency="EUR",
        duration_months=3,
        conditions=("only for this address",),
        valid_until=date(2026, 12, 12),
    )
    for seed in range(30):
        reply = BACKEND.compose(replace(brief(1, CHAT, "present_offer"), decision=terms, seed=seed))
        for said in ("€24", "3 months", "only for this address", "12 December 2026"):
            assert said in reply


def test_where_no_offer_was_decided_none_is_presented() -> None:
    nothing = DecisionTerms("d1", OfferType.NONE)
    reply = BACKEND.compose(replace(brief(1, CHAT, "present_offer"), decision=nothing))
    asked = BACKEND.compose(replace(brief(1, CHAT, "no_offer"), decision=nothing))
    assert reply == asked


def test_a_cancellation_names_the_last_day() -> None:
    facts = FactSheet({"paid_until": "2026-12-31", "plan": "Home 500"})
    said = [BACKEND.compose(replace(brief(1, CHAT, "cancelled"), facts=facts, seed=seed)) for seed in range(40)]
    assert sum("31 December 2026" in reply for reply in said) == len(said)


def test_an_answer_that_is_not_known_is_not_made_up() -> None:
    reply = BACKEND.compose(replace(brief(1, CHAT, "answer"), facts=FactSheet({"company": "Brightline"})))
    assert re.search(r"not|’t|cannot|no information|beyond|guess", reply)


def test_an_unheard_of_act_is_answered_as_one_that_cannot_be_handled() -> None:
    one = brief(1, CHAT, "dance")
    assert BACKEND.compose(one) == BACKEND.compose(replace(one, dialogue_act="cannot_handle"))


def test_a_death_is_met_with_sympathy_before_anything_else() -> None:
    facts = FactSheet({"company": "Brightline", "last_message": "My wife passed away last month"})
    for act in ("acknowledge", "ask_reason", "present_offer", "no_offer", "apology_anger"):
        reply = BACKEND.compose(replace(brief(1, CHAT, act), facts=facts, topic="life_event"))
        assert re.search(r"sorry|condolences|sympathy", reply, re.IGNORECASE), reply
        assert "€" not in reply
