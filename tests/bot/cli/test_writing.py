"""`mainstay evaluate writing` from the command line, with the writer that needs nothing."""

from pathlib import Path

from tests.conftest import Command, Company


def test_held_out_briefs_need_no_store(mainstay: Command, own_home: Path, tmp_path: Path) -> None:
    page = tmp_path / "drafts.html"
    ran = mainstay(
        "evaluate", "writing", "--held-out", 12, "--backend", "template", "--seed", 3, "--html", page, "--json"
    )
    assert ran.code == 0
    found = ran.json
    assert found["source"] == "held-out briefs"
    assert (found["briefs"]["n"], found["seed"]) == (12, 3)
    (writer,) = found["writers"]
    assert writer["backend"] == "template"
    assert writer["first_try"]["n"] == 12
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert page.stat().st_mode & 0o077 == 0
    assert not list(own_home.glob("*.db"))


def test_customers_of_a_store(mainstay: Command, company: Company) -> None:
    ran = mainstay("evaluate", "writing", "--briefs", 4, "--backend", "template", "--store", company.location)
    assert ran.code == 0
    assert ran.out.startswith("4 customers of the store: 4 e-mails, 0 chat replies")
    assert "released at first try" in ran.out


def test_what_cannot_be_done_is_said_before_the_work(mainstay: Command, tmp_path: Path) -> None:
    blind, key = tmp_path / "pairs.jsonl", tmp_path / "key.jsonl"
    writing = ("evaluate", "writing")
    for flags, words in (
        (("--blind", blind), "--blind and --key"),
        (("--blind", blind, "--key", key, "--backend", "template"), "two backends"),
        (("--blind", blind, "--key", blind, "--backend", "template", "--backend", "transformers"), "a file each"),
        (("--held-out", 5, "--briefs", 5), "Give one of them"),
        (("--held-out", 5, "--backend", "nobody"), "no writer 'nobody'"),
    ):
        ran = mainstay(*writing, *flags)
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err
    assert not list(tmp_path.glob("*.jsonl"))
