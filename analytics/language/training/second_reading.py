"""Learning the second reading of wishes for a person: a top tuned to them, weighed with the first by unseen kinds."""

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analytics.language.linear import Array
from analytics.language.tops import GivesStates, Top
from analytics.language.training.tops import States, TopRecipe, exported_top, scores_of, tuned_top, yes_or_no
from analytics.language.training.wishes import FOLDS, Told, fit_weighing, unseen_shares
from analytics.language.wishes import SecondReading

log = logging.getLogger(__name__)

_TO_MEASURE = 1_200


@dataclass(frozen=True, slots=True)
class Learned:
    """The second reading, the file of its top, how both readings did on kinds they had not seen, and the recipe."""

    reading: SecondReading
    content: bytes
    shares: dict[str, float]
    recipe: dict[str, Any]


def fit_second(first: Array, told: Told, encoder: GivesStates, starting: Path, recipe: TopRecipe) -> Learned:
    """The second reading beside log-odds of the first, which had not seen the kind of the text it judged.

    `starting` is the safetensors file of the starting encoder.
    """
    states = States(encoder, told.texts)
    loss = yes_or_no(told.wished, recipe.smoothing)
    second = np.zeros(len(told.texts))
    for fold in range(FOLDS):
        learned, judged = np.flatnonzero(told.folds != fold), np.flatnonzero(told.folds == fold)
        log.info("fold %d: learning from %d texts, judging %d", fold, len(learned), len(judged))
        second[judged] = scores_of(tuned_top(starting, states, learned, 1, loss, recipe), states, judged)[:, 0]
    log.info("learning from all texts")
    top = tuned_top(starting, states, np.arange(len(told.texts)), 1, loss, recipe)
    some = np.random.default_rng(recipe.seed).permutation(len(told.texts))[:_TO_MEASURE]
    content = exported_top(top, encoder, [told.texts[place] for place in some])
    weighing = fit_weighing(first, second, told.wished, np.ones(len(first), dtype=np.bool_))
    reading = SecondReading(
        Top(content),
        top.head.weight.detach().numpy()[0].astype(np.float32),
        float(top.head.bias.detach().numpy()[0]),
        weighing.astype(np.float32),
    )
    return Learned(reading, content, unseen_shares(first, second, told), asdict(recipe))
