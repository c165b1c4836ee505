"""Export files read back to what was approved, hold no formula, overwrite nothing and stay where they belong."""

import csv
import io
import json
import mailbox
import os
import stat
from contextlib import closing
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from bot.outreach.exports import ExportFormat, export_letters, safe_cell, write_whole
from db.errors import InputError, MainstayError, StoreError
from tests.bot.outreach.letters import AT, COMPANY, letter

LETTERS = [
    letter(draft_id=1, body="Hello Ada,\n\nFrom what you wrote we learned much.\n\nBest"),
    letter(draft_id=2, name="Jürgen Großmann", email="jg@mailbox.example", subject="Grüße, “Plan” & Preis"),
    letter(draft_id=3, name='O"Neil, Kim', email="kim@inbox.example", body="line one\nFrom here on\n>From there\n"),
]

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+cmd",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "\0=1",
    "  =1",
    "\n=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "\x1b=1",
]
TRIGGERS = tuple("=+-@\t\r\0\uff1d\uff0b\uff0d\uff20")


def target_for(form: ExportFormat, folder: Path) -> Path:
    return folder / ("letters" if form is ExportFormat.EML else f"letters.{form.value}")


def cells(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_eml_files_parse_back(tmp_path: Path) -> None:
    files = export_letters(LETTERS, tmp_path / "out", ExportFormat.EML, COMPANY, AT)
    assert [path.name for path in files] == ["draft-0000001.eml", "draft-0000002.eml", "draft-0000003.eml"]
    for path, sent in zip(files, LETTERS, strict=True):
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        assert message["To"].addresses[0].addr_spec == sent.email
        assert message["Subject"] == sent.subject
        plain = message.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().replace("\r\n", "\n").startswith(sent.body.strip())


def test_an_mbox_keeps_letters_apart_though_lines_begin_with_from(tmp_path: Path) -> None:
    [path] = export_letters(LETTERS, tmp_path / "out.mbox", ExportFormat.MBOX, COMPANY, AT)
    with closing(mailbox.mbox(path)) as box:
        assert [message["X-Unsent"] for message in box] == ["1", "1", "1"]
        assert len({message["Message-ID"] for message in box}) == 3


def test_csv_and_json_lines_hold_every_part(tmp_path: Path) -> None:
    [table] = export_letters(LETTERS, tmp_path / "out.csv", ExportFormat.CSV, COMPANY, AT)
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline="")))
    [lines] = export_letters(LETTERS, tmp_path / "out.jsonl", ExportFormat.JSONL, COMPANY, AT)
    documents = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    for row, document, sent in zip(rows, documents, LETTERS, strict=True):
        assert (row["draft_id"], row["email"], row["name"]) == (str(sent.draft_id), sent.email, sent.name)
        assert row["body"] == sent.body.strip()
        assert document["body"] == sent.body
        assert document["subject"] == row["subject"] == sent.subject


def test_listmonk_subscribers_carry_the_text_as_attributes(tmp_path: Path) -> None:
    [path] = export_letters(LETTERS, tmp_path / "out.csv", ExportFormat.LISTMONK, COMPANY, AT)
    header, *rows = cells(path.read_bytes())
    assert header == ["email", "name", "attributes"]
    for row, sent in zip(rows, LETTERS, strict=True):
        assert row[:2] == [sent.email, sent.name]
        assert json.loads(row[2]) == {"subject": sent.subject, "body": sent.body, "customer_id": "C1"}


@pytest.mark.parametrize("payload", FORMULAS, ids=ascii)
@pytest.mark.parametrize("form", [ExportFormat.CSV, ExportFormat.LISTMONK])
def test_no_cell_is_run_as_a_formula(form: ExportFormat, payload: str, tmp_path: Path) -> None:
    hostile = letter(name=payload, subject=payload, body=payload, preheader=payload, customer_id=payload)
    [path] = export_letters([hostile], target_for(form, tmp_path), form, COMPANY, AT)
    text = [cell for row in cells(path.read_bytes()) for cell in row]
    assert [cell for cell in text if cell.lstrip().startswith(TRIGGERS) or cell.startswith(TRIGGERS)] == []


@pytest.mark.parametrize("payload", ["=1+1", "@x", "plain", "it's", ""])
def test_a_defused_cell_keeps_its_text(payload: str) -> None:
    assert safe_cell(payload).removeprefix("'") == payload.removeprefix("'")


@pytest.mark.parametrize("form", list(ExportFormat))
def test_files_are_for_their_owner_only_and_leave_no_scraps(form: ExportFormat, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    files = export_letters(LETTERS, target_for(form, folder), form, COMPANY, AT)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == sorted(files)


@pytest.mark.parametrize("form", list(ExportFormat))
def test_nothing_is_overwritten_unless_asked(form: ExportFormat, tmp_path: Path) -> None:
    target = target_for(form, tmp_path)
    [first, *_] = export_letters(LETTERS, target, form, COMPANY, AT)
    first.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        export_letters(LETTERS, target, form, COMPANY, AT)
    assert first.read_text(encoding="utf-8") == "mine"
    export_letters(LETTERS, target, form, COMPANY, AT, overwrite=True)
    assert first.read_bytes() != b"mine"


def test_an_eml_export_that_would_overwrite_writes_nothing_at_all(tmp_path: Path) -> None:
    (tmp_path / "draft-0000003.eml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        export_letters(LETTERS, tmp_path, ExportFormat.EML, COMPANY, AT)
    assert [path.name for path in tmp_path.iterdir()] == ["draft-0000003.eml"]


@pytest.mark.parametrize("hostile", ["../../escape", "/etc/passwd", "a\0b", "CON", "x" * 300, "‥/x"], ids=ascii)
def test_no_name_or_customer_id_chooses_the_path(hostile: str, tmp_path: Path) -> None:
    folder = tmp_path / "inner" / "out"
    sent = letter(name=hostile, customer_id=hostile, subject=hostile)
    files = export_letters([sent], folder, ExportFormat.EML, COMPANY, AT)
    assert files == [folder / "draft-0000001.eml"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == files


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_link_is_not_followed(overwrite: bool, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    link = tmp_path / "out.csv"
    link.symlink_to(victim)
    with pytest.raises(InputError, match="exists already"):
        export_letters(LETTERS, link, ExportFormat.CSV, COMPANY, AT, overwrite=overwrite)
    assert victim.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("form", list(ExportFormat))
def test_one_bad_address_lets_no_file_out(form: ExportFormat, tmp_path: Path) -> None:
    bad = letter(draft_id=9, email="ada@mailbox.example, eve@evil.example")
    with pytest.raises(MainstayError, match="address cannot be used"):
        export_letters([*LETTERS, bad], target_for(form, tmp_path), form, COMPANY, AT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="could not be written"):
        write_whole(tmp_path / "x", b"", overwrite=False)


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="could not be written"):
        write_whole(tmp_path / "file" / "x", b"", overwrite=False)


def test_a_full_disk_leaves_no_part_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_whole(tmp_path / "x", b"abc", overwrite=False)
    assert list(tmp_path.iterdir()) == []
