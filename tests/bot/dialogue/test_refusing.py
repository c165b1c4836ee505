"""Customers who refuse help, take up what they turned down, or ask what leaving costs: nothing untrue is said."""

import pytest

from db.vocabulary import OutcomeKind
from tests.bot.conftest import CONTACT, Talks, did

OFFERED = "can I get a discount?"
NO_TECHNICIAN = "no technician please, last one broke the wall"


@pytest.mark.parametrize(
    "said",
    [
        NO_TECHNICIAN,
        "please don't send an engineer",
        "I don't want a visit, the last one was a mess",
        "no callback please",
        "a technician?? I was talking about the bill!",
    ],
)
def test_who_refuses_a_visit_or_a_call_is_not_asked_for_a_time(said: str, talks: Talks) -> None:
    talks.decide(CONTACT)
    (reply,) = talks.say(said)
    assert did([reply])[0] in ("open_ticket", "correct")
    assert reply.slots["help_refused"]
    *_, later = talks.say("my internet is down every evening", "since last week, all devices", "I might leave")
    assert "present_offer" not in did(talks.replies)
    assert later.slots["offer"] == "none"


def test_who_says_it_a_second_time_gets_an_apology(talks: Talks) -> None:
    *_, reply = talks.say(NO_TECHNICIAN, "no. I told you no technician")
    assert did([reply]) == ["correct", "what_next"]
    assert len(reply.slots["tickets"]) == 1


def test_help_that_was_refused_can_be_asked_for(talks: Talks) -> None:
    *_, reply = talks.say(NO_TECHNICIAN, "I would like an appointment with a technician after all")
    assert did([reply]) == ["schedule_callback"]
    assert not reply.slots["help_refused"]


@pytest.mark.parametrize(
    "said", ["nobody came, no technician, nothing", "no technician came", "I'd like an appointment with a technician"]
)
def test_a_missing_technician_is_not_one_refused(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert not reply.slots["help_refused"]


def test_a_no_to_a_visit_turns_down_the_visit(talks: Talks) -> None:
    talks.decide(CONTACT)
    *_, offered, reply = talks.say("my internet is down every evening", "all evening, I want to leave", NO_TECHNICIAN)
    assert "present_offer" in did([offered])
    assert did([reply]) == ["decline_offer"]
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.DECLINED]


def test_a_no_to_a_visit_leaves_another_offer_open(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, NO_TECHNICIAN)
    assert reply.slots["offer"] == "presented"
    assert talks.outcomes() == []


def test_a_visit_is_no_answer_to_the_price(talks: Talks) -> None:
    talks.decide(CONTACT)
    replies = talks.say("this is far too expensive for me", "what can you do about the price?")
    assert "present_offer" not in did(replies)


TAKEN_UP = ["fine, deal, 20 percent for three months", "ok I'll take the 20 percent after all", "actually I accept"]


@pytest.mark.parametrize("said", TAKEN_UP)
def test_an_offer_turned_down_is_put_again_before_it_is_taken(said: str, talks: Talks) -> None:
    talks.decide()
    *_, again = talks.say(OFFERED, "no thanks", said)
    assert did([again]) == ["present_offer"]
    assert "20%" in again.text or "23.92" in again.text
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.DECLINED]
    (taken,) = talks.say("yes please")
    assert did([taken]) == ["accept_offer"]
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.DECLINED, OutcomeKind.ACCEPTED]


def test_an_offer_that_no_longer_stands_is_said_to_be_gone(talks: Talks) -> None:
    talks.decide()
    talks.say(OFFERED, "no thanks")
    talks.suppress()
    (reply,) = talks.say(TAKEN_UP[0])
    assert did([reply]) == ["present_offer"]
    assert "no longer" in reply.text
    assert "20%" not in reply.text
    (after,) = talks.say("no")
    assert not after.handoff
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.DECLINED]


def test_an_offer_put_again_can_be_turned_down_again(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "no thanks", TAKEN_UP[0], "no thanks")
    assert did([reply]) == ["decline_offer"]
    assert reply.slots["offer"] == "declined"


def test_who_turned_it_down_is_not_offered_it_unasked(talks: Talks) -> None:
    talks.decide()
    replies = talks.say(OFFERED, "no thanks", "it is still too expensive", "can I have a better price?")
    assert did(replies).count("present_offer") == 1


def test_an_offer_put_again_can_be_heard_once_more(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "no thanks", TAKEN_UP[0], "please repeat that")
    assert did([reply]) == ["repeat"]
    assert "20%" in reply.text or "23.92" in reply.text


ABOUT_FEES = ["how long is my notice period", "what would it cost me to get out?", "is there a fee if I go"]


@pytest.mark.parametrize("said", ABOUT_FEES)
def test_a_fee_that_is_not_on_the_account_is_said_to_be_unknown(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["explain_cancel"]
    assert "fee" in reply.text
    assert "account" in reply.text
    assert reply.text.endswith("?")
    (passed,) = talks.say("yes please")
    assert did([passed]) == ["hand_off"]
    assert not passed.slots["cancelled"]


def test_a_yes_after_a_question_about_fees_cancels_nothing(talks: Talks) -> None:
    *_, asked, reply = talks.say("please cancel my contract", "is there a fee if I go", "yes")
    assert did([asked]) == ["explain_cancel"]
    assert not reply.slots["cancelled"]
    assert talks.outcomes() == []


def test_who_asks_for_no_fee_is_told_of_none(talks: Talks) -> None:
    (reply,) = talks.say("what happens if I cancel")
    assert did([reply]) == ["explain_cancel"]
    assert "fee" not in reply.text


def test_who_waits_for_a_person_is_not_asked_whether_to_get_one(talks: Talks) -> None:
    *_, reply = talks.say("I want to talk to a person", ABOUT_FEES[0])
    assert did([reply]) == ["explain_cancel"]
    assert "fee" in reply.text
    assert "?" not in reply.text
