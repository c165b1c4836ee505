"""Summing up a real store: windows, topics, quotes, the cache of vectors, and what stands in where none can be made."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from analytics.jobs.embedding import embed, kept_vectors
from analytics.jobs.quoting import excerpt
from analytics.jobs.voices import Ask, voices
from analytics.reports.voices import LIKENESS, REASONS_READ, Trend
from db.models import MessageEmbedding
from db.repositories.embeddings import EmbeddingRepository
from db.session import Store
from db.vocabulary import Progress
from tests.analytics.jobs.heard import READER, TODAY, Line, a_year_of_complaints, fill
from tests.analytics.language.encoders import HashedEncoder

ASK = Ask(TODAY, READER)


@pytest.fixture
def year(store: Store) -> Store:
    left = {key: TODAY - timedelta(days=115) for key in (1, 2, 3)}
    fill(store, a_year_of_complaints(), left=left)
    return store


def test_topics_by_likeness_have_counts_trends_money_and_quotes(year: Store) -> None:
    found = voices(year, ASK, encoder=HashedEncoder())
    assert (found.complaints.grouped_by, found.comparable, found.currency) == (LIKENESS, True, "EUR")
    assert found.encoder == HashedEncoder().version
    assert (found.messages, found.complaints.messages, found.praise.messages) == (60, 44, 8)
    by_name = {topic.name: topic for topic in found.complaints.topics}
    outage = found.complaints.topics[0]
    assert "outage" in outage.name or "connection" in outage.words
    assert outage.change.trend is Trend.UP
    assert 30 <= outage.customers <= 36
    assert outage.customers_before <= 8
    assert outage.monthly_revenue is not None
    assert len(set(outage.quotes)) == 3
    assert by_name["price"].change.trend is Trend.STEADY
    assert all(not quote.count("Bartholomew") for topic in found.complaints.topics for quote in topic.quotes)


def test_without_an_encoder_the_reasons_that_were_read_group_the_messages(year: Store) -> None:
    found = voices(year, ASK)
    assert found.complaints.grouped_by == REASONS_READ
    assert [(topic.name, topic.customers, topic.customers_before) for topic in found.complaints.topics] == [
        ("outage", 36, 8),
        ("price", 8, 8),
    ]
    outage, price = found.complaints.topics
    assert outage.monthly_revenue == sum(range(100, 136))
    assert (outage.change.trend, price.change.trend) == (Trend.UP, Trend.STEADY)
    assert found.praise.without_topic == 8


def test_vectors_that_are_kept_serve_where_no_encoder_is_at_hand(year: Store) -> None:
    made = voices(year, ASK, encoder=HashedEncoder())
    assert voices(year, ASK) == made
    with year.write() as session:
        text = session.scalars(select(MessageEmbedding.text_hash)).first()
        session.query(MessageEmbedding).filter(MessageEmbedding.text_hash == text).delete()
    assert voices(year, ASK).complaints.grouped_by == REASONS_READ


def test_each_text_is_encoded_once(year: Store) -> None:
    encoder = HashedEncoder()
    first = voices(year, ASK, encoder=encoder)
    asked = encoder.asked
    assert asked == len({line.text for line in a_year_of_complaints() if line.mood != "neutral"})
    assert voices(year, ASK, encoder=encoder) == first
    assert encoder.asked == asked


def test_a_new_encoder_makes_its_own_vectors_and_those_of_the_old_one_go(year: Store) -> None:
    voices(year, ASK, encoder=HashedEncoder("one"))
    voices(year, ASK, encoder=HashedEncoder("two"))
    with year.read() as session:
        vectors = EmbeddingRepository(session)
        assert (vectors.count("one"), vectors.count("two") > 0) == (0, True)


def test_the_windows_are_whole_days_by_the_clock_of_the_store(store: Store) -> None:
    text = "The price went up again and nobody says why."
    days = [0.4, 0.6, 1, 30.4, 30.6, 60.4, 60.6, 200]
    fill(store, [Line(place + 1, ago, text, topic="price") for place, ago in enumerate(days)])
    found = voices(store, ASK)
    # Noon is the hour of every message: 0.4 days ago is today, 0.6 yesterday, 30.4 the first of the thirty days.
    assert (found.messages, found.messages_before) == (3, 2)
    assert (found.now.start, found.now.end) == (date(2026, 10, 2), date(2026, 10, 31))
    assert voices(store, Ask(TODAY, READER, days=7)).messages == 2


def test_a_store_that_begins_in_the_period_before_is_not_compared(store: Store) -> None:
    fill(store, [Line(key, 20 + key / 2, "The price is too high for me.", topic="price") for key in range(1, 40)])
    found = voices(store, ASK)
    assert not found.comparable
    assert {topic.change.trend for topic in found.complaints.topics} == {Trend.UNKNOWN}


def test_the_churn_rate_comes_from_the_year_whose_outcome_is_known(store: Store) -> None:
    lines = [Line(key, 200, "The price is too high for me.", topic="price") for key in range(1, 21)]
    lines += [Line(key, 50, "The price is too high for me.", topic="price") for key in range(21, 41)]
    lines += [Line(key, 5, "The price is too high for me.", topic="price") for key in range(41, 43)]
    fill(store, lines, left={key: TODAY - timedelta(days=150) for key in range(1, 6)})
    found = voices(store, ASK)
    [price] = found.complaints.topics
    assert (price.churn.customers, price.churn.left, price.churn.rate) == (20, 5, 0.25)
    assert found.earlier.end == TODAY - timedelta(days=91)


def test_messages_that_were_not_read_are_counted_as_such(store: Store) -> None:
    fill(store, [Line(1, 3, "The price is too high for me.")], read=False)
    found = voices(store, ASK)
    assert (found.messages, found.unread) == (0, 1)


def test_an_empty_store_has_nothing_to_say(store: Store) -> None:
    found = voices(store, ASK, encoder=HashedEncoder())
    assert (found.messages, found.complaints.topics, found.comparable) == (0, (), False)


def test_progress_ends_at_its_total(year: Store) -> None:
    steps: list[Progress] = []
    voices(year, ASK, encoder=HashedEncoder(), progress=steps.append)
    assert steps[-1].done == steps[-1].total


def test_names_and_numbers_are_masked_unless_asked_for(store: Store) -> None:
    said = "The price is too high, says Bartholomew Winterb, call 0151 2345678.\x1b[2J\u202e"
    fill(store, [Line(1, 3, said, topic="price")])
    [hidden] = voices(store, ASK).complaints.topics[0].quotes
    assert hidden.startswith("The price is too high, says [name], call [number]")
    assert hidden.isprintable()
    [named] = voices(store, Ask(TODAY, READER, with_names=True)).complaints.topics[0].quotes
    assert "Bartholomew" in named
    assert named.endswith("(C0001)")
    assert named.isprintable()


def test_a_long_message_is_quoted_by_the_sentences_on_the_topic() -> None:
    around = "I have been with you for many years and was always content with it."
    line = " ".join([around, around, "The hotline never answers the telephone.", around, around])
    quoted = excerpt(line, ("hotline", "telephone"))
    assert "hotline never answers" in quoted
    assert quoted.startswith("… ")
    assert len(quoted) <= 220
    assert excerpt("short", ()) == "short"


def test_vectors_come_back_as_they_were_made(store: Store) -> None:
    encoder = HashedEncoder()
    texts = ["The price is too high.", "The line is dead.", "The price is too high."]
    made = embed(store, encoder, texts)
    assert encoder.asked == 2
    assert made.shape == (3, 384)
    assert abs(made - HashedEncoder().encode(texts)).max() < 1e-3
    again = kept_vectors(store, encoder.version, texts)
    assert again is not None
    assert (again == made).all()
    assert kept_vectors(store, encoder.version, ["never seen"]) is None
