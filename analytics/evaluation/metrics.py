"""Metrics of churn forecasts: ranking, calibration, lift, gains and the profit of a campaign.

Throughout, `y` is 1 for customers who churned and 0 for others, `p` their forecast probabilities, both of shape (n,).
"""

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

Floats = npt.NDArray[np.float64]
ECE_BINS = 15
LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of one set of forecasts; `lift_at_10` is lift in the tenth of customers most at risk."""

    n: int
    churners: int
    auc: float
    average_precision: float
    log_loss: float
    brier: float
    ece: float
    ece_floor: float
    calibration_slope: float
    calibration_intercept: float
    lift_at_10: float
    recall_at_10: float

    def as_dict(self) -> dict[str, float]:
        """Plain figures, for JSON."""
        return asdict(self)


def churn_metrics(y: npt.ArrayLike, p: npt.ArrayLike, *, ece_draws: int = 200, seed: int = 0) -> Metrics:
    """All figures at once; ranking and calibration fits are NaN when only one class is present."""
    target, forecast = _pair(y, p)
    both = 0 < target.sum() < len(target)
    slope, intercept = calibration_line(target, forecast) if both else (np.nan, np.nan)
    return Metrics(
        n=len(target),
        churners=int(target.sum()),
        auc=float(roc_auc_score(target, forecast)) if both else np.nan,
        average_precision=float(average_precision_score(target, forecast)) if target.sum() else np.nan,
        log_loss=log_loss(target, forecast),
        brier=brier(target, forecast),
        ece=ece(target, forecast),
        ece_floor=ece_floor(forecast, draws=ece_draws, seed=seed),
        calibration_slope=slope,
        calibration_intercept=intercept,
        lift_at_10=lift_at(target, forecast, 0.1) if target.sum() else np.nan,
        recall_at_10=recall_at(target, forecast, 0.1) if target.sum() else np.nan,
    )


def _pair(y: npt.ArrayLike, p: npt.ArrayLike) -> tuple[Floats, Floats]:
    target, forecast = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if target.ndim != 1 or target.shape != forecast.shape or not len(target):
        raise ValueError(f"y and p must be equally long and not empty, got shapes {target.shape} and {forecast.shape}")
    if not np.isin(target, (0.0, 1.0)).all() or not ((forecast >= 0) & (forecast <= 1)).all():
        raise ValueError("y must hold only 0 and 1, p only probabilities")
    return target, forecast


def log_loss(y: npt.ArrayLike, p: npt.ArrayLike) -> float:
    """Mean of -log of the probability given to what happened; probabilities are kept 1e-6 away from 0 and 1."""
    target, forecast = _pair(y, p)
    kept = np.clip(forecast, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    return float(-np.mean(target * np.log(kept) + (1 - target) * np.log1p(-kept)))


def brier(y: npt.ArrayLike, p: npt.ArrayLike) -> float:
    """Mean of (p - y) squared."""
    target, forecast = _pair(y, p)
    return float(np.mean((forecast - target) ** 2))


def ece(y: npt.ArrayLike, p: npt.ArrayLike, bins: int = ECE_BINS) -> float:
    """Expected calibration error over equal-mass bins: mean over customers of abs(mean p - mean y) of their bin."""
    target, forecast = _pair(y, p)
    order = np.argsort(forecast, kind="stable")
    parts = np.array_split(target[order] - forecast[order], min(bins, len(target)))
    return float(sum(abs(part.sum()) for part in parts) / len(target))


def ece_floor(p: npt.ArrayLike, bins: int = ECE_BINS, draws: int = 200, seed: int = 0) -> float:
    """Mean ECE of perfectly calibrated forecasts: outcomes are drawn from `p` itself, `draws` times."""
    forecast = np.sort(np.asarray(p, dtype=np.float64))
    rng = np.random.default_rng(seed)
    edges = np.cumsum([0, *(len(part) for part in np.array_split(forecast, min(bins, len(forecast))))])[:-1]
    found = [
        np.abs(np.add.reduceat((rng.random(len(forecast)) < forecast) - forecast, edges)).sum() for _ in range(draws)
    ]
    return float(np.mean(found) / len(forecast))


def calibration_line(y: npt.ArrayLike, p: npt.ArrayLike) -> tuple[float, float]:
    """Slope and intercept of a logistic fit of y on logit(p): 1 and 0 for calibrated forecasts."""
    target, forecast = _pair(y, p)
    score = logit(np.clip(forecast, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY))
    if np.ptp(score) == 0:
        return float("nan"), float(logit(np.clip(target.mean(), 1e-12, 1 - 1e-12)) - score[0])
    fitted = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(score[:, None], target)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def top_share(p: npt.ArrayLike, share: float) -> npt.NDArray[np.int64]:
    """Positions of the `share` of customers most at risk, at least one; ties in order of appearance."""
    if not 0 < share <= 1:
        raise ValueError(f"share must be in (0, 1], got {share}")
    forecast = np.asarray(p, dtype=np.float64)
    return np.argsort(-forecast, kind="stable")[: max(1, round(share * len(forecast)))]


def lift_at(y: npt.ArrayLike, p: npt.ArrayLike, share: float) -> float:
    """Churn rate among the top `share` divided by the overall churn rate."""
    target, forecast = _pair(y, p)
    return float(target[top_share(forecast, share)].mean() / target.mean())


def recall_at(y: npt.ArrayLike, p: npt.ArrayLike, share: float) -> float:
    """Share of all churners found in the top `share`."""
    target, forecast = _pair(y, p)
    return float(target[top_share(forecast, share)].sum() / target.sum())


def gains_by_decile(y: npt.ArrayLike, p: npt.ArrayLike, parts: int = 10) -> pd.DataFrame:
    """One row per decile, most at risk first: customers, churners, churn_rate, mean_probability, recall, lift.

    `recall` is cumulative; `lift` is that of the decile alone.
    """
    target, forecast = _pair(y, p)
    order = np.argsort(-forecast, kind="stable")
    rows, found = [], 0.0
    for number, part in enumerate(np.array_split(order, min(parts, len(order))), start=1):
        found += target[part].sum()
        rate = target[part].mean()
        rows.append(
            {
                "decile": number,
                "customers": len(part),
                "churners": int(target[part].sum()),
                "churn_rate": float(rate),
                "mean_probability": float(forecast[part].mean()),
                "recall": float(found / target.sum()) if target.sum() else np.nan,
                "lift": float(rate / target.mean()) if target.sum() else np.nan,
            }
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Economics of one retention contact, in one currency: value of a kept customer, offer and contact cost."""

    customer_value: float = 200.0
    offer_cost: float = 10.0
    contact_cost: float = 1.0
    acceptance: float = 0.3


