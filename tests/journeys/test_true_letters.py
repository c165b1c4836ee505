"""An independent reading of many letters: no figure, date, name or link that brief and decision do not hold.

This shares no code with the guard: it takes plain regular expressions to the text and asks of everything they find
that it follows from the JSON kept beside the draft.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command, Company

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DATE = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?")
LINK = re.compile(r"https?://[^\s<>]+|[\w.+-]+@[\w.-]+\w|www\.[^\s<>]+")
WORDS = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
UNITS = "per cent|percent|months?|weeks?|days?|years?|euros?"
COUNTED = re.compile(rf"\b({'|'.join(WORDS)}|half|double|twice|thirty|sixty|ninety)\s+(?:{UNITS})")
GREETING = re.compile(r"^(?:Hi|Hello|Dear|Good (?:morning|day|evening))\s+([^,\n]+),", re.MULTILINE)


def leaves(value: Any) -> Iterator[Any]:
    """Every plain value in a JSON document."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    elif value is not None:
        yield value


def known_days(brief: dict[str, Any]) -> set[date]:
    """The days that the brief names."""
    days = set()
    for value in leaves(brief):
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value[:10]):
            days.add(date.fromisoformat(value[:10]))
    return days


def known_numbers(brief: dict[str, Any]) -> set[float]:
    """The numbers that the brief names, and those that follow from its price, discount and dates."""
    found: set[float] = set()
    for value in leaves(brief):
        if isinstance(value, str):
            found |= {as_number(text) for text in NUMBER.findall(value)}
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found |= {round(float(value), 2), float(int(value))}
    decision, facts = brief["decision"], brief["facts"]
    tenure = facts.get("tenure_months")
    if tenure is not None:
        found |= {float(int(tenure) // 12), float(int(tenure) % 12)}
    price, value = facts.get("price"), decision.get("value")
    if price is not None and value is not None:
        saving = price * value / 100 if decision.get("unit") == "percent" else value
        months = decision.get("duration_months") or 1
        found |= {round(saving, 2), round(price - saving, 2), round(saving * months, 2)}
    for before, after in (("price", "price_during"), ("price", "price")):
        if decision.get(before) is not None and decision.get(after) is not None:
            found.add(round(decision[before] - decision[after], 2))
    return found


def as_number(text: str) -> float:
    """`1,234.50`, `12.` or `0142` as a number."""
    return round(float(re.sub(r"[,.](?=\d{3}\b)", "", text).replace(",", ".").strip(".") or 0), 2)


def untold(subject: str, body: str, brief: dict[str, Any]) -> list[str]:
    """What the letter says that nothing in its brief supports."""
    text = f"{subject}\n{body}"
    found: list[str] = []
    known = " ".join(str(value) for value in leaves(brief))
    found += [f"link {link}" for link in LINK.findall(text) if link.rstrip(".,)") not in known]
    words = {str(value) for value in leaves(brief) if len(str(value)) > 3 and any(map(str.isalpha, str(value)))}
    for verbatim in sorted(words, key=len, reverse=True):
        text = text.replace(verbatim, " ")
    days = known_days(brief)
    for day, month, year in DATE.findall(text):
        candidates = [one for one in days if (one.day, one.month) == (int(day), MONTHS.index(month) + 1)]
        if not any(not year or one.year == int(year) for one in candidates):
            found.append(f"date {day} {month} {year}")
    text = DATE.sub(" ", text)
    numbers = known_numbers(brief) | {float(one.year) for one in days}
    found += [f"number {number}" for number in NUMBER.findall(text) if as_number(number) not in numbers]
    for word in COUNTED.findall(text.casefold()):
        if word in WORDS and float(WORDS.index(word) + 1) not in numbers:
            found.append(f"counted {word}")
        if word not in WORDS:
            found.append(f"counted {word}")
    names = {str(brief["facts"].get(part, "")) for part in ("first_name", "last_name")}
    full = " ".join(str(brief["facts"].get(part) or "") for part in ("first_name", "last_name")).strip()
    general = {"there", "customer", "", f"customer of {brief['facts'].get('company', '')}"}
    found += [f"name {name}" for name in GREETING.findall(body) if name not in names | {full} | general]
    return found


def letters(path: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Subject, body and brief of every released letter in a store."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT subject, body, brief FROM draft WHERE state = 'needs_review'").fetchall()
    connection.close()
    return [(subject, body, json.loads(brief)) for subject, body, brief in rows]


def all_true(path: Path, at_least: int) -> None:
    read = letters(path)
    assert len(read) >= at_least
    wrong = [(*untold(*letter), letter[1]) for letter in read if untold(*letter)]
    assert wrong[:3] == []


BRIEF = {
    "facts": {"first_name": "Ada", "price": 40.0, "tenure_months": 14, "customer_since": "2025-09-01"},
    "decision": {
        "value": 20.0,
        "unit": "percent",
        "duration_months": 3,
        "price_during": 32.0,
        "valid_until": "2026-11-15",
    },
}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("20 % off for 3 months: €32 instead of €40, until 15 November 2026.", []),
        ("20 % off, which saves €8 a month and €24 in all.", []),
        ("25 % off", ["number 25"]),
        ("until 16 November 2026", ["date 16 November 2026"]),
        ("until 15 November 2027", ["date 15 November 2027"]),
        ("four months at that price", ["counted four"]),
        ("half per cent", ["counted half"]),
        ("see https://evil.example/x", ["link https://evil.example/x"]),
        ("Hi Bob,", ["name Bob"]),
        ("Hi Ada,", []),
    ],
)
def test_the_reader_itself_can_tell_true_from_untrue(said: str, wrong: list[str]) -> None:
    assert untold("Subject", said, BRIEF) == wrong


def test_the_letters_at_hand_say_only_what_their_briefs_hold(company: Company) -> None:
    all_true(company.path, 10)


@pytest.mark.slow
@pytest.mark.parametrize(("backend", "customers", "top"), [("template", 1_800, 1_000), ("embedded", 500, 150)])
def test_many_letters_say_only_what_their_briefs_hold(
    backend: str, customers: int, top: int, mainstay: Command, tmp_path: Path
) -> None:
    store = ("--store", tmp_path / "many.db")
    _fill(tmp_path / "many.db", customers)
    for command in (("train",), ("score",), ("decide",)):
        assert mainstay(*command, "--json", *store).code == 0
    drafting = ("draft", "--top", top, "--with-no-offer", "--backend", backend, "--json")
    assert mainstay(*drafting, *store).code == 0
    all_true(tmp_path / "many.db", round(0.9 * top))


def _fill(path: Path, customers: int) -> None:
    from analytics.jobs.demo import fill_demo
    from db.session import open_store

    with open_store(path) as store:
        fill_demo(store, customers=customers, seed=19)


@pytest.mark.slow
@pytest.mark.bench_data
def test_letters_to_customers_of_a_table_say_only_what_their_briefs_hold(
    public_data: Path, mainstay: Command, tmp_path: Path
) -> None:
    table = public_data / "telco_churn_ibm" / "Telco-Customer-Churn.csv"
    store = ("--store", tmp_path / "telco.db")
    assert mainstay("import", "customers", table, "--mapping", "telco", "--json", *store).code == 0
    for command in (("train",), ("score",), ("decide",)):
        assert mainstay(*command, "--json", *store).code == 0
    assert mainstay("init", "--company", "Northline Telecom", *store).code == 0
    assert mainstay("draft", "--top", 1_000, "--with-no-offer", "--json", *store).code == 0
    all_true(tmp_path / "telco.db", 900)
