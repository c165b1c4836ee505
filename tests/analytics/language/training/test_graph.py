"""The 8-bit graph says what the layers in full precision say, however texts are put together."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto
from tokenizers import Tokenizer

from analytics.language.training.export import Parts, measured_ranges
from analytics.language.training.graph import POSITIONS, Ranges, encoder_graph, quantised_columns
from analytics.language.training.tuning import tokens_of
from tests.analytics.language.small_encoder import TEXTS

Floats = npt.NDArray[np.float32]
TOPS = ("meaning", "feeling")


@pytest.fixture(scope="module")
def rows(small_parts: Parts) -> list[list[int]]:
    """Tokens of texts, from none to as many as there are places."""
    longest = "my bill is never good " * 40
    return tokens_of(Tokenizer.from_str(small_parts.tokeniser), [*TEXTS, longest], POSITIONS)


@pytest.fixture(scope="module")
def ranges(small_parts: Parts, rows: list[list[int]]) -> Ranges:
    return measured_ranges(*graph_of(small_parts, None), rows)


def graph_of(parts: Parts, ranges: Ranges | None) -> tuple[ModelProto, list[str]]:
    return encoder_graph(parts.embedding, parts.shared, parts.tops, ranges)


def answers(model: ModelProto, rows: Sequence[Sequence[int]]) -> dict[str, Floats]:
    """What the graph says of all rows in one padded batch."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
    lengths = np.array([len(row) for row in rows], dtype=np.int32)
    return dict(zip(TOPS, session.run(list(TOPS), {"ids": ids, "lengths": lengths}), strict=True))


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@pytest.mark.parametrize("fixed", [False, True], ids=["as they come", "fixed ranges"])
def test_eight_bits_come_near_full_precision(
    fixed: bool, small_parts: Parts, rows: list[list[int]], ranges: Ranges
) -> None:
    model, _ = graph_of(small_parts, ranges if fixed else None)
    found, wanted = answers(model, rows), small_parts.read(rows)
    for top in TOPS:
        likeness = unit(found[top]) @ unit(wanted[top].numpy()).T
        assert likeness.diagonal().min() > 0.98
        assert (likeness.argmax(axis=1) == np.arange(len(rows))).all()


def test_the_tops_say_different_things(small_parts: Parts, rows: list[list[int]], ranges: Ranges) -> None:
    found = answers(graph_of(small_parts, ranges)[0], rows)
    assert (unit(found["meaning"]) * unit(found["feeling"])).sum(axis=1).max() < 0.5


def test_padding_changes_nothing(small_parts: Parts, rows: list[list[int]], ranges: Ranges) -> None:
    model, _ = graph_of(small_parts, ranges)
    together = answers(model, rows)
    for place, row in enumerate(rows):
        alone = answers(model, [row])
        for top in TOPS:
            np.testing.assert_allclose(alone[top][0], together[top][place], rtol=0, atol=1e-5)


def test_the_same_layers_give_the_same_bytes(small_parts: Parts, ranges: Ranges) -> None:
    one, two = (graph_of(small_parts, ranges)[0].SerializeToString(deterministic=True) for _ in range(2))
    assert one == two
    wider = {name: (2 * low, high) for name, (low, high) in ranges.items()}
    assert graph_of(small_parts, wider)[0].SerializeToString(deterministic=True) != one


def test_a_quantised_place_is_measured_once(small_parts: Parts) -> None:
    _, places = graph_of(small_parts, None)
    assert len(places) == len(set(places))
    # Attention, its output, and both halves of the feed-forward; the two tops read the same states.
    assert len(places) == 9 * 4 - 1


@given(st.integers(1, 20), st.integers(1, 6), st.integers(0, 1_000))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_a_column_is_rounded_to_half_a_step(inputs: int, outputs: int, seed: int) -> None:
    weight = np.random.default_rng(seed).normal(size=(inputs, outputs)).astype(np.float32) ** 3
    weight[:, 0] = 0
    levels, scale = quantised_columns(weight)
    assert (np.abs(levels * scale - weight) <= 0.501 * scale).all()
    assert (levels[:, 0] == 0).all()
    assert (np.abs(levels[:, 1:]).max(axis=0) == 127).all()
