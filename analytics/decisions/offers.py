"""The offer catalogue: typed offers with terms, conditions, costs and weights, read from YAML."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from analytics.decisions.conditions import Rule, parse_rule
from analytics.decisions.documents import nearest, read_document, validated
from db.errors import InputError
from db.vocabulary import PRICE_OFFERS, Json, OfferType

Unit = Literal["percent", "amount", "months", "days", "new_price"]
Rules = tuple[
    Annotated[
        Rule,
        BeforeValidator(parse_rule, json_schema_input_type=dict[str, Any]),
        PlainSerializer(lambda rule: rule.as_json(), return_type=dict[str, Any]),
    ],
    ...,
]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=10)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Words = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f{}<>]*$")]

NONE_CODE = "none"
"""The code of the decision to propose nothing; every catalogue has it."""

UNITS_OF: dict[OfferType, frozenset[str]] = {
    OfferType.NONE: frozenset(),
    OfferType.DISCOUNT: frozenset({"percent", "amount", "new_price"}),
    OfferType.PAUSE: frozenset({"months"}),
    OfferType.PLAN_CHANGE: frozenset({"new_price"}),
    OfferType.FREE_PERIOD: frozenset({"months"}),
    OfferType.TRIAL_EXTENSION: frozenset({"days"}),
    OfferType.CONTACT: frozenset(),
    OfferType.EDUCATION: frozenset(),
    OfferType.BONUS: frozenset({"amount", "percent"}),
}
"""The units an offer of each type may be measured in."""


class Strict(BaseModel):
    """A frozen model that refuses unknown keys and infinite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class OfferTerms(Strict):
    """What an offer grants, before a customer's own price and plan are filled in.

    A bonus in `percent` is a one-off credit of that share of one month's price, rounded down to whole money.
    """

    value: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    unit: Unit | None = None
    duration_months: Annotated[int, Field(ge=1, le=36)] | None = None
    duration_days: Annotated[int, Field(ge=1, le=365)] | None = None
    count: Annotated[int, Field(ge=1, le=100)] | None = None
    applies_to: Words | None = None
    scope: Words | None = None
    to_plan: Words | None = None
    effective: Words | None = None
    keeps: Words | None = None
    who: Words | None = None
    topic: Words | None = None
    conditions: tuple[Words, ...] = Field(default=(), max_length=8)


class OfferCost(Strict):
    """What an accepted offer costs the company beyond what follows from its terms, in the customer's currency."""

    once: Annotated[float, Field(ge=0)] = 0.0
    per_month: Annotated[float, Field(ge=0)] = 0.0


class Offer(Strict):
    """One thing that may be proposed.

    `propensity` is P(accepts | offered) before context; `save_rate` the share of accepting would-be churners who stay
    because of it: both are assumptions until outcomes are measured. `topic_weights` multiply by the customer's last
    reason (`other` for any topic not listed, `unknown` for none), `mood_weights` by the mood of the last message.
    `margin_floor` is the least margin, as a share of the price, that must be left over the economic horizon.
    """

    code: Code
    name: Words
    offer_type: OfferType
    terms: OfferTerms = OfferTerms()
    eligibility: Rules = ()
    applicability: Rules = ()
    suitability: Rules = ()
    propensity: Share = 0.2
    save_rate: Share = 0.3
    topic_weights: dict[str, Weight] = {}
    mood_weights: dict[Literal["negative", "neutral", "positive", "unknown"], Weight] = {}
    lever: Weight = 1.0
    cost: OfferCost = OfferCost()
    contact_cost: Annotated[float, Field(ge=0)] = 0.1
    margin_floor: Annotated[float, Field(ge=-1, le=1)] = 0.2
    cooldown_days: Annotated[int, Field(ge=0, le=3650)] = 90
    validity_days: Annotated[int, Field(ge=1, le=365)] = 14

    @property
    def is_price_offer(self) -> bool:
        """Whether it lowers what the customer pays."""
        return self.offer_type in PRICE_OFFERS

    @model_validator(mode="after")
    def _terms_fit_the_type(self) -> Self:
        problem = _problem_of_terms(self.offer_type, self.terms)
        if problem:
            raise ValueError(f"offer {self.code!r}: {problem}")
        return self


