"""Tunes the upper layers of the encoder to feelings; the lower layers stay as they are and are shared.

Seeded and resumable: a state is kept beside the output after every epoch, and a run with the same texts goes on there.
"""

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from analytics.language.encoder import prepared, shortened
from analytics.language.training.bert import WIDTH, Embedding, embedding_of, layers_of, pooled, run
from analytics.language.training.feelings import IGNORED, Labelled

log = logging.getLogger(__name__)

Ids = list[int]


@dataclass(frozen=True)
class Pace:
    """How layers are tuned, whatever they learn; every field changes the result."""

    shared_layers: int = 2
    epochs: int = 3
    batch: int = 32
    learning_rate: float = 1e-4
    warm_up: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    smoothing: float = 0.05
    seed: int = 11


@dataclass(frozen=True)
class Recipe(Pace):
    """How the upper layers are tuned to feelings.

    The layers that follow the shared ones are tuned, `tuned_layers` of them; what comes after those is left out.
    """

    tuned_layers: int = 3
    emotion_weight: float = 3.0
    longest: int = 64


class FeelingTop(nn.Module):
    """The tuned upper layers with the two heads they are tuned by."""

    def __init__(self, layers: nn.ModuleList, emotions: int) -> None:
        super().__init__()
        self.layers = layers
        self.sentiment = nn.Linear(WIDTH, 3)
        self.emotions = nn.Linear(WIDTH, emotions)

    def forward(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of sentiments (n, 3) and emotions (n, k) from the shared states."""
        vectors = pooled(run(self.layers, states, mask), mask)
        return self.sentiment(vectors), self.emotions(vectors)


def tokens_of(tokeniser: Tokenizer, texts: Sequence[str], longest: int) -> list[Ids]:
    """Token ids of each text as the encoder reads it, at most `longest`."""
    return [shortened(found.ids, longest) for found in tokeniser.encode_batch([prepared(text) for text in texts])]


def padded(rows: Sequence[Ids]) -> tuple[Tensor, Tensor]:
    """Token ids (n, longest) and where they count."""
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = torch.tensor(row)
    return ids, ids > 0


def length_batches(lengths: Sequence[int], size: int, rng: np.random.Generator) -> list[npt.NDArray[np.int64]]:
    """Places in batches of similar length, in random order."""
    noisy = np.asarray(lengths) + rng.uniform(0, 2, len(lengths))
    order = np.argsort(noisy)
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    return [batches[place] for place in rng.permutation(len(batches))]


class KeptStates:
    """States of texts after the shared layers, kept in half precision: one tensor (tokens, 384) for each text."""

    def __init__(self, rows: list[Tensor]) -> None:
        self._rows = rows
        self.lengths = [len(row) for row in rows]

    def batch(self, places: Sequence[int]) -> tuple[Tensor, Tensor]:
        """States (n, tokens, 384) and where they count."""
        chosen = [self._rows[place] for place in places]
        mask = torch.zeros(len(chosen), max(map(len, chosen)), dtype=torch.bool)
        states = torch.zeros(*mask.shape, WIDTH)
        for row, one in enumerate(chosen):
            states[row, : len(one)] = one.to(torch.float32)
            mask[row, : len(one)] = True
        return states, mask


class SharedStates(KeptStates):
    """What the lower layers of the starting encoder say of each text, computed once."""

    def __init__(self, embedding: Embedding, lower: nn.ModuleList, rows: Sequence[Ids]) -> None:
        found: list[Tensor] = [torch.empty(0)] * len(rows)
        order = np.argsort([len(row) for row in rows], kind="stable")
        with torch.inference_mode():
            for start in range(0, len(order), 128):
                places = order[start : start + 128]
                ids, mask = padded([rows[place] for place in places])
                states = run(lower, embedding(ids), mask).to(torch.float16)
                for row, place in enumerate(places):
                    found[place] = states[row, : len(rows[place])].clone()
        super().__init__(found)


def losses(
    top: FeelingTop, states: Tensor, mask: Tensor, examples: Labelled, places: Sequence[int], recipe: Recipe
) -> Tensor:
    """Mean weighted loss of a batch: cross-entropy of sentiments plus binary cross-entropy of emotions."""
    sentiment_scores, emotion_scores = top(states, mask)
    weight = torch.from_numpy(examples.weight[places])
    target = torch.from_numpy(examples.sentiment[places])
    of_sentiment = functional.cross_entropy(
        sentiment_scores, target, ignore_index=IGNORED, reduction="none", label_smoothing=recipe.smoothing
    )
    marks = torch.from_numpy(examples.emotions[places])
    known = (marks != IGNORED).to(torch.float32)
    of_emotion = functional.binary_cross_entropy_with_logits(
        emotion_scores, marks.clamp(min=0).to(torch.float32), reduction="none"
    )
    of_emotion = (of_emotion * known).sum(1) / known.shape[1]
    return ((of_sentiment + recipe.emotion_weight * of_emotion) * weight).sum() / weight.sum()


def _fingerprint(starting: Path, tokeniser: Tokenizer, examples: Labelled, recipe: Recipe) -> str:
    """Names a run by all that its result depends on."""
    digest = hashlib.sha256(json.dumps([asdict(recipe), examples.names], sort_keys=True).encode())
    digest.update(starting.read_bytes())
    digest.update(tokeniser.to_str().encode())
    for text in examples.texts:
        digest.update(text.encode() + b"\0")
    for array in (examples.sentiment, examples.emotions, examples.weight):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def optimiser_of(
    layers: nn.Module, heads: Sequence[nn.Module], pace: Pace, steps: int
) -> tuple[torch.optim.AdamW, torch.optim.lr_scheduler.LambdaLR]:
    """AdamW, ten times as fast for the heads, with a warm-up and a straight way down to zero."""
    of_heads = [parameter for head in heads for parameter in head.parameters()]
    groups = [
        {"params": list(layers.parameters()), "lr": pace.learning_rate},
        {"params": of_heads, "lr": 10 * pace.learning_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=pace.weight_decay)
    warm = max(1, round(pace.warm_up * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    )
    return optimiser, schedule


def tune(weights: Path, tokeniser: Tokenizer, examples: Labelled, output: Path, recipe: Recipe = Recipe()) -> Path:
    """Tune the layers above the shared ones; returns the safetensors file with `layers.*`, `sentiment.*`, `emotions.*`.

    `weights` is the starting encoder (safetensors). An unfinished run of the same recipe and texts is continued.
    """
    torch.manual_seed(recipe.seed)
    tensors = load_file(weights)
    embedding = embedding_of(tensors).eval()
    lower = layers_of(tensors, 0, recipe.shared_layers).eval()
    top = FeelingTop(
        layers_of(tensors, recipe.shared_layers, recipe.shared_layers + recipe.tuned_layers, recipe.dropout),
        examples.emotions.shape[1],
    )
    rows = tokens_of(tokeniser, examples.texts, recipe.longest)
    output.mkdir(parents=True, exist_ok=True)
    log.info("reading %d texts with the shared layers", len(rows))
    shared = SharedStates(embedding, lower, rows)
    steps = recipe.epochs * -(-len(rows) // recipe.batch)
    optimiser, schedule = optimiser_of(top.layers, [top.sentiment, top.emotions], recipe, steps)
    state = output / f"tuning-{_fingerprint(weights, tokeniser, examples, recipe)[:16]}.pt"
    first = 0
    if state.exists():
        kept = torch.load(state, weights_only=True)
        top.load_state_dict(kept["top"])
        optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict(kept["schedule"])
        torch.set_rng_state(kept["rng"])
        first = int(kept["epochs"])
        log.info("going on after epoch %d", first)
    lengths = [len(row) for row in rows]
    for epoch in range(first, recipe.epochs):
        _one_epoch(
            top,
            shared,
            examples,
            length_batches(lengths, recipe.batch, np.random.default_rng([recipe.seed, epoch])),
            optimiser,
            schedule,
            recipe,
        )
        _keep(state, top, optimiser, schedule, epoch + 1)
    path = output / "feeling.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in top.state_dict().items()}, path)
    return path


def _one_epoch(
    top: FeelingTop,
    shared: SharedStates,
    examples: Labelled,
    batches: Sequence[npt.NDArray[np.int64]],
    optimiser: torch.optim.AdamW,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    recipe: Recipe,
) -> None:
    top.train()
    total, start = 0.0, time.monotonic()
    for step, places in enumerate(batches, 1):
        states, mask = shared.batch(places.tolist())
        loss = losses(top, states, mask, examples, places.tolist(), recipe)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(top.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if step % 100 == 0 or step == len(batches):
            rate = step * recipe.batch / (time.monotonic() - start)
            log.info("step %d of %d: loss %.4f, %.0f texts/s", step, len(batches), total / step, rate)


def _keep(
    path: Path, top: FeelingTop, optimiser: torch.optim.AdamW, schedule: torch.optim.lr_scheduler.LambdaLR, epochs: int
) -> None:
    """Write the state beside and rename, so that a killed run leaves a whole one."""
    beside = path.with_suffix(".part")
    torch.save(
        {
            "top": top.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
            "rng": torch.get_rng_state(),
            "epochs": epochs,
        },
        beside,
    )
    beside.replace(path)
