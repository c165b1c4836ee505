"""What customers want: several intents per message, out-of-scope aware, with rules for those that matter most."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse, special

from analytics.language import encoder as encoders
from analytics.language import tops, weights
from analytics.language.encoder import Encoding
from analytics.language.linear import Array, LinearTextClassifier, Reads
from analytics.language.rules import SAFETY_RULES, Ruling, judge
from analytics.language.text import as_texts, clauses, guess_language
from analytics.language.tops import GivesStates
from analytics.language.wishes import WISH, WISHES_TOP, WishReader, reads_twice, signs

OUT_OF_SCOPE = "out_of_scope"
SMALL_TALK = frozenset(
    {"greeting", "goodbye", "thanks", "affirm", "deny", "chitchat", "repeat", "stop", "maybe_later", OUT_OF_SCOPE}
)
"""Intents that step back behind anything a customer asks for in the same message."""
_NAME = "intents"
_RULE_CONFIDENCE = 0.97
_SECOND_BEST = 0.3
_WITHOUT_RULE = 0.5
# Many messages speak of people; a wish for one that no rule knows must be clear to the model.
_CLEARLY = {"human_request": 0.6}
# Gibberish is mostly taken for small talk, never surely.
_SMALL_TALK = 0.55
# The wish reader is calibrated so that its threshold lies here.
_WISHED = 0.5
_STRONG_DOUBT = 0.125
_RULED = frozenset(rule.intent for rule in SAFETY_RULES)
_SILENT = Ruling(frozenset(), frozenset())
_LONG_CLAUSE = 25


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a message asks for or says, and how sure we are (0 to 1)."""

    name: str
    confidence: float


class IntentRecogniser(LinearTextClassifier):
    """`fit(texts, labels)`, `predict`, `predict_proba`, `predict_many`.

    With `rules`, phrases of cancelling, asking for a person, opting out and erasure override the model, where those
    are among the classes. A class named `out_of_scope`, if there is one, takes what no other class claims.
    """

    def __init__(
        self,
        C: float = 1.0,
        word_bits: int = 15,
        letter_bits: int = 15,
        *,
        vectors: tuple[str, ...] = ("meaning",),
        encoder: Reads | None = None,
        letter_weight: float = 1.0,
        feelings: bool = False,
        rules: bool = False,
        random_state: int = 0,
    ) -> None:
        super().__init__(
            C,
            word_bits,
            letter_bits,
            vectors=vectors,
            encoder=encoder,
            letter_weight=letter_weight,
            feelings=feelings,
            random_state=random_state,
        )
        self.rules = rules
        self.wishes: WishReader | None = None
        """Says in English messages who asks for a person; without it the rules and a clear head do."""

    def predict_proba(self, texts: Sequence[str], encoding: Encoding | None = None) -> Array:
        """Probability of each intent as the main one, shape (n, classes); rules included."""
        return self._judged(as_texts(texts), encoding)[0]

    def _judged(self, texts: list[str], encoding: Encoding | None = None) -> tuple[Array, list[Ruling]]:
        """Probabilities after the rules, and what the rules said of each text."""
        probabilities = np.asarray(special.softmax(self.decision_function(texts, encoding), axis=1))
        rulings = self._rulings(texts)
        self._overrule_all(rulings, probabilities)
        return probabilities, rulings

    def _rulings(self, texts: list[str]) -> list[Ruling]:
        return [judge(text) for text in texts] if self.rules else [_SILENT] * len(texts)

    def _overrule_all(self, rulings: Sequence[Ruling], rows: Array) -> None:
        for ruling, row in zip(rulings, rows, strict=True):
            if ruling != _SILENT:
                self._overrule(ruling, row)

    def _overrule(self, ruling: Ruling, row: Array) -> None:
        """Change a row of probabilities in place to what the rules say of its text."""
        found = np.isin(self.classes_, list(ruling.found))
        row[np.isin(self.classes_, list(ruling.ruled_out))] = 0.0
        if found.any() and row[found].sum() < _RULE_CONFIDENCE:
            row[found] = np.maximum(row[found], 1e-6)
            row[found] *= _RULE_CONFIDENCE / row[found].sum()
            rest = row[~found].sum()
            row[~found] *= (1 - _RULE_CONFIDENCE) / rest if rest > 0 else 0.0
        row /= row.sum() or 1.0

    def predict_many(self, texts: Sequence[str]) -> list[list[Intent]]:
        """The intents of each text, those that ask for something first, then by confidence; never an empty list."""
        lines = Lines.of(as_texts(texts))
        return self.predict_lines(lines, self.read_with().read(lines.all) if self.vectors else None)

    def predict_lines(self, lines: "Lines", encoding: Encoding | None) -> list[list[Intent]]:
        """As `predict_many`, with the encoding of all lines made already."""
        if not lines.all:
            return []
        words, vectors = self.features_.transform(lines.all), self._vectors(lines.all, encoding)
        scores = self._summed(words, vectors, self.coef_, self.vector_coef_) + self.bias_
        raw = np.asarray(special.softmax(scores, axis=1))
        rulings = self._rulings(lines.all)
        wishes = self._wishes(lines, words, encoding, raw, rulings)
        found = []
        for text, places, wish in zip(lines.texts, lines.rows, wishes, strict=True):
            rows, of_parts = raw[list(places)], [rulings[place] for place in places]
            settled = of_parts if wish is None else [_settled(ruling, wish >= _WISHED) for ruling in of_parts]
            self._overrule_all(settled, rows)
            found.append(self._collected(text, rows, settled, wish))
        return found

    def _wishes(
        self,
        lines: "Lines",
        words: sparse.csr_matrix,
        encoding: Encoding | None,
        raw: Array,
        rulings: Sequence[Ruling],
    ) -> list[float | None]:
        """How surely each text asks for a person; None where only the rules can say."""
        if self.wishes is None or encoding is None or not self.rules:
            return [None] * len(lines.texts)
        place = list(self.classes_).index(WISH)
        of_signs = [
            signs(
                text,
                [lines.all[row] for row in rows],
                [rulings[row] for row in rows],
                float(raw[list(rows), place].max()),
            )
            for text, rows in zip(lines.texts, lines.rows, strict=True)
        ]
        first = self.wishes.first_odds(words[lines.own], encoding[lines.own], of_signs)
        encoder = self.read_with()
        states = encoder if isinstance(encoder, GivesStates) else None
        sure = self.wishes.probabilities(lines.texts, first, states)
        settled: list[float | None] = []
        for text, rows, share in zip(lines.texts, lines.rows, sure, strict=True):
            of_parts = [rulings[row] for row in rows]
            settled.append(_weighed(of_parts, float(share)) if guess_language(text) == "en" else None)
        return settled

    def _collected(self, text: str, rows: Array, rulings: Sequence[Ruling], wish: float | None = None) -> list[Intent]:
        """The intents of the parts of one text, of which `wish` says how surely it asks for a person."""
        known = {str(name) for name in self.classes_}
        best = {name: _RULE_CONFIDENCE for ruling in rulings for name in ruling.found & known}
        readable = not self.rules or wish is not None or guess_language(text) == "en"
        for row in rows if readable else ():
            for rank, place in enumerate(np.argsort(row)[::-1][:2]):
                name, confidence = str(self.classes_[place]), float(row[place])
                if confidence >= self._floor(name, rank):
                    best[name] = max(best.get(name, 0.0), confidence)
        if wish is not None:
            best.pop(WISH, None) if wish < _WISHED else best.setdefault(WISH, wish)
        if len(best) > 1:
            best.pop(OUT_OF_SCOPE, None)
        if not best:
            return [Intent(OUT_OF_SCOPE, round(1.0 - float(rows.max(initial=0.0)), 4))]
        ranked = sorted(best.items(), key=lambda pair: (pair[0] in SMALL_TALK, -pair[1], pair[0]))
        return [Intent(name, round(confidence, 4)) for name, confidence in ranked]

    def _floor(self, name: str, rank: int) -> float:
        """The confidence below which an intent is not reported; higher where rules already catch the clear cases."""
        floor = self.usual_confidence_ if rank == 0 else max(self.usual_confidence_, _SECOND_BEST)
        if self.rules and name in SMALL_TALK:
            floor = max(floor, _SMALL_TALK)
        return max(floor, _CLEARLY.get(name, _WITHOUT_RULE)) if self.rules and name in _RULED else floor

    def save(self, folder: Path, facts: dict[str, Any]) -> None:
        """Write the weights as int8 and float16 into a folder with a manifest."""
        arrays = self.packed(self.coef_, self.vector_coef_, self.bias_)
        weights.save(folder, _NAME, arrays | (self.wishes.packed() if self.wishes else {}), facts)


