"""What went wrong in conversations with people: the answer fits what was said, and nothing is done on half a yes."""

import pytest

from bot.generation.guard import check_approved as check
from bot.generation.scripted import ScriptedBackend
from bot.generation.template.approved import TemplateBackend
from bot.generation.writer import Writer
from db.repositories.settings import SettingsRepository
from db.vocabulary import CompanyProfile, OutcomeKind
from tests.bot.conftest import Talks, did

NO_YES = (
    "ok how much to get out of this contract",
    "and if I leave?",
    "ok and then",
    "sure about what",
    "sure, what happens then",
    "yes?",
    "ok?",
    "ok but what does it cost",
    "yes but how much would that be",
    "what do I still have to pay",
    "is that final?",
    "can I come back later?",
    "I'm so done with you people",
    "hm",
    "ok let me think",
    "fine, and what about my router",
    "are you sure about that?",
    "right, so when would it end",
    "what if I cancel in March",
    "do I get money back if I cancel",
    "and what would cancelling cost me",
    "okay so it would be over right away?",
    "why would I",
    "yes if it costs nothing",
    "only if there is no fee",
    "ok but my number, can I keep it",
    "cancel it. Or what would that cost?",
    "cancel, but when would it end?",
    "what would that cost me? ok",
    "is that final? fine",
)
PLAIN_YES = (
    "yes",
    "ok",
    "yes please",
    "sure, go ahead",
    "yes, I'm sure",
    "yes I want to be rid of it",
    "do it",
    "I confirm",
    "ok, cancel it",
    "yes, cancel my contract please",
    "please cancel it",
    "can you please just cancel it?",
    "cancel",
    "fine, do it",
    "absolutely",
    "yes that's correct",
    "just end it",
    "Cancel, yes.",
    "Yes, that is what I want.",
    "Is that all? Yes, cancel it.",
    "what a joke, cancel",
)


@pytest.mark.parametrize("said", NO_YES)
def test_what_is_not_plainly_a_yes_cancels_nothing(said: str, talks: Talks) -> None:
    asked, after = talks.say("please cancel my contract", said)
    assert "ask_cancel" in did([asked])
    assert not after.slots["cancelled"]
    assert talks.outcomes() == []


@pytest.mark.parametrize("said", PLAIN_YES)
def test_a_plain_yes_cancels(said: str, talks: Talks) -> None:
    _, after = talks.say("please cancel my contract", said)
    assert after.slots["cancelled"]
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.CANCELED]


