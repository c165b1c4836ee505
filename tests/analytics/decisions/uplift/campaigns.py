"""Simulated campaigns whose effects are known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from analytics.decisions.uplift.trial import Floats, Trial, as_trial


@dataclass(frozen=True)
class Campaign:
    """A trial with the true effects (n, offers) and the true mean outcomes (n, arms) behind it."""

    trial: Trial
    effects: Floats
    means: Floats


def campaign(n: int, seed: int = 0, *, same_effect: bool = False, binary: bool = True) -> Campaign:
    """Arms none, call and mail: mail helps buyers of books (or everyone alike), calls harm them a little."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "recency": rng.integers(1, 13, n).astype(float),
            "spend": rng.lognormal(4, 1, n),
            "buys": rng.choice(["books", "toys", "tools"], n),
            "opted": rng.random(n) < 0.5,
        }
    )
    books = (frame["buys"] == "books").to_numpy()
    base = -1.2 - 0.1 * frame["recency"].to_numpy() + 0.2 * np.log(frame["spend"].to_numpy())
    mail = np.full(n, 0.6) if same_effect else 1.2 * books
    call = np.full(n, 0.6) if same_effect else np.where(books, -0.3, 0.5)
    logits = base[:, None] + np.column_stack([np.zeros(n), call, mail])
    means = expit(logits) if binary else logits
    arm = rng.integers(0, 3, n)
    mean = means[np.arange(n), arm]
    outcome = (rng.random(n) < mean).astype(float) if binary else mean + rng.normal(0, 0.5, n)
    trial = as_trial(frame, np.array(["none", "call", "mail"])[arm], outcome, control="none")
    return Campaign(trial, means[:, 1:] - means[:, :1], means)
