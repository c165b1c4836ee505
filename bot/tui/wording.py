"""How values look on a screen: text without characters a terminal would obey, money, bars, moods, risk in words."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from db.vocabulary import DraftState, RiskBand, Sentiment

FORBIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
"""Unicode categories that can move the cursor, recolour, reorder or hide what follows."""

BLOCKS = " ▏▎▍▌▋▊▉█"

BAND_WORDS = {RiskBand.HIGH: "HIGH", RiskBand.MEDIUM: "MED", RiskBand.LOW: "LOW"}
BAND_STYLES = {RiskBand.HIGH: "bold $text-error", RiskBand.MEDIUM: "$text-warning", RiskBand.LOW: "$text-success"}
MOOD_WORDS = {Sentiment.NEGATIVE: "unhappy", Sentiment.NEUTRAL: "neutral", Sentiment.POSITIVE: "happy"}
MOOD_SIGNS = {Sentiment.NEGATIVE: "▼", Sentiment.NEUTRAL: "●", Sentiment.POSITIVE: "▲"}
MOOD_STYLES = {Sentiment.NEGATIVE: "$text-error", Sentiment.NEUTRAL: "$quiet", Sentiment.POSITIVE: "$text-success"}
STATE_WORDS = {
    DraftState.NEEDS_REVIEW: "to review",
    DraftState.APPROVED: "approved",
    DraftState.REJECTED: "rejected",
    DraftState.EXPORTED: "exported",
    DraftState.WITHHELD: "withheld",
}
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF ", "INR": "₹"}


def clean(text: object) -> str:
    """Text that a terminal only shows: control, formatting, private and unassigned characters become U+FFFD."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in FORBIDDEN else "\ufffd" for char in str(text)
    )


def one_line(text: object) -> str:
    """Clean text on a single line."""
    return " ".join(clean(text).split())


def clip(text: str, width: int, *, right: bool = False) -> str:
    """Text in exactly `width` terminal cells, cut with an ellipsis; wide characters count twice."""
    size = cell_len(text)
    if size > width:
        text = set_cell_size(text, max(0, width - 1)).rstrip() + "…"
        size = cell_len(text)
    return " " * (width - size) + text if right else text + " " * (width - size)


def bar(share: float, width: int) -> str:
    """A bar of eighth blocks filled to `share` (0..1), `width` cells long."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (BLOCKS[rest] if rest else "")).ljust(width)


def money(amount: float | None, currency: str | None = None, *, cents: bool = False) -> str:
    """An amount as people read it; empty where it is unknown."""
    if amount is None:
        return ""
    number = f"{amount:,.2f}" if cents else f"{amount:,.0f}"
    if not currency:
        return number
    sign = SYMBOLS.get(currency)
    return f"{sign}{number}" if sign else f"{number} {one_line(currency)}"


def percent(share: float | None) -> str:
    """A share as whole per cent; empty where it is unknown."""
    return "" if share is None else f"{share:.0%}"


def day(value: date | datetime | None) -> str:
    """A date as people read it; empty where it is unknown."""
    return "" if value is None else f"{value.day} {value:%b %Y}"


def span(seconds: float) -> str:
    """A span of time as people say it."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60:02d} s" if whole < 5400 else f"{whole // 3600} h {whole // 60 % 60:02d} min"


def words(name: str | None) -> str:
    """A code name in words: `plan_change` becomes `plan change`."""
    return "" if name is None else one_line(name).replace("_", " ")


def offer(code: str, names: Mapping[str, str]) -> str:
    """What the catalogue calls an offer; the words of its code where no catalogue knows it."""
    return one_line(names.get(code) or words(code).replace("-", " "))


def risk(band: RiskBand | None, probability: float | None, width: int = 10) -> Content:
    """Risk as a bar, a figure and a word."""
    if band is None or probability is None:
        return Content("not scored")
    text = f"{bar(probability, width)} {probability:.0%} {BAND_WORDS[band]}"
    return Content.styled(text, BAND_STYLES[band])


def lines(parts: Iterable[Content | str]) -> Content:
    """Parts under each other."""
    return Content("\n").join(list(parts))


def hang(head: Content, text: str, width: int) -> Content:
    """Text after a head, wrapped to `width` cells with its further lines under its first word."""
    indent = head.cell_length
    wrapped = Content(text).wrap(max(12, width - indent))
    return head + Content("\n" + " " * indent).join(wrapped)


def wrap(text: str, width: int) -> list[str]:
    """Clean text in lines of at most `width` cells; plain ASCII, which most text is, the short way."""
    found: list[str] = []
    for line in text.expandtabs(4).split("\n"):
        if line.isascii():
            found += _wrap_ascii(line, width)
        else:
            found += [part.plain for part in Content(line).wrap(width)] or [""]
    return found


def _wrap_ascii(line: str, width: int) -> list[str]:
    found: list[str] = []
    while len(line) > width:
        at = line.rfind(" ", 1, width + 1)
        if at > 0:
            found.append(line[:at])
            line = line[at + 1 :]
        else:
            found.append(line[:width])
            line = line[width:]
    return [*found, line]


def heading(text: str) -> Content:
    """A heading inside a panel."""
    return Content.styled(text, "bold $text-accent")


def facts(pairs: Iterable[tuple[str, str | Content]], width: int = 14, room: int = 0) -> Content:
    """Names and values in two columns; pairs without a value are left out. `room` is where values wrap, 0 nowhere."""
    rows = []
    for name, value in pairs:
        if value:
            head = Content.assemble((clip(name, width), "$quiet"), " ")
            shown = value if isinstance(value, Content) else Content(clean(value))
            rows.append(hang(head, shown.plain, room) if room and isinstance(value, str) else head + shown)
    return lines(rows)


def iso_day(text: object) -> str:
    """An ISO date as people read it, and anything else as it is."""
    try:
        return day(date.fromisoformat(str(text)[:10]))
    except ValueError:
        return one_line(text)
