"""One proposed column: its role, how its cells are read, and why; with what the proposals of all kinds share."""

from dataclasses import dataclass
from typing import Any

from db.importers.delimited import DelimitedTable
from db.importers.mapping import CustomerColumn, SourceSettings
from db.importers.profiles import ColumnProfile, file_decimal
from db.importers.rows import Table
from db.vocabulary import ColumnRole, ColumnType


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """What a column seems to be for, and why, in a sentence."""

    column: str
    role: ColumnRole
    type: ColumnType
    reason: str


def source_settings(table: Table, profiles: list[ColumnProfile]) -> SourceSettings:
    """How the table was read, written down so that the next import reads it in the same way."""
    if not isinstance(table, DelimitedTable):
        return SourceSettings(date_format=_commonest_style(profiles))
    encoding = table.decision.encoding
    return SourceSettings(
        encoding=None if encoding in {"utf-8", "utf-8-sig"} else encoding,
        delimiter=table.delimiter,
        decimal="," if file_decimal(profiles, table.delimiter) == "," else ".",
        date_format=_commonest_style(profiles),
    )


def cell_settings(profile: ColumnProfile, source: SourceSettings) -> dict[str, Any]:
    """What a column needs to be read beyond what the source says; only what differs from it."""
    settings: dict[str, Any] = {}
    if profile.missing_values:
        settings["missing_values"] = profile.missing_values
    if profile.type is ColumnType.NUMBER and profile.decimal not in {None, source.decimal}:
        settings["decimal"] = profile.decimal
    if profile.type is ColumnType.DATE:
        style = date_style(profile, source)
        if style not in {None, source.date_format}:
            settings["date_format"] = style
    return settings


def date_style(profile: ColumnProfile, source: SourceSettings) -> str | None:
    """The style of a date column; None where day and month cannot be told apart by anything in the file."""
    if len(profile.date_styles) == 1:
        return profile.date_styles[0]
    return source.date_format if source.date_format in profile.date_styles else None


def ambiguous_date(profile: ColumnProfile) -> str:
    """The question to ask about a date column that can be read in two ways."""
    example = profile.filled[0]
    return (
        f"Column {profile.name!r}: is {example!r} day first or month first? Nothing in the file decides; "
        "write date_format: day-first or month-first for the column and give it its role."
    )


def settled(profile: ColumnProfile, role: ColumnRole, source: SourceSettings, **more: Any) -> CustomerColumn:
    """The column with its role, its type and what its cells need."""
    given = {**cell_settings(profile, source), **more}
    kind = given.pop("type", profile.type)
    return CustomerColumn(role=role, type=kind, **given)


def _commonest_style(profiles: list[ColumnProfile]) -> str:
    """The style that decides the ambiguous columns: one that at least one column proves."""
    proven = [one.date_styles[0] for one in profiles if one.type is ColumnType.DATE and len(one.date_styles) == 1]
    return max(sorted(set(proven)), key=proven.count) if proven else "iso"