def _weighed(rulings: Sequence[Ruling], share: float) -> float:
    """How surely a message asks for a person, after what the rules say of all its parts.

    Where every part is ruled out, the rules are the surer of the two; where a phrase stands and nothing is ruled out,
    only strong doubt outweighs it.
    """
    if all(WISH in ruling.ruled_out for ruling in rulings):
        return 0.0
    stands = any(WISH in ruling.found for ruling in rulings) and not any(WISH in r.ruled_out for r in rulings)
    return max(share, _WISHED) if stands and share >= _STRONG_DOUBT else share


def _settled(ruling: Ruling, wished: bool) -> Ruling:
    """A ruling as it stands once it is settled whether the message asks for a person."""
    if wished:
        return Ruling(ruling.found, ruling.ruled_out - {WISH})
    return Ruling(ruling.found - {WISH}, ruling.ruled_out | {WISH})


def _parts(text: str) -> list[str]:
    """The clauses of a text, and the whole of it where it is short enough to be one thought."""
    found = clauses(text)
    if len(found) < 2:
        return [text]
    return [*found, text] if len(text.split()) <= _LONG_CLAUSE else found


@dataclass(frozen=True, slots=True)
class Lines:
    """What is read of some texts, each line once: the texts, and clauses of those that have several.

    `own` holds for each text its place in `all`, `rows` the places that its intents are read from.
    """

    texts: list[str]
    all: list[str]
    own: list[int]
    rows: list[tuple[int, ...]]

    @classmethod
    def of(cls, texts: list[str]) -> "Lines":
        """The lines to read of texts."""
        place: dict[str, int] = {}
        own = [place.setdefault(text, len(place)) for text in texts]
        rows = [tuple(place.setdefault(part, len(place)) for part in _parts(text)) for text in texts]
        return cls(texts, list(place), own, rows)


def load_default(folder: Traversable | None = None) -> IntentRecogniser:
    """The shipped recogniser of the retention domain, rules on. Raises ArtifactError for missing or changed weights."""
    arrays = weights.load_head(_NAME, encoders.MODEL, folder)
    model = IntentRecogniser(rules=True)
    model.restore(arrays)
    top = tops.load(WISHES_TOP, weights.encoder_of(_NAME, folder), folder) if reads_twice(arrays) else None
    model.wishes = WishReader.restored(arrays, model.features_.columns, top)
    return model
