"""A top tuned beside the encoder: it learns what it is shown, ships as it learned, and is weighed by unseen kinds."""

from pathlib import Path

import numpy as np
import pytest

from analytics.language import tops, weights
from analytics.language.encoder import Encoder
from analytics.language.tops import Top
from analytics.language.training.second_reading import fit_second
from analytics.language.training.tops import States, TopRecipe, exported_top, scores_of, tuned_top, yes_or_no
from analytics.language.training.wishes import FOLDS, Told, fit_weighing, unseen_shares
from db.errors import ArtifactError
from tests.analytics.language.small_encoder import SHARED, Starting

ASKS = ["please help", "phone help please", "help me with my router please", "please, help with the bill"] * 5
OTHERS = ["good plan", "slow router", "I hate my bill", "thanks, very fast"] * 5
TEXTS = [*ASKS, *OTHERS]
WISHED = np.array([1] * len(ASKS) + [0] * len(OTHERS), dtype=np.intp)
RECIPE = TopRecipe(shared_layers=SHARED, layers=1, epochs=4, batch=8, learning_rate=1e-3)
ALL = np.arange(len(TEXTS))


def told() -> Told:
    return Told(list(TEXTS), WISHED, ALL % FOLDS, np.zeros(len(TEXTS), dtype=np.bool_))


def test_a_top_learns_from_the_texts_it_is_given_alone(starting: Starting, small_encoder: Encoder) -> None:
    states = States(small_encoder, TEXTS)
    loss = yes_or_no(WISHED, RECIPE.smoothing)
    scores = scores_of(tuned_top(starting.model, states, ALL, 1, loss, RECIPE), states, ALL)[:, 0]
    assert scores[WISHED == 1].min() > scores[WISHED == 0].max()
    turned = WISHED.copy()
    turned[: len(ASKS)] = 0
    half = tuned_top(starting.model, states, ALL[len(ASKS) :], 1, yes_or_no(turned, RECIPE.smoothing), RECIPE)
    assert scores_of(half, states, ALL).max() < 0


def test_the_file_reads_as_the_layers_do(starting: Starting, small_encoder: Encoder, tmp_path: Path) -> None:
    states = States(small_encoder, TEXTS)
    top = tuned_top(starting.model, states, ALL, 1, yes_or_no(WISHED, RECIPE.smoothing), RECIPE)
    wanted = scores_of(top, states, ALL)[:, 0]
    weights.save_bytes(tmp_path, "top.onnx", exported_top(top, small_encoder, TEXTS), {"encoder": "encoder-1"})
    read = tops.load("top.onnx", "encoder-1", tmp_path)
    head = top.head.weight.detach().numpy()[0]
    found = read.read(TEXTS, small_encoder) @ head + top.head.bias.detach().numpy()[0]
    assert np.corrcoef(found, wanted)[0, 1] > 0.99
    assert np.array_equal(found > 0, wanted > 0)
    alone = read.read(TEXTS[:1], small_encoder)
    np.testing.assert_allclose(alone, read.read(TEXTS, small_encoder)[:1], atol=1e-4)
    with pytest.raises(ArtifactError, match="belong to another encoder"):
        tops.load("top.onnx", "encoder-2", tmp_path)


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(ArtifactError, match="cannot be loaded"):
        Top(b"no model")


def test_the_second_reading_mends_a_first_one_that_knows_nothing(starting: Starting, small_encoder: Encoder) -> None:
    learned = fit_second(np.zeros(len(TEXTS)), told(), small_encoder, starting.model, RECIPE)
    assert learned.shares["recall"] > 0.9
    assert learned.shares["false of all"] < 0.1
    odds = learned.reading.weighed(TEXTS, np.zeros(len(TEXTS)), small_encoder)
    assert np.array_equal(odds > 0, WISHED == 1)


def test_a_second_reading_that_knows_nothing_is_not_trusted() -> None:
    rng = np.random.default_rng(4)
    wished = np.tile([0, 1], 200).astype(np.intp)
    first = np.where(wished == 1, 3.0, -3.0) + rng.normal(0, 1, len(wished))
    second = rng.normal(0, 3, len(wished))
    by_first, by_second, _ = fit_weighing(first, second, wished, np.ones(len(wished), dtype=np.bool_))
    assert by_first > 10 * abs(by_second)
    many = Told([str(row) for row in range(400)], wished, np.arange(400) // 2 % FOLDS, np.zeros(400, dtype=np.bool_))
    shares = unseen_shares(first, second, many)
    assert shares["recall"] > 0.95
    assert shares["false of near misses"] == shares["false of all"] < 0.05
