"""Decodes many texts together under constraints: only slots that can be filled, parts in their order, no figures."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.generation.tiny.header import Header
from bot.generation.tiny.network import Network, Rows
from bot.generation.tiny.vocabulary import Vocabulary

Floats = npt.NDArray[np.float32]
_REFUSED = np.float32(-1e9)
_ONCE = frozenset({"echo", "first_name", "tenure"})
_MOST_SLOT = 2
_LEAST_EVER = 1e-6
_MASKS = 2048
WINDOW = 8
_UNSURE = -9.0
"""Of a sentence with facts in it that was not learned: a fact may stand there because the right one is not known."""

_CHOOSING = 3
"""The first ids of a sentence choose among many that may follow: they say nothing of whether it holds together."""

_COMPACT_AT = 0.8
"""Finished rows are let go, and others begun, when no more than this share of a batch is still being written."""


@dataclass(frozen=True)
class Manner:
    """How tokens are chosen: `temperature` 0 takes the likeliest; `share` is the mass of probability to draw from.

    Tokens of less than `least` of the likeliest one's probability are left out (min-p, Nguyen et al. 2024,
    arXiv:2407.01082): between sentences many may follow, within one only what goes on with it. A sentence that was not
    learned as it stands and whose weakest run is less likely than `surely` (a mean log-probability) has lost its
    thread: it is drawn again, `attempts` times at most.
    """

    temperature: float = 0.7
    share: float = 0.95
    least: float = 0.12
    surely: float = -0.05
    attempts: int = 12
    most_tokens: int = 260


USUAL = Manner()


@dataclass(frozen=True)
class Draw:
    """Generated ids of one text without its header; `whole` if it came to its end.

    `likelihood` is the mean log-probability of the ids, `weakest` that of the least likely run of WINDOW ids within a
    sentence that was not learned as it stands, its first ids apart: a sentence that loses its thread shows there.
    """

    ids: tuple[int, ...]
    likelihood: float
    weakest: float
    whole: bool


@dataclass(frozen=True)
class _Before:
    """A row before a sentence: how many ids there were, the scores of the next, and the length in the cache."""

    place: int
    scores: Floats
    length: int
    part: str
    paragraphs: int
    counts: dict[str, int]


@dataclass
class _Row:
    """One text in the making, and what may come next in it."""

    place: int
    header: Header
    rng: np.random.Generator
    ids: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    part: str = "start"
    paragraphs: int = 0
    logs: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    before: "_Before | None" = None
    attempts: int = 0

    def begin(self, scores: Floats, length: int) -> None:
        """Remember where a sentence begins."""
        self.starts.append(len(self.ids))
        self.before = _Before(len(self.ids), scores.copy(), length, self.part, self.paragraphs, dict(self.counts))
        self.attempts = 0

    def go_back(self, before: "_Before") -> None:
        """Forget the sentence that was being written."""
        del self.ids[before.place :], self.logs[before.place :]
        self.part, self.paragraphs, self.counts = before.part, before.paragraphs, dict(before.counts)
        self.attempts += 1

    def take(self, token: int, vocabulary: Vocabulary) -> None:
        """Go on after a token."""
        self.ids.append(token)
        slot = vocabulary.slots.get(token)
        if slot is not None:
            self.counts[slot] = self.counts.get(slot, 0) + 1
        elif token == vocabulary.subject:
            self.part = "subject"
        elif token == vocabulary.preheader:
            self.part = "preheader"
        elif token == vocabulary.paragraph:
            self.part = "paragraph"
            self.paragraphs += 1


class Decoder:
    """Writes the texts of headers. Deterministic by header, seed and manner, whatever stands beside it in a batch.

    `known` are the sentences that were learned, with slots in braces.
    """

    def __init__(self, network: Network, vocabulary: Vocabulary, known: Container[str] = ()) -> None:
        self._network, self._vocabulary, self._known = network, vocabulary, known
        self._base = np.zeros(vocabulary.size, dtype=np.float32)
        self._marks = frozenset({vocabulary.subject, vocabulary.preheader, vocabulary.paragraph})
        marks = [vocabulary.end, *self._marks]
        self._base[[*vocabulary.forbidden(), *vocabulary.slots, *marks]] = _REFUSED
        self._mask_of = lru_cache(_MASKS)(self._made_mask)
        # A new word begins with a blank; these tokens end one and must not come right after another text part begins.
        self._closes = np.array([piece[-1:] in (".", "?", "!") for piece in vocabulary.pieces])
        self._closes[marks] = True
        self._starts = np.array([piece[:1] in ("▁", '"', "(") for piece in vocabulary.pieces])

    def knows(self, sentence: str) -> bool:
        """Whether a sentence was learned as it stands."""
        return sentence in self._known

    def draw(
        self, headers: Sequence[Header], seeds: Sequence[int], manner: Manner = USUAL, batch: int = 32
    ) -> list[Draw]:
        """One text for each header; `batch` are written at a time, and another begins where one has ended."""
        order = sorted(range(len(headers)), key=lambda place: (headers[place].skill, len(headers[place].slots)))
        waiting = [_Row(place, headers[place], np.random.default_rng(seeds[place])) for place in reversed(order)]
        found: dict[int, Draw] = {}
        rows: list[_Row] = []
        state: Rows | None = None
        while waiting or rows:
            if waiting and len(rows) < batch:
                fresh = [waiting.pop() for _ in range(min(batch - len(rows), len(waiting)))]
                begun = self._network.start([self._vocabulary.header(row.header) for row in fresh])
                if state is None or not rows:
                    state = begun
                else:
                    state.join(begun)
                rows += fresh
            assert state is not None
            rows = self._until_some_end(rows, state, manner, found)
        return [found[place] for place in range(len(headers))]

    def stream(self, header: Header, seed: int, manner: Manner = USUAL) -> Iterator[int]:
        """The ids of one text as they come."""
        row = _Row(0, header, np.random.default_rng(seed))
        state = self._network.start([self._vocabulary.header(header)])
        given = 0
        while len(row.ids) < manner.most_tokens:
            tokens = self._step([row], state, manner)
            token = int(tokens[0])
            # What came before the sentence in hand will not be taken back.
            settled = row.before.place if row.before and token != self._vocabulary.end else len(row.ids)
            yield from row.ids[given:settled]
            given = max(given, settled)
            if token == self._vocabulary.end:
                return
            row.take(token, self._vocabulary)
            state.add(tokens)
        yield from row.ids[given:]

    def _until_some_end(self, rows: list[_Row], state: Rows, manner: Manner, found: dict[int, Draw]) -> list[_Row]:
        """Write on until a share of the rows have ended, which go to `found`; those that have not are left."""
        end = self._vocabulary.end
        while True:
            tokens = self._step(rows, state, manner)
            for row, token in zip(rows, tokens.tolist(), strict=True):
                if row.place in found:
                    continue
                if token == end or len(row.ids) >= manner.most_tokens:
                    found[row.place] = self._drawn(row, whole=token == end)
                else:
                    row.take(token, self._vocabulary)
            left = [place for place, row in enumerate(rows) if row.place not in found]
            if not left:
                return []
            if len(left) <= _COMPACT_AT * len(rows):
                state.keep(np.array(left))
                state.add(tokens[left])
                return [rows[place] for place in left]
            # What a finished row still reads is of no use: it must not grow out of the room meanwhile.
            state.lengths[[place for place, row in enumerate(rows) if row.place in found]] = 1
            state.add(tokens)

    def _step(self, rows: Sequence[_Row], state: Rows, manner: Manner) -> npt.NDArray[np.int64]:
        """The next id of every row; where it would end a sentence that lost its thread, the first id of another."""
        for place, row in enumerate(rows):
            if row.before is None or (row.before.place < len(row.ids) and self._closes[row.ids[-1]]):
                row.begin(state.scores[place], int(state.lengths[place]))
        tokens = self._next(rows, state.scores, manner)
        for place, row in enumerate(rows):
            before = row.before
            if before is None or not self._closes[tokens[place]] or row.attempts >= manner.attempts:
                continue
            if self._sureness([*row.ids[before.place :], int(tokens[place])], row.logs[before.place :]) < manner.surely:
                row.go_back(before)
                state.lengths[place] = before.length
                tokens[place] = self._next([row], before.scores[None], manner)[0]
        return tokens

    def _drawn(self, row: _Row, *, whole: bool) -> Draw:
        """The text of a row as it stands."""
        ends = [*row.starts[1:], len(row.logs)]
        sure = [
            self._sureness(row.ids[start:end], row.logs[start:end]) for start, end in zip(row.starts, ends, strict=True)
        ]
        return Draw(tuple(row.ids), float(np.mean(row.logs or [0.0])), min(sure, default=0.0), whole)

    def _sureness(self, ids: Sequence[int], logs: Sequence[float]) -> float:
        """How sure a sentence is, marks beside it apart: zero for one that was learned as it stands."""
        marks = {*self._marks, self._vocabulary.end}
        sentence = self._vocabulary.joined(token for token in ids if token not in marks).strip()
        if not sentence or sentence in self._known:
            return 0.0
        has_facts = any(token in self._vocabulary.slots for token in ids)
        return _UNSURE if self._known and has_facts else _weakest(logs)

    def _next(self, rows: Sequence[_Row], scores: Floats, manner: Manner) -> npt.NDArray[np.int64]:
        # A corpus may have fewer pieces than the network has room for.
        allowed = scores[:, : self._vocabulary.size] + np.stack([self._mask(row) for row in rows])
        highest = allowed.max(axis=1)
        if manner.temperature == 0:
            tokens = np.asarray(allowed.argmax(axis=1), dtype=np.int64)
        else:
            tokens = _drawn(allowed, highest, manner, [row.rng for row in rows])
        chosen = allowed[np.arange(len(rows)), tokens]
        logs = chosen - highest - np.log(np.exp(allowed - highest[:, None]).sum(axis=1))
        for row, log in zip(rows, logs.tolist(), strict=True):
            row.logs.append(log)
        return tokens

    def _mask(self, row: _Row) -> Floats:
        """Zero for what may come next, else a number that no score outweighs."""
        is_letter = row.header.skill == "email"
        before = row.ids[-1] if row.ids else self._vocabulary.paragraph
        free = frozenset(
            slot for slot in row.header.slots if row.counts.get(slot, 0) < (1 if slot in _ONCE else _MOST_SLOT)
        )
        may_end = not is_letter or (row.part == "paragraph" and row.paragraphs >= 2)
        return self._mask_of(
            row.part if is_letter else "", may_end, before in self._marks, before in self._vocabulary.slots, free
        )

    def _made_mask(self, part: str, may_end: bool, begun: bool, after_slot: bool, free: frozenset[str]) -> Floats:
        """The mask in a part of a letter, or in a reply where that is empty; `begun` right after a mark."""
        vocabulary, mask = self._vocabulary, self._base.copy()
        if part == "start":
            mask[:] = _REFUSED
            mask[vocabulary.subject] = 0
            return mask
        mask[[vocabulary.slot_ids[slot] for slot in free]] = 0
        if begun:
            is_slot = np.zeros(vocabulary.size, dtype=bool)
            is_slot[list(vocabulary.slots)] = True
            mask[~self._starts & (mask == 0) & ~is_slot] = _REFUSED
            return mask
        if after_slot:
            # Two facts in a row are never a sentence.
            mask[list(vocabulary.slots)] = _REFUSED
        if part:
            following = {"subject": vocabulary.preheader, "preheader": vocabulary.paragraph}
            mask[following.get(part, vocabulary.paragraph)] = 0
        if may_end:
            mask[vocabulary.end] = 0
        return mask


def _weakest(logs: Sequence[float]) -> float:
    """The mean of the least likely run of WINDOW log-probabilities of a sentence; its first ids count as certain."""
    if not logs:
        return 0.0
    logs = [*(0.0 for _ in logs[:_CHOOSING]), *logs[_CHOOSING:]]
    window = min(WINDOW, len(logs))
    return float(np.convolve(logs, np.full(window, 1 / window), mode="valid").min())


def _drawn(
    allowed: Floats, highest: Floats, manner: Manner, rngs: Sequence[np.random.Generator]
) -> npt.NDArray[np.int64]:
    """A token of each row from the smallest set of likeliest ones that holds the share (Holtzman et al. 2020)."""
    warm = (allowed - highest[:, None]) / np.float32(manner.temperature)
    totals = np.exp(warm).sum(axis=1)
    likely = warm >= np.log(np.float32(max(manner.least, _LEAST_EVER)))
    tokens = np.empty(len(allowed), dtype=np.int64)
    for place, rng in enumerate(rngs):
        found = np.flatnonzero(likely[place])
        found = found[np.argsort(-warm[place, found], kind="stable")]
        cumulated = np.cumsum(np.exp(warm[place, found])) / totals[place]
        count = min(int(np.searchsorted(cumulated, manner.share)) + 1, len(found))
        threshold = rng.random() * cumulated[count - 1]
        tokens[place] = found[min(int(np.searchsorted(cumulated, threshold)), count - 1)]
    return tokens
