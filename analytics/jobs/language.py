"""Reads customers' messages that no reading of this model exists for: sentiment, topic, intents."""

from collections.abc import Callable, Iterator

from analytics.language.understanding import Understander, Understanding
from db.repositories.messages import MessageRepository, Reading
from db.session import Store
from db.vocabulary import Progress

MESSAGES_PER_WRITE = 500


def read_messages(
    store: Store, understander: Understander, *, progress: Callable[[Progress], None] = lambda _: None
) -> int:
    """Read every message not yet read by this version of the language models; returns how many were read."""
    model = understander.version
    with store.read() as session:
        total = MessageRepository(session).unread_count(model)
    done = 0
    for session, readings in store.write_chunks(_readings(store, understander)):
        MessageRepository(session).add_readings(model, readings)
        done += len(readings)
        progress(Progress("read messages", done, total))
    return done


def _readings(store: Store, understander: Understander) -> Iterator[list[Reading]]:
    """Chunks of readings; no transaction is held while the models work."""
    after = 0
    while True:
        with store.read() as session:
            unread = MessageRepository(session).unread(understander.version, after=after, limit=MESSAGES_PER_WRITE)
        if not unread:
            return
        after = unread[-1][0]
        understood = understander.batch([text for _, text in unread])
        yield [_reading(message_id, found) for (message_id, _), found in zip(unread, understood, strict=True)]


def _reading(message_id: int, found: Understanding) -> Reading:
    return Reading(
        message_id=message_id,
        negative=found.moods["negative"],
        neutral=found.moods["neutral"],
        positive=found.moods["positive"],
        topic=found.topic,
        intents=[{"name": intent.name, "confidence": intent.confidence} for intent in found.intents],
    )
