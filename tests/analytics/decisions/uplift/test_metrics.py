"""Uplift metrics: cases worked by hand, invariants, and the figures of scikit-uplift where it is installed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.uplift.metrics import (
    Floats,
    auuc,
    qini_coefficient,
    qini_curve,
    uplift_at_k,
    uplift_curve,
    uplift_gain,
    uplift_interval,
)

# Six customers, best first: treated 1 0 1 0 1 0, bought 1 0 1 1 0 0.
Y = np.array([1, 0, 1, 1, 0, 0])
TREATED = np.array([1, 0, 1, 0, 1, 0])
RANKING = np.array([0.6, 0.5, 0.4, 0.3, 0.2, 0.1])


def random_campaign(seed: int, n: int, levels: int) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.3).astype(float)
    treated = (rng.random(n) < 0.6).astype(float)
    treated[:2] = 0, 1
    return y, rng.integers(0, levels, n) / levels, treated


def test_qini_curve_by_hand() -> None:
    depth, gained = qini_curve(Y, RANKING, TREATED)
    assert depth.tolist() == [0, 1, 2, 3, 4, 5, 6]
    # Y_t - Y_c n_t / n_c: 1, 1-0, 2-0, 2-1*2/2, 2-1*3/2, 2-1*3/3.
    assert gained.tolist() == [0, 1, 1, 2, 1, 0.5, 1]


def test_qini_coefficient_by_hand() -> None:
    # Area by trapezoids 6.0; the straight line to (6, 1) has 3. The perfect ranking climbs to 2 at depth 2, stays
    # there until 5 (no untreated positive yet) and falls to 1: 2 + 6 + 1.5 = 9.5.
    assert qini_coefficient(Y, RANKING, TREATED) == pytest.approx((6.0 - 3.0) / (9.5 - 3.0))


def test_uplift_curve_and_auuc_by_hand() -> None:
    _, gained = uplift_curve(Y, RANKING, TREATED)
    expected = [0, 1, (1 - 0) * 2, (1 - 0) * 3, (1 - 0.5) * 4, (2 / 3 - 0.5) * 5, (2 / 3 - 1 / 3) * 6]
    assert gained == pytest.approx(expected)
    # Perfect: 2 treated positives, 2 untreated negatives, the treated negative, the untreated positive:
    # curve 2 at depth 2, 4 at 4, (2/3) 5 at 5, 2 at 6.
    area = 0.5 + 1.5 + 2.5 + 2.5 + (2 + 5 / 6) / 2 + (5 / 6 + 2) / 2
    perfect = 2 + 6 + (4 + 10 / 3) / 2 + (10 / 3 + 2) / 2
    assert auuc(Y, RANKING, TREATED) == pytest.approx((area - 6) / (perfect - 6))


def test_uplift_at_k_by_hand() -> None:
    assert uplift_at_k(Y, RANKING, TREATED, k=0.5) == pytest.approx(1 - 0)
    assert uplift_at_k(Y, RANKING, TREATED, k=0.7) == pytest.approx(1 - 0.5)
    assert uplift_at_k(Y, RANKING, TREATED, k=0.7, strategy="by_group") == pytest.approx(1 - 0.5)
    assert np.isnan(uplift_at_k(Y, RANKING, TREATED, k=0.2))


def test_constant_predictions_are_worth_nothing() -> None:
    assert qini_coefficient(Y, np.ones(6), TREATED) == pytest.approx(0)
    assert auuc(Y, np.ones(6), TREATED) == pytest.approx(0)


def test_nothing_to_rank_is_nan() -> None:
    assert np.isnan(qini_coefficient(np.zeros(6), RANKING, TREATED))


@given(st.integers(0, 10_000), st.integers(10, 200), st.integers(2, 50))
@settings(max_examples=40, deadline=None)
def test_only_the_order_counts(seed: int, n: int, levels: int) -> None:
    y, uplift, treated = random_campaign(seed, n, levels)
    shuffled = np.random.default_rng(seed).permutation(n)
    for metric in (qini_coefficient, auuc):
        found = metric(y, uplift, treated)
        assert metric(y, np.exp(3 * uplift) - 7, treated) == pytest.approx(found, nan_ok=True)
        assert metric(y[shuffled], uplift[shuffled], treated[shuffled]) == pytest.approx(found, nan_ok=True)


@given(st.integers(0, 10_000), st.integers(10, 200))
@settings(max_examples=40, deadline=None)
def test_no_ranking_beats_the_perfect_one(seed: int, n: int) -> None:
    y, uplift, treated = random_campaign(seed, n, 30)
    perfect = y * (2 * treated - 1)
    best = qini_coefficient(y, perfect, treated)
    assert np.isnan(best) or best == pytest.approx(1)
    assert np.isnan(best) or qini_coefficient(y, uplift, treated) <= 1 + 1e-9


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::RuntimeWarning")  # scikit-uplift's own
@pytest.mark.parametrize(("seed", "n", "levels"), [(1, 40, 5), (2, 500, 10_000), (3, 3_000, 20), (4, 1_001, 2)])
def test_figures_equal_those_of_scikit_uplift(seed: int, n: int, levels: int) -> None:
    peer = pytest.importorskip("sklift.metrics", reason="scikit-uplift is not installed", exc_type=ImportError)
    y, uplift, treated = random_campaign(seed, n, levels)
    assert qini_coefficient(y, uplift, treated) == pytest.approx(peer.qini_auc_score(y, uplift, treated), abs=1e-9)
    assert auuc(y, uplift, treated) == pytest.approx(peer.uplift_auc_score(y, uplift, treated), abs=1e-9)
    for ours, theirs in ((qini_curve, peer.qini_curve), (uplift_curve, peer.uplift_curve)):
        for found, expected in zip(ours(y, uplift, treated), theirs(y, uplift, treated), strict=True):
            assert found == pytest.approx(expected, abs=1e-9)
    for k in (0.1, 0.3, 0.5):
        for strategy in ("overall", "by_group"):
            expected = peer.uplift_at_k(y, uplift, treated, strategy=strategy, k=k)
            found_at_k = uplift_at_k(y, uplift, treated, k=k, strategy=strategy)
            assert found_at_k == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_interval_covers_what_it_estimates_and_narrows_with_customers() -> None:
    wide = uplift_interval(qini_coefficient, *_helpful(500), draws=100)
    narrow = uplift_interval(qini_coefficient, *_helpful(8_000), draws=100)
    assert wide.low < wide.estimate < wide.high
    assert narrow.high - narrow.low < (wide.high - wide.low) / 2
    assert narrow.low > 0


def test_gain_over_itself_is_zero_and_over_noise_is_not() -> None:
    y, uplift, treated = _helpful(8_000)
    assert uplift_gain(qini_coefficient, y, uplift, uplift, treated, draws=20).high == 0
    noise = np.random.default_rng(5).random(len(y))
    assert uplift_gain(qini_coefficient, y, uplift, noise, treated, draws=100).low > 0


def _helpful(n: int) -> tuple[Floats, Floats, Floats]:
    """Customers of whom half are helped by the offer and half are not, and a ranking that knows it roughly."""
    rng = np.random.default_rng(n)
    persuadable, treated = rng.random(n) < 0.5, (rng.random(n) < 0.5).astype(float)
    y = (rng.random(n) < 0.2 + 0.4 * persuadable * treated).astype(float)
    return y, persuadable + rng.normal(0, 0.3, n), treated


@pytest.mark.parametrize(
    ("y", "uplift", "treated", "complaint"),
    [
        ([0, 1], [0.1], [0, 1], "equally long"),
        ([], [], [], "not empty"),
        ([0, 2], [0.1, 0.2], [0, 1], "only 0 and 1"),
        ([0, 1], [0.1, np.nan], [0, 1], "NaN"),
    ],
)
def test_bad_arrays_are_named(y: list[int], uplift: list[float], treated: list[int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        qini_coefficient(y, uplift, treated)


@pytest.mark.parametrize("k", [0, 1, 1.5, -0.1])
def test_k_is_a_share(k: float) -> None:
    with pytest.raises(ValueError, match="share"):
        uplift_at_k(Y, RANKING, TREATED, k=k)
