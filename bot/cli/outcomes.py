"""`mainstay outcomes`: import what came of offers, observe who stayed, and show the effect against the holdout."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import DryRunOption, JsonOption, StoreOption, services
from bot.cli.output import ExitCode, say, write_json, write_line, write_table

HorizonOption = Annotated[int, typer.Option("--days", min=1, max=3650, help="Days after a decision that count.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="What came of the offers, and what the programme changed.", no_args_is_help=True)
    group.command("import")(import_file)
    group.command("observe")(observe)
    group.command("effect")(effect)
    app.add_typer(group, name="outcomes")


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Columns customer_id, kind, occurred_at; decision_id.")],
    store: StoreOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Import outcomes: accepted, declined, ignored, opened, clicked, retained, canceled."""
    from db.importers.outcomes import import_outcomes
    from db.importers.tables import open_table

    with services(store) as built:
        result = import_outcomes(built.store, open_table(file), dry_run=dry_run)
    if json:
        write_json({**result.as_json(), "dry_run": dry_run})
    else:
        write_line(str(result.counts))
        for bad in result.rejected:
            say(f"line {bad.line}, {bad.column}: {bad.message}")
        say("Nothing was kept (--dry-run)." if dry_run else "Next: `mainstay outcomes effect`.")
    if result.counts.rejected:
        raise typer.Exit(ExitCode.PARTIAL)


def observe(store: StoreOption = None, days: HorizonOption = 90, json: JsonOption = False) -> None:
    """Put on record who was still a customer so many days after the decision; import customers first."""
    from analytics.jobs.outcomes import observe as run

    with services(store) as built:
        found = run(built.store, built.now(), days)
    if json:
        write_json(found)
    else:
        write_line(f"{found['retained']:,} stayed, {found['canceled']:,} left, {found['pending']:,} are not due yet.")


def effect(store: StoreOption = None, days: HorizonOption = 90, json: JsonOption = False) -> None:
    """Compare treated and held-out customers: saves, revenue and re-churn, with 95 % intervals."""
    from analytics.jobs.outcomes import effect as run

    with services(store) as built:
        found = run(built.store, built.policy, built.now(), days)
    if json:
        write_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    write_line(
        f"Experiment {found['experiment']}, {found['horizon_days']} days after the decision: {found['followed']:,} "
        f"customers followed, {found['pending']:,} not due yet."
    )
    measured = found["effect"]
    if measured is None:
        say("Both sides need at least two customers who have been followed; nothing can be said yet.")
        return
    rows = [
        ("stayed, treated", f"{measured['treated_retained']:.1%}", f"of {measured['treated']:,}"),
        ("stayed, holdout", f"{measured['holdout_retained']:.1%}", f"of {measured['holdout']:,}"),
        _row("incremental save rate", measured["incremental_save_rate"], lambda value: f"{value * 100:+.1f} points"),
        _row("incremental saves", measured["incremental_saves"], lambda value: f"{value:+,.0f}"),
        _row("incremental revenue", measured["incremental_revenue"], lambda value: f"{value:+,.2f}"),
    ]
    write_table(["figure", "value", "95 % interval"], rows, right=[1])
    mde = measured["minimum_detectable_effect"]
    if mde is not None:
        write_line(f"A split of this size can be expected to show {mde * 100:.1f} points or more.")
    for row in found["rechurn"]:
        for side in ("saved", "holdout"):
            if row[side] is not None:
                one = row[side]
                write_line(
                    f"Left within {row['days']} days after that, {side}: {one['share']:.1%} of {one['customers']:,} "
                    f"({one['low']:.1%} to {one['high']:.1%})"
                )
    if found["split_is_suspect"]:
        say("The split differs from its plan by more than chance explains: find out why before believing any of this.")
    elif not measured["is_shown"]:
        say("The interval holds zero: it has not been shown that the programme keeps anybody.")


def _row(name: str, figures: dict[str, float], shown: Any) -> tuple[str, str, str]:
    return name, shown(figures["estimate"]), f"{shown(figures['low'])} to {shown(figures['high'])}"
