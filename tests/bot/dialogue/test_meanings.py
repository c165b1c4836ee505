"""What words mean: told from general knowledge and the account, and what is not known is said to be unknown."""

from datetime import date

import pytest

from bot.dialogue.glossary import NOT_ON_ACCOUNT, TERMS, only_term_in, term_asked
from bot.generation.guard import check_approved
from bot.generation.template.approved import TemplateBackend
from bot.generation.template.bank import shipped
from db.vocabulary import Channel
from tests.bot.conftest import Talks, did
from tests.bot.generation.briefs import brief


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("what is a notice period?", "notice_period"),
        ("whats a notice period", "notice_period"),
        ("What does “prorated” mean?", "pro_rata"),
        ("I don't know what a router is", "router"),
        ("prorated? what does that mean", "pro_rata"),
        ("can you explain the term minimum term", "minimum_term"),
        ("what do you mean by renewal?", "renewal"),
        ("what does paid until mean", "paid_until"),
    ],
)
def test_a_question_what_a_word_means_is_known_with_its_word(said: str, term: str) -> None:
    assert term_asked(said) == term


@pytest.mark.parametrize(
    "said",
    [
        "what is the notice period?",
        "what is my renewal date?",
        "how long is my notice period",
        "my router is broken",
        "what is wrong with my router?",
        "I want an upgrade",
        "what is a good price?",
    ],
)
def test_a_question_about_their_own_contract_is_none_about_a_word(said: str) -> None:
    assert term_asked(said) is None


def test_every_word_has_wording_that_the_guard_releases() -> None:
    names = {slot.split(".act_term_")[1] for slot in shipped().groups if slot.startswith("reply.act_term_")}
    assert names == {*TERMS, "unknown"}
    assert set(TERMS) >= NOT_ON_ACCOUNT
    backend = TemplateBackend()
    for name in sorted(names):
        for number in range(24):
            one = brief(number, Channel.CHAT, f"term_{name}")
            reply = backend.compose(one)
            assert check_approved(reply, one).released, (reply, check_approved(reply, one).findings)


@pytest.mark.parametrize("said", ["what is a notice period?", "what does cancellation fee mean?"])
def test_what_no_account_holds_is_explained_and_said_to_be_unknown(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["explain_term"]
    assert "account" in reply.text
    assert reply.text.endswith("?")
    (passed,) = talks.say("yes please")
    assert did([passed]) == ["hand_off"]


def test_what_the_account_holds_is_told_with_the_word(talks: Talks) -> None:
    *_, reply = talks.say("what does paid until mean?")
    account = talks.say("until when is it paid?")[-1].text
    assert next(str(year) for year in range(date.max.year) if str(year) in account and year > 2000) in reply.text
    assert reply.slots["reason"] is None


def test_a_word_that_is_pointed_at_is_the_one_just_said(talks: Talks) -> None:
    said = "how long is my notice period"
    *_, told, reply = talks.say(said, "what does that mean?")
    assert only_term_in(told.text) == "notice_period"
    assert did([reply]) == ["explain_term"]
    assert "time" in reply.text or "how long" in reply.text


def test_a_word_that_nobody_knows_is_not_guessed_at(talks: Talks) -> None:
    (reply,) = talks.say("what does flibbertigibbet mean?")
    assert did([reply]) == ["explain_term"]
    assert "guess" in reply.text
    assert reply.slots["pending"] == "handoff"


def test_a_question_about_a_word_leaves_the_open_question_open(talks: Talks) -> None:
    *_, reply = talks.say("I want to cancel", "what is a notice period")
    assert did([reply]) == ["explain_term", "resume"]
    assert reply.slots["pending"] == "cancel"
    (done,) = talks.say("yes")
    assert done.slots["cancelled"]


def test_who_asks_what_the_offer_means_hears_its_terms(talks: Talks) -> None:
    talks.decide()
    *_, reply = talks.say("can I get a discount?", "what does that mean?")
    assert did([reply]) == ["present_offer"]
    assert "20%" in reply.text or "23.92" in reply.text


def test_several_words_can_be_asked_for(talks: Talks) -> None:
    replies = talks.say("what is a modem?", "what is a router?", "what is Mbps?", "what does prorated mean?")
    assert did(replies) == ["explain_term"] * 4
    assert len({reply.text for reply in replies}) == 4


def test_an_order_to_cancel_is_done_whatever_word_is_asked_for_beside_it(talks: Talks) -> None:
    (reply,) = talks.say("I want to cancel. what is a notice period?")
    assert reply.slots["cancel_explained"]
