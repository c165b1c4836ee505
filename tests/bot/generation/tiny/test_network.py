"""The ONNX network against transformers on the same weights."""

import numpy as np
import pytest
import torch

from bot.generation.tiny.network import Network, shape_of
from bot.generation.tiny.training.export import graph_of, weights_of
from db.errors import ArtifactError
from tests.bot.generation.tiny.small_writer import RECIPE, greedy, model, network, shape

HEADERS = [[5, 900, 33, 7], [12, 13], [700, 2, 2, 61, 90, 44, 8], [1]]


def _greedy(ids: list[int], count: int) -> list[int]:
    found = list(ids)
    with torch.no_grad():
        for _ in range(count):
            found.append(int(model()(torch.tensor([found])).logits[0, -1].argmax()))
    return found[len(ids) :]


def test_greedy_tokens_are_those_of_transformers() -> None:
    assert greedy(network(), HEADERS, 30) == [_greedy(header, 30) for header in HEADERS]


def test_scores_are_those_of_transformers() -> None:
    rows = network().start(HEADERS)
    with torch.no_grad():
        wanted = np.stack([model()(torch.tensor([header])).logits[0, -1].numpy() for header in HEADERS])
    np.testing.assert_allclose(rows.scores, wanted, atol=1e-3, rtol=1e-4)


def test_rows_go_on_alone_as_they_would_have_together() -> None:
    together, some = network().start(HEADERS), network().start(HEADERS)
    for token in (4, 9):
        together.add(np.full(4, token))
        some.add(np.full(4, token))
    some.keep(np.array([3, 1]))
    np.testing.assert_allclose(some.add(np.array([7, 7])), together.add(np.full(4, 7))[[3, 1]], atol=1e-4)


def test_a_row_longer_than_the_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        network().start([[1] * (shape()["room"] + 1)])


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"layers": "many"}', b"\xff"])
def test_broken_sizes_are_refused(document: bytes) -> None:
    with pytest.raises(ArtifactError, match="sizes"):
        shape_of(document)


@pytest.mark.parametrize("weights", [b"", b"not weights", weights_of(model())[:2000]])
def test_broken_weights_are_refused(weights: bytes) -> None:
    with pytest.raises(ArtifactError, match="weights"):
        Network(graph_of(RECIPE.config()), weights, shape())
