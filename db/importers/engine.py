"""The two passes of every import: check all rows first, then write them in short transactions.

The first pass writes nothing: it counts, and collects the rows that must be refused. When they are too many the import
stops there, so that a wrong mapping changes nothing. The second pass repeats the reading and commits chunk by chunk
with a pause in between, so that other users of the store can write meanwhile. An import that is cut off in the second
pass is finished by running it again: what is in the store already counts as unchanged.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import rarer_collections
from db.errors import TooManyRejectsError
from db.importers.mapping import AnyMapping
from db.importers.rejects import RejectFile
from db.importers.results import ImportOptions, ImportResult, Tally
from db.importers.rows import BadRow, Row, Table
from db.models import ImportBatch, MappingFile
from db.repositories.settings import SettingsRepository
from db.session import BULK_PAUSE_SECONDS, Store
from db.vocabulary import Progress

R = TypeVar("R")
C = TypeVar("C")


@dataclass(slots=True)
class Sorted(Generic[C]):
    """The records of a chunk by what must be done with them; `unchanged` only needs counting."""

    new: list[C] = field(default_factory=list)
    updated: list[C] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[BadRow] = field(default_factory=list)


class Stage(Protocol[R, C]):
    """One pass over a table: it remembers what the pass has seen so far, so every pass gets a fresh one."""

    def convert(self, row: Row, number: int) -> R | BadRow:
        """The record that a row describes, or why it is refused; `number` counts the rows from one."""

    def sort(self, session: Session, records: list[R]) -> Sorted[C]:
        """Compare the records of a chunk with the store and with the rows before them."""

    def write(self, session: Session, chunk: Sorted[C]) -> None:
        """Put the new and the changed ones into the store."""

    def notes(self) -> tuple[str, ...]:
        """What the user should know about this pass."""


def run_import(
    store: Store,
    table: Table,
    mapping: AnyMapping,
    new_stage: Callable[[int | None, bool], Stage[R, C]],
    options: ImportOptions,
) -> ImportResult:
    """Import a table; `new_stage` makes a fresh stage for each pass.

    It is given the id of the mapping (None where nothing will be written) and whether rows must be compared with the
    store; a first pass that is followed by a second only has to find the rows that are refused.

    Raises:
        TooManyRejectsError: more rows are refused than the mapping allows; the store is as it was.
        InputError: the table cannot be read to its end.
        StoreError: the store cannot be written.
    """
    with rarer_collections():
        return _run(store, table, mapping, new_stage, options)


def _run(
    store: Store,
    table: Table,
    mapping: AnyMapping,
    new_stage: Callable[[int | None, bool], Stage[R, C]],
    options: ImportOptions,
) -> ImportResult:
    with RejectFile(table.name, options.out_dir, write=not options.dry_run) as rejects:
        dry = new_stage(None, options.dry_run)
        tally = _check(store, table, dry, options, rejects)
        if not options.dry_run:
            _stop_if_too_many(table, mapping, tally, rejects)
    first, codes, path = tuple(rejects.first), dict(rejects.codes), rejects.path
    notes = (*table.notes, *dry.notes())
    if options.dry_run:
        return ImportResult(tally.frozen(), None, first, codes, mapping, None, notes)
    batch_id, mapping_id = _begin(store, table, mapping, options)
    final = _write(store, table, new_stage(mapping_id, True), options, tally.rows_in)
    _finish(store, batch_id, final, options)
    if (final.rows_in, final.rejected) != (tally.rows_in, tally.rejected):
        notes = (*notes, "The table or the store changed during the import; import the table again to be sure.")
    return ImportResult(final.frozen(), path, first, codes, mapping, batch_id, notes)


def _check(store: Store, table: Table, stage: Stage[R, C], options: ImportOptions, rejects: RejectFile) -> Tally:
    tally = Tally()
    for records, bad in _chunks(table, stage, options.chunk_rows):
        with store.read() as session:
            found = stage.sort(session, records)
        refused = sorted([*bad, *found.rejected], key=lambda row: row.line)
        for row in refused:
            rejects.add(row)
        _count(tally, found, len(records) + len(bad), len(refused))
        _tell(options, "check", tally.rows_in, table.lines)
    return tally


def _write(store: Store, table: Table, stage: Stage[R, C], options: ImportOptions, total: int) -> Tally:
    tally = Tally()
    for records, bad in _chunks(table, stage, options.chunk_rows):
        with store.write() as session:
            found = stage.sort(session, records)
            stage.write(session, found)
        # SQLite's lock is not fair: without a pause an open terminal UI would wait for seconds.
        time.sleep(BULK_PAUSE_SECONDS)
        _count(tally, found, len(records) + len(bad), len(bad) + len(found.rejected))
        _tell(options, "write", tally.rows_in, total)
    return tally


def _chunks(table: Table, stage: Stage[R, C], size: int) -> Iterator[tuple[list[R], list[BadRow]]]:
    records: list[R] = []
    bad: list[BadRow] = []
    convert = stage.convert
    for number, row in enumerate(table.rows(), 1):
        record = convert(row, number) if isinstance(row, Row) else row
        if isinstance(record, BadRow):
            bad.append(record)
        else:
            records.append(record)
        if len(records) + len(bad) >= size:
            yield records, bad
            records, bad = [], []
    if records or bad:
        yield records, bad


def _count(tally: Tally, found: Sorted[C], rows: int, refused: int) -> None:
    tally.rows_in += rows
    tally.new += len(found.new)
    tally.updated += len(found.updated)
    tally.unchanged += found.unchanged
    tally.rejected += refused


def _stop_if_too_many(table: Table, mapping: AnyMapping, tally: Tally, rejects: RejectFile) -> None:
    if tally.rejected <= mapping.max_reject_share * tally.rows_in:
        return
    reasons = ", ".join(f"{code} {count:,}" for code, count in sorted(rejects.codes.items(), key=lambda one: -one[1]))
    first = rejects.first[0]
    raise TooManyRejectsError(
        f"{tally.rejected:,} of {tally.rows_in:,} rows are refused ({reasons}); at most "
        f"{mapping.max_reject_share:.0%} may be. The first: line {first.line}: {first.message} Nothing was imported.",
        path=table.name,
    )


def _begin(store: Store, table: Table, mapping: AnyMapping, options: ImportOptions) -> tuple[int, int]:
    """Note the mapping and the batch, and what the mapping says of the company and of churn."""
    with store.write() as session:
        sha = mapping.sha256()
        used = session.scalars(select(MappingFile).where(MappingFile.sha256 == sha)).one_or_none()
        if used is None:
            used = MappingFile(kind=mapping.kind, sha256=sha, document=mapping.as_document(), first_used_at=options.now)
            session.add(used)
            session.flush()
        batch = ImportBatch(mapping_id=used.id, kind=mapping.kind, source=table.name, started_at=options.now)
        session.add(batch)
        settings = SettingsRepository(session)
        if mapping.churn is not None:
            settings.set_churn_definition(mapping.churn.as_definition())
        if mapping.company is not None:
            settings.set_company(mapping.company.as_profile(mapping.currency))
        session.flush()
        return batch.id, used.id


def _finish(store: Store, batch_id: int, tally: Tally, options: ImportOptions) -> None:
    counts = tally.frozen()
    with store.write() as session:
        batch = session.get_one(ImportBatch, batch_id)
        batch.rows_in, batch.rows_new, batch.rows_updated = counts.rows_in, counts.new, counts.updated
        batch.rows_unchanged, batch.rows_rejected = counts.unchanged, counts.rejected
        batch.finished_at = options.now


def _tell(options: ImportOptions, stage: str, done: int, total: int | None) -> None:
    if options.progress is not None:
        options.progress(Progress(stage, done, None if total is None else max(total, done)))
