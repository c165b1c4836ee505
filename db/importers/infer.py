"""Proposing a mapping for a table nobody has described: the role of each column, and the reason in a sentence."""

from dataclasses import dataclass
from typing import Any

from db.errors import InputError
from db.importers.infer_customers import propose_customers
from db.importers.infer_rows import propose_events, propose_messages
from db.importers.mapping import AnyMapping, ImportKind
from db.importers.mapping_files import dump_mapping
from db.importers.profiles import ColumnProfile, profile_table
from db.importers.proposals import ColumnProposal
from db.importers.rows import Table
from db.vocabulary import ColumnType


@dataclass(frozen=True, slots=True)
class Inference:
    """A proposed mapping, why each column got its role, and what only the user can decide."""

    mapping: AnyMapping
    proposals: tuple[ColumnProposal, ...]
    questions: tuple[str, ...]
    rows_seen: int

    def as_yaml(self) -> str:
        """The mapping file, with the reason above each column and the questions at its head."""
        head = "".join(f"# TO DECIDE: {_one_line(question)}\n" for question in self.questions)
        return head + dump_mapping(self.mapping, {one.column: one.reason for one in self.proposals})


def infer_mapping(table: Table, kind: ImportKind, *, currency: str | None = None) -> Inference:
    """A mapping proposed from the first rows of the table (at most 20,000).

    Raises:
        InputError: the table has no rows, or has no column that could be the text, the customer or the time.
    """
    profiles, rows = profile_table(table)
    if not rows:
        raise InputError("there are no rows below the header.", path=table.name)
    build: dict[ImportKind, Any] = {
        "customers": propose_customers,
        "events": propose_events,
        "messages": propose_messages,
    }
    mapping, proposals, questions = build[kind](table, profiles, currency)
    odd = (_about_odd_cells(profile) for profile in profiles if profile.odd)
    return Inference(mapping, tuple(proposals), (*questions, *odd), rows)


def _about_odd_cells(profile: ColumnProfile) -> str:
    """What a few cells of another kind mean for their rows, and the two ways out."""
    count = sum(profile.counts[text] for text in profile.odd)
    kind = "numbers" if profile.type is ColumnType.NUMBER else "dates"
    shown = ", ".join(repr(text[:40]) for text in profile.odd[:3])
    return (
        f"{count:,} of {len(profile.filled):,} cells of {profile.name!r} are not {kind} ({shown}); where the column is "
        "used, their rows will be rejected. If they mean that nothing is known, list them under its `missing_values`; "
        "if the column is not one of " + kind + ", give it `type: text`."
    )


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
