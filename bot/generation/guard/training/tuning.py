"""Tunes the top that reads conduct: the encoder's upper layers, taught what may not be sent; seeded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from scipy import special
from torch import Tensor
from torch.nn import functional

from analytics.language.tops import GivesStates
from analytics.language.training.tops import HeadedTop, States, TopRecipe, scores_of, tuned_top
from bot.generation.guard.conduct import FINE
from bot.generation.guard.training.texts import Example


@dataclass(frozen=True)
class Recipe(TopRecipe):
    """How the top is tuned; every field changes the result."""

    fine_weight: float = 0.7


def loss_of(scores: Tensor, target: Tensor, fine: int, recipe: Recipe) -> Tensor:
    """Cross-entropy of the kinds, plus that of the one question that decides: fine or not."""
    weight = torch.ones(scores.shape[1])
    weight[fine] = recipe.fine_weight
    kinds = functional.cross_entropy(scores, target, weight=weight, label_smoothing=recipe.smoothing)
    others = torch.logsumexp(torch.cat([scores[:, :fine], scores[:, fine + 1 :]], dim=1), dim=1)
    unsafe = functional.binary_cross_entropy_with_logits(others - scores[:, fine], (target != fine).float())
    return kinds + unsafe


def tune(
    starting: Path, encoder: GivesStates, examples: Sequence[Example], kinds: Sequence[str], recipe: Recipe
) -> HeadedTop:
    """The tuned top; `starting` is the safetensors file of the starting encoder."""
    states = States(encoder, [one.text for one in examples])
    target = torch.tensor([kinds.index(one.kind) for one in examples])
    fine = kinds.index(FINE)

    def loss(scores: Tensor, places: Sequence[int]) -> Tensor:
        return loss_of(scores, target[list(places)], fine, recipe)

    return tuned_top(starting, states, np.arange(len(examples)), len(kinds), loss, recipe)


def unsafe(top: HeadedTop, encoder: GivesStates, texts: Sequence[str], fine: int) -> npt.NDArray[np.float64]:
    """How likely each text is one that may not be sent, in full precision, shape (n,)."""
    scores = scores_of(top, States(encoder, texts), np.arange(len(texts)))
    return np.asarray(1 - special.softmax(scores, axis=1)[:, fine])