class Catalogue(Strict):
    """All offers of a company. `none` is always among them; `currency` is used where a customer has none."""

    version: Literal[1]
    offers: Annotated[tuple[Offer, ...], Field(max_length=200)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        codes = [offer.code for offer in self.offers]
        repeated = sorted({code for code in codes if codes.count(code) > 1})
        if repeated:
            raise ValueError(f"the code {repeated[0]!r} is used by more than one offer")
        for offer in self.offers:
            if (offer.code == NONE_CODE) is not (offer.offer_type is OfferType.NONE):
                raise ValueError(f"offer {offer.code!r}: code none and type none go together")
        return self

    @property
    def proposals(self) -> tuple[Offer, ...]:
        """Every offer but `none`."""
        return tuple(offer for offer in self.offers if offer.offer_type is not OfferType.NONE)

    @property
    def fields(self) -> frozenset[str]:
        """The customer facts that some rule reads."""
        rules = (rule for offer in self.offers for rule in rules_of(offer))
        return frozenset().union(*(rule.condition.fields() for rule in rules))

    def offer(self, code: str) -> Offer:
        """The offer with that code.

        Raises:
            InputError: no offer has it.
        """
        for offer in self.offers:
            if offer.code == code:
                return offer
        raise InputError(f"no offer has the code {code!r}. {nearest(code, [offer.code for offer in self.offers])}")

    def as_json(self) -> Json:
        """The catalogue as JSON, defaults left out; `catalogue_from_json` reads it back equal."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def unknown_fields(self, columns: frozenset[str]) -> list[str]:
        """A sentence for each field in a rule that the customers do not have."""
        known = sorted(columns)
        return [
            f"A rule reads {field!r}, which no customer has. {nearest(field, known)}".strip()
            for field in sorted(self.fields - columns)
        ]


def rules_of(offer: Offer) -> tuple[Rule, ...]:
    """All rules of an offer, in the order in which they are asked."""
    return (*offer.eligibility, *offer.applicability, *offer.suitability)


def parse_catalogue(text: str, source_name: str) -> Catalogue:
    """A catalogue from YAML.

    Raises:
        InputError: names file, line, key and the nearest known key of the first mistake.
    """
    return _with_none(validated(Catalogue, read_document(text, source_name)))


def catalogue_from_json(document: Json) -> Catalogue:
    """A catalogue from what `Catalogue.as_json` gave."""
    return Catalogue.model_validate(document)


@cache
def default_catalogue() -> Catalogue:
    """The catalogue shipped with the package: nine offers that fit any imported table."""
    return _shipped("default_offers.yaml")


@cache
def demo_catalogue() -> Catalogue:
    """The catalogue of the demo company."""
    return _shipped("demo_offers.yaml")


def _shipped(name: str) -> Catalogue:
    return parse_catalogue(files("analytics.decisions").joinpath(name).read_text(encoding="utf-8"), name)


def _with_none(catalogue: Catalogue) -> Catalogue:
    if any(offer.code == NONE_CODE for offer in catalogue.offers):
        return catalogue
    none = Offer(code=NONE_CODE, name="No offer", offer_type=OfferType.NONE)
    return catalogue.model_copy(update={"offers": (none, *catalogue.offers)})


def _problem_of_terms(offer_type: OfferType, terms: OfferTerms) -> str:
    units = UNITS_OF[offer_type]
    if offer_type is OfferType.NONE:
        return "" if terms == OfferTerms() else "an offer of type none has no terms"
    if units and terms.unit not in units:
        return f"a {offer_type} is measured in {' or '.join(sorted(units))} (terms.unit)"
    if not units and (terms.unit or terms.value):
        return f"a {offer_type} has neither value nor unit"
    if units and terms.value is None and offer_type is not OfferType.PLAN_CHANGE:
        return "terms.value is missing"
    if terms.unit == "percent" and terms.value is not None and terms.value > 100:
        return "a percentage above 100 cannot be given"
    if terms.unit in ("months", "days") and terms.value is not None and terms.value != int(terms.value):
        return "terms.value must be a whole number of months or days"
    return _problem_of_duration(offer_type, terms)


def _problem_of_duration(offer_type: OfferType, terms: OfferTerms) -> str:
    if offer_type is OfferType.DISCOUNT and terms.duration_months is None:
        return "a discount says how long it lasts (terms.duration_months)"
    if offer_type in (OfferType.PAUSE, OfferType.FREE_PERIOD) and terms.duration_months not in (None, terms.value):
        return "terms.duration_months differs from terms.value; leave it out"
    if offer_type is OfferType.TRIAL_EXTENSION and terms.duration_days not in (None, terms.value):
        return "terms.duration_days differs from terms.value; leave it out"
    if offer_type is OfferType.CONTACT and not terms.who:
        return "a contact says who will call or write (terms.who)"
    if offer_type is OfferType.EDUCATION and not terms.scope:
        return "an education offer says what the customer is given (terms.scope)"
    return ""
