"""`mainstay tui`, `demo`, `init`, `doctor` and `config`: starting, looking around, setting up."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import JsonOption, SeedOption, StoreOption, services
from bot.cli.output import ExitCode, is_interactive, progress_line, say, write_json, write_line, write_table
from db.errors import InputError, MainstayError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("demo")(demo)
    app.command("tui")(tui)
    app.command("init")(init)
    app.command("doctor")(doctor)
    group = typer.Typer(help="Show the settings in force and where each comes from.", no_args_is_help=True)
    group.command("show")(show_config)
    group.command("path")(config_file)
    group.command("validate")(validate_config)
    group.command("keys")(keys)
    app.add_typer(group, name="config")


def open_tui(store: str | None) -> None:
    """Open the terminal UI; everything slow is loaded behind its first paint."""
    from bot.tui.app import run_app

    run_app(store)


def tui(store: StoreOption = None) -> None:
    """Open the terminal UI."""
    if not is_interactive():
        raise InputError("The terminal UI needs a terminal.", hint="Every screen has a command; see `mainstay --help`.")
    open_tui(store)


def demo(
    store: StoreOption = None,
    customers: Annotated[int, typer.Option("--customers", min=50, max=1_000_000, help="How many customers.")] = 2_000,
    seed: SeedOption = 7,
    no_tui: Annotated[bool, typer.Option("--no-tui", help="Print a summary instead of opening the UI.")] = False,
    json: JsonOption = False,
) -> None:
    """Fill a store with the demo company, forecast, decide, draft and report; then open the terminal UI."""
    from bot.cli.tour import run_demo

    with services(store) as built:
        location = store or str(built.settings.home / "demo.db")
    with services(location) as built, progress_line("demo") as show:
        summary = run_demo(built, customers=customers, seed=seed, progress=show)
    if json:
        write_json(summary.document)
    elif no_tui or not is_interactive():
        for line in summary.lines:
            write_line(line)
    else:
        open_tui(location)


def init(
    store: StoreOption = None,
    company: Annotated[str, typer.Option("--company", help="Name that letters are written in.")] = "",
    website: Annotated[str, typer.Option("--website")] = "",
    support_email: Annotated[str, typer.Option("--support-email", help="Address that letters come from.")] = "",
    support_phone: Annotated[str, typer.Option("--support-phone")] = "",
    support_hours: Annotated[str, typer.Option("--support-hours")] = "",
    postal_address: Annotated[str, typer.Option("--postal-address")] = "",
    unsubscribe_url: Annotated[str, typer.Option("--unsubscribe-url", help="An https address.")] = "",
    cancel_path: Annotated[str, typer.Option("--cancel-path", help="How a customer cancels.")] = "",
    currency: Annotated[str, typer.Option("--currency", help="Such as EUR.")] = "",
    json: JsonOption = False,
) -> None:
    """Make an empty store, or tell a store who writes to its customers."""
    from dataclasses import asdict, replace

    from bot.settings import without_password
    from db.repositories.settings import SettingsRepository
    from db.vocabulary import CompanyProfile

    given = {
        "company": company,
        "website": website,
        "support_email": support_email,
        "support_phone": support_phone,
        "support_hours": support_hours,
        "postal_address": postal_address,
        "unsubscribe_url": unsubscribe_url,
        "cancel_path": cancel_path,
        "currency": currency.upper(),
    }
    with services(store) as built, built.store.write() as session:
        settings = SettingsRepository(session)
        filled: dict[str, Any] = {name: value for name, value in given.items() if value}
        _check_company(filled)
        profile = replace(settings.company() or CompanyProfile(company=""), **filled)
        if filled:
            settings.set_company(profile)
        location = without_password(built.settings.store_location)
    if json:
        write_json({"store": location, "company": asdict(profile)})
    else:
        say(f"The store is at {location}.")
        say(f"Letters are written by {profile.company}." if profile.company else "Say who writes with --company NAME.")


def _check_company(filled: dict[str, Any]) -> None:
    """Refuse what letters could not carry: an address, link or currency that is none."""
    from bot.outreach.messages import address_of, is_https

    if "support_email" in filled:
        try:
            address_of("", filled["support_email"])
        except InputError as error:
            raise InputError(
                f"--support-email {filled['support_email']!r} is not an e-mail address.", hint=""
            ) from error
    if "unsubscribe_url" in filled and not is_https(filled["unsubscribe_url"]):
        raise InputError(f"--unsubscribe-url {filled['unsubscribe_url']!r} is not an https address.", hint="")
    if "currency" in filled and not re.fullmatch("[A-Z]{3}", filled["currency"]):
        raise InputError(f"--currency {filled['currency']!r} is not a three-letter code such as EUR.", hint="")


def doctor(store: StoreOption = None, json: JsonOption = False) -> None:
    """Check the machine, the settings and the store, and say what to do about each finding."""
    from bot.cli.doctor import examine

    with services(store) as built:
        findings = examine(built)
    healthy = all(finding.state != "bad" for finding in findings)
    if json:
        write_json({"healthy": healthy, "findings": [finding.as_json() for finding in findings]})
    else:
        marks = {"good": "ok", "note": "note", "bad": "BAD"}
        write_table(["", "what", "found"], [(marks[item.state], item.what, item.found) for item in findings])
        for finding in findings:
            if finding.mend:
                say(f"{finding.what}: {finding.mend}")
    if not healthy:
        raise typer.Exit(ExitCode.FAILED)


def show_config(store: StoreOption = None, json: JsonOption = False) -> None:
    """Print each setting with its value and origin."""
    from bot.settings import load_settings, origins

    found = origins(load_settings(store=store))
    if json:
        write_json({name: {"value": str(value), "origin": origin} for name, (value, origin) in found.items()})
    else:
        write_table(["setting", "value", "from"], [(name, *pair) for name, pair in found.items()])


def keys(json: JsonOption = False) -> None:
    """Name the actions of the terminal UI with their keys; `[keys]` in the configuration file gives them others."""
    from bot.settings import load_settings
    from bot.tui.keys import all_keys

    changed = load_settings().keys
    found = {name: changed.get(name, key) for name, key in all_keys().items()}
    if json:
        write_json(found)
    else:
        rows = [(name, key, "changed" if name in changed else "") for name, key in found.items()]
        write_table(["action", "keys", ""], rows)


def config_file() -> None:
    """Print where the configuration file is, whether it exists or not."""
    from bot.settings import config_path

    write_line(str(config_path()))


def validate_config() -> None:
    """Check the configuration file."""
    from bot.settings import config_path, load_settings

    path: Path = config_path()
    try:
        load_settings()
    except MainstayError:
        say(f"Checked {path}.")
        raise
    say(f"{path} is fine." if path.exists() else f"There is no {path}; all settings have their defaults.")