@pytest.mark.parametrize(
    "said",
    ["and if I leave?", "what if I go?", "how much to get out of this contract", "what would it cost me to leave"],
)
def test_a_question_about_leaving_is_answered_with_what_it_means(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["explain_cancel"]
    assert "14 May 2027" in reply.text


def test_a_yes_after_the_answer_still_is_one(talks: Talks) -> None:
    *_, explained, done = talks.say("please cancel my contract", "how much is it to get out of it", "yes")
    assert did([explained, done]) == ["explain_cancel", "cancel"]


@pytest.mark.parametrize(
    "before", [(), ("this is ridiculous, nothing works and nobody cares",), ("you promised to call, you liars",)]
)
@pytest.mark.parametrize(
    "said", ["are you even a real person?", "am I even talking to a human here, you fucking idiots?"]
)
def test_who_asks_whether_this_is_a_machine_is_told(before: tuple[str, ...], said: str, talks: Talks) -> None:
    *_, reply = talks.say(*before, said)
    assert did([reply])[0] == "is_bot"


@pytest.mark.parametrize("said", ["that's useless", "well this is no help", "you are hopeless"])
def test_what_helps_nobody_is_not_a_plan_that_nobody_uses(said: str, talks: Talks) -> None:
    *_, reply = talks.say("my router is broken", "the red light blinks all day", said)
    assert did([reply]) == ["not_enough"]


def asks_too_much(talks: Talks) -> None:
    """A writer that ends everything with a question."""
    asking = ScriptedBackend("I see, thank you. What can I do for you?")
    talks.services.__dict__["writer"] = Writer(asking, TemplateBackend(), check)


@pytest.mark.parametrize(
    "said",
    [
        ("I don't use it anymore",),
        ("I want to cancel", "asdf qwer"),
        ("I want to cancel", "are you a bot?"),
        ("I want to cancel", "what is my plan?"),
        ("I want to cancel", "thanks"),
        ("I want to cancel", "tell me a joke"),
        ("it is too expensive", "how are you?"),
    ],
)
@pytest.mark.parametrize("writer", ["approved", "asking"])
def test_a_reply_asks_one_question(said: tuple[str, ...], writer: str, talks: Talks) -> None:
    if "expensive" in said[0]:
        talks.decide()
    if writer == "asking":
        asks_too_much(talks)
    *_, reply = talks.say(*said)
    assert reply.text.count("?") <= 1, reply.text


@pytest.mark.parametrize(
    ("said", "action"),
    [
        (("i dont know which plan i have",), "show_account"),
        (("which package do I have",), "show_account"),
        (("which plan is cheaper, I want to switch",), "change_plan"),
        (("my grandson set it up",), "clarify"),
        (("my daughter takes care of these things",), "clarify"),
        (("my router is broken", "how do i look at the bill"), "explain_bill"),
        (("my router is broken", "why does it blink red all day"), "open_ticket"),
        (("what does it mean gigabit",), "explain_term"),
        (("my router is broken", "what does gigabit mean"), "explain_term"),
        (("which number do i call",), "show_support"),
        (("how can I phone you",), "show_support"),
        (("what is the phone number of your support?",), "show_support"),
        (("please call me back",), "schedule_callback"),
        (("do i have to pay now",), "show_dates"),
        (("is there anything to pay today",), "show_dates"),
        (("my router is broken", "the light is red all day", "ok and then"), "ticket_status"),
    ],
)
def test_a_question_gets_its_answer(said: tuple[str, ...], action: str, talks: Talks) -> None:
    *_, reply = talks.say(*said)
    assert did([reply]) == [action]
    assert not reply.slots["callback"] or action == "schedule_callback"


def test_the_number_of_the_support_is_said_where_it_is_known(talks: Talks) -> None:
    (reply,) = talks.say("which number do i call")
    profile = company(talks)
    assert profile.support_phone
    assert profile.support_phone in reply.text


def company(talks: Talks) -> CompanyProfile:
    with talks.store.read() as session:
        found = SettingsRepository(session).company()
    assert found is not None
    return found


def test_who_bargains_over_the_offer_hears_that_it_stands(talks: Talks) -> None:
    talks.decide()
    offered, stands, taken = talks.say("can I get a discount?", "that's all? 30 percent would be fair", "yes")
    assert did([offered, stands, taken]) == ["present_offer", "no_offer", "accept_offer"]
    assert "person" in stands.text or "colleague" in stands.text
    assert stands.text.count("?") == 1
    assert not stands.handoff


def test_who_bargains_without_an_offer_is_not_handed_off(talks: Talks) -> None:
    *_, reply = talks.say("can you match that", "that's all? 20 percent would be fair")
    assert did([reply]) == ["no_offer"]
    assert not reply.handoff


def test_a_question_accepts_no_offer(talks: Talks) -> None:
    talks.decide()
    for said in ("ok and then", "ok but what does it cost", "that's it?", "sure, for how long"):
        talks.say("can I get a discount?" if not talks.replies else "hm", said)
        assert talks.replies[-1].slots["offer"] == "presented", said


@pytest.mark.parametrize("said", ["what can you actually do", "how long do I have to wait", "is anyone coming?"])
def test_who_waits_for_a_person_hears_how_long(said: str, talks: Talks) -> None:
    *_, reply = talks.say("let me talk to a human", said)
    assert did([reply]) == ["handoff_wait"]
    assert "15 minutes" in reply.text


def test_who_waits_for_a_person_gets_the_facts(talks: Talks) -> None:
    *_, reply = talks.say("let me talk to a human", "and until when is it paid?")
    assert did([reply]) == ["show_dates"]
    assert "14 May 2027" in reply.text


@pytest.mark.parametrize("said", ["yes", "yes please", "ok"])
def test_a_yes_to_a_call_is_no_time(said: str, talks: Talks) -> None:
    assert talks.open().state is not None
    talks.say("please call me back")
    again, noted = talks.say(said, "tomorrow at five")
    assert did([again, noted]) == ["schedule_callback", "note_callback"]
    assert noted.slots["callback"] == "tomorrow at five"
