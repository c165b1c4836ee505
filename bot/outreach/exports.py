"""Export files for approved drafts: .eml files, one mbox, CSV, JSON lines, listmonk subscribers.

Files are written aside and renamed when whole, readable by their owner only, and never over an existing file
unless asked. Cells that a spreadsheet would run as a formula are defused.
"""

import csv
import io
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.outreach.messages import Letter, address_of, build_message, clean_body
from db.errors import InputError, StoreError
from db.vocabulary import CompanyProfile


class ExportFormat(StrEnum):
    """What approved drafts can be written as."""

    EML = "eml"
    MBOX = "mbox"
    CSV = "csv"
    JSONL = "jsonl"
    LISTMONK = "listmonk"


_FORMULA = re.compile("^[\\s]*[=+\\-@\t\r\0\uff1d\uff0b\uff0d\uff20]")


def export_letters(
    letters: Sequence[Letter],
    target: Path,
    form: ExportFormat,
    company: CompanyProfile,
    at: datetime,
    *,
    overwrite: bool = False,
) -> list[Path]:
    """Write letters to `target` (a folder for .eml, else a file); returns the files written.

    Raises InputError for an address or target that cannot be used, StoreError when the disk refuses.
    """
    for letter in letters:
        address_of(letter.name, letter.email)
    if form is ExportFormat.EML:
        return _eml_files(letters, target, company, at, overwrite=overwrite)
    writers: dict[ExportFormat, Callable[[], bytes]] = {
        ExportFormat.MBOX: lambda: _mbox(letters, company, at),
        ExportFormat.CSV: lambda: _csv(letters),
        ExportFormat.JSONL: lambda: _jsonl(letters),
        ExportFormat.LISTMONK: lambda: _listmonk(letters),
    }
    return [write_whole(target, writers[form](), overwrite=overwrite)]


def write_whole(target: Path, content: bytes, *, overwrite: bool) -> Path:
    """Write a file so that it is there whole or not at all, mode 0600."""
    _refuse_existing(target, overwrite=overwrite)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StoreError(f"{target} could not be written: {error.strerror}.", hint="Check the folder and space.") from (
            error
        )
    return target


def _refuse_existing(target: Path, *, overwrite: bool) -> None:
    if target.is_dir() or target.is_symlink() or (target.exists() and not overwrite):
        raise InputError(f"{target} exists already.", hint="Give another path, or --overwrite.")


def safe_cell(value: str) -> str:
    """A text cell that no spreadsheet runs as a formula."""
    return f"'{value}" if _FORMULA.match(value) else value


def _eml_files(
    letters: Iterable[Letter], folder: Path, company: CompanyProfile, at: datetime, *, overwrite: bool
) -> list[Path]:
    built = [(folder / f"draft-{letter.draft_id:07d}.eml", build_message(letter, company, at)) for letter in letters]
    for path, _ in built:
        _refuse_existing(path, overwrite=overwrite)
    written: list[Path] = []
    try:
        for path, message in built:
            written.append(write_whole(path, message.as_bytes(), overwrite=overwrite))
    except StoreError:
        # What lies in the folder would be sent though the store does not count it as handed over.
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def _mbox(letters: Iterable[Letter], company: CompanyProfile, at: datetime) -> bytes:
    """mboxrd: lines that begin with any number of > and `From ` get one more >."""
    stamp = time.asctime(at.utctimetuple()).encode()
    parts = []
    for letter in letters:
        raw = build_message(letter, company, at).as_bytes().replace(b"\r\n", b"\n")
        escaped = re.sub(rb"(?m)^(>*From )", rb">\1", raw)
        parts.append(b"From MAILER-DAEMON " + stamp + b"\n" + escaped.rstrip(b"\n") + b"\n\n")
    return b"".join(parts)


def _csv(letters: Iterable[Letter]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["draft_id", "customer_id", "name", "email", "subject", "preheader", "body"])
    for letter in letters:
        texts = (letter.customer_id, letter.name, letter.email, letter.subject, letter.preheader or "", letter.body)
        writer.writerow([letter.draft_id, *(safe_cell(clean_body(text)) for text in texts)])
    return out.getvalue().encode("utf-8-sig")


def _jsonl(letters: Iterable[Letter]) -> bytes:
    lines = (
        json.dumps(
            {
                "draft_id": letter.draft_id,
                "customer_id": letter.customer_id,
                "name": letter.name,
                "email": letter.email,
                "subject": letter.subject,
                "preheader": letter.preheader,
                "body": letter.body,
            },
            ensure_ascii=False,
        )
        for letter in letters
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _listmonk(letters: Iterable[Letter]) -> bytes:
    """Subscribers with the text as attributes, for a template that prints `.Subscriber.Attribs.body`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["email", "name", "attributes"])
    for letter in letters:
        attributes = {"subject": letter.subject, "body": letter.body, "customer_id": letter.customer_id}
        writer.writerow(
            [safe_cell(letter.email), safe_cell(clean_body(letter.name)), json.dumps(attributes, ensure_ascii=False)]
        )
    return out.getvalue().encode()
