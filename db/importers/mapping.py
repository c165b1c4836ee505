"""What a table's columns mean: the models behind a mapping file, one per kind of import."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from db.importers.cells import DATE_STYLES
from db.vocabulary import (
    Channel,
    ChurnDefinition,
    ChurnDefinitionKind,
    ColumnRole,
    ColumnType,
    CompanyProfile,
    Direction,
    Json,
)

ImportKind = Literal["customers", "messages", "events"]

_DELIMITER_WORDS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_SINGLE_ROLES = frozenset(ColumnRole) - {
    ColumnRole.FEATURE,
    ColumnRole.SENSITIVE,
    ColumnRole.ID,
    ColumnRole.IGNORE,
    ColumnRole.CONSENT,
}
_ROLE_TYPES = {
    ColumnRole.TENURE: ColumnType.NUMBER,
    ColumnRole.MONTHLY_REVENUE: ColumnType.NUMBER,
    ColumnRole.SIGNUP_DATE: ColumnType.DATE,
    ColumnRole.CANCEL_DATE: ColumnType.DATE,
    ColumnRole.RENEWAL_DATE: ColumnType.DATE,
    ColumnRole.CONSENT: ColumnType.BOOLEAN,
    ColumnRole.LABEL: ColumnType.TEXT,
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=10_000)


def _check_date_format(value: str | None) -> str | None:
    if value is not None and value not in DATE_STYLES and "%" not in value:
        raise ValueError(f"use one of {', '.join(DATE_STYLES)}, or a pattern such as %d.%m.%Y")
    return value


def _as_words(value: Any) -> Any:
    """A single word where a list of words is meant; numbers are words too."""
    if isinstance(value, bool):
        return (str(value).lower(),)
    if isinstance(value, str | int | float):
        return (str(value),)
    return tuple(_as_words(one)[0] for one in value) if isinstance(value, list | tuple) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_words)]


class SourceSettings(_Strict):
    """How the table is read; what is left out is found out from the file."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: Literal['"', "'", "none"] | None = None
    decimal: Literal[".", ","] = "."
    date_format: str = "iso"
    time_zone: str = "UTC"
    missing_values: Words = ()
    sheet: str | None = None
    url_env: str | None = None
    query: str | None = None

    _date_format = field_validator("date_format")(_check_date_format)

    @field_validator("delimiter")
    @classmethod
    def _one_sign(cls, value: str | None) -> str | None:
        sign = _DELIMITER_WORDS.get(value or "", value)
        if sign is not None and (len(sign) != 1 or sign in "\r\n\"'"):
            raise ValueError("use one sign, or comma, semicolon, tab, pipe")
        return sign

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("this is no time zone; write one such as Europe/Berlin") from error
        return value


class CellSettings(_Strict):
    """How the cells of one column are read; what is left out follows `source`."""

    type: ColumnType | None = None
    label: str | None = None
    decimal: Literal[".", ","] | None = None
    date_format: str | None = None
    missing_values: Words = ()
    true_values: Words = ()
    false_values: Words = ()
    strip_decimal: bool = False
    optional: bool = False

    _date_format = field_validator("date_format")(_check_date_format)


class CustomerColumn(CellSettings):
    """What a column of a customer table is for, and how its cells are read."""

    role: ColumnRole
    channel: Channel = Channel.EMAIL

    @property
    def cell_type(self) -> ColumnType:
        """The type as given, else the one that the role implies."""
        return self.type or _ROLE_TYPES.get(self.role, ColumnType.TEXT)


def _as_column(value: Any) -> Any:
    """The name of a column where its settings may stand."""
    return {"column": value} if isinstance(value, str) else value


class ColumnSource(CellSettings):
    """A field that comes from a column; `values` translates what stands there."""

    column: str
    values: Mapping[str, str] = Field(default_factory=dict)


class ValueSource(CellSettings):
    """A field that comes from a column or is the same in every row (`constant`)."""

    column: str | None = None
    constant: str | None = None
    values: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise ValueError("give either column or constant")
        return self


class AmountSource(CellSettings):
    """A number: a column, or the product of several columns."""

    column: str | None = None
    product: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if bool(self.column) == bool(self.product):
            raise ValueError("give either column or product")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are multiplied; one where nothing is."""
        return self.product or (self.column or "",)


class GeneratedId(_Strict):
    """Ids for a table that has none: `row-1` for its first row; the same on every import of the same file."""

    generate: Literal["row_number"]


Column = Annotated[ColumnSource, BeforeValidator(_as_column)]
Value = Annotated[ValueSource, BeforeValidator(_as_column)]
Amount = Annotated[AmountSource, BeforeValidator(_as_column)]


class KindRule(_Strict):
    """Rows for which the condition holds are events of this kind."""

    kind: str = Field(min_length=1)
    column: str
    equals: str | None = None
    one_of: Words | None = None
    starts_with: str | None = None
    ends_with: str | None = None
    contains: str | None = None
    less_than: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        conditions = ("equals", "one_of", "starts_with", "ends_with", "contains", "less_than", "at_least")
        if sum(getattr(self, name) is not None for name in conditions) != 1:
            raise ValueError(f"give exactly one of {', '.join(conditions)}")
        return self


class EventKind(CellSettings):
    """The kind of each event: the first rule that holds, a column's cell, or always the same."""

    rules: tuple[KindRule, ...] = ()
    otherwise: str | None = None
    column: str | None = None
    constant: str | None = None
    values: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum((bool(self.rules), self.column is not None, self.constant is not None)) != 1:
            raise ValueError("give rules (with otherwise), column, or constant")
        return self


