"""The decision policy: contact rules, economics and the standing experiment, read from YAML with defaults."""

from typing import Annotated, Any, Literal

from pydantic import Field

from analytics.decisions.budget import Limits
from analytics.decisions.contact import ContactPolicy
from analytics.decisions.documents import read_document, validated
from analytics.decisions.experiment import Experiment
from analytics.decisions.offers import Code, Strict
from analytics.decisions.tones import EVERY_TONE, Tone
from db.vocabulary import Json


class DecisionPolicy(Strict):
    """What every decision is made under.

    `margin_rate`: gross margin as a share of the price. `horizon_months`: over which costs and margins are counted.
    `value_when_unknown`: what keeping a customer is taken to be worth where no money is known, in any unit.
    `budget`: the most that one run may spend in expectation, in the customers' currency; `volumes`: how often each
    offer may be made in one run, by its code. `explore_share`: of the customers who would get an offer, for so many at
    most it is drawn instead, so that outcomes can tell which offer is right (see `exploration`); `tones`: of their
    letters, drawn likewise among those that become the customer's mood, none to leave them to the writer. `weigh_by`:
    measured effects wherever there are any, or propensity in any case.
    """

    version: Literal[1] = 1
    experiment: Annotated[str, Field(min_length=1, max_length=100)] = "retention"
    holdout_share: Annotated[float, Field(ge=0, lt=1)] = 0.1
    margin_rate: Annotated[float, Field(gt=0, le=1)] = 0.6
    horizon_months: Annotated[int, Field(ge=1, le=60)] = 12
    value_when_unknown: Annotated[float, Field(ge=0)] = 100.0
    contact: ContactPolicy = ContactPolicy()
    budget: Annotated[float, Field(ge=0)] | None = None
    volumes: dict[Code, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    explore_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    tones: tuple[Tone, ...] = EVERY_TONE
    weigh_by: Literal["effects", "propensity"] = "effects"

    @property
    def limits(self) -> Limits:
        """The budget and volume limits of one run."""
        return Limits(self.budget, self.volumes)

    @property
    def unlimited(self) -> "DecisionPolicy":
        """The same policy without limits and exploration: what is planned for before either."""
        return self.model_copy(update={"budget": None, "volumes": {}, "explore_share": 0.0})

    @property
    def standing_experiment(self) -> Experiment:
        """The experiment that this policy runs."""
        return Experiment(self.experiment, self.holdout_share)

    def as_json(self) -> Json:
        """The policy as JSON, defaults left out; `policy_from_json` reads it back equal."""
        return self.model_dump(mode="json", exclude_defaults=True)


def parse_policy(text: str, source_name: str) -> DecisionPolicy:
    """A policy from YAML; keys that are missing have their defaults.

    Raises:
        InputError: names file, line, key and the nearest known key of the first mistake.
    """
    return validated(DecisionPolicy, read_document(text, source_name))


def policy_from_json(document: dict[str, Any]) -> DecisionPolicy:
    """A policy from what `DecisionPolicy.as_json` gave."""
    return DecisionPolicy.model_validate(document)
