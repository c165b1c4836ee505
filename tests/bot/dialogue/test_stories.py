"""Scripted journeys: reasons, moods and ways of behaving, from the first word to the end."""

from dataclasses import dataclass

import pytest

from db.vocabulary import DecisionTerms, OutcomeKind, SuppressionReason
from tests.bot.conftest import CONTACT, DISCOUNT, PAUSE, Talks, did

ACCEPTED, DECLINED, CANCELED = OutcomeKind.ACCEPTED, OutcomeKind.DECLINED, OutcomeKind.CANCELED


@dataclass(frozen=True)
class Story:
    """What the customer says, what the bot does, and what the ledger holds in the end."""

    name: str
    says: tuple[str, ...]
    does: tuple[str, ...]
    offer: DecisionTerms | None = None
    ends: tuple[OutcomeKind, ...] = ()
    handoff: str | None = None


STORIES = (
    Story("plain cancellation", ("I want to cancel", "yes"), ("ask_cancel", "cancel"), ends=(CANCELED,)),
    Story("insisting", ("cancel my plan", "just cancel it"), ("ask_cancel", "cancel"), ends=(CANCELED,)),
    Story(
        "no reason given",
        ("I want to cancel", "I'm not telling you why, cancel"),
        ("ask_cancel", "cancel"),
        DISCOUNT,
        (CANCELED,),
    ),
    Story(
        "offer on the way out, declined",
        ("I want to cancel", "it is too expensive", "no thanks", "yes"),
        ("ask_cancel", "present_offer", "decline_offer", "cancel"),
        DISCOUNT,
        (DECLINED, CANCELED),
    ),
    Story(
        "offer on the way out, skipped",
        ("please cancel, it is too expensive", "cancel"),
        ("present_offer", "cancel_aside", "cancel"),
        DISCOUNT,
        (DECLINED, CANCELED),
    ),
    Story(
        "offer on the way out, taken",
        ("I want to cancel", "it costs too much", "ok, I accept"),
        ("ask_cancel", "present_offer", "accept_offer"),
        DISCOUNT,
        (ACCEPTED,),
    ),
    Story(
        "changing one's mind twice",
        ("I want to cancel", "no, I'll stay", "cancel my contract", "yes"),
        ("ask_cancel", "keep_plan", "ask_cancel", "cancel"),
        ends=(CANCELED,),
    ),
    Story("staying after all", ("I want to cancel", "no"), ("ask_cancel", "keep_plan")),
    Story("only asking", ("what happens if I cancel?", "ok thanks"), ("explain_cancel", "welcome")),
    Story(
        "asking, then going",
        ("what happens if I cancel?", "then cancel it"),
        ("explain_cancel", "cancel"),
        ends=(CANCELED,),
    ),
    Story("thinking about it", ("I'm thinking about leaving", "I'd rather not say"), ("ask_reason", "choices")),
    Story(
        "bargaining",
        ("can I get a discount?", "give me 50%", "how long is it for?", "ok deal"),
        ("present_offer", "no_offer", "present_offer", "accept_offer"),
        DISCOUNT,
        (ACCEPTED,),
    ),
    Story("bargaining without an offer", ("can I get a discount?",), ("no_offer",)),
    Story("a better offer elsewhere", ("your competitor is much cheaper", "yes"), ("present_offer", "accept_offer"),
          DISCOUNT, (ACCEPTED,)),
    Story("not using it, no offer", ("I don't use it anymore",), ("acknowledge", "what_next")),
    Story("think about the offer", ("it is too expensive", "maybe later"),
          ("acknowledge", "present_offer", "offer_later"), DISCOUNT),
    Story(
        "a fault reported",
        ("the internet is slow every evening", "since Monday, all devices", "so what will you do about it?"),
        ("report_problem", "open_ticket", "ticket_status"),
    ),
    Story(
        "a fault, then not enough",
        ("my router is broken", "the red light blinks all day", "that's not good enough", "yes please"),
        ("report_problem", "open_ticket", "not_enough", "hand_off"),
        handoff="asked",
    ),
    Story("bill question", ("why is my bill so high?", "I paid 10 less in May"), ("explain_bill", "open_ticket")),
    Story("account question", ("what do I have with you?", "until when is it paid?"), ("show_account", "show_dates")),
    Story("refund", ("I want a refund", "yes"), ("cannot_handle", "hand_off"), handoff="asked"),
    Story("pause that was decided", ("can I pause for a while?", "yes"), ("pause", "accept_offer"), PAUSE, (ACCEPTED,)),
    Story("pause that was not decided", ("can I pause my plan?", "no"), ("pause", "handoff_declined"), DISCOUNT),
    Story("call back", ("please call me back", "tomorrow at five"), ("schedule_callback", "note_callback")),
    Story("a person at once", ("let me talk to a human",), ("hand_off",), DISCOUNT, handoff="asked"),
    Story("a person, and cancelling", ("I want to cancel and talk to a human", "cancel"),
          ("hand_off", "cancel_aside", "cancel"), ends=(CANCELED,), handoff="asked"),
    Story("a machine?", ("are you a bot?",), ("is_bot",)),
    Story("a death", ("my husband died", "yes please"), ("bereavement", "hand_off"), DISCOUNT, handoff="asked"),
    Story("a death, no selling", ("my wife died", "it is too expensive for me alone now"),
          ("bereavement", "acknowledge", "what_next"), DISCOUNT),
    Story("insults", ("you people are useless idiots, this is a fucking joke",), ("hand_off",), handoff="is_furious"),
    Story("nonsense", ("asdf qwer", "lkjh", "zxcv uiop"), ("clarify", "choices", "hand_off"), handoff="failures"),
    Story("the same again and again", ("blorp", "blorp", "blorp"), ("clarify", "choices", "hand_off"),
          handoff="repeats_themselves"),
    Story("another question in between", ("I want to cancel", "are you a bot?", "yes"),
          ("ask_cancel", "is_bot", "resume", "cancel"), ends=(CANCELED,)),
    Story("misunderstood", ("I want to cancel", "that's not what I said"), ("ask_cancel", "correct", "keep_plan")),
    Story("undoing it", ("cancel", "yes", "undo the cancellation"), ("ask_cancel", "cancel", "hand_off"),
          ends=(CANCELED,), handoff="undoes_cancellation"),
    Story("cancelling again", ("cancel", "yes", "cancel"), ("ask_cancel", "cancel", "cancel"), ends=(CANCELED,)),
    Story("asking how, twice", ("I want to cancel", "how can I cancel online?", "should I cancel?", "do it, cancel"),
          ("ask_cancel", "explain_cancel", "explain_cancel", "cancel"), ends=(CANCELED,)),
    Story("rude but clear", ("cancel this piece of garbage right now", "YES CANCEL"), ("ask_cancel", "cancel"),
          ends=(CANCELED,)),
    Story("someone else's contract", ("my mother passed away", "I need to close her account"),
          ("bereavement", "hand_off"), handoff="speaks_for_another"),
    Story("an appointment is no contract", ("cancel my technician appointment",), ("schedule_callback",)),
    Story("insisting against the question", ("I want to cancel", "wait", "ok keep it for now"),
          ("ask_cancel", "clarify", "resume", "keep_plan")),
    Story("a move, in one breath", ("I'm moving in with my partner, so I'd like to end mine", "cancel"),
          ("present_offer", "cancel_aside", "cancel"), DISCOUNT, (DECLINED, CANCELED)),
    Story("no machines please", ("I don't like talking to machines",), ("hand_off",), handoff="asked"),
    Story("what can you do", ("what can you do for me?",), ("choices",), DISCOUNT),
    Story("disbelief", ("can I get a discount?", "are you kidding me"), ("present_offer", "not_enough"), DISCOUNT),
    Story("in German", ("ich möchte kündigen", "ja"), ("ask_cancel", "cancel"), ends=(CANCELED,)),
    Story("a visit by an engineer", ("my connection keeps dropping", "every night at eight", "cancel then"),
          ("report_problem", "open_ticket", "present_offer", "cancel_aside"), CONTACT),
    Story("politeness", ("hello", "thanks", "bye"), ("greet_again", "welcome", "goodbye")),
    Story("once more please", ("why is my bill so high?", "can you repeat that?"), ("explain_bill", "repeat")),
)  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_journey_goes_as_it_should(story: Story, talks: Talks) -> None:
    if story.offer is not None:
        talks.decide(story.offer)
    replies = talks.say(*story.says)
    assert did(replies) == list(story.does)
    assert [kind for kind, _ in talks.outcomes()] == list(story.ends)
    assert replies[-1].slots["handoff_reason"] == story.handoff
    assert all(reply.text and reply.guard["verdict"] == "release" for reply in replies)


