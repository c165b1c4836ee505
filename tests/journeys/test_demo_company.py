"""A first look: one command fills, forecasts, decides, drafts and reports; a second run does nothing again."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Command, Company


def row_counts(path: Path) -> dict[str, int]:
    """How many rows each table of a store holds, read without any of our code."""
    connection = sqlite3.connect(path)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    connection.close()
    return counts


@pytest.mark.slow
def test_the_demo_runs_in_a_fresh_home_and_again_without_anything_new(mainstay: Command, own_home: Path) -> None:
    pytest.importorskip("bot.reporting")
    first = mainstay("demo", "--no-tui", "--customers", 300, "--json")
    assert first.code == 0, first.err
    document = first.json
    store = Path(document["store"])
    assert store == own_home / "demo.db"
    before = row_counts(store)
    assert before["customer"] == document["customers"] == 300
    assert before["draft"] == document["draft"]["drafted"] > 0
    assert Path(document["report"]).stat().st_size < 1_000_000

    second = mainstay("demo", "--no-tui", "--customers", 300)
    assert second.code == 0, second.err
    after = row_counts(store)
    # Training again is a new model version by intent; nothing that people see may double.
    assert {name: after[name] for name in ("customer", "event", "message", "draft")} == {
        name: before[name] for name in ("customer", "event", "message", "draft")
    }
    for figure in (f"{document['train']['auc']:.3f}", f"{document['messages']:,}", "Most at risk:", "Subject: "):
        assert figure in second.out
    # People read the offers' names; the codes are for catalogues and tables.
    for code, count in document["decide"]["offers"].items():
        assert code == "none" or code not in second.out, (code, count)


def test_every_step_repeated_on_the_same_data_adds_nothing(company: Company, mainstay: Command) -> None:
    store = ("--store", company.path)
    before = row_counts(company.path)
    assert mainstay("score", "--json", *store).json["repeated"] is True
    assert mainstay("decide", "--json", *store).json["repeated"] is True
    drafted = mainstay("draft", "--top", 12, "--json", *store).json
    assert (drafted["drafted"], drafted["new"]) == (12, 0)
    assert row_counts(company.path) == before


def test_commands_for_a_first_look_speak_of_the_same_customer(company: Company, mainstay: Command) -> None:
    store = ("--store", company.path)
    top = mainstay("score", "--top", 1, "--json", *store).json["customers"][0]
    explained = mainstay("explain", top["customer_id"], "--json", *store).json
    assert explained["churn_probability"] == top["churn_probability"]
    assert [reason["sentence"] for reason in explained["reasons"]] == top["reasons"]
    shown = mainstay("explain", top["customer_id"], *store).out
    assert top["name"] in shown
    assert f"{top['churn_probability']:.0%} will leave" in shown
    measured = mainstay("evaluate", "churn", "--dates", 0, "--json", *store).json
    assert measured["model_id"] == explained["model_id"] or measured["model_id"].endswith(explained["model_id"])


def test_the_chain_from_review_to_hand_over(company: Company, mainstay: Command, tmp_path: Path) -> None:
    store = ("--store", company.path)
    first, second, third, *_ = mainstay("drafts", "list", "--json", *store).json
    assert mainstay("drafts", "approve", first["id"], second["id"], *store).code == 0
    assert mainstay("drafts", "reject", third["id"], "--reason", "too soon", *store).code == 0
    edited = mainstay("drafts", "edit", second["id"], "--subject", "A letter about you and your plan", "--json", *store)
    assert (edited.code, edited.json["guard"]) == (0, "release")
    refused = mainstay("drafts", "edit", first["id"], "--subject", "90% off for 12 months", "--json", *store)
    assert (refused.code, refused.json["guard"]) == (5, "refuse")
    assert refused.json["findings"]
    blocked = mainstay("drafts", "approve", first["id"], *store)
    assert (blocked.code, blocked.out) == (5, "")
    assert mainstay("drafts", "undo", first["id"], *store).code == 0
    noon = datetime.fromisoformat(first["brief"]["facts"]["today"]) + timedelta(days=1, hours=12)
    exported = mainstay("drafts", "export", "--send-at", noon, "--json", "-o", tmp_path / "out", *store)
    assert (exported.code, exported.json["exported"]) == (0, [first["id"]])
    history = mainstay("drafts", "show", first["id"], "--json", *store).json["history"]
    assert [step["to"] for step in history] == ["approved", "needs_review", "approved", "exported"]
