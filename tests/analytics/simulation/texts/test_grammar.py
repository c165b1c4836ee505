"""The sentence bank is large and clean, and what customers write is varied, filled in and true of them."""

import random
import re
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from analytics.simulation.company import MOODS, REASONS, TOPICS
from analytics.simulation.simulate import SimulatedChunk
from analytics.simulation.texts.grammar import Bank, Occasion, Writer, load_bank, slip

FACTS = {
    "first_name": "Ada", "last_name": "Byrne", "plan": "Family 300", "price": "39.90", "old_price": "37.90",
    "rival": "Zephlo", "rival_price": "28", "region": "Northvale", "month": "May", "this_month": "June",
    "next_month": "July", "years": "3",
}  # fmt: skip
OCCASION = Occasion("price", "negative", "email", False, 12, True, True, True, FACTS)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def test_the_bank_holds_three_hundred_distinct_sentences_on_reasons(bank: Bank) -> None:
    reasons = [line for (topic, _), lines in bank.cores.items() if topic in REASONS for line in lines]
    assert len(set(reasons)) >= 300
    assert len(set(bank.sentences())) == len(bank.sentences())


@pytest.mark.parametrize("mood", [str(mood) for mood in MOODS])
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_every_mood(bank: Bank, reason: str, mood: str) -> None:
    assert len(bank.cores[reason, mood]) >= 8


@pytest.mark.parametrize("mood", ["negative", "neutral", "positive"])
@pytest.mark.parametrize("topic", REASONS)
@pytest.mark.parametrize("leaving", [False, True])
def test_every_occasion_can_be_written_for_every_customer(bank: Bank, topic: str, mood: str, leaving: bool) -> None:
    writer = Writer(bank, random.Random(4))
    for voice in range(0, 100, 7):
        for has in (False, True):
            occasion = replace(
                OCCASION, topic=topic, mood=mood, leaving=leaving, voice=voice, tv=has, veteran=has, dearer=has
            )
            text = writer.write(occasion)
            assert text.strip()
            assert not re.search(r"[{}]|\bNone\b|\bnan\b", text)
            assert writer.reply(occasion).strip()


@pytest.mark.parametrize(
    ("lacks", "words"), [("tv", r"\bTV\b|channel"), ("veteran", r"\b3 years\b"), ("dearer", r"37\.90|price rise")]
)
def test_customers_say_only_what_is_true_of_them(bank: Bank, lacks: str, words: str) -> None:
    writer = Writer(bank, random.Random(8))

    def mentions(has: bool) -> int:
        own = {"tv": True, "veteran": True, "dearer": True, lacks: has}
        said = replace(OCCASION, tv=own["tv"], veteran=own["veteran"], dearer=own["dearer"], channel="chat")
        topics = [(topic, str(mood)) for topic in REASONS for mood in MOODS] * 12
        texts = [writer.write(replace(said, topic=topic, mood=mood)) for topic, mood in topics]
        return sum(bool(re.search(words, text)) for text in texts)

    assert mentions(has=False) == 0
    assert mentions(has=True) > 0


def test_nobody_jokes_about_a_death(bank: Bank) -> None:
    writer = Writer(bank, random.Random(1))
    texts = [writer.write(replace(OCCASION, topic="life_change", voice=voice)) for voice in range(400)]
    assert not [text for text in texts if any(irony in text for irony in bank.ironies)]


def test_a_cancellation_says_so(bank: Bank) -> None:
    writer = Writer(bank, random.Random(2))
    said = [replace(OCCASION, leaving=True, mood="neutral", voice=voice, channel="chat") for voice in range(100)]
    plain = [re.search(r"canc|leav|end|noti|stop|conti", writer.write(occasion).lower()) for occasion in said]
    assert sum(found is not None for found in plain) >= 95  # a slip of the keyboard may hide the word


def test_slips_are_few_and_near(bank: Bank) -> None:
    luck = random.Random(6)
    for line in bank.sentences():
        assert abs(len(slip(line, luck)) - len(line)) <= 2
    assert slip("ok", luck) == "ok"


def test_messages_are_many_and_nearly_all_distinct(large_chunk: SimulatedChunk) -> None:
    texts = large_chunk.messages["text"]
    assert 2.5 < len(texts) / len(large_chunk.customers) < 3.6
    assert texts.head(6000).nunique() >= 4500


def test_every_topic_and_mood_occurs(large_chunk: SimulatedChunk) -> None:
    truth = large_chunk.truth.messages
    assert set(truth["reason"]) == set(TOPICS)
    moods = truth["mood"].value_counts(normalize=True)
    assert moods.min() > 0.2
    pairs = Counter(zip(truth["reason"], truth["mood"], strict=True))
    assert len(pairs) == 3 * len(REASONS) + 2


def test_prices_that_customers_name_are_their_own(large_chunk: SimulatedChunk) -> None:
    inbound = large_chunk.messages[large_chunk.messages["direction"] == "inbound"]
    named = inbound["text"].str.extract(r"(?:paying|pay|pays) (\d+\.\d\d)")[0].dropna().astype(float)
    prices = large_chunk.subscriptions.groupby("customer_id")["mrr"].agg(set)
    assert len(named) > 30
    writers = inbound.loc[named.index, "customer_id"]
    assert all(price in prices[writer] for writer, price in zip(writers, named, strict=True))


def test_whoever_cancelled_in_writing_writes_no_more(large_chunk: SimulatedChunk, bank: Bank) -> None:
    inbound = large_chunk.messages[large_chunk.messages["direction"] == "inbound"]
    asks = "|".join(re.escape(ask.split("{")[0].rstrip(".")) for ask in bank.cancellations["any"])
    cancels = inbound["text"].str.contains(asks, case=False)
    assert cancels.sum() > 100
    assert not cancels.groupby(inbound["customer_id"]).shift(1, fill_value=False).any()


def test_agents_answer_after_the_customer_wrote(large_chunk: SimulatedChunk) -> None:
    messages = large_chunk.messages
    replies = messages[messages["direction"] == "outbound"]
    first = messages[messages["direction"] == "inbound"].groupby("customer_id")["sent_at"].min()
    assert len(replies) > 300
    assert (replies["sent_at"].reset_index(drop=True) > pd.Series(first[replies["customer_id"]].to_numpy())).all()
