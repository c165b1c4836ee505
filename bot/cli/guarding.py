"""`mainstay guard`: what the guard refuses, reading texts with it, and how it has ruled so far."""

import json as json_library
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.cli.lines import numbered_lines
from bot.cli.options import JsonOption, StoreOption, services
from bot.cli.output import say, write_json, write_jsonl, write_line, write_table
from db.errors import InputError

if TYPE_CHECKING:
    from db.queries.guarding import GuardCounts, GuardSummary

GroupName = Literal["rule", "backend", "channel", "day"]
COUNTS = {
    "texts": "texts",
    "first_try": "first try",
    "after_retries": "after retries",
    "approved": "approved wording",
    "withheld": "withheld",
    "tries": "tries",
    "refused": "refused",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="The guard that every draft and reply passes.", no_args_is_help=True)
    group.command("check")(check)
    group.command("rules")(rules)
    group.command("report")(report)
    app.add_typer(group, name="guard")


def check(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="JSON lines of {facts, decision, text, channel}; - is stdin."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="The same, as a flag.")] = None,
) -> None:
    """Check texts against facts and decisions; prints {verdict, findings} for each line."""
    from bot.generation.guard import check_json

    if (path is None) == (file is None):
        raise InputError("Name one file of JSON lines, or - for standard input.", hint="`mainstay guard check FILE`")
    source, refused = path or file, 0
    for number, line in numbered_lines(source):
        try:
            document = json_library.loads(line)
        except ValueError as error:
            raise InputError(f"this is not JSON: {error}", path=source, line=number) from error
        try:
            found = check_json(document)
        except InputError as error:
            raise InputError(str(error), path=source, line=number, hint=error.hint) from error
        refused += found["verdict"] == "refuse"
        write_jsonl([found])
    say(f"{refused:,} refused.")


def rules(json: JsonOption = False) -> None:
    """List every ground for which a text is refused."""
    from dataclasses import asdict

    from bot.generation.guard.rules import RULES

    if json:
        write_json([asdict(rule) for rule in RULES.values()])
    else:
        for rule in RULES.values():
            write_line(f"{rule.kind}: {rule.name}: {rule.message}")


def report(
    days: Annotated[int | None, typer.Option("--days", min=1, max=36_500, help="Only the last so many days.")] = None,
    by: Annotated[
        GroupName | None, typer.Option("--by", help="Count by this alone; by rule and by writer else.")
    ] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Say how drafts and replies fared with the guard: released, written again, replaced, withheld, and why."""
    from db.queries.guarding import guard_summary

    with services(store) as built:
        since = None if days is None else built.now() - timedelta(days=days)
        with built.store.read() as session:
            found = guard_summary(session, since)
    if json:
        write_json(_document(found, by))
        return
    if not found.total.texts:
        period = "" if days is None else f" in the last {days:,} days"
        write_line(f"The guard has read no drafts or replies{period}; `mainstay draft` writes some.")
        return
    _show_total(found.total)
    if by in (None, "rule"):
        _show_rules(found)
    if by in (None, "backend"):
        _show_groups("backend", found.backends)
    if by == "channel":
        _show_groups("channel", {channel.value: counts for channel, counts in found.channels.items()})
    if by == "day":
        _show_groups("day", {day.isoformat(): counts for day, counts in found.days.items()})


def _show_total(total: "GuardCounts") -> None:
    write_line(f"{total.texts:,} texts in {total.tries:,} tries, {total.refused:,} of them refused.")
    write_line("")
    endings = (
        ("released at the first try", total.first_try),
        ("released after retries", total.after_retries),
        ("approved wording used", total.approved),
        ("withheld", total.withheld),
    )
    rows = [(ending, f"{count:,}", f"{count / total.texts:.1%}") for ending, count in endings]
    write_table(["texts", "count", "share"], rows, right=[1, 2])


def _show_rules(found: "GuardSummary") -> None:
    write_line("")
    if not found.rules:
        write_line("Nothing was refused.")
        return
    rows = [
        (one.rule, f"{one.refusals:,}", f"{one.share:.1%}", ", ".join(f"“{claim}”" for claim in one.examples))
        for one in found.rules
    ]
    write_table(["refused for", "tries", "share", "such as"], rows, right=[1, 2])


def _show_groups(name: str, groups: "Mapping[str, GuardCounts]") -> None:
    write_line("")
    rows = [(group, *(f"{getattr(counts, key):,}" for key in COUNTS)) for group, counts in groups.items()]
    write_table([name, *COUNTS.values()], rows, right=range(1, len(COUNTS) + 1))


def _document(found: "GuardSummary", by: GroupName | None) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {
        "rule": [
            {"rule": one.rule, "refused": one.refusals, "share": one.share, "examples": one.examples}
            for one in found.rules
        ],
        "backend": [{"backend": name, **_counts(counts)} for name, counts in found.backends.items()],
        "channel": [{"channel": channel, **_counts(counts)} for channel, counts in found.channels.items()],
        "day": [{"day": day, **_counts(counts)} for day, counts in found.days.items()],
    }
    shown = ("rule", "backend") if by is None else (by,)
    return {"since": found.since, "total": _counts(found.total), **{f"by_{name}": groups[name] for name in shown}}


def _counts(counts: "GuardCounts") -> dict[str, int]:
    return {key: getattr(counts, key) for key in COUNTS}
