"""`mainstay customers`: the list, who asked to be forgotten, and forgetting them."""

from typing import Annotated

import typer

from bot.cli.listing import list_customers
from bot.cli.options import JsonOption, StoreOption, YesOption, confirm, services
from bot.cli.output import ExitCode, say, write_json, write_line, write_table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="List customers; forget one, and see who asked for it.", no_args_is_help=True)
    group.command("list")(list_customers)
    group.command("erase")(erase)
    group.command("requests")(requests)
    app.add_typer(group, name="customers")


def erase(
    customer: Annotated[str, typer.Argument(metavar="ID", help="The customer to forget.")],
    store: StoreOption = None,
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Forget a customer for good: words, names and addresses go, counts stay, and nobody contacts them again."""
    from bot.erasing import erase as run
    from db.queries.customers import customer_detail

    with services(store) as built:
        with built.store.read() as session:
            customer_detail(session, customer)
        question = f"Erase everything personal of customer {customer}? This cannot be undone."
        if not confirm(question, yes=yes):
            say("Nothing was erased. Without a terminal, say so with --yes.")
            raise typer.Exit(ExitCode.FAILED)
        receipt = run(built, customer)
    if json:
        write_json(receipt.as_json())
        return
    done = receipt.erasure
    rows = [(name.replace("_", " "), count) for name, count in done.as_json().items() if name != "pseudonym"]
    write_table(["erased", "rows"], rows, right=[1])
    write_line(f"The customer is now {done.pseudonym}: nobody contacts them again, and no import brings them back.")
    say("Files that were exported earlier, logs, and the customer's record elsewhere are not touched.")
    for path in receipt.masked:
        say(f"The customer was masked in {path}")
    for path in receipt.left:
        say(f"This file still names the customer; erase it yourself when its job has ended: {path}")
    for path in receipt.copies:
        say(f"This copy of the store still holds the customer: {path}")


def requests(store: StoreOption = None, json: JsonOption = False) -> None:
    """List the customers who asked to be forgotten and have not been yet, oldest first."""
    from db.erasure import erasure_requests

    with services(store) as built, built.store.read() as session:
        found = erasure_requests(session)
    if json:
        write_json([{"customer_id": one.customer_id, "asked_at": one.asked_at, "from": one.subject} for one in found])
        return
    write_table(
        ["customer", "asked", "in"], [(one.customer_id, f"{one.asked_at:%Y-%m-%d}", one.subject) for one in found]
    )
    if found:
        say("Next: `mainstay customers erase ID`.")
