"""What an import takes and gives: its options, its result, the rows it sorted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from db.importers.mapping import AnyMapping
from db.importers.rows import BadRow
from db.vocabulary import Progress, ReconciledCounts


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import. `now` is the instant written as the time of change (with a time zone).

    `hash_identity` turns an e-mail address or a customer id into the keyed hash under which erased customers are
    remembered; without it no row is refused as erased.
    """

    now: datetime
    out_dir: Path = Path()
    dry_run: bool = False
    progress: Callable[[Progress], None] | None = None
    hash_identity: Callable[[str], bytes] | None = None
    chunk_rows: int = 2_000


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; `batch_id` and `rejects_path` are None after a dry run."""

    counts: ReconciledCounts
    rejects_path: Path | None
    first_rejects: tuple[BadRow, ...]
    reject_codes: dict[str, int]
    mapping: AnyMapping
    batch_id: int | None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Running counts of a pass; `frozen()` checks that they add up."""

    rows_in: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    extra: dict[str, int] = field(default_factory=dict)

    def frozen(self) -> ReconciledCounts:
        """The counts, reconciled."""
        return ReconciledCounts(self.rows_in, self.new, self.updated, self.unchanged, self.rejected)
