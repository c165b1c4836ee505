"""A writer of a few thousand random weights, made by the real export: it babbles, but obeys every rule."""

from collections.abc import Sequence
from functools import cache

import torch
from transformers import LlamaForCausalLM

from bot.generation.tiny.network import Network
from bot.generation.tiny.train import vocabulary_file
from bot.generation.tiny.training.composing import Texts
from bot.generation.tiny.training.export import graph_of, weights_of
from bot.generation.tiny.training.fitting import Recipe
from bot.generation.tiny.vocabulary import Vocabulary

RECIPE = Recipe(vocabulary=1024, width=64, inner=96, layers=2, heads=2, shared_heads=1, steps=6, batch_tokens=1500)


@cache
def texts() -> Texts:
    return Texts()


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(vocabulary_file(texts(), RECIPE.vocabulary, seed=3, examples=300))


@cache
def model() -> LlamaForCausalLM:
    """The weights as transformers runs them, rounded to half precision as they ship."""
    torch.manual_seed(5)
    made = LlamaForCausalLM(RECIPE.config())
    for part in made.parameters():
        part.data = (part.data * 4).half().float()
    made.eval()  # type: ignore[no-untyped-call]
    return made


def shape() -> dict[str, int]:
    return {"layers": 2, "heads": 2, "shared_heads": 1, "width": 64, "room": RECIPE.config().max_position_embeddings}


@cache
def network() -> Network:
    return Network(graph_of(RECIPE.config()), weights_of(model()), shape(), threads=1)


def greedy(writer: Network, headers: Sequence[Sequence[int]], count: int) -> list[list[int]]:
    """The likeliest tokens after each header, so many of them."""
    rows = writer.start(headers)
    written: list[list[int]] = [[] for _ in headers]
    for _ in range(count):
        tokens = rows.scores.argmax(axis=1)
        for text, token in zip(written, tokens.tolist(), strict=True):
            text.append(token)
        rows.add(tokens)
    return written
