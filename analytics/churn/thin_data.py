"""Says when a table holds too little evidence for a forecast."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from db.errors import TrainingError

REFUSE_BELOW = 30
WARN_BELOW = 100


class InsufficientDataError(TrainingError, ValueError):
    """The training table holds too few churners, too few stayers, or only one of the two classes."""

    hint = "Import more history, or widen the churn horizon so that more customers have left inside it."


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why a forecast must not be used (`refuse`) or should be read with care (`warn`)."""

    severity: Literal["refuse", "warn"]
    churners: int
    stayers: int
    reason: str


def thin_data_abstention(
    y: ArrayLike, *, refuse_below: int = REFUSE_BELOW, warn_below: int = WARN_BELOW
) -> Abstention | None:
    """Judge a 0/1 target of shape (n,); None when the smaller class has at least `warn_below` members."""
    labels = np.asarray(y)
    churners = int((labels == 1).sum())
    stayers = int(labels.size - churners)
    fewer, word = (churners, "churned") if churners <= stayers else (stayers, "stayed")
    if fewer >= warn_below:
        return None
    if fewer == 0:
        reason = f"nobody among the {labels.size:,} customers {word}, so there is nothing to learn from"
    elif fewer < refuse_below:
        reason = f"only {fewer} of {labels.size:,} customers {word}; at least {refuse_below} are needed"
    else:
        reason = f"only {fewer} of {labels.size:,} customers {word}; with fewer than {warn_below} the ranking is rough"
    return Abstention("refuse" if fewer < refuse_below else "warn", churners, stayers, reason)
