"""Effect of offers: who gains from which arm, how well that is known, and what a targeting rule is worth.

`as_trial` checks what was assigned and observed; `SLearner`, `TLearner`, `XLearner` and `DRLearner` learn effects from
it; `metrics`, `calibration` and `policy_value` judge them; `targeting` chooses a rule and says why.
"""

from analytics.decisions.uplift.calibration import EffectCalibration, effect_calibration
from analytics.decisions.uplift.learners import DRLearner, EffectLearner, SLearner, TLearner, XLearner
from analytics.decisions.uplift.metrics import auuc, qini_coefficient, uplift_at_k, uplift_gain, uplift_interval
from analytics.decisions.uplift.policy_value import outcome_scores, policy_gain, policy_value
from analytics.decisions.uplift.targeting import Targeting, choose_targeting, cross_fit
from analytics.decisions.uplift.trial import Trial, as_trial

__all__ = [
    "DRLearner",
    "EffectCalibration",
    "EffectLearner",
    "SLearner",
    "TLearner",
    "Targeting",
    "Trial",
    "XLearner",
    "as_trial",
    "auuc",
    "choose_targeting",
    "cross_fit",
    "effect_calibration",
    "outcome_scores",
    "policy_gain",
    "policy_value",
    "qini_coefficient",
    "uplift_at_k",
    "uplift_gain",
    "uplift_interval",
]
