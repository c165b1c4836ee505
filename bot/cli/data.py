"""`mainstay import`: customers, messages and events from any table, through a mapping file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.cli.options import DryRunOption, JsonOption, StoreOption, YesOption, confirm, services
from bot.cli.output import ExitCode, progress_line, say, write_json, write_line
from db.errors import InputError

if TYPE_CHECKING:
    from bot.wiring import Services
    from db.importers.infer import Inference
    from db.importers.mapping import AnyMapping
    from db.importers.results import ImportResult
    from db.importers.rows import Table

ImportKind = Literal["customers", "messages", "events"]

FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="CSV, TSV, Excel or Parquet file, or a SQLAlchemy URL.")
]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", "-m", help="What the columns mean: a YAML file, or the name of a sample.")
]
InferOption = Annotated[bool, typer.Option("--infer", help="Propose the mapping from the data, with a reason each.")]
QueryOption = Annotated[str | None, typer.Option("--query", help="What to select, where FILE is a SQLAlchemy URL.")]
CurrencyOption = Annotated[str | None, typer.Option("--currency", help="Currency of the amounts, for --infer.")]
SaveOption = Annotated[
    Path | None, typer.Option("--save-mapping", help="Where --infer writes its mapping (default: beside you).")
]
RejectsOption = Annotated[Path, typer.Option("--rejects-in", help="Folder for the .rejects.csv file.")]


@dataclass(frozen=True, slots=True)
class Request:
    """One import as asked for on the command line."""

    kind: ImportKind
    file: str
    mapping: Path | None
    infer: bool
    query: str | None
    currency: str | None
    save_mapping: Path | None
    dry_run: bool
    yes: bool
    rejects_in: Path
    store: str | None
    json: bool


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="Import customers, messages or events from any table.", no_args_is_help=True)
    group.command("customers")(_command("customers", "Import a table with one row per customer."))
    group.command("messages")(_command("messages", "Import what customers wrote: e-mails, chats, tickets, reviews."))
    group.command("events")(_command("events", "Import dated acts: payments, purchases, usage, outages."))
    app.add_typer(group, name="import")


def _command(kind: ImportKind, words: str) -> Callable[..., None]:
    """The command for one kind; all kinds have the same flags."""

    def run(
        file: FileArgument,
        mapping: MappingOption = None,
        infer: InferOption = False,
        query: QueryOption = None,
        currency: CurrencyOption = None,
        save_mapping: SaveOption = None,
        dry_run: DryRunOption = False,
        yes: YesOption = False,
        rejects_in: RejectsOption = Path(),
        store: StoreOption = None,
        json: JsonOption = False,
    ) -> None:
        run_import(
            Request(kind, file, mapping, infer, query, currency, save_mapping, dry_run, yes, rejects_in, store, json)
        )

    run.__doc__ = words
    return run


def run_import(request: Request) -> None:
    """Read the table, settle what its columns mean, import it, and tell what came of each row."""
    if (request.mapping is None) == (not request.infer):
        raise InputError("Give either --mapping FILE or --infer.", hint="`--infer --dry-run` shows what it would do.")
    table, mapping, proposal = _opened(request)
    with services(request.store) as built:
        if not request.dry_run and proposal is not None and not confirm("Import with this mapping?", yes=request.yes):
            say(
                "Nothing was imported. Add --yes; or write the mapping with --dry-run --save-mapping FILE, mend it, "
                "and give it with --mapping."
            )
            raise typer.Exit(ExitCode.USAGE)
        result = _run(built, table, mapping, dry_run=request.dry_run, out_dir=request.rejects_in)
        notes = [*result.notes, *([] if request.dry_run else _after(built, request.kind))]
    wanted = not request.dry_run or request.save_mapping is not None
    saved = _save(proposal, request) if proposal is not None and wanted else None
    if request.json:
        write_json(_document(result, proposal, notes, dry_run=request.dry_run, saved=saved))
    else:
        _tell(result, notes, dry_run=request.dry_run, saved=saved)


def _opened(request: Request) -> "tuple[Table, AnyMapping, Inference | None]":
    from db.importers.infer import infer_mapping
    from db.importers.mapping import SourceSettings
    from db.importers.tables import open_table

    if request.mapping is not None:
        mapping = _load(request.mapping, request.kind)
        given = mapping.source.model_copy(update={"query": request.query}) if request.query else mapping.source
        return open_table(request.file, given), mapping, None
    table = open_table(request.file, SourceSettings(query=request.query) if request.query else None)
    currency = request.currency.upper() if request.currency else None
    proposal = infer_mapping(table, request.kind, currency=currency)
    _show_proposal(proposal)
    return table, proposal.mapping, proposal


def _load(path: Path, kind: ImportKind) -> "AnyMapping":
    from db.importers.mapping_files import load_mapping, load_sample, sample_names

    if path.exists() or str(path) not in sample_names():
        return load_mapping(path, kind=kind)
    sample = load_sample(str(path))
    if sample.kind != kind:
        raise InputError(
            f"The sample mapping {path} is for {sample.kind}.", hint=f"Run `mainstay import {sample.kind}` with it."
        )
    return sample


def _run(built: "Services", table: "Table", mapping: "AnyMapping", *, dry_run: bool, out_dir: Path) -> "ImportResult":
    from db.importers.results import ImportOptions
    from db.importers.run import import_table
    from db.repositories.contacts import address_hash

    with progress_line(f"import {mapping.kind}") as show:
        options = ImportOptions(
            now=built.clock(), out_dir=out_dir, dry_run=dry_run, progress=show, hash_identity=address_hash
        )
        return import_table(built.store, table, mapping, options)


def _after(built: "Services", kind: ImportKind) -> list[str]:
    """Old event data stop the store's clock at their end; otherwise everybody in them would look long gone."""
    from analytics.jobs.clock import stop_clock_at_data

    if kind != "events":
        return []
    stopped = stop_clock_at_data(built.store, built.clock().date())
    return [f"The data end before today, so the store's clock stands at {stopped:%d %B %Y}."] if stopped else []


