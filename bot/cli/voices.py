"""`mainstay voices`: what customers complain about and praise, this month against last, and what stands behind it."""

import textwrap
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.options import MODEL_HELP, WRITERS_HELP, JsonOption, SeedOption, StoreOption, services
from bot.cli.output import progress_line, say, write_json, write_line, write_table
from db.errors import NotFoundError

if TYPE_CHECKING:
    from analytics.reports.voices import SideVoice, TopicVoice, Voices
    from bot.voices import VoicesReport
    from bot.wiring import Services

FormName = Literal["text", "json"]
WIDTH = 100
TOPICS_SHOWN = 12
TRENDS = {"up": "rose", "down": "fell", "steady": "no clear change", "unknown": "not known"}
COMPARED = {"higher": "more than others", "lower": "fewer than others"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("voices")(voices)


def voices(
    days: Annotated[int, typer.Option("--days", min=1, max=180, help="Whole days, against as many before.")] = 30,
    form: Annotated[FormName, typer.Option("--format", help="What to print.")] = "text",
    with_names: Annotated[bool, typer.Option("--with-names", help="Quote with names; masked by default.")] = False,
    backend: Annotated[str | None, typer.Option("--backend", help=WRITERS_HELP)] = None,
    model: Annotated[str | None, typer.Option("--model", help=MODEL_HELP)] = None,
    seed: SeedOption = 0,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Say what customers complain about and praise, with counts, revenue, churn and quotes for each topic.

    Messages that say similar things form topics. A topic rose or fell only where chance does not explain it.
    """
    from bot.voices import hear

    with services(store, backend=backend, model=model) as built:
        _read_messages(built)
        with progress_line("voices") as show:
            report = hear(built, days=days, seed=seed, with_names=with_names, progress=show)
    if json or form == "json":
        write_json(report.as_json())
    else:
        _show(report)
    _tell(report)


def _read_messages(built: "Services") -> None:
    """Read messages that are new. Raises NotFoundError where the store holds none at all."""
    from analytics.jobs.language import read_messages
    from db.queries.reporting import inbound_messages

    with built.store.read() as session:
        if not inbound_messages(session):
            raise NotFoundError(
                "The store holds no messages of customers.",
                hint="Add some with `mainstay import messages FILE --infer`.",
            )
    with progress_line("language") as show:
        read_messages(built.store, built.understander, progress=show)


def _show(report: "VoicesReport") -> None:
    found = report.voices
    write_line(f"{found.now.start} to {found.now.end}, against {found.before.start} to {found.before.end}")
    write_line("")
    for line in textwrap.wrap(report.paragraph.text or "", WIDTH):
        write_line(line)
    for title, side in (("Complaints", found.complaints), ("Praise", found.praise)):
        write_line("")
        write_line(_headline(title, side))
        _show_topics(found, side)


def _headline(title: str, side: "SideVoice") -> str:
    trend = TRENDS[side.change.trend.value]
    loose = f"; {side.without_topic:,} in no topic" if side.without_topic else ""
    return (
        f"{title}: {side.messages:,} messages ({side.messages_before:,} before) "
        f"from {side.customers:,} customers ({side.customers_before:,} before): {trend}{loose}"
    )


def _show_topics(found: "Voices", side: "SideVoice") -> None:
    shown = [topic for topic in side.topics if topic.messages or topic.change.trend.value == "down"][:TOPICS_SHOWN]
    if not shown:
        return
    money = f"{found.currency} a month" if found.currency else "a month"
    write_line("")
    write_table(
        [
            "topic",
            "messages",
            "before",
            "customers",
            "before",
            "change",
            money,
            f"left within {found.horizon_days} days",
        ],
        [_row(topic) for topic in shown],
        right=[1, 2, 3, 4, 6],
    )
    for topic in shown:
        if topic.quotes:
            write_line("")
            write_line(f"  {topic.name}")
        for quote in topic.quotes:
            for line in textwrap.wrap(f"“{quote}”", WIDTH, initial_indent="    ", subsequent_indent="     "):
                write_line(line)


def _row(topic: "TopicVoice") -> tuple[object, ...]:
    revenue = "" if topic.monthly_revenue is None else f"{topic.monthly_revenue:,.2f}"
    return (
        topic.name,
        f"{topic.messages:,}",
        f"{topic.messages_before:,}",
        f"{topic.customers:,}",
        f"{topic.customers_before:,}",
        TRENDS[topic.change.trend.value],
        revenue,
        _left(topic),
    )


def _left(topic: "TopicVoice") -> str:
    churn = topic.churn
    if churn.rate is None:
        return f"too few to say (n = {churn.customers:,})"
    compared = COMPARED.get(churn.compared.value, "")
    return f"{churn.rate:.0%} (n = {churn.customers:,}){', ' + compared if compared else ''}"


def _tell(report: "VoicesReport") -> None:
    """What a reader should know beside the figures."""
    found = report.voices
    if not found.comparable:
        say("The messages do not reach back over the period before, so no rise or fall is named.")
    if found.churn.rate is not None:
        say(
            f"Of everybody who wrote from {found.earlier.start} to {found.earlier.end} "
            f"{found.churn.rate:.0%} left within {found.horizon_days} days (n = {found.churn.customers:,}). "
            "A topic goes along with leaving; that does not make it the cause."
        )
    sides = {"complaints": found.complaints, "praise": found.praise}
    by_reason = [name for name, side in sides.items() if side.grouped_by == "reasons" and side.messages]
    if by_reason:
        say(f"No groups were found among {' and '.join(by_reason)}; they are listed by the reason that was read.")
    if report.paragraph.fell_back:
        say(f"Approved wording stands in for the writer: {report.paragraph.problem}.")
