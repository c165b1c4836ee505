"""Customers who haggle, take a yes back or were promised things: nothing is done by a misreading."""

import pytest

from db.vocabulary import OutcomeKind
from tests.bot.conftest import Talks, did

OFFERED = "can I get a discount?"


@pytest.mark.parametrize(
    "said",
    [
        "ok but I want half the price",
        "that is nothing. make it 50 and we have a deal",
        "no I do not want it unless it's 12 months",
        "match it and I stay, I'd need at least half off",
    ],
)
def test_who_wants_more_has_not_said_yes(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, said)
    assert did([reply]) == ["no_offer"]
    assert reply.slots["offer"] == "presented"
    assert talks.outcomes() == []


@pytest.mark.parametrize("said", ["ok i take it. or is it more expensive then", "what happens if I say no"])
def test_a_question_about_the_offer_answers_it_with_neither_yes_nor_no(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, said)
    assert did([reply]) == ["present_offer"]
    assert talks.outcomes() == []


@pytest.mark.parametrize("said", ["deal, 20 percent for three months", "yes, 20% is fine, I'll take it", "ok I accept"])
def test_who_agrees_in_figures_has_said_yes(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, said)
    assert did([reply]) == ["accept_offer"]


@pytest.mark.parametrize(
    "said",
    [
        "wait no, I did not accept that",
        "take it back please, I'm not agreeing to this",
        "cancel the discount please",
        "please undo that",
    ],
)
def test_a_yes_can_be_taken_back(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "yes please", said)
    assert did([reply]) == ["decline_offer"]
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.ACCEPTED, OutcomeKind.DECLINED]
    assert reply.slots["offer"] == "declined"


@pytest.mark.parametrize("said", ["I don't need anything else", "no thanks, that's all", "I don't want it any more"])
def test_a_yes_stands_where_nobody_takes_it_back(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "yes please", said)
    assert reply.slots["offer"] == "accepted"
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.ACCEPTED]


def test_what_was_agreed_is_told_with_its_terms(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "yes please", "thanks", "so what exactly did I agree to?")
    assert did([reply]) == ["show_agreed"]
    assert "20%" in reply.text or "23.92" in reply.text
    *_, waiting, again = talks.say("I want to talk to a person", "what did we agree on?")
    assert waiting.handoff
    assert did([again]) == ["show_agreed"]


def test_what_was_taken_back_is_agreed_no_more(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "yes please", "please undo that", "what exactly did I agree to?")
    assert "show_agreed" not in did([reply])
    assert "20%" not in reply.text


@pytest.mark.parametrize(
    "said",
    [
        "could I cancel only the tv part?",
        "cancel just the sports channels",
        "I only want to cancel the tv",
        "cancel the tv add-on",
    ],
)
def test_a_part_is_not_the_plan(said: str, talks: Talks) -> None:
    *_, reply = talks.say("what would it cost me to leave?", said)
    assert did([reply]) == ["change_plan"]
    assert not reply.slots["cancelled"]
    assert talks.outcomes() == []


def test_the_offer_that_is_cancelled_is_not_the_plan(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say("what would it cost me to leave?", OFFERED, "cancel the 20 percent thing please")
    assert not reply.slots["cancelled"]
    assert "cancel" not in did([reply])


@pytest.mark.parametrize(
    "said",
    [
        "cancel my tv subscription",
        "please cancel everything",
        "just cancel my plan",
        "I changed my mind, cancel it",
        "cancel the tv part, no, cancel everything",
        "cancel the discount and my contract",
    ],
)
def test_the_plan_is_cancelled_all_the_same(said: str, talks: Talks) -> None:
    *_, reply = talks.say("what would it cost me to leave?", said)
    assert did([reply]) == ["cancel"]


@pytest.mark.parametrize(
    "said", ["undo that please", "what?? no! I only asked about the tv", "how do I get the plan back"]
)
def test_who_did_not_mean_to_cancel_gets_a_person(said: str, talks: Talks) -> None:
    *_, reply = talks.say("please cancel my contract", "yes", said)
    assert did([reply]) == ["hand_off"]


@pytest.mark.parametrize(
    "said",
    [
        "your guy on the phone promised me 20 percent off for the first months",
        "last week your colleague Tom said I'd get a month free for the outage",
        "I was told the price would be 26 euros",
    ],
)
def test_a_promise_goes_on_record_and_is_met_with_no_offer(said: str, talks: Talks) -> None:
    talks.decide()
    (reply,) = talks.say(said)
    assert did([reply]) == ["open_ticket"]
    assert reply.slots["tickets"]


@pytest.mark.parametrize("said", ["are you deaf? somebody lied to me", "6 euros?? are you having a laugh"])
def test_an_angry_question_is_not_taken_for_one_about_machines(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, said)
    assert "is_bot" not in did([reply])


@pytest.mark.parametrize(
    "said",
    [
        "I'm wondering whether to stay with you or not",
        "I'm half inclined to go, half not",
        "stay or leave, I don't know",
    ],
)
def test_who_is_in_two_minds_has_not_decided(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["ask_reason"]


def test_who_waits_for_a_person_still_hears_the_price(talks: Talks) -> None:
    *_, reply = talks.say("I want to talk to a person", "what do i pay now and is there a cheaper one")
    assert did([reply]) == ["show_account"]


def test_a_sentence_is_said_once_in_a_turn(talks: Talks) -> None:
    talks.decide()
    (reply,) = talks.say("this is far too expensive for me, I am really unhappy with the price")
    sentences = reply.text.split(". ")
    assert len(sentences) == len(set(sentences)), reply.text
