"""What a message asks for: several wishes at once, rules for those that matter most, and nothing we do not serve."""

import numpy as np
import pytest

from analytics.language.intents import OUT_OF_SCOPE, SMALL_TALK, Intent, IntentRecogniser, Lines
from analytics.language.topics import OTHER, REASONS, TOPIC_OF_INTENT, TOPICS, topic_of
from analytics.language.training.texts import intent_examples
from tests.analytics.language.reader import Reader


def test_the_shipped_model_knows_every_intent(shipped_intents: IntentRecogniser) -> None:
    assert set(map(str, shipped_intents.classes_)) == set(intent_examples())
    assert set(TOPIC_OF_INTENT) | SMALL_TALK <= set(intent_examples())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("My line was dead all weekend and you billed me twice.", {"outage", "billing_error"}),
        ("It got too expensive and I barely use it.", {"price_complaint"}),
        ("Hi! I'm moving to Graz in May. Can I take my contract along?", {"moving_house"}),
        ("Thanks, but please take me off your mailing list and cancel my contract.", {"opt_out", "cancel"}),
        ("my father passed away in March", {"bereavement"}),
        ("the modem you sent is broken", {"equipment_problem"}),
        ("another provider offers the same for 20 euros", {"competitor_offer"}),
        ("are you a robot?", {"is_this_a_bot"}),
        ("please call me back tomorrow at ten", {"schedule_callback"}),
        ("can I pause my plan for the summer", {"pause"}),
    ],
)
def test_messages_of_several_wishes(text: str, wanted: set[str], shipped_intents: IntentRecogniser) -> None:
    assert wanted <= {intent.name for intent in shipped_intents.predict_many([text])[0]}


@pytest.mark.parametrize(
    "text", ["", "\x00", "qwertz uiop", "what is the tallest tower in Asia", "我要取消", "wie spät ist es denn bitte"]
)
def test_what_we_do_not_serve_is_out_of_scope(text: str, shipped_intents: IntentRecogniser) -> None:
    assert [intent.name for intent in shipped_intents.predict_many([text])[0]] == [OUT_OF_SCOPE]


def test_wishes_come_before_small_talk(shipped_intents: IntentRecogniser) -> None:
    names = [intent.name for intent in shipped_intents.predict_many(["Hello there! I want to cancel my plan."])[0]]
    assert names[0] == "cancel"


def test_probabilities_add_up_whatever_the_rules_say(shipped_intents: IntentRecogniser) -> None:
    probabilities = shipped_intents.predict_proba(["cancel my plan", "I don't want to cancel", "hello", ""])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert list(shipped_intents.predict(["cancel my plan", "I don't want to cancel"])) == ["cancel", "stay"]


def test_rules_are_silent_on_foreign_labels() -> None:
    texts, labels = ["cancel my plan", "book a flight", "play a song"] * 4, ["a", "b", "c"] * 4
    model = IntentRecogniser(word_bits=10, letter_bits=10, vectors=(), rules=True).fit(texts, labels)
    assert model.predict(["cancel my plan"])[0] == "a"
    assert model.predict_many(["book a flight"])[0][0].name == "b"


@pytest.mark.parametrize(
    ("texts", "lines", "rows"),
    [
        (["hello"], ["hello"], [(0,)]),
        (["I leave. Refund me."], ["I leave. Refund me.", "I leave.", "Refund me."], [(1, 2, 0)]),
        (["", "one", "a. b."], ["", "one", "a. b.", "a.", "b."], [(0,), (1,), (3, 4, 2)]),
        ([], [], []),
    ],
)
def test_a_message_is_read_in_its_clauses_and_as_a_whole(
    texts: list[str], lines: list[str], rows: list[tuple[int, ...]]
) -> None:
    found = Lines.of(texts)
    assert (found.texts, found.all, found.rows) == (texts, lines, rows)


def test_a_long_message_is_read_in_its_clauses_alone() -> None:
    text = "It is slow. " * 12 + "I want a refund."
    found = Lines.of([text])
    assert [found.all[row] for row in found.rows[0]] == ["It is slow."] * 12 + ["I want a refund."]


def test_lines_that_were_encoded_before_give_the_same_intents() -> None:
    reader = Reader()
    texts, labels = ["cancel my plan", "hello there", "refund the fee"] * 4, ["cancel", "greeting", "refund"] * 4
    model = IntentRecogniser(word_bits=9, letter_bits=9, encoder=reader).fit(texts, labels)
    asked = ["Hello there. Cancel my plan and refund the fee.", "", "hello"]
    lines = Lines.of(asked)
    found = model.predict_lines(lines, reader.read(lines.all))
    assert found == model.predict_many(asked)
    assert [intent.name for intent in found[0]] == ["cancel", "refund", "greeting"]
    assert model.predict_many([]) == []


def test_there_are_twelve_reasons() -> None:
    assert len(REASONS) == 12
    assert len(TOPICS) == 14


@pytest.mark.parametrize(
    ("intents", "topic"),
    [
        ([Intent("price_complaint", 0.9), Intent("outage", 0.5)], "price"),
        ([Intent("refund", 0.9), Intent("outage", 0.6)], "outage"),
        ([Intent("cancel", 0.97)], OTHER),
        ([Intent("praise", 0.9)], "praise"),
        ([], OTHER),
    ],
)
def test_the_topic_is_what_hurts(intents: list[Intent], topic: str) -> None:
    assert topic_of(intents) == topic


def test_many_classes_of_few_examples_are_learned() -> None:
    texts = [f"topic{place} case {number}" for place in range(60) for number in range(5)]
    labels = [f"intent {place}" for place in range(60) for _ in range(5)]
    model = IntentRecogniser(word_bits=12, letter_bits=12, vectors=()).fit(texts, labels)
    assert (model.predict(texts) == np.array(labels)).mean() > 0.9
