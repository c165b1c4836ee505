"""Fits the small writer to composed examples: seeded, resumable, on a GPU where there is one."""

import hashlib
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import LlamaConfig, LlamaForCausalLM

from bot.generation.tiny.training.composing import Texts, example
from bot.generation.tiny.training.muon import Muon, has_bfloat16
from bot.generation.tiny.vocabulary import Vocabulary

log = logging.getLogger(__name__)

_IGNORED = -100
_HELD_OUT_EXAMPLES = 192
_SAY_EVERY = 50
_KEEP_EVERY = 100
_LENGTHS_BY = 16
_AHEAD = 16
"""Batches whose examples are drawn together and put into batches by length."""


@dataclass(frozen=True)
class Recipe:
    """Size and training of the model; every field changes the result.

    The learning rate rises over the share `warm_up` of the steps and falls to nothing over the last share `falling`.
    """

    vocabulary: int = 4096
    width: int = 384
    inner: int = 960
    layers: int = 5
    heads: int = 6
    shared_heads: int = 2
    longest: int = 320
    steps: int = 3400
    batch_tokens: int = 6144
    learning_rate: float = 3e-3
    warm_up: float = 0.03
    falling: float = 0.7
    weight_decay: float = 0.05
    seed: int = 11

    def config(self) -> LlamaConfig:
        """The architecture as transformers describes it."""
        return LlamaConfig(
            vocab_size=self.vocabulary,
            hidden_size=self.width,
            intermediate_size=self.inner,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            num_key_value_heads=self.shared_heads,
            max_position_embeddings=384,
            tie_word_embeddings=True,
            rms_norm_eps=1e-5,
            bos_token_id=None,
            eos_token_id=None,
            pad_token_id=0,
            attention_dropout=0.0,
            attn_implementation="eager",  # type: ignore[call-arg]
        )


@dataclass(frozen=True)
class Row:
    """Ids of an example; the first `given` of them are its header, which is not learned."""

    ids: list[int]
    given: int


def row(number: int, texts: Texts, vocabulary: Vocabulary, seed: int) -> Row:
    """The example of that number as ids."""
    made = example(number, texts, seed)
    head = vocabulary.header(made.header)
    if made.header.skill == "chat":
        return Row([*head, *vocabulary.reply(made.paragraphs[0])], len(head))
    return Row([*head, *vocabulary.letter(made.subject, made.preheader, made.paragraphs)], len(head))


def batches(recipe: Recipe, texts: Texts, vocabulary: Vocabulary, first: int) -> Iterator[list[Row]]:
    """Batches of about as many tokens each, rows of like length together, from batch number `first` on.

    The batches of a group depend on its number alone, so that a run that goes on sees what it would have seen.
    """
    group, skip = divmod(first, _AHEAD)
    while True:
        rows: list[Row] = []
        total, number = 0, group * 1_000_000
        while total < recipe.batch_tokens * _AHEAD:
            made = row(number, texts, vocabulary, recipe.seed)
            number += 1
            if len(made.ids) <= recipe.longest:
                rows.append(made)
                total += len(made.ids)
        rows.sort(key=lambda one: len(one.ids))
        order = np.random.default_rng([recipe.seed, group]).permutation(_AHEAD)
        yield from (_batch(rows, place / _AHEAD, recipe.batch_tokens) for place in order[skip:])
        group, skip = group + 1, 0


def _batch(rows: Sequence[Row], share: float, tokens: int) -> list[Row]:
    """Rows from a share of the way through those sorted by length, as many as fill the tokens when padded."""
    first = min(int(share * len(rows)), len(rows) - 1)
    last = first + 1
    while last < len(rows) and (last + 1 - first) * _padded_length(rows[last]) <= tokens:
        last += 1
    return list(rows[first:last])


