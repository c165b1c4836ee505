"""Heads over vectors and words: exact arithmetic, the same answers after storing, and no need of vectors."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.preprocessing import normalize

from analytics.language.encoder import WIDTH, Encoding
from analytics.language.features import to_unit_length
from analytics.language.intents import IntentRecogniser
from analytics.language.linear import LinearTextClassifier, fit_logistic, fit_scaling
from analytics.language.sentiment import SentimentClassifier
from db.errors import ArtifactError, TrainingError
from tests.analytics.language.reader import Reader

PLANS = ["upgrade the plan", "a bigger plan please", "can I have a larger plan", "move me to the large plan"]
BILLS = ["explain the bill", "why is my invoice so high", "an error in my invoice", "the bill is wrong"]
LEAVING = ["close my account", "I want to leave", "terminate the contract", "end my account today"]
TEXTS = [*PLANS, *BILLS, *LEAVING]
LABELS = ["plan"] * 4 + ["bill"] * 4 + ["leave"] * 4
STRANGE = ["zebra quartz", "volcano jazz trumpet", "knit a woollen scarf"]
BOTH = ("feeling", "meaning")


def small(vectors: tuple[str, ...] = BOTH, encoder: Reader | None = None, **options: Any) -> LinearTextClassifier:
    return LinearTextClassifier(word_bits=9, letter_bits=9, vectors=vectors, encoder=encoder or Reader(), **options)


@pytest.fixture(scope="module")
def fitted() -> LinearTextClassifier:
    return small().fit(TEXTS, LABELS)


@pytest.mark.parametrize("vectors", [(), ("meaning",), ("feeling",), BOTH])
def test_it_learns_from_whatever_it_may_read(vectors: tuple[str, ...]) -> None:
    model = small(vectors).fit(TEXTS, LABELS)
    assert list(model.predict(TEXTS)) == LABELS
    assert model.vector_coef_.shape == (WIDTH * len(vectors), 3)
    np.testing.assert_allclose(model.predict_proba(TEXTS).sum(axis=1), 1)


def test_without_vectors_no_encoder_is_asked() -> None:
    reader = Reader()
    model = small((), reader).fit(TEXTS, LABELS)
    model.predict(TEXTS)
    assert reader.asked == 0
    assert model.predict(["explain the invoice"])[0] == "bill"


def test_texts_are_encoded_once_and_never_where_that_was_done() -> None:
    reader = Reader()
    encoding = reader.read(TEXTS)
    model = small(BOTH, reader).fit(TEXTS, LABELS, None, encoding)
    given = model.predict_proba(TEXTS, encoding)
    assert reader.asked == len(TEXTS)
    np.testing.assert_array_equal(model.predict_proba(TEXTS), given)
    assert reader.asked == 2 * len(TEXTS)


def test_vectors_decide_where_words_are_new(fitted: LinearTextClassifier) -> None:
    encoding, nothing = Reader().read(BILLS), np.zeros((1, WIDTH), dtype=np.float32)
    words_alone = fitted.predict_proba(["qqq"], Encoding(nothing, nothing))[0]
    like_a_bill = fitted.predict_proba(["qqq"] * len(BILLS), encoding)
    assert (fitted.classes_[like_a_bill.argmax(axis=1)] == "bill").all()
    assert (like_a_bill[:, 0] > words_alone[0]).all()


@pytest.mark.parametrize("vectors", [("meaning",), BOTH])
def test_scales_folded_into_coefficients_change_no_score(vectors: tuple[str, ...]) -> None:
    model, rng = small(vectors), np.random.default_rng(4)
    encoding = Reader().read(TEXTS)
    X = model._learn_features(TEXTS, encoding)
    coef = rng.normal(size=(X.shape[1], 3)).astype(np.float32)
    bias = rng.normal(size=3)
    model.classes_ = np.unique(LABELS)
    model._take(coef, bias)
    np.testing.assert_allclose(model.decision_function(TEXTS, encoding), X @ coef + bias, rtol=0, atol=1e-4)


def test_vectors_are_standardised_to_one_spread() -> None:
    model = small()
    X = model._learn_features(TEXTS, None)
    dense = X[:, model.features_.columns :].toarray()
    np.testing.assert_allclose(dense.mean(axis=0), 0, atol=1e-5)
    spread = dense.std(axis=0)
    assert spread.max() == pytest.approx(0.17, abs=1e-4)


@pytest.mark.parametrize("vectors", [(), ("meaning",), BOTH])
def test_a_packed_model_answers_as_before(vectors: tuple[str, ...]) -> None:
    model = small(vectors, feelings=True, letter_weight=0.5).fit(TEXTS, LABELS)
    arrays = model.packed(model.coef_, model.vector_coef_, model.bias_)
    assert not any(array.dtype == object for array in arrays.values())
    back = LinearTextClassifier(encoder=Reader()).restore(arrays)
    assert back.vectors == vectors
    assert {name: back.get_params()[name] for name in ("word_bits", "letter_bits", "letter_weight", "feelings")} == {
        "word_bits": 9,
        "letter_bits": 9,
        "letter_weight": 0.5,
        "feelings": True,
    }
    asked = [*TEXTS, *STRANGE]
    # The words are kept in 127 levels, the vectors in half precision.
    np.testing.assert_allclose(back.predict_proba(asked), model.predict_proba(asked), rtol=0, atol=5e-3)
    assert list(back.predict(TEXTS)) == LABELS


def test_half_precision_costs_vectors_nothing_to_speak_of(fitted: LinearTextClassifier) -> None:
    exact = fitted.packed(np.zeros_like(fitted.coef_), fitted.vector_coef_, fitted.bias_)
    back = LinearTextClassifier(encoder=Reader()).restore(exact)
    encoding = Reader().read(TEXTS)
    wanted = fitted._vectors(TEXTS, encoding) @ fitted.vector_coef_ + fitted.bias_
    np.testing.assert_allclose(back.decision_function(TEXTS, encoding), wanted, rtol=0, atol=5e-3)


@pytest.mark.parametrize("name", ["coef", "vector_coef", "bias", "classes", "vectors", "shape", "idf1"])
def test_packed_arrays_that_do_not_fit_are_refused(name: str, fitted: LinearTextClassifier) -> None:
    arrays = fitted.packed(fitted.coef_, fitted.vector_coef_, fitted.bias_)
    with pytest.raises(ArtifactError, match="another shape"):
        LinearTextClassifier().restore({**arrays, name: arrays[name][:-1]})
    del arrays[name]
    with pytest.raises(ArtifactError, match="another shape"):
        LinearTextClassifier().restore(arrays)


def test_strange_texts_are_less_familiar(fitted: LinearTextClassifier) -> None:
    known, strange = fitted.familiarity(TEXTS), fitted.familiarity(STRANGE)
    assert known.shape == (len(TEXTS),)
    assert known.min() > strange.max()


@pytest.mark.parametrize("kind", [LinearTextClassifier, SentimentClassifier, IntentRecogniser])
def test_a_clone_has_the_same_settings_and_nothing_learned(kind: type[LinearTextClassifier]) -> None:
    model = kind(C=0.3, word_bits=9, letter_bits=8, vectors=("meaning",), encoder=Reader(), random_state=5)
    model.fit(TEXTS, LABELS)
    copied = clone(model)
    assert {**copied.get_params(), "encoder": None} == {**model.get_params(), "encoder": None}
    assert isinstance(copied.encoder, Reader)
    with pytest.raises(NotFittedError):
        copied.predict(TEXTS)
    np.testing.assert_array_equal(copied.fit(TEXTS, LABELS).predict_proba(STRANGE), model.predict_proba(STRANGE))


def test_no_text_gives_no_rows(fitted: LinearTextClassifier) -> None:
    assert fitted.predict_proba([]).shape == (0, 3)
    assert fitted.predict([]).shape == fitted.familiarity([]).shape == (0,)


def test_weights_of_texts_count() -> None:
    texts, labels = [*TEXTS, "bigger plan"] * 2, [*LABELS, "bill"] * 2
    weights = np.array([*[1.0] * len(TEXTS), 30.0] * 2)
    plain, heavy = small().fit(texts, labels), small().fit(texts, labels, weights)
    assert heavy.predict_proba(["bigger plan"])[0, 0] > plain.predict_proba(["bigger plan"])[0, 0]


def test_labels_must_pair_up_and_differ() -> None:
    with pytest.raises(TrainingError, match="12 texts but 1 labels"):
        small().fit(TEXTS, ["plan"])
    with pytest.raises(TrainingError, match="same label"):
        small().fit(TEXTS, ["plan"] * len(TEXTS))


def test_many_texts_are_calibrated_on_a_part_held_out() -> None:
    rng = np.random.default_rng(2)
    labels = [LABELS[place] for place in rng.integers(0, len(LABELS), 240)]
    texts = [f"{rng.choice(TEXTS)} {rng.choice(TEXTS)}" for _ in labels]
    model = small(("meaning",)).fit(texts, labels)
    # The labels are drawn at random: whoever is calibrated knows that nothing can be known.
    assert model.predict_proba(TEXTS).max() < 0.6
    assert 1 / 3 <= model.usual_confidence_ < 0.5
    assert small().fit(TEXTS, LABELS).usual_confidence_ == pytest.approx(1 / 3)


def test_scaling_cools_what_is_too_sure() -> None:
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 3_000)
    seen = np.where(rng.random(3_000) < 0.8, y, 1 - y)
    scores = np.where(seen[:, None] == np.arange(2), 10.0, 0.0)
    scale, shift = fit_scaling(scores, y)
    # Right in four of five: log odds of log 4 instead of 10.
    assert 10 * scale == pytest.approx(np.log(4), abs=0.15)
    assert abs(shift[0] - shift[1]) < 0.15


def test_columns_of_a_single_text_stay_at_zero() -> None:
    X = sparse.csr_matrix(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1]], dtype=np.float32))
    coef, bias = fit_logistic(X, np.array([0, 0, 1, 1]), 1.0)
    assert coef.shape == (3, 2)
    assert bias.shape == (2,)
    assert (coef[1] == 0).all()
    np.testing.assert_allclose(coef[:, 0], -coef[:, 1])
    assert coef[0, 0] > 0 > coef[2, 0]


def test_rows_get_the_length_one_to_the_last_bit_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    for _ in range(60):
        share, scale = rng.uniform(0, 0.3), np.float32(rng.choice([1e-3, 1, 50]))
        block = sparse.random(rng.integers(1, 30), 400, share, format="csr", dtype=np.float32, random_state=rng)
        block.data *= scale
        expected, found = normalize(block), to_unit_length(block.copy())
        assert found.dtype == expected.dtype == np.float32
        assert (found != expected).nnz == 0
