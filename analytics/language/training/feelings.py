"""What the feeling layers of the encoder learn from: GoEmotions and our own texts, sentiments and emotions.

A sixth of our texts and the development part of GoEmotions are kept from the layers and fit the heads on them: vectors
of texts that were tuned on look surer than those of new texts are.
"""

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.language.training import public, texts
from analytics.language.training.templates import template_sentences

log = logging.getLogger(__name__)

SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("anger", "disappointment", "gratitude", "confusion")
"""The emotions that customers' messages are read for."""
IGNORED = -100
"""Marks a text without a label of that kind."""
_MOST_GOEMOTIONS = 13_000
"""All 43,410 of them would let Reddit outweigh customers."""
_OWN_WEIGHT = 2.0
_PATTERN_WEIGHT = 0.5
_KEPT_FOR_HEADS = 6


@dataclass(frozen=True)
class Labelled:
    """Texts with what is known of each.

    `sentiment` (n,) holds 0, 1, 2 for negative, neutral, positive or IGNORED; `emotions` (n, k) holds 0, 1 or IGNORED,
    in the order of `names`; `weight` (n,) how much a text counts; `sources` how many texts each source gave.
    """

    texts: list[str]
    sentiment: npt.NDArray[np.int64]
    emotions: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float32]
    names: tuple[str, ...]
    sources: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    sentiment: str | None
    emotions: frozenset[str] | None
    weight: float
    source: str


def for_layers(data: Path, seed: int) -> Labelled:
    """What the layers are tuned on; the emotions are GoEmotions' 28 where the set is there, else our four."""
    rows = _rows_for_layers(data, seed)
    public_rows = any(row.source == "goemotions" for row in rows)
    return _labelled(rows, tuple(public.emotion_names(data / "goemotions")) if public_rows else EMOTIONS)


def _rows_for_layers(data: Path, seed: int) -> list[_Row]:
    found = list(_goemotions(data, "train"))
    if len(found) > _MOST_GOEMOTIONS:
        chosen = np.random.default_rng(seed).choice(len(found), _MOST_GOEMOTIONS, replace=False)
        found = [found[place] for place in np.sort(chosen)]
    return [*found, *(row for row in _own(seed) if not _for_heads(row.text))]


def for_heads(data: Path, seed: int) -> Labelled:
    """What the heads are fitted on; none of it was tuned on. The emotions are our four."""
    # Short texts such as "Thank you" stand in several parts of the public set, and in ours.
    tuned_on = {row.text for row in _rows_for_layers(data, seed)}
    rows = [
        _Row(row.text, row.sentiment, _as_ours(row.emotions or frozenset()), row.weight, row.source)
        for row in _goemotions(data, "dev")
    ]
    rows += [row for row in _own(seed) if _for_heads(row.text)]
    return _labelled([row for row in rows if row.text not in tuned_on], EMOTIONS)


def with_our_emotions(tuned: Labelled, kept: Labelled) -> Labelled:
    """The texts kept for the heads and, of those tuned on, ours whose emotions are known; the emotions are our four."""
    places = [tuned.names.index(name) for name in EMOTIONS]
    first = tuned.sources.get("goemotions", 0)
    ours = [row for row in range(first, len(tuned.texts)) if (tuned.emotions[row, places] != IGNORED).any()]
    return Labelled(
        texts=[*kept.texts, *(tuned.texts[row] for row in ours)],
        sentiment=np.concatenate([kept.sentiment, tuned.sentiment[ours]]),
        emotions=np.concatenate([kept.emotions, tuned.emotions[np.ix_(ours, places)]]),
        weight=np.concatenate([kept.weight, tuned.weight[ours]]),
        names=EMOTIONS,
        sources={**kept.sources, "own": kept.sources.get("own", 0) + len(ours)},
    )


def _for_heads(text: str) -> bool:
    """Whether a text of ours is kept for the heads; the same answer on every machine."""
    return zlib.crc32(text.encode()) % _KEPT_FOR_HEADS == 0


def _as_ours(emotions: frozenset[str]) -> frozenset[str]:
    """GoEmotions' labels as our four: anger takes in annoyance and disgust."""
    angry = frozenset({"anger"}) if public.is_angry(emotions) else frozenset()
    return angry | (emotions & frozenset(EMOTIONS))


def _goemotions(data: Path, part: str) -> Iterator[_Row]:
    folder = data / "goemotions"
    if not folder.is_dir():
        log.warning("%s is absent: feelings are learned from our own texts alone", folder)
        return
    for text, emotions in public.goemotions(folder, part):
        yield _Row(text, public.sentiment_of(emotions), emotions, 1.0, "goemotions")


def _own(seed: int) -> Iterator[_Row]:
    """All texts of ours that may be learned from."""
    for negative, positive in texts.sentiment_pairs():
        yield _Row(negative, "negative", None, _OWN_WEIGHT, "own")
        yield _Row(positive, "positive", None, _OWN_WEIGHT, "own")
    for text, label in (*texts.sentiment_messages(), *texts.opinions()):
        yield _Row(text, label, None, _OWN_WEIGHT, "own")
    for text, label, emotion in texts.emotion_messages():
        yield _Row(text, label, frozenset({emotion}), _OWN_WEIGHT, "own")
    for text, label in template_sentences(seed):
        yield _Row(text, label, None, _PATTERN_WEIGHT, "own patterns")


def _labelled(rows: list[_Row], names: tuple[str, ...]) -> Labelled:
    """Rows as arrays. Of our texts only our four emotions are known: nobody looked for the others."""
    emotions = np.full((len(rows), len(names)), IGNORED, dtype=np.int64)
    sources: dict[str, int] = {}
    for place, row in enumerate(rows):
        sources[row.source] = sources.get(row.source, 0) + 1
        known = names if row.source == "goemotions" else EMOTIONS
        for name in known if row.emotions is not None else ():
            emotions[place, names.index(name)] = name in (row.emotions or ())
    return Labelled(
        texts=[row.text for row in rows],
        sentiment=np.array(
            [IGNORED if row.sentiment is None else SENTIMENTS.index(row.sentiment) for row in rows], dtype=np.int64
        ),
        emotions=emotions,
        weight=np.array([row.weight for row in rows], dtype=np.float32),
        names=names,
        sources=sources,
    )
