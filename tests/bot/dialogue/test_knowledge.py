"""Questions about service and payment: the company's own answer first, then whether a ticket is wanted."""

from pathlib import Path

import pytest

from bot.dialogue.knowledge import FILE, NOTHING_KNOWN, knowledge_in
from db.errors import InputError
from tests.bot.conftest import Talks, did

ANSWERS = """answers:
  - asks: [restart router, reboot router, router light red]
    says: Switch the router off, wait a moment and switch it on again
  - asks: [pay card, payment methods]
    says: You can pay by card or by bank transfer, under Account and then Payment.
  - asks: [internet slow evening]
    says: In the evening many people are online. Try a cable in place of Wi-Fi.
"""


def write(home: Path, text: str = ANSWERS) -> Path:
    path = home / FILE
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def knowing(talks: Talks) -> Talks:
    write(talks.services.settings.home)
    return talks


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("how do I restart my router?", "a moment"),
        ("How can I pay by card?", "bank transfer"),
        ("what payment methods do you have", "bank transfer"),
    ],
)
def test_a_question_gets_the_companys_own_answer_and_no_ticket(said: str, told: str, knowing: Talks) -> None:
    (reply,) = knowing.say(said)
    assert did([reply]) == ["answer_how_to"]
    assert told in reply.text
    assert reply.text.endswith("?")
    assert not reply.slots["tickets"]
    *_, done = knowing.say("no, that helps, thanks")
    assert not done.slots["tickets"]


def test_who_is_not_helped_by_it_gets_a_ticket(knowing: Talks) -> None:
    *_, reply = knowing.say("how do I restart my router?", "yes please")
    assert did([reply]) == ["open_ticket"]
    assert len(reply.slots["tickets"]) == 1


def test_a_problem_with_a_known_answer_is_answered_before_it_goes_on_record(knowing: Talks) -> None:
    *_, reply = knowing.say("my internet is broken", "it is slow in the evening, the whole internet")
    assert "cable" in reply.text
    assert not reply.slots["tickets"]
    (noted,) = knowing.say("yes")
    assert did([noted]) == ["open_ticket"]


@pytest.mark.parametrize(
    "said",
    [
        "how can I pay by card?",
        "how do I change my bank account",
        "where do I find my router password",
        "can I use my own router?",
        "what payment methods do you have",
        "my payment failed",
        "why was my payment declined",
        "I can't pay my bill",
        "what do you know about me?",
        "which data have you stored on me",
        "I'd like a copy of my personal data",
    ],
)
def test_without_an_answer_that_is_said_and_a_ticket_offered(said: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == ["answer_how_to"]
    assert reply.slots["pending"] == "ticket"
    assert not reply.slots["tickets"]
    *_, noted = talks.say("yes")
    assert did([noted]) == ["open_ticket"]


def test_no_ticket_is_opened_for_a_no(talks: Talks) -> None:
    *_, reply = talks.say("how can I pay by card?", "no")
    assert did([reply]) == ["ticket_declined"]
    assert not reply.slots["tickets"]


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("can I pause my plan?", "pause"),
        ("how do I reach you?", "show_support"),
        ("how do I look at my bill", "explain_bill"),
        ("until when is it paid?", "show_dates"),
        ("can I get a discount?", "no_offer"),
        ("send me my personal data and then delete all my data", "erase_request"),
    ],
)
def test_what_the_account_or_the_bot_can_answer_is_no_such_question(said: str, action: str, talks: Talks) -> None:
    (reply,) = talks.say(said)
    assert did([reply]) == [action]


def test_of_several_answers_the_closest_is_given(tmp_path: Path) -> None:
    write(tmp_path, "answers:\n  - {asks: [router], says: A.}\n  - {asks: [router password], says: B.}\n")
    found = knowledge_in(tmp_path)
    assert found.answer("Where is the routers’ password?") == "B."
    assert found.answer("my router?") == "A."
    assert found.answer("where is it") is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("answers:\n  - asks: [router]\n", 2, "says"),
        ("answers:\n  - asks: [router]\n    says: <b>x</b>\n", 3, "markup"),
        ("answers:\n  - asks: [how do I]\n    says: x\n", 2, "no word"),
        ("answers:\n  - asks: [router]\n    say: x\n", 3, "Did you mean 'says'"),
        ("nothing", 1, "keys and values"),
    ],
)
def test_a_mistake_is_said_with_its_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    with pytest.raises(InputError, match=words) as error:
        knowledge_in(tmp_path)
    assert error.value.line == line


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert knowledge_in(tmp_path) is NOTHING_KNOWN


def test_a_promise_in_an_answer_does_not_pass_the_guard(talks: Talks) -> None:
    """What the company wrote is no decision: whoever can write the file still cannot grant money with it."""
    write(talks.services.settings.home, "answers:\n  - {asks: [pay card], says: We give you 50% off for a year.}\n")
    (reply,) = talks.say("how can I pay by card?")
    assert "50%" not in reply.text
    assert reply.slots["pending"] == "ticket"
    assert reply.guard["verdict"] == "release"
