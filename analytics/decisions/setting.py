"""What the decisions of one batch share: catalogue, policy, experiment, channel and time."""

from dataclasses import dataclass
from datetime import date, datetime

from analytics.decisions.experiment import Experiment
from analytics.decisions.history import day_before
from analytics.decisions.offers import Catalogue
from analytics.decisions.policy import DecisionPolicy
from db.vocabulary import Channel, Json


@dataclass(frozen=True, slots=True)
class Setting:
    """What every decision of a batch shares; `moment` is the aware instant that contact rules are asked for."""

    catalogue: Catalogue
    policy: DecisionPolicy
    experiment: Experiment
    channel: Channel
    today: date
    moment: datetime
    embed_rules: bool

    def rules(self) -> Json:
        """Catalogue and policy as JSON: what a replay needs besides the inputs of a decision."""
        return {"catalogue": self.catalogue.as_json(), "policy": self.policy.as_json()}

    @property
    def look_back(self) -> datetime:
        """The earliest contact that any rule can still care about."""
        days = max([self.policy.contact.longest_look_back, *(offer.cooldown_days for offer in self.catalogue.offers)])
        return day_before(self.moment, days + 1)