def profit_curve(y: npt.ArrayLike, p: npt.ArrayLike, campaign: Campaign) -> pd.DataFrame:
    """Mean profit per customer of contacting the top k by forecast, for every k from 0 to n: columns share, profit.

    A churner accepts with probability g: g (value - offer) - contact; a stayer takes the offer for nothing:
    -offer - contact (Verbraken, Verbeke & Baesens 2013, in absolute money).
    """
    target, forecast = _pair(y, p)
    ordered = target[np.argsort(-forecast, kind="stable")]
    saved = campaign.acceptance * (campaign.customer_value - campaign.offer_cost) - campaign.contact_cost
    spent = -campaign.offer_cost - campaign.contact_cost
    profit = np.r_[0.0, np.cumsum(np.where(ordered > 0, saved, spent))] / len(ordered)
    return pd.DataFrame({"share": np.arange(len(profit)) / len(ordered), "profit": profit})


def maximum_profit(y: npt.ArrayLike, p: npt.ArrayLike, campaign: Campaign) -> tuple[float, float]:
    """The best mean profit per customer and the share of customers to contact for it."""
    curve = profit_curve(y, p, campaign)
    best = int(curve["profit"].to_numpy().argmax())
    return float(curve["profit"].iloc[best]), float(curve["share"].iloc[best])


def expected_maximum_profit(
    y: npt.ArrayLike, p: npt.ArrayLike, campaign: Campaign, *, alpha: float = 6.0, beta: float = 14.0, points: int = 99
) -> float:
    """EMPC: maximum profit averaged over acceptance ~ Beta(alpha, beta), by quantile midpoints."""
    from scipy.stats import beta as beta_distribution

    grid = beta_distribution.ppf((np.arange(points) + 0.5) / points, alpha, beta)
    values = (campaign.customer_value, campaign.offer_cost, campaign.contact_cost)
    return float(np.mean([maximum_profit(y, p, Campaign(*values, acceptance=float(g)))[0] for g in grid]))


def prevalence_baseline(y_train: npt.ArrayLike, n: int) -> Floats:
    """The training churn rate for everyone (n,)."""
    return np.full(n, float(np.mean(np.asarray(y_train, dtype=np.float64))))


def one_column_baseline(train: npt.ArrayLike, y_train: npt.ArrayLike, test: npt.ArrayLike) -> Floats:
    """Logistic regression on one number, such as tenure or recency, and its logarithm; missing counts as the median."""
    known, target = np.asarray(train, dtype=np.float64), np.asarray(y_train, dtype=np.float64)
    median = float(np.nanmedian(known)) if np.isfinite(known).any() else 0.0

    def inputs(values: npt.ArrayLike) -> Floats:
        filled = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=median)
        return np.column_stack([filled, np.sign(filled) * np.log1p(np.abs(filled))])

    columns = inputs(known)
    centre, spread = columns.mean(axis=0), columns.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression().fit((columns - centre) / spread, target)
    scores: Floats = expit(model.decision_function((inputs(test) - centre) / spread))
    return scores
