"""`mainstay segments`: saved audiences, risk x value tiers, and groups found in the data."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import JsonOption, SeedOption, StoreOption, services
from bot.cli.output import say, write_json, write_line, write_table
from db.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="Who belongs together: rules saved by name, tiers, groups.", no_args_is_help=True)
    group.command("show")(show)
    group.command("save")(save)
    app.add_typer(group, name="segments")


def show(
    store: StoreOption = None,
    refit: Annotated[bool, typer.Option("--refit", help="Find the groups again in today's customers.")] = False,
    seed: SeedOption = 0,
    json: JsonOption = False,
) -> None:
    """Show audiences, tiers and groups of the scored customers, and how they respond to offers where that is known."""
    from analytics.jobs.segments import segments

    with services(store) as built:
        report = segments(built.store, refit=refit, seed=seed)
    if json:
        write_json(report.as_json())
        return
    for title, rows in (("audience", report.audiences), ("tier", report.tiers), ("group", report.groups)):
        if rows:
            write_table([title, "customers", "leave", "revenue at risk"], [_row(row) for row in rows], right=[1, 2, 3])
            write_line("")
    if report.responses:
        headers = ["response to an offer", "customers", "leave", "revenue at risk", "value", "an offer keeps"]
        write_table(headers, [_response(row) for row in report.responses], right=[1, 2, 3, 4, 5])
        for row in report.responses:
            write_line(f"{_words(row['name'])}: {row['meaning']}.")
        write_line("")
    if report.stability is not None:
        say(f"Two halves of the customers agree on the groups to {report.stability:.2f} (1 is wholly, 0 is by chance).")


def save(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML: name, and a condition as in offers.yaml.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Save a rule audience by its name."""
    from analytics.decisions.documents import read_document
    from analytics.jobs.segments import save_audience

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"it cannot be read: {error}", path=file) from error
    document = read_document(text, file.name).data
    with services(store) as built:
        size = save_audience(built.store, document)
    if json:
        write_json({"name": document["name"], "customers": size})
    else:
        write_line(f"{document['name']}: {size:,} customers")


def _row(row: dict[str, Any]) -> tuple[str, str, str, str]:
    risk = row["mean_churn_probability"]
    shown = "-" if risk is None else f"{risk:.0%}"
    return row["name"], f"{row['customers']:,}", shown, f"{row['revenue_at_risk']:,.2f}"


def _response(row: dict[str, Any]) -> tuple[str, ...]:
    _, *rest = _row(row)
    return _words(row["name"]), *rest, f"{row['residual_value']:,.2f}", f"{row['kept_by_an_offer']:+,.1f}"


def _words(kind: str) -> str:
    return kind.replace("_", " ")