def _padded_length(one: Row) -> int:
    """Lengths in steps: every new shape of a batch costs memory that is not given back."""
    return -(-len(one.ids) // _LENGTHS_BY) * _LENGTHS_BY


def padded(rows: Sequence[Row], pad: int) -> tuple[Tensor, Tensor]:
    """Ids (n, longest), padded behind, and what is to be learned: the next id, or IGNORED in headers and padding."""
    longest = max(map(_padded_length, rows))
    ids = torch.full((len(rows), longest), pad)
    labels = torch.full((len(rows), longest), _IGNORED)
    for place, one in enumerate(rows):
        ids[place, : len(one.ids)] = torch.tensor(one.ids)
        labels[place, one.given : len(one.ids)] = ids[place, one.given : len(one.ids)]
    return ids, labels


class Losses:
    """Mean cross-entropy of the tokens that are learned; padding stands behind and is never attended to.

    `fast` compiles the model for the processor: about half as fast again, after a minute or two of compiling.
    """

    def __init__(self, model: LlamaForCausalLM, pad: int, device: str, *, fast: bool = False) -> None:
        self._pad, self._device, self._head = pad, device, model.lm_head
        self._states: Any = torch.compile(model.model, dynamic=True) if fast else model.model
        self._entropy: Any = torch.compile(_entropy, dynamic=True) if fast else _entropy

    def of(self, rows: Sequence[Row]) -> Tensor:
        """The loss of a batch."""
        ids, labels = (part.to(self._device) for part in padded(rows, self._pad))
        with torch.autocast(self._device, dtype=torch.bfloat16, enabled=has_bfloat16(self._device)):
            states = self._states(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
            targets = labels[:, 1:]
            known = targets != _IGNORED
            found: Tensor = self._entropy(states[known], self._head.weight, targets[known])
        return found


def _entropy(states: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
    return nn.functional.cross_entropy(nn.functional.linear(states, weight).float(), targets)


def _optimisers(model: LlamaForCausalLM, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon for the matrices within the layers, AdamW for the embeddings and the norms."""
    inner = [part for name, part in model.named_parameters() if part.dim() == 2 and ".layers." in name]
    ids = {id(part) for part in inner}
    rest = [part for part in model.parameters() if id(part) not in ids]
    return [
        Muon(inner, lr=recipe.learning_rate, weight_decay=recipe.weight_decay),
        torch.optim.AdamW(rest, lr=recipe.learning_rate, betas=(0.9, 0.95), weight_decay=0.0),
    ]


class _Run:
    """A model with its optimiser and schedule, and how many steps it has taken."""

    def __init__(self, recipe: Recipe, device: str, state: Path, pad: int, *, fast: bool = False) -> None:
        self.recipe, self.state, self.done = recipe, state, 0
        self.model = LlamaForCausalLM(recipe.config())
        self.model.to(torch.device(device))  # type: ignore[arg-type]
        self.losses = Losses(self.model, pad, device, fast=fast)
        self.optimisers = _optimisers(self.model, recipe)
        self.schedules = [torch.optim.lr_scheduler.LambdaLR(one, self._rate) for one in self.optimisers]
        if state.exists():
            self._go_on(torch.load(state, weights_only=True, map_location=device))

    def _rate(self, step: int) -> float:
        """Share of the learning rate at a step: rising, even, then falling to nothing."""
        warm = max(1, round(self.recipe.warm_up * self.recipe.steps))
        left = (self.recipe.steps - step) / max(1.0, self.recipe.steps * self.recipe.falling)
        return max(0.0, min(1.0, (step + 1) / warm, left))

    def _parts(self) -> list[Any]:
        """What is stepped and kept besides the model: optimisers, then their schedules."""
        return [*self.optimisers, *self.schedules]

    def _go_on(self, kept: dict[str, Any]) -> None:
        self.model.load_state_dict(kept["model"])
        for part, state in zip(self._parts(), kept["training"], strict=True):
            part.load_state_dict(state)
        self.done = int(kept["steps"])
        log.info("going on after step %d", self.done)

    def step(self, rows: Sequence[Row]) -> float:
        """Learn from a batch; its loss."""
        loss = self.losses.of(rows)
        self.model.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for part in self._parts():
            part.step()
        self.done += 1
        return float(loss.detach())

    def keep(self) -> None:
        """Write the state beside and rename, so that a killed run leaves a whole one."""
        beside = self.state.with_suffix(".part")
        state = {
            "model": self.model.state_dict(),
            "training": [part.state_dict() for part in self._parts()],
            "steps": self.done,
        }
        torch.save(state, beside)
        beside.replace(self.state)


def fit(
    recipe: Recipe, vocabulary: Vocabulary, texts: Texts, held_out: Texts, work: Path, *, fast: bool = False
) -> LlamaForCausalLM:
    """The fitted model; goes on where an earlier run of the same recipe, vocabulary and corpus stopped.

    `fast` compiles the model first: worth it for a long training where there is a C++ compiler.
    """
    torch.manual_seed(recipe.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    work.mkdir(parents=True, exist_ok=True)
    state = work / f"writer-{_fingerprint(recipe, vocabulary, texts)}.pt"
    run = _Run(recipe, device, state, vocabulary.pad, fast=fast)
    judged = [row(number, held_out, vocabulary, recipe.seed) for number in range(_HELD_OUT_EXAMPLES)]
    judged = [one for one in judged if len(one.ids) <= recipe.longest]
    total, tokens, start = 0.0, 0, time.monotonic()
    run.model.train()
    for rows in batches(recipe, texts, vocabulary, run.done):
        if run.done >= recipe.steps:
            break
        total += run.step(rows)
        tokens += sum(len(one.ids) for one in rows)
        is_last = run.done == recipe.steps
        if run.done % _SAY_EVERY == 0 or is_last:
            rate = tokens / (time.monotonic() - start)
            log.info("step %d of %d: loss %.4f, %.0f tokens/s", run.done, recipe.steps, total / _SAY_EVERY, rate)
            total = 0.0
        if run.done % _KEEP_EVERY == 0 or is_last:
            log.info("held-out sentences: loss %.4f", _judged(run.model, run.losses, judged))
            run.keep()
    run.model.to(torch.device("cpu"))  # type: ignore[arg-type]
    run.model.eval()  # type: ignore[no-untyped-call]
    return run.model


@torch.no_grad()
def _judged(model: LlamaForCausalLM, losses: Losses, rows: Sequence[Row]) -> float:
    model.eval()  # type: ignore[no-untyped-call]
    found = [float(losses.of(rows[start : start + 16])) for start in range(0, len(rows), 16)]
    model.train()
    return float(np.mean(found))


def _fingerprint(recipe: Recipe, vocabulary: Vocabulary, texts: Texts) -> str:
    """Names a run by all that its result depends on."""
    digest = hashlib.sha256(json.dumps(asdict(recipe), sort_keys=True).encode())
    digest.update("\0".join(vocabulary.pieces).encode())
    for number in range(200):
        digest.update(example(number, texts, recipe.seed).body.encode())
    return digest.hexdigest()[:16]
