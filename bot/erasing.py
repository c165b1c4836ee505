"""Forgets one customer everywhere that is ours: in the store, in what the screens remember, in the folders of jobs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.background.begin import jobs_folder
from bot.background.folder import END, LOG, OUTPUT, PROGRESS, REQUEST, all_jobs
from bot.outreach.exports import write_whole
from db.erasure import Erasure, erase_customer
from db.errors import MainstayError, NotFoundError
from db.masking import Mask
from db.queries.customers import customer_detail
from db.vocabulary import Json

if TYPE_CHECKING:
    from bot.wiring import Services

REMEMBERED = "tui.json"
"""What the terminal UI remembers between runs, in the home folder."""

COPIES = (".backup", ".before-upgrade-")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased in the store, the files in which the customer was masked, and those that still hold them."""

    erasure: Erasure
    masked: tuple[Path, ...]
    left: tuple[Path, ...]
    copies: tuple[Path, ...]

    def as_json(self) -> Json:
        """The receipt as a JSON object."""
        return {
            **self.erasure.as_json(),
            "files_masked": [str(path) for path in self.masked],
            "files_left": [str(path) for path in self.left],
            "copies": [str(path) for path in self.copies],
        }


def erase(services: "Services", customer_id: str) -> Receipt:
    """Forget a customer for good. Raises NotFoundError.

    A job that runs may write on, so that its files are not touched; neither is what cannot be written.
    """
    store, settings = services.store, services.settings
    with store.read() as session:
        found = customer_detail(session, customer_id)
    names = (found.first_name, found.last_name)
    identities = (customer_id, found.email, found.phone, " ".join(part for part in names if part) if all(names) else "")
    done = erase_customer(store, customer_id, settings.actor, services.now())
    mask = Mask(identities, done.pseudonym)
    masked, left = [], []
    for path, may_change in _files(services):
        before = _read(path)
        after = _without(mask, path, before)
        if after == before:
            continue
        try:
            if not may_change:
                raise OSError
            write_whole(path, after.encode("utf-8", "surrogateescape"), overwrite=True)
            masked.append(path)
        except (MainstayError, OSError):
            left.append(path)
    return Receipt(done, tuple(masked), tuple(left), tuple(_copies(store.path)))


def _files(services: "Services") -> Iterator[tuple[Path, bool]]:
    """The files that may name a customer, and whether they may be changed now."""
    yield services.settings.home / REMEMBERED, True
    for folder in all_jobs(jobs_folder(services.settings)):
        try:
            is_over = not folder.look().standing.live
        except NotFoundError:
            is_over = True
        for name in (REQUEST, PROGRESS, END, LOG, OUTPUT):
            yield folder.path / name, is_over


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def _without(mask: Mask, path: Path, text: str) -> str:
    """The content of a file without the customer; a document stays one."""
    if path.suffix != ".json":
        return "".join(mask.text(line) for line in text.splitlines(keepends=True))
    try:
        found = json.loads(text)
    except ValueError:
        return mask.text(text)
    after = mask.value(found)
    if isinstance(after, dict) and after.get("customer_id") == mask.pseudonym:
        after["customer_id"] = None
    return text if after == found else json.dumps(after)


def _copies(path: Path | None) -> list[Path]:
    """Backups beside the store, which an erasure does not reach."""
    if path is None:
        return []
    beside = path.parent.glob(f"{path.stem}.*")
    return sorted(one for one in beside if one != path and any(mark in one.name for mark in COPIES))
