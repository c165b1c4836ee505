"""What a message means in a dialogue, beyond what the language model reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.nlu import MOST_READ, Heard, clean, hear
from tests.bot.conftest import TODAY, understander


def heard(text: str) -> Heard:
    return hear(understander(), text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "cancel this piece of garbage right now",
        "actually cancel",
        "no I'm not telling you why, cancel",
        "just do it",
        "I want out",
        "can I please just cancel it",
        "YES CANCEL",
        "I said cancel!!!",
        "hm, I would rather cancel",
        "ugh fine, do cancel it",
        "no, cancel it after all",
    ],
)
def test_an_order_to_cancel_is_heard(text: str) -> None:
    assert heard(text).has("cancel")
    assert not heard(text).has("asks_how")


@pytest.mark.parametrize(
    "text",
    ["I'm not going to cancel", "don't cancel it", "I never wanted to cancel", "cancel my technician appointment",
     "you can keep your offer", "I'd rather not cancel", "what a noise-cancelling headset"],
)  # fmt: skip
def test_what_is_no_order_to_cancel_is_not_taken_for_one(text: str) -> None:
    assert not heard(text).has("cancel")


@pytest.mark.parametrize(
    "text", ["how do I cancel?", "what happens if I cancel?", "can I cancel online?", "is there a fee if I cancel"]
)
def test_a_question_about_cancelling_is_a_question(text: str) -> None:
    assert heard(text).has("asks_how", "about_cancelling")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("please cancel, it is too expensive", "price"),
        ("cancel it because I am moving abroad", "moving_house"),
        ("cancel please", None),
    ],
)
def test_the_reason_beside_the_wish_is_heard(text: str, topic: str | None) -> None:
    assert heard(text).topic == topic


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("yes please", "yes"),
        ("ok, go ahead", "yes"),
        ("no thanks", "no"),
        ("nope", "no"),
        ("give me 50% off", "bargain"),
        ("can't you do better than that?", "bargain"),
        ("until when is the offer valid?", "about_offer"),
        ("that's not what I meant", "correction"),
        ("until when is it paid", "about_dates"),
        ("so what are you going to do about it", "what_now"),
        ("that's not good enough", "not_enough"),
        ("ok keep it for now", "keeps"),
        ("I need to close her account", "for_another"),
        ("maybe I should cancel", "hesitant"),
        ("what would we pay after that", "about_offer"),
        ("oh well, yes, let us do that", "says_yes"),
        ("could you call me about the router", "wants_call"),
        ("ah, everything is fine now", "solved"),
        ("sorry, I still don't understand any of this", "lost"),
        ("please help me", "help"),
        ("hm, well...", "hums"),
        ("it's mostly the price", "names_price"),
    ],
)
def test_small_words_have_their_meaning(text: str, meaning: str) -> None:
    assert meaning in heard(text).meanings


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("yes, but not at that price", "says_yes"),
        ("you never call me back", "wants_call"),
        ("it was fine until Monday", "solved"),
        ("I don't understand the bill of June", "lost"),
        ("help me with the bill", "help"),
        ("my old router died", "death"),
    ],
)
def test_words_that_only_look_like_it_do_not_have_it(text: str, meaning: str) -> None:
    assert meaning not in heard(text).meanings


def test_a_death_is_heard_beside_a_wish_to_cancel() -> None:
    found = heard("My uncle passed away in May, please cancel the contract.")
    assert found.has("cancel")
    assert found.has("bereavement")


def test_the_reason_beside_an_insult_is_heard() -> None:
    assert heard("You billed me twice this month, you shameless crooks!").topic == "billing_error"


@given(st.text(max_size=300))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_anything_typed_becomes_one_visible_line(text: str) -> None:
    line = clean(text)
    assert line == " ".join(line.split())
    assert line.isprintable() or line == ""
    assert len(line) <= MOST_READ
    assert clean(line) == line