class ChurnSettings(_Strict):
    """What counts as churn; `positive` and `negative` are the cells of the label column."""

    definition: ChurnDefinitionKind
    positive: Words = ()
    negative: Words = ()
    inactivity_days: int | None = Field(default=None, ge=1)
    activity_kinds: Words = ()
    churn_horizon_days: int = Field(default=90, ge=1, le=1096)
    lead_time_days: int = Field(default=0, ge=0, le=366)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.definition is ChurnDefinitionKind.INACTIVITY and self.inactivity_days is None:
            raise ValueError("inactivity needs inactivity_days")
        both = {word.casefold() for word in self.positive} & {word.casefold() for word in self.negative}
        if both:
            raise ValueError(f"{sorted(both)[0]!r} stands under positive and under negative")
        return self

    def as_definition(self) -> ChurnDefinition:
        """The definition in the words of the other layers."""
        return ChurnDefinition(
            kind=self.definition,
            inactivity_days=self.inactivity_days,
            activity_kinds=self.activity_kinds,
            churn_horizon_days=self.churn_horizon_days,
            lead_time_days=self.lead_time_days,
        )


class CompanySettings(_Strict):
    """Who writes to the customers; see `CompanyProfile`."""

    company: str
    website: str = ""
    support_email: str = ""
    support_phone: str = ""
    support_hours: str = ""
    postal_address: str = ""
    unsubscribe_url: str = ""
    cancel_path: str = ""
    currency: str | None = None
    products: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()

    def as_profile(self, currency: str | None) -> CompanyProfile:
        """The profile; the currency of the table where the company names none."""
        given = self.model_dump(exclude={"currency"})
        return CompanyProfile(**given, currency=self.currency or currency or "EUR")


_FIRST_KEYS = ("version", "kind", "source", "currency", "customer_id")
_LAST_KEYS = ("columns", "attributes", "churn", "company", "max_reject_share")


def _document_order(key: str) -> int:
    """How the document is read best: what it is, where from, the columns, then the rules."""
    if key in _FIRST_KEYS:
        return _FIRST_KEYS.index(key)
    return 100 + _LAST_KEYS.index(key) if key in _LAST_KEYS else 50


class _Base(_Strict):
    version: Literal[1]
    source: SourceSettings = SourceSettings()
    churn: ChurnSettings | None = None
    company: CompanySettings | None = None
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    max_reject_share: float = Field(default=0.05, ge=0, le=1)

    def as_document(self) -> Json:
        """The mapping as a JSON object without what is left at its default."""
        shown = self.model_dump(mode="json", exclude_defaults=True)
        return {key: shown[key] for key in sorted(shown, key=_document_order)}

    def sha256(self) -> str:
        """Hash of the document; two mappings that mean the same have the same."""
        canonical = json.dumps(self.as_document(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


class CustomersMapping(_Base):
    """A table with one row per customer."""

    kind: Literal["customers"]
    customer_id: GeneratedId | None = None
    columns: Mapping[str, CustomerColumn]
    defaults: Mapping[ColumnRole, str] = Field(default_factory=dict)
    life_event_reasons: Words = ()
    use_sensitive: bool | None = None

    @model_validator(mode="after")
    def _roles_fit(self) -> Self:
        found: dict[ColumnRole, str] = {}
        for name, column in self.columns.items():
            if column.role in _SINGLE_ROLES and column.role in found:
                raise ValueError(f"{found[column.role]!r} and {name!r} both have the role {column.role.value}")
            found[column.role] = name
        if (ColumnRole.CUSTOMER_ID in found) == (self.customer_id is not None):
            raise ValueError(
                "one column needs the role customer_id; for a table without ids "
                "write `customer_id: {generate: row_number}`"
            )
        self._churn_fits(found)
        return self

    def _churn_fits(self, found: Mapping[ColumnRole, str]) -> None:
        if self.churn is None:
            return
        needed = {
            ChurnDefinitionKind.LABEL: ColumnRole.LABEL,
            ChurnDefinitionKind.CANCEL_DATE: ColumnRole.CANCEL_DATE,
        }.get(self.churn.definition)
        if needed is not None and needed not in found:
            raise ValueError(f"churn by {self.churn.definition.value} needs a column with the role {needed.value}")
        if needed is ColumnRole.LABEL and not self.churn.positive:
            raise ValueError("churn by label needs `positive`: the cell that means churned")

    def column_of(self, role: ColumnRole) -> str | None:
        """The column with this role."""
        return next((name for name, column in self.columns.items() if column.role is role), None)


class EventsMapping(_Base):
    """A table with one row per event, such as the lines of invoices or a log of logins."""

    kind: Literal["events"]
    customer_id: Column
    event_kind: EventKind
    occurred_at: Column
    amount: Amount | None = None
    quantity: Amount | None = None
    reference: Column | None = None
    attributes: tuple[str, ...] = ()
    create_customers: bool = False
    new_customer: Mapping[Literal["country", "language", "timezone", "plan", "email"], Column] = Field(
        default_factory=dict
    )


class MessagesMapping(_Base):
    """A table with one row per message."""

    kind: Literal["messages"]
    customer_id: Column
    text: Column
    sent_at: Column
    message_id: Column | None = None
    direction: Value = ValueSource(constant=Direction.INBOUND.value)
    channel: Value = ValueSource(constant=Channel.EMAIL.value)
    rating: Column | None = None
    create_customers: bool = False


AnyMapping = CustomersMapping | EventsMapping | MessagesMapping

MAPPING_TYPES: Mapping[str, type[CustomersMapping] | type[EventsMapping] | type[MessagesMapping]] = {
    "customers": CustomersMapping,
    "events": EventsMapping,
    "messages": MessagesMapping,
}
