"""`mainstay db`: where the store is, whether it is whole, copies of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import JsonOption, StoreOption, services
from bot.cli.output import ExitCode, say, write_json, write_line, write_table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="Look after the store: path, check, backup, upgrade.", no_args_is_help=True)
    group.command("path")(path)
    group.command("check")(check)
    group.command("backup")(backup)
    group.command("upgrade")(upgrade)
    app.add_typer(group, name="db")


def path(store: StoreOption = None) -> None:
    """Print where the store is."""
    from bot.settings import load_settings, without_password

    write_line(without_password(load_settings(store=store).store_location))


def check(store: StoreOption = None, json: JsonOption = False) -> None:
    """Look for damage and broken references, and count rows. Changes nothing."""
    from db.maintenance import check_store

    with services(store) as built:
        report = check_store(built.store)
    if json:
        write_json(asdict(report))
    else:
        write_line(f"{report.location} ({report.database}, schema {report.schema})")
        write_table(["table", "rows"], [(name, f"{count:,}") for name, count in report.rows.items()], right=[1])
        for problem in report.problems:
            say(f"damaged: {problem}")
        say("The store is whole." if report.healthy else "The store is damaged; restore the newest backup.")
    if not report.healthy:
        raise typer.Exit(ExitCode.FAILED)


def backup(
    store: StoreOption = None,
    to: Annotated[Path | None, typer.Option("--to", help="Where the copy goes; beside the store by default.")] = None,
    json: JsonOption = False,
) -> None:
    """Copy the store as it stands, also while others write to it."""
    from db.maintenance import backup as copy
    from db.maintenance import backup_path

    with services(store) as built:
        target = to or backup_path(built.store, built.clock())
        customers = copy(built.store, target)
    if json:
        write_json({"path": target, "customers": customers})
    else:
        write_line(str(target))
        say(f"Copied and checked; the copy holds {customers:,} customers.")


def upgrade(store: StoreOption = None, json: JsonOption = False) -> None:
    """Bring the store to the newest schema; opening it does the same, with a backup before any change."""
    from bot.settings import without_password
    from db.maintenance import SCHEMA

    with services(store) as built:
        location = str(built.store.path or without_password(built.settings.store_location))
    if json:
        write_json({"store": location, "schema": SCHEMA})
    else:
        say(f"The store stands at schema {SCHEMA}.")