def _show_proposal(proposal: "Inference") -> None:
    say(f"A mapping for {proposal.rows_seen:,} rows, proposed from the data:\n")
    say(proposal.as_yaml())
    for question in proposal.questions:
        say(f"to decide: {question}")


def _save(proposal: "Inference", request: Request) -> Path | None:
    """Write the proposed mapping beside the user, never over a file that was not named."""
    from db.importers.mapping_files import save_mapping

    name = request.kind if "://" in request.file else Path(request.file).stem
    target = request.save_mapping or Path(f"{name}.mapping.yaml")
    if request.save_mapping is None and target.exists():
        return None
    save_mapping(proposal.mapping, target, {one.column: one.reason for one in proposal.proposals})
    return target


def _document(
    result: "ImportResult", proposal: "Inference | None", notes: list[str], *, dry_run: bool, saved: Path | None
) -> dict[str, Any]:
    counts = result.counts
    return {
        "rows_in": counts.rows_in,
        "new": counts.new,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
        "dry_run": dry_run,
        "reject_codes": result.reject_codes,
        "rejects_path": result.rejects_path,
        "first_rejects": [
            {"line": row.line, "column": row.column, "code": row.code, "message": row.message}
            for row in result.first_rejects
        ],
        "mapping": result.mapping.as_document(),
        "mapping_path": saved,
        "reasons": {one.column: one.reason for one in proposal.proposals} if proposal else {},
        "questions": list(proposal.questions) if proposal else [],
        "notes": notes,
    }


def _tell(result: "ImportResult", notes: list[str], *, dry_run: bool, saved: Path | None) -> None:
    write_line(str(result.counts))
    for note in notes:
        say(f"note: {note}")
    for row in result.first_rejects[:5]:
        say(f"rejected line {row.line}, column {row.column!r}: {row.message} [{row.code}]")
    if result.rejects_path:
        say(f"All rejects: {result.rejects_path}")
    if saved:
        say(f"The mapping is saved as {saved}.")
    say("Nothing was changed (--dry-run)." if dry_run else "Next: `mainstay train`.")
