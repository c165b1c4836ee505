"""Tunes the top that reads conduct: the encoder's upper layers, taught what may not be sent; seeded."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from analytics.language.encoder import WIDTH, Encoder
from analytics.language.training.bert import layers_of, pooled, run
from analytics.language.training.tuning import length_batches
from bot.generation.guard.conduct import FINE
from bot.generation.guard.training.texts import Example

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """How the top is tuned; every field changes the result."""

    shared_layers: int = 3
    layers: int = 3
    epochs: int = 3
    batch: int = 32
    learning_rate: float = 1.2e-4
    warm_up: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    smoothing: float = 0.05
    fine_weight: float = 0.7
    seed: int = 11


class ConductTop(nn.Module):
    """The tuned layers and the linear head over their mean state."""

    def __init__(self, layers: nn.ModuleList, kinds: int) -> None:
        super().__init__()
        self.layers = layers
        self.head = nn.Linear(WIDTH, kinds)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Scores (n, kinds) from shared states (n, tokens, 384)."""
        return torch.as_tensor(self.head(pooled(run(self.layers, states, mask), mask)))


class States:
    """What the shipped lower layers say of each text, in half precision."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self._rows: list[Tensor] = [torch.empty(0)] * len(texts)
        for places, states, lengths in encoder.shared(texts):
            for row, place in enumerate(places):
                self._rows[place] = torch.from_numpy(states[row, : lengths[row]].astype(np.float16))
        self.lengths = [len(row) for row in self._rows]

    def batch(self, places: Sequence[int]) -> tuple[Tensor, Tensor]:
        """States (n, tokens, 384) and where they count."""
        chosen = [self._rows[place] for place in places]
        mask = torch.zeros(len(chosen), max(map(len, chosen)), dtype=torch.bool)
        states = torch.zeros(*mask.shape, WIDTH)
        for row, one in enumerate(chosen):
            states[row, : len(one)] = one.to(torch.float32)
            mask[row, : len(one)] = True
        return states, mask


def loss_of(scores: Tensor, target: Tensor, fine: int, recipe: Recipe) -> Tensor:
    """Cross-entropy of the kinds, plus that of the one question that decides: fine or not."""
    weight = torch.ones(scores.shape[1])
    weight[fine] = recipe.fine_weight
    kinds = functional.cross_entropy(scores, target, weight=weight, label_smoothing=recipe.smoothing)
    others = torch.logsumexp(torch.cat([scores[:, :fine], scores[:, fine + 1 :]], dim=1), dim=1)
    unsafe = functional.binary_cross_entropy_with_logits(others - scores[:, fine], (target != fine).float())
    return kinds + unsafe


def tune(
    starting: Path, encoder: Encoder, examples: Sequence[Example], kinds: Sequence[str], recipe: Recipe
) -> ConductTop:
    """The tuned top; `starting` is the safetensors file of the starting encoder."""
    torch.manual_seed(recipe.seed)
    last = recipe.shared_layers + recipe.layers
    top = ConductTop(layers_of(load_file(starting), recipe.shared_layers, last, recipe.dropout), len(kinds))
    states = States(encoder, [one.text for one in examples])
    target = torch.tensor([kinds.index(one.kind) for one in examples])
    fine = kinds.index(FINE)
    groups = [
        {"params": list(top.layers.parameters()), "lr": recipe.learning_rate},
        {"params": list(top.head.parameters()), "lr": 10 * recipe.learning_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * -(-len(examples) // recipe.batch)
    warm = max(1, round(recipe.warm_up * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    )
    top.train()
    for epoch in range(recipe.epochs):
        start, total, count = time.monotonic(), 0.0, 0
        for places in length_batches(states.lengths, recipe.batch, np.random.default_rng([recipe.seed, epoch])):
            loss = loss_of(top(*states.batch(places.tolist())), target[places.tolist()], fine, recipe)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(top.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, count = total + float(loss.detach()), count + 1
        log.info("epoch %d: loss %.4f in %.0f s", epoch + 1, total / count, time.monotonic() - start)
    top.eval()
    return top


@torch.inference_mode()
def unsafe(top: ConductTop, encoder: Encoder, texts: Sequence[str], fine: int) -> npt.NDArray[np.float64]:
    """How likely each text is one that may not be sent, in full precision, shape (n,)."""
    states = States(encoder, texts)
    found = np.empty(len(texts))
    order = np.argsort(states.lengths, kind="stable")
    for start in range(0, len(order), 64):
        places = order[start : start + 64].tolist()
        shares = torch.softmax(top(*states.batch(places)), dim=1)
        found[places] = 1 - shares[:, fine].numpy()
    return found
