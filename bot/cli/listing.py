"""`mainstay today`, `customers list`, `audiences` and `notes`: what the first screens show, as lines, JSON or CSV."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import JsonOption, OutOption, StoreOption, WhereOption, services
from bot.cli.output import say, write_json, write_line, write_table
from db.errors import InputError

if TYPE_CHECKING:
    from db.queries.customers import CustomerOrder


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("today")(today)
    saved = typer.Typer(help="Audiences saved by name, for lists and --where.", no_args_is_help=True)
    for name, command in (("list", list_audiences), ("save", save_audience), ("remove", remove_audience)):
        saved.command(name)(command)
    app.add_typer(saved, name="audiences")
    noted = typer.Typer(help="Notes on customers.", no_args_is_help=True)
    noted.command("add")(add_note)
    noted.command("list")(list_notes)
    app.add_typer(noted, name="notes")


def today(store: StoreOption = None, json: JsonOption = False) -> None:
    """Say what is at stake today and what waits to be done."""
    from bot.today import today as read

    with services(store) as built:
        found = read(built)
    if json:
        write_json(found.as_json())
        return
    for line in found.lines():
        write_line(line)


def list_customers(
    store: StoreOption = None,
    where: WhereOption = "",
    search: Annotated[str, typer.Option("--search", help="Words in the id, name, e-mail or plan.")] = "",
    sort: Annotated[str, typer.Option("--sort", help="A column, such as revenue_at_risk or name.")] = "revenue_at_risk",
    rising: Annotated[bool, typer.Option("--rising", help="The smallest first.")] = False,
    with_churned: Annotated[bool, typer.Option("--with-churned", help="Also those who left.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")] = None,
    output: OutOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
    json: JsonOption = False,
) -> None:
    """Write the list of customers as CSV, to stdout or with -o to a file; no cell is a formula."""
    from bot.listing import COLUMNS, csv_lines, listed, write_customers
    from db.queries.audience import check_fields
    from db.queries.customers import CustomerFilter, customer_keys
    from db.queries.reporting import main_reader

    with services(store) as built:
        with built.store.read() as session:
            check_fields(session, where)
            wanted = CustomerFilter(search, None, where, with_churned)
            keys = customer_keys(session, wanted, _order(sort), descending=not rising, limit=limit)
            model = main_reader(session)
        if json:
            parts = listed(built, keys, reading_model=model)
            write_json([{name: getattr(row, name) for name in COLUMNS} for rows in parts for row in rows])
            return
        if output is None:
            for piece in csv_lines(built, keys, reading_model=model):
                for line in piece.split("\r\n")[:-1]:
                    write_line(line)
            return
        path = write_customers(built, keys, output, reading_model=model, overwrite=overwrite)
    write_line(str(path))
    say(f"{len(keys):,} customers. The file holds names: keep it safe.")


def list_audiences(store: StoreOption = None, json: JsonOption = False) -> None:
    """List the saved audiences."""
    from db.repositories.audiences import AudienceRepository

    with services(store) as built, built.store.read() as session:
        found = AudienceRepository(session).all()
    if json:
        write_json(found)
    else:
        write_table(["audience", "condition"], list(found.items()))


def save_audience(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    where: Annotated[str, typer.Argument(metavar="CONDITION", help="Such as 'risk_band = high and mood = negative'.")],
    store: StoreOption = None,
) -> None:
    """Save a condition under a name, in place of the one that had it."""
    from db.queries.audience import check_fields, parse_audience
    from db.repositories.audiences import AudienceRepository

    with services(store) as built, built.store.write() as session:
        parse_audience(where)
        check_fields(session, where)
        AudienceRepository(session).save(name, where)
    write_line(name)


def remove_audience(name: Annotated[str, typer.Argument(metavar="NAME")], store: StoreOption = None) -> None:
    """Remove a saved audience."""
    from db.repositories.audiences import AudienceRepository

    with services(store) as built, built.store.write() as session:
        AudienceRepository(session).remove(name)
    say(f"{name} is removed.")


def add_note(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER")],
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    store: StoreOption = None,
) -> None:
    """Note something of a customer, for everybody who works with this store."""
    from db.repositories.contacts import ContactRepository

    with services(store) as built, built.store.write() as session:
        ContactRepository(session).note(customer, text, built.settings.actor, built.now())
    say("Noted.")


def list_notes(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER")], store: StoreOption = None, json: JsonOption = False
) -> None:
    """List the notes on a customer, newest first."""
    from db.repositories.contacts import ContactRepository

    with services(store) as built, built.store.read() as session:
        found = ContactRepository(session).notes(customer)
    if json:
        write_json([{"at": at, "actor": actor, "text": text} for at, actor, text in found])
        return
    for at, actor, text in found:
        write_line(f"{at:%Y-%m-%d} {actor}: {text}")


def _order(name: str) -> "CustomerOrder":
    from db.queries.customers import CustomerOrder

    if name not in set(CustomerOrder):
        raise InputError(f"Customers cannot be sorted by {name!r}.", hint=f"Columns are {', '.join(CustomerOrder)}.")
    return CustomerOrder(name)
