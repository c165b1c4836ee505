"""What of the customer's words the small writer may take up."""

from dataclasses import replace

import pytest

from bot.generation.held_out import held_out_briefs
from bot.generation.tiny.situation import task_of
from db.vocabulary import Channel


@pytest.mark.parametrize(
    ("said", "known"),
    [("my calls keep dropping", {"echo"}), ("i am selling up after forty years", set()), ("", set())],
)
def test_words_that_the_guard_would_refuse_are_not_taken_up(said: str, known: set[str]) -> None:
    brief = next(one for one in held_out_briefs(60) if one.dialogue_act == "acknowledge")
    asked = replace(brief, facts=replace(brief.facts, values={**brief.facts.values, "last_message": said}))
    task = task_of(asked)
    assert task is not None
    assert brief.channel is Channel.CHAT
    assert task.known.keys() & {"echo", "quote"} == known
    assert task.header.slots & {"echo", "quote"} == known


def test_after_a_refusal_the_customer_s_words_are_left_alone() -> None:
    brief = next(one for one in held_out_briefs(60) if one.dialogue_act == "acknowledge")
    facts = replace(brief.facts, values={**brief.facts.values, "last_message": "my calls keep dropping"})
    task = task_of(replace(brief, facts=facts, objections=("“dropping” promises a deed.",)))
    assert task is not None
    assert not task.header.slots & {"echo", "quote"}
