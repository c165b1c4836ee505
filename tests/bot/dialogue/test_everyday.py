"""What customers write in passing: threats, doubts, second thoughts and questions that are easily misread."""

import pytest

from db.vocabulary import OutcomeKind
from tests.bot.conftest import PAUSE, Talks, did

OFFERED = "can I get a discount?"


@pytest.mark.parametrize("said", ["what do you want from me", "what do you mean", "who are you then"])
def test_a_question_is_no_end_to_messages(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert "opt_out" not in did([reply])
    assert talks.suppressions() == set()


@pytest.mark.parametrize("said", ["stop emailing me", "could you stop sending me mails?", "leave me alone", "stop"])
def test_an_end_to_messages_is_one_in_a_question_too(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert "opt_out" in did([reply])


@pytest.mark.parametrize("said", ["I might leave, dunno", "we may switch", "i might just quit"])
def test_who_might_leave_does_not_stay(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["ask_reason"]


@pytest.mark.parametrize("said", ["actually no", "no wait", "wait, no", "on second thought, rather not"])
def test_second_thoughts_right_after_a_yes_take_it_back(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "yes please", said)
    assert did([reply]) == ["decline_offer"]
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.ACCEPTED, OutcomeKind.DECLINED]


def test_second_thoughts_about_something_else_leave_the_yes(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "yes please", "what is my plan?", "actually no")
    assert reply.slots["offer"] == "accepted"


@pytest.mark.parametrize(
    "said", ["i want a better price or im off", "give me a discount or I'm gone", "20 euros or we leave"]
)
def test_a_price_or_i_go_is_about_the_price_and_says_how_to_go(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["no_offer"]
    assert "“cancel”" in reply.text
    (done,) = talks.say("cancel")
    assert done.slots["cancelled"]


def test_a_price_or_i_go_gets_the_offer_where_there_is_one(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say("it costs too much", "no thanks", "lower the price or I'm off")
    assert "ask_cancel" not in did([reply])
    assert not reply.slots["cancelled"]


@pytest.mark.parametrize("said", ["make it 15 and i stay", "give me half off and I will stay", "I'd stay if it was 20"])
def test_who_would_stay_for_a_price_bargains(said: str, talks: Talks) -> None:
    *_, reply = talks.say("I want to cancel", said)
    assert did([reply]) == ["no_offer"]
    assert not reply.slots["cancelled"]


@pytest.mark.parametrize("said", ["20 and the first month free", "ok lets say 20 but for a year"])
def test_who_asks_for_more_than_the_offer_is_told_that_it_stands(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, said)
    assert did([reply]) == ["no_offer"]
    assert reply.slots["offer"] == "presented"
    assert talks.outcomes() == []


def test_who_asks_who_decides_is_offered_a_person(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "who can decide that")
    assert did([reply]) == ["not_enough"]
    (passed,) = talks.say("yes")
    assert did([passed]) == ["hand_off"]


@pytest.mark.parametrize("said", ["wait is that before or after tax", "and then it goes back up?", "what comes after"])
def test_a_question_after_a_yes_is_answered_with_what_was_agreed(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "yes please", said)
    assert did([reply]) == ["show_agreed"]
    assert reply.slots["offer"] == "accepted"


def test_an_offer_is_not_repeated_with_an_excuse(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "ok and what after the 3 months")
    assert did([reply]) == ["present_offer"]
    assert "missed" not in reply.text
    assert "sorry" not in reply.text.lower()


@pytest.mark.parametrize(
    "said", ["when will it be fixed", "who looks at it", "any news?", "T-1-1", "what happened to it"]
)
def test_what_is_on_record_is_told_and_not_asked_for_again(said: str, talks: Talks) -> None:
    *_, reply = talks.say("my router is broken", "the red light blinks all day", said)
    assert did([reply]) == ["ticket_status"]
    assert len(reply.slots["tickets"]) == 1


def test_a_wish_not_to_repeat_oneself_is_no_wish_to_stay(talks: Talks) -> None:
    *_, reply = talks.say("my router is broken", "i dont want to describe it again, look in your notes")
    assert "keep_plan" not in did([reply])


def test_nobody_came_is_no_no(talks: Talks) -> None:
    *_, reply = talks.say("my router is broken", "nobody came")
    assert did([reply]) == ["open_ticket"]


@pytest.mark.parametrize("said", ["can you just tell me what i should pay", "ok thx. and the price?", "what do I owe"])
def test_a_question_for_the_price_is_no_complaint_about_it(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply])[0] in ("show_account", "show_dates")


@pytest.mark.parametrize("said", ["what do i get for the outages", "i want my money", "I want compensation"])
def test_who_wants_to_be_paid_back_is_not_asked_what_is_wrong(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["cannot_handle"]
    assert reply.slots["pending"] == "handoff"


def test_thats_unfair_opens_no_ticket(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "thats unfair")
    assert did([reply]) == ["not_enough"]
    assert not reply.slots["tickets"]


@pytest.mark.parametrize("said", ["is this spam", "is this a scam?", "how do i know you are really the company"])
def test_who_doubts_us_is_told_what_this_is_and_whom_to_ask(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["vouch"]
    assert "assistant" in reply.text


def test_what_leaving_would_cost_is_not_taken_for_a_complaint(talks: Talks) -> None:
    *_, reply = talks.say("I want to cancel", "no wait", "what would that cost me")
    assert did([reply]) == ["explain_cancel"]


@pytest.mark.parametrize("said", ["and if i cancel in between", "so if I leave early"])
def test_if_i_cancel_is_a_question(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["explain_cancel"]
    assert not reply.slots["cancelled"]


def test_whether_it_is_cancelled_is_told_as_it_is(talks: Talks) -> None:
    (reply,) = talks.say("is my plan cancelled?")
    assert did([reply]) == ["cancel_status"]
    assert not reply.slots["cancelled"]
    *_, after = talks.say("cancel my plan", "yes", "how do i know it is cancelled")
    assert did([after]) == ["cancel_status"]
    assert "cancel" in after.text
    assert "not" not in after.text.lower().split()


@pytest.mark.parametrize("said", ["what would you do", "what are the pros and cons", "whats your opinion"])
def test_advice_is_not_given_and_not_misunderstood(said: str, talks: Talks) -> None:
    *_, reply = talks.say("hmm not sure if i should stay", said)
    assert did([reply]) == ["advise"]
    assert reply.slots["failures"] == 0


def test_yes_and_no_to_nothing_are_no_riddles(talks: Talks) -> None:
    replies = talks.say("what is my plan?", "no", "yes")
    assert did(replies) == ["show_account", "leave_it", "what_next"]


def test_do_it_after_an_explanation_is_asked_about_once_more(talks: Talks) -> None:
    *_, reply = talks.say("what happens if I cancel?", "ok do it")
    assert did([reply]) == ["ask_cancel"]
    (done,) = talks.say("yes")
    assert done.slots["cancelled"]


@pytest.mark.parametrize("said", ["can i stop paying meanwhile", "how does that work then"])
def test_a_question_beside_an_offer_keeps_it_open(said: str, talks: Talks) -> None:
    talks.decide(PAUSE)
    *_, reply = talks.say("i go abroad for 3 months, can I pause?", said)
    assert reply.slots["pending"] == "offer"
    *_, taken = talks.say("ok yes")
    assert did([taken]) == ["accept_offer"]


@pytest.mark.parametrize("said", ["and now", "my bil is to hihg"])
def test_what_is_misread_ends_no_conversation_and_greets_nobody(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert not {"goodbye", "greet_again"} & set(did([reply]))


@pytest.mark.parametrize(
    ("said", "action"), [("bye", "goodbye"), ("ok good. bye", "goodbye"), ("hello", "greet_again")]
)
def test_hello_and_goodbye_are_heard(said: str, action: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == [action]


def test_a_word_alone_opens_no_ticket(talks: Talks) -> None:
    *_, reply = talks.say("still too expensive", "nothing?")
    assert not reply.slots["tickets"]


def test_thanks_is_no_time_for_a_call(talks: Talks) -> None:
    *_, reply = talks.say("please call me back", "thanks")
    assert did([reply]) == ["welcome"]
    *_, noted = talks.say("please call me back", "thanks, tomorrow at five")
    assert did([noted]) == ["note_callback"]


def test_why_not_is_no_no_to_a_person(talks: Talks) -> None:
    *_, reply = talks.say("I want a refund", "why not")
    assert did([reply]) == ["hand_off"]


@pytest.mark.parametrize("said", ["is that true", "sure?"])
def test_a_doubt_is_no_yes(said: str, talks: Talks) -> None:
    *_, reply = talks.say("what is my plan?", said)
    assert did([reply]) == ["clarify"]


@pytest.mark.parametrize("said", ["how", "how does that work"])
def test_how_beside_the_question_whether_to_cancel_is_answered(said: str, talks: Talks) -> None:
    *_, reply = talks.say("I want to cancel", said)
    assert did([reply]) == ["explain_cancel"]
    assert not reply.slots["cancelled"]


def test_what_leaving_means_is_told(talks: Talks) -> None:
    (reply,) = talks.say("ok then tell me what leaving means")
    assert did([reply]) == ["explain_cancel"]


@pytest.mark.parametrize("said", ["and with the offer", "hm what is the deal", "why should i stay"])
def test_an_offer_is_taken_in_words_that_agree_and_in_no_others(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, said)
    assert did([reply]) == ["present_offer"]
    assert talks.outcomes() == []


@pytest.mark.parametrize("said", ["count me in", "go for it", "works for me", "I accept", "ok then, deal"])
def test_an_offer_is_taken_in_many_words(said: str, talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, said)
    assert did([reply]) == ["accept_offer"]


def test_what_exactly_the_offer_is_can_be_asked_after_a_yes(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say(OFFERED, "yes please", "what is my plan?", "ok wait, what exactly is the offer")
    assert did([reply]) == ["show_agreed"]


@pytest.mark.parametrize("said", ["then i cancel, right?", "so i have to cancel?"])
def test_whether_to_cancel_is_a_question(said: str, talks: Talks) -> None:
    *_, reply = talks.say("im moving to spain in may", said)
    assert did([reply]) == ["explain_cancel"]
    (after,) = talks.say("ok")
    assert not after.slots["cancelled"]


def test_a_box_that_freezes_wants_no_pause(talks: Talks) -> None:
    (reply,) = talks.say("your tv box freezes all the time, i am so done")
    assert did([reply]) == ["report_problem"]
    assert reply.slots["reason"] != "low_usage"


def test_a_second_thought_about_the_time_of_a_call_is_noted(talks: Talks) -> None:
    *_, reply = talks.say("please call me back", "monday", "not before 10")
    assert did([reply]) == ["note_callback"]


@pytest.mark.parametrize("said", ["can you change my email", "send it to test@web.de", "my new mail is a@b.example"])
def test_a_new_address_is_not_answered_with_the_plan(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["answer_how_to"]


@pytest.mark.parametrize("said", ["25% and i sign today", "can you do any better?", "what about a discount"])
def test_who_asks_for_less_is_not_told_that_there_is_nothing_where_there_is(said: str, talks: Talks) -> None:
    talks.decide()
    (reply,) = talks.say(said)
    assert did([reply]) == ["present_offer"]


def test_its_the_price_is_a_reason_and_no_question_about_the_bill(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say("hi im thinking about leaving but not sure", "its the price i think")
    assert did([reply])[-1] == "present_offer"
    assert reply.slots["reason"] == "price"


def test_a_boss_can_be_taken_back_as_well(talks: Talks) -> None:
    *_, reply = talks.say("i want your boss", "never mind the boss")
    assert did([reply])[0] in ("withdraw_handoff", "hand_off")
    assert not reply.handoff
