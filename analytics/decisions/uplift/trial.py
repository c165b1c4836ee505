"""What effects are learned from: who got which arm with which probability, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from analytics.churn.additive import SplineBasis
from analytics.churn.encoding import TableEncoder
from db.errors import TrainingError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Probabilities = Mapping[str, float] | npt.ArrayLike | Literal["covariates"] | None

LEAST_PER_ARM = 50
LEAST_PROBABILITY = 0.01


@dataclass(frozen=True, slots=True)
class Trial:
    """Customers with an arm, the probability of each arm, and an outcome of which more is better.

    `covariates` (n, p) were known before the assignment; `arm` (n,) holds positions in `arms`, of which the first is
    the control; `probabilities` (n, arms) are assignment probabilities; `outcome` (n,) is 0/1 or an amount.
    """

    covariates: pd.DataFrame
    arm: Integers
    arms: tuple[str, ...]
    outcome: Floats
    probabilities: Floats

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def is_binary(self) -> bool:
        """Whether the outcome holds only 0 and 1."""
        return bool(np.isin(self.outcome, (0.0, 1.0)).all())

    @property
    def offers(self) -> tuple[str, ...]:
        """The arms other than the control."""
        return self.arms[1:]

    def take(self, rows: npt.NDArray[Any]) -> "Trial":
        """The same for some rows, given as positions or flags."""
        return replace(
            self,
            covariates=self.covariates.iloc[np.flatnonzero(rows) if rows.dtype == bool else rows],
            arm=self.arm[rows],
            outcome=self.outcome[rows],
            probabilities=self.probabilities[rows],
        )

    def against_control(self, offer: str) -> "Trial":
        """The customers of one offer and of the control; the probabilities are those given one of the two."""
        position = self.arms.index(offer)
        part = self.take((self.arm == 0) | (self.arm == position))
        both = part.probabilities[:, [0, position]]
        return replace(
            part,
            arm=(part.arm == position).astype(np.int64),
            arms=(self.arms[0], offer),
            probabilities=both / both.sum(axis=1, keepdims=True),
        )


def as_trial(
    covariates: Any,
    arm: npt.ArrayLike,
    outcome: npt.ArrayLike,
    *,
    control: Any,
    assignment_probability: Probabilities = None,
    least_per_arm: int = LEAST_PER_ARM,
) -> Trial:
    """Check and name the parts of a trial.

    `covariates` (n, p) is a frame or an array of mixed columns, `arm` (n,) holds a label per customer, `control` is the
    label of those who got nothing. `assignment_probability` is one of: a mapping from label to probability; an array
    (n, arms), control first and the others in sorted order; an array (n,) with two arms, the probability of the offer;
    None for the shares of the arms, right where chance alone decided; "covariates" to estimate it from the covariates,
    right where everything that decided is among them.

    Raises:
        ValueError: the parts do not fit together, or hold NaN or probabilities outside (0, 1).
        TrainingError: an arm has fewer than `least_per_arm` customers, or there is no arm beside the control.
    """
    frame = covariates if isinstance(covariates, pd.DataFrame) else pd.DataFrame(np.asarray(covariates))
    labels = np.asarray(arm).astype(str)
    values = np.asarray(outcome, dtype=np.float64)
    if labels.ndim != 1 or labels.shape != values.shape or len(frame) != len(values):
        shapes = f"{frame.shape}, {labels.shape} and {values.shape}"
        raise ValueError(f"covariates, arm and outcome need one row per customer, got shapes {shapes}")
    if not np.isfinite(values).all():
        raise ValueError("outcome holds NaN or infinity: leave out customers whose outcome is not known")
    arms = (str(control), *sorted(set(labels.tolist()) - {str(control)}))
    position = {label: k for k, label in enumerate(arms)}
    codes = np.array([position[label] for label in labels.tolist()], dtype=np.int64)
    counts = np.bincount(codes, minlength=len(arms))
    thin = [f"{label} has {count:,}" for label, count in zip(arms, counts, strict=True) if count < least_per_arm]
    if thin or len(arms) < 2:
        what = ", ".join(thin) if thin else f"every customer is in the arm {control}"
        raise TrainingError(
            f"No effect can be learned: {what}; each arm needs at least {least_per_arm} customers.",
            hint="Wait for more outcomes, or raise the holdout share of the experiment.",
        )
    probabilities = _probabilities(assignment_probability, frame, codes, arms)
    return Trial(frame.reset_index(drop=True), codes, arms, values, probabilities)


def _probabilities(given: Probabilities, frame: pd.DataFrame, arm: Integers, arms: tuple[str, ...]) -> Floats:
    """Probabilities (n, arms) in any of the forms that `as_trial` takes."""
    shape = (len(arm), len(arms))
    if isinstance(given, str):
        if given != "covariates":
            raise ValueError(f"assignment_probability is 'covariates', probabilities or None, got {given!r}")
        return estimated_assignment(frame, arm)
    if given is None:
        found = np.broadcast_to(np.bincount(arm, minlength=len(arms)) / len(arm), shape)
    elif isinstance(given, Mapping):
        named = {str(label): float(value) for label, value in given.items()}
        missing = [label for label in arms if label not in named]
        if missing:
            raise ValueError(f"no assignment probability for {', '.join(missing)}")
        found = np.broadcast_to([named[label] for label in arms], shape)
    else:
        found = np.asarray(given, dtype=np.float64)
        if found.ndim == 1 and len(arms) == 2:
            found = np.column_stack([1 - found, found])
    if found.shape != shape:
        raise ValueError(f"assignment_probability needs the shape {shape} (customers, arms), got {found.shape}")
    if not ((found > 0) & (found < 1)).all() or (found.sum(axis=1) > 1 + 1e-6).any():
        raise ValueError("assignment probabilities lie between 0 and 1 and add up to at most 1 per customer")
    return np.array(found, dtype=np.float64)


def estimated_assignment(covariates: pd.DataFrame, arm: Integers, *, folds: int = 5, seed: int = 0) -> Floats:
    """Out-of-fold assignment probabilities (n, arms) from a multinomial logistic regression on the covariates.

    They are kept at least 0.01 away from 0: weights above 100 would let single customers decide the result.
    """
    encoder = TableEncoder().fit(covariates)
    table = encoder.transform(covariates)
    sizes = [len(encoder.columns[i].categories) for i in encoder.category_columns]
    matrix = SplineBasis(0).fit(table, np.ones(len(table)), sizes).matrix(table)
    if matrix.shape[1] == 0:
        return np.asarray(np.broadcast_to(np.bincount(arm) / len(arm), (len(arm), int(arm.max()) + 1)), dtype=float)
    chance = StratifiedKFold(folds, shuffle=True, random_state=seed)
    model = LogisticRegression(C=0.1, max_iter=1_000)
    found = np.clip(cross_val_predict(model, matrix, arm, cv=chance, method="predict_proba"), LEAST_PROBABILITY, None)
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)
