"""What of the customer's message the small writer takes up: its matter, and their words where the guard lets them."""

from dataclasses import replace

import pytest

from bot.generation.brief import Brief
from bot.generation.held_out import held_out_briefs
from bot.generation.tiny.situation import Task, task_of
from db.vocabulary import Channel, Sentiment


def _brief(said: str, channel: Channel = Channel.EMAIL) -> Brief:
    act = "acknowledge" if channel is Channel.CHAT else None
    found = next(one for one in held_out_briefs(60) if one.channel is channel and one.dialogue_act == act)
    facts = replace(found.facts, values={**found.facts.values, "last_message": said})
    return replace(found, facts=facts, topic=None, intent=None, mood=None, tone="warm")


def _task(brief: Brief) -> Task:
    task = task_of(brief)
    assert task is not None
    return task


@pytest.mark.parametrize(
    ("said", "known"),
    [("my calls keep dropping", {"echo"}), ("i am selling up after forty years", set()), ("", set())],
)
def test_words_that_the_guard_would_refuse_are_not_taken_up(said: str, known: set[str]) -> None:
    task = _task(_brief(said))
    assert task.known.keys() & {"echo"} == known
    assert task.header.slots & {"echo"} == known


def test_after_a_refusal_the_customer_s_words_are_left_alone() -> None:
    brief = replace(_brief("my calls keep dropping"), objections=("“dropping” promises a deed.",))
    assert "echo" not in _task(brief).header.slots


@pytest.mark.parametrize("channel", list(Channel)[:2])
@pytest.mark.parametrize(
    ("said", "intent", "topic", "mood", "matter"),
    [
        ("nobody came this morning", "appointment", "slow_support", Sentiment.NEGATIVE, "appointment"),
        ("i stayed in all day", None, "slow_support", Sentiment.NEGATIVE, "unknown"),
        ("it is too expensive", None, "price", Sentiment.NEGATIVE, "price_complaint"),
        ("it is too expensive", "out_of_scope", None, Sentiment.NEUTRAL, "unknown"),
        ("what a joy, truly", "praise", "praise", Sentiment.NEGATIVE, "unknown"),
        ("", None, "price", None, "none"),
    ],
)
def test_the_matter_is_what_was_read_or_what_the_words_bear_out(
    channel: Channel, said: str, intent: str | None, topic: str | None, mood: Sentiment | None, matter: str
) -> None:
    brief = replace(_brief(said, channel), intent=intent, topic=topic, mood=mood)
    assert _task(brief).header.matter == matter


@pytest.mark.parametrize(
    ("tone", "intent", "mood", "wanted"),
    [
        ("warm", "outage", Sentiment.NEGATIVE, "apologetic"),
        ("warm", "outage", Sentiment.NEUTRAL, "warm"),
        ("warm", "ask_discount", Sentiment.NEGATIVE, "warm"),
        ("cheerful", "praise", Sentiment.POSITIVE, "cheerful"),
        ("cheerful", "outage", Sentiment.POSITIVE, "warm"),
        ("formal", "outage", Sentiment.NEGATIVE, "formal"),
    ],
)
def test_a_tone_is_kept_where_matter_and_mood_bear_it(tone: str, intent: str, mood: Sentiment, wanted: str) -> None:
    assert _task(replace(_brief("hello"), tone=tone, intent=intent, mood=mood)).header.tone == wanted
