"""A flag does what it says or the command says why not; line numbers are those of the file."""

import json
from pathlib import Path

import pytest

from bot.settings import without_password
from tests.conftest import Command, Company


def test_a_store_named_before_the_command_is_refused(mainstay: Command) -> None:
    ran = mainstay("--store", "other.db", "db", "path")
    assert (ran.code, ran.out) == (2, "")
    assert "--store comes after the command" in ran.err


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("postgresql://kim:se@c:ret@host/db", "postgresql://kim:***@host/db"),
        ("postgresql+psycopg://kim@host:5432/db", "postgresql+psycopg://kim@host:5432/db"),
        ("/home/kim/a:b@c.db", "/home/kim/a:b@c.db"),
    ],
)
def test_a_password_is_never_shown(mainstay: Command, location: str, shown: str) -> None:
    assert without_password(location) == shown
    assert mainstay("db", "path", "--store", location).out.strip() == shown
    assert mainstay("config", "show", "--json", "--store", location).json["store"] == {"value": shown, "origin": "flag"}


def test_blank_lines_and_a_byte_order_mark_do_not_move_line_numbers(mainstay: Command, tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    good = json.dumps({"facts": {}, "decision": {"offer_type": "none"}, "text": "Hello.", "channel": "chat"})
    path.write_text(f"\ufeff{good}\n\n\n{{bad\n", encoding="utf-8")
    ran = mainstay("guard", "check", "--file", path)
    assert ran.code == 2
    assert "line 4" in ran.err
    assert ran.out.count("verdict") == 1


def test_a_report_in_a_file_leaves_one_json_document_on_stdout(
    mainstay: Command, company: Company, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    ran = mainstay("report", "--format", "html", "-o", path, "--json", "--store", company.location)
    assert ran.json == {"path": str(path), "format": "html", "with_names": False}
    assert path.read_bytes().startswith(b"<!")
    again = mainstay("report", "--format", "html", "-o", path, "--no-overwrite", "--store", company.location)
    assert again.code == 2
