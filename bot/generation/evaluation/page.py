"""The drafts of several writers side by side as one self-contained page without scripts or requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.generation.brief import Brief
from bot.generation.evaluation.plain import in_plain_words
from bot.generation.evaluation.runs import Run
from bot.generation.evaluation.table import figure_rows
from bot.generation.writer import Text
from db.vocabulary import Channel, Json

DRAFTS = 40
"""How many briefs the page shows, e-mails and chat replies by turns."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one writer made of a brief, as the page says it."""

    backend: str
    text: str
    verdict: str
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A brief with what each writer made of it."""

    number: int
    title: str
    brief: list[str]
    sides: list[Side]


def render_page(runs: Sequence[Run], document: Json, drafts: int = DRAFTS) -> str:
    """The page: the figures of `document`, then drafts for the same briefs side by side. All text is escaped."""
    environment = Environment(
        loader=PackageLoader("bot.generation.evaluation", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "".join(
        files(package).joinpath(f"templates/{name}").read_text(encoding="utf-8")
        for package, name in (("analytics.reports", "report.css"), ("bot.generation.evaluation", "drafts.css"))
    )
    return environment.get_template("drafts.html.j2").render(
        style=Markup(style),
        document=document,
        backends=[run.backend for run in runs],
        figures=figure_rows(document["writers"]),
        entries=[_entry(place, runs) for place in _shown(runs[0].briefs, drafts)],
    )


def _shown(briefs: Sequence[Brief], drafts: int) -> list[int]:
    """The first briefs of each channel, by turns."""
    emails = [place for place, brief in enumerate(briefs) if brief.channel is Channel.EMAIL]
    others = [place for place, brief in enumerate(briefs) if brief.channel is not Channel.EMAIL]
    half = max(drafts - len(others), drafts - drafts // 2)
    chosen = emails[:half]
    return sorted([*chosen, *others[: drafts - len(chosen)]])


def _entry(place: int, runs: Sequence[Run]) -> Entry:
    brief = runs[0].briefs[place]
    act = (brief.dialogue_act or "reply").replace("_", " ")
    title = "E-mail" if brief.channel is Channel.EMAIL else f"Chat: {act}"
    return Entry(place + 1, title, in_plain_words(brief), [_side(run.backend, run.texts[place]) for run in runs])


def _side(backend: str, text: Text) -> Side:
    tries = f"{text.attempts} {'try' if text.attempts == 1 else 'tries'}"
    if text.text is None:
        verdict = f"nothing released after {tries}"
    elif text.fell_back:
        verdict = f"approved wording stands in after {tries}"
    else:
        verdict = f"released after {tries}"
    refused = tuple(f"{finding.rule}: {finding.message}" for report in text.refused for finding in report.findings)
    return Side(backend, text.text or "", f"{verdict}; {text.problem}" if text.problem else verdict, refused)
