"""The tone of a letter: which tones become a mood, and Thompson sampling over them where offers are drawn.

The tone does not change what an offer costs or a customer is worth, so the best one is that under which fewest leave
with an offer in hand. Its model is that of the offers' bandit (`bandit`), one arm of which leaves the tone to the
writer. Chances depend on the forecast and the mood and never on the offer, so that

    P(offer, tone) = P(offer) x P(tone)     for customers whose offer is drawn.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from analytics.decisions.arm_model import ArmScales
from analytics.decisions.bandit import CONTROL, ContextualBandit, Limits, Situation, arms_of
from db.vocabulary import Sentiment

Floats = npt.NDArray[np.float64]
Tone = Literal["warm", "plain", "formal", "brief", "apologetic", "cheerful"]

TONES: Mapping[Sentiment, tuple[Tone, ...]] = {
    Sentiment.NEGATIVE: ("warm", "plain", "formal", "brief", "apologetic"),
    Sentiment.NEUTRAL: ("warm", "plain", "formal", "brief"),
    Sentiment.POSITIVE: ("warm", "plain", "formal", "brief", "cheerful"),
}
"""The tones that become a customer of each mood; no other is ever chosen or drawn. No mood is a neutral one."""

EVERY_TONE: tuple[Tone, ...] = ("warm", "plain", "formal", "brief", "apologetic", "cheerful")
OPEN = "open"
"""What a lot is called that leaves the tone to the writer."""

MINIMUM, MAXIMUM, OPEN_SHARE = 0.05, 0.8, 0.1
"""Least and greatest probability of a tone that becomes the customer, and the least one of leaving it open."""

_ANY = "any"
_DECIMALS = 6
_SCALES = (0.2, 0.1, 0.05), (0.1, 0.1, 0.05), (0.15, 0.15, 0.05)
"""Of the forecast, of any drawn tone and of each tone: of level, anger and risk. A tone moves less than an offer does:
a shift of 0.15 in log-odds takes a chance of leaving of 20 % to 18 or 22 %."""


class ToneBandit:
    """Thompson sampling over tones; begins without a favourite and learns who left after which."""

    def __init__(self, tones: Sequence[Tone]) -> None:
        self.tones = tuple(tones)
        limits = Limits(min(MINIMUM, 0.5 / len(self.tones)), MAXIMUM, OPEN_SHARE)
        self._bandit = ContextualBandit(arms_of([_ANY], self.tones), ArmScales.of(*_SCALES), limits=limits)

    def learn(self, moods: Sequence[object], risk: Floats, tones: Sequence[str | None], left: Sequence[bool]) -> None:
        """Take in what came of letters with an offer: log-odds of leaving with that offer (n,), tone, who left."""
        places: dict[str | None, int] = {None: CONTROL} | {tone: place for place, tone in enumerate(self.tones, 1)}
        rows = [row for row, tone in enumerate(tones) if tone in places]
        if rows:
            contexts, arms = _contexts([moods[row] for row in rows], risk[rows]), [places[tones[row]] for row in rows]
            self._bandit.learn(contexts, arms, [float(left[row]) for row in rows], risk[rows])

    def probabilities(self, moods: Sequence[object], risk: Floats) -> list[dict[str, float]]:
        """Chances of each customer's tones, by name, rounded as they are kept; every row sums to one."""
        allowed = np.ones((len(moods), len(self.tones) + 1), dtype=bool)
        for row, mood in enumerate(moods):
            allowed[row, 1:] = [tone in tones_for(mood) for tone in self.tones]
        nothing, worth = np.zeros(allowed.shape), np.ones(len(moods))
        situation = Situation(_contexts(moods, risk), risk, worth, nothing, allowed)
        found = np.round(self._bandit.probabilities_at(situation, 0, 0.0), _DECIMALS)
        found[:, CONTROL] = np.round(1.0 - found[:, 1:].sum(axis=1), _DECIMALS)
        names = (OPEN, *self.tones)
        return [{name: share for name, share in zip(names, row, strict=True) if share > 0} for row in found.tolist()]


def tones_for(mood: object) -> tuple[Tone, ...]:
    """The tones that become a customer of this mood."""
    return TONES[Sentiment(str(mood))] if mood in tuple(Sentiment) else TONES[Sentiment.NEUTRAL]


def tone_of(shares: Mapping[str, float], lot: float) -> str | None:
    """The tone that a lot in [0, 1) falls on, None where it is left open; the order is that of the names."""
    reached = 0.0
    for name in sorted(shares):
        reached += shares[name]
        if lot < reached:
            return None if name == OPEN else name
    return None


def _contexts(moods: Sequence[object], risk: Floats) -> Floats:
    """One for the level, whether the customer is angry, and how far the risk lies from the usual: (n, 3)."""
    angry = np.array([mood == Sentiment.NEGATIVE for mood in moods], dtype=np.float64)
    return np.column_stack([np.ones(len(moods)), angry, np.clip(risk + 1.4, -3.0, 3.0)])