def test_the_offer_is_said_with_its_terms_and_kept_with_its_decision(talks: Talks) -> None:
    talks.decide()
    offered, _ = talks.say("can I get a discount?", "yes")
    assert "20%" in offered.text
    assert "15 November 2026" in offered.text
    assert offered.decision_id == DISCOUNT.decision_id
    assert talks.outcomes() == [(ACCEPTED, DISCOUNT.decision_id)]


def test_cancelling_says_until_when_the_plan_runs_and_ends_retention_messages(talks: Talks) -> None:
    asked, done = talks.say("I want to cancel", "yes")
    assert "14 May 2027" in asked.text
    assert "14 May 2027" in done.text
    assert talks.suppressions() == {SuppressionReason.OUTCOME}


def test_a_repeated_reply_says_the_same(talks: Talks) -> None:
    asked, again = talks.say("what is my plan?", "what did you say? repeat please")
    assert did([again]) == ["repeat"]
    assert again.text.endswith(asked.text)


def test_the_dossier_tells_the_colleague_what_it_is_about(talks: Talks) -> None:
    *_, last = talks.say("it is too expensive", "I want to cancel", "let me talk to a person")
    assert last.handoff
    assert last.slots["dossier"]["topic"] == "price"
    assert last.slots["dossier"]["wants_to_cancel"] is True


def test_after_the_hand_off_the_customer_can_still_cancel_and_opt_out(talks: Talks) -> None:
    talks.say("give me a human", "hello?", "stop emailing me", "cancel", "yes")
    assert did(talks.replies) == ["hand_off", "handoff_waiting", "opt_out", "ask_cancel", "cancel"]
    assert SuppressionReason.OPT_OUT in talks.suppressions()


def test_several_wishes_in_one_message_are_all_heard(talks: Talks) -> None:
    (reply,) = talks.say("stop emailing me and cancel my contract")
    assert did([reply]) == ["opt_out", "ask_cancel"]
