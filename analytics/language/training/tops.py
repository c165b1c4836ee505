"""Tunes a further top over the encoder's shared layers, with a linear head, and makes the 8-bit file that ships of it.

Seeded; the lower layers stay as they ship, so that a top learns from exactly what it will be given.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from analytics.language.tops import GivesStates
from analytics.language.training.bert import WIDTH, layers_of, pooled, run
from analytics.language.training.export import measured_ranges
from analytics.language.training.graph import top_graph
from analytics.language.training.tuning import KeptStates, Pace, length_batches, optimiser_of

log = logging.getLogger(__name__)

Places = Sequence[int]
_READ_AT_ONCE = 64


@dataclass(frozen=True)
class TopRecipe(Pace):
    """How a top is tuned: `layers` follow the encoder's `shared_layers`."""

    learning_rate: float = 1.2e-4
    layers: int = 3


class HeadedTop(nn.Module):
    """The tuned layers and the linear head over their mean state."""

    def __init__(self, layers: nn.ModuleList, outputs: int) -> None:
        super().__init__()
        self.layers = layers
        self.head = nn.Linear(WIDTH, outputs)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Scores (n, outputs) from shared states (n, tokens, 384)."""
        return torch.as_tensor(self.head(pooled(run(self.layers, states, mask), mask)))


class States(KeptStates):
    """What the shipped lower layers say of each text."""

    def __init__(self, encoder: GivesStates, texts: Sequence[str]) -> None:
        rows: list[Tensor] = [torch.empty(0)] * len(texts)
        for places, states, lengths in encoder.shared(texts):
            for row, place in enumerate(places):
                rows[place] = torch.from_numpy(states[row, : lengths[row]].astype(np.float16))
        super().__init__(rows)


def tuned_top(
    starting: Path,
    states: States,
    learned: npt.NDArray[np.intp],
    outputs: int,
    loss_of: Callable[[Tensor, Places], Tensor],
    recipe: TopRecipe,
) -> HeadedTop:
    """The top after learning from the texts at `learned` places.

    `starting` is the safetensors file of the starting encoder; `loss_of` takes scores and the places they are of.
    """
    torch.manual_seed(recipe.seed)
    last = recipe.shared_layers + recipe.layers
    top = HeadedTop(layers_of(load_file(starting), recipe.shared_layers, last, recipe.dropout), outputs)
    lengths = [states.lengths[place] for place in learned]
    steps = recipe.epochs * -(-len(learned) // recipe.batch)
    optimiser, schedule = optimiser_of(top.layers, [top.head], recipe, steps)
    top.train()
    for epoch in range(recipe.epochs):
        start, total, count = time.monotonic(), 0.0, 0
        for rows in length_batches(lengths, recipe.batch, np.random.default_rng([recipe.seed, epoch])):
            places = learned[rows].tolist()
            loss = loss_of(top(*states.batch(places)), places)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(top.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, count = total + float(loss.detach()), count + 1
        log.info("epoch %d: loss %.4f in %.0f s", epoch + 1, total / count, time.monotonic() - start)
    top.eval()
    return top


def yes_or_no(wanted: npt.NDArray[np.intp], smoothing: float) -> Callable[[Tensor, Places], Tensor]:
    """The loss of one output that says yes (1) or no (0) of each text: smoothed binary cross-entropy."""
    target = torch.from_numpy(wanted.astype(np.float32)) * (1 - 2 * smoothing) + smoothing

    def loss(scores: Tensor, places: Places) -> Tensor:
        return functional.binary_cross_entropy_with_logits(scores[:, 0], target[list(places)])

    return loss


@torch.inference_mode()
def scores_of(top: HeadedTop, states: States, places: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Scores of the texts at some places, in full precision, shape (n, outputs)."""
    found = np.empty((len(places), top.head.out_features))
    order = np.argsort([states.lengths[place] for place in places], kind="stable")
    for start in range(0, len(order), _READ_AT_ONCE):
        rows = order[start : start + _READ_AT_ONCE]
        found[rows] = top(*states.batch(places[rows].tolist())).numpy()
    return found


def exported_top(top: HeadedTop, encoder: GivesStates, texts: Sequence[str]) -> bytes:
    """The 8-bit ONNX file of the layers, without the head; its ranges are measured on texts."""
    dynamic, places = top_graph(list(top.layers))  # type: ignore[arg-type]
    rows = [
        {"shared": states[row : row + 1, : lengths[row]], "lengths": lengths[row : row + 1]}
        for _, states, lengths in encoder.shared(texts)
        for row in range(len(lengths))
    ]
    model, _ = top_graph(list(top.layers), measured_ranges(dynamic, places, rows, lambda row: row))  # type: ignore[arg-type]
    return bytes(model.SerializeToString())
