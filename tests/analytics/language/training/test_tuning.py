"""Tuning learns what it is shown, is the same for the same seed, and goes on where it was killed."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from analytics.language.training import tuning
from analytics.language.training.bert import embedding_of, layers_of
from analytics.language.training.feelings import EMOTIONS, IGNORED, Labelled
from analytics.language.training.tuning import FeelingTop, Recipe, SharedStates, length_batches, losses, tokens_of, tune
from tests.analytics.language.small_encoder import Starting

GOOD = ["good support", "I love the plan", "great and fast", "very friendly service", "happy", "thanks for your help"]
BAD = ["bad support", "I hate the plan", "awful and slow", "very angry, broken router", "outage", "never any help"]
SMALL = Recipe(shared_layers=5, tuned_layers=1, epochs=2, batch=4, learning_rate=1e-3, dropout=0.1)


def labelled(good: Sequence[str] = GOOD, bad: Sequence[str] = BAD) -> Labelled:
    """Good texts are positive and grateful; of bad ones nobody said more than that they are negative."""
    emotions = np.full((len(good) + len(bad), len(EMOTIONS)), IGNORED, dtype=np.int64)
    emotions[: len(good)] = [name == "gratitude" for name in EMOTIONS]
    return Labelled(
        texts=[*good, *bad],
        sentiment=np.array([2] * len(good) + [0] * len(bad)),
        emotions=emotions,
        weight=np.ones(len(good) + len(bad), dtype=np.float32),
        names=EMOTIONS,
        sources={"own": len(good) + len(bad)},
    )


@pytest.fixture(scope="module")
def tokeniser(starting: Starting) -> Tokenizer:
    found = Tokenizer.from_str(starting.tokeniser_text)
    found.no_padding()
    found.no_truncation()
    return found


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What tuning says of itself."""
    caplog.set_level(logging.INFO, logger=tuning.__name__)
    return caplog


class Killed(BaseException):
    """Stands for the signal that ends a process."""


