"""Long work that a screen may begin in the background, as the command lines it stands for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.tui.keynames import keyed
from db.errors import InputError

NEEDS_CUSTOMERS = frozenset({"forecast", "decide", "draft", "report"})
MOST_LETTERS = 100_000
MOST_CUSTOMERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Errand:
    """Work ready to begin: a kind of one word, a title for people, its command lines."""

    kind: str
    title: str
    steps: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """Work that can be chosen: what it is called, what has to be asked first, and how the answer becomes work."""

    name: str
    title: str
    build: Callable[[str], Errand]
    question: str = ""
    value: str = ""
    help_text: str = ""


def forecast(_: str = "") -> Errand:
    """Read, train, score and decide; a step whose data did not change is not done again."""
    return Errand("forecast", "Forecast anew", (("train",), ("score",), ("decide",)))


def decide(_: str = "") -> Errand:
    """Decide anew for everyone on the newest scores."""
    return Errand("decide", "Decide anew", (("decide",),))


def letters(answer: str) -> Errand:
    """Draft so many letters."""
    count = _number(answer, MOST_LETTERS, "letters", "20")
    return Errand("draft", f"Draft {count:,} letters", (("draft", "--top", str(count)),))


def report(form: str) -> Errand:
    """Write the churn report into the exports folder."""
    chosen = form.strip().lower() or "html"
    if chosen not in ("html", "xlsx"):
        raise InputError(f"A report cannot be written as {chosen!r}.", hint="Choose html or xlsx.")
    return Errand("report", f"Write the report as {chosen}", (("report", "--format", chosen),))


def simulate(answer: str) -> Errand:
    """Play retention policies on a company whose true effects are known."""
    months = _number(answer, 240, "months", "24")
    command = ("simulate", "--months", str(months), "--jobs", "1")
    return Errand("simulate", f"Play policies for {months} months", (command,))


def demo(answer: str) -> Errand:
    """Fill the store with the demo company and do everything once."""
    count = max(50, _number(answer, MOST_CUSTOMERS, "customers", "2000"))
    return Errand("demo", f"Demo company of {count:,}", (("demo", "--no-tui", "--customers", str(count)),))


def check(errand: Errand, *, filling: bool, live: Iterable[str]) -> None:
    """Raises InputError where an errand can only fail: nobody is there yet, somebody is there, or it is under way."""
    if filling and errand.kind in NEEDS_CUSTOMERS:
        raise InputError(
            "There are no customers yet.",
            hint=keyed("Press {0=app.go-today} for the ways to begin: import, or a demo."),
        )
    if errand.kind == "demo" and not filling:
        raise InputError(
            "This store holds customers; the demo company needs an empty one.",
            hint="`mainstay demo` makes a store of its own for it.",
        )
    if errand.kind == "demo" and "demo" in live:
        raise InputError(
            "The demo company is being built already.", hint=keyed("Press {6=app.go-jobs} to see how far it is.")
        )


def imported(kind: str) -> Callable[[str], Errand]:
    """How a file of this kind is imported; what its columns mean is inferred."""

    def build(answer: str) -> Errand:
        path = Path(answer.strip()).expanduser()
        if not answer.strip() or not path.is_file():
            raise InputError(
                f"There is no file {str(path)!r}.", hint="Give the path of a CSV, Excel, Parquet or SQLite file."
            )
        command = ("import", kind, str(path.resolve()), "--infer", "--yes")
        return Errand("import", f"Import {kind} from {path.name}", (command,))

    return build


def _number(answer: str, most: int, what: str, such_as: str) -> int:
    text = answer.strip().replace(",", "")
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= most:
        raise InputError(f"{answer.strip()!r} is not a number of {what}.", hint=f"Such as {such_as}.")
    return int(text)


BEST_FIRST = "Those whose offers are worth most come first; nobody gets two open letters."
FILE_HELP = "What its columns mean is inferred. To say it yourself: `mainstay import … --mapping FILE`."
OFFERED = (
    Offered("forecast", "Read messages, train, score and decide", forecast),
    Offered("letters", "Draft letters", letters, "How many letters?", "20", BEST_FIRST),
    Offered("report", "Write the churn report", report, "As html or xlsx?", "html", "No customer is named in it."),
    *(
        Offered(f"import-{kind}", f"Import {kind}", imported(kind), f"Which file holds the {kind}?", "", FILE_HELP)
        for kind in ("customers", "messages", "events")
    ),
    Offered("decide", "Decide anew for everyone", decide),
    Offered("simulate", "Play policies on a company with known truth", simulate, "How many months?", "24"),
    Offered("demo", "Fill this store with the demo company", demo, "How many customers?", "2000"),
)


def offered(*, filling: bool) -> tuple[Offered, ...]:
    """What can be chosen: only an empty store takes the demo company, and nothing is forecast in it."""
    empty = ("import-customers", "demo", "simulate")
    return tuple(one for one in OFFERED if (one.name in empty if filling else one.name != "demo"))
