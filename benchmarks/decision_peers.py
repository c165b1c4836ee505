"""Peers of the effect learners: LightGBM's two models and X-learner, logistic interactions, and a response model."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from analytics.decisions.uplift import Trial
from analytics.decisions.uplift.trial import Floats
from benchmarks.report import say

Effects = Callable[[Trial, pd.DataFrame], Floats]
"""Fits on a trial and gives effects (n, offers) for other covariates."""

CAPACITY = {"n_estimators": 100, "num_leaves": 8, "learning_rate": 0.05, "min_child_samples": 100}


def installed_peers() -> dict[str, Effects]:
    """Every peer that is installed, by name."""
    found: dict[str, Effects] = {"S-LR with interactions": logistic_interactions}
    if find_spec("lightgbm") is None:
        say("LightGBM's peers are left out: lightgbm is not installed (pip install 'mainstay[bench]')")
        return found
    return {
        "LightGBM two-model": lambda trial, new: two_models(trial, new)[1],
        "LightGBM X-learner": x_learner,
        **found,
        "response model (no uplift)": response,
    }


def _encoded(trial: Trial, new: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames with text as categories of the training frame, as LightGBM reads them."""
    train, other = trial.covariates.copy(), new.copy()
    for name in train.columns:
        if not pd.api.types.is_numeric_dtype(train[name]):
            train[name] = train[name].astype("category")
            other[name] = pd.Categorical(other[name], categories=train[name].cat.categories)
    return train, other


def _classifier() -> Any:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(**CAPACITY, random_state=0, verbose=-1, n_jobs=1)


def _regressor() -> Any:
    from lightgbm import LGBMRegressor

    return LGBMRegressor(**CAPACITY, random_state=0, verbose=-1, n_jobs=1)


def two_models(trial: Trial, new: pd.DataFrame) -> tuple[Floats, Floats]:
    """Outcomes (n, arms) of one classifier per arm, and the effects (n, offers) between them."""
    train, other = _encoded(trial, new)
    columns = []
    for arm in range(len(trial.arms)):
        rows = trial.arm == arm
        columns.append(_classifier().fit(train[rows], trial.outcome[rows]).predict_proba(other)[:, 1])
    outcomes = np.column_stack(columns)
    return outcomes, outcomes[:, 1:] - outcomes[:, :1]


def response(trial: Trial, new: pd.DataFrame) -> Floats:
    """Probability of the outcome with the offer: what a propensity model ranks by, and no effect at all."""
    return two_models(trial, new)[0][:, 1:]


def x_learner(trial: Trial, new: pd.DataFrame) -> Floats:
    """The X-learner as in its paper: imputed effects of both arms, equal weights as the arms are equally common."""
    train, other = _encoded(trial, new)
    outcomes, _ = two_models(trial, trial.covariates)
    control, columns = trial.arm == 0, []
    for arm in range(1, len(trial.arms)):
        got = trial.arm == arm
        gained = _regressor().fit(train[got], trial.outcome[got] - outcomes[got, 0])
        missed = _regressor().fit(train[control], outcomes[control, arm] - trial.outcome[control])
        columns.append((gained.predict(other) + missed.predict(other)) / 2)
    return np.column_stack(columns)


def logistic_interactions(trial: Trial, new: pd.DataFrame) -> Floats:
    """One logistic regression with every product of arm and covariate, penalised alike."""
    encode = make_column_transformer(
        (StandardScaler(), make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), make_column_selector(dtype_exclude="number")),
    )
    x, other = encode.fit_transform(trial.covariates), encode.transform(new)
    model = LogisticRegression(C=0.1, max_iter=1_000).fit(_products(x, trial.arm, len(trial.arms)), trial.outcome)
    found = [
        model.predict_proba(_products(other, np.full(len(other), arm), len(trial.arms)))[:, 1]
        for arm in range(len(trial.arms))
    ]
    return np.column_stack([column - found[0] for column in found[1:]])


def _products(x: Floats, arm: Any, arms: int) -> Floats:
    parts = [x]
    for position in range(1, arms):
        indicator = (arm == position).astype(np.float64)[:, None]
        parts += [indicator, indicator * x]
    return np.concatenate(parts, axis=1)