class Killer(logging.Handler):
    """Ends a run at the end of its second epoch, before that is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.epochs += record.getMessage().startswith("step")
        if self.epochs == 2:
            raise Killed


@pytest.fixture
def killer(heard: pytest.LogCaptureFixture) -> Iterator[Killer]:
    handler = Killer()
    tuning.log.addHandler(handler)
    yield handler
    tuning.log.removeHandler(handler)


def everything(
    starting: Starting, tokeniser: Tokenizer, recipe: Recipe, examples: Labelled
) -> tuple[FeelingTop, Tensor, Tensor]:
    """An untuned top, and what the shared layers say of all texts."""
    tensors = load_file(starting.model)
    lower = layers_of(tensors, 0, recipe.shared_layers).eval()
    rows = tokens_of(tokeniser, examples.texts, recipe.longest)
    states, mask = SharedStates(embedding_of(tensors).eval(), lower, rows).batch(range(len(rows)))
    return FeelingTop(layers_of(tensors, recipe.shared_layers, 6), examples.emotions.shape[1]), states, mask


def test_two_groups_are_told_apart(starting: Starting, tokeniser: Tokenizer, tmp_path: Path) -> None:
    examples, recipe = labelled(), replace(SMALL, epochs=10, dropout=0.0)
    path = tune(starting.model, tokeniser, examples, tmp_path, recipe)
    top, states, mask = everything(starting, tokeniser, recipe, examples)
    places = list(range(len(examples.texts)))
    with torch.inference_mode():
        before = float(losses(top.eval(), states, mask, examples, places, recipe))
        top.load_state_dict(load_file(path))
        after = float(losses(top, states, mask, examples, places, recipe))
        sentiment, emotions = top(states, mask)
    assert after < before / 2
    assert sentiment.argmax(dim=1).tolist() == examples.sentiment.tolist()
    assert emotions[: len(GOOD)].gt(0).tolist() == [[name == "gratitude" for name in EMOTIONS]] * len(GOOD)


def test_a_text_without_a_label_costs_nothing(starting: Starting, tokeniser: Tokenizer) -> None:
    examples = labelled()
    unknown = replace(
        examples,
        sentiment=np.where(np.arange(len(examples.texts)) == 1, IGNORED, examples.sentiment),
        emotions=np.full_like(examples.emotions, IGNORED),
    )
    top, states, mask = everything(starting, tokeniser, SMALL, examples)
    with torch.inference_mode():
        assert float(losses(top.eval(), states[1:2], mask[1:2], unknown, [1], SMALL)) == 0
        assert float(losses(top, states[1:2], mask[1:2], examples, [1], SMALL)) > 0


def test_the_same_seed_gives_the_same_weights(starting: Starting, tokeniser: Tokenizer, tmp_path: Path) -> None:
    recipes = (SMALL, SMALL, replace(SMALL, seed=12))
    one, two, other = (
        tune(starting.model, tokeniser, labelled(), tmp_path / str(number), recipe).read_bytes()
        for number, recipe in enumerate(recipes)
    )
    assert one == two
    assert one != other


def test_a_killed_run_goes_on_and_ends_in_the_same_weights(
    starting: Starting, tokeniser: Tokenizer, tmp_path: Path, killer: Killer, heard: pytest.LogCaptureFixture
) -> None:
    recipe = replace(SMALL, epochs=3)
    with pytest.raises(Killed):
        tune(starting.model, tokeniser, labelled(), tmp_path / "killed", recipe)
    tuning.log.removeHandler(killer)
    assert not (tmp_path / "killed" / "feeling.safetensors").exists()
    resumed = tune(starting.model, tokeniser, labelled(), tmp_path / "killed", recipe)
    assert "going on after epoch 1" in heard.messages
    undisturbed = tune(starting.model, tokeniser, labelled(), tmp_path / "undisturbed", recipe)
    assert resumed.read_bytes() == undisturbed.read_bytes()


def test_a_finished_run_is_not_taken_for_one_of_other_texts(
    starting: Starting, tokeniser: Tokenizer, tmp_path: Path, heard: pytest.LogCaptureFixture
) -> None:
    turned = labelled(BAD, GOOD)
    tune(starting.model, tokeniser, labelled(), tmp_path / "shared", SMALL)
    found = tune(starting.model, tokeniser, turned, tmp_path / "shared", SMALL).read_bytes()
    assert not any(message.startswith("going on") for message in heard.messages)
    assert found == tune(starting.model, tokeniser, turned, tmp_path / "own", SMALL).read_bytes()


def test_the_shared_layers_stay_as_they_are(starting: Starting, tokeniser: Tokenizer, tmp_path: Path) -> None:
    before = starting.model.read_bytes()
    tuned = load_file(tune(starting.model, tokeniser, labelled(), tmp_path, SMALL))
    assert starting.model.read_bytes() == before
    assert {name.split(".")[0] for name in tuned} == {"layers", "sentiment", "emotions"}
    assert {name.split(".")[1] for name in tuned if name.startswith("layers")} == {"0"}


def test_states_of_a_batch_are_those_of_its_texts(starting: Starting, tokeniser: Tokenizer) -> None:
    tensors = load_file(starting.model)
    rows = tokens_of(tokeniser, [*GOOD, "my bill is never good " * 40], 96)
    assert max(map(len, rows)) == 96
    shared = SharedStates(embedding_of(tensors).eval(), layers_of(tensors, 0, 2).eval(), rows)
    states, mask = shared.batch([3, 6, 0])
    assert mask.sum(dim=1).tolist() == [len(rows[place]) for place in (3, 6, 0)]
    alone, _ = shared.batch([0])
    assert torch.equal(states[2, : len(rows[0])], alone[0])
    assert not states[2, len(rows[0]) :].any()


@given(st.lists(st.integers(2, 96), min_size=1, max_size=200), st.integers(1, 40), st.integers(0, 9))
@settings(derandomize=True, deadline=None)
def test_batches_hold_every_place_once(lengths: list[int], size: int, seed: int) -> None:
    batches = length_batches(lengths, size, np.random.default_rng(seed))
    assert sorted(place for batch in batches for place in batch.tolist()) == list(range(len(lengths)))
    assert sorted(map(len, batches), reverse=True)[:-1] == [size] * (len(batches) - 1)
    again = length_batches(lengths, size, np.random.default_rng(seed))
    assert [batch.tolist() for batch in batches] == [batch.tolist() for batch in again]


def test_batches_hold_texts_of_like_length_in_random_order() -> None:
    lengths = np.random.default_rng(0).integers(2, 96, 400).tolist()
    batches = length_batches(lengths, 8, np.random.default_rng(1))
    spreads = [np.ptp([lengths[place] for place in batch]) for batch in batches]
    assert max(spreads) <= 8
    means = [np.mean([lengths[place] for place in batch]) for batch in batches]
    assert means != sorted(means)
    other = length_batches(lengths, 8, np.random.default_rng(2))
    assert [batch.tolist() for batch in batches] != [batch.tolist() for batch in other]
