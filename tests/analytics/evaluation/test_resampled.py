"""Figures of bootstrap samples at once are those of each sample written out."""

import numpy as np
import numpy.typing as npt
import pytest

from analytics.evaluation import resampled
from analytics.evaluation.backtest import FIGURES, PROFIT_SHARES
from analytics.evaluation.metrics import Campaign, Floats, profit_curve


def forecasts(n: int, *, distinct: int | None, seed: int = 2) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 5, n)
    y = (rng.random(n) < p).astype(np.float64)
    y[-6:-2] = 1.0
    p[-2:] = 0.95, 0.9  # somebody safe is taken for a leaver: no sample is split without error
    y[-2:] = 0.0
    return y, p if distinct is None else np.ceil(p * distinct) / (distinct + 1)


def drawn(n: int, draws: int, seed: int = 1) -> npt.NDArray[np.int64]:
    return np.asarray(np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), draws).T, dtype=np.int64)


def written_out(y: Floats, p: Floats, counts: npt.NDArray[np.int64], name: str) -> list[float]:
    rows = [np.repeat(np.arange(len(y)), column) for column in counts.T]
    return [FIGURES[name](y[one], p[one]) for one in rows]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(("n", "distinct"), [(400, None), (400, 9), (37, None), (37, 3)])
def test_a_figure_is_that_of_the_sample_written_out(name: str, n: int, distinct: int | None) -> None:
    y, p = forecasts(n, distinct=distinct)
    counts = drawn(n, 12)
    counts[: n // 10] = 0  # samples of different size
    found = resampled.figures((name,), y, p, counts)[:, 0]
    assert found == pytest.approx(written_out(y, p, counts, name), abs=1e-6 if "slope" in name else 1e-12)
    assert len(set(np.round(found, 9))) > 2


def test_so_few_that_bins_are_empty() -> None:
    y, p = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.1, 0.4, 0.4, 0.7])
    counts = np.array([[1, 2, 0], [1, 0, 3], [0, 1, 1], [2, 1, 1]])
    for name in ("ece", "lift_at_5", "auc", "average_precision"):
        assert resampled.figures((name,), y, p, counts)[:, 0] == pytest.approx(written_out(y, p, counts, name))


def test_samples_of_one_class_have_no_figures() -> None:
    y, p = np.array([0.0, 0.0, 1.0]), np.array([0.2, 0.5, 0.6])
    counts = np.array([[1, 0, 2], [2, 0, 0], [0, 3, 1]])
    found = resampled.figures(("auc", "brier"), y, p, counts)
    assert np.isnan(found[:2]).all()
    assert found[2] == pytest.approx([1.0, (2 * 0.04 + 0.16) / 3])
    assert resampled.figures(("auc",), y[:0], p[:0], counts[:0]).tolist() == [[pytest.approx(np.nan, nan_ok=True)]] * 3


def test_a_constant_forecast_has_no_slope() -> None:
    y = np.array([0.0, 1.0] * 10)
    counts = drawn(20, 5)
    assert np.isnan(resampled.figures(("calibration_slope",), y, np.full(20, 0.3), counts)).all()


def test_blocks_of_samples_do_not_change_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    y, p = forecasts(50, distinct=None)
    counts = drawn(50, 7)
    whole = resampled.figures(("auc", "ece"), y, p, counts)
    monkeypatch.setattr(resampled, "_CELLS_AT_ONCE", 100)
    assert (resampled.figures(("auc", "ece"), y, p, counts) == whole).all()


def test_profits_are_those_of_the_curve() -> None:
    y, p = forecasts(203, distinct=11)
    counts = drawn(203, 6)
    found = resampled.profits(y, p, counts, Campaign(), PROFIT_SHARES)
    for k, column in enumerate(counts.T):
        rows = np.repeat(np.arange(203), column)
        curve = profit_curve(y[rows], p[rows], Campaign())["profit"].to_numpy()
        assert found[k] == pytest.approx(curve[np.round(PROFIT_SHARES * 203).astype(int)], abs=1e-12)
