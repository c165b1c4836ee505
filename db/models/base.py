"""What all tables share: their parent with its naming of constraints, instants in UTC, and money as whole numbers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    Enum,
    LargeBinary,
    MetaData,
    types,
)
from sqlalchemy.orm import DeclarativeBase

from db.vocabulary import (
    Arm,
    Channel,
    ChurnKind,
    ConsentStatus,
    ConversationState,
    CustomerStatus,
    Direction,
    DraftState,
    GuardOutcome,
    HandoffOutcome,
    HandoffState,
    JobState,
    Json,
    OfferType,
    OutcomeKind,
    RiskBand,
    SuppressionReason,
    Verdict,
)

APPLICATION_ID = 0x6D737479
"""Marks a SQLite file as a mainstay store ("msty")."""

MONEY_SCALE = 10_000

E = TypeVar("E", bound=StrEnum)


class UTCDateTime(types.TypeDecorator[datetime]):
    """An instant; SQLite forgets time zones, so UTC goes in and UTC comes out. Naive values are refused."""

    impl = types.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """A time zone aware column where the database has one."""
        return dialect.type_descriptor(types.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, without its zone where the database cannot keep one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant with its zone."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Money(types.TypeDecorator[float]):
    """An amount in a currency's main unit, stored as whole ten-thousandths so that sums are exact."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> int | None:
        """Whole ten-thousandths."""
        return None if value is None else round(value * MONEY_SCALE)

    def process_result_value(self, value: int | None, dialect: Dialect) -> float | None:
        """The amount in the main unit."""
        return None if value is None else value / MONEY_SCALE


def _enum(kind: type[E]) -> Enum:
    values: Callable[[Any], list[str]] = lambda members: [member.value for member in members]  # noqa: E731
    return Enum(kind, values_callable=values, native_enum=False, length=24, create_constraint=False)


class Base(DeclarativeBase):
    """The parent of all tables; names every constraint so that migrations can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UTCDateTime(),
        date: types.Date(),
        Json: JSON(),
        list[Any]: JSON(),
        str: types.Text(),
        bytes: LargeBinary(),
        CustomerStatus: _enum(CustomerStatus),
        ChurnKind: _enum(ChurnKind),
        Channel: _enum(Channel),
        Direction: _enum(Direction),
        OfferType: _enum(OfferType),
        Arm: _enum(Arm),
        DraftState: _enum(DraftState),
        Verdict: _enum(Verdict),
        GuardOutcome: _enum(GuardOutcome),
        JobState: _enum(JobState),
        HandoffState: _enum(HandoffState),
        HandoffOutcome: _enum(HandoffOutcome),
        ConversationState: _enum(ConversationState),
        SuppressionReason: _enum(SuppressionReason),
        ConsentStatus: _enum(ConsentStatus),
        OutcomeKind: _enum(OutcomeKind),
        RiskBand: _enum(RiskBand),
    }
