"""Reads what customers wrote in the last days and the days before, groups it, and sums up complaints and praise."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pandas as pd

from analytics.jobs.embedding import TextEncoder, Vectors, embed, kept_vectors
from analytics.jobs.quoting import Candidate, quotes_of
from analytics.language.clusters import TopicModel, fit_topics
from analytics.language.topic_names import TopicName, name_topics, says_enough
from analytics.language.topics import REASONS
from analytics.reports.voices import (
    BEFORE,
    EARLIER,
    LIKENESS,
    NOW,
    PEOPLE_COLUMNS,
    REASONS_READ,
    SAID_COLUMNS,
    Side,
    Told,
    Voices,
    Window,
    side_of,
    summarise,
)
from db.queries import voices as queries
from db.queries.overview import known_currencies
from db.queries.voices import ReadMessage
from db.repositories.embeddings import EmbeddingRepository
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import Progress

MESSAGES_PER_READ = 2_000
LEARNED_FROM = 8_000
"""Topics are learned from an even sample of at most so many messages of the last year."""

REMEMBERED = 20_000
"""Churn rates come from an even sample of at most so many earlier messages."""

YEAR = timedelta(days=365)
HORIZON_DAYS = 90
QUOTE_CANDIDATES = 40
SETTING = "voices"

Vectoriser = Callable[[list[str]], Vectors | None]


@dataclass(frozen=True, slots=True)
class Ask:
    """What to sum up: `days` whole days before `today`, as the language model `reader` read the messages."""

    today: date
    reader: str
    days: int = 30
    with_names: bool = False
    seed: int = 0


@dataclass(slots=True)
class _Topics:
    """How the messages of one side are grouped: by fitted topics, or by the reason that was read."""

    model: TopicModel | None = None
    names: list[TopicName] = field(default_factory=list)

    def of(self, messages: list[ReadMessage], vectors: Vectors | None, side: Side) -> list[tuple[str, float]]:
        """The topic of each message, empty for none, and how well it stands for it."""
        if self.model is None or vectors is None:
            return [(_reason(message), message.negative if side is Side.COMPLAINT else message.positive)
                    for message in messages]  # fmt: skip
        labels, likeness = self.model.assign(vectors)
        return [
            (self.names[label].name if label >= 0 and says_enough(message.text) else "", float(score))
            for message, label, score in zip(messages, labels, likeness, strict=True)
        ]


@dataclass(slots=True)
class _Heard:
    """What the passes over the messages have gathered."""

    rows: list[tuple[int, str, str, str, datetime]] = field(default_factory=list)
    best: dict[tuple[Side, str], list[tuple[float, int, Candidate]]] = field(default_factory=dict)

    def add(self, period: str, side: Side | None, message: ReadMessage, topic: str, score: float) -> None:
        """Count a message, and remember it where it may be quoted."""
        self.rows.append((message.customer, side.value if side else "", topic, period, message.sent_at))
        if period == NOW and side is not None and topic:
            heap = self.best.setdefault((side, topic), [])
            entry = (score, -message.id, Candidate(message.customer, message.text))
            if len(heap) < QUOTE_CANDIDATES:
                heapq.heappush(heap, entry)
            elif entry[:2] > heap[0][:2]:
                heapq.heapreplace(heap, entry)

    def candidates(self) -> dict[tuple[Side, str], list[Candidate]]:
        """The messages that stand best for each topic, best first."""
        return {
            key: [candidate for _, _, candidate in sorted(heap, key=lambda entry: entry[:2], reverse=True)]
            for key, heap in self.best.items()
        }


def voices(
    store: Store,
    ask: Ask,
    *,
    encoder: TextEncoder | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Voices:
    """The summary of the whole days before `ask.today`.

    With an encoder messages are grouped by likeness, and what it makes of them is kept in the store. Without one the
    vectors that are kept serve where they are complete; else the reasons that were read group the messages.
    """
    told, version = _setting_out(store, ask, encoder)
    if encoder is None and not _all_kept(store, ask, told, version):
        version = ""
    vectorise = _vectoriser(store, encoder, version)
    count = _Counter(progress, _total(store, ask, told))
    topics = _learn(store, ask, told, vectorise, count)
    heard = _Heard()
    for period, window, stride in _passes(store, ask, told):
        for messages in _read(store, ask.reader, window, stride):
            _listen(heard, period, messages, topics, vectorise)
            count.add(len(messages))
    quotes = quotes_of(store, heard.candidates(), _words(topics), with_names=ask.with_names)
    return summarise(_said(heard), _people(store, heard), _finished(told, version, topics, quotes))


def load_encoder() -> TextEncoder:
    """The shipped encoder. Raises ArtifactError where its files are missing or were changed."""
    from analytics.language.encoder import load_default

    return load_default()


def _setting_out(store: Store, ask: Ask, encoder: TextEncoder | None) -> tuple[Told, str]:
    """The windows and what holds for all of them, and the encoder whose vectors are used."""
    end = ask.today
    now = Window(end - timedelta(days=ask.days), end - timedelta(days=1))
    before = Window(now.start - timedelta(days=ask.days), now.start - timedelta(days=1))
    with store.read() as session:
        settings = SettingsRepository(session)
        definition = settings.churn_definition()
        kept = (settings.get(SETTING) or {}).get("encoder", "")
        currencies = known_currencies(session)
        first = queries.first_message_at(session)
        start, stop = _moments(Window(before.start, now.end))
        unread = queries.message_count(session, start, stop)
        unread -= queries.message_count(session, start, stop, model=ask.reader)
    horizon = definition.churn_horizon_days if definition else HORIZON_DAYS
    earlier_end = end - timedelta(days=horizon + 1)
    version = encoder.version if encoder is not None else kept
    if encoder is not None and kept != version:
        with store.write() as session:
            EmbeddingRepository(session).forget_other_models(version)
            SettingsRepository(session).put(SETTING, {"encoder": version})
    told = Told(
        now=now,
        before=before,
        earlier=Window(earlier_end - YEAR + timedelta(days=1), earlier_end),
        horizon_days=horizon,
        comparable=first is not None and first < _moments(before)[0] + timedelta(days=1),
        currency=currencies[0] if len(currencies) == 1 else None,
        reader=ask.reader,
        grouped_by={},
        unread=max(0, unread),
    )
    return told, version


def _moments(window: Window) -> tuple[datetime, datetime]:
    """When a window begins, and the moment that it ends before."""
    return (
        datetime.combine(window.start, time(), tzinfo=UTC),
        datetime.combine(window.end + timedelta(days=1), time(), tzinfo=UTC),
    )


def _vectoriser(store: Store, encoder: TextEncoder | None, version: str) -> Vectoriser:
    """What turns texts into vectors; gives None where the store does not have them all and nobody can make them."""
    if encoder is not None:
        return lambda texts: embed(store, encoder, texts)
    return lambda texts: kept_vectors(store, version, texts) if version else None


def _learn(
    store: Store,
    ask: Ask,
    told: Told,
    vectorise: Vectoriser,
    count: "_Counter",
) -> dict[Side, _Topics]:
    """Topics of complaints and of praise, from a sample of the messages of the last year."""
    window = Window(told.now.end - YEAR, told.now.end)
    stride = _stride(store, ask.reader, window, LEARNED_FROM)
    messages: dict[Side, list[ReadMessage]] = {side: [] for side in Side}
    vectors: dict[Side, list[Vectors]] = {side: [] for side in Side}
    for chunk in _read(store, ask.reader, window, stride):
        for side, mine in _by_side(chunk).items():
            if side is None:
                continue
            telling = [message for message in mine if says_enough(message.text)]
            found = vectorise([message.text for message in telling])
            if found is None:
                return {side: _Topics() for side in Side}
            messages[side] += telling
            vectors[side] += [found] if len(found) else []
        count.add(len(chunk))
    spare = _company_words(store)
    return {side: _topics(messages[side], vectors[side], ask.seed, spare) for side in Side}


def _topics(messages: list[ReadMessage], vectors: list[Vectors], seed: int, spare: tuple[str, ...]) -> _Topics:
    if not vectors:
        return _Topics()
    stacked = np.vstack(vectors)
    model = fit_topics(stacked, seed=seed)
    if not len(model):
        return _Topics()
    labels, _ = model.assign(stacked)
    texts, reasons = [message.text for message in messages], [message.topic for message in messages]
    return _Topics(model, name_topics(texts, labels.tolist(), reasons, len(model), spare=spare))


def _listen(
    heard: _Heard,
    period: str,
    messages: list[ReadMessage],
    topics: Mapping[Side, _Topics],
    vectorise: Vectoriser,
) -> None:
    """Count a chunk of messages by side and topic."""
    for side, mine in _by_side(messages).items():
        if side is None:
            for message in mine:
                heard.add(period, None, message, "", 0.0)
            continue
        grouping = topics[side]
        vectors = vectorise([message.text for message in mine])
        for message, (topic, score) in zip(mine, grouping.of(mine, vectors, side), strict=True):
            heard.add(period, side, message, topic, score)


def _by_side(messages: list[ReadMessage]) -> dict[Side | None, list[ReadMessage]]:
    found: dict[Side | None, list[ReadMessage]] = {}
    for message in messages:
        side = side_of(message.negative, message.neutral, message.positive, message.intents)
        found.setdefault(side, []).append(message)
    return found


def _reason(message: ReadMessage) -> str:
    return message.topic.replace("_", " ") if message.topic in REASONS else ""


def _read(store: Store, reader: str, window: Window, stride: int) -> Iterator[list[ReadMessage]]:
    """The messages of a window in chunks; no transaction is held between them."""
    start, stop = _moments(window)
    after = 0
    while True:
        with store.read() as session:
            chunk = queries.read_messages_between(
                session, reader, start, stop, after=after, limit=MESSAGES_PER_READ, stride=stride
            )
        if not chunk:
            return
        after = chunk[-1].id
        yield chunk


def _stride(store: Store, reader: str, window: Window, most: int) -> int:
    """Every so-manieth message makes a sample of at most `most`."""
    with store.read() as session:
        size = queries.message_count(session, *_moments(window), model=reader)
    return max(1, -(-size // most))


def _company_words(store: Store) -> tuple[str, ...]:
    with store.read() as session:
        company = SettingsRepository(session).company()
    return (company.company,) if company else ()


def _words(topics: Mapping[Side, _Topics]) -> dict[tuple[Side, str], tuple[str, ...]]:
    return {(side, name.name): name.words for side, grouping in topics.items() for name in grouping.names}


def _said(heard: _Heard) -> pd.DataFrame:
    frame = pd.DataFrame(heard.rows, columns=list(SAID_COLUMNS))
    frame["sent_at"] = pd.to_datetime(frame["sent_at"], utc=True)
    return frame


def _people(store: Store, heard: _Heard) -> pd.DataFrame:
    with store.read() as session:
        rows = {
            one.key: (one.monthly_revenue, one.active, one.churned, one.churned_on)
            for one in queries.writers(session, sorted({row[0] for row in heard.rows}))
        }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(PEOPLE_COLUMNS))


class _Counter:
    """Progress over all passes."""

    def __init__(self, progress: Callable[[Progress], None], total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def add(self, messages: int) -> None:
        """So many more are done."""
        self._done += messages
        self._progress(Progress("listen to messages", min(self._done, self._total), self._total))


def _passes(store: Store, ask: Ask, told: Told) -> Iterator[tuple[str, Window, int]]:
    """What is counted: the name of each period, its window, and every so-manieth message of it."""
    yield NOW, told.now, 1
    yield BEFORE, told.before, 1
    yield EARLIER, told.earlier, _stride(store, ask.reader, told.earlier, REMEMBERED)


def _all_kept(store: Store, ask: Ask, told: Told, version: str) -> bool:
    """Whether the store has the vector of every message that is grouped: half of them would tell half the truth."""
    year = Window(told.now.end - YEAR, told.now.end)
    windows = [(year, _stride(store, ask.reader, year, LEARNED_FROM))]
    windows += [(window, stride) for _, window, stride in _passes(store, ask, told)]
    return bool(version) and all(
        kept_vectors(store, version, [one.text for side, many in _by_side(chunk).items() if side for one in many])
        is not None
        for window, stride in windows
        for chunk in _read(store, ask.reader, window, stride)
    )


def _total(store: Store, ask: Ask, told: Told) -> int:
    """About how many messages the passes go over."""
    year = Window(told.now.end - YEAR, told.now.end)
    windows = ((year, LEARNED_FROM), (told.now, None), (told.before, None), (told.earlier, REMEMBERED))
    with store.read() as session:
        sizes = [(queries.message_count(session, *_moments(w), model=ask.reader), most) for w, most in windows]
    return sum(size if most is None else min(size, most) for size, most in sizes)


def _finished(
    told: Told, version: str, topics: Mapping[Side, _Topics], quotes: Mapping[tuple[Side, str], list[str]]
) -> Told:
    """The setting out with what the passes found."""
    grouped = {side: LIKENESS if grouping.model is not None else REASONS_READ for side, grouping in topics.items()}
    encoder = version if LIKENESS in grouped.values() else ""
    return replace(told, encoder=encoder, grouped_by=grouped, words=_words(topics), quotes=quotes)
