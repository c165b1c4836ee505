"""Concordance and integrated Brier score against brute force and known cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.evaluation.survival import FollowUp, brier_by_time, concordance, integrated_brier

rows = st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 4)), min_size=2, max_size=25)
quietly = settings(derandomize=True, deadline=None, max_examples=60)


def brute_force(days: np.ndarray, happened: np.ndarray, risk: np.ndarray, until: float) -> float:
    """Uno's C, pair by pair; P(followed for at least t) as a product over earlier ends of following."""

    def followed(t: float) -> float:
        product = 1.0
        for end in sorted(set(days[~happened])):
            if end < t:
                at_risk = ((days > end) | ((days == end) & ~happened)).sum()
                product *= 1 - ((days == end) & ~happened).sum() / at_risk
        return product

    won = told = 0.0
    for i in np.flatnonzero(happened & (days < until)):
        for j in range(len(days)):
            if days[j] > days[i] or (days[j] == days[i] and not happened[j]):
                weight = followed(days[i]) ** -2
                told += weight
                won += weight * (1.0 if risk[i] > risk[j] else 0.5 if risk[i] == risk[j] else 0.0)
    return won / told if told else float("nan")


@quietly
@given(rows, st.integers(2, 13))
def test_concordance_is_what_counting_pairs_gives(found: list[tuple[int, bool, int]], until: int) -> None:
    days, happened, risk = (np.array([row[k] for row in found]) for k in range(3))
    expected = brute_force(days, happened, risk, until)
    assert concordance(days, happened, risk, until=until)[0] == pytest.approx(expected, nan_ok=True)


def test_a_perfect_ranking_a_reversed_one_and_none() -> None:
    days, happened = np.array([5.0, 1.0, 9.0, 3.0]), np.ones(4, dtype=bool)
    assert concordance(days, happened, -days, until=10)[0] == 1.0
    assert concordance(days, happened, days, until=10)[0] == 0.0
    assert concordance(days, happened, np.zeros(4), until=10)[0] == 0.5
    assert np.isnan(concordance(days, ~happened, days, until=10)[0])


def test_a_sample_that_takes_a_customer_twice_counts_the_pairs_twice() -> None:
    days, happened, risk = np.array([1.0, 2.0, 3.0]), np.array([True, True, False]), np.array([1.0, 3.0, 2.0])
    taken = np.array([[1.0, 2.0], [1.0, 0.0], [1.0, 1.0]])
    both = concordance(days, happened, risk, until=10, multiplicity=taken)
    assert both == pytest.approx([1 / 3, 0.0])


def test_following_by_hand() -> None:
    found = FollowUp.fit([2, 2, 4, 6], [True, False, False, True])
    # On day 2 the event comes first: three are left, one of them is no longer followed.
    np.testing.assert_allclose(found.at_least([1, 2, 3, 4, 5, 6]), [1, 1, 2 / 3, 2 / 3, 1 / 3, 1 / 3])


def test_without_loss_the_brier_score_is_the_plain_one() -> None:
    days, happened = np.array([3.0, 8.0, 20.0]), np.array([True, True, True])
    survival = np.array([[0.2], [0.9], [0.6]])
    added = brier_by_time(days, happened, survival, [5.0])
    assert added[:, 0] == pytest.approx([0.04, 0.01, 0.16])


def test_customers_no_longer_followed_are_made_up_for() -> None:
    days, happened = np.array([1.0, 2.0, 9.0, 9.0]), np.array([True, False, False, False])
    added = brier_by_time(days, happened, np.full((4, 1), 0.5), [4.0])
    # Three were there when the second was lost: the two left stand for three.
    assert added[:, 0] == pytest.approx([0.25, 0.0, 0.25 * 1.5, 0.25 * 1.5])
    assert added.mean() == pytest.approx(0.25)


def test_a_customer_followed_to_the_very_day_is_known_to_be_there() -> None:
    added = brier_by_time([4.0, 4.0], [False, True], np.array([[0.3], [0.3]]), [4.0])
    assert added[:, 0] == pytest.approx([0.49, 0.09])


@quietly
@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=3, max_size=20))
def test_certainty_about_what_happens_scores_nothing_and_a_coin_a_quarter(found: list[tuple[int, bool]]) -> None:
    days, happened = np.array([row[0] for row in found], dtype=float), np.array([row[1] for row in found])
    grid = np.arange(1.0, 9.0)
    truth = (days[:, None] > grid) | (~happened[:, None] & (days[:, None] == grid))
    assert integrated_brier(days, happened, truth, grid) == pytest.approx(np.zeros(len(days)))
    assert (integrated_brier(days, happened, np.full(truth.shape, 0.5), grid) >= 0).all()


def test_the_integral_is_a_mean_over_time() -> None:
    days, happened = np.array([100.0, 100.0]), np.array([False, False])
    survival = np.array([[1.0, 0.5, 0.0]] * 2)
    assert integrated_brier(days, happened, survival, [0.0, 10.0, 40.0]).mean() == pytest.approx(
        (10 * 0.125 + 30 * 0.625) / 40
    )


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        concordance([1.0, 2.0], [True], [1.0, 2.0], until=3)
    with pytest.raises(ValueError, match="positive"):
        concordance([0.0, 2.0], [True, True], [1.0, 2.0], until=3)
    with pytest.raises(ValueError, match="shape"):
        brier_by_time([1.0], [True], np.zeros((1, 2)), [1.0])
    with pytest.raises(ValueError, match="two rising times"):
        integrated_brier([1.0], [True], np.zeros((1, 1)), [1.0])
