"""`mainstay guard`: what was released, written again, replaced and withheld, why, and texts read at once."""

import io
import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from db.repositories.guard_verdicts import GuardVerdictRepository, NewVerdict
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import Channel, GuardOutcome
from tests.conftest import NOW, Command, Company

RELEASE, REFUSE, FELL_BACK, WITHHELD = GuardOutcome
GOOD = json.dumps({"facts": {}, "decision": {"offer_type": "none"}, "text": "Hello.", "channel": "chat"})


@pytest.fixture
def filled(store: Store) -> str:
    """The address of a store whose clock stands at NOW, with five texts."""
    with store.write() as session:
        SettingsRepository(session).set_today(NOW.date())
        verdicts = GuardVerdictRepository(session)
        verdicts.add_many([NewVerdict(Channel.CHAT, "template", 1, RELEASE)], NOW - timedelta(days=40))
        verdicts.add_many(
            [
                NewVerdict(Channel.EMAIL, "scripted", 1, RELEASE),
                NewVerdict(Channel.EMAIL, "scripted", 1, REFUSE, (("percent", "90%\x1b[31m"), ("free", "free"))),
                NewVerdict(Channel.EMAIL, "scripted", 2, RELEASE),
                NewVerdict(Channel.EMAIL, "scripted", 1, REFUSE, (("percent", "80%"),)),
                NewVerdict(Channel.EMAIL, "template", 2, FELL_BACK),
                NewVerdict(Channel.EMAIL, "template", 1, WITHHELD, (("percent", "70%"),)),
            ],
            NOW - timedelta(days=2),
        )
    return str(store.path)


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_an_empty_store_gets_a_sentence(mainstay: Command, store: Store) -> None:
    ran = mainstay("guard", "report", "--store", store.path)
    assert (ran.code, ran.out.count("\n")) == (0, 1)
    assert "has read no drafts or replies;" in ran.out
    assert "in the last 7 days" in mainstay("guard", "report", "--days", 7, "--store", store.path).out
    found = mainstay("guard", "report", "--json", "--store", store.path).json
    assert (found["total"]["texts"], found["by_rule"], found["by_backend"]) == (0, [], [])


def test_the_report_counts_endings_rules_and_writers(mainstay: Command, filled: str) -> None:
    ran = mainstay("guard", "report", "--store", filled)
    assert ran.code == 0
    assert "5 texts in 7 tries, 3 of them refused." in ran.out
    assert "\x1b" not in ran.out
    rows = lines(ran.out)
    for row in (
        "released at the first try 2 40.0%",
        "released after retries 1 20.0%",
        "approved wording used 1 20.0%",
        "withheld 1 20.0%",
        "free 1 33.3% “free”",
        "scripted 2 1 1 0 0 4 2",
        "template 3 1 0 1 1 3 1",
    ):
        assert row.split() in rows
    assert ["percent", "3", "100.0%", "“70%”,", "“80%”,", "“90%\ufffd[31m”"] in rows


@pytest.mark.parametrize(
    ("by", "row", "others"),
    [
        ("rule", "percent 3 100.0%", ["scripted", "email"]),
        ("backend", "scripted 2 1 1 0 0 4 2", ["percent", "email"]),
        ("channel", "email 4 1 1 1 1 6 3", ["percent", "scripted"]),
        ("day", "2026-10-30 4 1 1 1 1 6 3", ["percent", "scripted", "email"]),
    ],
)
def test_the_report_can_be_counted_by_one_thing(
    by: str, row: str, others: list[str], mainstay: Command, filled: str
) -> None:
    ran = mainstay("guard", "report", "--by", by, "--store", filled)
    assert any(" ".join(words).startswith(row) for words in lines(ran.out))
    assert not any(words and words[0] in others for words in lines(ran.out))
    assert set(mainstay("guard", "report", "--by", by, "--json", "--store", filled).json) == {
        "since",
        "total",
        f"by_{by}",
    }


def test_json_holds_the_same_numbers(mainstay: Command, filled: str) -> None:
    found = mainstay("guard", "report", "--json", "--store", filled).json
    assert found["since"] is None
    assert found["total"] == {
        "texts": 5, "first_try": 2, "after_retries": 1, "approved": 1, "withheld": 1, "tries": 7, "refused": 3,
    }  # fmt: skip
    assert [(one["rule"], one["refused"]) for one in found["by_rule"]] == [("percent", 3), ("free", 1)]
    assert found["by_rule"][0]["examples"] == ["70%", "80%", "90%\x1b[31m"]
    assert [(one["backend"], one["tries"]) for one in found["by_backend"]] == [("scripted", 4), ("template", 3)]


def test_days_look_back_from_the_clock_of_the_store(mainstay: Command, filled: str) -> None:
    def texts(days: int) -> int:
        return int(mainstay("guard", "report", "--days", days, "--json", "--store", filled).json["total"]["texts"])

    assert [texts(1), texts(3), texts(60)] == [0, 4, 5]
    assert mainstay("guard", "report", "--days", 0, "--store", filled).code == 2
    assert mainstay("guard", "report", "--by", "mood", "--store", filled).code == 2


def test_a_company_that_wrote_letters_can_count_them(mainstay: Command, company: Company) -> None:
    found = mainstay("guard", "report", "--json", "--store", company.location).json
    drafts = mainstay("drafts", "list", "--json", "--store", company.location).json
    assert found["total"]["texts"] == len(drafts) > 0


def test_texts_are_read_from_a_file_a_flag_or_a_pipe(
    mainstay: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(GOOD + "\n", encoding="utf-8")
    read = [mainstay("guard", "check", path), mainstay("guard", "check", "--file", path)]
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(GOOD.encode())))
    read.append(mainstay("guard", "check", "-"))
    assert [ran.json["verdict"] for ran in read] == ["release"] * 3


def test_one_file_must_be_named(mainstay: Command, tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(GOOD + "\n", encoding="utf-8")
    for arguments in ((), (path, "--file", path)):
        ran = mainstay("guard", "check", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert "Name one file" in ran.err
